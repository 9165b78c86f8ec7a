import { I32, ModuleBuilder } from '@switchyard/wasm-builder';
import { writeAccess } from './access.ts';
import { writeInnerLoop } from './inner-loop.ts';
import { writeMemorySyscalls } from './memory-syscalls.ts';
import { writeResume, writeRun } from './run.ts';

/** Name of all imports. */
export const IMPORTS = 'tbpf';

/**
 * The module of tier 0. Imports, all of module `tbpf`: `memory`; `syscall(index: i32) -> i32`, 0 to go on; `refill() -> i32`, which
 * draws the next slice into Cell.meter, 0 when there is none; `unwind()`, which throws. Exports: `run(exitDepth: i32) -> i32`,
 * `resume(exitDepth: i32)`, and the memory syscalls by name.
 */
export function buildInterpreter(options: { readonly checked?: boolean } = {}): Uint8Array {
  const module = new ModuleBuilder(options);
  const toI32 = module.addType([], [I32]);
  const i32ToI32 = module.addType([I32], [I32]);
  const imports = {
    syscall: module.importFunction(IMPORTS, 'syscall', i32ToI32),
    refill: module.importFunction(IMPORTS, 'refill', toI32),
    unwind: module.importFunction(IMPORTS, 'unwind', module.addType([], [])),
  };
  module.importMemory(IMPORTS, 'memory', { minimum: 1 });

  const loop = module.addFunction(i32ToI32);
  const access = module.addFunction(toI32);
  const memory = writeMemorySyscalls(module);
  const run = module.addFunction(i32ToI32);
  const resume = module.addFunction(module.addType([I32], []));
  writeInnerLoop(module.body(loop));
  writeAccess(module.body(access));
  writeRun(module.body(run), { ...imports, loop, access, memory });
  writeResume(module.body(resume), { run, unwind: imports.unwind });
  for (const [name, index] of Object.entries({ run, resume })) {
    module.exportFunction(name, index);
    module.nameFunction(index, name);
  }
  module.nameFunction(loop, 'loop');
  module.nameFunction(access, 'access');
  module.nameModule('tbpf interpreter');
  return module.finish();
}
