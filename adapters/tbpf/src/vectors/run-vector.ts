import { sha256 } from '@noble/hashes/sha2.js';
import {
  bytesToHex,
  type EngineTier,
  hexToBytes,
  type JsonValue,
  type VectorCase,
  type VectorObservation,
  VmError,
} from '@switchyard/core';
import { type TbpfConfig, tbpfConfigFromNative } from '../config.ts';
import { errorCodeOf } from '../errors.ts';
import { addressMap } from '../format/elf-constants.ts';
import { run } from '../interpreter/interpreter.ts';
import type { Machine } from '../interpreter/machine.ts';
import { type Program, predecode } from '../interpreter/program.ts';
import { ReferenceMachine } from '../interpreter/reference-machine.ts';
import type { TbpfVersion } from '../isa/version.ts';
import type { Slot } from '../linear/slot.ts';
import { sharedSlotPool } from '../linear/slot-pool.ts';
import type { Executable } from '../loader/executable.ts';
import { loadElf } from '../loader/load.ts';
import { loadRawText, type RawFunction } from '../loader/raw-text.ts';
import { heapSlot, inputSlot, mapError } from '../memory/address-space.ts';
import type { TbpfNativeError, TbpfOutcome } from '../native-error.ts';
import { createSyscallTable, type SyscallTable } from '../syscalls/syscall.ts';
import { inlineCompiler } from '../tiering/inline-compiler.ts';
import { TieredProgram } from '../tiering/tiered-program.ts';
import { verify } from '../verifier/verify.ts';
import { sampleSyscalls, type VectorHost } from './sample-syscalls.ts';

const MAX_HEAP = 256 * 1024;
const HASHED_ABOVE = 192;

/** A vector's program and what it runs with. */
export interface PreparedVector {
  readonly program: Program;
  readonly entryPc: number;
  readonly gasLimit: bigint;
  readonly input: Uint8Array;
  readonly host: VectorHost;
  readonly config: TbpfConfig;
  readonly heapSize: number;
  /** The program as compiled code has it; compiled on first demand. */
  readonly tiered: TieredProgram;
}

/**
 * Loads, verifies and decodes one vector's program, or answers the error by which the program is refused.
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

  const program = predecode(executable, syscalls);
  const unmappable = mapError(program);
  if (unmappable !== undefined) return unmappable;
  const { entryPc } = executable;
  const heapSize = numberField(vector, 'heap', MAX_HEAP);
  return {
    program,
    entryPc,
    gasLimit: vector.gasLimit,
    input: bytesField(vector, 'input'),
    heapSize,
    host: { log: [] },
    config,
    tiered: new TieredProgram(program, heapSize, [entryPc]),
  };
}

/** The reference tier's machine for a vector, before its first instruction. */
export function referenceMachineOf(prepared: PreparedVector): ReferenceMachine {
  const machine = new ReferenceMachine(prepared);
  machine.setRegister(1, addressMap.input);
  return machine;
}

/**
 * Runs one vector bare: r1 = input base, r2 = 0, only the syscalls that it names, at e_entry or slot 0.
 * @throws VmError VECTOR_INVALID naming the field.
 */
export function runTbpfVector(vector: VectorCase, tier: EngineTier): VectorObservation {
  return runPrepared(vector, prepareVector(vector), tier);
}

/** Runs a vector whose program has been prepared, for it or for another that differs in nothing but input and limit. */
export function runPrepared(
  vector: VectorCase,
  prepared: PreparedVector | TbpfNativeError,
  tier: EngineTier,
): VectorObservation {
  if ('stage' in prepared) return rejected(prepared, tier);
  if (tier !== 'reference') return runOnSlot(vector, prepared, tier);
  const machine = referenceMachineOf(prepared);
  run(machine);
  return observe(machine, prepared, vector.expect, tier);
}

function runOnSlot(vector: VectorCase, prepared: PreparedVector, tier: EngineTier): VectorObservation {
  return onSlot(prepared, (slot) => {
    const { tiered, entryPc } = prepared;
    const isCompiled = tier === 'compiled';
    if (isCompiled && (tiered.state === 'cold' || tiered.wantsAgain)) inlineCompiler.start(tiered);
    if (!isCompiled || !tiered.runCompiled(slot, entryPc)) slot.machine.interpret();
    return observe(slot.machine, prepared, vector.expect, tier);
  });
}

/** Runs on tier 0 only to see which regions the program's accesses go to; then code that is compiled later knows. */
export function profileVector(prepared: PreparedVector): void {
  onSlot({ ...prepared, host: { log: [] } }, (slot) => {
    slot.machine.interpret();
    prepared.tiered.addProfile(slot);
  });
}

/** Has code be compiled with predictions that have nothing to do with the program, the same each time: they may cost speed only. */
export function misleadVector({ tiered, program }: PreparedVector): void {
  let state = program.length;
  tiered.addSeen(
    Uint8Array.from({ length: program.length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      // Regions 1 to 4: mostly one of them, sometimes several or none.
      return state >>> 30 === 0 ? (state >>> 20) & 0x1e : 2 << ((state >>> 20) & 3);
    }),
  );
}

/** Lets `use` have a slot on which the run has begun. */
function onSlot<T>(prepared: PreparedVector, use: (slot: Slot) => T): T {
  const pool = sharedSlotPool();
  const { program, heapSize, input } = prepared;
  const slot = pool.take(program, heapSize, input.length);
  if (slot === undefined) {
    throw new VmError('UNSUPPORTED', 'the host has no WebAssembly, or no memory for it.');
  }
  try {
    slot.machine.begin(prepared);
    slot.machine.setRegister(1, addressMap.input);
    return use(slot);
  } finally {
    pool.give(slot);
  }
}

function observe(
  machine: Machine,
  { host, config, heapSize }: PreparedVector,
  wanted: VectorCase['expect'],
  tier: EngineTier,
): VectorObservation {
  const { fault } = machine;
  const used = config.enableInstructionMeter ? machine.meter.used : 0n;
  const r0 = machine.register(0);
  const inputBytes = machine.regionBytes(inputSlot);
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
    const heap = machine.regionBytes(heapSlot);
    native['heapAfter'] = heap.every((byte) => byte === 0) ? 'zero' : memoryText(heap, wanted['heapAfter']);
  }
  if (host.log.length > 0) native['log'] = host.log.map((bytes) => bytesToHex(bytes));
  return {
    tier,
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

function rejected(error: TbpfNativeError, tier: EngineTier): VectorObservation {
  return {
    tier,
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

/** A field of hexadecimal text; absent means no bytes. @throws VmError VECTOR_INVALID. */
export function bytesField(vector: VectorCase, field: string): Uint8Array {
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
