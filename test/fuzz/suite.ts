/** What two tiers disagree in. */
export interface Difference {
  readonly tier: string;
  /** Which of the case's runs, from 0. */
  readonly run: number;
  readonly fields: readonly FieldDifference[];
}

/** One field that is not the same; values as text. */
export interface FieldDifference {
  readonly field: string;
  readonly reference: string;
  readonly other: string;
}

/** What came of one case. */
export interface CheckResult {
  /** How each run ended on the reference, such as `ok` or `AccessViolation`. */
  readonly outcomes: readonly string[];
  /** The first difference; the case's later runs have not been made then. */
  readonly difference: Difference | undefined;
}

/** A family of cases that the fuzzer can make, check, simplify and save. */
export interface Suite<C> {
  /** The case of an index; the same for the same seed, whatever was made before. */
  make(seed: number, index: number): C;
  /** Runs the case on every tier. */
  check(failing: C): CheckResult;
  /** Simpler cases, the largest steps first. */
  simpler(failing: C, difference: Difference): Iterable<C>;
  /** Writes the case for people and for replaying. @returns the files. */
  save(failing: C, difference: Difference, folder: string): readonly string[];
  /** A line or two about the case. */
  describe(failing: C): string;
}
