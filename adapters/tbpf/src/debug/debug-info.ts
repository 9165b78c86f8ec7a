import type { DebugInfoReport, SourceLocation } from '@switchyard/core';
import { decodeUtf8Lossy } from '@switchyard/core';
import { containerReader } from '#container-reader';
import type { ElfContainer, ElfSectionHeader } from '../loader/elf/container-reader.ts';
import { stringAt } from '../loader/elf/file-ranges.ts';
import { optional } from '../loader/load-failure.ts';
import { type LineTable, readLineTable } from './line-table.ts';

const EMPTY = new Uint8Array(0);
const LONGEST_NAME = 64;

/** The debug information of one file, read when somebody asks for the first time. */
export class DebugInfo {
  readonly #code: Uint8Array;
  #lines: LineTable | undefined;

  constructor(code: Uint8Array) {
    this.#code = code;
  }

  /** Where the instruction of a slot comes from. */
  locate(pc: number): SourceLocation | undefined {
    return this.#table().locate(pc);
  }

  report(): DebugInfoReport {
    const { files, lines, note } = this.#table();
    return { files, lines, note };
  }

  #table(): LineTable {
    this.#lines ??= readLines(this.#code);
    return this.#lines;
  }
}

/** The debug information of a file that loads; undefined when it has none. Cheap: nothing is read yet. */
export function debugInfoOf(code: Uint8Array): DebugInfo | undefined {
  const container = containerReader.read(code);
  if (container === undefined || !namesOf(code, container).has('.debug_line')) return undefined;
  return new DebugInfo(code);
}

function readLines(code: Uint8Array): LineTable {
  const names = namesOf(code, containerReader.read(code)!);
  const section = (name: string): Uint8Array => {
    const header = names.get(name);
    return header === undefined ? EMPTY : bytesOf(code, header);
  };
  const text = names.get('.text');
  return readLineTable(
    { line: section('.debug_line'), lineStrings: section('.debug_line_str'), strings: section('.debug_str') },
    { address: Number(text?.address ?? 0n), size: text === undefined ? 0 : bytesOf(code, text).length },
  );
}

/** The first section of each name. */
function namesOf(
  code: Uint8Array,
  { header, sectionHeaders }: ElfContainer,
): ReadonlyMap<string, ElfSectionHeader> {
  const table = sectionHeaders[header.sectionNamesIndex];
  const names = new Map<string, ElfSectionHeader>();
  if (table === undefined) return names;
  for (const section of sectionHeaders) {
    const name = optional(() => decodeUtf8Lossy(stringAt(code, table, section.nameOffset, LONGEST_NAME)));
    if (name !== undefined && !names.has(name)) names.set(name, section);
  }
  return names;
}

/** The part of a section that the file has. */
function bytesOf(code: Uint8Array, { offset, size }: ElfSectionHeader): Uint8Array {
  const end = offset + size;
  return end > BigInt(code.length) ? EMPTY : code.subarray(Number(offset), Number(end));
}
