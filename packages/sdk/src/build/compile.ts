import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { VmError } from '@switchyard/core';
import { type CompileRequest, clangArguments, irArguments } from './clang.ts';
import { failedFunction, readableStderr } from './clang-output.ts';
import { compilerHint } from './compiler-hints.ts';
import { rewriteBlockCopies, rewriteSignedDivision } from './ir-rewrites.ts';
import { type ClangRun, runClang } from './run-clang.ts';

/** What clang's back end refuses, and the kit can do for it. */
const rewritable = /signed division|= s(div|rem) |built-in function '(memcpy|memmove|memset)'/;

const stackExceeded = /BPF stack limit of \d+ bytes/;

/** Bytes of stack that a function may use: a frame of the machine. clang 14 does not know the option. */
const largerStack = ['-mllvm', '-bpf-stack-size=4096'];

/** How a source is compiled. */
interface Way {
  /** Through LLVM's textual code, in which what the back end refuses is replaced. */
  readonly isRewritten: boolean;
  readonly hasLargeFrames: boolean;
  /** With the lines of the source, which the back end then says. */
  readonly hasLines: boolean;
}

/**
 * Compiles one source; returns clang's warnings, if any. What the back end refuses is tried in ways that it takes: signed division and large
 * copies are rewritten between clang's two halves, and large frames are asked for.
 * @throws VmError COMPILE_FAILED with what clang said, or TOOL_MISSING when this clang cannot make BPF code.
 */
export function compile(request: CompileRequest): string | undefined {
  const { clang, source, object } = request;
  let way: Way = { isRewritten: false, hasLargeFrames: false, hasLines: false };
  let run = attempt(request, way);
  for (let next = betterWay(run, way); next !== undefined; next = betterWay(run, way)) {
    const again = attempt(request, next);
    if (/Unknown command line argument/.test(again.stderr)) break;
    way = next;
    run = again;
  }
  if (!run.isSuccess) throw failure(request, withPlaces(request, run, way));
  const said = readableStderr(run.stderr);
  if (existsSync(object)) return said === '' ? undefined : said;
  throw new VmError(
    'COMPILE_FAILED',
    `${source} does not compile: ${clang} ended well, but wrote no object.${said === '' ? '' : `\n${said}`}`,
    { details: { source }, hint: 'Check that CLANG or the given path is a real clang.' },
  );
}

/** What to try after a refusal; undefined when there is nothing. */
function betterWay({ isSuccess, stderr }: ClangRun, way: Way): Way | undefined {
  if (isSuccess) return undefined;
  if (!way.isRewritten && rewritable.test(stderr)) return { ...way, isRewritten: true };
  if (!way.hasLargeFrames && stackExceeded.test(stderr)) return { ...way, hasLargeFrames: true };
  return undefined;
}

function attempt(request: CompileRequest, { isRewritten, hasLargeFrames, hasLines }: Way): ClangRun {
  const { clang, object, workFolder } = request;
  const frames = hasLargeFrames ? largerStack : [];
  const lines = hasLines ? ['-gline-tables-only'] : [];
  if (!isRewritten) return runClang(clang, [...frames, ...lines, ...clangArguments(request)], workFolder);
  const code = `${object}.ll`;
  const front = [...lines, ...clangArguments({ ...request, object: code }, 'llvm')];
  const parsed = runClang(clang, front, workFolder);
  if (!parsed.isSuccess) return parsed;
  const copies = rewriteBlockCopies(readFileSync(code, 'utf8'));
  writeFileSync(code, rewriteSignedDivision(copies.text).text);
  const run = runClang(clang, [...frames, ...irArguments(request, code)], workFolder);
  // The first half has all warnings about the source; the second says only what it refuses.
  return run.isSuccess ? { ...run, stderr: parsed.stderr } : run;
}

/** A complaint of the back end, which knows lines only when it is told to keep them. */
const backEnd =
  /error in backend|<unknown>:0:0|built-in function|too many args|StructRet|small returns|stack limit/;

/** A failed run whose complaints say where. */
function withPlaces(request: CompileRequest, run: ClangRun, way: Way): ClangRun {
  if (!backEnd.test(run.stderr)) return run;
  if (/dynamic stack allocation/.test(run.stderr)) {
    const search = ['-Werror=vla', '-Werror=alloca', ...clangArguments(request, 'check')];
    const found = runClang(request.clang, search, request.workFolder);
    return found.isSuccess ? run : found;
  }
  const located = attempt(request, { ...way, hasLines: true });
  if (located.isSuccess) return run;
  const name = failedFunction(located.stderr);
  const hasPlace = /^\S+:\d+:\d+: |^fatal error: .*(, \S+:\d+:\d+|backend: line \d+.*)$/m;
  if (name === undefined || hasPlace.test(located.stderr)) return located;
  const line = lineOfFunction(request, name);
  const place = line === undefined ? '' : `${request.source}:${line}:1: error: in function ${name}\n`;
  return { ...located, stderr: `${place}${located.stderr}` };
}

/** The line at which a function starts. */
function lineOfFunction(request: CompileRequest, name: string): string | undefined {
  const { clang, object, workFolder } = request;
  const code = `${object}.ll`;
  const args = ['-gline-tables-only', ...clangArguments({ ...request, object: code }, 'llvm')];
  if (!runClang(clang, args, workFolder).isSuccess) return undefined;
  const functions = readFileSync(code, 'utf8').matchAll(/!DISubprogram\(name: "([^"]+)".*? line: (\d+)/g);
  return [...functions].find((match) => match[1] === name)?.[2];
}

function failure(request: CompileRequest, { stderr, end }: ClangRun): VmError {
  const { source } = request;
  const said = readableStderr(stderr).replace(/^error: line (\d+): /gm, `${source}:$1: error: `);
  const hint = compilerHint(said);
  return new VmError('COMPILE_FAILED', `${source} does not compile:\n${said === '' ? end : said}`, {
    details: { source },
    ...(hint === undefined ? {} : { hint }),
  });
}
