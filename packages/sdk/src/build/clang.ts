import { includePath } from './include-path.ts';

/** How hard clang optimises; less than 1 makes code that the machine cannot run. */
export type Optimisation = '1' | '2' | '3' | 's' | 'z';

/** One run of clang over one source. All paths are absolute. */
export interface CompileRequest {
  readonly clang: string;
  readonly source: string;
  readonly object: string;
  readonly optimisation: Optimisation;
  readonly includePaths: readonly string[];
  /** Folder whose name must not get into the object; nor do those of the include paths. */
  readonly sourceFolder: string;
  /** Write debug information, in which no folder of this machine is named. */
  readonly debugInfo: boolean;
  /** Folder of clang's own headers; needed for debug information only. */
  readonly clangFolder?: string;
  /** Folder for clang's temporary files. */
  readonly workFolder: string;
}

/** How far clang goes: to an object, to LLVM's textual code, or no further than to look for mistakes. */
export type Stage = 'object' | 'llvm' | 'check';

const stageFlags: Readonly<Record<Stage, readonly string[]>> = {
  object: ['-c'],
  llvm: ['-S', '-emit-llvm'],
  check: ['-fsyntax-only'],
};

/** What the machine, the linker and an equal result in every place want of the code. */
const codeFlags = [
  '-target',
  'bpf',
  '-mcpu=v2',
  '-fno-ident',
  // The linker leaves out the functions and constants that nothing reaches, and asks how much stack a function uses.
  '-ffunction-sections',
  '-fdata-sections',
  '-fstack-size-section',
  '-fno-crash-diagnostics',
  '-fno-color-diagnostics',
];

/** The arguments of clang for one source; the object depends on the source and the headers only, not on where they are. */
export function clangArguments(request: CompileRequest, stage: Stage = 'object'): string[] {
  const includes = [includePath(), ...request.includePaths];
  return [
    ...codeFlags,
    `-O${request.optimisation}`,
    '-ffreestanding',
    '-fno-builtin',
    '-fno-jump-tables',
    '-fno-asynchronous-unwind-tables',
    ...[request.sourceFolder, ...includes].map((folder) => `-ffile-prefix-map=${folder}/=`),
    ...(request.debugInfo ? debugFlags(request) : []),
    '-nostdlibinc',
    '-Wall',
    '-Wextra',
    // An entry has two parameters whether it reads them or not.
    '-Wno-unused-parameter',
    '-Werror=date-time',
    '-Werror=implicit-function-declaration',
    ...includes.flatMap((path) => ['-I', path]),
    ...stageFlags[stage],
    request.source,
    ...(stage === 'check' ? [] : ['-o', request.object]),
  ];
}

/**
 * DWARF 4: later versions have section names that the loader refuses. Of maps that fit a path clang takes the last one; headers are
 * named as they are included.
 */
function debugFlags({ sourceFolder, includePaths, clangFolder }: CompileRequest): string[] {
  const map = (folder: string, as: string) => `-fdebug-prefix-map=${folder}=${as}`;
  return [
    '-g',
    '-gdwarf-4',
    '-fdebug-compilation-dir=.',
    ...(clangFolder === undefined ? [] : [map(clangFolder, 'clang')]),
    ...[includePath(), ...includePaths].map((path) => map(`${path}/`, '')),
    map(`${sourceFolder}/`, ''),
  ];
}

/** The arguments of clang for a file of LLVM's textual code, which is optimised already. */
export function irArguments(request: CompileRequest, code: string): string[] {
  const { optimisation, object } = request;
  const flags = [...codeFlags, `-O${optimisation}`, '-Xclang', '-disable-llvm-passes'];
  return [...flags, '-x', 'ir', '-c', code, '-o', object];
}
