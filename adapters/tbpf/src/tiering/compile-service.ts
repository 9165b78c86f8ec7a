import type { TieredProgram } from './tiered-program.ts';

/** Where and when programs are compiled. */
export interface CompileService {
  /** Instructions in tier 0 after which compiling a program of so many slots pays; Infinity: not here at all. */
  threshold(slots: number): number;
  /** Compiles a program, now or in the background. */
  start(program: TieredProgram): void;
  /** Hands finished programs their modules. Cheap; called before runs while some program waits. */
  poll(): void;
}
