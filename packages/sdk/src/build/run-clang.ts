import { spawnSync } from 'node:child_process';
import { VmError } from '@switchyard/core';
import { installHint } from './find-clang.ts';

/** Longest time of one run of clang. */
const timeoutMs = 120_000;

/** How a run of clang ended. */
export interface ClangRun {
  readonly isSuccess: boolean;
  /** What it printed, as it is. */
  readonly stderr: string;
  /** Why there is nothing printed: the signal, the exit code or the failure to start. */
  readonly end: string;
}

/**
 * Runs clang; its temporary files go to `workFolder`, so that nothing stays when it crashes.
 * @throws VmError TOOL_MISSING when there is no such program, or it cannot make BPF code.
 */
export function runClang(clang: string, args: readonly string[], workFolder: string): ClangRun {
  const run = spawnSync(clang, args, {
    encoding: 'utf8',
    // Without names in its dump of the stack, which nobody sees, a refusing clang ends in a tenth of the time.
    env: { ...process.env, TMPDIR: workFolder, LC_ALL: 'C', LLVM_DISABLE_SYMBOLIZATION: '1' },
    maxBuffer: 16 * 1024 * 1024,
    shell: false,
    timeout: timeoutMs,
  });
  if (run.error !== undefined && 'code' in run.error && run.error.code === 'ENOENT') {
    throw new VmError('TOOL_MISSING', `There is no program ${clang} to compile C with.`, {
      hint: installHint,
    });
  }
  const stderr = run.stderr ?? '';
  if (run.status !== 0 && /unable to create target|unknown target triple/.test(stderr)) {
    throw new VmError('TOOL_MISSING', `${clang} was built without the BPF target.`, {
      hint: installHint,
      cause: stderr,
    });
  }
  const end = run.error?.message ?? `clang ended with ${run.signal ?? run.status}`;
  return { isSuccess: run.status === 0, stderr, end };
}

/** The folder of clang's own headers and libraries; undefined where clang does not say. */
export function clangFolderOf(clang: string): string | undefined {
  const { status, stdout } = spawnSync(clang, ['-print-resource-dir'], {
    encoding: 'utf8',
    timeout: timeoutMs,
  });
  const folder = (stdout ?? '').trim();
  return status === 0 && folder !== '' ? folder : undefined;
}
