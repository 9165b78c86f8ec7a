import { syscallKey } from '@switchyard/tbpf/format';
import { tosSyscalls } from '../../../../adapters/tbpf/src/syscalls/index.ts';
import { borderAddress } from '../pointers.ts';
import { type Scope, source } from '../scope.ts';

const HEAP_BASE = 0x3_0000_0000n;
const INPUT_BASE = 0x4_0000_0000n;

/** Bytes of the input that name a contract and say how to call it: its address and a call record. */
export const CALL_BLOCK_BYTES = 72;
export const RECORD_AT = 32;

/** How often each syscall is called; what is not named, once in a while. */
const WEIGHTS: Readonly<Record<string, number>> = {
  tos_memcpy: 14,
  tos_memmove: 8,
  tos_memset: 14,
  tos_memcmp: 10,
  tos_storage_read: 8,
  tos_storage_write: 10,
  tos_storage_delete: 3,
  tos_log: 6,
  tos_get_gas_left: 8,
  tos_set_return_data: 3,
  tos_get_return_data: 3,
  tos_fire_event: 3,
  tos_transfer: 3,
};

const INVOKE = 'tos_invoke_contract';
const byName = new Map(tosSyscalls.map((syscall) => [syscall.name, syscall]));
const weights: Readonly<Record<string, number>> = Object.fromEntries(
  tosSyscalls.filter(({ name }) => name !== INVOKE).map(({ name }) => [name, WEIGHTS[name] ?? 1]),
);

/** Writes calls of tos_* syscalls with arguments that mostly fit; so many in a hundred call another contract. */
export function tosCallWriter(invocations: number): (scope: Scope) => void {
  return (scope) => {
    const { random, builder } = scope;
    const name = random.chance(invocations) ? INVOKE : random.weighted(weights);
    if (name === INVOKE) writeInvocation(scope);
    else if (/sha256|keccak|blake3/.test(name)) writeSlices(scope);
    else
      for (const [index, parameter] of byName.get(name)!.parameters.entries())
        setArgument(scope, index + 1, parameter);
    builder.syscall(syscallKey(name));
    // What a call answers is looked at, or the whole would be no better tested than its effects.
    if (random.chance(50)) builder.reg('xor64', random.chance(50) ? 8 : 5, 0);
  };
}

const LENGTH = /^(?:len|keyLen|outLen|valueLen|nameLen|count)$/;
const NUMBER = /^(?:amount|id|decimals|maxSupply|byte)$/;

function setArgument(scope: Scope, register: number, parameter: string): void {
  const { random, builder } = scope;
  if (random.chance(2)) builder.reg('mov64', register, source(scope));
  else if (LENGTH.test(parameter)) builder.imm('mov64', register, someLength(scope));
  else if (NUMBER.test(parameter))
    builder.imm('mov64', register, random.chance(90) ? random.below(20) : random.u32() | 0);
  else setPointer(scope, register);
}

function someLength({ random }: Scope): number {
  if (random.chance(75)) return random.below(40);
  return random.chance(80)
    ? random.between(0, 600)
    : random.pick([-1, 4096, 4097, 65_536, 40_000, 0x7fff_ffff]);
}

/** Two calls in three: 64 bytes are there. */
function setPointer(scope: Scope, register: number): void {
  const { random, builder, profile, surroundings } = scope;
  const { heapLength, inputLength } = surroundings;
  if (random.chance(profile.badPointers)) {
    builder.constant(register, borderAddress(scope));
  } else if (random.chance(45) && heapLength >= 64) {
    // Few places, so that calls meet what others have written, and overlap.
    builder.constant(
      register,
      HEAP_BASE + BigInt(random.chance(80) ? random.below(48) : random.below(heapLength - 63)),
    );
  } else if (random.chance(45) && inputLength >= 64) {
    builder.constant(register, INPUT_BASE + BigInt(random.below(inputLength - 63)));
  } else {
    builder.reg('mov64', register, 10);
    builder.imm('add64', register, -random.between(64, 160));
  }
}

/** One slice on the stack: pointer and length. */
function writeSlices(scope: Scope): void {
  const { random, builder } = scope;
  const store = builder.set.code('stxdw', 'store-reg');
  setPointer(scope, 1);
  builder.imm('mov64', 2, someLength(scope));
  builder.slot(store, { dst: 10, src: 1, off: -48 });
  builder.slot(store, { dst: 10, src: 2, off: -40 });
  builder.reg('mov64', 1, 10);
  builder.imm('add64', 1, -48);
  builder.imm('mov64', 2, random.chance(90) ? 1 : random.below(4));
  setPointer(scope, 3);
}

/** Calls the contract that one of the input's blocks names. */
function writeInvocation(scope: Scope): void {
  const { random, builder, surroundings } = scope;
  const blocks = Math.floor(surroundings.inputLength / CALL_BLOCK_BYTES);
  if (blocks === 0 || random.chance(3)) {
    setPointer(scope, 1);
    setPointer(scope, 2);
    return;
  }
  const block = INPUT_BASE + BigInt(random.below(blocks) * CALL_BLOCK_BYTES);
  builder.constant(1, block);
  builder.constant(2, block + BigInt(RECORD_AT));
}
