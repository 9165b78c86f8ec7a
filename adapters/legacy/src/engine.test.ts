import {
  createContext,
  createEngineServices,
  hexToBytes,
  JournaledState,
  MemoryBackend,
  type PartialContext,
  VmFactory,
} from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { legacyEngine } from './definition.ts';
import { LegacyEngine } from './engine.ts';
import { LegacyTools } from './tools.ts';
import { Kind } from './values/kind.ts';
import { make } from './values/make.ts';
import { CellWriter } from './wire/cell-writer.ts';

const tools = new LegacyTools();

/** Runs the one entry of a source. */
function run(source: string, partial: PartialContext = {}, options: object = {}) {
  const engine = new LegacyEngine(options, createEngineServices());
  const state = new JournaledState(new MemoryBackend());
  const code = tools.assemble(`.entry #main\n#main\n${source}`);
  return engine.execute(code, createContext({ gasLimit: 10_000_000n, ...partial }), state);
}

const RETURN_ZERO = 'CONSTANT u64:0\nRETURN';

describe('the end of a run', () => {
  test('with u64:0 is success, with its cell as return data', () => {
    const result = run(RETURN_ZERO);
    expect(result).toMatchObject({ status: 'success', exitCode: 0n, gasUsed: 10n });
    expect([...result.returnData]).toEqual([0, 4, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(result.returnValue).toEqual({ type: 'default', value: { type: 'u64', value: 0 } });
  });

  test('with another u64 is reverted with that exit code', () => {
    expect(run('CONSTANT u64:55\nRETURN')).toMatchObject({ status: 'reverted', exitCode: 55n });
  });

  test('with another type is a failure without code', () => {
    const result = run('CONSTANT "done"\nRETURN');
    expect(result).toMatchObject({ status: 'failed', exitCode: null });
    expect(result.error?.message).toContain('only a u64 is an exit code');
  });

  test('reports gas up to the limit only, though the machine counted more', () => {
    expect(run(RETURN_ZERO, { gasLimit: 9n })).toMatchObject({ status: 'failed', gasUsed: 9n });
  });

  test("where the reference's process would panic is a failure of its own kind", () => {
    const { error } = run('CONSTANT u64:1\nCONSTANT u64:0\nMOD\nRETURN');
    expect(error).toMatchObject({ code: 'DIVISION_BY_ZERO', native: { name: 'HostPanic' } });
    expect(error?.message).toContain('panic');
  });

  test('by a ciphertext native says that it is not supported', () => {
    const { error } = run(`CONSTANT u64:1\nCONSTANT u64:1\nSYSCALL Ciphertext.add\n${RETURN_ZERO}`);
    expect(error).toMatchObject({
      code: 'UNSUPPORTED',
      native: { detail: 'CiphertextUnsupported(Ciphertext.add)' },
    });
  });

  test('names a native error in the words of the reference', () => {
    const { error } = run(`CONSTANT u64:1\nSYSCALL bytes.len\n${RETURN_ZERO}`);
    expect(error?.native).toEqual({
      name: 'EnvironmentError(ValueError(ExpectedBytes))',
      detail: 'EnvironmentError(ValueError(ExpectedBytes))',
    });
  });
});

describe('what the reference leaves undefined', () => {
  test('is told in the log: a fifth register while a pointer to the first exists', () => {
    const stores = [0, 1, 2, 3].map((index) => `CONSTANT u64:${index}\nMEMORYSET ${index}`).join('\n');
    const result = run(`${stores}\nMEMORYLOAD 0\nCONSTANT u64:4\nMEMORYSET 4\nPOP\n${RETURN_ZERO}`);
    expect(result.status).toBe('success');
    expect(result.logs.map(({ message }) => message)).toEqual(['undefined in the reference: U2 ×1']);
  });

  test('keeps its safe meaning: a callee that returns its own register returns a copy', () => {
    const source = `
      CONSTANT u64:7
      INVOKECHUNK #callee 1
      CONSTANT u64:7
      SUB
      RETURN
      #callee
      MEMORYSET 0
      MEMORYLOAD 0
      RETURN`;
    const result = run(source);
    expect(result).toMatchObject({ status: 'success', exitCode: 0n });
    expect(result.logs.map(({ message }) => message)).toEqual(['undefined in the reference: U1 ×1']);
  });
});

describe('parameters', () => {
  const SUBTRACT = 'MEMORYSET 0\nMEMORYSET 1\nMEMORYLOAD 0\nMEMORYLOAD 1\nSUB\nRETURN';
  const two = new CellWriter()
    .u8(2)
    .cell(make.integer(Kind.U64, 9n))
    .cell(make.integer(Kind.U64, 4n))
    .finish();

  test('come from the input as a count and cells, the first on top', () => {
    expect(run(SUBTRACT, { input: two }).exitCode).toBe(5n);
  });

  test.each([
    ['that end early', two.slice(0, -1)],
    ['with bytes behind them', Uint8Array.of(...two, 0)],
    [
      'that nest too deeply',
      Uint8Array.of(1, ...Array.from({ length: 18 }, () => [2, 0, 0, 0, 1]).flat(), 0, 0),
    ],
  ])('%s are refused before the run', (_what, input) => {
    expect(run(SUBTRACT, { input })).toMatchObject({
      status: 'failed',
      gasUsed: 0n,
      error: { code: 'INVALID_ARGUMENT' },
    });
  });
});

describe('code', () => {
  test('is recognised by a full decode and validation only', () => {
    const code = tools.assemble(`.entry #main\n#main\n${RETURN_ZERO}`);
    expect(legacyEngine.recognise(code)).toBe(true);
    expect(legacyEngine.recognise(Uint8Array.of(...code, 0))).toBe(false);
    expect(legacyEngine.recognise(code.slice(0, -1))).toBe(false);
    expect(legacyEngine.recognise(hexToBytes('7f454c46')!)).toBe(false);
    // Validation, not decoding, refuses an entry that is no chunk.
    expect(legacyEngine.recognise(hexToBytes('00000001000000000001000100')!)).toBe(false);
    expect(new VmFactory([legacyEngine]).select({ code }).type).toBe('legacy');
  });

  test('that the validator refuses says why', () => {
    const engine = new LegacyEngine({}, createEngineServices());
    const report = engine.validateCode(hexToBytes('00000001000000000001000100')!);
    expect(report.valid).toBe(false);
    expect(report.error).toMatchObject({ code: 'CODE_INVALID', native: { detail: 'InvalidEntryId(1)' } });
  });

  test('without such an entry lists what there is', () => {
    const { error } = run(RETURN_ZERO, { entry: { kind: 'entry', id: 3 } });
    expect(error?.code).toBe('ENTRY_NOT_FOUND');
    expect(error?.message).toBe('the module has no entry_3; it has entry_0.');
  });
});

test('a trace shows each instruction before it runs, and changes nothing', () => {
  const steps: string[] = [];
  const source = 'CONSTANT u64:2\nCONSTANT u64:2\nSUB\nRETURN';
  const traced = run(source, {
    trace: { onStep: (step) => steps.push(`${step.pc} ${step.instruction} ${step.registers}`) },
  });
  expect(steps).toEqual(['0 CONSTANT u64:2 ', '3 CONSTANT u64:2 2', '6 SUB 2,2', '7 RETURN 0']);
  expect(traced.gasUsed).toBe(run(source).gasUsed);
});

test('options are checked by name and value', () => {
  const create = (options: unknown) => () => new LegacyEngine(options, createEngineServices());
  expect(create({ tiers: 1 })).toThrow(/no option "tiers"/);
  expect(create({ tier: 'compiled' })).toThrow(
    /expected "auto", "reference" or "interpreter", found "compiled"/,
  );
  expect(run(RETURN_ZERO, {}, { tier: 'reference' }).stats.tier).toBe('reference');
  expect(run(RETURN_ZERO, {}, { memoryPrice: 3 }).gasUsed).toBe(26n);
});

test('inspect names entries, natives and what is wrong', () => {
  const report = tools.inspect(
    tools.assemble(`.entry #main\n#main\nSYSCALL Storage.new\nPOP\n${RETURN_ZERO}`),
  );
  expect(report).toMatchObject({
    format: 'legacy module',
    entries: [0],
    hooks: [],
    syscalls: ['Storage.new'],
    valid: true,
  });
  expect(tools.inspect(hexToBytes('ff')!)).toMatchObject({ valid: false, verdict: 'InvalidSize' });
});

test('random numbers are a stream of BLAKE3 that depends on contract, block and transaction', () => {
  const draw = (hash: number) =>
    run('SYSCALL Random.new\nSYSCALL Random.next_u64\nRETURN', {
      tx: { hash: new Uint8Array(32).fill(hash) },
    }).exitCode;
  expect(draw(1)).toBe(draw(1));
  expect(draw(1)).not.toBe(draw(2));
});
