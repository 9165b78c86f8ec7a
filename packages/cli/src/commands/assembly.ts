import { type AssemblyOptions, type CodeKind, decodeUtf8, printable, VmError } from '@switchyard/core';
import { readInputFile } from '../arguments/read-input.ts';
import type { CommandReport } from '../output/reporter.ts';
import { refuseInput, writeOutput } from '../output/write-output.ts';
import { type CodeOptions, engineTypeOf, withTools } from './inspect.ts';

/** Options of `switchyard disasm`. */
export interface DisassembleOptions extends CodeOptions {
  /** What the file holds; by default the engine's container format. */
  readonly kind?: string;
  /** The engine's own version name, for code that does not say it. */
  readonly isa?: string;
  readonly output?: string;
}

/** Options of `switchyard asm`. */
export interface AssembleOptions extends CodeOptions {
  readonly isa?: string;
  readonly kind?: string;
  readonly output?: string;
}

const KINDS: readonly string[] = ['elf', 'text', 'module', 'module-json', 'bytecode'];

/** Assembly text of a code file, which `asm` takes back to the same code. */
export function disassembleFile(file: string, options: DisassembleOptions = {}): Promise<string> {
  return withTools(options, (app) => {
    const code = readInputFile(file);
    const kind = kindOf(options.kind);
    const type = kind === 'text' ? (options.engine ?? 'tbpf') : engineTypeOf(app, code, options.engine);
    return app.tools(type).disassemble(code, kind ?? 'elf', assemblyOptions(options));
  });
}

/** Code of an assembly text. */
export function assembleFile(file: string, options: AssembleOptions = {}): Promise<Uint8Array> {
  return withTools(options, (app) => {
    const source = decodeUtf8(readInputFile(file));
    if (source === undefined) throw new VmError('ASSEMBLY_INVALID', `${file} is not UTF-8 text.`);
    return app.tools(options.engine ?? engineOfText(file)).assemble(source, assemblyOptions(options));
  });
}

/** `switchyard disasm FILE`. */
export async function disassembleCommand(file: string, options: DisassembleOptions): Promise<CommandReport> {
  refuseInput(options.output, [file]);
  const text = await disassembleFile(file, options);
  if (options.output !== undefined) writeOutput(options.output, text);
  return {
    command: 'disasm',
    exitCode: 0,
    data: { file, output: options.output ?? null, text },
    text: () => (options.output === undefined ? text.trimEnd() : `wrote ${printable(options.output)}`),
  };
}

/** `switchyard asm FILE -o OUT`. */
export async function assembleCommand(file: string, options: AssembleOptions): Promise<CommandReport> {
  refuseInput(options.output, [file]);
  const code = await assembleFile(file, options);
  if (options.output !== undefined) writeOutput(options.output, code);
  return {
    command: 'asm',
    exitCode: 0,
    data: { file, output: options.output ?? null, bytes: code.length, code },
    text: () =>
      options.output === undefined
        ? Buffer.from(code).toString('hex')
        : `wrote ${printable(options.output)}, ${code.length} bytes`,
  };
}

/** The engine whose assembly a file holds, by its name: text has no marker. */
function engineOfText(file: string): string {
  return file.endsWith('.lasm') ? 'legacy' : 'tbpf';
}

function kindOf(name: string | undefined): CodeKind | undefined {
  if (name === undefined) return undefined;
  if (!KINDS.includes(name)) {
    throw new VmError('USAGE_INVALID', `--kind: expected one of ${KINDS.join(', ')}, found "${name}".`);
  }
  return name as CodeKind;
}

function assemblyOptions(options: { readonly isa?: string; readonly kind?: string }): AssemblyOptions {
  const kind = kindOf(options.kind);
  return {
    ...(options.isa === undefined ? {} : { version: options.isa }),
    ...(kind === undefined ? {} : { kind }),
  };
}
