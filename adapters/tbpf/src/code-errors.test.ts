import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createEngineServices, hexToBytes } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { codeError } from './code-errors.ts';
import { TbpfEngine } from './engine.ts';
import { syscallKey } from './format/murmur3.ts';
import { syscallKeysOf } from './loader/syscall-keys.ts';
import { nativeError } from './native-error.ts';
import { TbpfTools } from './tools.ts';

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

  /** A header of a 64-bit ELF file; the rest may be anything. */
  const header = (machine: number, type: number, data = 1): Uint8Array => {
    const bytes = new Uint8Array(200);
    bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, data, 1]);
    const view = new DataView(bytes.buffer);
    view.setUint16(16, type, data === 1);
    view.setUint16(18, machine, data === 1);
    return bytes;
  };

  test.each([
    ['a program of this computer', header(62, 3), 'the file is for x86-64, not for BPF.', '-target bpf'],
    ['a big-endian file', header(22, 2, 2), 'the file is for s390, not for BPF.', '-target bpf'],
    ['a file for nothing known', header(999, 3), 'the file is for machine 999, not for BPF.', '-target bpf'],
    [
      'an object',
      header(247, 1),
      'this is an object file, not a linked contract.',
      'switchyard build FILE.o',
    ],
    ['a cut object', header(247, 1).slice(0, 60), 'this is an object file, not a linked contract.', 'FILE.o'],
  ])('%s is called by its name', (_, code, message, hint) => {
    const { error } = new TbpfEngine({}, createEngineServices()).validateCode(code);
    expect(error?.code).toBe('CODE_INVALID');
    expect(error?.message).toBe(message);
    expect(error?.hint).toContain(hint);
    // What the reference says of it is kept.
    expect(error?.native?.name).toMatch(/^(ValueOutOfBounds|FailedToParse|WrongMachine|WrongType)$/);
    expect(new TbpfTools().inspect(code).verdict).toBe(message.slice(0, -1));
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
