import { relocationTypes, slotSize } from '@switchyard/tbpf/format';
import { opcodes } from './check-instructions.ts';
import type { Layout } from './layout.ts';

/** A relocation which the loader applies. */
export interface DynamicRelocation {
  /** File offset, which is also the address. */
  readonly offset: number;
  readonly type: number;
  /** What the relocation refers to: nothing, a syscall by name, or a function by address. */
  readonly target: { readonly syscall: string } | { readonly functionAddress: number } | undefined;
}

/** The addressable part of the linked file while it is being filled, and what the loader still has to do to it. */
export class LinkedImage {
  /** From file offset 0; the headers' place stays zero. */
  readonly bytes: Uint8Array;
  readonly relocations: DynamicRelocation[] = [];
  /** Slots of `.text` that something calls, counted from the start of the code. */
  readonly calledPcs = new Set<number>();
  readonly syscalls = new Set<string>();
  readonly #view: DataView;
  readonly #textAddress: number;

  constructor(layout: Layout) {
    this.bytes = new Uint8Array(layout.end);
    this.#view = new DataView(this.bytes.buffer);
    this.#textAddress = layout.text.address;
  }

  copy(address: number, bytes: Uint8Array): void {
    this.bytes.set(bytes, address);
  }

  writeU32(address: number, value: number): void {
    this.#view.setUint32(address, value, true);
  }

  /** Leaves a type 8 relocation at `address`. */
  relativeAt(address: number): void {
    this.relocations.push({ offset: address, type: relocationTypes.relative, target: undefined });
  }

  /** Makes the call at `address` a call of the syscall `name`: immediate −1, found by the loader through a type 10 relocation. */
  syscallAt(address: number, name: string): void {
    this.#writeCall(address, 0, -1);
    this.syscalls.add(name);
    this.relocations.push({ offset: address, type: relocationTypes.call, target: { syscall: name } });
  }

  /** Makes the call at `address` a relative call of the function at `target`. */
  callAt(address: number, target: number): void {
    const distance = (target - address) / slotSize - 1;
    this.#writeCall(address, 1, distance);
    this.calledPcs.add((target - this.#textAddress) / slotSize);
    // A call of itself has the immediate −1, which the loader's pass over relative calls leaves alone (§8.4.6).
    if (distance === -1) {
      this.relocations.push({
        offset: address,
        type: relocationTypes.call,
        target: { functionAddress: target },
      });
    }
  }

  #writeCall(address: number, source: number, imm: number): void {
    this.bytes[address] = opcodes.call;
    this.bytes[address + 1] = source << 4;
    this.#view.setInt32(address + 4, imm, true);
  }
}
