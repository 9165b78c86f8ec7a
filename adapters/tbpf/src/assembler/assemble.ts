import type { TbpfConfig } from '../config.ts';
import { type Slot, slotSize, writeSlot } from '../isa/instruction.ts';
import { featuresOf, type TbpfVersion } from '../isa/version.ts';
import { FunctionRegistry } from '../loader/function-registry.ts';
import { loadRawText, type RawFunction } from '../loader/raw-text.ts';
import { noSyscalls, type SyscallKeys } from '../loader/syscall-keys.ts';
import { quoteDebug } from '../native-error.ts';
import { AssemblyFailure, atLine, failAssembly } from './assembly-failure.ts';
import { type DataPart, type Directives, isFileDirective, readDirectives } from './directives.ts';
import { type AssembledCall, type Encoder, encodeFill, encodeInstruction, hashedKey } from './encode.ts';
import { mnemonicsOf } from './mnemonics.ts';
import { parseAssembly, type Statement } from './parser.ts';

/** Most slots one source may produce; `.fill` could ask for any number. */
export const assemblerSlotLimit = 0x10_0000;

/** Settings of the assembler. */
export interface AssembleOptions {
  /** The upper end of its enabled versions is the target. */
  readonly config: TbpfConfig;
  /** Names the program may not redefine; none by default. */
  readonly syscalls?: SyscallKeys;
}

/** An assembled program. */
export interface AssembledProgram {
  readonly text: Uint8Array;
  readonly version: TbpfVersion;
  /** Functions registered by labels and integer calls, as `loadRawText` takes them. */
  readonly functions: readonly RawFunction[];
  readonly entryPc: number;
  /** The labels that the source defines, by name. */
  readonly labels: ReadonlyMap<string, number>;
  /** What each call instruction calls, by slot. */
  readonly calls: ReadonlyMap<number, AssembledCall>;
  /** Where the code is to lie (V0–V2), where the source says it. */
  readonly textAddress: bigint | undefined;
  /** Read-only data, by address. */
  readonly data: readonly DataPart[];
  /** The labels to export besides the entries, where the source lists them. */
  readonly globals: readonly string[] | undefined;
}

/** An assembled program, or the reference's message that says why there is none, and the line where it does not say it. */
export type AssembleOutcome =
  | ({ readonly ok: true } & AssembledProgram)
  | { readonly ok: false; readonly message: string; readonly line?: number };

/**
 * Assembles text into instruction slots (spec §10.1–10.2). Beyond the reference's grammar it takes the directives of `Directives`, and
 * in V0–V2 a second operand of `call` and `syscall`, the src field. Never throws.
 */
export function assemble(source: string, options: AssembleOptions): AssembleOutcome {
  try {
    return assembleOrFail(source, options);
  } catch (failure) {
    if (!(failure instanceof AssemblyFailure)) throw failure;
    const { message, line } = failure;
    return line === undefined ? { ok: false, message } : { ok: false, message, line };
  }
}

function assembleOrFail(source: string, { config, syscalls = noSyscalls }: AssembleOptions): AssembleOutcome {
  const version = config.enabledVersions[1];
  const statements = parseAssembly(source);
  const directives = readDirectives(statements, version);
  const functions = new FunctionRegistry();
  const { labels, slotCount } = placeLabels(statements, functions, directives);
  const calls = new Map<number, AssembledCall>();
  const { hashedCalls } = directives;
  const encoder: Encoder = { features: featuresOf(version), hashedCalls, labels, functions, calls };
  const text = new Uint8Array(slotCount * slotSize);
  let pc = 0;
  const emit = (slots: readonly Slot[]) => {
    for (const slot of slots) writeSlot(text, pc++, slot);
  };
  const mnemonics = mnemonicsOf(version);
  const encode = (statement: Statement): void => {
    if (statement.kind === 'label') return;
    if (statement.kind === 'directive') {
      if (isFileDirective(statement.name)) return;
      const count = fillCount(statement) ?? failAssembly(`Invalid directive ${quoteDebug(statement.name)}`);
      const slot = encodeFill(statement.operands[1]!);
      for (let index = 0; index < count; index++) emit([slot]);
      return;
    }
    const mnemonic = mnemonics.get(statement.name);
    if (mnemonic === undefined) failAssembly(`Invalid instruction ${quoteDebug(statement.name)}`);
    else emit(encodeInstruction(encoder, mnemonic, statement, pc));
  };
  for (const statement of statements) atLine(statement.line, () => encode(statement));
  const registered = functions.entries().map(([key, entry]): RawFunction => [key, entry.pc, entry.name]);
  const loaded = loadRawText(text, version, syscalls, config, registered);
  if (!loaded.ok) return failAssembly(`Executable constructor ${loaded.error.detail}`);
  const defined = new Map(
    statements.flatMap(({ kind, name }) => (kind === 'label' ? [[name, labels.get(name)!]] : [])),
  );
  return {
    ok: true,
    text,
    version,
    functions: registered,
    entryPc: loaded.executable.entryPc,
    labels: defined,
    calls,
    textAddress: directives.textAddress,
    data: directives.data,
    globals: directives.globals,
  };
}

/** First pass: the slot of every label. Later labels of one name win; functions are registered. */
function placeLabels(
  statements: readonly Statement[],
  functions: FunctionRegistry,
  { hashedCalls }: Directives,
) {
  const labels = new Map<string, number>([['entrypoint', 0]]);
  let pc = 0;
  for (const statement of statements) {
    if (statement.kind === 'label') {
      const { name } = statement;
      const isFunction = name === 'entrypoint' || name.startsWith('function_');
      const key = hashedCalls ? hashedKey(name, pc) : pc;
      if (isFunction && !functions.register(key, pc, name)) failAssembly(`Label hash collision ${name}`);
      labels.set(name, pc);
    } else if (statement.kind === 'directive') pc += fillCount(statement) ?? 0;
    else pc += statement.name === 'lddw' ? 2 : 1;
    if (pc > assemblerSlotLimit) failAssembly(`Program too large: more than ${assemblerSlotLimit} slots`);
  }
  return { labels, slotCount: pc };
}

/** The number of slots of a well-formed `.fill count, value`. */
function fillCount({ name, operands }: Statement & { kind: 'directive' }): number | undefined {
  const [count, value] = operands;
  if (name !== 'fill' || operands.length !== 2) return undefined;
  if (count?.kind !== 'integer' || value?.kind !== 'integer' || count.value < 0n) return undefined;
  return Number(count.value);
}
