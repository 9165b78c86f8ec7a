import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import {
  bytesToHex,
  createContext,
  createEngineServices,
  type EngineTier,
  hexToBytes,
  JournaledState,
  MemoryBackend,
  VmError,
} from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { defaultTbpfConfig } from './config.ts';
import { TbpfEngine } from './engine.ts';
import { findEntries } from './loader/entries.ts';
import { loadElf } from './loader/load.ts';
import { runAssembly } from './run-assembly.fixture.ts';
import { tosSyscallTable } from './syscalls/index.ts';
import { TbpfTools } from './tools.ts';

const tools = new TbpfTools();
const elfVectors = new URL('../../../fixtures/vectors/tbpf/elf.jsonl.gz', import.meta.url);
const contracts = new URL('../../../fixtures/contracts/', import.meta.url);
const contract = (name: string) => new Uint8Array(readFileSync(new URL(`${name}/${name}.so`, contracts)));
const engine = new TbpfEngine({}, createEngineServices());

/** The text bytes of an ELF file after loading. */
function textOf(code: Uint8Array): string {
  const loaded = loadElf(code, tosSyscallTable, defaultTbpfConfig);
  if (!loaded.ok) throw new Error(loaded.error.detail);
  return bytesToHex(loaded.executable.text);
}

/** All of a file that a run can see. */
function imageOf(code: Uint8Array) {
  const loaded = loadElf(code, tosSyscallTable, defaultTbpfConfig);
  if (!loaded.ok) throw new Error(loaded.error.detail);
  const { version, text, textAddress, readOnly, functions } = loaded.executable;
  const calls = functions.entries().map(([key, { pc }]) => [key, pc]);
  const { address, bytes } = readOnly;
  const entries = findEntries(code, loaded.executable);
  return { version, text: bytesToHex(text), textAddress, address, bytes: bytesToHex(bytes), calls, entries };
}

/** The file of a text, or undefined when the assembler says why there is none. */
function reassembled(text: string): Uint8Array | undefined {
  try {
    return tools.assemble(text);
  } catch (error) {
    if (error instanceof VmError && error.code === 'ASSEMBLY_INVALID') return undefined;
    throw error;
  }
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
    ['nonsense r1', {}, 'ASSEMBLY_INVALID: line 1: Invalid instruction "nonsense".'],
    [
      '\nentrypoint:\n  exit\n\n mov65 r1, 1\nexit',
      {},
      'ASSEMBLY_INVALID: line 5: Invalid instruction "mov65".',
    ],
    ['exit\nadd64 r1', {}, 'ASSEMBLY_INVALID: line 2: Unexpected operands: [Register(1)].'],
    ['exit\nja nowhere', {}, 'ASSEMBLY_INVALID: line 2: Label not found nowhere.'],
    [
      'syscall 77\nexit',
      { version: 'v0' },
      'ASSEMBLY_INVALID: Syscall 77 has no known name, so a v0 to v2 ELF file cannot refer to it.',
    ],
    [
      '.fill 1, 0x85\nexit',
      { version: 'v0' },
      'ASSEMBLY_INVALID: Slot 0 holds the bytes of a call as data, which the loader of a v0 ELF file would change.',
    ],
    [
      '.version v0\nexit',
      { version: 'v2' },
      'ASSEMBLY_INVALID: line 1: The source is for v0 (.version), and is to be assembled for v2: leave the version out, or correct the directive.',
    ],
    ['exit\n.version v3', {}, 'ASSEMBLY_INVALID: line 2: The directive .version must come first.'],
    ['.version v7\nexit', {}, 'ASSEMBLY_INVALID: "v7" is not a TBPF version; expected v0 to v4.'],
    ['.byte 1', {}, 'ASSEMBLY_INVALID: line 1: The directive .byte comes after .rodata.'],
    ['.rodata 0x100000000\n.byte 256', {}, 'ASSEMBLY_INVALID: line 2: Invalid directive "byte".'],
    ['.calls hashed', {}, 'ASSEMBLY_INVALID: line 1: The directive .calls is for v0 to v2.'],
    ['.text 0x100000100', {}, 'ASSEMBLY_INVALID: line 1: The directive .text is for v0 to v2'],
    [
      '.rodata 0x100000008\n.byte 1\nadd64 r10, 0\nexit',
      {},
      'ASSEMBLY_INVALID: In v3 there is one .rodata, at 0x100000000.',
    ],
    [
      '.version v0\n.rodata 0x100000040\n.byte 1\nexit',
      {},
      'ASSEMBLY_INVALID: Code or data at 0x40 of the file overlap.',
    ],
    ['.version v0\n.text 0x10000003f\nexit', {}, 'ASSEMBLY_INVALID: Nothing can lie below 0x100000040.'],
    [
      '.version v0\n.text 0x200000000\nexit',
      {},
      'ASSEMBLY_INVALID: line 2: The directive .text takes an address from 0x100000000 to 0x101000000.',
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

  test.each(['hello_world', 'counter', 'token', 'faulty'])(
    'gives text of %s that assembles to a file with the same memory, entries and names',
    (name) => {
      const code = contract(name);
      const text = tools.disassemble(code, 'elf');
      expect(text).toMatch(/^\.version v0\n\.calls hashed\n\.text 0x1000000e8\n\.global/);
      const again = tools.assemble(text);
      expect(imageOf(again)).toEqual(imageOf(code));
      expect(tools.inspect(again)).toMatchObject({ format: 'TBPF ELF v0', valid: true });
      // A second round changes nothing.
      expect(tools.disassemble(again, 'elf')).toBe(text);
      expect(bytesToHex(tools.assemble(text, { kind: 'text' }))).toBe(textOf(code));
    },
  );

  test('the reassembled hello_world says the same, with its constants', () => {
    const again = tools.assemble(tools.disassemble(contract('hello_world'), 'elf'));
    const result = engine.execute(again, createContext(), new JournaledState(new MemoryBackend()));
    expect(result).toMatchObject({ status: 'success', gasUsed: 690n });
    expect(result.logs.map(({ message }) => message)).toEqual(['Hello, world!', "The block's height is 0."]);
  });

  test('every ELF file of the vectors comes back with the same memory, or is refused in words', () => {
    const lines = gunzipSync(readFileSync(elfVectors)).toString('utf8').trim().split('\n');
    const counts = { same: 0, refused: 0 };
    for (const line of lines) {
      const code = hexToBytes((JSON.parse(line) as { code: string }).code)!;
      const loaded = loadElf(code, tosSyscallTable, defaultTbpfConfig);
      if (!loaded.ok) continue;
      const text = tools.disassemble(code, 'elf');
      const slots = loaded.executable.text.subarray(0, loaded.executable.text.length & ~7);
      expect(bytesToHex(tools.assemble(text, { kind: 'text' }))).toBe(bytesToHex(slots));
      const again = reassembled(text);
      if (again === undefined) counts.refused++;
      else {
        counts.same++;
        expect(imageOf(again).text).toBe(bytesToHex(slots));
      }
    }
    expect(counts).toMatchInlineSnapshot(`
      {
        "refused": 1,
        "same": 298,
      }
    `);
  });

  test('calls of functions read as calls, with the label at the function', () => {
    const text = tools.disassemble(contract('hello_world'), 'elf');
    const [, name] = /\n {4}call (function_\d+)\n/.exec(text)!;
    expect(text).toContain(`\n\n${name}:\n`);
    expect(text).not.toContain('.fill');
  });

  test.each(['v3', 'v4'])('keeps read-only data and the choice of what is exported (%s)', (version) => {
    const source = `.version ${version}
.global read_it
.rodata 0x100000000
  .byte 0x07, 8, 0, 0
entrypoint: add64 r10, 0
call function_5
exit
read_it: add64 r10, 0
exit
function_5: add64 r10, 0
mov64 r0, 1
lsh64 r0, 32
ldxb r0, [r0+1]
exit`;
    const code = tools.assemble(source);
    const text = tools.disassemble(code, 'elf');
    expect(text).toContain(`.version ${version}\n.global read_it\n`);
    expect(text).toContain('.rodata 0x100000000\n    .byte 0x07, 0x08, 0x00');
    expect(tools.assemble(text)).toEqual(code);
    const run = (name: string) =>
      engine.execute(
        code,
        createContext({ entry: { kind: 'function', name } }),
        new JournaledState(new MemoryBackend()),
      );
    expect(run('entrypoint')).toMatchObject({ status: 'reverted', exitCode: 8n });
    expect(run('read_it').status).toBe('success');
    expect(run('function_5').error?.code).toBe('ENTRY_NOT_FOUND');
  });

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
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
      [0],
      [
        'tos_fire_event',
        'tos_get_tx_sender',
        'tos_memcpy',
        'tos_set_return_data',
        'tos_storage_delete',
        'tos_storage_read',
        'tos_storage_write',
      ],
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

test('a vector runs on every tier of the engine, and on no other', () => {
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
  for (const tier of tools.tiers) {
    expect(tools.runVector(vector, tier)).toMatchObject({ tier, status: 'success' });
  }
  expect(errorOf(() => tools.runVector(vector, 'native' as EngineTier))).toContain('UNSUPPORTED');
  const huge = { ...vector, fields: { version: 'v0', config: { max_call_depth: 1e12 } } };
  expect(errorOf(() => tools.runVector(huge, 'reference'))).toContain(
    'VECTOR_INVALID: vector x: config: config.max_call_depth: 1000000000000 is not a valid value.',
  );
});
