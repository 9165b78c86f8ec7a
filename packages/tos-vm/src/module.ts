import {
  type EngineDefinition,
  type EngineSelection,
  equalBytes,
  VmError,
  WireReader,
  WireWriter,
} from '@switchyard/core';
import { checkEnvironment, type Environment } from './environment.ts';
import { tosError } from './errors.ts';
import { isElf, MAX_MODULE_BYTES, moduleSize, readModuleBytes, writeModule } from './module-wire.ts';

/** Where the machine code of a module lies in its bytes. */
export interface TextSection {
  readonly offset: number;
  readonly size: number;
}

/** What TOS writes to and reads from transactions and storage. */
export interface Serializer {
  write(writer: WireWriter): void;
  /** Exactly the bytes that `write` writes. */
  size(): number;
  toBytes(): Uint8Array;
}

/**
 * A contract's code and what can be called in it, on whichever engine. The entries come from the code, never from a wire's tables.
 * Immutable; loaded once, serves many VMs of the environment it was loaded for.
 */
export class Module implements Serializer {
  /** The code. Nobody may write to it. */
  readonly #code: Uint8Array;
  /** Entry id → symbol, in ascending order of ids. */
  readonly entryPoints: ReadonlyMap<number, string>;
  /** Hook id → symbol, in ascending order of ids. */
  readonly hooks: ReadonlyMap<number, string>;
  /** What a developer should know though the module runs, one sentence each; such as that nothing in it can be called. */
  readonly warnings: readonly string[];
  /** Where its machine code lies; undefined for formats without sections. */
  readonly textSection: TextSection | undefined;

  private constructor(code: Uint8Array, { tools }: EngineDefinition, warnings: readonly string[]) {
    const { entries, hooks, sections } = tools.inspect(code);
    const text = sections.find(({ name }) => name === '.text');
    this.#code = code;
    this.entryPoints = new Map(entries.map((id) => [id, `entry_${id}`]));
    this.hooks = new Map(hooks.map((id) => [id, `hook_${id}`]));
    this.warnings = warnings;
    this.textSection = text === undefined ? undefined : { offset: text.offset, size: text.size };
  }

  /**
   * A module in an ELF file.
   * @throws VmError CODE_TOO_LARGE above 1 MiB, CODE_INVALID for what is no ELF file or is refused by its verifier.
   */
  static fromElf(elf: Uint8Array, environment: Environment): Module {
    checkBytes(elf, environment);
    if (!isElf(elf, 0)) throw tosError('CODE_INVALID', 'InvalidValue', 'the bytes are not an ELF file.');
    return Module.new(elf, environment);
  }

  /**
   * A module in the form that stack machines of TOS ran, all of the bytes.
   * @throws VmError CODE_TOO_LARGE above 1 MiB, CODE_INVALID for what is no such module or is refused by its validator.
   */
  static fromLegacy(bytes: Uint8Array, environment: Environment): Module {
    checkBytes(bytes, environment);
    if (isElf(bytes, 0)) throw tosError('CODE_INVALID', 'InvalidValue', 'the bytes are an ELF file.');
    const isWhole = environment.engines.some(
      ({ tools }) => tools.calls?.moduleLength?.(bytes) === bytes.length,
    );
    if (isWhole) return Module.new(bytes, environment);
    throw (
      refusalOf(bytes, environment) ??
      tosError('CODE_INVALID', 'InvalidValue', 'the bytes are not a legacy module.')
    );
  }

  /**
   * A module in any form that an engine of the environment takes; the engine is chosen as the environment's configuration says.
   * @throws VmError CODE_TOO_LARGE above 1 MiB; CODE_INVALID, with the engine's own native name; ENGINE_DISABLED; CODE_FORMAT_UNKNOWN
   * when no engine is on that could tell what is wrong with the bytes.
   */
  static new(bytes: Uint8Array, environment: Environment): Module {
    checkBytes(bytes, environment);
    // Not `slice`, which of a Buffer is a view.
    const code = new Uint8Array(bytes);
    const { engine, type } = select(code, environment);
    const { valid, error, warnings } = engine.validateCode(code);
    if (!valid) throw error ?? new VmError('CODE_INVALID', `engine ${type} refuses the code.`);
    const module = new Module(code, environment.factory.definition(type), warnings);
    if (module.entryPoints.size > 0xffff || module.hooks.size > 0xff) {
      throw tosError(
        'CODE_INVALID',
        'InvalidSize',
        'the module has more entries or hooks than the wire can count.',
      );
    }
    return module;
  }

  /**
   * Reads what `write` wrote: for an ELF file its length (u32), the file and the two tables; a legacy module as it is.
   * @throws VmError CODE_TOO_LARGE, CODE_INVALID; its native name is InvalidSize or InvalidValue, as the chain's reader says.
   */
  static read(reader: WireReader, environment: Environment): Module {
    return readModuleBytes(reader, environment.engines, (code) => {
      try {
        return Module.new(code, environment);
      } catch (thrown) {
        if (!(thrown instanceof VmError) || thrown.native?.name === 'InvalidSize') throw thrown;
        // Bytes of no format are here what they are to the chain's reader: no module.
        const code = thrown.code === 'CODE_FORMAT_UNKNOWN' ? 'CODE_INVALID' : thrown.code;
        throw tosError(code, 'InvalidValue', thrown.message, { cause: thrown });
      }
    });
  }

  /** Reads a module that takes all of the bytes. @throws VmError as `read`. */
  static fromBytes(bytes: Uint8Array, environment: Environment): Module {
    checkGiven(bytes, environment);
    const reader = new WireReader(bytes);
    const module = Module.read(reader, environment);
    if (reader.isAtEnd) return module;
    throw tosError(
      'CODE_INVALID',
      'InvalidSize',
      `the module ends at byte ${reader.position} of ${bytes.length}.`,
    );
  }

  /** The code: the ELF file, or the legacy module. A view that nobody may write to. */
  elfBytes(): Uint8Array {
    return this.#code;
  }

  /** Symbol of an entry (u16), if there is one. */
  entryPoint(id: number): string | undefined {
    return this.entryPoints.get(id);
  }

  /** Symbol of a hook (u8), if there is one. */
  hook(id: number): string | undefined {
    return this.hooks.get(id);
  }

  /** Ascending. */
  entryPointIds(): readonly number[] {
    return [...this.entryPoints.keys()];
  }

  /** Ascending. */
  hookIds(): readonly number[] {
    return [...this.hooks.keys()];
  }

  write(writer: WireWriter): void {
    writeModule(this, writer);
  }

  size(): number {
    return moduleSize(this);
  }

  toBytes(): Uint8Array {
    const writer = new WireWriter();
    this.write(writer);
    return writer.finish();
  }

  /** True for the same code. */
  equals(other: Module): boolean {
    return equalBytes(this.#code, other.#code);
  }
}

/** The engine that runs the code. What is of no format at all is refused by the engine whose format has no marker. */
function select(code: Uint8Array, environment: Environment): EngineSelection {
  try {
    return environment.factory.select({ code });
  } catch (thrown) {
    if (!(thrown instanceof VmError) || thrown.code !== 'CODE_FORMAT_UNKNOWN') throw thrown;
    throw refusalOf(code, environment) ?? thrown;
  }
}

/** What an engine of modules without a marker has against the bytes, which its decoder knows best; undefined without such an engine. */
function refusalOf(code: Uint8Array, { factory, engines }: Environment): VmError | undefined {
  for (const { type, tools } of engines) {
    if (tools.calls?.moduleLength === undefined) continue;
    const { error } = factory.engine(type).validateCode(code);
    if (error !== null) return error;
  }
  return undefined;
}

/** For callers in JavaScript. @throws VmError CODE_INVALID, CALL_NOT_READY. */
function checkGiven(bytes: unknown, environment: unknown): void {
  checkEnvironment(environment);
  if (bytes instanceof Uint8Array) return;
  throw tosError('CODE_INVALID', 'InvalidValue', `expected a Uint8Array, found a ${typeof bytes}.`);
}

/** Checks what a module is made from and for. @throws VmError CODE_TOO_LARGE, CODE_INVALID, CALL_NOT_READY. */
function checkBytes(bytes: Uint8Array, environment: Environment): void {
  checkGiven(bytes, environment);
  if (bytes.length <= MAX_MODULE_BYTES) return;
  throw tosError(
    'CODE_TOO_LARGE',
    'InvalidSize',
    `the module has ${bytes.length} bytes; at most ${MAX_MODULE_BYTES} are allowed.`,
  );
}
