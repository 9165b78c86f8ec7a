import type { MethodName, ParamsOf } from '../../api/methods.ts';

const CONTRACT = '3f'.repeat(32);
const ALICE = 'a1'.repeat(32);

/** One example of each method's params, for the document and for whoever reads it. */
export const EXAMPLES: { readonly [M in MethodName]: ParamsOf<M> } = {
  vm_estimateGas: {
    contract: CONTRACT,
    entry: 'entry_1',
    args: ['address:b0'.padEnd(72, 'b0'), 'u64:5'],
    from: ALICE,
    marginPercent: 10,
    state: { [ALICE]: { balance: '1000000' } },
  },
  vm_execute: {
    contract: CONTRACT,
    entry: 'entry_2',
    input: '0500000000000000',
    from: ALICE,
    gasLimit: 100_000,
  },
  vm_call: {
    calls: [
      { contract: CONTRACT, entry: 'entry_3', input: '05', from: ALICE },
      { contract: CONTRACT, entry: 'entry_1', input: '05', from: ALICE },
    ],
    estimate: true,
  },
  vm_trace: { contract: CONTRACT, entry: 'entry_1', input: '05', from: ALICE, format: 'events', limit: 100 },
  vm_validateCode: { code: '7f454c46' },
  vm_engines: {},
};
