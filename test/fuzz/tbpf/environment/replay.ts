import { readFileSync } from 'node:fs';
import { hexToBytes } from '@switchyard/core';
import type { TbpfTools } from '@switchyard/tbpf';
import type { CheckResult } from '../../suite.ts';
import type { EnvironmentCase } from './environment-case.ts';
import { environmentSuite } from './environment-suite.ts';

/** Runs a saved case again. */
export function replay(file: string, tools: TbpfTools): CheckResult {
  const failing = JSON.parse(readFileSync(file, 'utf8'), revive) as EnvironmentCase;
  return environmentSuite(tools).check(failing);
}

function revive(_: string, part: unknown): unknown {
  if (part === null || typeof part !== 'object') return part;
  const { bigint, bytes } = part as { readonly bigint?: unknown; readonly bytes?: unknown };
  if (typeof bigint === 'string') return BigInt(bigint);
  return typeof bytes === 'string' ? hexToBytes(bytes) : part;
}
