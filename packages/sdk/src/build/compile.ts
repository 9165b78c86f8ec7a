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

/** Bytes of stack that a function may use: a frame of the machine. The option exists since LLVM 19. */
const largerStack = ['-mllvm', '-bpf-stack-size=4096'];

/**
 * Compiles one source; returns clang's warnings, if any. What the back end refuses is tried in ways that it takes: signed division and large
 * copies are rewritten between clang's two halves, and large frames are asked for.
 * @throws VmError COMPILE_FAILED with what clang said, or TOOL_MISSING when this clang cannot make BPF code.
 */
export function compile(request: CompileRequest): string | undefined {
  const { clang, source, object } = request;
  let extra: readonly string[] = [];
  let run = runClang(clang, clangArguments(request), request.workFolder);
  if (!run.isSuccess && rewritable.test(run.stderr)) run = compileRewritten(request, extra) ?? run;
  if (!run.isSuccess && stackExceeded.test(run.stderr)) {
    extra = largerStack;
    const again = runClang(clang, [...extra, ...clangArguments(request)], request.workFolder);
    const isKnown = !/Unknown command line argument/.test(again.stderr);
    if (isKnown) run = again;
    if (!run.isSuccess && isKnown && rewritable.test(run.stderr)) {
      run = compileRewritten(request, extra) ?? run;
    }
  }
  if (!run.isSuccess) throw failure(request, withPlaces(request, run));
  const said = readableStderr(run.stderr);
  if (existsSync(object)) return said === '' ? undefined : said;
  throw new VmError(
    'COMPILE_FAILED',
    `${source} does not compile: ${clang} ended well, but wrote no object.${said === '' ? '' : `\n${said}`}`,
    { details: { source }, hint: 'Check that CLANG or the given path is a real clang.' },
  );
}

/** Compiles through LLVM's textual code, rewritten; undefined when there is nothing to rewrite. */
function compileRewritten(request: CompileRequest, extra: readonly string[]): ClangRun | undefined {
  const { clang, object, workFolder } = request;
  const code = `${object}.ll`;
  const front = runClang(clang, clangArguments({ ...request, object: code }, 'llvm'), workFolder);
  if (!front.isSuccess) return undefined;
  const copies = rewriteBlockCopies(readFileSync(code, 'utf8'));
  const { text, count } = rewriteSignedDivision(copies.text);
  if (count + copies.count === 0) return undefined;
  writeFileSync(code, text);
  const back = runClang(clang, [...extra, ...irArguments(request, code)], workFolder);
  // The front half has all warnings about the source; the back half says only what it refuses.
  return back.isSuccess ? { ...back, stderr: front.stderr } : back;
}

/** A failed run whose complaints say where: the back end knows lines only when it is told to keep them. */
function withPlaces(request: CompileRequest, run: ClangRun): ClangRun {
  const isBackEnd = /error in backend|<unknown>:0:0|too many args|StructRet|small returns|stack limit/.test(
    run.stderr,
  );
  if (!isBackEnd) return run;
  const { clang, workFolder } = request;
  if (/dynamic stack allocation/.test(run.stderr)) {
    const search = ['-Werror=vla', '-Werror=alloca', ...clangArguments(request, 'check')];
    const found = runClang(clang, search, workFolder);
    return found.isSuccess ? run : found;
  }
  const located = runClang(clang, ['-gline-tables-only', ...clangArguments(request)], workFolder);
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
