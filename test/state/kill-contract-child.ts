import { readFileSync } from 'node:fs';
import { ExecutionEnvironment, JournaledState, VmFactory } from '@switchyard/core';
import { openState } from '@switchyard/state';
import { tbpfEngine } from '@switchyard/tbpf';
import { alice, bob, contract, transferOne } from './kill-contract-scene.ts';

// Deploys the token and transfers one unit a thousand times, and says each call's number once it has returned.
const store = openState({ kind: 'lmdb', path: process.argv[2]! });
const environment = new ExecutionEnvironment({
  state: new JournaledState(store),
  factory: new VmFactory([tbpfEngine]),
});
const code = new Uint8Array(
  readFileSync(new URL('../../fixtures/contracts/token/token.so', import.meta.url)),
);
const deployed = environment.deploy({ code, sender: alice, address: contract });
if (deployed.error !== null) throw deployed.error;
for (let i = 1; i <= 1000; i++) {
  const { error } = environment.call({
    sender: alice,
    contract,
    entry: { kind: 'entry', id: 0 },
    input: transferOne(bob),
  });
  if (error !== null) throw error;
  process.stdout.write(`${i}\n`);
}
await store.close();
