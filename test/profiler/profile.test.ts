import { readdirSync, readFileSync } from 'node:fs';
import {
  type EntryPoint,
  type EnvironmentConfig,
  ExecutionEnvironment,
  JournaledState,
  MemoryBackend,
  NATIVE_ASSET,
  type Precompile,
  PrecompileRegistry,
  type TransactionRequest,
  VmError,
  VmFactory,
} from '@switchyard/core';
import { LegacyTools, legacyEngine } from '@switchyard/legacy';
import { gasByFrame, type Profile, profileCall, toFolded, toSpeedscope } from '@switchyard/profiler';
import { TbpfTools, tbpfEngine } from '@switchyard/tbpf';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contractFile } from '../fuzz/tbpf/environment/contract-file.ts';
import { makeEnvironmentCase } from '../fuzz/tbpf/environment/make-environment-case.ts';
import { caller, callInput, contractAddress, USER } from '../tbpf/environment.fixture.ts';

const tools = { tbpf: new TbpfTools(), legacy: new LegacyTools() } as const;
const sourceMapOf = (engine: string, code: Uint8Array) => tools[engine as keyof typeof tools].sourceMap(code);

/** An environment with codes at addresses 1, 2, …; everyone has funds. */
function environmentWith(codes: readonly Uint8Array[], config: EnvironmentConfig = {}): ExecutionEnvironment {
  const state = new JournaledState(new MemoryBackend());
  for (const [index, code] of codes.entries()) {
    state.setCode(contractAddress(index + 1), code);
    state.adjustBalance(contractAddress(index + 1), NATIVE_ASSET, 1000n);
  }
  state.adjustBalance(USER, NATIVE_ASSET, 1_000_000n);
  state.flush();
  return new ExecutionEnvironment({ state, factory: new VmFactory([tbpfEngine, legacyEngine]), config });
}

const sumOfSelf = ({ nodes }: Profile): bigint => nodes.reduce((sum, { self }) => sum + self, 0n);

/** Sums of the tree, of both machine-readable outputs and of the run itself are one number, and the run ends as it does unwatched. */
function expectExact(environment: ExecutionEnvironment, request: TransactionRequest): Profile {
  const plain = environment.simulate(request);
  const { profile, result } = profileCall(environment, request, { sourceMapOf });
  expect(result.status).toBe(plain.status);
  expect(result.error?.message).toBe(plain.error?.message);
  expect(result.gas).toEqual(plain.gas);
  expect(result.result.gasUsed).toBe(plain.result.gasUsed);
  expect(profile.gasUsed).toBe(plain.result.gasUsed);
  expect(sumOfSelf(profile)).toBe(profile.gasUsed);
  for (const { self, total } of profile.nodes) expect(self >= 0n && total >= self).toBe(true);
  const folded = toFolded(profile)
    .split('\n')
    .filter((line) => line !== '')
    .reduce((sum, line) => sum + BigInt(line.slice(line.lastIndexOf(' ') + 1)), 0n);
  expect(folded).toBe(profile.gasUsed);
  return profile;
}

const contracts = new URL('../../fixtures/contracts/', import.meta.url);
const files = readdirSync(contracts, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(so|module)$/.test(file))
  .sort();

describe('the gas of a profile is the gas of its run, to the unit', () => {
  test.each(files)('%s: every entry, with random inputs and gas limits', (file) => {
    const code = new Uint8Array(readFileSync(new URL(file, contracts)));
    const environment = environmentWith([code]);
    const report = tools[file.endsWith('.so') ? 'tbpf' : 'legacy'].inspect(code);
    const entries: readonly EntryPoint[] = [
      { kind: 'default' },
      ...report.entries.map((id): EntryPoint => ({ kind: 'entry', id })),
      ...report.hooks.map((id): EntryPoint => ({ kind: 'hook', id })),
    ];
    const inputs = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      // What legacy modules read.
      fc
        .array(fc.nat(255), { maxLength: 4 })
        .map((cells) =>
          tools.legacy.calls.encodeParameters(
            cells.map((cell) => ({ value: { kind: 'u64', value: BigInt(cell) } })),
          ),
        ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...entries), inputs, fc.bigInt(0n, 6000n), (entry, input, gasLimit) => {
        const contract = contractAddress(1);
        expectExact(environment, { contract, sender: USER, entry, input, gasLimit });
      }),
      { seed: 4, numRuns: 40 },
    );
  });

  test('of contracts that call each other, at any limit, however they end', () => {
    const ends = new Set<string>();
    for (let index = 0; index < 80; index++) {
      const made = makeEnvironmentCase(11, index, 'nested');
      const environment = environmentWith(made.contracts.map(contractFile), {
        contracts: { reentrancy: { default: 'allow' } },
      });
      for (const { contract, ...call } of made.calls) {
        const entry = { kind: 'entry', id: 0 } as const;
        try {
          const request = { ...call, contract: contractAddress(contract + 1), sender: USER, entry };
          ends.add(expectExact(environment, request).error ?? 'success');
        } catch (thrown) {
          // The generator also makes requests that no environment admits.
          if (!(thrown instanceof VmError) || thrown.code === 'INTERNAL') throw thrown;
        }
      }
    }
    expect([...ends]).toEqual(
      expect.arrayContaining(['success', 'OUT_OF_GAS', 'REVERTED', 'ACCESS_VIOLATION']),
    );
  });
});

test('a nested call is a frame below the syscall that made it, with its engine and its own functions', () => {
  const counter = new Uint8Array(readFileSync(new URL('counter/counter.so', contracts)));
  const environment = environmentWith([tools.tbpf.assemble(caller()), counter]);
  const profile = expectExact(environment, {
    contract: contractAddress(1),
    sender: USER,
    input: callInput({ to: 2, entry: 1 }),
  });
  // Six instructions and 1,000 for the call; then as `switchyard run --entry 1` says: 18 instructions, 200 and 108.
  expect(toFolded(profile)).toBe(
    [
      '01010101…0101 entrypoint [tbpf];entrypoint 5',
      '01010101…0101 entrypoint [tbpf];entrypoint;tos_invoke_contract 1000',
      '01010101…0101 entrypoint [tbpf];entrypoint;tos_invoke_contract;02020202…0202 entry_1 [tbpf];entry_1 18',
      '01010101…0101 entrypoint [tbpf];entrypoint;tos_invoke_contract;02020202…0202 entry_1 [tbpf];entry_1;tos_storage_read 200',
      '01010101…0101 entrypoint [tbpf];entrypoint;tos_invoke_contract;02020202…0202 entry_1 [tbpf];entry_1;tos_set_return_data 108',
      '',
    ].join('\n'),
  );
});

test('a precompile is a frame with all of its gas, and a call that is refused leaves none', () => {
  const address = contractAddress(9);
  const precompile: Precompile = {
    address,
    name: 'echo',
    gasCost: () => 70n,
    execute: (_context, input) => ({ status: 'success', output: input }),
  };
  const state = new JournaledState(new MemoryBackend());
  state.setCode(contractAddress(1), tools.tbpf.assemble(caller()));
  state.flush();
  const environment = new ExecutionEnvironment({
    state,
    factory: new VmFactory([tbpfEngine]),
    precompiles: new PrecompileRegistry([precompile]),
  });
  const folded = (to: number) =>
    toFolded(
      expectExact(environment, { contract: contractAddress(1), sender: USER, input: callInput({ to }) }),
    );
  expect(folded(9)).toContain('entrypoint;tos_invoke_contract;09090909…0909 entry_0 [precompile:echo] 70\n');
  expect(folded(8)).toBe(
    [
      '01010101…0101 entrypoint [tbpf];entrypoint 4',
      '01010101…0101 entrypoint [tbpf];entrypoint;tos_invoke_contract 1000',
      '',
    ].join('\n'),
  );
});

test('functions are counted by their calls, and recursion counts once in totals', () => {
  const source = `
    entrypoint:
      add64 r10, 0
      mov64 r1, 3
      call function_down
      mov64 r0, 0
      exit
    function_down:
      add64 r10, 0
      jeq r1, 0, end
      sub64 r1, 1
      call function_down
    end:
      exit`;
  const environment = environmentWith([tools.tbpf.assemble(source)]);
  const profile = expectExact(environment, { contract: contractAddress(1), sender: USER });
  const rows = gasByFrame(profile).map(({ frame, self, total, calls }) => [frame.name, self, total, calls]);
  // Three times five instructions and once three.
  expect(rows).toEqual([
    ['function_down', 18n, 18n, 4],
    ['entrypoint', 5n, 23n, 1],
    ['01010101…0101 entrypoint', 0n, 23n, 1],
  ]);
});

test('the events of a speedscope file open and close in order, and end at the gas used', () => {
  const code = new Uint8Array(readFileSync(new URL('hello_world/hello_world.so', contracts)));
  const { profile } = profileCall(environmentWith([code]), { contract: contractAddress(1), sender: USER });
  const { events, endValue } = toSpeedscope(profile, 'hello').profiles[0]!;
  expect(endValue).toBe(690);
  const open: number[] = [];
  let last = 0;
  for (const { type, frame, at } of events) {
    expect(at).toBeGreaterThanOrEqual(last);
    last = at;
    if (type === 'O') open.push(frame);
    else expect(open.pop()).toBe(frame);
  }
  expect(open).toEqual([]);
  expect(last).toBe(690);
});
