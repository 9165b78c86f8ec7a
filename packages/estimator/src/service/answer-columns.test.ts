import { expect, test } from 'vitest';
import type { RunAnswer } from '../run/run-job.ts';
import { fromColumns, toColumns } from './answer-columns.ts';

test('answers come out of a worker as they went in', () => {
  const answers: readonly RunAnswer[] = [
    {
      ok: true,
      json: '{"gasLimit":"870"}',
      stateVersion: 2n ** 63n,
      facts: {
        engine: 'tbpf',
        tier: 'compiled',
        status: 'success',
        gasUsed: 870n,
        milliseconds: 0.25,
        isCached: false,
      },
    },
    {
      ok: false,
      code: 'STATE_UNAVAILABLE',
      message: 'gone.',
      kind: 'state',
      json: '{}',
      stateVersion: undefined,
      facts: { engine: null, tier: null, status: null, gasUsed: null, milliseconds: 1, isCached: false },
    },
  ];
  expect(fromColumns(structuredClone(toColumns(answers)))).toEqual(answers);
});
