import { VmError } from '../errors/vm-error.ts';
import { larger, smaller } from './smaller.ts';

/** How used gas is turned into fees. Integers only: every share is rounded down, the producer gets what is left. */
export interface GasPolicy {
  /** Refunds give back at most this percentage of the gas used (framework.md D33). */
  readonly refundCapPercent: number;
  /** Share of the fee that is burned (T3, D34), of what remains when the base fee is burned. */
  readonly burnPercent: number;
  /** Burns the block's base fee for every unit charged (EIP-1559). */
  readonly burnBaseFee: boolean;
  /** Share of the fee that goes to `treasury`; not above 100 together with `burnPercent`. */
  readonly treasuryPercent: number;
  /** Address (32 bytes) of the treasury; without one its share stays with the producer. */
  readonly treasury: Uint8Array | undefined;
  /** A call is charged at least so much gas, as far as its limit allows. */
  readonly minimumCharge: bigint;
  /** What a gas estimate adds to the need unless its caller says otherwise. */
  readonly marginPercent: number;
}

const BASE: GasPolicy = {
  refundCapPercent: 20,
  burnPercent: 0,
  burnBaseFee: false,
  treasuryPercent: 0,
  treasury: undefined,
  minimumCharge: 0n,
  marginPercent: 0,
};

/** Presets by name, from framework.md: T3 and D33 (tos), D33 and D34 (evm, prozchain), Q2 (prozchain's margin). */
export const GAS_POLICIES = {
  /** 30 % of the used fee is burned, the rest is the producer's. */
  tos: { ...BASE, burnPercent: 30 },
  /** From London on: the base fee is burned, refunds give back at most 1/5. */
  'evm-london': { ...BASE, burnBaseFee: true },
  /** Before London: nothing is burned, refunds give back at most 1/2. */
  'evm-legacy': { ...BASE, refundCapPercent: 50 },
  /** 70 % burned, 20 % to the treasury, 10 % to the producer; estimates carry a margin of 10 %. */
  prozchain: { ...BASE, burnPercent: 70, treasuryPercent: 20, marginPercent: 10 },
  /** No refunds, no burning. */
  plain: { ...BASE, refundCapPercent: 0 },
} as const satisfies Record<string, GasPolicy>;

/** Name of a preset. */
export type GasPolicyName = keyof typeof GAS_POLICIES;

/** A policy from the base (TOS's refund cap, no burning) and what differs. @throws VmError CONFIG_INVALID for a share out of range. */
export function createGasPolicy(differences: Partial<GasPolicy> = {}): GasPolicy {
  const policy = { ...BASE, ...differences };
  for (const name of ['refundCapPercent', 'burnPercent', 'treasuryPercent', 'marginPercent'] as const) {
    const value = policy[name];
    const bound = name === 'marginPercent' ? 10_000 : 100;
    if (!Number.isInteger(value) || value < 0 || value > bound) {
      throw new VmError(
        'CONFIG_INVALID',
        `gas.policy.${name}: expected an integer from 0 to ${bound}, found ${value}.`,
      );
    }
  }
  if (policy.burnPercent + policy.treasuryPercent > 100) {
    throw new VmError('CONFIG_INVALID', 'gas.policy: burnPercent and treasuryPercent together exceed 100.');
  }
  return Object.freeze(policy);
}

/** What `settleGas` needs to know of a run. */
export interface GasUse {
  readonly limit: bigint;
  /** Raw use as the engine reports it; clamped to the limit. */
  readonly used: bigint;
  /** Raw refund counter as the engine reports it; capped by the policy. */
  readonly refund: bigint;
  /** Native units a unit of gas. */
  readonly price: bigint;
  /** Part of the price that is the block's base fee. */
  readonly baseFee?: bigint;
  readonly policy: GasPolicy;
}

/** A settled run. `fee` = `burned` + `treasuryShare` + `producerShare`; prepaid fee = `fee` + `refundedFee`. */
export interface GasSettlement {
  readonly limit: bigint;
  readonly price: bigint;
  /** Gas charged: used less the capped refund. */
  readonly charged: bigint;
  /** Gas given back: limit − charged. */
  readonly refunded: bigint;
  /** Native units paid for the charged gas. */
  readonly fee: bigint;
  /** Native units given back. */
  readonly refundedFee: bigint;
  readonly burned: bigint;
  readonly treasuryShare: bigint;
  readonly producerShare: bigint;
}

/** Splits a run's gas into what is charged, given back, burned and passed on. Integers only. */
export function settleGas(use: GasUse): GasSettlement {
  const { limit, price, policy } = use;
  const used = smaller(use.used, limit);
  const cap = (used * BigInt(policy.refundCapPercent)) / 100n;
  const net = used - smaller(use.refund, cap);
  const charged = larger(net, smaller(policy.minimumCharge, limit));
  const refunded = limit - charged;
  if (price === 0n) {
    return {
      limit,
      price,
      charged,
      refunded,
      fee: 0n,
      refundedFee: 0n,
      burned: 0n,
      treasuryShare: 0n,
      producerShare: 0n,
    };
  }
  const fee = charged * price;
  const baseFee = policy.burnBaseFee ? (use.baseFee ?? 0n) : 0n;
  const burnedBase = charged * smaller(baseFee, price);
  const rest = fee - burnedBase;
  const burned = burnedBase + (rest * BigInt(policy.burnPercent)) / 100n;
  const treasuryShare = policy.treasury === undefined ? 0n : (rest * BigInt(policy.treasuryPercent)) / 100n;
  return {
    limit,
    price,
    charged,
    refunded,
    fee,
    refundedFee: refunded * price,
    burned,
    treasuryShare,
    producerShare: fee - burned - treasuryShare,
  };
}
