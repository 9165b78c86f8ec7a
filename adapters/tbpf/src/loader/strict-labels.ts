import { decodeUtf8Lossy } from '@switchyard/core';
import { elf } from '../format/elf-constants.ts';
import { slotSize } from '../isa/instruction.ts';
import type { ElfContainer, ElfSectionHeader } from './elf/container-reader.ts';
import { stringAt, tableAt } from './elf/file-ranges.ts';
import { symbolAt } from './elf/symbol.ts';
import { FunctionRegistry } from './function-registry.ts';
import { checkSectionTable } from './lenient/parse.ts';
import { fail, failToParse } from './load-failure.ts';

const sectionNameLimit = 64;
const symbolNameLimit = 255;

/**
 * Reads the function names of a V3+ file (spec §8.3). Throws `LoadFailure` on any irregularity, on
 * which the reference panics; the loader then goes on without labels.
 */
export function readStrictLabels(
  bytes: Uint8Array,
  { header, sectionHeaders }: ElfContainer,
  programTableEnd: number,
): FunctionRegistry {
  checkSectionTable(bytes.length, header, { start: BigInt(elf.headerSize), end: BigInt(programTableEnd) });
  const sectionNames = sectionHeaders[header.sectionNamesIndex];
  if (header.sectionNamesIndex === 0 || sectionNames === undefined) return failToParse('NOSHSTR');
  let names: ElfSectionHeader | undefined;
  let symbols: ElfSectionHeader | undefined;
  for (const section of sectionHeaders) {
    const name = decodeUtf8Lossy(stringAt(bytes, sectionNames, section.nameOffset, sectionNameLimit));
    if (name === '.strtab') names = section;
    if (name === '.symtab') symbols = section;
  }
  if (names === undefined || symbols === undefined) return failToParse('SHDR');
  const table = tableAt(bytes.length, symbols.offset, symbols.size, elf.symbolSize);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const functions = new FunctionRegistry();
  for (let index = 0; index < table.count; index++) {
    const symbol = symbolAt(view, table, index);
    // A mask and not the symbol type: the reference takes every symbol with this bit for a function.
    if ((symbol.info & elf.symbolFunction) === 0) continue;
    const pc = Number(symbol.value / BigInt(slotSize));
    const key = Number(BigInt.asUintN(32, symbol.value / BigInt(slotSize)));
    const name = decodeUtf8Lossy(stringAt(bytes, names, symbol.nameOffset, symbolNameLimit));
    if (!functions.register(key, pc, name)) fail('SymbolHashCollision', key);
  }
  return functions;
}
