import { legacyEngine } from '@switchyard/legacy';
import { tbpfEngine } from '@switchyard/tbpf';
import { createTestChain, type TestChainOptions } from './chain/create-test-chain.ts';
import type { TestChain } from './chain/test-chain.ts';

/** A contract of fixtures/contracts. */
export function contractFile(name: string): URL {
  return new URL(`../../../fixtures/contracts/${name}`, import.meta.url);
}

/** A chain with both engines. */
export function bothEngines(options: TestChainOptions = {}): TestChain {
  return createTestChain({ engines: [tbpfEngine, legacyEngine], ...options });
}
