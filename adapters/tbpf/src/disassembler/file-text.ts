import { featuresOf, type TbpfVersion } from '../isa/version.ts';
import type { Executable } from '../loader/executable.ts';

/** What of a loaded file is not in its instructions. */
export interface LoadedFile extends Pick<Executable, 'textAddress' | 'readOnly'> {
  /** Names that are exported besides the entries. */
  readonly globals: readonly string[];
}

/** The directives before the code: version, form of the calls, place of the code, exported names. */
export function fileHeader(version: TbpfVersion, { textAddress, globals }: LoadedFile): string {
  const lines = [`.version v${version}`];
  const { staticSyscalls, strictElf } = featuresOf(version);
  if (!staticSyscalls) lines.push('.calls hashed');
  if (!strictElf) lines.push(`.text 0x${textAddress.toString(16)}`);
  lines.push(globals.length === 0 ? '.global' : `.global ${globals.join(', ')}`);
  return `${lines.join('\n')}\n\n`;
}

const BYTES_PER_LINE = 16;

/** The read-only memory beside the code, as loaded: addresses in it are the ones that the program sees. */
export function fileData(
  { text, version }: Pick<Executable, 'text' | 'version'>,
  { textAddress, readOnly: { address, bytes } }: LoadedFile,
): string {
  if (featuresOf(version).strictElf) return dataText(address, bytes);
  // In V0–V2 the code lies in the same region.
  const length = BigInt(bytes.length);
  const start = clamp(textAddress - address, length);
  const end = clamp(textAddress + BigInt(text.length) - address, length);
  return dataText(address, bytes.subarray(0, start)) + dataText(address + BigInt(end), bytes.subarray(end));
}

function clamp(offset: bigint, length: bigint): number {
  if (offset < 0n) return 0;
  return Number(offset > length ? length : offset);
}

function dataText(address: bigint, bytes: Uint8Array): string {
  if (bytes.length === 0) return '';
  const lines = [`\n.rodata 0x${address.toString(16)}`];
  for (let at = 0; at < bytes.length; at += BYTES_PER_LINE) {
    const line = Array.from(bytes.subarray(at, at + BYTES_PER_LINE), (byte) => `0x${hex(byte)}`);
    lines.push(`    .byte ${line.join(', ')}`);
  }
  return `${lines.join('\n')}\n`;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
