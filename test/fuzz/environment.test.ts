import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TbpfTools } from '@switchyard/tbpf';
import { afterAll, expect, test } from 'vitest';
import { runFuzz } from './run-fuzz.ts';
import { environmentSuite, type SceneMaker } from './tbpf/environment/environment-suite.ts';
import { makeEnvironmentCase } from './tbpf/environment/make-environment-case.ts';
import { replay } from './tbpf/environment/replay.ts';
import { type CallObservation, Scene } from './tbpf/environment/scene.ts';

const tools = new TbpfTools();
const folder = mkdtempSync(join(tmpdir(), 'switchyard-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The reference with a mistake on the tier `mistaken`. */
function mistaken(corrupt: (honest: CallObservation) => CallObservation): SceneMaker {
  return (made, tier) => {
    const scene = new Scene(made, 'reference');
    return tier === 'reference' ? scene : { call: (call) => corrupt(scene.call(call)) };
  };
}

test('a storage write that one tier forgets is found, shrunk to one transaction, and can be replayed from its file', () => {
  const makeScene = mistaken((honest) => {
    const changes = honest['stateChanges'] as readonly { readonly kind: string }[] | undefined;
    return { ...honest, stateChanges: changes?.filter(({ kind }) => kind !== 'storage') };
  });
  const said: string[] = [];
  const files: string[] = [];
  const { failures } = runFuzz(environmentSuite(tools, undefined, ['mistaken'], makeScene), {
    runs: 2000,
    seed: 20260,
    mostFailures: 1,
    save: folder,
    onFailure(saved, text) {
      files.push(...saved);
      said.push(text);
    },
  });
  expect(failures).toBe(1);
  expect(said.join()).toContain('stateChanges: reference [');
  expect(said.join()).toContain('syscall tos_storage_write');
  const saved = files.find((file) => file.endsWith('.json'))!;
  const { outcomes, difference } = replay(saved, tools);
  expect(outcomes).toHaveLength(1);
  expect(difference).toBeUndefined();
});

test('gas that is off by one unit after a contract called another is found', () => {
  const makeScene = mistaken((honest) => {
    const stats = honest['stats'] as { readonly instructions: bigint } | undefined;
    return stats === undefined
      ? honest
      : { ...honest, stats: { ...stats, instructions: stats.instructions + 1n } };
  });
  const suite = environmentSuite(tools, 'nested', ['mistaken'], makeScene);
  expect(suite.check(makeEnvironmentCase(1, 0, 'nested')).difference?.fields[0]?.field).toBe('stats');
});

test('two hundred transactions of random contracts agree on all tiers', () => {
  const { failures, outcomes } = runFuzz(environmentSuite(tools), { runs: 200, seed: 5, mostFailures: 1 });
  expect(failures).toBe(0);
  expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(['call success', 'call failed OUT_OF_GAS']));
});
