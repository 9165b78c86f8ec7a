import { spawnSync } from 'node:child_process';

/** Whether tests can compile C on this machine. */
export const hasClang: boolean = spawnSync('clang', ['--version']).status === 0;
