import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VmError } from '@switchyard/core';
import { build, findClang } from '@switchyard/sdk';
import { tbpfEngine } from '@switchyard/tbpf';
import { createTestChain, type TestContract } from '@switchyard/testing';

/** Path of a file in fixtures/headers. */
export function headerPath(file: string): string {
  return fileURLToPath(new URL(`../../../fixtures/headers/${file}`, import.meta.url));
}

/** A contract of fixtures/headers, deployed on a chain of its own. */
export function headerContract(name: string): TestContract {
  const chain = createTestChain({ engines: [tbpfEngine] });
  return chain.deploy(new Uint8Array(readFileSync(headerPath(`${name}/${name}.so`))), {
    name,
    construct: false,
  });
}

/** Why nothing can be compiled here; undefined when clang is there. */
export function clangProblem(): string | undefined {
  try {
    findClang(undefined);
    return undefined;
  } catch (error) {
    if (error instanceof VmError) return error.message;
    throw error;
  }
}

/** Why built files cannot be compared here; undefined when they can: only the same major version of clang gives the same bytes. */
export function clang14Problem(): string | undefined {
  const problem = clangProblem();
  if (problem !== undefined) return problem;
  const version = execFileSync(findClang(undefined), ['--version'], { encoding: 'utf8' }).split('\n')[0]!;
  return /version 14\./.test(version) ? undefined : `the files were built by clang 14, this is ${version}`;
}

/** What `build` says of a contract with these declarations and an empty entry; undefined when it builds, without a warning. */
export function compileFailure(declarations: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-test-'));
  const source = join(folder, 'a.c');
  writeFileSync(
    source,
    `${declarations}\nuint64_t entrypoint(const uint8_t *input, uint64_t len);\nuint64_t entrypoint(const uint8_t *input, uint64_t len) { return len; }\n`,
  );
  try {
    const { warnings } = build({ sources: [source], strict: true });
    return warnings.length === 0 ? undefined : warnings.join('\n');
  } catch (error) {
    if (error instanceof VmError) return error.message;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Fixed bytes of an integer, little-endian; negative ones in two's complement. */
export function littleEndian(value: bigint, size: number): Uint8Array {
  let left = BigInt.asUintN(8 * size, value);
  return Uint8Array.from({ length: size }, () => {
    const byte = Number(left & 0xffn);
    left >>= 8n;
    return byte;
  });
}

/** The integer of such bytes. */
export function fromLittleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
