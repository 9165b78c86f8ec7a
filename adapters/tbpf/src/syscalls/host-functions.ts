import {
  callHostFunction,
  checkCharge,
  decodeBorsh,
  decodeUtf8,
  describeType,
  encodeBorsh,
  encodeUtf8,
  type HostFunction,
  type HostFunctionCall,
  hasAny,
  hostFunctionError,
  INTEGER_BITS,
  isIntegerKind,
  symbolName,
  type TypedValue,
  type ValueType,
  VmError,
} from '@switchyard/core';
import { syscallKey } from '../format/murmur3.ts';
import type { Machine } from '../interpreter/machine.ts';
import type { SyscallKeys } from '../loader/syscall-keys.ts';
import type { TbpfNativeError } from '../native-error.ts';
import { charge, checkWritable, isFault, readRange, succeed } from './support.ts';
import { type Syscall, syscallFault } from './syscall.ts';
import { type TosHost, tosHostOf } from './tos-host.ts';

/** Arguments are passed in r1–r5. */
const ARGUMENT_REGISTERS = 5;

/** Who set return data that is a host function's result: nobody. */
const HOST = new Uint8Array(32);

/**
 * Functions of the host as syscalls (docs/guide/tos-vm.md). The receiver comes first. An integer of up to 64 bits and a bool take
 * one register; a string and bytes take two, pointer and length; everything else two, pointer and length of its untagged Borsh. Gas: the
 * function's own and 1 a byte behind pointers, before reading; then 1 a byte of a result that becomes return data.
 * @throws VmError HOST_FUNCTION_INVALID for a function that cannot be called so, or whose name is taken.
 */
export function hostSyscalls(functions: readonly HostFunction[], taken: SyscallKeys): readonly Syscall[] {
  const keys = new Map<number, string>();
  for (const of of functions) {
    const key = syscallKey(symbolName(of));
    const other = taken.name(key) ?? keys.get(key);
    if (other !== undefined) {
      throw hostFunctionError(
        of,
        `cannot be a syscall: its name has the key of ${other}`,
        'Choose another name.',
      );
    }
    keys.set(key, symbolName(of));
  }
  return functions.map(hostSyscall);
}

function hostSyscall(of: HostFunction): Syscall {
  const types = of.receiver === undefined ? of.parameters : [of.receiver, ...of.parameters];
  checkSignature(of, types);
  const gas = Number(of.gas);
  return {
    name: symbolName(of),
    run(machine) {
      const unpaid = charge(machine, gas) ?? charge(machine, bytesBehindPointers(machine, types));
      if (unpaid !== undefined) return unpaid;
      const values = readArguments(machine, types);
      if ('stage' in values) return values;
      const host = tosHostOf(machine);
      const readOnly = of.mutates === true ? checkWritable(host) : undefined;
      if (readOnly !== undefined) return readOnly;
      const call = new SyscallCall(machine, host, of.receiver === undefined ? undefined : values[0], values);
      const result = callHostFunction(of, call);
      if (call.isExhausted) return syscallFault('ExceededMaxInstructions');
      if (result instanceof VmError) return refusal(result);
      return giveResult(machine, host, result, of.returns);
    },
  };
}

function checkSignature(of: HostFunction, types: readonly ValueType[]): void {
  const untyped = [...types, ...(of.returns === undefined ? [] : [of.returns])].find(hasAny);
  const hint = "Change its types, or name the engines that it is for without 'tbpf'.";
  if (untyped !== undefined) {
    throw hostFunctionError(of, `cannot be a syscall: ${describeType(untyped)} has no encoding`, hint);
  }
  const registers = types.reduce((sum, type) => sum + registersOf(type), 0);
  if (registers > ARGUMENT_REGISTERS) {
    throw hostFunctionError(
      of,
      `cannot be a syscall: (${types.map(describeType).join(', ')}) takes ${registers} registers and there are ${ARGUMENT_REGISTERS}`,
      hint,
    );
  }
}

function registersOf(type: ValueType): number {
  return fitsRegister(type) ? 1 : 2;
}

function fitsRegister(type: ValueType): boolean {
  return type.kind === 'bool' || (isIntegerKind(type.kind) && INTEGER_BITS[type.kind] <= 64);
}

function bytesBehindPointers(machine: Machine, types: readonly ValueType[]): number {
  let bytes = 0;
  let register = 1;
  for (const type of types) {
    if (!fitsRegister(type)) bytes += machine.registerNumber(register + 1);
    register += registersOf(type);
  }
  return bytes;
}

function readArguments(machine: Machine, types: readonly ValueType[]): TypedValue[] | TbpfNativeError {
  const values: TypedValue[] = [];
  let register = 1;
  for (const type of types) {
    const value = fitsRegister(type)
      ? valueOfRegister(machine.register(register), type)
      : valueBehindPointer(machine, register, type);
    if (value === undefined) return syscallFault('InvalidArgument', { raw: `r${register}` });
    if ('stage' in value) return value;
    values.push(value);
    register += registersOf(type);
  }
  return values;
}

/** A narrow integer is the register's low bits, as C passes it; a bool is 0 or 1. */
function valueOfRegister(register: bigint, { kind }: ValueType): TypedValue | undefined {
  if (isIntegerKind(kind)) return { kind, value: BigInt.asUintN(INTEGER_BITS[kind], register) };
  return register > 1n ? undefined : { kind: 'bool', value: register === 1n };
}

function valueBehindPointer(
  machine: Machine,
  register: number,
  type: ValueType,
): TypedValue | TbpfNativeError | undefined {
  const bytes = readRange(machine, register, register + 1);
  if (isFault(bytes)) return bytes;
  if (type.kind === 'bytes') return { kind: 'bytes', value: bytes.slice() };
  if (type.kind === 'string') {
    const value = decodeUtf8(bytes);
    return value === undefined ? syscallFault('InvalidString') : { kind: 'string', value };
  }
  try {
    return decodeBorsh(bytes, type);
  } catch (thrown) {
    if (thrown instanceof VmError && thrown.code === 'VALUE_INVALID') return undefined;
    throw thrown;
  }
}

/** What the function refused with; `errorCodeOf` finds the code again in the native text. */
function refusal({ code, message }: VmError): TbpfNativeError {
  if (code === 'OUT_OF_GAS') return syscallFault('ExceededMaxInstructions');
  return syscallFault('HostFunction', { raw: code }, message);
}

/** A result that fits goes to r0; any other becomes the return data, and r0 is its length. */
function giveResult(
  machine: Machine,
  host: TosHost,
  result: TypedValue | undefined,
  type: ValueType | undefined,
): TbpfNativeError | undefined {
  if (result === undefined || type === undefined) return succeed(machine);
  if (fitsRegister(type)) {
    const { value } = result as { readonly value: bigint | boolean };
    return succeed(machine, BigInt(value));
  }
  const bytes = bytesOf(result, type);
  const unpaid = charge(machine, bytes.length);
  if (unpaid !== undefined) return unpaid;
  host.returnData = { bytes, setter: HOST };
  return succeed(machine, BigInt(bytes.length));
}

function bytesOf(result: TypedValue, type: ValueType): Uint8Array {
  if (type.kind === 'bytes' && result.kind === 'bytes') return result.value.slice();
  if (type.kind === 'string' && result.kind === 'string') return encodeUtf8(result.value);
  return encodeBorsh(result, type);
}

class SyscallCall implements HostFunctionCall {
  readonly receiver: TypedValue | undefined;
  readonly parameters: readonly TypedValue[];
  /** True once gas was asked for that is not there, whatever the function did about it. */
  isExhausted = false;
  readonly #machine: Machine;
  readonly #host: TosHost;

  constructor(
    machine: Machine,
    host: TosHost,
    receiver: TypedValue | undefined,
    values: readonly TypedValue[],
  ) {
    this.#machine = machine;
    this.#host = host;
    this.receiver = receiver;
    this.parameters = receiver === undefined ? values : values.slice(1);
  }

  get context(): TosHost['context'] {
    return this.#host.context;
  }

  get state(): TosHost['state'] {
    return this.#host.state;
  }

  charge(gas: bigint): void {
    checkCharge(gas);
    if (this.#machine.meter.charge(gas)) return;
    this.isExhausted = true;
    throw new VmError('OUT_OF_GAS', 'the gas left does not pay for what the host function does.');
  }

  log(message: string): void {
    const { contract, events, logs } = this.#host;
    logs.push({ contract, message });
    events?.emit('log', contract, message);
  }
}
