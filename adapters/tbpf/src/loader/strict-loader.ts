import type { TbpfConfig } from '../config.ts';
import { addressMap, elf, elfMagic } from '../format/elf-constants.ts';
import { isFunctionStart, slotSize } from '../isa/instruction.ts';
import type { TbpfVersion } from '../isa/version.ts';
import type { ElfContainer, ElfHeader, ElfProgramHeader } from './elf/container-reader.ts';
import type { Executable } from './executable.ts';
import { FunctionRegistry } from './function-registry.ts';
import { fail, failToParse, optional } from './load-failure.ts';
import { readStrictLabels } from './strict-labels.ts';

interface ExpectedSegment {
  readonly flags: number;
  readonly address: bigint;
  /** Whether the file holds the segment's bytes; otherwise its file size must be 0. */
  readonly stored: boolean;
}

/** The first four program headers: text, constants, stack, heap (spec §8.3). */
const expectedSegments: readonly ExpectedSegment[] = [
  { flags: elf.segmentExecute, address: 0n, stored: true },
  { flags: elf.segmentRead, address: addressMap.program, stored: true },
  { flags: elf.segmentRead | elf.segmentWrite, address: addressMap.stack, stored: false },
  { flags: elf.segmentRead | elf.segmentWrite, address: addressMap.heap, stored: false },
];

/** Loads a V3+ file (spec §8.3). The parts are views of the file; throws `LoadFailure`. */
export function loadStrict(
  bytes: Uint8Array,
  container: ElfContainer,
  version: TbpfVersion,
  config: TbpfConfig,
): Executable {
  const { header, programHeaders } = container;
  const tableEnd = elf.headerSize + elf.programHeaderSize * header.programHeaderCount;
  checkHeader(header, tableEnd, bytes.length);
  for (const [index, expected] of expectedSegments.entries()) {
    const segment = programHeaders[index]!;
    if (!isExpected(segment, expected, tableEnd, bytes.length)) fail('InvalidProgramHeader');
  }
  const text = fileBytes(bytes, programHeaders[0]!);
  if (header.entry % BigInt(slotSize) !== 0n || header.entry + 7n >= BigInt(text.length)) failToParse('FHDR');
  const entryPc = Number(header.entry) / slotSize;
  if (!isFunctionStart(text, entryPc)) failToParse('FHDR');
  const labels = config.enableSymbolAndSectionLabels
    ? optional(() => readStrictLabels(bytes, container, tableEnd))
    : undefined;
  return {
    version,
    config,
    entryPc,
    text,
    textAddress: 0n,
    readOnly: { address: addressMap.program, bytes: fileBytes(bytes, programHeaders[1]!) },
    functions: labels ?? new FunctionRegistry(),
  };
}

function checkHeader(header: ElfHeader, tableEnd: number, fileSize: number): void {
  const { ident } = header;
  const isValid =
    elfMagic.every((byte, index) => ident[index] === byte) &&
    ident[4] === elf.class64 &&
    ident[5] === elf.dataLittleEndian &&
    ident[6] === elf.currentVersion &&
    // System interface, its version and the padding.
    ident.subarray(7).every((byte) => byte === 0) &&
    header.type === elf.typeDynamic &&
    header.machine === elf.machineTbpf &&
    header.version === elf.currentVersion &&
    header.programHeaderOffset === BigInt(elf.headerSize) &&
    header.headerSize === elf.headerSize &&
    header.programHeaderSize === elf.programHeaderSize &&
    header.programHeaderCount >= expectedSegments.length &&
    tableEnd < fileSize &&
    header.sectionHeaderSize === elf.sectionHeaderSize &&
    header.sectionNamesIndex < header.sectionHeaderCount;
  if (!isValid) failToParse('FHDR');
}

function isExpected(
  segment: ElfProgramHeader,
  expected: ExpectedSegment,
  tableEnd: number,
  fileSize: number,
): boolean {
  return (
    segment.type === elf.segmentLoad &&
    segment.flags === expected.flags &&
    segment.offset >= BigInt(tableEnd) &&
    segment.offset < BigInt(fileSize) &&
    segment.offset % BigInt(slotSize) === 0n &&
    segment.virtualAddress === expected.address &&
    segment.physicalAddress === expected.address &&
    segment.fileSize === (expected.stored ? segment.memorySize : 0n) &&
    segment.fileSize <= BigInt(fileSize) - segment.offset &&
    segment.fileSize % BigInt(slotSize) === 0n &&
    segment.memorySize < addressMap.program
  );
}

function fileBytes(bytes: Uint8Array, { offset, fileSize }: ElfProgramHeader): Uint8Array {
  return bytes.subarray(Number(offset), Number(offset + fileSize));
}
