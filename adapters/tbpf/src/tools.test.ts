import { readFileSync } from 'node:fs';
import { bytesToHex, createEngineServices, hexToBytes, VmError } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { defaultTbpfConfig } from './config.ts';
import { TbpfEngine } from './engine.ts';
import { loadElf } from './loader/load.ts';
import { runAssembly } from './run-assembly.fixture.ts';
import { tosSyscallTable } from './syscalls/index.ts';
import { TbpfTools } from './tools.ts';

const tools = new TbpfTools();
const contracts = new URL('../../../fixtures/contracts/', import.meta.url);
const contract = (name: string) => new Uint8Array(readFileSync(new URL(`${name}.so`, contracts)));
const engine = new TbpfEngine({}, createEngineServices());

/** The text bytes of an ELF file after loading. */
function textOf(code: Uint8Array): string {
  const loaded = loadElf(code, tosSyscallTable, defaultTbpfConfig);
  if (!loaded.ok) throw new Error(loaded.error.detail);
  return bytesToHex(loaded.executable.text);
}

function errorOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof VmError) return `${error.code}: ${error.message} ${error.hint}`;
    throw error;
  }
  return 'none';
}

const program = `
  hook_0:
    add64 r10, 0
    exit
  entrypoint:
    add64 r10, -64
    call function_double
    jeq r0, 0, done
    syscall tos_get_block_height
  done:
    exit
  entry_7:
    add64 r10, 0
    call entry_7
    exit
  function_double:
    add64 r10, 0
    lddw r2, 0x1122334455667788
    add64 r0, r0
    exit`;

describe('assemble', () => {
  test('makes a v3 ELF file that loads, verifies and shows its entries', () => {
    const code = tools.assemble(program);
    expect(engine.validateCode(code)).toEqual({ valid: true, error: null, warnings: [] });
    const report = tools.inspect(code);
    expect(report).toMatchObject({
      format: 'TBPF ELF v3',
      instructions: 15,
      entries: [7],
      hooks: [0],
      syscalls: ['tos_get_block_height'],
      valid: true,
      verdict: null,
    });
    expect(report.symbols).toEqual([
      { name: 'hook_0', kind: 'hook', position: 0 },
      { name: 'entrypoint', kind: 'entry', position: 2 },
      { name: 'entry_7', kind: 'entry', position: 7 },
      { name: 'function_double', kind: 'function', position: 10 },
    ]);
    expect(report.sections.map(({ name }) => name)).toEqual(['.text', '.symtab', '.strtab', '.shstrtab']);
  });

  test.each(['v0', 'v1', 'v2', 'v3', 'v4'])('makes a file of version %s that runs', (version) => {
    const source = `
      entrypoint:
        add64 r10, -64
        mov64 r0, 20
        call function_double
        mov64 r6, r0
        mov64 r2, 0
        syscall tos_log
        mov64 r0, r6
        exit
      function_double:
        add64 r10, 0
        add64 r0, r0
        exit`;
    const code = tools.assemble(source, { version });
    expect(tools.inspect(code)).toMatchObject({
      format: `TBPF ELF ${version}`,
      syscalls: ['tos_log'],
      valid: true,
    });
    const result = runAssembly(source, { version });
    expect(result).toMatchObject({ status: 'reverted', exitCode: 40n, gasUsed: 111n });
  });

  test.each(['v0', 'v1', 'v2'])('%s: entries, hooks and a function that calls itself', (version) => {
    const source =
      'mov64 r0, 1\nexit\nhook_0: exit\nentry_9: exit\nfunction_f: jeq r0, 3, end\nadd64 r0, 1\ncall function_f\nend: exit';
    const code = tools.assemble(source, { version });
    expect(tools.inspect(code)).toMatchObject({ entries: [9], hooks: [0], valid: true });
    expect(runAssembly('function_f: call function_f\nexit', { version }).error?.code).toBe(
      'CALL_DEPTH_EXCEEDED',
    );
  });

  test('makes raw slots of kind text, with a version', () => {
    expect(bytesToHex(tools.assemble('mov64 r0, 1\nexit', { version: 'v0', kind: 'text' }))).toBe(
      'b7000000010000009500000000000000',
    );
    expect(errorOf(() => tools.assemble('exit', { kind: 'text' }))).toBe(
      'ASSEMBLY_INVALID: raw TBPF code does not say its version. Give the version: v0, v1, v2, v3 or v4.',
    );
  });

  test.each([
    [
      'exit',
      {},
      'ASSEMBLY_INVALID: The entry, slot 0, is not a function start: in v3 that is add64 r10, imm. Raw instruction slots can be assembled with --kind text.',
    ],
    [
      '',
      {},
      'ASSEMBLY_INVALID: An ELF file needs at least one instruction. Raw instruction slots can be assembled with --kind text.',
    ],
    ['nonsense r1', {}, 'ASSEMBLY_INVALID: Invalid instruction "nonsense".'],
    [
      'syscall 77\nexit',
      { version: 'v0' },
      'ASSEMBLY_INVALID: Syscall 77 has no known name, so a v0 to v2 ELF file cannot refer to it.',
    ],
    [
      '.fill 1, 0x85\nexit',
      { version: 'v0' },
      'ASSEMBLY_INVALID: Slot 0 holds the bytes of a call that is not one.',
    ],
    ['exit', { version: 'v9' }, 'ASSEMBLY_INVALID: "v9" is not a TBPF version; expected v0 to v4.'],
    [
      'exit',
      { kind: 'module' as const },
      'UNSUPPORTED: engine tbpf has no code of kind "module"; kinds: elf, text.',
    ],
  ])('%j with %j: %s', (source, options, message) => {
    expect(errorOf(() => tools.assemble(source, options))).toContain(message);
  });
});

describe('disassemble', () => {
  test.each(['v3', 'v4'])('gives text that assembles to the same ELF file (%s)', (version) => {
    const code = tools.assemble(program, { version });
    const text = tools.disassemble(code, 'elf');
    expect(text).toContain('entry_7:\n    add64 r10, 0\n    call entry_7\n');
    expect(tools.assemble(text, { version })).toEqual(code);
  });

  test.each(['hello_world', 'counter', 'token', 'faulty'])(
    'gives text of %s that assembles to the same slots',
    (name) => {
      const code = contract(name);
      const text = tools.disassemble(code, 'elf');
      const version = tools.inspect(code).format.slice(-2);
      expect(bytesToHex(tools.assemble(text, { version, kind: 'text' }))).toBe(textOf(code));
    },
  );

  test('takes raw slots with a version', () => {
    expect(
      tools.disassemble(hexToBytes('b7000000010000009500000000000000')!, 'text', { version: 'v0' }),
    ).toBe('    mov64 r0, 1\n    exit\n');
  });

  test('refuses what it does not know', () => {
    expect(errorOf(() => tools.disassemble(new Uint8Array(8), 'bytecode'))).toContain('UNSUPPORTED');
    expect(errorOf(() => tools.disassemble(new Uint8Array(8), 'elf'))).toContain(
      'CODE_INVALID: the ELF file is refused: ValueOutOfBounds.',
    );
  });
});

describe('inspect', () => {
  test('counter, exactly', () => {
    const { codeHash, ...report } = tools.inspect(contract('counter'));
    expect(codeHash).toHaveLength(32);
    expect(report).toMatchSnapshot();
  });

  test.each([
    ['hello_world', [], [], ['tos_get_block_height', 'tos_log', 'tos_memcpy', 'tos_set_return_data']],
    [
      'token',
      [0, 1, 2, 3, 4],
      [0],
      ['tos_fire_event', 'tos_get_tx_sender', 'tos_set_return_data', 'tos_storage_read', 'tos_storage_write'],
    ],
    ['faulty', [0, 1, 2, 3, 4, 5, 6, 7], [], ['tos_set_return_data', 'tos_storage_write']],
  ])('%s: entries, hooks and syscalls', (name, entries, hooks, syscalls) => {
    expect(tools.inspect(contract(name))).toMatchObject({
      entries,
      hooks,
      syscalls,
      valid: true,
      verdict: null,
    });
  });

  test.each([
    ['nothing', new Uint8Array(0), 'not an ELF file', 'ValueOutOfBounds'],
    ['an ELF header alone', contract('counter').slice(0, 64), 'ELF, e_flags 0', 'ValueOutOfBounds'],
  ])('describes %s without an exception', (_name, code, format, verdict) => {
    const report = tools.inspect(code);
    expect(report).toMatchObject({ valid: false, entries: [], syscalls: [], instructions: 0 });
    expect([report.format, report.verdict]).toEqual([format, verdict]);
  });
});

test('a vector runs on the reference tier only', () => {
  const vector = {
    id: 'x',
    engine: 'tbpf',
    code: hexToBytes('9500000000000000')!,
    codeKind: 'text',
    gasLimit: 1n,
    fields: { version: 'v0' },
    expect: {},
  };
  expect(tools.runVector(vector, 'reference')).toMatchObject({ status: 'success', gasUsed: 1n });
  expect(errorOf(() => tools.runVector(vector, 'compiled'))).toContain('UNSUPPORTED');
  const huge = { ...vector, fields: { version: 'v0', config: { max_call_depth: 1e12 } } };
  expect(errorOf(() => tools.runVector(huge, 'reference'))).toContain(
    'VECTOR_INVALID: vector x: config: config.max_call_depth: 1000000000000 is not a valid value.',
  );
});
