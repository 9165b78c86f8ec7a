import { sha256 } from '@noble/hashes/sha2.js';
import {
  bytesToHex,
  hexToBytes,
  type JsonValue,
  type VectorCase,
  type VectorObservation,
  VmError,
} from '@switchyard/core';
import { type TbpfConfig, tbpfConfigFromNative } from '../config.ts';
import { errorCodeOf } from '../errors.ts';
import { run } from '../interpreter/interpreter.ts';
import { createMachine, type Machine } from '../interpreter/machine.ts';
import { predecode } from '../interpreter/program.ts';
import type { TbpfVersion } from '../isa/version.ts';
import type { Executable } from '../loader/executable.ts';
import { loadElf } from '../loader/load.ts';
import { loadRawText, type RawFunction } from '../loader/raw-text.ts';
import { heapSlot, inputSlot } from '../memory/memory-map.ts';
import type { TbpfNativeError, TbpfOutcome } from '../native-error.ts';
import { createSyscallTable, type SyscallTable } from '../syscalls/syscall.ts';
import { verify } from '../verifier/verify.ts';
import { sampleSyscalls, type VectorHost } from './sample-syscalls.ts';

const MAX_HEAP = 256 * 1024;
const HASHED_ABOVE = 192;

/** A vector's machine before its first instruction. */
export interface PreparedVector {
  readonly machine: Machine;
  readonly host: VectorHost;
  readonly config: TbpfConfig;
  readonly heapSize: number;
}

/**
 * Loads and verifies one vector's program and makes its machine, or the error by which the program is refused.
 * @throws VmError VECTOR_INVALID naming the field.
 */
export function prepareVector(vector: VectorCase): PreparedVector | TbpfNativeError {
  const config = configOf(vector);
  const syscalls = syscallsOf(vector);
  const loaded = load(vector, syscalls, config);
  if (!loaded.ok) return loaded.error;
  const { executable } = loaded;
  const refused = verify(executable.text, executable.version, syscalls);
  if (refused !== undefined) return refused;

  const host: VectorHost = { log: [] };
  const heapSize = numberField(vector, 'heap', MAX_HEAP);
  const machine = createMachine({
    program: predecode(executable, syscalls),
    entryPc: executable.entryPc,
    gasLimit: vector.gasLimit,
    input: bytesField(vector, 'input'),
    heapSize,
    host,
  });
  if (!('memory' in machine)) return machine;
  machine.setRegister(1, 0x4_0000_0000n);
  return { machine, host, config, heapSize };
}

/**
 * Runs one vector bare: r1 = input base, r2 = 0, only the syscalls that it names, at e_entry or slot 0.
 * @throws VmError VECTOR_INVALID naming the field.
 */
export function runTbpfVector(vector: VectorCase): VectorObservation {
  const prepared = prepareVector(vector);
  if (!('machine' in prepared)) return rejected(prepared);
  run(prepared.machine);
  return observe(prepared, vector.expect);
}

function observe(
  { machine, host, config, heapSize }: PreparedVector,
  wanted: VectorCase['expect'],
): VectorObservation {
  const { fault } = machine;
  const used = config.enableInstructionMeter ? machine.meter.used : 0n;
  const r0 = machine.register(0);
  const inputBytes = machine.memory.bytes[inputSlot]!;
  const native: Record<string, JsonValue> = {
    status: fault === undefined ? 'ok' : 'error',
    r0: fault === undefined ? r0.toString() : null,
    instructions: used.toString(),
    error: fault === undefined ? null : fault.name,
    errorDetail: fault === undefined ? null : fault.detail,
    pc: machine.finalPc,
    inputAfter: memoryText(inputBytes, wanted['inputAfter']),
    inputAfterInterpreter: memoryText(inputBytes, wanted['inputAfterInterpreter']),
  };
  if (heapSize > 0) {
    const heap = machine.memory.bytes[heapSlot]!;
    native['heapAfter'] = heap.every((byte) => byte === 0) ? 'zero' : memoryText(heap, wanted['heapAfter']);
  }
  if (host.log.length > 0) native['log'] = host.log.map((bytes) => bytesToHex(bytes));
  return {
    tier: 'reference',
    status: fault === undefined ? (r0 === 0n ? 'success' : 'reverted') : 'failed',
    exitCode: fault === undefined ? r0 : null,
    gasUsed: used,
    native,
    error: fault === undefined ? null : { code: errorCodeOf(fault), native: fault.detail },
    logs: host.log.map((bytes) => bytesToHex(bytes)),
    events: [],
    stateChanges: [],
  };
}

function rejected(error: TbpfNativeError): VectorObservation {
  return {
    tier: 'reference',
    status: 'rejected',
    exitCode: null,
    gasUsed: 0n,
    native: {
      status: 'reject',
      stage: error.stage,
      r0: null,
      instructions: '0',
      error: error.name,
      errorDetail: error.detail,
      inputAfter: null,
    },
    error: { code: errorCodeOf(error), native: error.detail },
    logs: [],
    events: [],
    stateChanges: [],
  };
}

/**
 * Bytes as the vector files hold them: hexadecimal, or the sha-256 of more than 192 bytes. Some files spell out longer memory (d01652),
 * so the expectation's own form decides where it has one.
 */
function memoryText(bytes: Uint8Array, wanted: JsonValue | undefined): string {
  const isHashed = typeof wanted === 'string' ? wanted.startsWith('sha256:') : bytes.length > HASHED_ABOVE;
  return isHashed ? `sha256:${bytesToHex(sha256(bytes))}` : bytesToHex(bytes);
}

function load(
  vector: VectorCase,
  syscalls: SyscallTable,
  config: TbpfConfig,
): TbpfOutcome<{ readonly executable: Executable }> {
  if (vector.codeKind === 'elf') return loadElf(vector.code, syscalls, config);
  if (vector.codeKind !== 'text') throw invalid(vector, 'codeKind', 'expected "elf" or "text"');
  return loadRawText(vector.code, versionOf(vector), syscalls, config, functionsOf(vector));
}

function versionOf(vector: VectorCase): TbpfVersion {
  const text = vector.fields['version'];
  const match = typeof text === 'string' ? /^v([0-4])$/.exec(text) : null;
  if (match === null) throw invalid(vector, 'version', 'expected "v0" to "v4"');
  return Number(match[1]) as TbpfVersion;
}

function configOf(vector: VectorCase): TbpfConfig {
  const config = vector.fields['config'] ?? {};
  if (config === null || typeof config !== 'object' || Array.isArray(config)) {
    throw invalid(vector, 'config', 'expected an object');
  }
  try {
    return tbpfConfigFromNative(config as Readonly<Record<string, unknown>>);
  } catch (cause) {
    throw invalid(vector, 'config', (cause as Error).message);
  }
}

function functionsOf(vector: VectorCase): readonly RawFunction[] {
  const functions = vector.fields['functions'] ?? [];
  if (!Array.isArray(functions)) throw invalid(vector, 'functions', 'expected a list of [key, pc]');
  return functions.map((pair: JsonValue, index) => {
    const numbers = Array.isArray(pair) ? pair.map(Number) : [];
    if (numbers.length !== 2 || !numbers.every((number) => Number.isInteger(number) && number >= 0)) {
      throw invalid(vector, `functions[${index}]`, 'expected [key, pc]');
    }
    return [numbers[0]!, numbers[1]!] as const;
  });
}

function syscallsOf(vector: VectorCase): SyscallTable {
  const names = vector.fields['syscalls'] ?? [];
  if (!Array.isArray(names)) throw invalid(vector, 'syscalls', 'expected a list of names');
  return createSyscallTable(
    names.map((name: JsonValue, index) => {
      const syscall = sampleSyscalls.find((sample) => sample.name === name);
      if (syscall === undefined) {
        const known = sampleSyscalls.map((sample) => sample.name).join(', ');
        throw invalid(vector, `syscalls[${index}]`, `expected one of ${known}`);
      }
      return syscall;
    }),
  );
}

function bytesField(vector: VectorCase, field: string): Uint8Array {
  const text = vector.fields[field] ?? '';
  const bytes = typeof text === 'string' ? hexToBytes(text) : undefined;
  if (bytes === undefined) throw invalid(vector, field, 'expected hexadecimal text');
  return bytes;
}

function numberField(vector: VectorCase, field: string, most: number): number {
  const value = vector.fields[field] ?? 0;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most) {
    throw invalid(vector, field, `expected an integer from 0 to ${most}`);
  }
  return value;
}

function invalid(vector: VectorCase, field: string, expected: string): VmError {
  return new VmError('VECTOR_INVALID', `vector ${vector.id}: ${field}: ${expected}.`);
}
