import type { RunAnswer } from '../run/run-job.ts';

/** Answers as they cross from a worker: a column for each field. Turned into arrays, copied and turned back they take half of the time that objects take to be copied. */
export interface AnswerColumns {
  readonly json: readonly string[];
  /** Null for an answer that is no failure. */
  readonly code: readonly (string | null)[];
  readonly message: readonly (string | null)[];
  readonly kind: readonly (string | null)[];
  /** Decimal; null where the state could not be read. */
  readonly stateVersion: readonly (string | null)[];
  readonly engine: readonly (string | null)[];
  readonly tier: readonly (string | null)[];
  readonly status: readonly (string | null)[];
  /** Decimal. */
  readonly gasUsed: readonly (string | null)[];
  readonly milliseconds: readonly number[];
}

type Failed = Extract<RunAnswer, { ok: false }>;

/** In a worker. */
export function toColumns(answers: readonly RunAnswer[]): AnswerColumns {
  return {
    json: answers.map(({ json }) => json),
    code: answers.map((answer) => (answer.ok ? null : answer.code)),
    message: answers.map((answer) => (answer.ok ? null : answer.message)),
    kind: answers.map((answer) => (answer.ok ? null : answer.kind)),
    stateVersion: answers.map(({ stateVersion }) => textOf(stateVersion)),
    engine: answers.map(({ facts }) => facts.engine),
    tier: answers.map(({ facts }) => facts.tier),
    status: answers.map(({ facts }) => facts.status),
    gasUsed: answers.map(({ facts }) => textOf(facts.gasUsed)),
    milliseconds: answers.map(({ facts }) => facts.milliseconds),
  };
}

/** In the service. */
export function fromColumns(columns: AnswerColumns): readonly RunAnswer[] {
  return columns.json.map((json, index) => {
    const version = columns.stateVersion[index]!;
    const stateVersion = version === null ? undefined : BigInt(version);
    const gasUsed = columns.gasUsed[index]!;
    const facts = {
      engine: columns.engine[index]!,
      tier: columns.tier[index]!,
      status: columns.status[index] as RunAnswer['facts']['status'],
      gasUsed: gasUsed === null ? null : BigInt(gasUsed),
      milliseconds: columns.milliseconds[index]!,
      isCached: false,
    };
    const code = columns.code[index]!;
    if (code === null) return { ok: true, json, stateVersion: stateVersion!, facts };
    const message = columns.message[index]!;
    return {
      ok: false,
      code: code as Failed['code'],
      message,
      kind: columns.kind[index] as Failed['kind'],
      json,
      stateVersion,
      facts,
    };
  });
}

function textOf(value: bigint | null | undefined): string | null {
  return value === null || value === undefined ? null : `${value}`;
}
