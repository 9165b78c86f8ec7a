import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GasMeter } from './gas-meter.ts';

const MAX_U64 = 2n ** 64n - 1n;

describe('GasMeter', () => {
  test('charges all or nothing', () => {
    const meter = new GasMeter(100n);
    expect(meter.charge(60)).toBe(true);
    expect(meter.charge(41)).toBe(false);
    expect([meter.left, meter.used]).toEqual([40n, 60n]);
    expect(meter.charge(40n)).toBe(true);
    expect(meter.charge(0)).toBe(true);
    expect(meter.charge(1n)).toBe(false);
    expect(meter.left).toBe(0n);
  });

  test('consumes at most what is left', () => {
    const meter = new GasMeter(100n);
    meter.consume(30n);
    expect(meter.left).toBe(70n);
    meter.consume(MAX_U64);
    expect([meter.left, meter.used]).toEqual([0n, 100n]);
  });

  test('draws slices and takes back what was not used', () => {
    const meter = new GasMeter(10n);
    expect(meter.draw(7)).toBe(7);
    expect(meter.draw(7)).toBe(3);
    expect(meter.draw(7)).toBe(0);
    meter.giveBack(4);
    expect([meter.left, meter.used]).toEqual([4n, 6n]);
  });

  test('is exact at the largest limit', () => {
    const meter = new GasMeter(MAX_U64);
    expect(meter.draw(1)).toBe(1);
    expect(meter.left).toBe(MAX_U64 - 1n);
    meter.giveBack(1);
    expect(meter.left).toBe(MAX_U64);
    expect(meter.charge(2n ** 60n + 1n)).toBe(true);
    expect(meter.used).toBe(2n ** 60n + 1n);
    expect(meter.charge(MAX_U64)).toBe(false);
    meter.consume(MAX_U64 - 2n ** 60n - 2n);
    expect(meter.left).toBe(1n);
  });

  test('agrees with a plain subtraction over any sequence around 2^53', () => {
    const limit = fc.oneof(
      fc.bigInt(0n, MAX_U64),
      fc.bigInt(2n ** 53n - 20n, 2n ** 53n + 20n),
      fc.bigInt(0n, 50n),
    );
    const amount = fc.oneof(
      fc.bigInt(0n, 40n),
      fc.bigInt(0n, MAX_U64),
      fc.bigInt(2n ** 53n - 30n, 2n ** 53n - 1n),
    );
    const step = fc.tuple(fc.constantFrom('charge', 'charge number', 'consume', 'draw'), amount);
    fc.assert(
      fc.property(limit, fc.array(step, { maxLength: 20 }), (budget, steps) => {
        const meter = new GasMeter(budget);
        let left = budget;
        for (const [action, units] of steps) {
          if (action === 'draw') {
            const drawn = meter.draw(Number(units % 0x3fff_ffffn));
            const back = Math.floor(drawn / 3);
            meter.giveBack(back);
            left -= BigInt(drawn - back);
          } else if (action === 'consume') {
            meter.consume(units);
            left = units > left ? 0n : left - units;
          } else {
            const small = units % 2n ** 53n;
            const charged = action === 'charge' ? meter.charge(units) : meter.charge(Number(small));
            const wanted = action === 'charge' ? units : small;
            expect(charged).toBe(wanted <= left);
            if (charged) left -= wanted;
          }
          expect(meter.left).toBe(left);
        }
        expect(meter.used).toBe(budget - left);
      }),
      { numRuns: 2000 },
    );
  });

  test('never draws nothing while something is left', () => {
    const meter = new GasMeter(2n ** 53n + 5n);
    expect(meter.charge(2 ** 53 - 1)).toBe(true);
    expect(meter.draw(100)).toBe(6);
    expect(meter.draw(100)).toBe(0);
  });
});
