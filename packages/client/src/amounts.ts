import type { EstimateGasResult, ExecuteResult } from './generated/api-types.ts';

/** The amounts of an estimate as numbers to calculate with. */
export interface EstimateAmounts {
  readonly gasLimit: bigint;
  readonly gasUsed: bigint;
  readonly refund: bigint;
  readonly margin: bigint;
}

/** The amounts of an estimate, which JSON has as decimal text. */
export function estimateAmounts(
  estimate: Pick<EstimateGasResult, 'gasLimit' | 'gasUsed' | 'refund' | 'margin'>,
): EstimateAmounts {
  const { gasLimit, gasUsed, refund, margin } = estimate;
  return {
    gasLimit: BigInt(gasLimit),
    gasUsed: BigInt(gasUsed),
    refund: BigInt(refund),
    margin: BigInt(margin),
  };
}

/** The gas of a run as numbers to calculate with; `fee` is what the sender would pay, in native units. */
export interface GasAmounts {
  readonly limit: bigint;
  readonly charged: bigint;
  readonly refunded: bigint;
  readonly price: bigint;
  readonly fee: bigint;
}

/** The gas of a run, which JSON has as decimal text. */
export function gasAmounts({ gas }: Pick<ExecuteResult, 'gas'>): GasAmounts {
  return {
    limit: BigInt(gas.limit),
    charged: BigInt(gas.charged),
    refunded: BigInt(gas.refunded),
    price: BigInt(gas.price),
    fee: BigInt(gas.fee),
  };
}
