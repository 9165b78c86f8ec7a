import { existsSync, readdirSync, readFileSync } from 'node:fs';
import {
  createContext,
  createEngineServices,
  type EntryPoint,
  type ExecutionResult,
  JournaledState,
  MemoryBackend,
} from '@switchyard/core';
import { type LinkedVersion, link } from '@switchyard/sdk';
import { TbpfEngine, TbpfTools } from '@switchyard/tbpf';
import { describe, expect, test } from 'vitest';
import { structureProblems } from './elf-structure.ts';

const folder = new URL('../../fixtures/contracts/', import.meta.url);
const names = readdirSync(folder).filter((name) => existsSync(new URL(`${name}/${name}.c`, folder)));
const linked = (name: string, version: LinkedVersion, debugSymbols = false) => {
  const bytes = new Uint8Array(readFileSync(new URL(`${name}/${name}.o`, folder)));
  return link([{ name: `${name}.o`, bytes }], { version, debugSymbols, strict: true });
};

describe.each(names)('%s', (name) => {
  test.each([0, 3] as const)('as V%i has every field as the specification wants it', (version) => {
    expect(structureProblems(linked(name, version))).toEqual([]);
    expect(structureProblems(linked(name, version, true))).toEqual([]);
  });

  test('as V3 passes the verifier, and exports the same names', () => {
    const tools = new TbpfTools();
    const exports = (version: LinkedVersion) => {
      const { symbols, verdict } = tools.inspect(linked(name, version));
      expect(verdict).toBeNull();
      return symbols
        .filter(({ kind }) => kind !== 'undefined')
        .map((one) => `${one.kind} ${one.name}`)
        .sort();
    };
    expect(exports(3)).toEqual(exports(0));
  });
});

test('the checker of structure sees a changed field', () => {
  const seen = (version: LinkedVersion, at: number, byte: number) => {
    const file = linked('counter', version);
    file[at] = byte;
    return structureProblems(file);
  };
  expect(seen(0, 18, 247)).toEqual(['e_machine is 503, not 263']);
  expect(seen(3, 7, 3)).toEqual(['ident byte 7 is 3, not 0']);
  expect(seen(3, 64 + 4, 5)).toEqual(['segment 0: p_flags is 5, not 1']);
  expect(seen(3, 288, 0xb7)).toContain('slot 0 is not a function marker');
  expect(seen(0, 24, 1)).toEqual(['e_entry is 769']);
});

/** Runs calls one after another on one state, and says all that a caller can see of them, but gas. */
function observe(code: Uint8Array, calls: readonly Call[]): unknown[] {
  const engine = new TbpfEngine({}, createEngineServices());
  const state = new JournaledState(new MemoryBackend());
  return calls.map(([entry, input, sender]) => {
    const context = createContext({
      contract: new Uint8Array(32).fill(0xcc),
      entry,
      input: Uint8Array.from(input),
      tx: { sender: new Uint8Array(32).fill(sender ?? 1) },
    });
    const id = state.checkpoint();
    const result = engine.execute(code, context, state);
    if (result.status === 'success') state.commit(id);
    else state.revert(id);
    return visible(result);
  });
}

type Call = readonly [entry: EntryPoint, input: readonly number[], sender?: number];

function visible({
  status,
  exitCode,
  returnData,
  logs,
  events,
  stateChanges,
  error,
}: ExecutionResult): unknown {
  return { status, exitCode, returnData, logs, events, stateChanges, error: error?.code };
}

const u64 = (value: number) => [value & 255, (value >> 8) & 255, 0, 0, 0, 0, 0, 0];
const account = (id: number) => Array.from({ length: 32 }, () => id);
const main = (...input: readonly number[]): Call => [{ kind: 'default' }, input];
const entry = (id: number, ...input: readonly number[]): Call => [{ kind: 'entry', id }, input];
const hook = (...input: readonly number[]): Call => [{ kind: 'hook', id: 0 }, input];

test.each<[string, readonly Call[]]>([
  ['hello_world', [main(), main(65, 100, 97), main(...account(65), ...account(66), 67), main(0xff)]],
  [
    'counter',
    [hook(...u64(7)), hook(), entry(0), entry(0, ...u64(300)), entry(1), main(), main(0, ...u64(2)), main(9)],
  ],
  [
    'token',
    [
      hook(...u64(500)),
      entry(0, ...account(2), ...u64(120)),
      entry(1, ...account(1)),
      entry(1, ...account(2)),
      entry(0, ...account(2), ...u64(1000)),
      entry(2, ...account(3), ...u64(7)),
      [{ kind: 'entry', id: 2 }, [...account(3), ...u64(7)], 5],
      entry(3),
      entry(4),
      main(1, ...account(3)),
      main(8),
    ],
  ],
  [
    'faulty',
    [
      ...[0, 1, 2, 3, 4, 5, 6, 7].map((id) => entry(id)),
      entry(2, ...u64(62)),
      entry(2, ...u64(63)),
      entry(4, ...u64(9)),
      entry(5, ...u64(0)),
      main(4),
    ],
  ],
])('%s linked as V3 does what it does as V0', (name, calls) => {
  const [asV0, asV3] = [0, 3] as const;
  expect(observe(linked(name, asV3), calls)).toEqual(observe(linked(name, asV0), calls));
});
