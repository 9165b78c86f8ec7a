import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { renderOpcodeReference } from './isa/opcode-reference.ts';
import { tosSyscalls } from './syscalls/index.ts';
import { renderSyscallReference } from './syscalls/syscall-reference.ts';

// After a change: BLESS=1 npx vitest run adapters/tbpf/src/reference-pages.test.ts writes the pages.
const pages = [
  ['tbpf-opcodes.md', renderOpcodeReference()],
  ['tbpf-syscalls.md', renderSyscallReference()],
] as const;

describe('the committed reference page', () => {
  test.each(pages)('%s is what the tables say', (name, page) => {
    const url = new URL(`../../../docs/reference/${name}`, import.meta.url);
    if (process.env['BLESS'] === '1') writeFileSync(url, page);
    expect(readFileSync(url, 'utf8')).toBe(page);
  });
});

test.each([
  'tos_log(msg, len)` | 0 | 100 + len | len ≤ 10,000 (`MessageTooLong`) | `InvalidString` | `0x25715484`',
  "tos_storage_read(key, keyLen, out, outLen)` | the value's length; 0 if absent | 200 + the value's length | keyLen ≤ 256 (`KeyTooLarge`) | `BufferTooSmall` | `0xf553df21`",
  'tos_storage_write(key, keyLen, value, valueLen)` | 0 | 500 + 2 · valueLen | keyLen ≤ 256 (`KeyTooLarge`); valueLen ≤ 65,536 (`ValueTooLarge`) | `StaticViolation` | `0x0dffa6de`',
  'tos_memset(dst, byte, len)` | 0 | max(10, len ÷ 250) |  |  |',
])('the syscall page has the row %s', (row) => {
  expect(renderSyscallReference()).toContain(row);
});

test('every syscall that refuses an argument names a parameter for it', () => {
  for (const { name, parameters, limits, price } of tosSyscalls) {
    for (const { register } of limits) expect(parameters[register - 1], name).toBeDefined();
    if (price.register !== undefined) expect(parameters[price.register - 1], name).toBeDefined();
  }
});
