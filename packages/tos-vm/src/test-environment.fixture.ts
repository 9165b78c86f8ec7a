import { readFileSync } from 'node:fs';
import { legacyEngine } from '@switchyard/legacy';
import { tbpfEngine } from '@switchyard/tbpf';
import { EnvironmentBuilder, type EnvironmentOptions } from './environment-builder.ts';

/** A builder over both engines. */
export function builder(options: Partial<EnvironmentOptions> = {}): EnvironmentBuilder {
  return new EnvironmentBuilder({ engines: [tbpfEngine, legacyEngine], ...options });
}

/** A file of fixtures/. */
export function fixture(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../../fixtures/${path}`, import.meta.url)));
}

/** The two builds of a contract of fixtures/tos-vm. */
export function builds(name: string): readonly (readonly [engine: string, code: Uint8Array])[] {
  return [
    ['tbpf', fixture(`tos-vm/${name}.so`)],
    ['legacy', fixture(`tos-vm/${name}.module`)],
  ];
}
