import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VmError } from '../errors/vm-error.ts';
import { estimateGas, type GasProbe } from './estimate.ts';
import { GasMeter } from './gas-meter.ts';
import { createGasPolicy, GAS_POLICIES, settleGas } from './gas-policy.ts';

describe('settlement', () => {
  const run = { limit: 1000n, used: 500n, refund: 0n, price: 2n };

  test('of the presets', () => {
    expect(settleGas({ ...run, policy: GAS_POLICIES.tos })).toMatchObject({
      charged: 500n,
      refunded: 500n,
      burned: 300n,
      producerShare: 700n,
    });
    expect(settleGas({ ...run, baseFee: 1n, policy: GAS_POLICIES['evm-london'] })).toMatchObject({
      burned: 500n,
      producerShare: 500n,
    });
    expect(settleGas({ ...run, refund: 999n, policy: GAS_POLICIES['evm-legacy'] }).charged).toBe(250n);
    expect(settleGas({ ...run, refund: 999n, policy: GAS_POLICIES['evm-london'] }).charged).toBe(400n);
    expect(
      settleGas({ ...run, policy: { ...GAS_POLICIES.prozchain, treasury: new Uint8Array(32) } }),
    ).toMatchObject({
      burned: 700n,
      treasuryShare: 200n,
      producerShare: 100n,
    });
    expect(settleGas({ ...run, refund: 999n, policy: GAS_POLICIES.plain }).charged).toBe(500n);
  });

  test('charges at least the minimum and never above the limit', () => {
    const policy = createGasPolicy({ minimumCharge: 700n });
    expect(settleGas({ ...run, policy }).charged).toBe(700n);
    expect(settleGas({ ...run, limit: 600n, policy }).charged).toBe(600n);
    expect(settleGas({ ...run, used: 5000n, policy }).charged).toBe(1000n);
  });

  test('refuses shares that are out of range, naming them', () => {
    expect(() => createGasPolicy({ burnPercent: 101 })).toThrow(
      'gas.policy.burnPercent: expected an integer from 0 to 100, found 101.',
    );
    expect(() => createGasPolicy({ burnPercent: 60, treasuryPercent: 41 })).toThrow('together exceed 100');
  });

  test('loses and makes no unit, whatever the numbers', () => {
    const u64 = fc.bigInt(0n, 2n ** 64n - 1n);
    const percent = fc.nat({ max: 100 });
    fc.assert(
      fc.property(
        u64,
        u64,
        u64,
        u64,
        u64,
        percent,
        percent,
        percent,
        fc.boolean(),
        (limit, used, refund, price, baseFee, cap, burn, treasury, burnBaseFee) => {
          const policy = createGasPolicy({
            refundCapPercent: cap,
            burnPercent: burn,
            treasuryPercent: Math.min(treasury, 100 - burn),
            treasury: new Uint8Array(32),
            burnBaseFee,
          });
          const settled = settleGas({ limit, used, refund, price, baseFee, policy });
          expect(settled.charged + settled.refunded).toBe(limit);
          expect(settled.burned + settled.treasuryShare + settled.producerShare).toBe(settled.fee);
          expect(settled.fee + settled.refundedFee).toBe(limit * price);
          for (const share of [
            settled.charged,
            settled.burned,
            settled.treasuryShare,
            settled.producerShare,
          ]) {
            expect(share).toBeGreaterThanOrEqual(0n);
          }
        },
      ),
    );
  });
});

describe('the meter', () => {
  test('takes exactly the limit and refuses one more, unchanged', () => {
    const meter = new GasMeter(100n, true);
    expect(meter.charge(99n)).toBe(true);
    expect(meter.charge(2n)).toBe(false);
    expect(meter.used).toBe(99n);
    expect(meter.charge(1n, 'storage')).toBe(true);
    expect(meter.left).toBe(0n);
    meter.giveBack(10n, 'storage');
    expect(meter.charge(-1n)).toBe(false);
    meter.addRefund(5n);
    meter.addRefund(-9n);
    expect(meter.refund).toBe(0n);
    expect(meter.breakdown).toEqual({
      computation: 99n,
      storage: -9n,
      memory: 0n,
      precompiles: 0n,
      subcalls: 0n,
    });
    expect(new GasMeter(1n).breakdown).toBeUndefined();
  });
});

describe('an estimate', () => {
  const outOfGas = new VmError('OUT_OF_GAS', 'out.');
  /** A contract that needs `peak` and uses `used`. */
  const plain =
    (used: bigint, peak: bigint, observed = false) =>
    (limit: bigint): GasProbe =>
      limit >= peak
        ? { status: 'success', gasUsed: used, gasPeak: peak, gasObserved: observed, refund: 3n, error: null }
        : {
            status: 'failed',
            gasUsed: limit,
            gasPeak: limit,
            gasObserved: observed,
            refund: 0n,
            error: outOfGas,
          };

  test('is the peak, proved by one more run', () => {
    expect(estimateGas({ cap: 10_000n, run: plain(50n, 80n) })).toEqual({
      gasLimit: 80n,
      gasUsed: 50n,
      refund: 3n,
      runs: 2,
      method: 'exact',
      margin: 0n,
      exceedsLimit: false,
    });
  });

  test('needs no second run when the peak is the cap', () => {
    expect(estimateGas({ cap: 80n, run: plain(50n, 80n) }).runs).toBe(1);
  });

  test('rounds its margin up and never exceeds the cap', () => {
    expect(estimateGas({ cap: 10_000n, marginPercent: 10, run: plain(81n, 81n) })).toMatchObject({
      gasLimit: 90n,
      margin: 9n,
      exceedsLimit: false,
    });
    expect(estimateGas({ cap: 85n, marginPercent: 10, run: plain(81n, 81n) })).toMatchObject({
      gasLimit: 85n,
      margin: 4n,
      exceedsLimit: true,
    });
  });

  test('cuts its margin to what the block allows, and tells when the need alone is above that', () => {
    const estimate = (blockLimit: bigint) =>
      estimateGas({ cap: 10_000n, blockLimit, marginPercent: 10, run: plain(81n, 81n) });
    expect(estimate(90n)).toMatchObject({ gasLimit: 90n, margin: 9n, exceedsLimit: false });
    expect(estimate(89n)).toMatchObject({ gasLimit: 89n, margin: 8n, exceedsLimit: true });
    expect(estimate(80n)).toMatchObject({ gasLimit: 81n, margin: 0n, exceedsLimit: true });
  });

  test('searches when the contract looked at its gas, and stops at the tolerance', () => {
    const exact = estimateGas({ cap: 1_000_000n, run: plain(50n, 77_777n, true) });
    expect(exact).toMatchObject({ gasLimit: 77_777n, method: 'search' });
    const rough = estimateGas({ cap: 1_000_000n, tolerance: 5000n, run: plain(50n, 77_777n, true) });
    expect(rough.gasLimit).toBeGreaterThanOrEqual(77_777n);
    expect(rough.gasLimit).toBeLessThan(82_778n);
    expect(rough.runs).toBeLessThan(exact.runs);
  });

  test('searches when the peak turns out wrong', () => {
    const lying = (limit: bigint): GasProbe => ({ ...plain(50n, 900n)(limit), gasPeak: 60n });
    expect(estimateGas({ cap: 10_000n, run: lying })).toMatchObject({ gasLimit: 900n, method: 'search' });
  });

  test('always works, also when success is not monotone', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 500n), fc.integer({ min: 1, max: 97 }), (need, modulus) => {
        const works = (limit: bigint) => limit === 1000n || (limit >= need && limit % BigInt(modulus) !== 0n);
        const run = (limit: bigint): GasProbe =>
          works(limit)
            ? { status: 'success', gasUsed: need, gasPeak: need, gasObserved: true, refund: 0n, error: null }
            : {
                status: 'reverted',
                gasUsed: limit,
                gasPeak: limit,
                gasObserved: true,
                refund: 0n,
                error: outOfGas,
              };
        expect(works(estimateGas({ cap: 1000n, run }).gasLimit)).toBe(true);
      }),
    );
  });

  test('throws what the call fails with, and says when even the cap is not enough', () => {
    const reverted = new VmError('REVERTED', 'exit code 5.');
    const failing = (): GasProbe => ({
      status: 'reverted',
      gasUsed: 1n,
      gasPeak: 1n,
      gasObserved: false,
      refund: 0n,
      error: reverted,
    });
    expect(() => estimateGas({ cap: 10n, run: failing })).toThrow(reverted);
    expect(() => estimateGas({ cap: 10n, run: plain(50n, 80n) })).toThrow(
      'the call needs more than 10 gas, the largest limit allowed here.',
    );
  });
});
