import {
  formatLocation,
  type RunObserver,
  type TransactionResult,
  VmError,
  type VmEventBus,
} from '@switchyard/core';
import { createProfiler, type Profile } from '@switchyard/profiler';
import { createCallTree, createTracer, toJsonLine } from '@switchyard/profiler/trace';
import type { ParamsOf } from '../api/methods.ts';
import { type Target, targetOf } from './call-request.ts';
import { faultOf } from './fault.ts';
import type { JobOutcome } from './job-outcome.ts';
import { applyOverrides } from './overrides.ts';
import type { Runtime } from './runtime.ts';
import { surroundingsOf } from './surroundings.ts';
import { toWire } from './to-wire.ts';

const DEFAULT_LIMIT = 1000;

interface Watcher {
  readonly observer: RunObserver;
  listen?(events: VmEventBus): () => void;
  /** The part of the answer that this format makes. */
  finish(result: TransactionResult): Record<string, unknown>;
}

/** `vm_trace`. */
export function trace(runtime: Runtime, params: ParamsOf<'vm_trace'>): JobOutcome {
  applyOverrides(runtime, params.state);
  const target = targetOf(runtime, params, params.block);
  const watcher = watcherOf(runtime, params);
  const end = watcher.listen?.(runtime.events);
  let result: TransactionResult;
  try {
    result = run(runtime, target, watcher.observer);
  } finally {
    end?.();
  }
  const { profile: _, ...surroundings } = surroundingsOf(
    runtime,
    result.contract,
    result.result.stats.engine,
    target.request.block?.height,
  );
  return {
    error: null,
    run: result.result,
    value: toWire({
      status: result.status,
      fault: result.error === null ? null : faultOf(result.error, result.result),
      gasUsed: result.result.gasUsed,
      tree: null,
      events: null,
      profile: null,
      isCut: false,
      ...watcher.finish(result),
      ...surroundings,
    }),
  };
}

function run({ environment }: Runtime, target: Target, observer: RunObserver): TransactionResult {
  return target.kind === 'deploy'
    ? environment.simulateDeploy({ ...target.request, observer })
    : environment.simulate({ ...target.request, observer });
}

function watcherOf(runtime: Runtime, params: ParamsOf<'vm_trace'>): Watcher {
  switch (params.format ?? 'tree') {
    case 'tree':
      return treeWatcher(runtime);
    case 'events':
      return eventWatcher(runtime, params.limit ?? DEFAULT_LIMIT, params.steps ?? false);
    case 'profile':
      return profileWatcher(runtime);
  }
}

function treeWatcher(runtime: Runtime): Watcher {
  const tree = createCallTree(namesOf(runtime));
  return {
    observer: tree.observer,
    listen: (events) => tree.listen(events),
    finish: () => ({ tree: tree.render() }),
  };
}

function eventWatcher(runtime: Runtime, limit: number, steps: boolean): Watcher {
  const lines: unknown[] = [];
  let characters = 0;
  let isCut = false;
  const tracer = createTracer({
    filter: { limit: limit + 1, ...(steps ? {} : { syscallsOnly: true }) },
    ...namesOf(runtime),
    onEvent(event) {
      if (lines.length >= limit) {
        isCut = true;
        return;
      }
      const line = toJsonLine(event);
      characters += line.length;
      // Beyond what can be sent nothing is kept: a trace may be far longer than a worker's memory.
      if (characters <= runtime.responseBytes) lines.push(JSON.parse(line));
    },
  });
  return {
    observer: tracer.observer,
    listen: (events) => tracer.listen(events),
    finish() {
      if (characters > runtime.responseBytes) {
        throw new VmError(
          'RESPONSE_TOO_LARGE',
          `the events of the trace take more than ${runtime.responseBytes} bytes.`,
          {
            hint: 'Ask for a lower limit, or without steps.',
          },
        );
      }
      return { events: lines, isCut };
    },
  };
}

function profileWatcher(runtime: Runtime): Watcher {
  const profiler = createProfiler(namesOf(runtime));
  return {
    observer: profiler.observer,
    finish: ({ result, gas }) => {
      const profile = profiler.finish(result, gas.limit);
      return { profile: profileJson(profile), isCut: profile.isCut };
    },
  };
}

function profileJson({ frames, nodes, isCut }: Profile): Record<string, unknown> {
  return {
    frames: frames.map(({ kind, name, source }) => ({
      kind,
      name,
      source: source === undefined ? null : formatLocation(source),
    })),
    nodes,
    isCut,
  };
}

function namesOf({ factory }: Runtime) {
  return {
    sourceMapOf: (engine: string, code: Uint8Array) => factory.definition(engine).tools.sourceMap?.(code),
  };
}
