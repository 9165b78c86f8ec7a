import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createEngineServices, hexToBytes } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { codeError } from './code-errors.ts';
import { TbpfEngine } from './engine.ts';
import { syscallKey } from './format/murmur3.ts';
import { syscallKeysOf } from './loader/syscall-keys.ts';
import { nativeError } from './native-error.ts';

const file = new URL('../../../fixtures/vectors/tbpf/elf.jsonl.gz', import.meta.url);

interface Line {
  readonly id: string;
  readonly code: string;
  readonly config: object;
  readonly expect: { readonly status: string; readonly error: string | null };
}

/** The first ELF vector with default configuration that the reference refuses so. */
function refusedAs(error: string): Uint8Array {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
  for (const line of lines) {
    const vector = JSON.parse(line) as Line;
    if (vector.expect.error === error && Object.keys(vector.config).length === 0)
      return hexToBytes(vector.code)!;
  }
  throw new Error(`no vector is refused as ${error}`);
}

describe('a refused file', () => {
  test.each([
    ['WritableSectionNotSupported', 'declare the global const'],
    ['WrongMachine', '-target bpf'],
    ['WrongType', 'switchyard build FILE.o'],
    ['UnsupportedTBPFVersion', 'engines.tbpf.options.versions'],
    ['FailedToParse', 'well-formed ELF file'],
  ])('%s says what to do', (name, hint) => {
    const { valid, error } = new TbpfEngine({}, createEngineServices()).validateCode(refusedAs(name));
    expect(valid).toBe(false);
    expect(error?.code).toBe('CODE_INVALID');
    expect(error?.native?.name).toBe(name);
    expect(error?.hint).toContain(hint);
  });

  test('a symbol clash names the syscall whose key is taken', () => {
    const error = nativeError('load', 'SymbolHashCollision', syscallKey('tos_log'));
    expect(codeError(error, syscallKeysOf(['tos_log'])).message).toBe(
      'the ELF file is refused: a function of the contract has the key of the syscall tos_log.',
    );
  });

  test('a clash of two functions names their key', () => {
    const { error } = new TbpfEngine({}, createEngineServices()).validateCode(
      refusedAs('SymbolHashCollision'),
    );
    expect(error?.native?.name).toBe('SymbolHashCollision');
    expect(error?.message).toMatch(
      /^the ELF file is refused: two functions of the contract have the key 0x[0-9a-f]+\.$/,
    );
  });
});
