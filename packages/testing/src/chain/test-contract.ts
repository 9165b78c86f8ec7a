import type { GasEstimate } from '@switchyard/core';
import type { DeploymentOutcome, TestOutcome } from './outcome.ts';
import type { CallOptions, Entry } from './requests.ts';
import type { TestChain } from './test-chain.ts';

/** A deployed contract: the chain's methods with the address filled in. */
export class TestContract {
  readonly chain: TestChain;
  /** For messages. */
  readonly name: string;
  /** 32 bytes. */
  readonly address: Uint8Array;
  /** How it was deployed: its gas, events and logs. */
  readonly deployment: DeploymentOutcome;

  constructor(chain: TestChain, name: string, deployment: DeploymentOutcome) {
    this.chain = chain;
    this.name = name;
    this.address = deployment.contract;
    this.deployment = deployment;
  }

  /** Calls an entry and keeps what it changed. */
  call(entry: Entry, options: CallOptions = {}): TestOutcome {
    return this.chain.call(this, entry, options);
  }

  /** What `call` would do; nothing changes. */
  simulate(entry: Entry, options: CallOptions = {}): TestOutcome {
    return this.chain.simulate(this, entry, options);
  }

  /** The gas limit that a call needs. @throws the call's VmError when it fails at any gas. */
  estimateGas(entry: Entry, options: CallOptions = {}): GasEstimate {
    return this.chain.estimateGas(this, entry, options);
  }

  /** What it keeps under a key (bytes; a text stands for its UTF-8). */
  storage(key: Uint8Array | string): Uint8Array | undefined {
    return this.chain.storage(this, key);
  }

  /** Native units, or units of another asset, that it holds. */
  balance(asset?: Uint8Array): bigint {
    return this.chain.balance(this, asset);
  }
}
