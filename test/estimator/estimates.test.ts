import { readdirSync } from 'node:fs';
import { TbpfTools } from '@switchyard/tbpf';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addressOfCode,
  ask,
  contractHex,
  runtimeOf,
} from '../../packages/estimator/src/run/runtime.fixture.ts';

const folder = new URL('../../fixtures/contracts/', import.meta.url);
const names = [
  ...readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'legacy')
    .map(({ name }) => name),
  ...readdirSync(new URL('legacy/', folder))
    .filter((file) => file.endsWith('.module'))
    .map((file) => `legacy/${file.slice(0, -'.module'.length)}`),
];

const USER = '05'.repeat(32);
const MAX = 1_400_000;

const u64 = fc.bigInt(0n, 2n ** 64n - 1n);
const argument = fc.oneof(
  u64.map((value) => `u64:${value}`),
  fc.nat(5).map((value) => `u64:${value}`),
  fc.constantFrom(`address:${USER}`, `address:${'06'.repeat(32)}`, 'string:apples', 'bool:true', 'u8:1'),
);
const inputs = fc.oneof(
  fc.array(argument, { maxLength: 3 }).map((args) => ({ args })),
  fc.uint8Array({ maxLength: 48 }).map((bytes) => ({ input: Buffer.from(bytes).toString('hex') })),
);

const runtime = runtimeOf();

/** Storage slots that a call touches: what overriding makes a difference in. */
function slotsOf(call: Parameters<typeof ask<'vm_trace'>>[2]): readonly string[] {
  const { result } = ask(runtime, 'vm_trace', { ...call, format: 'events' });
  const keys = (result?.events ?? []).flatMap((event) =>
    event['type'] === 'storage' ? [`${event['key']}`] : [],
  );
  return [...new Set(keys)];
}

describe('an estimate of any call is what the call needs, with overrides of the state too', () => {
  test.each(names)('%s', (name) => {
    const code = contractHex(name);
    const contract = addressOfCode(code);
    const { entries = [], hooks = [] } = ask(runtime, 'vm_validateCode', { code }).result ?? {};
    const points = ['entrypoint', ...entries.map((id) => `entry_${id}`), ...hooks.map((id) => `hook_${id}`)];
    const property = fc.property(
      fc.constantFrom(...points),
      inputs,
      fc.array(fc.oneof(fc.constant(null), fc.uint8Array({ maxLength: 40 })), { maxLength: 4 }),
      fc.nat(1000),
      (entry, input, values, balance) => {
        const state = { [contract]: { code, balance }, [USER]: { balance: 1_000_000 } };
        const plain = { contract, entry, from: USER, ...input, state };
        const storageDiff = Object.fromEntries(
          slotsOf(plain)
            .slice(0, values.length)
            .map((key, index) => {
              const value = values[index] ?? null;
              return [key, value === null ? null : Buffer.from(value).toString('hex')];
            }),
        );
        const call = { ...plain, state: { ...state, [contract]: { code, balance, storageDiff } } };
        const end = (gasLimit: number) => ask(runtime, 'vm_execute', { ...call, gasLimit }).result;
        const { result, fault } = ask(runtime, 'vm_estimateGas', call);
        if (result === undefined) {
          const failed = end(MAX);
          expect(failed?.status).not.toBe('success');
          expect(failed?.fault?.code).toBe(fault?.code);
          return;
        }
        const need = Number(result.gasLimit);
        expect(end(need)?.status).toBe('success');
        if (result.method === 'exact' && need > 0) expect(end(need - 1)?.status).not.toBe('success');
        expect(end(need)?.gas.charged).toBe(result.gasUsed);
        const sum = (result.breakdown ?? []).reduce((gas, share) => gas + BigInt(share.gas), 0n);
        expect(`${sum}`).toBe(result.gasUsed);
      },
    );
    fc.assert(property, { seed: 7, numRuns: 25 });
  });
});

test('a contract that looks at its gas is searched for, and works at the answer', () => {
  const source = `
    syscall tos_get_gas_left
    jlt r0, 5000, poor
    mov64 r0, 0
    exit
    poor:
    mov64 r0, 1
    exit`;
  const code = Buffer.from(new TbpfTools().assemble(source, { version: 'v0' })).toString('hex');
  const { result } = ask(runtime, 'vm_estimateGas', { code });
  // 11 are used when it looks: the instruction and the syscall's 10.
  expect(result).toMatchObject({ method: 'search', gasUsed: '14', gasLimit: '5011' });
  expect(result!.runs).toBeGreaterThan(2);
  const end = (gasLimit: number) => ask(runtime, 'vm_execute', { code, gasLimit }).result?.status;
  expect([end(5011), end(5010)]).toEqual(['success', 'reverted']);
  const rough = ask(runtime, 'vm_estimateGas', { code, tolerance: 10_000 }).result!;
  expect(end(Number(rough.gasLimit))).toBe('success');
  expect(rough.runs).toBeLessThan(result!.runs);
});
