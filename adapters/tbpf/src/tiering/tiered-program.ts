import { type CompilerOptions, compileProgram } from '../compiler/compile.ts';
import { compilerInputOf } from '../compiler/input.ts';
import type { Program } from '../interpreter/program.ts';
import type { Slot } from '../linear/slot.ts';
import { type WasmModule, webAssembly } from '../linear/web-assembly.ts';

/** Cold exits after which a program is compiled again with what tier 0 has seen meanwhile. */
const COLD_EXITS_TO_RECOMPILE = 500;

/** A program whose cold exits come back after so many compilations keeps them. */
const MOST_COMPILATIONS = 4;

/**
 * A program and how far it has come up the tiers. Tiers agree in everything but speed, so what happens here is never observable.
 */
export class TieredProgram {
  readonly program: Program;
  readonly heapBytes: number;
  readonly entries: readonly number[];
  /** Instructions that tier 0 has executed. */
  executed = 0;
  #module: WasmModule | undefined;
  /** Bytes of the emitted module. */
  #moduleBytes = 0;
  #compilations = 0;
  #coldExits = 0;
  /** Regions that the accesses of all slots have been seen to touch, by slot number of the instruction. */
  #profile: Uint8Array = new Uint8Array(0);
  readonly #names = new Map<number, string>();

  constructor(program: Program, heapBytes: number, entries: Iterable<number>) {
    this.program = program;
    this.heapBytes = heapBytes;
    this.entries = [...new Set(entries)];
  }

  /** The compiled module, where there is one. */
  get module(): WasmModule | undefined {
    return this.#module;
  }

  get moduleBytes(): number {
    return this.#moduleBytes;
  }

  /** Whether compiling has been tried and would not help. */
  get isRefused(): boolean {
    return this.#module === undefined && this.#compilations > 0;
  }

  /** Compiles now. @returns whether there is a module afterwards. */
  compile(options: CompilerOptions = {}): boolean {
    const api = webAssembly();
    this.#compilations++;
    this.#coldExits = 0;
    if (api === undefined) return false;
    const input = compilerInputOf(this.program, this.heapBytes, this.entries, this.#profile);
    const compiled = compileProgram(input, options);
    if (compiled === undefined) return false;
    this.#module = new api.Module(compiled.bytes);
    this.#moduleBytes = compiled.bytes.length;
    return true;
  }

  /** Runs the compiled module on a slot that has begun a run at this entry. */
  runCompiled(slot: Slot, entryPc: number): boolean {
    if (this.#module === undefined) return false;
    let name = this.#names.get(entryPc);
    if (name === undefined) {
      name = `f${entryPc}`;
      this.#names.set(entryPc, name);
    }
    const entry = slot.instantiate(this.#module)[name];
    if (entry === undefined) return false;
    const { machine } = slot;
    machine.runCompiled(entry as () => void);
    if (machine.coldExits > 0) this.#countColdExits(slot, machine.coldExits);
    return true;
  }

  /** Takes over what tier 0 has seen on a slot. */
  addProfile(slot: Slot): void {
    const seen = slot.readProfile();
    if (this.#profile.length === 0) this.#profile = seen;
    else for (let pc = 0; pc < seen.length; pc++) this.#profile[pc]! |= seen[pc]!;
  }

  #countColdExits(slot: Slot, count: number): void {
    this.#coldExits += count;
    if (this.#coldExits < COLD_EXITS_TO_RECOMPILE || this.#compilations >= MOST_COMPILATIONS) return;
    this.addProfile(slot);
    this.compile();
  }
}
