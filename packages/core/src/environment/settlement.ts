import { NATIVE_ASSET } from '../bytes.ts';
import { VmError } from '../errors/vm-error.ts';
import { type GasSettlement, settleGas } from '../gas/gas-policy.ts';
import type { ExecutionResult } from '../vm/execution-result.ts';
import type { Output, RunOutput } from '../vm/outputs.ts';
import type { EnvironmentParts } from './environment-options.ts';
import type { Frame } from './frame.ts';

/** Splits the gas of a run and pays it out: the refund to the sender, shares to producer and treasury; the burned part is gone. */
export function settleTransaction(
  parts: EnvironmentParts,
  frame: Frame,
  gasUsed: bigint,
  gasRefund: bigint,
): GasSettlement {
  const { policy } = parts.gas;
  const { scope, caller } = frame;
  const settlement = settleGas({
    limit: frame.gasLimit,
    used: gasUsed,
    refund: gasRefund,
    price: scope.gasPrice,
    baseFee: scope.block.baseFee,
    policy,
  });
  if (scope.gasPrice > 0n) {
    pay(parts, caller, settlement.refundedFee);
    pay(parts, scope.block.coinbase, settlement.producerShare);
    if (policy.treasury !== undefined) pay(parts, policy.treasury, settlement.treasuryShare);
  }
  return settlement;
}

function pay({ state }: EnvironmentParts, to: Uint8Array, amount: bigint): void {
  if (amount > 0n && !state.adjustBalance(to, NATIVE_ASSET, amount)) {
    throw new VmError('BALANCE_OVERFLOW', `fees of ${amount} do not fit the balance of their receiver.`, {
      hint: 'The state holds more native units than 2^64 − 1; check how it was filled.',
    });
  }
}

/** A transaction's outputs in the order of framework.md X2 and X3. `fundsTaken`: the deposits were taken and, on failure, given back. */
export function transactionOutputs(
  frame: Frame,
  result: ExecutionResult,
  runOutputs: readonly RunOutput[],
  fundsTaken: boolean,
  settlement: GasSettlement,
): readonly Output[] {
  const outputs: Output[] = [...runOutputs];
  if (result.status !== 'success' && fundsTaken && frame.deposits.length > 0) {
    outputs.push({ kind: 'refund-deposits', to: frame.caller, deposits: frame.deposits });
  }
  outputs.push({ kind: 'exit-code', code: result.exitCode });
  if (settlement.refunded > 0n) {
    outputs.push({ kind: 'refund-gas', to: frame.caller, amount: settlement.refunded });
  }
  return outputs;
}
