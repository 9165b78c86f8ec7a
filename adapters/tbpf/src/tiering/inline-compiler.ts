import { compileProgram } from '../compiler/compile.ts';
import { now } from './clock.ts';
import type { CompileService } from './compile-service.ts';
import type { TieredProgram } from './tiered-program.ts';

/** Least instructions in tier 0, about 20 ms of it, before the caller's thread compiles. */
const LEAST = 2_000_000;

/** And for each slot of the program: about as long in tier 0 as emitting it and compiling what runs takes. */
const EACH_SLOT = 500;

/** A larger program would hold the caller up for too long. */
const MOST_SLOTS = 131_072;

/** Compiles on the caller's thread, for hosts without workers and for the tier `compiled`. */
export const inlineCompiler: CompileService = Object.freeze({
  threshold: (slots: number): number =>
    slots > MOST_SLOTS ? Number.POSITIVE_INFINITY : Math.max(LEAST, slots * EACH_SLOT),
  start(program: TieredProgram): void {
    const begin = now();
    const compiled = compileProgram(program.beginCompiling());
    program.accept(compiled, { milliseconds: now() - begin });
    program.compileMs += now() - begin;
  },
  poll(): void {},
});
