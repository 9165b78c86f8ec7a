import type { CompiledCodeCache } from '@switchyard/core';
import type { CompiledProgram } from '../compiler/compile.ts';
import { type CompilerInput, compilerInputOf } from '../compiler/input.ts';
import type { Program } from '../interpreter/program.ts';
import type { Slot } from '../linear/slot.ts';
import { type WasmModule, webAssembly } from '../linear/web-assembly.ts';
import { now } from './clock.ts';
import { compiledModules, type ModuleHolder } from './compiled-modules.ts';
import { KeptCode } from './kept-code.ts';

/**
 * Frames that compiled code may have on the host's stack, all nested contract calls together. A frame takes 250 to 320 bytes there in
 * either of V8's compilers, however long the function (measured with functions of 20 to 10,000 instructions), of about 1 MiB.
 */
export const MOST_COMPILED_FRAMES = 512;

/** Cold exits after which a program is compiled again with what tier 0 has seen meanwhile. */
const COLD_EXITS_TO_RECOMPILE = 500;

/** A program whose cold exits come back after so many compilations keeps them. */
const MOST_COMPILATIONS = 4;

/** Counts runs of compiled code, for the order in which modules are given up. */
let uses = 0;

/** `cold`: never compiled; `compiled`: there is a module; `refused`: compiling it does not help or is not possible here. */
export type TieringState = 'cold' | 'compiled' | 'refused';

/** Where compiled code of a program may have been kept, and under what. */
export interface CodeKeeper {
  readonly cache: CompiledCodeCache;
  /** sha-256 of the code that the program was loaded from. */
  readonly codeHash: Uint8Array;
}

/** How a compilation went. */
export interface Compilation {
  /** Saves compiling the bytes again. */
  readonly module?: WasmModule | undefined;
  readonly milliseconds: number;
}

/** A program and how far it has come up the tiers. Tiers agree in everything but speed, so nothing of this is ever observable. */
export class TieredProgram implements ModuleHolder {
  readonly program: Program;
  readonly heapBytes: number;
  /** Instructions that tier 0 has executed. */
  executed = 0;
  /** When compiled code of it ran last, among all programs. */
  lastUse = 0;
  /** Milliseconds that callers have waited for compiled code, not yet told in a result. */
  compileMs = 0;
  /** Milliseconds that making the module took, its own thread's or the caller's; undefined once it was told or where there is none. */
  newModuleMs: number | undefined;
  readonly #entries: readonly number[];
  readonly #kept: KeptCode | undefined;
  #mayBeKept: boolean;
  #state: TieringState;
  #module: WasmModule | undefined;
  #isCompiling = false;
  #compilations = 0;
  #coldExits = 0;
  /** Regions that accesses were seen to touch, by slot number of the instruction. */
  #profile: Uint8Array = new Uint8Array(0);
  /** Names of the module's exports by slot. */
  readonly #names = new Map<number, string>();

  constructor(program: Program, heapBytes: number, entries: Iterable<number>, keeper?: CodeKeeper) {
    this.program = program;
    this.heapBytes = heapBytes;
    this.#entries = [...new Set(entries)];
    this.#state = program.executable.config.maxCallDepth > MOST_COMPILED_FRAMES ? 'refused' : 'cold';
    this.#kept = keeper && new KeptCode(keeper.cache, keeper.codeHash, () => this.#compilerInput());
    this.#mayBeKept = this.#kept !== undefined;
  }

  get state(): TieringState {
    return this.#state;
  }

  /** Whether somebody is compiling it; meanwhile it runs on what there is. */
  get isCompiling(): boolean {
    return this.#isCompiling;
  }

  /** Whether compiled code now would be better than what there is, though it has been compiled before. */
  get wantsAgain(): boolean {
    return (
      this.#state === 'compiled' &&
      !this.#isCompiling &&
      this.#coldExits >= COLD_EXITS_TO_RECOMPILE &&
      this.#compilations < MOST_COMPILATIONS
    );
  }

  /** Whether to ask for kept code, which is done once. */
  get mayBeKept(): boolean {
    return this.#mayBeKept;
  }

  /** Takes over compiled code that was kept, if there is any. Bytes that the host's WebAssembly refuses are none; a compilation replaces them. */
  takeKept(slot: Slot): void {
    const begin = now();
    this.#mayBeKept = false;
    const bytes = this.#kept?.get();
    const api = webAssembly();
    if (bytes === undefined || api === undefined) return;
    try {
      const module = new api.Module(bytes);
      slot.instantiate(module);
      if (this.#hold(bytes, module)) this.newModuleMs = now() - begin;
    } catch {
      // CompileError or LinkError: not made for this, whatever the key says.
    }
    this.compileMs += now() - begin;
  }

  /** The compiler's input, with what tier 0 has seen so far. Until `accept` or `giveUp` somebody is compiling it. */
  beginCompiling(): CompilerInput {
    this.#isCompiling = true;
    this.#compilations++;
    this.#coldExits = 0;
    return this.#compilerInput();
  }

  /** Takes what the compiler made, and the module of it where there is one already. Undefined: it was not worth it. */
  accept(compiled: CompiledProgram | undefined, { module, milliseconds }: Compilation): void {
    this.#isCompiling = false;
    if (compiled !== undefined && this.#hold(compiled.bytes, module)) {
      this.newModuleMs = milliseconds;
      this.#kept?.put(compiled.bytes);
    } else if (this.#module === undefined) {
      this.#state = 'refused';
    }
  }

  /** @returns false where there is no WebAssembly or no room for the module. */
  #hold(bytes: Uint8Array, module: WasmModule | undefined): boolean {
    const api = webAssembly();
    this.lastUse = ++uses;
    if (api === undefined || !compiledModules.add(this, bytes.length)) return false;
    this.#module = module ?? new api.Module(bytes);
    this.#state = 'compiled';
    return true;
  }

  #compilerInput(): CompilerInput {
    return compilerInputOf(this.program, this.heapBytes, this.#entries, this.#profile);
  }

  /** Whoever was compiling it cannot: it stays what it is, and may be compiled once it has run as much again. */
  giveUp(): void {
    this.#isCompiling = false;
    this.executed = 0;
  }

  /** Forgets the compiled module, to make room; it may come back, kept or compiled, once it has run as much again. */
  drop(): void {
    this.#module = undefined;
    this.#compilations = 0;
    this.executed = 0;
    this.#state = 'cold';
    this.#mayBeKept = this.#kept !== undefined;
  }

  /** Runs compiled code on a slot that has begun a run at this entry. @returns false when there is none for it; then nothing has happened. */
  runCompiled(slot: Slot, entryPc: number): boolean {
    if (this.#module === undefined) return false;
    const entry = slot.instantiate(this.#module)[this.#nameOf(entryPc)];
    if (typeof entry !== 'function') return false;
    this.lastUse = ++uses;
    const { machine } = slot;
    machine.runCompiled(entry as () => void);
    if (machine.coldExits > 0) {
      this.#coldExits += machine.coldExits;
      if (this.wantsAgain) this.addProfile(slot);
    }
    return true;
  }

  /** What callers have waited for compiled code since this was last asked. */
  takeCompileMs(): number {
    const { compileMs } = this;
    this.compileMs = 0;
    return compileMs;
  }

  /** Takes over what tier 0 has seen on a slot. */
  addProfile(slot: Slot): void {
    this.addSeen(slot.readProfile());
  }

  /** Takes over regions, as bits 1 << region, by slot number of the instruction. Predictions only: what is wrong costs speed. */
  addSeen(seen: Uint8Array): void {
    if (this.#profile.length === 0) this.#profile = seen;
    else for (let pc = 0; pc < seen.length; pc++) this.#profile[pc]! |= seen[pc]!;
  }

  #nameOf(entryPc: number): string {
    let name = this.#names.get(entryPc);
    if (name === undefined) {
      name = `f${entryPc}`;
      this.#names.set(entryPc, name);
    }
    return name;
  }
}
