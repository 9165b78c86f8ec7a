import { VmError } from '@switchyard/core';
import { slotSize } from '@switchyard/tbpf/format';
import { knownSyscalls } from '../syscalls/known-syscalls.ts';
import { opcodes } from './check-instructions.ts';
import { defaultEntryName, entryNameKind } from './entry-names.ts';
import { debugFunctions, exportedFunctions } from './exported-functions.ts';
import { findKeyCollision, type KeyCollision } from './key-collisions.ts';
import { createLayout, type Layout } from './layout.ts';
import { entryWarnings, type LinkWarning, type SyscallPolicy, syscallWarnings } from './link-warnings.ts';
import { LinkedImage } from './linked-image.ts';
import { type LinkInput, type ObjectFile, parseObject } from './object-file.ts';
import { relocatePiece } from './relocate.ts';
import { SymbolTable } from './symbol-table.ts';
import { writeElf } from './write-elf.ts';

/** Options of `link`. */
export interface LinkOptions extends SyscallPolicy {
  /** Names that the host offers besides `knownSyscalls`. */
  readonly extraSyscalls?: readonly string[];
  /** Makes an unknown syscall an error instead of a warning. Default: false. */
  readonly strict?: boolean;
  /** Adds `.symtab` with the names of all functions, static ones too, for fault messages. Default: false. */
  readonly debugSymbols?: boolean;
  /** Is told of each warning, once. */
  readonly onWarning?: (warning: LinkWarning) => void;
}

/** Most objects of one contract. */
const maxObjects = 1024;

/** How often the code is moved by one instruction to get rid of a clash of hash keys. */
const maxMoves = 8;

/** `mov64 r0, -1; exit`: the default entry of a contract that has none. */
const missingEntryStub = [0xb7, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, opcodes.exit, 0, 0, 0, 0, 0, 0, 0];

/**
 * Links relocatable BPF objects (`clang -target bpf -mcpu=v2 -c`) into a loadable TBPF ELF of version V0. The same objects in the
 * same order give the same bytes. The result is the caller's.
 * @throws VmError LINK_FAILED, naming the object and the place, or CODE_TOO_LARGE.
 * @example
 * const elf = link([{ name: 'counter.o', bytes: await readFile('counter.o') }]);
 */
export function link(inputs: readonly LinkInput[], options: LinkOptions = {}): Uint8Array {
  if (inputs.length === 0 || inputs.length > maxObjects) {
    throw new VmError(
      'LINK_FAILED',
      `there are ${inputs.length} objects to link; 1 to ${maxObjects} are needed`,
    );
  }
  const objects = inputs.map(parseObject);
  const symbols = new SymbolTable(objects);
  const hasDefaultEntry = checkHasEntry(symbols);
  const { layout, image } = placeAndRelocate(objects, symbols, hasDefaultEntry);
  const exported = exportedFunctions(symbols, layout);
  const entry = symbols.get(defaultEntryName);
  const entryAddress =
    entry === undefined
      ? layout.text.address
      : layout.find(entry.object, entry.symbol.section)!.address + entry.symbol.value;
  const warnings = [...syscallWarnings(image.syscalls, options), ...entryWarnings(exported, hasDefaultEntry)];
  for (const warning of warnings) options.onWarning?.(warning);
  const debug = options.debugSymbols === true ? debugFunctions(objects, layout) : undefined;
  return writeElf({ layout, image, exported, debug, entryAddress });
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
  objects: readonly ObjectFile[],
  symbols: SymbolTable,
  hasDefaultEntry: boolean,
): { layout: Layout; image: LinkedImage } {
  const stub = hasDefaultEntry ? [] : missingEntryStub;
  let collision: KeyCollision | undefined;
  for (let moves = 0; moves <= maxMoves; moves++) {
    const leadingSlots = stub.length / slotSize + moves;
    const layout = createLayout(objects, leadingSlots);
    const image = new LinkedImage(layout);
    for (let slot = 0; slot < leadingSlots; slot++) {
      image.bytes[layout.text.address + slot * slotSize] = opcodes.exit;
    }
    image.copy(layout.text.address, Uint8Array.from(stub));
    for (const piece of layout.pieces) relocatePiece(piece, layout, symbols, image);
    collision = findKeyCollision(image.calledPcs, new Set([...knownSyscalls, ...image.syscalls]));
    if (collision === undefined) return { layout, image };
  }
  throw new VmError('LINK_FAILED', `the keys of ${collision!.first} and ${collision!.second} are equal`, {
    details: { key: `0x${collision!.key.toString(16).padStart(8, '0')}` },
    hint: 'Rename the syscall, or change the order of the sources.',
  });
}
