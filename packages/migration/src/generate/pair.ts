import type { RunObserver } from '@switchyard/core';
import { type EngineModules, openSide } from '../app/open-side.ts';
import type { PerSide } from '../mapping/mapping.ts';
import type { SideObservation } from '../observe/observation.ts';
import { RevertibleBackend } from '../replay/revertible-backend.ts';
import type { Side } from '../sides/side.ts';
import type { Suite, SuiteCall } from '../suite/suite.ts';

/** Which places of a side's code were reached. */
export interface Reached {
  readonly pcs: PerSide<Set<number>>;
}

/** Both sides in this thread, to be run from their starting state again and again. */
export class Pair {
  readonly sides: PerSide<Side>;
  readonly #backends: PerSide<RevertibleBackend>;
  /** What the constructors did; undefined without one. */
  readonly begun: readonly [SideObservation, SideObservation] | undefined;

  constructor(suite: Suite, modules: EngineModules, reached: Reached) {
    this.#backends = { old: new RevertibleBackend(), new: new RevertibleBackend() };
    this.sides = {
      old: openSide(suite, 'old', { modules, backend: this.#backends.old }),
      new: openSide(suite, 'new', { modules, backend: this.#backends.new }),
    };
    const [old, fresh] = [
      this.sides.old.begin(watch(reached.pcs.old)),
      this.sides.new.begin(watch(reached.pcs.new)),
    ];
    this.begun = old === undefined || fresh === undefined ? undefined : [old, fresh];
    for (const side of ['old', 'new'] as const) this.#backends[side].mark(1);
  }

  /** Back to the state after the constructors. */
  reset(): void {
    for (const side of ['old', 'new'] as const) {
      this.#backends[side].goBack(1);
      this.sides[side].parts.environment.state.discard();
    }
  }

  /** Runs a call on both sides; with `reached`, also notes what code was reached, which is slower. */
  run(call: SuiteCall, reached?: Reached): readonly [SideObservation, SideObservation] {
    return [this.#runSide('old', call, reached), this.#runSide('new', call, reached)];
  }

  #runSide(name: 'old' | 'new', call: SuiteCall, reached: Reached | undefined): SideObservation {
    const side = this.sides[name];
    return reached === undefined ? side.run(call) : side.run(call, { observer: watch(reached.pcs[name]) });
  }
}

/** Notes the places that the outermost call reaches; those of other contracts are none of the build's. */
function watch(pcs: Set<number>): RunObserver {
  let depth = 0;
  return {
    onCall: () => void depth++,
    onResult: () => void depth--,
    onStep: ({ pc }) => {
      if (depth === 1) pcs.add(pc);
    },
  };
}
