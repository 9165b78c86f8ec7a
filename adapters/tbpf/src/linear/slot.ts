import type { Program } from '../interpreter/program.ts';
import { AddressSpace, geometryOf } from '../memory/address-space.ts';
import { encodedProgram } from '../wasm-interpreter/encode.ts';
import { IMPORTS } from '../wasm-interpreter/module.ts';
import { writeProgramCells } from './fill-cells.ts';
import {
  CELL_BYTES,
  Cell,
  INSTRUCTION_BYTES,
  layoutOf,
  type SlotLayout,
  STACK_PAGE_BYTES,
} from './layout.ts';
import { RecentMap } from './recent-map.ts';
import { SlotMachine } from './slot-machine.ts';
import {
  WASM_PAGE_BYTES,
  type WasmExports,
  type WasmMemory,
  type WasmModule,
  type WebAssemblyApi,
} from './web-assembly.ts';

/** Instances of compiled modules that a slot keeps. */
const MOST_INSTANCES = 8;

/** What a slot has loaded. */
export interface LoadedProgram {
  readonly program: Program;
  readonly heapBytes: number;
  readonly layout: SlotLayout;
  /** The rules of access for syscalls; the length of the input is each run's. */
  readonly space: AddressSpace;
}

/** The functions that an instance of tier 0 exports. */
export interface InterpreterExports {
  run(exitDepth: number): number;
  resume(exitDepth: number): void;
}

/**
 * One linear memory with an instance of tier 0 and, as they are needed, instances of compiled programs: what a run needs to itself.
 * It serves one run at a time; between runs it is cleaned. Between two runs of one program only what the first has written is.
 */
export class Slot {
  readonly memory: WasmMemory;
  /** The exports of tier 0; the memory syscalls stand there by name. */
  readonly interpreter: InterpreterExports;
  readonly machine: SlotMachine;
  /** All of the memory; remade when it grows, which never happens during a run. */
  bytes: Uint8Array;
  words: Int32Array;
  readonly #api: WebAssemblyApi;
  readonly #interpreterExports: WasmExports;
  readonly #instances = new RecentMap<WasmModule, WasmExports>(MOST_INSTANCES);
  readonly #hostImports: Readonly<Record<string, unknown>>;
  #loaded: LoadedProgram | undefined;

  /** @throws RangeError when the host has no memory for it. */
  constructor(api: WebAssemblyApi, interpreter: WasmModule) {
    this.#api = api;
    this.memory = new api.Memory({ initial: 1 });
    this.bytes = new Uint8Array(this.memory.buffer);
    this.words = new Int32Array(this.memory.buffer);
    this.machine = new SlotMachine(this);
    const { machine } = this;
    this.#hostImports = {
      memory: this.memory,
      syscall: (index: number): number => machine.runSyscall(index),
      unwind: (): never => machine.unwind(),
    };
    this.#interpreterExports = new api.Instance(interpreter, {
      [IMPORTS]: { ...this.#hostImports, refill: (): number => machine.refill() },
    }).exports;
    this.interpreter = this.#interpreterExports as unknown as InterpreterExports;
  }

  get loaded(): LoadedProgram | undefined {
    return this.#loaded;
  }

  /** Bytes of memory that it holds. */
  get byteLength(): number {
    return this.bytes.length;
  }

  /** True when `load` has nothing to do. */
  holds(program: Program, heapBytes: number): boolean {
    return this.#loaded?.program === program && this.#loaded.heapBytes === heapBytes;
  }

  /**
   * Makes this the slot's program, with room for so much input. The slot is clean.
   * @throws RangeError when the host has no memory for it.
   */
  load(program: Program, heapBytes: number, inputBytes: number): LoadedProgram {
    if (this.#loaded !== undefined && this.holds(program, heapBytes)) {
      this.#reserve(this.#loaded.layout.input + inputBytes);
      return this.#loaded;
    }
    const layout = layoutOf(program, heapBytes);
    const before = this.#loaded?.layout;
    this.#loaded = undefined;
    this.#reserve(layout.input + inputBytes);
    const { bytes } = this;
    // Where another program had its code, constants or input may now be stack or heap.
    const isSamePlan =
      before !== undefined &&
      before.dirtyPages === layout.dirtyPages &&
      before.stack === layout.stack &&
      before.heap === layout.heap &&
      before.readOnly === layout.readOnly;
    if (!isSamePlan) bytes.fill(0, CELL_BYTES, layout.readOnly);
    bytes.set(program.executable.readOnly.bytes, layout.readOnly);
    bytes.set(encodedProgram(program, layout.code), layout.code);
    writeProgramCells(bytes, program, layout);
    const space = new AddressSpace(geometryOf(program), {
      program: layout.readOnlyBytes,
      stack: layout.stackBytes,
      heap: layout.heapBytes,
      input: 0,
    });
    this.#loaded = { program, heapBytes, layout, space };
    return this.#loaded;
  }

  /** Sees to it that there are so many bytes. */
  #reserve(byteLength: number): void {
    const missing = byteLength - this.bytes.length;
    if (missing <= 0) return;
    this.memory.grow(Math.ceil(missing / WASM_PAGE_BYTES));
    this.bytes = new Uint8Array(this.memory.buffer);
    this.words = new Int32Array(this.memory.buffer);
  }

  /** The exports of a compiled module on this slot's memory; instances are kept. */
  instantiate(module: WasmModule): WasmExports {
    let exports = this.#instances.get(module);
    if (exports === undefined) {
      const imports = { ...this.#interpreterExports, ...this.#hostImports };
      exports = new this.#api.Instance(module, { [IMPORTS]: imports }).exports;
      this.#instances.set(module, exports);
    }
    return exports;
  }

  /** Zeroes what the run has written: flagged pages of the stack, the heap once it was written to, the cells of the run. */
  clean(): void {
    const loaded = this.#loaded;
    if (loaded === undefined) return;
    const { bytes, words } = this;
    const { dirtyPages, stack, stackBytes, heap, heapBytes } = loaded.layout;
    const pages = Math.ceil(stackBytes / STACK_PAGE_BYTES);
    // The flags are looked at a word at a time; they begin on a multiple of 64 bytes and nothing else follows in the last word.
    for (let word = dirtyPages >> 2; word << 2 < dirtyPages + pages; word++) {
      if (words[word] === 0) continue;
      for (let at = word << 2; at < (word << 2) + 4; at++) {
        if (bytes[at] === 0) continue;
        bytes[at] = 0;
        const from = stack + (at - dirtyPages) * STACK_PAGE_BYTES;
        // A store of up to 8 bytes marks only the page of its first byte.
        bytes.fill(0, from, Math.min(from + STACK_PAGE_BYTES + 7, stack + stackBytes));
      }
    }
    if (words[Cell.heapDirty >> 2] !== 0) bytes.fill(0, heap, heap + heapBytes);
    words.fill(0, 0, Cell.interpreter >> 2);
    this.machine.forget();
  }

  /** The regions that each access has gone to, as bits 1 << region, by slot number of the instruction. A copy. */
  readProfile(): Uint8Array {
    const loaded = this.#loaded;
    if (loaded === undefined) return new Uint8Array(0);
    const { code } = loaded.layout;
    const profile = new Uint8Array(loaded.program.length);
    for (let pc = 0; pc < profile.length; pc++) profile[pc] = this.bytes[code + pc * INSTRUCTION_BYTES + 1]!;
    return profile;
  }
}
