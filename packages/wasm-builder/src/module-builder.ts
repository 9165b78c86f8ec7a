import { type BodyContext, type GlobalType, requireIndex } from './body-context.ts';
import { ByteBuffer } from './byte-buffer.ts';
import { CodeSection } from './code-section.ts';
import { type Constant, encodeConstant } from './constant.ts';
import { type Elements, encodeElements, encodeLimits, type Limits, requireLimits } from './entries.ts';
import { refuseAbove, WasmBuilderError } from './error.ts';
import { FunctionBody } from './function-body.ts';
import { ENGINE_LIMITS } from './limits.ts';
import { Names } from './names.ts';
import { Section, SectionId, writeSection } from './section.ts';
import { FUNCREF, type FunctionType, I32, isValueType, type ValueType } from './value-types.ts';

/** Kinds of what is imported and exported (specification §5.5.5, §5.5.10). */
const Kind = { function: 0, table: 1, memory: 2, global: 3 } as const;

const FUNCTION_TYPE = 0x60;
const MAGIC_AND_VERSION = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

export interface ModuleOptions {
  /** Check operand types while bodies are written: finds a mistake where it is made, at several times the cost. Default false. */
  readonly checked?: boolean;
}

/**
 * Builds one WebAssembly module (specification §5.5). Everything is referred to by its index, which the method that adds it returns;
 * imports come before definitions of the same kind, and a thing before what refers to it. Bodies may be written in any order.
 */
export class ModuleBuilder {
  private readonly typeSection = new Section(SectionId.type, ENGINE_LIMITS.types, 'types');
  private readonly importSection = new Section(SectionId.import, ENGINE_LIMITS.imports, 'imports');
  private readonly functionSection = new Section(SectionId.function, ENGINE_LIMITS.functions, 'functions');
  private readonly tableSection = new Section(SectionId.table, ENGINE_LIMITS.tables, 'tables');
  private readonly memorySection = new Section(SectionId.memory, 1, 'memories');
  private readonly globalSection = new Section(SectionId.global, ENGINE_LIMITS.globals, 'globals');
  private readonly exportSection = new Section(SectionId.export, ENGINE_LIMITS.exports, 'exports');
  private readonly elementSection = new Section(
    SectionId.element,
    ENGINE_LIMITS.elementSegments,
    'element segments',
  );
  private readonly dataSection = new Section(SectionId.data, ENGINE_LIMITS.dataSegments, 'data segments');
  private readonly code = new CodeSection();
  private readonly custom = new ByteBuffer();
  private readonly names = new Names();

  private readonly types: FunctionType[] = [];
  private readonly typeIndices = new Map<string, number>();
  private readonly functionTypes: number[] = [];
  private readonly globals: GlobalType[] = [];
  private readonly exported = new Set<string>();
  private importedFunctions = 0;
  private importedTables = 0;
  private importedMemories = 0;
  private importedGlobals = 0;
  private startFunction: number | undefined;

  private readonly context: BodyContext;
  private readonly sharedBody: FunctionBody;

  constructor({ checked = false }: ModuleOptions = {}) {
    const builder = this;
    this.context = {
      types: this.types,
      functionTypes: this.functionTypes,
      globals: this.globals,
      get tableCount() {
        return builder.importedTables + builder.tableSection.count;
      },
      get memoryCount() {
        return builder.importedMemories + builder.memorySection.count;
      },
      get dataCount() {
        return builder.dataSection.count;
      },
      get elementCount() {
        return builder.elementSection.count;
      },
    };
    this.sharedBody = new FunctionBody(this.context, checked, (body) => this.code.finish(body));
  }

  /** Index of the function type [parameters] → [results]; equal types are one. */
  addType(parameters: readonly ValueType[], results: readonly ValueType[]): number {
    const key = `${parameters.join()}:${results.join()}`;
    const known = this.typeIndices.get(key);
    if (known !== undefined) return known;
    refuseAbove(ENGINE_LIMITS.parameters, parameters.length, 'parameters');
    refuseAbove(ENGINE_LIMITS.results, results.length, 'results');
    for (const type of [...parameters, ...results]) requireValueType(type);
    const out = this.typeSection.add();
    out.u8(FUNCTION_TYPE);
    for (const list of [parameters, results]) {
      out.u32(list.length);
      for (const type of list) out.u8(type & 0x7f);
    }
    const index = this.types.push({ parameters: [...parameters], results: [...results] }) - 1;
    this.typeIndices.set(key, index);
    return index;
  }

  importFunction(module: string, name: string, typeIndex: number): number {
    requireIndex(typeIndex, this.types.length, 'type');
    this.requireBeforeDefinitions(this.functionSection);
    refuseAbove(ENGINE_LIMITS.functions, this.functionTypes.length + 1, 'functions');
    this.addImport(module, name, Kind.function).u32(typeIndex);
    this.importedFunctions++;
    return this.functionTypes.push(typeIndex) - 1;
  }

  /** A table of functions. */
  importTable(module: string, name: string, limits: Limits): number {
    requireLimits(limits, ENGINE_LIMITS.tableEntries, 0xffff_ffff, 'table entries');
    this.requireBeforeDefinitions(this.tableSection);
    const out = this.addImport(module, name, Kind.table);
    out.u8(FUNCREF & 0x7f);
    encodeLimits(out, limits);
    return this.importedTables++;
  }

  /** The memory; limits in pages of 64 KiB. */
  importMemory(module: string, name: string, limits: Limits): number {
    requireLimits(limits, ENGINE_LIMITS.memoryPages, ENGINE_LIMITS.memoryPages, 'memory pages');
    refuseAbove(1, this.context.memoryCount + 1, 'memories');
    encodeLimits(this.addImport(module, name, Kind.memory), limits);
    return this.importedMemories++;
  }

  importGlobal(module: string, name: string, type: ValueType, mutable = false): number {
    requireValueType(type);
    this.requireBeforeDefinitions(this.globalSection);
    const out = this.addImport(module, name, Kind.global);
    out.u8(type & 0x7f);
    out.u8(mutable ? 1 : 0);
    this.importedGlobals++;
    return this.globals.push({ type, mutable }) - 1;
  }

  /** A function of this module; its body follows by {@link body}, before `finish`. */
  addFunction(typeIndex: number): number {
    requireIndex(typeIndex, this.types.length, 'type');
    refuseAbove(ENGINE_LIMITS.functions, this.functionTypes.length + 1, 'functions');
    this.functionSection.add().u32(typeIndex);
    return this.functionTypes.push(typeIndex) - 1;
  }

  /** A table of functions, empty at first. */
  addTable(limits: Limits): number {
    requireLimits(limits, ENGINE_LIMITS.tableEntries, 0xffff_ffff, 'table entries');
    const out = this.tableSection.add();
    out.u8(FUNCREF & 0x7f);
    encodeLimits(out, limits);
    return this.context.tableCount - 1;
  }

  /** The memory; limits in pages of 64 KiB. A module has at most one. */
  addMemory(limits: Limits): number {
    requireLimits(limits, ENGINE_LIMITS.memoryPages, ENGINE_LIMITS.memoryPages, 'memory pages');
    refuseAbove(1, this.context.memoryCount + 1, 'memories');
    encodeLimits(this.memorySection.add(), limits);
    return 0;
  }

  addGlobal(type: ValueType, mutable: boolean, first: Constant): number {
    requireValueType(type);
    const entry = new ByteBuffer(16);
    entry.u8(type & 0x7f);
    entry.u8(mutable ? 1 : 0);
    encodeConstant(entry, first, type, this.context, this.importedGlobals);
    this.globalSection.add().copy(entry);
    return this.globals.push({ type, mutable }) - 1;
  }

  exportFunction(name: string, index: number): void {
    requireIndex(index, this.functionTypes.length, 'function');
    this.addExport(name, Kind.function, index);
  }

  exportTable(name: string, index = 0): void {
    requireIndex(index, this.context.tableCount, 'table');
    this.addExport(name, Kind.table, index);
  }

  exportMemory(name: string, index = 0): void {
    requireIndex(index, this.context.memoryCount, 'memory');
    this.addExport(name, Kind.memory, index);
  }

  exportGlobal(name: string, index: number): void {
    requireIndex(index, this.globals.length, 'global');
    this.addExport(name, Kind.global, index);
  }

  /** The function, without parameters and results, that runs at instantiation. */
  setStart(index: number): void {
    requireIndex(index, this.functionTypes.length, 'function');
    const { parameters, results } = this.types[this.functionTypes[index]!]!;
    if (parameters.length + results.length > 0) {
      throw new WasmBuilderError('TYPE_MISMATCH', 'the start function has parameters or results');
    }
    this.startFunction = index;
  }

  /** An element segment; its index, for `tableInit` and `elemDrop`. */
  addElements(elements: Elements): number {
    const entry = new ByteBuffer();
    encodeElements(entry, elements, this.context, this.importedGlobals);
    this.elementSection.add().copy(entry);
    return this.elementSection.count - 1;
  }

  /** A data segment; with an offset it is copied into memory at instantiation, without one by `memoryInit`. Its index. */
  addData(bytes: Uint8Array, offset?: Constant): number {
    const entry = new ByteBuffer(bytes.length + 32);
    entry.u8(offset === undefined ? 1 : 0);
    if (offset !== undefined) {
      requireIndex(0, this.context.memoryCount, 'memory');
      encodeConstant(entry, offset, I32, this.context, this.importedGlobals);
    }
    entry.vector(bytes);
    this.dataSection.add().copy(entry);
    return this.dataSection.count - 1;
  }

  /** A custom section at the end of the module (§5.5.3). */
  addCustomSection(name: string, bytes: Uint8Array): void {
    const section = new ByteBuffer(bytes.length + 32);
    section.name(name);
    section.raw(bytes);
    writeSection(this.custom, SectionId.custom, section);
  }

  /** Name for debuggers and stack traces. */
  nameModule(name: string): void {
    this.names.module = name;
  }

  nameFunction(index: number, name: string): void {
    requireIndex(index, this.functionTypes.length, 'function');
    this.names.functions.set(index, name);
  }

  /** Begins the body of a function of this module. The object is the same for all: one body at a time, until its `finish`. */
  body(index: number): FunctionBody {
    const defined = index - this.importedFunctions;
    requireIndex(defined, this.functionSection.count, 'body: function of this module');
    this.code.begin(defined);
    this.sharedBody.begin(index, this.types[this.functionTypes[index]!]!);
    return this.sharedBody;
  }

  /** The module's bytes. BAD_ORDER when a function has no body. */
  finish(): Uint8Array {
    const out = new ByteBuffer(this.code.length + this.dataSection.entries.length + 256);
    out.raw(MAGIC_AND_VERSION);
    this.typeSection.write(out);
    this.importSection.write(out);
    this.functionSection.write(out);
    this.tableSection.write(out);
    this.memorySection.write(out);
    this.globalSection.write(out);
    this.exportSection.write(out);
    if (this.startFunction !== undefined) writeNumber(out, SectionId.start, this.startFunction);
    this.elementSection.write(out);
    if (this.dataSection.count > 0) writeNumber(out, SectionId.dataCount, this.dataSection.count);
    this.code.write(out, this.functionSection.count, this.importedFunctions);
    this.dataSection.write(out);
    out.copy(this.custom);
    this.names.write(out);
    refuseAbove(ENGINE_LIMITS.moduleBytes, out.length, 'bytes of a module');
    return out.toBytes();
  }

  private addImport(module: string, name: string, kind: number): ByteBuffer {
    const out = this.importSection.add();
    out.name(requireName(module));
    out.name(requireName(name));
    out.u8(kind);
    return out;
  }

  private addExport(name: string, kind: number, index: number): void {
    if (this.exported.has(name)) throw new WasmBuilderError('BAD_VALUE', `"${name}" is exported already`);
    const out = this.exportSection.add();
    out.name(requireName(name));
    out.u8(kind);
    out.u32(index);
    this.exported.add(name);
  }

  private requireBeforeDefinitions(section: Section): void {
    if (section.count > 0) {
      throw new WasmBuilderError('BAD_ORDER', 'an import after a definition of its kind would move indices');
    }
  }
}

function writeNumber(out: ByteBuffer, id: number, value: number): void {
  const contents = new ByteBuffer(16);
  contents.u32(value);
  writeSection(out, id, contents);
}

function requireValueType(type: number): void {
  if (!isValueType(type)) throw new WasmBuilderError('BAD_VALUE', `${type} is no value type`);
}

/** A lone surrogate has no UTF-8; two such names would become one. */
function requireName(name: string): string {
  if (/\p{Surrogate}/u.test(name))
    throw new WasmBuilderError('BAD_VALUE', 'a name holds half a surrogate pair');
  refuseAbove(ENGINE_LIMITS.nameBytes, name.length * 3, 'bytes of a name (3 a character)');
  return name;
}
