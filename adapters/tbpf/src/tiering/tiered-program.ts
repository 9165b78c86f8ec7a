import type { CompiledProgram } from '../compiler/compile.ts';
import { type CompilerInput, compilerInputOf } from '../compiler/input.ts';
import type { Program } from '../interpreter/program.ts';
import type { Slot } from '../linear/slot.ts';
import { type WasmModule, webAssembly } from '../linear/web-assembly.ts';
import { compiledModules, type ModuleHolder } from './compiled-modules.ts';

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

/** A program and how far it has come up the tiers. Tiers agree in everything but speed, so nothing of this is ever observable. */
export class TieredProgram implements ModuleHolder {
  readonly program: Program;
  readonly heapBytes: number;
  /** Instructions that tier 0 has executed. */
  executed = 0;
  /** When compiled code of it ran last, among all programs. */
  lastUse = 0;
  /** Milliseconds that callers have waited for compiling, not yet told in a result. */
  compileMs = 0;
  readonly #entries: readonly number[];
  #state: TieringState;
  #module: WasmModule | undefined;
  #isCompiling = false;
  #compilations = 0;
  #coldExits = 0;
  /** Regions that accesses were seen to touch, by slot number of the instruction. */
  #profile: Uint8Array = new Uint8Array(0);
  /** Names of the module's exports by slot. */
  readonly #names = new Map<number, string>();

  constructor(program: Program, heapBytes: number, entries: Iterable<number>) {
    this.program = program;
    this.heapBytes = heapBytes;
    this.#entries = [...new Set(entries)];
    this.#state = program.executable.config.maxCallDepth > MOST_COMPILED_FRAMES ? 'refused' : 'cold';
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

  /** The compiler's input, with what tier 0 has seen so far. Until `accept` or `giveUp` somebody is compiling it. */
  beginCompiling(): CompilerInput {
    this.#isCompiling = true;
    this.#compilations++;
    this.#coldExits = 0;
    return compilerInputOf(this.program, this.heapBytes, this.#entries, this.#profile);
  }

  /** Takes what the compiler made; `module` saves compiling its bytes again. Undefined: it was not worth it. */
  accept(compiled: CompiledProgram | undefined, module?: WasmModule): void {
    const api = webAssembly();
    this.#isCompiling = false;
    this.lastUse = ++uses;
    if (compiled !== undefined && api !== undefined && compiledModules.add(this, compiled.bytes.length)) {
      this.#module = module ?? new api.Module(compiled.bytes);
      this.#state = 'compiled';
    } else if (this.#module === undefined) {
      this.#state = 'refused';
    }
  }

  /** Whoever was compiling it cannot: it stays what it is, and may be compiled once it has run as much again. */
  giveUp(): void {
    this.#isCompiling = false;
    this.executed = 0;
  }

  /** Forgets the compiled module, to make room; it may be compiled again once it has run as much again. */
  drop(): void {
    this.#module = undefined;
    this.#compilations = 0;
    this.executed = 0;
    this.#state = 'cold';
  }

  /** Runs compiled code on a slot that has begun a run at this entry. @returns false when there is none for it; then nothing has happened. */
  runCompiled(slot: Slot, entryPc: number): boolean {
    if (this.#module === undefined) return false;
    const entry = slot.instantiate(this.#module)[this.#nameOf(entryPc)];
    if (entry === undefined) return false;
    this.lastUse = ++uses;
    const { machine } = slot;
    machine.runCompiled(entry as () => void);
    if (machine.coldExits > 0) {
      this.#coldExits += machine.coldExits;
      if (this.wantsAgain) this.addProfile(slot);
    }
    return true;
  }

  /** What callers have waited for compiling since this was last asked. */
  takeCompileMs(): number {
    const { compileMs } = this;
    this.compileMs = 0;
    return compileMs;
  }

  /** Takes over what tier 0 has seen on a slot. */
  addProfile(slot: Slot): void {
    const seen = slot.readProfile();
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
