import { relocationTypes, slotSize } from '@switchyard/tbpf/format';
import { opcodes } from './check-instructions.ts';
import type { Layout } from './layout.ts';

/** The addressable part of the linked file while it is being filled. Offsets are those of the file. */
export interface Image {
  /** From file offset 0; the headers' place stays zero. */
  readonly bytes: Uint8Array;
  /** Slots of `.text` that something calls, counted from the start of the code. */
  readonly calledPcs: ReadonlySet<number>;
  /** Names of called syscalls, and where the first call is. */
  readonly syscalls: ReadonlyMap<string, string>;
  /** What the loader still has to do to the image. */
  readonly relocations: readonly DynamicRelocation[];
  copy(offset: number, bytes: Uint8Array): void;
  /** Makes the 64-bit load at `offset` one of `address`. */
  loadAt(offset: number, address: number): void;
  /** Makes the word of data at `offset` the pointer `address`. */
  wordAt(offset: number, address: number): void;
  /** Makes the load or the word at `offset` a number which is no address. */
  constantAt(offset: number, value: number, kind: 'load' | 'word'): void;
  /** Makes the call at `offset` one of the function at `target`. */
  callAt(offset: number, target: number): void;
  /** Makes the call at `offset` one of the syscall `name`; `place` says where, for messages. */
  syscallAt(offset: number, name: string, place: string): void;
}

/** A relocation which the loader applies. */
export interface DynamicRelocation {
  /** File offset, which is also the address. */
  readonly offset: number;
  readonly type: number;
  /** What the relocation refers to: nothing, a syscall by name, or a function by address. */
  readonly target: { readonly syscall: string } | { readonly functionAddress: number } | undefined;
}

/** What both kinds of images do alike. */
export class ImageBytes {
  readonly bytes: Uint8Array;
  readonly calledPcs = new Set<number>();
  readonly syscalls = new Map<string, string>();
  readonly relocations: DynamicRelocation[] = [];
  protected readonly view: DataView;
  protected readonly layout: Layout;

  constructor(layout: Layout) {
    this.layout = layout;
    this.bytes = new Uint8Array(layout.end);
    this.view = new DataView(this.bytes.buffer);
  }

  copy(offset: number, bytes: Uint8Array): void {
    this.bytes.set(bytes, offset);
  }

  constantAt(offset: number, value: number, kind: 'load' | 'word'): void {
    const bits = BigInt.asUintN(64, BigInt(value));
    this.view.setUint32(kind === 'load' ? offset + 4 : offset, Number(bits & 0xffff_ffffn), true);
    this.view.setUint32(kind === 'load' ? offset + 12 : offset + 4, Number(bits >> 32n), true);
  }

  protected writeCall(offset: number, source: number, imm: number): void {
    this.bytes[offset] = opcodes.call;
    this.bytes[offset + 1] = source << 4;
    this.view.setInt32(offset + 4, imm, true);
  }

  /** Slots from behind the call at `offset` to `target`, whose call is noted. */
  protected distanceTo(offset: number, target: number): number {
    const { address, offset: start } = this.layout.text;
    const pc = (target - address) / slotSize;
    this.calledPcs.add(pc);
    return pc - (offset - start) / slotSize - 1;
  }

  protected noteSyscall(name: string, place: string): void {
    if (!this.syscalls.has(name)) this.syscalls.set(name, place);
  }
}

/** The image of a V0 file: addresses are file offsets, which the loader moves by 2^32 as relocations say (tbpf.md §8.4.7). */
export class RelocatedImage extends ImageBytes implements Image {
  loadAt(offset: number, address: number): void {
    this.view.setUint32(offset + 4, address, true);
    this.view.setUint32(offset + 12, 0, true);
    this.relocations.push({ offset, type: relocationTypes.relative, target: undefined });
  }

  /** The loader reads 32 bits at +4 and writes 64 bits at +0. */
  wordAt(offset: number, address: number): void {
    this.view.setUint32(offset, 0, true);
    this.view.setUint32(offset + 4, address, true);
    this.relocations.push({ offset, type: relocationTypes.relative, target: undefined });
  }

  callAt(offset: number, target: number): void {
    const distance = this.distanceTo(offset, target);
    this.writeCall(offset, 1, distance);
    // A call of itself has the immediate −1, which the loader's pass over relative calls leaves alone (§8.4.6).
    if (distance !== -1) return;
    this.relocations.push({
      offset,
      type: relocationTypes.call,
      target: { functionAddress: target },
    });
  }

  /** The immediate −1 is found by the loader through a type 10 relocation. */
  syscallAt(offset: number, name: string, place: string): void {
    this.writeCall(offset, 0, -1);
    this.noteSyscall(name, place);
    this.relocations.push({ offset, type: relocationTypes.call, target: { syscall: name } });
  }
}
