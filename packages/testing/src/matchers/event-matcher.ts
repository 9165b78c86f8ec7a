import { bytesToHex, type EventOutput, equalBytes } from '@switchyard/core';
import { type Addressable, addressOf } from '../chain/accounts.ts';
import { describeBytes, describeEvent, eventId } from '../describe/describe-outcome.ts';
import { requireOutcome, type Verdict, verdict } from './verdict.ts';

/** What an event must have; what is left out may be anything. */
export interface ExpectedEvent {
  /** The number of an event of one topic: 24 zero bytes and the number, as `tos_fire_event` makes it. */
  readonly id?: number | bigint;
  /** All topics, in order. */
  readonly topics?: readonly Uint8Array[];
  readonly data?: Uint8Array;
  /** Who emitted it. */
  readonly contract?: Addressable;
}

/** Passes when the call emitted such an event, among others or alone. A number stands for `{ id }`, with data as second argument. */
export function toEmit(
  received: unknown,
  expected: number | bigint | ExpectedEvent,
  data?: Uint8Array,
): Verdict {
  requireOutcome('toEmit', received);
  const wanted: ExpectedEvent = {
    ...(typeof expected === 'object' ? expected : { id: expected }),
    ...(data === undefined ? {} : { data }),
  };
  const { events } = received.result;
  const count = events.length === 1 ? '1 event' : `${events.length} events`;
  const found =
    received.status !== 'success'
      ? `${received.status}, which drops its events`
      : events.length === 0
        ? 'emitted none'
        : `emitted ${count}: ${events.map(describeEvent).join('; ')}`;
  return verdict(
    received,
    events.some((event) => fits(event, wanted)),
    `to emit ${describe(wanted)}`,
    found,
  );
}

function fits(event: EventOutput, { id, topics, data, contract }: ExpectedEvent): boolean {
  const [first] = event.topics;
  if (id !== undefined && !(event.topics.length === 1 && eventId(first!) === BigInt(id))) return false;
  if (topics !== undefined) {
    const isSame = topics.length === event.topics.length;
    if (!isSame || !topics.every((topic, index) => equalBytes(topic, event.topics[index]!))) return false;
  }
  if (data !== undefined && !equalBytes(data, event.data)) return false;
  return contract === undefined || equalBytes(addressOf(contract), event.contract);
}

function describe({ id, topics, data, contract }: ExpectedEvent): string {
  const parts = [
    ...(id === undefined ? [] : [`event ${id}`]),
    ...(topics === undefined
      ? []
      : [`topics [${topics.map((topic) => `0x${bytesToHex(topic)}`).join(', ')}]`]),
    ...(data === undefined ? [] : [`data ${describeBytes(data)}`]),
    ...(contract === undefined ? [] : [`contract ${bytesToHex(addressOf(contract))}`]),
  ];
  return parts.length === 0 ? 'an event' : parts.join(', ');
}
