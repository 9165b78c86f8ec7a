import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ExecutionEnvironment, JournaledState, VmFactory } from '@switchyard/core';
import { openState } from '@switchyard/state';
import { tbpfEngine } from '@switchyard/tbpf';
import { expect, test } from 'vitest';
import { killAfter } from './kill-after.ts';
import { alice, bob, contract } from './kill-contract-scene.ts';

const child = fileURLToPath(new URL('kill-contract-child.ts', import.meta.url));

test('a process killed in the middle of 1,000 token transfers keeps every one that returned, whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-kill-contract-'));
  try {
    const path = join(folder, 'state');
    const told = await killAfter(child, path, 120);
    expect(told).toBeLessThan(1000);
    const store = openState({ kind: 'lmdb', path });
    const environment = new ExecutionEnvironment({
      state: new JournaledState(store),
      factory: new VmFactory([tbpfEngine]),
    });
    const balanceOf = (account: Uint8Array): bigint => {
      const { result } = environment.simulate({
        sender: alice,
        contract,
        entry: { kind: 'entry', id: 1 },
        input: account,
      });
      return new DataView(result.returnData.slice().buffer).getBigUint64(0, true);
    };
    const received = balanceOf(bob);
    expect(received).toBeGreaterThanOrEqual(BigInt(told));
    expect(received).toBeLessThanOrEqual(BigInt(told) + 1n);
    expect(balanceOf(alice)).toBe(1_000_000n - received);
    // One nonce for the deployment and one for each transfer.
    expect(store.getNonce(alice)).toBe(received + 1n);
    await store.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
