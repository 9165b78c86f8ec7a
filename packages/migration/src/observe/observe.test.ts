import type { StateChange, TransactionResult } from '@switchyard/core';
import { LegacyTools } from '@switchyard/legacy';
import { TbpfTools } from '@switchyard/tbpf';
import { expect, test } from 'vitest';
import { differences } from '../compare/difference.ts';
import { compileMapping } from '../mapping/compile-mapping.ts';
import type { SideName } from '../mapping/mapping.ts';
import { ledgerSuite } from '../pairs.fixture.ts';
import type { Observation } from './observation.ts';
import { noCounts, Observer } from './observe.ts';

const contract = new Uint8Array(32).fill(7);
const asset = new Uint8Array(32).fill(8);
const { mapping: source } = ledgerSuite();
const bytes = { calls: new TbpfTools().calls, network: 'devnet' };
const cells = { calls: new LegacyTools().calls, network: 'devnet' };

/** An end of a call, as an environment gives it. */
function ended(how: {
  readonly exitCode?: bigint;
  readonly returnData?: Uint8Array;
  readonly stateChanges?: readonly StateChange[];
}): TransactionResult {
  const { exitCode = 0n, returnData = new Uint8Array(0), stateChanges = [] } = how;
  const status = exitCode === 0n ? 'success' : 'reverted';
  const result = {
    status,
    exitCode,
    error: null,
    gasUsed: 1n,
    returnData,
    events: [],
    logs: [],
    transfers: [],
    stateChanges,
  };
  return { status, exitCode, error: null, contract, result } as unknown as TransactionResult;
}

const observe = (side: SideName, mapping: ReturnType<typeof compileMapping>, result: TransactionResult) =>
  new Observer(mapping, side, contract, noCounts()).observe(result, undefined);

const seen = (...given: Parameters<typeof observe>): Observation =>
  JSON.parse(observe(...given).text) as Observation;

test('what two builds of plain bytes return is compared by its bytes, declared or not, also when the call is refused', () => {
  const same = compileMapping(source, { old: bytes, new: bytes });
  const returnData = Uint8Array.of(1, 2);
  expect(seen('old', same, ended({ returnData })).returned).toBe('0x0102');
  expect(seen('old', same, ended({ returnData, exitCode: 3n })).returned).toBe('0x0102');
  const across = compileMapping(source, { old: cells, new: bytes });
  expect(seen('new', across, ended({ returnData })).returned).toBeNull();
});

test('an asset that a call makes is compared with its name and its bounds', () => {
  const same = compileMapping(source, { old: bytes, new: bytes });
  const made = (name: string): TransactionResult =>
    ended({
      stateChanges: [
        {
          kind: 'asset',
          asset,
          before: undefined,
          after: { creator: contract, name, decimals: 2, maxSupply: 9n, supply: 0n },
        },
      ],
    });
  const found = differences(observe('old', same, made('Gold')), observe('new', same, made('Lead')));
  expect(found.map(({ aspect, place }) => [aspect, place])).toEqual([['assets', `0x${'08'.repeat(32)}`]]);
});

test('two keys that read as one place cannot hide a change', () => {
  const observation = (storage: Observation['storage']) => ({
    text: JSON.stringify({
      outcome: 'success',
      returned: null,
      storage,
      flows: [],
      balances: [],
      assets: [],
      events: [],
    }),
    gas: 0,
    notes: '',
  });
  const [one, twice] = [
    observation([['s', ['1'], '5']]),
    observation([
      ['s', ['1'], '5'],
      ['s', ['1'], '5'],
    ]),
  ];
  expect(differences(one, twice).map(({ place }) => place)).toEqual(['places that several keys share']);
});

test('a wide pattern of own slots does not take what the suite declares', () => {
  const wide = { side: 'new', name: 'rest', fields: { x: 'bytes' }, key: '$x:raw', reason: 'test' } as const;
  const mapping = compileMapping({ ...source, own: [wide] }, { old: cells, new: bytes });
  const slot = (key: string): StateChange => ({
    kind: 'storage',
    contract,
    key: new TextEncoder().encode(key),
    before: undefined,
    after: new Uint8Array(32).fill(1),
  });
  expect(seen('new', mapping, ended({ stateChanges: [slot('minter')] })).storage).toHaveLength(1);
  expect(seen('new', mapping, ended({ stateChanges: [slot('other')] })).storage).toHaveLength(0);
});
