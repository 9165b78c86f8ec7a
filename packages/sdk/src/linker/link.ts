import { VmError } from '@switchyard/core';
import { slotSize, writeSlot } from '@switchyard/tbpf/format';
import { knownSyscalls } from '../syscalls/known-syscalls.ts';
import { AbsoluteImage } from './absolute-image.ts';
import { opcodes } from './check-instructions.ts';
import { createDebugInfo } from './debug-sections.ts';
import { defaultEntryName, entryNameKind } from './entry-names.ts';
import { debugFunctions, exportedFunctions, placeOf } from './exported-functions.ts';
import { type KeptSection, keepSections } from './kept-sections.ts';
import { findKeyCollision, type KeyCollision } from './key-collisions.ts';
import { createLayout, type Layout } from './layout.ts';
import { createMap, type LinkMap } from './link-map.ts';
import { entryWarnings, type LinkWarning, type SyscallPolicy, syscallWarnings } from './link-warnings.ts';
import { type Image, RelocatedImage } from './linked-image.ts';
import type { LinkedVersion } from './linked-version.ts';
import { moveCode } from './move-code.ts';
import type { LinkInput } from './object-file.ts';
import { relocatePiece } from './relocate.ts';
import { selectObjects } from './select-objects.ts';
import { largestFrame } from './stack-frames.ts';
import { SymbolTable } from './symbol-table.ts';
import { writeElf } from './write-elf.ts';

/** Options of `link`. */
export interface LinkOptions extends SyscallPolicy {
  /** Names that the host offers besides `knownSyscalls`. */
  readonly extraSyscalls?: readonly string[];
  /** Makes an unknown syscall an error instead of a warning. Default: false. */
  readonly strict?: boolean;
  /** Adds the names of all functions to `.symtab`, static ones too, for fault messages. Default: false. */
  readonly debugSymbols?: boolean;
  /** Keeps the `.debug_*` sections of the objects, which are not loaded, for lines in faults, traces and profiles. Default: false. */
  readonly debugInfo?: boolean;
  /** Leaves out sections that no exported function reaches. Default: true. */
  readonly gcSections?: boolean;
  /** Version of the file. Default: 0. */
  readonly version?: LinkedVersion;
  /** Is told of each warning, once. */
  readonly onWarning?: (warning: LinkWarning) => void;
  /** Is told what is in the file. */
  readonly onMap?: (map: LinkMap) => void;
}

/** How often the code is moved by one instruction to get rid of a clash of hash keys. */
const maxMoves = 8;

/**
 * Links relocatable BPF objects (`clang -target bpf -mcpu=v2 -c`) and `ar` archives of them into a loadable TBPF ELF of version V0 or V3.
 * The same inputs in the same order give the same bytes. The result is the caller's.
 * @throws VmError LINK_FAILED, naming the object and the place, or CODE_TOO_LARGE.
 * @example
 * const elf = link([{ name: 'counter.o', bytes: await readFile('counter.o') }]);
 */
export function link(inputs: readonly LinkInput[], options: LinkOptions = {}): Uint8Array {
  if (inputs.length === 0) throw new VmError('LINK_FAILED', 'there is no object to link');
  const version = options.version ?? 0;
  const selected = selectObjects(inputs);
  const { objects } = selected;
  const symbols = new SymbolTable(objects);
  const hasDefaultEntry = checkHasEntry(symbols);
  const { kept, removed } = keepSections(objects, symbols, version, options.gcSections ?? true);
  const frame = largestFrame(kept);
  const code = version === 0 ? kept : moveCode(kept, symbols, frame);
  const { layout, image } = placeAndRelocate(code, symbols, version, hasDefaultEntry);
  const exported = exportedFunctions(symbols, layout);
  const entry = symbols.get(defaultEntryName);
  const entryPlace = entry === undefined ? undefined : placeOf(entry, layout);
  const warnings = [
    ...syscallWarnings(image.syscalls, options, version),
    ...entryWarnings(exported, hasDefaultEntry),
  ];
  for (const warning of warnings) options.onWarning?.(warning);
  options.onMap?.(createMap(layout, removed, selected));
  const debug = options.debugSymbols === true ? debugFunctions(objects, layout) : undefined;
  const debugInfo = options.debugInfo === true ? createDebugInfo(objects, symbols, layout) : [];
  const entryAddress = entryPlace?.address ?? layout.text.address;
  return writeElf({ layout, image, exported, debug, debugInfo, entryAddress });
}

/** True when there is an `entrypoint`; LINK_FAILED when there is no entry at all. */
function checkHasEntry(symbols: SymbolTable): boolean {
  if (symbols.get(defaultEntryName) !== undefined) return true;
  for (const { symbol } of symbols.definitions()) {
    if (entryNameKind(symbol.name) === 'entry') return false;
  }
  throw new VmError('LINK_FAILED', 'no object defines entrypoint, entry_N or hook_N', {
    hint: 'Define `uint64_t entrypoint(const uint8_t *input, uint64_t len)`, and do not make it static.',
  });
}

function placeAndRelocate(
  kept: readonly KeptSection[],
  symbols: SymbolTable,
  version: LinkedVersion,
  hasDefaultEntry: boolean,
): { layout: Layout; image: Image } {
  const own = ownCode(version, hasDefaultEntry);
  let collision: KeyCollision | undefined;
  for (let moves = 0; moves <= maxMoves; moves++) {
    const layout = createLayout(kept, own.length + moves * slotSize, version);
    const image = version === 0 ? new RelocatedImage(layout) : new AbsoluteImage(layout);
    for (let move = 0; move < moves; move++) {
      image.bytes[layout.text.offset + own.length + move * slotSize] = opcodes.exit;
    }
    image.copy(layout.text.offset, own);
    for (const piece of layout.pieces) relocatePiece(piece, layout, symbols, image);
    // V3 has a key for syscalls only (tbpf.md §6.2).
    const keyed = version === 0 ? image.calledPcs : [];
    collision = findKeyCollision(keyed, new Set([...knownSyscalls, ...image.syscalls.keys()]));
    if (collision === undefined) return { layout, image };
  }
  throw new VmError('LINK_FAILED', `the keys of ${collision!.first} and ${collision!.second} are equal`, {
    details: { key: `0x${collision!.key.toString(16).padStart(8, '0')}` },
    hint: 'Rename the syscall, or change the order of the sources.',
  });
}

/**
 * The linker's own code before that of the objects: the default entry of a contract that has none, `mov64 r0, -1; exit`. In V3 there is
 * always some, so that no function of the contract has the address 0, which is NULL in C.
 */
function ownCode(version: LinkedVersion, hasDefaultEntry: boolean): Uint8Array {
  const rows = [
    ...(version === 0 ? [] : [{ opcode: opcodes.addImmediate64, dst: 10, src: 0, off: 0, imm: 0 }]),
    { opcode: 0xb7, dst: 0, src: 0, off: 0, imm: -1 },
    { opcode: opcodes.exit, dst: 0, src: 0, off: 0, imm: 0 },
  ];
  if (version === 0 && hasDefaultEntry) return new Uint8Array(0);
  const code = new Uint8Array(rows.length * slotSize);
  rows.forEach((row, slot) => {
    writeSlot(code, slot, row);
  });
  return code;
}
