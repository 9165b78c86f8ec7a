import { bytesToHex, decodeUtf8, type EventOutput, type TransactionResult } from '@switchyard/core';

/** Characters of a name on the left. */
const NAME_WIDTH = 12;
/** More lines of one kind tell no more, and push the rest off the screen. */
const MOST_LINES = 20;

/** How a call ended in one line: `success`, `reverted with exit code 2`, `failed with OUT_OF_GAS`. */
export function describeEnd({ status, exitCode, error }: TransactionResult): string {
  if (status === 'success') return 'success';
  return status === 'reverted' ? `reverted with exit code ${exitCode}` : `failed with ${error?.code}`;
}

/** A call's end, error, gas, return data, events and logs, for the message of a failed test. */
export function describeOutcome(outcome: TransactionResult): string {
  const { error, gas, result } = outcome;
  const lines: string[] = [];
  const fact = (name: string, value: string): void => {
    lines.push(`  ${name.padEnd(NAME_WIDTH)}${value}`);
  };
  fact('ended', describeEnd(outcome));
  if (error !== null) {
    fact('error', `${error.code}: ${visible(error.message)}`);
    if (error.native !== undefined) fact('native', visible(error.native.detail));
    if (error.pc !== undefined && error.details['pc'] === undefined) fact('pc', `${error.pc}`);
    for (const [name, value] of Object.entries(error.details)) fact(name, visible(value));
    fact('hint', error.hint);
  }
  fact('gas', `${gas.charged} of ${gas.limit}`);
  if (result.returnData.length > 0) fact('return data', describeBytes(result.returnData));
  addSome(result.events.map(describeEvent), (text) => fact('event', text));
  addSome(
    result.logs.map(({ message }) => visible(message)),
    (text) => fact('log', text),
  );
  return lines.join('\n');
}

/** An event: its id or topics, then its data. */
export function describeEvent({ topics, data }: EventOutput): string {
  const names = topics.map((topic) => `${eventId(topic) ?? `0x${bytesToHex(topic)}`}`).join(', ');
  return `${names === '' ? 'no topic' : names}: ${data.length === 0 ? 'no data' : describeBytes(data)}`;
}

/** The number of an event whose topic is one: 24 zero bytes and the id, big-endian. */
export function eventId(topic: Uint8Array): bigint | undefined {
  if (topic.length !== 32 || topic.subarray(0, 24).some((byte) => byte !== 0)) return undefined;
  return new DataView(topic.buffer, topic.byteOffset).getBigUint64(24);
}

/** Bytes as hexadecimal, with the number that eight of them make, or the text when they are printable. */
export function describeBytes(bytes: Uint8Array): string {
  const hex = bytesToHex(bytes);
  if (bytes.length === 0) return 'no bytes';
  if (bytes.length === 8) return `${hex} (u64 ${new DataView(bytes.slice().buffer).getBigUint64(0, true)})`;
  const text = decodeUtf8(bytes);
  return text !== undefined && /^[\x20-\x7e]+$/.test(text) ? `${hex} (${JSON.stringify(text)})` : hex;
}

function addSome(texts: readonly string[], add: (text: string) => void): void {
  for (const text of texts.slice(0, MOST_LINES)) add(text);
  if (texts.length > MOST_LINES) add(`… and ${texts.length - MOST_LINES} more`);
}

/** Text of a contract's making, with what would steer a terminal written out. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`);
}
