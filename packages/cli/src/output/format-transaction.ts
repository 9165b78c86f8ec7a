import {
  bytesToHex,
  decodeUtf8,
  isNativeAsset,
  type Output,
  printable,
  type StateChange,
  type TransactionResult,
} from '@switchyard/core';
import pc from 'picocolors';
import { formatError } from './format-error.ts';

/** What core's statistics name as engine when nothing ran. */
const NOT_RUN = 'none';

/** A transaction's result for people. Empty parts are left out. */
export function formatTransaction(result: TransactionResult, title: string): string {
  const { status, exitCode, gas, error } = result;
  const { logs, returnData, stats } = result.result;
  const lines: string[] = [];
  const fact = (name: string, value: string): void => {
    lines.push(`  ${pc.dim(name.padEnd(14))}${value}`);
  };
  const mark = status === 'success' ? pc.green('ok') : pc.red(status);
  lines.push(`${mark} ${printable(title)}`);
  fact('contract', bytesToHex(result.contract));
  if (exitCode !== null) fact('exit code', `${exitCode}`);
  fact('gas used', `${gas.charged} of ${gas.limit}`);
  if (stats.engine !== NOT_RUN)
    fact('engine', `${stats.engine}, ${stats.tier} tier, ${stats.instructions} instructions`);
  if (returnData.length > 0) fact('return data', formatBytes(returnData));
  for (const log of logs) fact('log', printable(log.message));
  for (const output of result.outputs) {
    const text = formatOutput(output);
    if (text !== undefined) fact(output.kind, text);
  }
  for (const change of result.stateChanges) {
    const text = formatChange(change);
    if (text !== undefined) fact(change.kind, text);
  }
  if (error !== null) lines.push('', formatError(error));
  return lines.join('\n');
}

/** Bytes as hexadecimal, with the number they make when there are eight, or the text when they are printable. */
export function formatBytes(bytes: Uint8Array): string {
  const hex = bytesToHex(bytes);
  if (bytes.length === 8) return `${hex} (u64 ${new DataView(bytes.slice().buffer).getBigUint64(0, true)})`;
  const text = decodeUtf8(bytes);
  return text !== undefined && /^[\x20-\x7e]+$/.test(text) ? `${hex} ("${text}")` : hex;
}

/** An address with its middle left out: enough to tell accounts apart. */
export function shortAddress(address: Uint8Array): string {
  const hex = bytesToHex(address);
  return `${hex.slice(0, 8)}…${hex.slice(-4)}`;
}

function formatOutput(output: Output): string | undefined {
  switch (output.kind) {
    case 'transfer':
      return `${output.amount} of ${shortAddress(output.asset)} from ${shortAddress(output.from)} to ${shortAddress(output.to)}`;
    case 'mint':
      return `${output.amount} of ${shortAddress(output.asset)} to ${shortAddress(output.to)}`;
    case 'burn':
      return `${output.amount} of ${shortAddress(output.asset)} of ${shortAddress(output.from)}`;
    case 'event':
      return `${output.topics.map((topic) => bytesToHex(topic).replace(/^0+(?=.)/, '0x')).join(', ')}: ${bytesToHex(output.data)}`;
    case 'refund-deposits':
      return output.deposits.map(({ asset, amount }) => `${amount} of ${shortAddress(asset)}`).join(', ');
    default:
      return undefined;
  }
}

function formatChange(change: StateChange): string | undefined {
  switch (change.kind) {
    case 'storage':
      return `${formatKey(change.key)}: ${formatValue(change.before)} → ${formatValue(change.after)}`;
    case 'balance':
      return `${shortAddress(change.address)}: ${change.before} → ${change.after}${assetName(change.asset)}`;
    default:
      return undefined;
  }
}

function formatKey(key: Uint8Array): string {
  const text = decodeUtf8(key);
  return text !== undefined && /^[\x20-\x7e]+$/.test(text) ? `"${text}"` : bytesToHex(key);
}

function formatValue(value: Uint8Array | undefined): string {
  return value === undefined ? 'absent' : formatBytes(value);
}

/** Nothing for native units. */
function assetName(asset: Uint8Array): string {
  return isNativeAsset(asset) ? '' : ` of ${shortAddress(asset)}`;
}
