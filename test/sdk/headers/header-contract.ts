import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { VmError } from '@switchyard/core';
import { findClang } from '@switchyard/sdk';
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

/** Why built files cannot be compared here; undefined when they can: only the same major version of clang gives the same bytes. */
export function clang14Problem(): string | undefined {
  try {
    const version = execFileSync(findClang(undefined), ['--version'], { encoding: 'utf8' }).split('\n')[0]!;
    return /version 14\./.test(version) ? undefined : `the files were built by clang 14, this is ${version}`;
  } catch (error) {
    if (error instanceof VmError) return error.message;
    throw error;
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
