import { type Canonical, hex } from '../mapping/canonical.ts';
import type { SuiteCall } from '../suite/suite.ts';

/** How many calls of a sequence show the failure that is looked for; 0 when it does not fail, or fails in another way. */
export type CallsToFail = (calls: readonly SuiteCall[]) => number;

/** A sequence cut after the call that fails; undefined when it does not. */
type Failing = (calls: readonly SuiteCall[]) => readonly SuiteCall[] | undefined;

/** Runs of a sequence that a shrink may take. */
const MOST_RUNS = 2000;

/**
 * A shortest and simplest sequence that still fails: calls are left out, first many at once and then one by one; then senders, values,
 * blocks and arguments are made simpler, and accounts fewer. Deterministic.
 */
export function shrinkSequence(
  calls: readonly SuiteCall[],
  senders: readonly Uint8Array[],
  callsToFail: CallsToFail,
): readonly SuiteCall[] {
  let runs = 0;
  const failing: Failing = (sequence) => {
    const length = runs++ < MOST_RUNS ? callsToFail(sequence) : 0;
    return length === 0 ? undefined : sequence.slice(0, length);
  };
  let best = leaveOut(calls, failing);
  for (let isSimpler = true; isSimpler; ) {
    isSimpler = false;
    for (let i = 0; i < best.length; i++) {
      for (const simpler of simplerCalls(best[i]!, senders)) {
        const found = failing(best.with(i, simpler));
        if (found === undefined) continue;
        best = found;
        isSimpler = true;
        break;
      }
    }
    for (const fewer of fewerAccounts(best, senders)) {
      const found = failing(fewer);
      if (found === undefined) continue;
      best = found;
      isSimpler = true;
      break;
    }
    if (isSimpler) best = leaveOut(best, failing);
  }
  return best;
}

/** Delta debugging: chunks of halving size are left out as long as the rest fails. */
function leaveOut(calls: readonly SuiteCall[], failing: Failing): readonly SuiteCall[] {
  let best = calls;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = best.length - size; at >= 0; at -= size) {
      const shorter = [...best.slice(0, at), ...best.slice(at + size)];
      const found = shorter.length > 0 ? failing(shorter) : undefined;
      if (found === undefined) continue;
      best = found;
      at = Math.min(at, best.length);
    }
  }
  return best;
}

/** One account takes the part of a later one in every call, where changing one call alone would break what they do together. */
function* fewerAccounts(
  calls: readonly SuiteCall[],
  senders: readonly Uint8Array[],
): Generator<readonly SuiteCall[]> {
  for (let i = senders.length - 1; i > 0; i--) {
    const later = senders[i]!;
    if (!calls.some(({ sender, args }) => sender === later || JSON.stringify(args).includes(hex(later))))
      continue;
    for (const sooner of senders.slice(0, i)) {
      yield calls.map((call) => ({
        ...call,
        sender: call.sender === later ? sooner : call.sender,
        args: call.args.map((arg) => renamed(arg, hex(later), hex(sooner))),
      }));
    }
  }
}

function renamed(value: Canonical, from: string, to: string): Canonical {
  if (value === from) return to;
  if (typeof value !== 'object' || value === null || 'text' in value) return value;
  return value.map((each) => renamed(each, from, to));
}

/** Calls that differ in one thing and are simpler in it, the simplest first. */
function* simplerCalls(call: SuiteCall, senders: readonly Uint8Array[]): Generator<SuiteCall> {
  if (call.value > 0n) {
    for (const value of simplerIntegers(call.value)) yield { ...call, value };
  }
  const { height, timestamp, ...rest } = call.block;
  if ((height ?? 0n) > 0n || (timestamp ?? 0n) > 0n) yield { ...call, block: { ...rest, topoheight: 0n } };
  for (const sender of senders) {
    if (sender === call.sender) break;
    yield { ...call, sender };
  }
  const accounts = senders.map(hex);
  for (const [index, arg] of call.args.entries()) {
    for (const simpler of simplerValues(arg, accounts))
      yield { ...call, args: call.args.with(index, simpler) };
  }
}

function* simplerValues(value: Canonical, accounts: readonly string[]): Generator<Canonical> {
  if (typeof value === 'string' && /^\d+$/.test(value)) {
    for (const integer of simplerIntegers(BigInt(value))) yield `${integer}`;
  } else if (typeof value === 'string') {
    if (value.length === ACCOUNT_LENGTH) {
      for (const account of accounts) {
        if (account === value) break;
        yield account;
      }
    }
  } else if (value === true) {
    yield false;
  } else if (typeof value === 'object' && value !== null) {
    if ('text' in value) {
      const { text } = value;
      if (text.length > 0) yield { text: '' };
      if (text.length > 1) {
        yield { text: 'a' };
        yield { text: [...text].slice(0, Math.floor(text.length / 2)).join('') };
        yield { text: [...text].slice(0, -1).join('') };
      }
      return;
    }
    for (let i = 0; i < value.length; i++) yield [...value.slice(0, i), ...value.slice(i + 1)];
    for (let i = 0; i < value.length; i++) {
      for (const inner of simplerValues(value[i]!, accounts)) yield value.with(i, inner);
    }
  }
}

/** `0x` and 32 bytes. */
const ACCOUNT_LENGTH = 66;

/** 0, 1, its lowest bits, which keep a remainder, then ever closer from below. */
function* simplerIntegers(value: bigint): Generator<bigint> {
  const tried = new Set<bigint>([value]);
  const lowest = [4, 8, 16, 32].map((bits) => BigInt.asUintN(bits, value));
  const closer = [value >> 32n, value >> 8n, value / 2n, value - value / 4n, value - 1n];
  for (const candidate of [0n, 1n, ...lowest, ...closer]) {
    if (candidate < 0n || candidate >= value || tried.has(candidate)) continue;
    tried.add(candidate);
    yield candidate;
  }
}
