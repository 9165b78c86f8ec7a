import type { Suite } from './suite.ts';

/** A case of one suite or of the other. */
export type Either<A, B> = { readonly first: A } | { readonly second: B };

/** Cases of two suites: every `nth` index belongs to the second. */
export function eitherSuite<A, B>(first: Suite<A>, second: Suite<B>, nth: number): Suite<Either<A, B>> {
  return {
    make: (seed, index) =>
      index % nth === nth - 1 ? { second: second.make(seed, index) } : { first: first.make(seed, index) },
    check: (made) => ('first' in made ? first.check(made.first) : second.check(made.second)),
    *simpler(failing, difference) {
      if ('first' in failing)
        for (const one of first.simpler(failing.first, difference)) yield { first: one };
      else for (const one of second.simpler(failing.second, difference)) yield { second: one };
    },
    save: (failing, difference, folder) =>
      'first' in failing
        ? first.save(failing.first, difference, folder)
        : second.save(failing.second, difference, folder),
    describe: (failing) =>
      'first' in failing ? first.describe(failing.first) : second.describe(failing.second),
  };
}
