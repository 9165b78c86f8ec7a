import type { Machine } from '../interpreter/machine.ts';
import { expectedType, panicTrap } from '../interpreter/trap.ts';
import type { Box } from '../values/box.ts';
import { bitsOf, Kind, typeName } from '../values/kind.ts';
import { integerOf, setBytes, setInteger, setNull, setObject } from '../values/make.ts';
import { divisionPanics, LIMB_PANIC, multiplyOverflows, squareRoot, toLimbBytes } from '../values/u256.ts';
import { arrayOfBytes } from './array.ts';
import { argument, method, type Native } from './native.ts';

const ALL: readonly Kind[] = [Kind.U8, Kind.U16, Kind.U32, Kind.U64, Kind.U128, Kind.U256];
const WIDE = ALL.slice(1);

const nameOf = (kind: Kind): string => typeName(kind).toLowerCase();

/** An integer of one kind. @throws Trap ExpectedValueOfType. */
export function requireInteger(box: Box, kind: Kind): bigint {
  if (box.kind !== kind) throw expectedType(typeName(kind));
  return integerOf(box);
}

type Checked = (a: bigint, b: bigint, kind: Kind) => bigint | undefined;

/** The result when it fits, by the exact value; u256 products by the flawed flag. */
function fitting(value: bigint, kind: Kind): bigint | undefined {
  return value < 0n || value >> BigInt(bitsOf(kind)) !== 0n ? undefined : value;
}

function multiply(a: bigint, b: bigint, kind: Kind): bigint | undefined {
  if (kind !== Kind.U256) return fitting(a * b, kind);
  return multiplyOverflows(a, b) ? undefined : BigInt.asUintN(256, a * b);
}

function checkDivision(a: bigint, b: bigint, kind: Kind): boolean {
  if (b === 0n) return false;
  if (kind === Kind.U256 && divisionPanics(a, b)) throw panicTrap(LIMB_PANIC);
  return true;
}

const CHECKED: readonly (readonly [string, Checked])[] = [
  ['checked_add', (a, b, kind) => fitting(a + b, kind)],
  ['checked_sub', (a, b, kind) => fitting(a - b, kind)],
  ['checked_mul', multiply],
  ['checked_div', (a, b, kind) => (checkDivision(a, b, kind) ? a / b : undefined)],
  ['checked_rem', (a, b, kind) => (checkDivision(a, b, kind) ? a % b : undefined)],
];

function checkedNatives(kind: Kind): readonly Native[] {
  return CHECKED.map(([name, compute]) =>
    method(`${nameOf(kind)}.${name}`, 1, 2, (machine, self, args) => {
      const right = requireInteger(argument(machine, args), kind);
      const value = compute(requireInteger(self, kind), right, kind);
      if (value === undefined) setNull(machine.result);
      else setInteger(machine.result, kind, value);
      return true;
    }),
  );
}

/** Bytes of an integer in the reference's big-endian form, which for u256 begins with the lowest limb. */
function bigEndian(value: bigint, kind: Kind): Uint8Array {
  return kind === Kind.U256 ? toLimbBytes(value) : littleEndian(value, kind).reverse();
}

function littleEndian(value: bigint, kind: Kind): Uint8Array {
  return Uint8Array.from({ length: bitsOf(kind) / 8 }, (_, index) =>
    Number((value >> BigInt(8 * index)) & 0xffn),
  );
}

type Give = (machine: Machine, bytes: Uint8Array) => void;

function byteNatives(kind: Kind, suffix: string, cost: number, give: Give): readonly Native[] {
  const native = (order: string, toBytes: (value: bigint, kind: Kind) => Uint8Array): Native =>
    method(`${nameOf(kind)}.to_${order}_${suffix}`, 0, cost, (machine, self) => {
      give(machine, toBytes(requireInteger(self, kind), kind));
      return true;
    });
  return [native('be', bigEndian), native('le', littleEndian)];
}

/** Registered without a parameter, so the reference indexes an empty list and its process panics. */
function extremeNatives(kind: Kind): readonly Native[] {
  return ['min', 'max'].map((name) =>
    method(`${nameOf(kind)}.${name}`, 0, 1, (_machine, self) => {
      requireInteger(self, kind);
      throw panicTrap('index out of bounds: the len is 0 but the index is 0');
    }),
  );
}

/** Natives 45–106. */
export const integerNatives: readonly Native[] = [
  ...ALL.flatMap(checkedNatives),
  ...WIDE.flatMap((kind) =>
    byteNatives(kind, 'array', 15, (machine, bytes) =>
      setObject(machine.result, arrayOfBytes(machine, bytes)),
    ),
  ),
  ...WIDE.flatMap((kind) =>
    byteNatives(kind, 'bytes', 10, (machine, bytes) => setBytes(machine.result, bytes)),
  ),
  ...ALL.flatMap(extremeNatives),
];

/** Natives 121–126. */
export const rootNatives: readonly Native[] = ALL.map((kind) =>
  method(`${nameOf(kind)}.sqrt`, 0, 10, (machine, self) => {
    const value = requireInteger(self, kind);
    setInteger(machine.result, kind, kind === Kind.U256 ? squareRoot(value) : floorRoot(value));
    return true;
  }),
);

function floorRoot(value: bigint): bigint {
  if (value < 2n) return value;
  // Newton's method falls to the floor root from any guess above it.
  let guess = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}
