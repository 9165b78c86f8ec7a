import {
  bytesToHex,
  type EngineTier,
  hexToBytes,
  type JsonValue,
  type VectorCase,
  type VectorObservation,
  VmError,
} from '@switchyard/core';
import { errorCodeOf } from '../errors.ts';
import { enterChunk } from '../interpreter/frames.ts';
import { Machine } from '../interpreter/machine.ts';
import {
  createMachineConfig,
  defaultMachineConfig,
  type MachineConfig,
} from '../interpreter/machine-config.ts';
import { guarded, runFast, runReference } from '../interpreter/run.ts';
import { machineTrap } from '../interpreter/trap.ts';
import { cellFromJson, cellToJson } from '../json/cell-json.ts';
import { decodeModuleJson } from '../json/module-json.ts';
import { JsonError } from '../json/parse-json.ts';
import type { LegacyModule } from '../module/legacy-module.ts';
import { decodeProgram } from '../module/program.ts';
import { validateModule } from '../module/validator.ts';
import { standardNatives } from '../natives/standard.ts';
import type { Box } from '../values/box.ts';
import { Kind } from '../values/kind.ts';
import { integerOf } from '../values/make.ts';
import { type DecodedModule, decodeModule, moduleWire } from '../wire/module-wire.ts';

/** What a vector's `config` holds (fixtures/vectors/legacy/README.md). */
interface VectorConfig {
  readonly machine: MachineConfig;
  readonly hooks: number;
  readonly validate: boolean;
  readonly decodeOnly: boolean;
}

/** A machine to run vectors on, one after another. */
const machine = new Machine();

/**
 * Runs one vector bare: standard natives 0–133 and no chain.
 * @throws VmError VECTOR_INVALID naming the field.
 */
export function runLegacyVector(vector: VectorCase, tier: EngineTier): VectorObservation {
  const config = configOf(vector);
  const decoded = decode(vector);
  if (!decoded.ok) return refused(tier, 'decode-error', decoded.name, decoded.detail, {});
  const { module } = decoded;
  if (config.decodeOnly) return observation(tier, { wire: bytesToHex(moduleWire(module)) });
  const verdict = validateModule(module, {
    hookCount: config.hooks,
    nativeCount: standardNatives.length,
  });
  const validator = verdict?.detail ?? 'ok';
  if (config.validate && verdict !== undefined) {
    return refused(tier, 'reject', verdict.name, verdict.detail, { memory: '0', validator });
  }
  const program = decodeProgram(module);
  const natives = standardNatives;
  machine.reset({ program, natives, config: config.machine, gasLimit: vector.gasLimit, host: undefined });
  const parameters = parametersOf(vector);
  guarded(machine, () => enter(module, vector));
  if (machine.report === undefined) {
    guarded(machine, () => {
      for (const cell of parameters.toReversed()) machine.pushArgument(cell);
    });
  }
  let value: Box | undefined;
  if (machine.report === undefined) {
    value = tier === 'reference' ? runReference(machine) : runFast(machine);
  }
  const result = observe(tier, value, validator, vector);
  machine.release();
  return result;
}

function enter(module: LegacyModule, vector: VectorCase): void {
  const [, kind, digits] = /^(entry|hook)_(\d+)$/.exec(String(vector.fields['entry'] ?? 'entry_0')) ?? [];
  if (kind === undefined) throw invalid(vector, 'entry', 'expected entry_N or hook_N');
  const id = Number(digits);
  if (kind === 'entry') {
    if (!module.entries.has(id)) throw machineTrap('ChunkNotEntry');
    enterChunk(machine, id);
    return;
  }
  const chunk = module.hooks.get(id);
  if (chunk === undefined) throw machineTrap('HookNotImplemented');
  enterChunk(machine, chunk);
}

function observe(
  tier: EngineTier,
  value: Box | undefined,
  validator: string,
  vector: VectorCase,
): VectorObservation {
  const { report } = machine;
  const native: Record<string, JsonValue> = {
    status: value === undefined ? (report?.kind === 'panic' ? 'panic' : 'error') : 'value',
    value: value === undefined ? null : cellToJson(value),
    gas: machine.gas.used.toString(),
    error: report === undefined || report.kind === 'panic' ? null : report.name,
    memory: machine.memory.toString(),
    validator,
  };
  if (report !== undefined) native['detail'] = report.detail;
  if ('instructions' in vector.fields) native['instructions'] = machine.steps;
  const uses = machine.undefinedUses.reduce((sum, count) => sum + count, 0);
  if (uses > 0) native['undefinedUses'] = uses;
  const exitCode = value?.kind === Kind.U64 ? integerOf(value) : null;
  return {
    tier,
    status: exitCode === null ? 'failed' : exitCode === 0n ? 'success' : 'reverted',
    exitCode,
    gasUsed: machine.gas.used,
    native,
    error: report === undefined ? null : { code: errorCodeOf(report), native: report.detail },
    logs: [...machine.printed],
    events: [],
    stateChanges: [],
  };
}

function observation(tier: EngineTier, native: Record<string, JsonValue>): VectorObservation {
  return {
    tier,
    status: 'success',
    exitCode: null,
    gasUsed: 0n,
    native: { status: 'value', value: null, gas: '0', error: null, ...native },
    error: null,
    logs: [],
    events: [],
    stateChanges: [],
  };
}

function refused(
  tier: EngineTier,
  status: 'decode-error' | 'reject',
  name: string,
  detail: string,
  more: Record<string, JsonValue>,
): VectorObservation {
  return {
    ...observation(tier, { status, error: name, detail, ...more }),
    status: 'rejected',
    error: { code: 'CODE_INVALID', native: detail },
  };
}

function decode(vector: VectorCase): DecodedModule {
  if (vector.codeKind === 'module-json') return decodeModuleJson(vector.code);
  if (vector.codeKind !== 'module') throw invalid(vector, 'codeKind', 'expected "module" or "module-json"');
  const text = vector.fields['code'];
  // Text that is not hexadecimal is itself a case: the reference's reader has a name for it.
  if (typeof text === 'string' && hexToBytes(text) === undefined) {
    return { ok: false, name: 'InvalidHex', detail: 'InvalidHex' };
  }
  return decodeModule(vector.code);
}

function parametersOf(vector: VectorCase): readonly Box[] {
  const given = vector.fields['params'] ?? [];
  if (!Array.isArray(given)) throw invalid(vector, 'params', 'expected a list of cells');
  return given.map((json: JsonValue, index) => {
    try {
      return cellFromJson(json);
    } catch (thrown) {
      if (!(thrown instanceof JsonError)) throw thrown;
      throw invalid(vector, `params[${index}]`, thrown.message);
    }
  });
}

function configOf(vector: VectorCase): VectorConfig {
  const config = vector.fields['config'] ?? {};
  if (config === null || typeof config !== 'object' || Array.isArray(config)) {
    throw invalid(vector, 'config', 'expected an object');
  }
  const fields = config as { readonly [key: string]: JsonValue };
  const price = fields['memoryPrice'] ?? '1';
  if (typeof price !== 'string' || !/^\d{1,20}$/.test(price)) {
    throw invalid(vector, 'config.memoryPrice', 'expected a decimal string');
  }
  const whole = (name: string, fallback: number): number => {
    const value = fields[name] ?? fallback;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
      throw invalid(vector, `config.${name}`, 'expected an integer of at least 0');
    }
    return value;
  };
  return {
    machine: createMachineConfig({
      memoryPrice: BigInt(price),
      memoryLimit: whole('memoryLimit', defaultMachineConfig.memoryLimit),
      maxValueDepth: whole('maxDepth', defaultMachineConfig.maxValueDepth),
      tailCalls: fields['tailCalls'] === true,
    }),
    hooks: whole('hooks', 1),
    validate: fields['validate'] === true,
    decodeOnly: fields['mode'] === 'decode',
  };
}

function invalid(vector: VectorCase, field: string, expected: string): VmError {
  return new VmError('VECTOR_INVALID', `vector ${vector.id}: ${field}: ${expected}.`);
}
