import { LegacyTools } from '@switchyard/legacy';
import { TbpfTools } from '@switchyard/tbpf';
import { expect, test } from 'vitest';
import { assembled, ledgerSuite, legacyText } from '../pairs.fixture.ts';
import { checkSignatures } from './check-signatures.ts';

const { sides } = ledgerSuite();
const old = { name: 'old', code: sides.old.code, tools: new LegacyTools() };
const fresh = { name: 'new', code: sides.new.code, tools: new TbpfTools() };

test('a port with the same entries is told of natives that differ, and of the texts that keys are made of', () => {
  const check = checkSignatures(old, fresh);
  expect(check.findings).toEqual([
    {
      level: 'note',
      what: 'Storage.store has a counterpart that differs (tos_storage_write): it returns nothing; the legacy one returns a cached old value',
    },
  ]);
  expect(check.texts).toEqual(['minter', 'balance']);
  expect(check.natives.find(({ native }) => native === 'fire_event')).toEqual({
    native: 'fire_event',
    counterpart: { kind: 'syscall', names: ['tos_fire_event'] },
    isUsed: true,
  });
});

test('a missing entry, a missing hook and an invalid build are errors', () => {
  const bare = assembled('.entry #go\n#go\n  CONSTANT u64:0\n  RETURN\n');
  const check = checkSignatures(old, { name: 'bare', code: bare, tools: new LegacyTools() });
  expect(check.findings.filter(({ level }) => level === 'error').map(({ what }) => what)).toEqual([
    'entry_1 is missing in the new build',
    'entry_2 is missing in the new build',
    'entry_3 is missing in the new build',
    'hook_0 is missing in the new build',
  ]);
  const broken = checkSignatures(old, { name: 'x.so', code: Uint8Array.of(1), tools: new TbpfTools() });
  expect(broken.findings[0]).toEqual({
    level: 'error',
    what: expect.stringMatching(/^x\.so is not valid: /),
  });
});

test('as many missing as new entries look renumbered', () => {
  const moved = assembled('.entry #a\n#a\n  CONSTANT u64:0\n  RETURN\n');
  const one = assembled(
    '.hook 0 #c\n.entry #a\n#c\n  CONSTANT u64:0\n  RETURN\n#a\n  CONSTANT u64:0\n  RETURN\n',
  );
  const tools = new LegacyTools();
  const check = checkSignatures({ name: 'a', code: moved, tools }, { name: 'b', code: one, tools });
  expect(check.findings.map(({ what }) => what)).toEqual([
    'entry_0 is missing in the new build; the new build has entry_1 instead: map them in the suite',
    'hook_0 is new: nothing calls it yet',
  ]);
});

test('a native that nothing does is a warning', () => {
  const text = legacyText('vesting').replace('SYSCALL Transaction.source', 'SYSCALL Transaction.nonce');
  const check = checkSignatures({ name: 'v', code: assembled(text), tools: new LegacyTools() }, fresh);
  expect(check.findings).toContainEqual({
    level: 'warning',
    what: 'Transaction.nonce has no counterpart: a contract cannot see the nonce',
  });
});
