import type { Program } from '../interpreter/program.ts';
import { buildInterpreter } from '../wasm-interpreter/module.ts';
import { Slot } from './slot.ts';
import { type WasmModule, type WebAssemblyApi, webAssembly } from './web-assembly.ts';

/** Bounds of what a pool keeps for later. */
export interface SlotPoolLimits {
  readonly slots: number;
  /** A slot that grew larger is dropped. */
  readonly slotBytes: number;
  readonly bytes: number;
}

const DEFAULT_LIMITS: SlotPoolLimits = Object.freeze({
  slots: 16,
  slotBytes: 8 * 2 ** 20,
  bytes: 32 * 2 ** 20,
});

/**
 * Idle slots. Each run takes one and gives it back: nested calls of contracts hold one each. A slot that already has the program comes
 * first, then the one that has waited longest, so that recently used programs stay loaded.
 */
export class SlotPool {
  readonly #api: WebAssemblyApi | undefined;
  readonly #limits: SlotPoolLimits;
  /** The one given back last stands at the end. */
  readonly #idle: Slot[] = [];
  #idleBytes = 0;
  #interpreter: WasmModule | undefined;
  #isBroken = false;

  /** Without WebAssembly it never has a slot. */
  constructor(api: WebAssemblyApi | undefined, limits: SlotPoolLimits = DEFAULT_LIMITS) {
    this.#api = api;
    this.#limits = limits;
  }

  /** Slots that wait. */
  get idle(): number {
    return this.#idle.length;
  }

  /**
   * A clean slot with the program loaded and room for the input; undefined where there is no WebAssembly, or no memory for it.
   */
  take(program: Program, heapBytes: number, inputBytes: number): Slot | undefined {
    const slot = this.#takeHolding(program, heapBytes) ?? this.#takeOther();
    try {
      slot?.load(program, heapBytes, inputBytes);
      return slot;
    } catch (failure) {
      if (isOutOfMemory(failure)) return undefined;
      throw failure;
    }
  }

  /** Cleans the slot and keeps it, unless enough are kept. */
  give(slot: Slot): void {
    const { slots, slotBytes, bytes } = this.#limits;
    if (slot.byteLength > slotBytes) return;
    slot.clean();
    this.#idle.push(slot);
    this.#idleBytes += slot.byteLength;
    while (this.#idle.length > slots || this.#idleBytes > bytes) {
      this.#idleBytes -= this.#idle.shift()!.byteLength;
    }
  }

  /** The idle slot that has the program. */
  #takeHolding(program: Program, heapBytes: number): Slot | undefined {
    const idle = this.#idle;
    for (let index = idle.length - 1; index >= 0; index--) {
      if (idle[index]!.holds(program, heapBytes)) return this.#remove(index);
    }
    return undefined;
  }

  /** A new slot while few are idle: programs that run in turns then each have theirs. Else the idle one that has waited longest. */
  #takeOther(): Slot | undefined {
    const created = this.#idle.length < this.#limits.slots ? this.#create() : undefined;
    return created ?? (this.#idle.length > 0 ? this.#remove(0) : undefined);
  }

  #remove(index: number): Slot {
    const idle = this.#idle;
    const slot = idle[index]!;
    if (index === idle.length - 1) idle.pop();
    else idle.splice(index, 1);
    this.#idleBytes -= slot.byteLength;
    return slot;
  }

  #create(): Slot | undefined {
    if (this.#api === undefined || this.#isBroken) return undefined;
    this.#interpreter ??= this.#compile(this.#api);
    if (this.#interpreter === undefined) return undefined;
    try {
      return new Slot(this.#api, this.#interpreter);
    } catch (failure) {
      if (isOutOfMemory(failure)) return undefined;
      throw failure;
    }
  }

  /** The host may have WebAssembly and not allow it, as a page's security policy can. */
  #compile(api: WebAssemblyApi): WasmModule | undefined {
    try {
      return new api.Module(buildInterpreter());
    } catch {
      this.#isBroken = true;
      return undefined;
    }
  }
}

/** The host has too little memory or address space. A call stack that is too deep is a RangeError as well, and not ours to swallow. */
function isOutOfMemory(failure: unknown): boolean {
  return failure instanceof RangeError && !/call stack/i.test(failure.message);
}

let shared: SlotPool | undefined;

/** The process's pool: memory is the process's, not an engine's. */
export function sharedSlotPool(): SlotPool {
  shared ??= new SlotPool(webAssembly());
  return shared;
}
