import { decodeUtf8 } from '@switchyard/core';
import { LegacyTools } from '@switchyard/legacy';
import { TbpfTools } from '@switchyard/tbpf';
import { expect, test } from 'vitest';
import { fixture } from './test-environment.fixture.ts';

test.each(['tally', 'award'])('fixtures/tos-vm/%s is built from its two texts', (name) => {
  const text = (extension: string): string => decodeUtf8(fixture(`tos-vm/${name}.${extension}`))!;
  expect(fixture(`tos-vm/${name}.so`)).toEqual(new TbpfTools().assemble(text('asm')));
  expect(fixture(`tos-vm/${name}.module`)).toEqual(new LegacyTools().assemble(text('lasm')));
});
