import { codeHash, type InspectionReport, VmError } from '@switchyard/core';
import type { ParamsOf } from '../api/methods.ts';
import { faultOf } from './fault.ts';
import type { JobOutcome } from './job-outcome.ts';
import type { Runtime } from './runtime.ts';
import { toWire } from './to-wire.ts';

/** `vm_validateCode`. */
export function validateCode(runtime: Runtime, params: ParamsOf<'vm_validateCode'>): JobOutcome {
  const code = runtime.codes.take(params.code);
  const { factory } = runtime;
  const about = { codeHash: codeHash(code), size: code.length };
  let engine: string;
  try {
    engine = params.engine ?? factory.select({ code }).type;
    const report = factory.engine(engine).validateCode(code);
    return {
      error: null,
      value: toWire({
        valid: report.valid,
        fault: report.error === null ? null : faultOf(report.error),
        warnings: report.warnings,
        engine,
        ...about,
        ...inspected(factory.definition(engine).tools.inspect(code)),
      }),
    };
  } catch (thrown) {
    if (!(thrown instanceof VmError) || thrown.code !== 'CODE_FORMAT_UNKNOWN') throw thrown;
    return {
      error: null,
      value: toWire({
        valid: false,
        fault: faultOf(thrown),
        warnings: [],
        engine: null,
        ...about,
        format: null,
        instructions: null,
        entries: [],
        hooks: [],
        functions: [],
        syscalls: [],
      }),
    };
  }
}

/** Names are text of whoever made the code; a file may hold very many. */
const MOST_NAMES = 1000;

function inspected(report: InspectionReport): Record<string, unknown> {
  return {
    format: report.format,
    instructions: report.instructions,
    entries: report.entries.slice(0, MOST_NAMES),
    hooks: report.hooks,
    functions: report.symbols
      .filter(({ kind }) => kind === 'function')
      .map(({ name }) => name)
      .slice(0, MOST_NAMES),
    syscalls: report.syscalls.slice(0, MOST_NAMES),
  };
}

/** `vm_engines`. */
export function engines({ factory, config, profile, versions }: Runtime): JobOutcome {
  const { gas, limits } = config;
  return {
    error: null,
    value: toWire({
      engines: factory.types.map((type) => {
        const { tools } = factory.definition(type);
        const enabled = factory.isEnabled(type);
        const engine = enabled ? factory.engine(type) : undefined;
        return {
          type,
          enabled,
          version: versions.get(type) ?? null,
          features: engine?.version.features ?? [],
          tiers: tools.tiers,
        };
      }),
      profile,
      gas: { defaultLimit: gas.defaultLimit, maxLimit: gas.maxLimit, price: gas.price },
      maxCallDepth: limits.maxCallDepth,
    }),
  };
}
