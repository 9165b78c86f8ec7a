import {
  ExecutionEnvironment,
  JournaledState,
  MemoryBackend,
  type TransactionResult,
  VmFactory,
} from '@switchyard/core';
import { TbpfTools, tbpfEngine } from '@switchyard/tbpf';
import { expect, test } from 'vitest';
import { formatTransaction } from './format-transaction.ts';

function result(): TransactionResult {
  const state = new JournaledState(new MemoryBackend());
  const [contract, sender] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  state.setCode(contract, new TbpfTools().assemble('entrypoint:\nadd64 r10, 0\nmov64 r0, 0\nexit'));
  state.flush();
  return new ExecutionEnvironment({ state, factory: new VmFactory([tbpfEngine]) }).call({ contract, sender });
}

test('the name of a file cannot steer a terminal', () => {
  expect(formatTransaction(result(), '\u001b[2Jok\n.so').split('\n')[0]).toMatch(/ \\u\{1b\}\[2Jok\\n\.so$/);
});
