import type { Machine } from '../interpreter/machine.ts';
import { machineTrap } from '../interpreter/trap.ts';
import { type Box, resolve } from '../values/box.ts';
import { makeOwned, moveInto } from '../values/copy.ts';
import { Kind } from '../values/kind.ts';

/** Calls a native: pops, fixed cost, body, result (spec §7.3). The opcode's own gas has been charged. @throws Trap. */
export function callNative(machine: Machine, id: number): void {
  const native = machine.natives[id];
  if (native === undefined) throw machineTrap('UnknownSysCall', `(${id})`);
  const { hasReceiver, parameters } = native;
  const { stack } = machine;
  const base = machine.sp - parameters - (hasReceiver ? 1 : 0);
  if (base < 0) throw machineTrap('EmptyStack');
  machine.sp = base;
  machine.gas.charge(native.cost);
  machine.inNative = true;
  machine.nativeId = id;
  const self = resolve(stack[base]!);
  let args = base;
  if (hasReceiver) {
    args++;
    // So that `x.push(x[0])` and `x.extend(x)` are safe.
    for (let i = args; i < args + parameters; i++) detach(machine, stack[i]!, self);
  }
  if (native.run(machine, self, args)) {
    machine.inNative = false;
    machine.chargeMemoryOf(machine.result);
    moveInto(machine.push(), machine.result);
  } else {
    machine.inNative = false;
  }
}

function detach(machine: Machine, slot: Box, self: Box): void {
  if (slot.kind === Kind.Pointer && (slot.ref === self || slot.origin === self)) makeOwned(slot, machine);
}
