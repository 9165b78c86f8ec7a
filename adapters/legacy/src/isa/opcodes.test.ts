import { expect, test } from 'vitest';
import { nodeNatives } from '../natives/table.ts';
import { OPCODES, opcodeOf } from './opcodes.ts';

test('the table has the 64 opcodes in the order of their bytes, each with a mnemonic of its own', () => {
  expect(OPCODES.map(({ code }) => code)).toEqual(Array.from({ length: 64 }, (_, index) => index));
  expect(new Set(OPCODES.map(({ mnemonic }) => mnemonic)).size).toBe(64);
  for (const row of OPCODES) expect(opcodeOf(row.mnemonic.toLowerCase())).toBe(row);
});

test('logical and bitwise opcodes stand where the reference has them, not where other tables do', () => {
  expect(OPCODES.slice(0x22, 0x29).map(({ name }) => name)).toEqual([
    'And',
    'Or',
    'BitwiseAnd',
    'BitwiseOr',
    'BitwiseXor',
    'BitwiseShl',
    'BitwiseShr',
  ]);
});

test('the natives table has the 217 ids of the node, each with a name of its own', () => {
  expect(nodeNatives.length).toBe(217);
  expect(new Set(nodeNatives.map(({ name }) => name)).size).toBe(217);
  const names = [27, 45, 106, 112, 133, 134, 153, 178, 190, 205, 209, 216].map((id) => nodeNatives[id]!.name);
  expect(names).toEqual([
    'string.len',
    'u8.checked_add',
    'u256.max',
    'map.len',
    'clone',
    'Transaction.current',
    'Storage.load',
    'Hash.sha256',
    'Asset.create',
    'transfer',
    'fire_event',
    'get_gas_usage',
  ]);
});
