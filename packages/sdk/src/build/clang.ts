import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { VmError } from '@switchyard/core';
import { compilerHint, readableStderr } from './compiler-hints.ts';
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
  /** Folder whose name must not get into the object. */
  readonly sourceFolder: string;
  /** Folder for clang's temporary files. */
  readonly workFolder: string;
}

const installHint =
  'Install it with `apt-get install clang` (Debian, Ubuntu), or set CLANG to the path of a clang with the BPF target.';

/** Longest time of one run of clang. */
const timeoutMs = 120_000;

/** Path of clang: the given one, else the CLANG variable, else the first on PATH. TOOL_MISSING when there is none. */
export function findClang(
  clangPath: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const asked = clangPath ?? environment['CLANG'];
  if (asked !== undefined && asked !== '') {
    if (asked.includes('/') ? isExecutable(asked) : onPath(asked, environment) !== undefined) {
      return asked.includes('/') ? asked : onPath(asked, environment)!;
    }
    throw new VmError('TOOL_MISSING', `There is no program ${asked} to compile C with.`, {
      hint: installHint,
    });
  }
  const found = onPath('clang', environment);
  if (found === undefined) {
    throw new VmError('TOOL_MISSING', 'clang is needed to compile C, and is not on PATH.', {
      hint: installHint,
    });
  }
  return found;
}

function onPath(name: string, environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The arguments of clang for one source; the object depends on the source and the headers only, not on where they are. */
export function clangArguments(request: CompileRequest): string[] {
  return [
    '-target',
    'bpf',
    '-mcpu=v2',
    `-O${request.optimisation}`,
    '-ffreestanding',
    '-fno-builtin',
    '-fno-ident',
    '-fno-jump-tables',
    '-fno-asynchronous-unwind-tables',
    '-fno-crash-diagnostics',
    '-fno-color-diagnostics',
    `-ffile-prefix-map=${request.sourceFolder}/=`,
    '-nostdlibinc',
    '-Wall',
    '-Wextra',
    // An entry has two parameters whether it reads them or not.
    '-Wno-unused-parameter',
    '-Werror=date-time',
    '-Werror=implicit-function-declaration',
    '-I',
    includePath(),
    ...request.includePaths.flatMap((path) => ['-I', path]),
    '-c',
    request.source,
    '-o',
    request.object,
  ];
}

/**
 * Compiles one source; returns clang's warnings, if any.
 * @throws VmError COMPILE_FAILED with what clang said, or TOOL_MISSING when this clang cannot make BPF code.
 */
export function compile(request: CompileRequest): string | undefined {
  const { clang, source, object } = request;
  const run = spawnSync(clang, clangArguments(request), {
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: request.workFolder, LC_ALL: 'C' },
    maxBuffer: 16 * 1024 * 1024,
    shell: false,
    timeout: timeoutMs,
  });
  if (run.error !== undefined && 'code' in run.error && run.error.code === 'ENOENT') {
    throw new VmError('TOOL_MISSING', `There is no program ${clang} to compile C with.`, {
      hint: installHint,
    });
  }
  const said = readableStderr(run.stderr ?? '');
  if (run.status === 0) {
    if (existsSync(object)) return said === '' ? undefined : said;
    throw new VmError(
      'COMPILE_FAILED',
      `${source} does not compile: ${clang} ended well, but wrote no object.${said === '' ? '' : `\n${said}`}`,
      { details: { source }, hint: 'Check that CLANG or the given path is a real clang.' },
    );
  }
  if (/unable to create target|unknown target triple/.test(said)) {
    throw new VmError('TOOL_MISSING', `${clang} was built without the BPF target.`, {
      hint: installHint,
      cause: said,
    });
  }
  const hint = compilerHint(said);
  const reason = said === '' ? (run.error?.message ?? `clang ended with ${run.signal ?? run.status}`) : said;
  throw new VmError('COMPILE_FAILED', `${source} does not compile:\n${reason}`, {
    details: { source },
    ...(hint === undefined ? {} : { hint }),
  });
}
