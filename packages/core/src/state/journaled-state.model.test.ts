import fc from 'fast-check';
import { expect, test } from 'vitest';
import { address } from '../../test-support/fake-engine.ts';
import { bytesToHex, MAX_U64 } from '../bytes.ts';
import { JournaledState } from './journaled-state.ts';
import { MemoryBackend } from './memory-backend.ts';

/** The naive model: everything in one plain object, copied whole at every checkpoint. */
interface Model {
  items: Record<string, string>;
  outputs: string[];
}

const ACCOUNTS = [address(1), address(2), address(3)];
const ASSETS = [new Uint8Array(32), address(9)];

type Step =
  | { readonly do: 'set'; readonly account: number; readonly key: number; readonly value: number }
  | { readonly do: 'delete'; readonly account: number; readonly key: number }
  | {
      readonly do: 'transfer';
      readonly from: number;
      readonly to: number;
      readonly asset: number;
      readonly amount: bigint;
    }
  | {
      readonly do: 'mint' | 'burn';
      readonly account: number;
      readonly asset: number;
      readonly amount: bigint;
    }
  | { readonly do: 'nonce'; readonly account: number; readonly value: bigint }
  | { readonly do: 'code'; readonly account: number; readonly value: number }
  | { readonly do: 'checkpoint' | 'commit' | 'flush' }
  | { readonly do: 'revert'; readonly depth: number };

const small = fc.nat({ max: 2 });
const amount = fc.oneof(fc.bigInt(0n, 20n), fc.constant(MAX_U64));
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('set' as const), account: small, key: small, value: fc.nat({ max: 3 }) }),
  fc.record({ do: fc.constant('delete' as const), account: small, key: small }),
  fc.record({
    do: fc.constant('transfer' as const),
    from: small,
    to: small,
    asset: fc.nat({ max: 1 }),
    amount,
  }),
  fc.record({
    do: fc.constantFrom('mint' as const, 'burn' as const),
    account: small,
    asset: fc.nat({ max: 1 }),
    amount,
  }),
  fc.record({ do: fc.constant('nonce' as const), account: small, value: fc.bigInt(0n, 3n) }),
  fc.record({ do: fc.constant('code' as const), account: small, value: fc.nat({ max: 2 }) }),
  fc.record({
    do: fc.constantFrom('checkpoint' as const, 'checkpoint' as const, 'commit' as const, 'flush' as const),
  }),
  fc.record({ do: fc.constant('revert' as const), depth: small }),
);

const storageName = (account: number, key: number) => `s${account}/${key}`;
const balanceName = (account: number, asset: number) => `b${account}/${asset}`;

/** Everything the model knows, as the state sees it. */
function readState(state: JournaledState): Record<string, string> {
  const items: Record<string, string> = {};
  for (const [a, account] of ACCOUNTS.entries()) {
    for (let key = 0; key < 3; key++) {
      const value = state.getStorage(account, Uint8Array.of(key));
      if (value !== undefined) items[storageName(a, key)] = bytesToHex(value);
    }
    for (const [b, asset] of ASSETS.entries()) {
      const balance = state.getBalance(account, asset);
      if (balance > 0n) items[balanceName(a, b)] = `${balance}`;
    }
    if (state.getNonce(account) > 0n) items[`n${a}`] = `${state.getNonce(account)}`;
    const code = state.getCode(account);
    if (code !== undefined) items[`c${a}`] = bytesToHex(code);
  }
  return items;
}

test('behaves like a model that copies everything at every checkpoint', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const backend = new MemoryBackend();
      const state = new JournaledState(backend);
      let model: Model = { items: {}, outputs: [] };
      let flushed: Record<string, string> = {};
      const open: { id: number; model: Model }[] = [];
      const held = (account: number, asset: number) =>
        BigInt(model.items[balanceName(account, asset)] ?? '0');
      const hold = (account: number, asset: number, value: bigint) => {
        if (value === 0n) delete model.items[balanceName(account, asset)];
        else model.items[balanceName(account, asset)] = `${value}`;
      };
      for (const s of steps) {
        switch (s.do) {
          case 'set':
            state.setStorage(ACCOUNTS[s.account]!, Uint8Array.of(s.key), Uint8Array.of(s.value));
            model.items[storageName(s.account, s.key)] = bytesToHex(Uint8Array.of(s.value));
            break;
          case 'delete': {
            const name = storageName(s.account, s.key);
            expect(state.deleteStorage(ACCOUNTS[s.account]!, Uint8Array.of(s.key))).toBe(name in model.items);
            delete model.items[name];
            break;
          }
          case 'transfer': {
            const fits =
              held(s.from, s.asset) >= s.amount &&
              (s.from === s.to || held(s.to, s.asset) + s.amount <= MAX_U64);
            expect(state.transfer(ACCOUNTS[s.from]!, ACCOUNTS[s.to]!, ASSETS[s.asset]!, s.amount)).toBe(fits);
            if (!fits) break;
            hold(s.from, s.asset, held(s.from, s.asset) - s.amount);
            hold(s.to, s.asset, held(s.to, s.asset) + s.amount);
            model.outputs.push(`transfer ${s.amount}`);
            break;
          }
          case 'mint':
          case 'burn': {
            const after = held(s.account, s.asset) + (s.do === 'mint' ? s.amount : -s.amount);
            const fits = after >= 0n && after <= MAX_U64;
            expect(state[s.do](ACCOUNTS[s.account]!, ASSETS[s.asset]!, s.amount)).toBe(fits);
            if (!fits) break;
            hold(s.account, s.asset, after);
            model.outputs.push(`${s.do} ${s.amount}`);
            break;
          }
          case 'nonce':
            state.setNonce(ACCOUNTS[s.account]!, s.value);
            if (s.value === 0n) delete model.items[`n${s.account}`];
            else model.items[`n${s.account}`] = `${s.value}`;
            break;
          case 'code':
            state.setCode(ACCOUNTS[s.account]!, Uint8Array.of(s.value));
            model.items[`c${s.account}`] = bytesToHex(Uint8Array.of(s.value));
            break;
          case 'checkpoint':
            open.push({ id: state.checkpoint(), model: structuredClone(model) });
            break;
          case 'commit': {
            const last = open.pop();
            if (last !== undefined) state.commit(last.id);
            break;
          }
          case 'revert': {
            const index = open.length - 1 - s.depth;
            if (index < 0) break;
            state.revert(open[index]!.id);
            model = open[index]!.model;
            open.length = index;
            break;
          }
          case 'flush':
            if (open.length > 0) break;
            state.flush();
            flushed = { ...model.items };
            model.outputs = [];
        }
        for (const account of ACCOUNTS.keys()) {
          const prefix = new RegExp(`^(b|n|c)${account}(/|$)`);
          const exists = Object.keys(model.items).some((name) => prefix.test(name));
          expect(state.accountExists(ACCOUNTS[account]!)).toBe(exists);
        }
        expect(readState(state)).toEqual(model.items);
        expect(
          state.outputs().map((output) => `${output.kind} ${'amount' in output ? output.amount : ''}`),
        ).toEqual(model.outputs);
      }
      // The net changes are exactly the difference to what was flushed last, and a flush makes the store equal.
      const names = new Set([...Object.keys(flushed), ...Object.keys(model.items)]);
      const different = [...names].filter((name) => flushed[name] !== model.items[name]);
      expect(state.changes()).toHaveLength(different.length);
      while (open.length > 0) state.commit(open.pop()!.id);
      state.flush();
      expect(readState(new JournaledState(backend))).toEqual(model.items);
    }),
    { numRuns: 400 },
  );
});
