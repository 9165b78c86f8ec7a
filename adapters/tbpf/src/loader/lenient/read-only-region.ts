import type { TbpfConfig } from '../../config.ts';
import { addressMap, elf } from '../../format/elf-constants.ts';
import { failOutOfBounds } from '../load-failure.ts';
import type { ParsedElf } from './parse.ts';

const readOnlyNames: ReadonlySet<string> = new Set(['.text', '.rodata', '.data.rel.ro', '.eh_frame']);

interface Part {
  readonly address: number;
  readonly data: Uint8Array;
}

interface Layout {
  readonly parts: readonly Part[];
  readonly lowest: number;
  readonly highest: number;
  /** A section's address differs from its file offset. */
  readonly moved: boolean;
  /** No other section lies between the first and the last read-only one. */
  readonly contiguous: boolean;
}

/**
 * Builds the read-only region from the relocated copy (spec §8.4.9); throws `LoadFailure`. The bytes
 * are a view of the copy where the rules allow to borrow, and are never longer than the file.
 */
export function buildReadOnlyRegion(
  file: ParsedElf,
  copy: Uint8Array,
  config: TbpfConfig,
): { readonly address: bigint; readonly bytes: Uint8Array } {
  const { parts, lowest, highest, moved, contiguous } = layOut(file, copy, config);
  if (config.optimizeRodata && !moved && contiguous) {
    return { address: regionAddress(lowest), bytes: copy.subarray(lowest, highest) };
  }
  const base = config.optimizeRodata ? lowest : 0;
  const size = highest - base;
  // Before the allocation: addresses reach 2^32, the file decides how much memory they may ask for.
  if (size > copy.length) failOutOfBounds();
  const bytes = new Uint8Array(size);
  for (const part of parts) bytes.set(part.data, part.address - base);
  return { address: regionAddress(base), bytes };
}

function layOut({ sections, names }: ParsedElf, copy: Uint8Array, config: TbpfConfig): Layout {
  const parts: Part[] = [];
  let moved = false;
  let firstIndex = 0;
  let lastIndex = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = 0;
  let fill = 0;
  for (const [index, section] of sections.entries()) {
    if (!readOnlyNames.has(names[index]!)) continue;
    if (section.address !== section.offset) moved = true;
    if (section.address + addressMap.program > addressMap.stack) failOutOfBounds();
    if (config.rejectBrokenElfs && moved) failOutOfBounds();
    // Validation has shown that the section lies inside the file.
    const start = Number(section.offset);
    const size = section.type === elf.sectionNoBits ? 0 : Number(section.size);
    const address = Number(section.address);
    if (parts.length === 0) firstIndex = index;
    lastIndex = index;
    parts.push({ address, data: copy.subarray(start, start + size) });
    lowest = Math.min(lowest, address);
    highest = Math.max(highest, address + size);
    fill += size;
  }
  if (config.rejectBrokenElfs && lowest + fill > highest) failOutOfBounds();
  return { parts, lowest, highest, moved, contiguous: lastIndex - firstIndex + 1 === parts.length };
}

function regionAddress(lowest: number): bigint {
  const address = BigInt(lowest);
  return address >= addressMap.program ? address : address + addressMap.program;
}
