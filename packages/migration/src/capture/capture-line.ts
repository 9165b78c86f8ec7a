import {
  type BlockInfo,
  bytesToHex,
  type EntryPoint,
  hexToBytes,
  MAX_U64,
  type TransactionRequest,
  type TransactionResult,
  VmError,
} from '@switchyard/core';

/** First line of a capture: what it is, and the version of this format. */
export const CAPTURE_FORMAT = 'switchyard-migration-capture/1';

/** Longest line that is read, in characters: 1 MiB of input as hexadecimal, and room for the rest. */
export const LONGEST_LINE = 2_200_000;

/** A recorded call, as the chain took it. */
export interface CapturedCall {
  readonly contract: Uint8Array;
  readonly sender: Uint8Array;
  readonly entry: EntryPoint;
  /** The input in the form of the engine that ran it. */
  readonly input: Uint8Array;
  readonly value: bigint;
  readonly deposits: readonly { readonly asset: Uint8Array; readonly amount: bigint }[];
  readonly gasLimit: bigint | undefined;
  readonly height: bigint;
  readonly timestamp: bigint;
  readonly blockHash: Uint8Array | undefined;
  readonly txHash: Uint8Array | undefined;
  /** How the chain says that the call ended: `success`, `exit N` or `failed`. */
  readonly recorded?: string | undefined;
}

/** A call as an environment took it. */
export function capturedCall(request: TransactionRequest, block: Partial<BlockInfo>): CapturedCall {
  return {
    contract: request.contract,
    sender: request.sender,
    entry: request.entry ?? { kind: 'default' },
    input: request.input ?? new Uint8Array(0),
    value: request.value ?? 0n,
    deposits: request.deposits ?? [],
    gasLimit: request.gasLimit,
    height: block.height ?? 0n,
    timestamp: block.timestamp ?? 0n,
    blockHash: block.hash,
    txHash: request.txHash,
  };
}

/**
 * A line of a capture: JSON, with bytes as hexadecimal and amounts as decimal text. What a chain would say of the call (status, exit code,
 * gas) is recorded too, for people; a replay runs the old side again instead of believing it, and counts where they differ.
 */
export function captureLine(call: CapturedCall, result: TransactionResult): string {
  const { value, deposits, gasLimit, blockHash, txHash } = call;
  return JSON.stringify({
    contract: bytesToHex(call.contract),
    sender: bytesToHex(call.sender),
    entry: entryText(call.entry),
    input: bytesToHex(call.input),
    ...(value === 0n ? {} : { value: `${value}` }),
    ...(deposits.length === 0
      ? {}
      : { deposits: deposits.map(({ asset, amount }) => [bytesToHex(asset), `${amount}`]) }),
    ...(gasLimit === undefined ? {} : { gasLimit: `${gasLimit}` }),
    height: `${call.height}`,
    timestamp: `${call.timestamp}`,
    ...(blockHash === undefined ? {} : { blockHash: bytesToHex(blockHash) }),
    ...(txHash === undefined ? {} : { txHash: bytesToHex(txHash) }),
    result: {
      status: result.status,
      exitCode: result.exitCode === null ? null : `${result.exitCode}`,
      gasUsed: `${result.result.gasUsed}`,
    },
  });
}

/** The call of a line. @throws VmError CAPTURE_INVALID that says what is wrong with it. */
export function parseCaptureLine(line: string): CapturedCall {
  if (line.length > LONGEST_LINE) throw invalid(`longer than ${LONGEST_LINE} characters`);
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw invalid('not JSON');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw invalid('not a JSON object');
  const fields = json as Record<string, unknown>;
  return {
    contract: bytes32(fields, 'contract'),
    sender: bytes32(fields, 'sender'),
    entry: entryOf(fields['entry']),
    input: hexOf(fields['input'], 'input'),
    value: fields['value'] === undefined ? 0n : u64(fields['value'], 'value'),
    deposits: fields['deposits'] === undefined ? [] : depositsOf(fields['deposits']),
    gasLimit: fields['gasLimit'] === undefined ? undefined : u64(fields['gasLimit'], 'gasLimit'),
    height: u64(fields['height'] ?? '0', 'height'),
    timestamp: u64(fields['timestamp'] ?? '0', 'timestamp'),
    blockHash: fields['blockHash'] === undefined ? undefined : bytes32(fields, 'blockHash'),
    txHash: fields['txHash'] === undefined ? undefined : bytes32(fields, 'txHash'),
    recorded: fields['result'] === undefined ? undefined : recordedEnd(fields['result']),
  };
}

/** `entrypoint`, `entry_7`, `hook_0`, or a function's name. */
export function entryText(entry: EntryPoint): string {
  if (entry.kind === 'default') return 'entrypoint';
  return entry.kind === 'function' ? entry.name : `${entry.kind}_${entry.id}`;
}

const NUMBERED = /^(entry|hook)_(0|[1-9]\d{0,4})$/;

function entryOf(text: unknown): EntryPoint {
  if (typeof text !== 'string' || text.length === 0 || text.length > 256)
    throw invalid('entry: expected a name');
  if (text === 'entrypoint') return { kind: 'default' };
  const numbered = NUMBERED.exec(text);
  if (numbered === null) return { kind: 'function', name: text };
  const kind = numbered[1] as 'entry' | 'hook';
  const id = Number(numbered[2]);
  if (id > (kind === 'hook' ? 0xff : 0xffff)) throw invalid(`entry: ${text} is out of range`);
  return { kind, id };
}

/** How a call ended, without what only one engine would say: `success`, `exit N` or `failed`. */
export function endOf({ status, exitCode }: Pick<TransactionResult, 'status' | 'exitCode'>): string {
  return status === 'reverted' ? `exit ${exitCode}` : status;
}

function recordedEnd(found: unknown): string {
  const { status, exitCode } = (typeof found === 'object' && found !== null ? found : {}) as Record<
    string,
    unknown
  >;
  if (status === 'success' || status === 'failed') return status;
  if (status === 'reverted') return `exit ${u64(exitCode, 'result.exitCode')}`;
  throw invalid('result: expected a status of success, reverted or failed');
}

function depositsOf(found: unknown): CapturedCall['deposits'] {
  if (!Array.isArray(found) || found.length > 255) throw invalid('deposits: expected a list of at most 255');
  return found.map((pair: unknown, index) => {
    if (!Array.isArray(pair) || pair.length !== 2)
      throw invalid(`deposits[${index}]: expected [asset, amount]`);
    const asset = hexOf(pair[0], `deposits[${index}]`);
    if (asset.length !== 32) throw invalid(`deposits[${index}]: expected an asset of 32 bytes`);
    return { asset, amount: u64(pair[1], `deposits[${index}]`) };
  });
}

function bytes32(fields: Record<string, unknown>, name: string): Uint8Array {
  const bytes = hexOf(fields[name], name);
  if (bytes.length !== 32) throw invalid(`${name}: expected 32 bytes, found ${bytes.length}`);
  return bytes;
}

function hexOf(found: unknown, name: string): Uint8Array {
  const bytes = typeof found === 'string' ? hexToBytes(found) : undefined;
  if (bytes === undefined) throw invalid(`${name}: expected hexadecimal`);
  return bytes;
}

function u64(found: unknown, name: string): bigint {
  if (typeof found !== 'string' || !/^\d{1,20}$/.test(found))
    throw invalid(`${name}: expected a decimal number as text`);
  const value = BigInt(found);
  if (value > MAX_U64) throw invalid(`${name}: expected at most 2^64 − 1`);
  return value;
}

function invalid(what: string): VmError {
  return new VmError('CAPTURE_INVALID', `${what}.`);
}
