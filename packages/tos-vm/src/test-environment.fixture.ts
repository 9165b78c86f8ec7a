import { readFileSync } from 'node:fs';
import { VmError } from '@switchyard/core';
import { LegacyTools, legacyEngine } from '@switchyard/legacy';
import { TbpfTools, tbpfEngine } from '@switchyard/tbpf';
import type { Environment } from './environment.ts';
import { EnvironmentBuilder, type EnvironmentOptions } from './environment-builder.ts';
import { Module } from './module.ts';
import type { ValueCell } from './value-cell.ts';
import { VM } from './vm.ts';

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

/** Both engines, and no function of the host. */
export const plain: Environment = builder().build();

/** A legacy module with this entry. */
export const legacy = (source: string): Uint8Array =>
  new LegacyTools().assemble(`.entry #main\n#main\n${source}`);
/** An ELF file with this entry. */
export const elf = (source: string): Uint8Array =>
  new TbpfTools().assemble(`entry_0:\n${source}`, { version: 'v0' });

/** The calling code of TOS: the same for every engine. */
export function invoke(
  code: Uint8Array,
  parameters: readonly ValueCell[],
  environment: Environment = plain,
  gas = 100_000n,
) {
  const vm = VM.new(environment);
  vm.appendModule(Module.new(code, environment));
  vm.invokeEntryChunk(0);
  for (const parameter of parameters.toReversed()) vm.pushStack(parameter);
  vm.contextMut().setGasLimit(gas);
  return { vm, run: () => vm.run() };
}

/** What an action throws. */
export function errorOf(action: () => unknown): VmError {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof VmError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}
