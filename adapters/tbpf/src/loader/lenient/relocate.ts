import { decodeUtf8Lossy } from '@switchyard/core';
import type { TbpfConfig } from '../../config.ts';
import { addressMap, elf, relocationTypes } from '../../format/elf-constants.ts';
import { functionKey, murmur3, syscallKey } from '../../format/murmur3.ts';
import { immAt, opcodeAt, slotSize, writeImm } from '../../isa/instruction.ts';
import type { ElfSectionHeader } from '../elf/container-reader.ts';
import { saturatingAdd, stringAt, symbolTableAt } from '../elf/file-ranges.ts';
import { type ElfSymbol, symbolAt } from '../elf/symbol.ts';
import type { FunctionRegistry } from '../function-registry.ts';
import { fail, failOutOfBounds, optional } from '../load-failure.ts';
import type { SyscallKeys } from '../syscall-keys.ts';
import { type ParsedElf, symbolNameLimit } from './parse.ts';

/** What the passes of one file share. */
export interface RelocationContext {
  readonly file: ParsedElf;
  /** The copy of the file that the passes modify. */
  readonly copy: Uint8Array;
  readonly text: ElfSectionHeader;
  /** File offsets of the text; the end is exclusive. */
  readonly textStart: number;
  readonly textEnd: number;
  readonly functions: FunctionRegistry;
  readonly syscalls: SyscallKeys;
  readonly config: TbpfConfig;
}

/** Registers a function under its legacy hash and returns its key (spec §8.4.5); throws `LoadFailure`. */
export function registerFunction(context: RelocationContext, name: string, pc: number): number {
  const key = name === 'entrypoint' ? syscallKey(name) : functionKey(pc);
  if (context.syscalls.has(key)) fail('SymbolHashCollision', key);
  const keepsName = context.config.enableSymbolAndSectionLabels || name === 'entrypoint';
  if (!context.functions.register(key, pc, keepsName ? name : '')) fail('SymbolHashCollision', key);
  return key;
}

/** Pass 1: relative calls become keys of registered functions (spec §8.4.6). */
export function relocateCalls(context: RelocationContext): void {
  const text = context.copy.subarray(context.textStart, context.textEnd);
  const count = Math.floor(text.length / slotSize);
  for (let pc = 0; pc < count; pc++) {
    if (opcodeAt(text, pc) !== 0x85) continue;
    const imm = immAt(text, pc);
    if (imm === -1) continue;
    const target = pc + 1 + imm;
    if (target < 0 || target >= count) fail('RelativeJumpOutOfBounds', pc);
    const name = context.config.enableSymbolAndSectionLabels ? `function_${target}` : '';
    writeImm(text, pc, registerFunction(context, name, target));
  }
}

/** Pass 2: the dynamic relocations in table order, then labels (spec §8.4.7). */
export function relocateDynamic(context: RelocationContext): void {
  const { view, relocations } = context.file;
  const count = relocations?.count ?? 0;
  for (let index = 0; index < count; index++) {
    const at = relocations!.offset + index * elf.relocationSize;
    const offset = view.getBigUint64(at, true);
    const type = view.getUint32(at + 8, true);
    const symbolIndex = view.getUint32(at + 12, true);
    if (type === relocationTypes.absolute64) relocateAbsolute(context, offset, symbolIndex);
    else if (type === relocationTypes.relative) relocateRelative(context, offset);
    else if (type === relocationTypes.call) relocateCall(context, offset, symbolIndex);
    else fail('UnknownRelocation', type);
  }
  if (context.config.enableSymbolAndSectionLabels) registerLabels(context);
}

function relocateAbsolute(context: RelocationContext, offset: bigint, symbolIndex: number): void {
  const site = siteOf(context, offset, 4);
  const addend = BigInt(site.getUint32(4, true));
  const symbol = dynamicSymbol(context, symbolIndex);
  writePair(context, offset, placed(saturatingAdd(symbol.value, addend)));
}

function relocateRelative(context: RelocationContext, offset: bigint): void {
  const isText = offset >= BigInt(context.textStart) && offset < BigInt(context.textEnd);
  if (isText) {
    const site = siteOf(context, offset, 12);
    const value = BigInt(site.getUint32(4, true)) | (BigInt(site.getUint32(12, true)) << 32n);
    if (value === 0n) fail('InvalidVirtualAddress', 0);
    writePair(context, offset, placed(value));
    return;
  }
  // Old toolchains put the address of a data word into its upper half, so it is read at + 4 and
  // written at + 0.
  const site = siteOf(context, offset, 4);
  site.setBigUint64(0, BigInt(site.getUint32(4, true)) + addressMap.program, true);
}

function relocateCall(context: RelocationContext, offset: bigint, symbolIndex: number): void {
  const { file, text, syscalls, config } = context;
  const symbol = dynamicSymbol(context, symbolIndex);
  const names = file.dynamicSymbolNames;
  const name =
    (names && optional(() => stringAt(file.bytes, names, symbol.nameOffset, symbolNameLimit))) ??
    fail('UnknownSymbol', symbol.nameOffset);
  let key: number;
  if ((symbol.info & 15) === elf.symbolFunction && symbol.value !== 0n) {
    key = registerFunction(context, decodeUtf8Lossy(name), slotOf(text, symbol.value));
  } else {
    key = murmur3(name);
    if (config.rejectBrokenElfs && !syscalls.has(key)) {
      fail('UnresolvedSymbol', decodeUtf8Lossy(name), offset / BigInt(slotSize), offset);
    }
  }
  siteOf(context, offset, 4).setUint32(4, key, true);
}

/** Registers the functions of `.symtab`; an unreadable table is ignored, a bad symbol is not. */
function registerLabels(context: RelocationContext): void {
  const { file, text } = context;
  const section = file.symbolTable;
  const table = section && optional(() => symbolTableAt(file.bytes.length, section));
  for (let index = 0; index < (table?.count ?? 0); index++) {
    const symbol = symbolAt(file.view, table!, index);
    if ((symbol.info & 0xef) !== elf.symbolFunction) continue;
    const pc = slotOf(text, symbol.value);
    const names = file.symbolNames;
    const name =
      (names && optional(() => stringAt(file.bytes, names, symbol.nameOffset, symbolNameLimit))) ??
      fail('UnknownSymbol', symbol.nameOffset);
    registerFunction(context, decodeUtf8Lossy(name), pc);
  }
}

function dynamicSymbol({ file }: RelocationContext, index: number): ElfSymbol {
  const table = file.dynamicSymbols;
  if (table === undefined || index >= table.count) return fail('UnknownSymbol', index);
  return symbolAt(file.view, table, index);
}

/** Slot of an address inside the text section. */
function slotOf(text: ElfSectionHeader, address: bigint): number {
  if (address < text.address || address >= saturatingAdd(text.address, text.size)) failOutOfBounds();
  return Number((address - text.address) / BigInt(slotSize));
}

/** A view on the site of a relocation, from `r_offset` to the end of the word at `wordOffset`. */
function siteOf({ copy }: RelocationContext, offset: bigint, wordOffset: number): DataView {
  const length = wordOffset + 4;
  if (offset + BigInt(length) > BigInt(copy.length)) failOutOfBounds();
  return new DataView(copy.buffer, copy.byteOffset + Number(offset), length);
}

/** Writes an address into the two immediates of an lddw. */
function writePair(context: RelocationContext, offset: bigint, address: bigint): void {
  const site = siteOf(context, offset, 12);
  site.setUint32(4, Number(address & 0xffff_ffffn), true);
  site.setUint32(12, Number(address >> 32n), true);
}

/** Moves an address the linker left below 2^32 into the program region. */
function placed(address: bigint): bigint {
  return address < addressMap.program ? address + addressMap.program : address;
}
