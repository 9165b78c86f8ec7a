import { I64, ModuleBuilder } from '@switchyard/wasm-builder';
import { requireWebAssembly } from './bare-runner.ts';
import { computingTwins } from './computing-twins.ts';
import { memoryTwins } from './memory-twins.ts';
import { TwinCode } from './twin-code.ts';

/** Adds the functions that the twin needs besides `run`; gives what writes the body of `run`, which leaves r0 as i64. */
export type TwinWriter = (module: ModuleBuilder) => (code: TwinCode) => void;

/** A twin at work. */
export interface Twin {
  /** @returns r0 as u64. */
  run(): bigint;
  /** The memory that stands for input, heap or stack. */
  readonly memory: Uint8Array;
}

/**
 * The benchmark programs' algorithms written by hand: the same traffic with memory, no meter, no checks of bounds beyond the host's own.
 * What they reach is the most that the host's compiler can give. By name of the program.
 */
const writers: Readonly<Record<string, TwinWriter>> = { ...computingTwins, ...memoryTwins };

/** The twin of a program, with a memory of two pages. @throws Error when there is none of that name. */
export function createTwin(name: string): Twin {
  const writer = writers[name];
  if (writer === undefined) throw new Error(`there is no twin of ${name}.`);
  const module = new ModuleBuilder({ checked: true });
  module.exportMemory('memory', module.addMemory({ minimum: 2, maximum: 2 }));
  const writeRun = writer(module);
  const run = module.addFunction(module.addType([], [I64]));
  module.exportFunction('run', run);
  const code = new TwinCode(module.body(run));
  writeRun(code);
  code.finish();
  const { Module, Instance } = requireWebAssembly();
  const { exports } = new Instance(new Module(module.finish()), {});
  const call = exports['run'] as () => bigint;
  return {
    run: () => BigInt.asUintN(64, call()),
    memory: new Uint8Array((exports['memory'] as { readonly buffer: ArrayBuffer }).buffer),
  };
}
