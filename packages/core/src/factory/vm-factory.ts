import { bytesToHex } from '../bytes.ts';
import type { EngineConfig } from '../config/config.ts';
import { nearest } from '../errors/nearest.ts';
import { VmError } from '../errors/vm-error.ts';
import { codeHash } from '../state/hashes.ts';
import type { VirtualMachine, VmType } from '../vm/virtual-machine.ts';
import { createEngineServices, type EngineDefinition, type EngineServices } from './engine-definition.ts';
import { type CodeFacts, type ModuleDescriptor, ruleFits, type SelectRule } from './select-rule.ts';
import { stableJson } from './stable-json.ts';

/** The engine chosen for a module. */
export interface EngineSelection {
  readonly engine: VirtualMachine;
  readonly type: VmType;
  /** Why: `module`, `select[2]`, `marker` or `defaultEngine`. */
  readonly reason: string;
}

/** What the factory needs of the configuration. */
export interface FactoryConfig {
  readonly engines?: Readonly<Record<string, EngineConfig>>;
  readonly select?: readonly SelectRule[];
  readonly defaultEngine?: string | undefined;
  /** Named in errors. */
  readonly source?: string;
}

/** Chooses the engine of a module and keeps one instance per type and options. */
export class VmFactory {
  readonly #definitions = new Map<string, EngineDefinition>();
  readonly #config: FactoryConfig;
  readonly #rules: readonly SelectRule[];
  readonly #services: EngineServices;
  readonly #instances = new Map<string, VirtualMachine>();
  /** What the formats' markers say of code, as long as the code array lives. */
  readonly #marked = new WeakMap<Uint8Array, EngineSelection>();
  readonly #formats = new WeakMap<Uint8Array, Map<string, boolean>>();
  readonly #facts: CodeFacts = { codeHash, hasFormat: (code, type) => this.#hasFormat(code, type) };

  /** @throws VmError ENGINE_UNKNOWN when the configuration names an engine that has no definition. */
  constructor(
    definitions: Iterable<EngineDefinition>,
    config: FactoryConfig = {},
    services: EngineServices = createEngineServices(),
  ) {
    for (const definition of definitions) this.#definitions.set(definition.type, definition);
    this.#config = config;
    this.#rules = config.select ?? [];
    this.#services = services;
    for (const type of Object.keys(config.engines ?? {})) this.#require(type, `engines.${type}`);
    for (const [index, rule] of this.#rules.entries()) {
      this.#require(rule.engine, `select[${index}].engine`);
      if (rule.format !== undefined && !rule.format.startsWith('0x')) {
        this.#require(rule.format, `select[${index}].format`);
      }
    }
    if (config.defaultEngine !== undefined) this.#require(config.defaultEngine, 'defaultEngine');
  }

  /** Known engines, sorted. */
  get types(): readonly VmType[] {
    return [...this.#definitions.keys()].sort();
  }

  /** True unless the configuration turns the engine off. */
  isEnabled(type: VmType): boolean {
    return this.#config.engines?.[type]?.enabled !== false;
  }

  /** @throws VmError ENGINE_UNKNOWN. */
  definition(type: VmType): EngineDefinition {
    return this.#require(type, undefined);
  }

  /**
   * The engine of that type, made on first demand.
   * @throws VmError ENGINE_UNKNOWN, ENGINE_DISABLED, or what the engine says of its options.
   */
  engine(type: VmType, options?: Readonly<Record<string, unknown>>): VirtualMachine {
    const definition = this.#require(type, undefined);
    if (!this.isEnabled(type)) throw this.#disabled(type);
    const wanted = options ?? this.#config.engines?.[type]?.options ?? {};
    const key = `${type}\n${stableJson(wanted)}`;
    let engine = this.#instances.get(key);
    if (engine === undefined) {
      engine = definition.create(wanted, this.#services);
      this.#instances.set(key, engine);
    }
    return engine;
  }

  /**
   * The engine that runs a module; the first of these that says one: the module's own field, the `select` rules in order, the format's
   * marker (magic bytes, then full decodes), `defaultEngine`.
   * @throws VmError ENGINE_UNKNOWN, ENGINE_DISABLED, CODE_FORMAT_UNKNOWN.
   */
  select(module: ModuleDescriptor): EngineSelection {
    if (module.engine !== undefined) {
      return { engine: this.engine(module.engine), type: module.engine, reason: 'module' };
    }
    for (let i = 0; i < this.#rules.length; i++) {
      const rule = this.#rules[i]!;
      if (ruleFits(rule, module, this.#facts)) {
        return { engine: this.engine(rule.engine, rule.options), type: rule.engine, reason: `select[${i}]` };
      }
    }
    const known = this.#marked.get(module.code);
    if (known !== undefined) return known;
    const selection = this.#selectByMarker(module.code);
    this.#marked.set(module.code, selection);
    return selection;
  }

  #selectByMarker(code: Uint8Array): EngineSelection {
    for (const priority of ['magic', 'last'] as const) {
      let disabled: VmType | undefined;
      for (const { type, markerPriority } of this.#definitions.values()) {
        if (markerPriority !== priority || !this.#hasFormat(code, type)) continue;
        if (this.isEnabled(type)) return { engine: this.engine(type), type, reason: 'marker' };
        disabled ??= type;
      }
      if (disabled !== undefined) throw this.#disabled(disabled);
    }
    const type = this.#config.defaultEngine;
    if (type !== undefined) return { engine: this.engine(type), type, reason: 'defaultEngine' };
    throw new VmError(
      'CODE_FORMAT_UNKNOWN',
      code.length === 0
        ? 'the code is empty.'
        : `no engine recognises code that begins with ${spacedHex(code.subarray(0, 8))}; known engines: ${this.types.join(', ') || 'none'}.`,
      isText(code)
        ? { hint: 'It is text: build or assemble it first, or name the engine that takes text.' }
        : {},
    );
  }

  #hasFormat(code: Uint8Array, type: string): boolean {
    let answers = this.#formats.get(code);
    if (answers === undefined) {
      answers = new Map();
      this.#formats.set(code, answers);
    }
    let answer = answers.get(type);
    if (answer === undefined) {
      answer = this.#definitions.get(type)?.recognise(code, this.#services) ?? false;
      answers.set(type, answer);
    }
    return answer;
  }

  #require(type: string, path: string | undefined): EngineDefinition {
    const definition = this.#definitions.get(type);
    if (definition !== undefined) return definition;
    const where = path === undefined ? '' : `${this.#config.source ?? 'configuration'}: ${path}: `;
    const meant = nearest(type, this.types);
    throw new VmError(
      'ENGINE_UNKNOWN',
      `${where}there is no engine "${type}"${meant === undefined ? '.' : `; did you mean "${meant}"?`} Known engines: ${this.types.join(', ') || 'none'}.`,
    );
  }

  #disabled(type: VmType): VmError {
    const source = this.#config.source ?? 'configuration';
    return new VmError(
      'ENGINE_DISABLED',
      `engine ${type} is off: ${source}: engines.${type}.enabled is false.`,
      {
        hint: `Set engines.${type}.enabled to true, or remove the line.`,
      },
    );
  }
}

function spacedHex(bytes: Uint8Array): string {
  return bytesToHex(bytes).replace(/..(?=.)/g, '$& ');
}

/** Whether code begins as a text would: sources are given to the wrong command more often than unknown formats. */
function isText(code: Uint8Array): boolean {
  const start = code.subarray(0, 64);
  return (
    start.length > 0 &&
    start.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09)
  );
}
