import { blake3 } from '@noble/hashes/blake3.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { joinU64 } from '../interpreter/arithmetic64.ts';
import type { Machine } from '../interpreter/machine.ts';
import type { TbpfNativeError } from '../native-error.ts';
import { charge, fixedRange, HASH_BYTES, isFault, rangeAt, succeed } from './support.ts';
import { syscallFault } from './syscall.ts';
import type { TosSyscall } from './tos-syscall.ts';

const BASE_PRICE = 85;
const LEAST_PER_SLICE = 10;
const BYTES_PER_UNIT = 2;
const SLICE_BYTES = 16;
const sliceLimit = Object.freeze({ register: 2, most: 20_000, error: 'TooManySlices' });

/** A hash that takes its input piece by piece, so that 20,000 long slices are never joined in memory. */
interface StreamingHash {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

/** Hashes the concatenation of slices {ptr u64, len u64}. The slice table is read before the charge, since the price depends on it. */
function hashSyscall(name: string, title: string, create: () => StreamingHash): TosSyscall {
  return {
    name,
    summary: `Writes the ${title} hash, 32 bytes, of the concatenation of the slices {ptr u64, len u64}. Reads the slice table before charging.`,
    parameters: ['slices', 'count', 'out'],
    result: '0',
    price: { base: BASE_PRICE, plus: `Σ max(${LEAST_PER_SLICE}, len ÷ ${BYTES_PER_UNIT}) of the slices` },
    limits: [sliceLimit],
    errors: [],
    run: (machine) => runHash(machine, create),
  };
}

/** `tos_sha256(slices, count, out)`. */
export const tosSha256 = hashSyscall('tos_sha256', 'SHA-256', () => sha256.create());
/** `tos_keccak256(slices, count, out)`. */
export const tosKeccak256 = hashSyscall('tos_keccak256', 'Keccak-256', () => keccak_256.create());
/** `tos_blake3(slices, count, out)`. */
export const tosBlake3 = hashSyscall('tos_blake3', 'BLAKE3', () => blake3.create());

function runHash(machine: Machine, create: () => StreamingHash): TbpfNativeError | undefined {
  const count = machine.registerNumber(sliceLimit.register);
  if (count > sliceLimit.most) return syscallFault(sliceLimit.error);
  const table = rangeAt(machine, 1, count * SLICE_BYTES, false);
  if (table === undefined) return machine.memoryFault(1, BigInt(count * SLICE_BYTES), false);
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const refused = charge(machine, priceOf(view, count));
  if (refused !== undefined) return refused;

  const slices: Uint8Array[] = [];
  for (let at = 0; at < count * SLICE_BYTES; at += SLICE_BYTES) {
    const slice = sliceAt(machine, view, at);
    if (isFault(slice)) return slice;
    slices.push(slice);
  }
  const out = fixedRange(machine, 3, HASH_BYTES, true);
  if (isFault(out)) return out;
  const hash = create();
  for (const slice of slices) hash.update(slice);
  out.set(hash.digest());
  return succeed(machine);
}

/** Exact also where a length is no length any more: each is a u64, so the sum may pass 2^64. */
function priceOf(view: DataView, count: number): bigint {
  let price = BigInt(BASE_PRICE);
  for (let i = 0; i < count; i++) {
    const units = view.getBigUint64(i * SLICE_BYTES + 8, true) / BigInt(BYTES_PER_UNIT);
    price += units < LEAST_PER_SLICE ? BigInt(LEAST_PER_SLICE) : units;
  }
  return price;
}

function sliceAt(machine: Machine, view: DataView, at: number): Uint8Array | TbpfNativeError {
  const low = view.getInt32(at, true);
  const high = view.getInt32(at + 4, true);
  const lengthLow = view.getInt32(at + 8, true);
  const lengthHigh = view.getInt32(at + 12, true);
  const length = (lengthHigh >>> 0) * 0x1_0000_0000 + (lengthLow >>> 0);
  if (length === 0) return new Uint8Array(0);
  return (
    machine.bytesAtAddress(low, high, length, false) ??
    machine.addressFault(low, high, joinU64(lengthLow, lengthHigh), false)
  );
}
