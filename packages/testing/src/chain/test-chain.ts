import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type BlockInfo,
  type CallCodec,
  type EngineSelection,
  type ExecutionEnvironment,
  type GasEstimate,
  type JournaledState,
  type MemoryBackend,
  NATIVE_ASSET,
  type TransactionFields,
  type TransactionRequest,
  VmError,
  type VmFactory,
} from '@switchyard/core';
import { type Addressable, addressOf, createAccount, derive, type TestAccount } from './accounts.ts';
import type { BlockClock, ChainBlock } from './block-clock.ts';
import { DeploymentError } from './deployment-error.ts';
import { type DeploymentOutcome, type TestOutcome, toOutcome } from './outcome.ts';
import { type ContractCode, readCode } from './read-code.ts';
import {
  type CallOptions,
  callFields,
  type DeployOptions,
  type Entry,
  inputOf,
  type TransactionOptions,
  toEntryPoint,
} from './requests.ts';
import { ChainSnapshot } from './snapshot.ts';
import { TestContract } from './test-contract.ts';

/** What a chain is made of; `createTestChain` puts it together. */
export interface TestChainParts {
  readonly backend: MemoryBackend;
  readonly state: JournaledState;
  readonly factory: VmFactory;
  readonly environment: ExecutionEnvironment;
  readonly clock: BlockClock;
}

/**
 * A chain in memory for one test. Deterministic: the same calls give the same results, gas and hashes in every run. All transactions
 * share one block until `mine` or `setBlock`.
 */
export class TestChain {
  readonly #parts: TestChainParts;
  readonly #accounts = new Map<string, TestAccount>();
  #transactions = 0;

  constructor(parts: TestChainParts) {
    this.#parts = parts;
  }

  /** The environment below, for what this class does not offer. */
  get environment(): ExecutionEnvironment {
    return this.#parts.environment;
  }

  /** The state below. What is written here reaches the store at the next transaction, or by `flush`. */
  get state(): JournaledState {
    return this.#parts.state;
  }

  /** The store below. */
  get backend(): MemoryBackend {
    return this.#parts.backend;
  }

  /** The account of that name, always the same one; with funds its native balance is set to them. */
  account(name: string, funds?: bigint): TestAccount {
    let account = this.#accounts.get(name);
    if (account === undefined) {
      account = createAccount(name);
      this.#accounts.set(name, account);
    }
    if (funds !== undefined) this.setBalance(account, funds);
    return account;
  }

  /** Native units, or units of another asset (32 bytes), that an address holds. */
  balance(holder: Addressable, asset: Uint8Array = NATIVE_ASSET): bigint {
    this.#settle();
    return this.backend.getBalance(addressOf(holder), asset);
  }

  /** Sets a balance, out of nothing. @throws VmError BALANCE_OVERFLOW for an amount outside 0 to 2^64 − 1. */
  setBalance(holder: Addressable, amount: bigint, asset: Uint8Array = NATIVE_ASSET): void {
    const held = this.balance(holder, asset);
    if (!this.state.adjustBalance(addressOf(holder), asset, amount - held)) {
      throw new VmError('BALANCE_OVERFLOW', `a balance is 0 to 2^64 − 1, not ${amount}.`);
    }
    this.#settle();
  }

  /** What a contract keeps under a key (bytes; a text stands for its UTF-8). Undefined when there is nothing. */
  storage(contract: Addressable, key: Uint8Array | string): Uint8Array | undefined {
    this.#settle();
    return this.backend.getStorage(addressOf(contract), keyBytes(key))?.slice();
  }

  /** Writes into a contract's storage, around the contract. */
  setStorage(contract: Addressable, key: Uint8Array | string, value: Uint8Array): void {
    this.state.setStorage(addressOf(contract), keyBytes(key), value);
    this.#settle();
  }

  /** How many transactions an address has sent. */
  nonce(sender: Addressable): bigint {
    this.#settle();
    return this.backend.getNonce(addressOf(sender));
  }

  /** Deploys a contract. @throws DeploymentError unless that succeeds; see `tryDeploy`. */
  deploy(code: ContractCode, options: DeployOptions = {}): TestContract {
    const deployment = this.tryDeploy(code, options);
    const name = options.name ?? nameOf(code);
    if (deployment.error !== null) throw new DeploymentError(name, deployment);
    return new TestContract(this, name, deployment);
  }

  /** Deploys a contract and says how it went. @throws VmError for what is wrong with the request itself. */
  tryDeploy(code: ContractCode, options: DeployOptions = {}): DeploymentOutcome {
    const bytes = readCode(code);
    const { engine, address } = options;
    const input = inputOf(options, () => this.#codecOf(bytes, engine));
    const fields = callFields(options, input);
    const construct = options.construct === false ? 'none' : fields;
    const isConstructed =
      construct === 'none' || Object.keys(fields).length > 0 || options.construct === true;
    return toOutcome(
      this.environment.deploy({
        ...this.#transaction(options),
        code: bytes,
        ...(engine === undefined ? {} : { engine }),
        ...(address === undefined ? {} : { address: addressOf(address) }),
        ...(isConstructed ? { construct } : {}),
      }),
    );
  }

  /** Calls a contract and keeps what it changed. */
  call(contract: Addressable, entry: Entry, options: CallOptions = {}): TestOutcome {
    return toOutcome(this.environment.call(this.#request(contract, entry, options, true)));
  }

  /** What `call` would do; nothing changes. */
  simulate(contract: Addressable, entry: Entry, options: CallOptions = {}): TestOutcome {
    return toOutcome(this.environment.simulate(this.#request(contract, entry, options, false)));
  }

  /** The gas limit that a call needs; nothing changes. @throws the call's VmError when it fails at any gas. */
  estimateGas(contract: Addressable, entry: Entry, options: CallOptions = {}): GasEstimate {
    return this.environment.estimateGas(this.#request(contract, entry, options, false));
  }

  /** The block that transactions run in. */
  get block(): ChainBlock {
    return this.#parts.clock.block;
  }

  /** Goes on by blocks: height, time (`secondsPerBlock` each), hash. */
  mine(blocks: bigint | number = 1n): void {
    this.#parts.clock.mine(BigInt(blocks));
  }

  /** Lets time pass without a block. */
  advanceTime(seconds: bigint | number): void {
    this.#parts.clock.advance(BigInt(seconds));
  }

  /** Sets fields of the block. */
  setBlock(fields: Partial<BlockInfo>): void {
    this.#parts.clock.set(fields);
  }

  /** Remembers everything: state, block, transaction count. Costs time in the size of the state. */
  snapshot(): ChainSnapshot {
    this.#settle();
    return new ChainSnapshot(this.backend, this.block, this.#transactions);
  }

  /** Goes back to a snapshot, which may be used again. */
  revert(snapshot: ChainSnapshot): void {
    this.state.discard();
    snapshot.restore(this.backend);
    this.#parts.clock.restore(snapshot.block);
    this.#transactions = snapshot.transactions;
  }

  #request(contract: Addressable, entry: Entry, options: CallOptions, isKept: boolean): TransactionRequest {
    const address = addressOf(contract);
    this.#settle();
    const input = inputOf(options, () => {
      const record = this.backend.getCode(address);
      if (record !== undefined) return this.#codecOf(record.code, record.engine, address);
      throw new VmError('UNKNOWN_CONTRACT', 'there is no code at the address, so args have no encoding.', {
        contract: address,
      });
    });
    return {
      ...this.#transaction(options, isKept),
      contract: address,
      entry: toEntryPoint(entry),
      ...callFields(options, input),
      ...(options.isStatic === undefined ? {} : { isStatic: options.isStatic }),
      ...(options.trace === undefined ? {} : { trace: options.trace }),
    };
  }

  #transaction(options: TransactionOptions, isKept = true): TransactionFields {
    const number = this.#transactions + 1;
    if (isKept) this.#transactions = number;
    return {
      sender: addressOf(options.sender ?? this.account('tester')),
      txHash: options.txHash ?? derive(`transaction ${number}`),
      block: { ...this.block, ...options.block },
      ...(options.gasPrice === undefined ? {} : { gasPrice: options.gasPrice }),
    };
  }

  #codecOf(code: Uint8Array, engine: string | undefined, address?: Uint8Array): CallCodec | undefined {
    const { factory } = this.#parts;
    const selection: EngineSelection = factory.select({
      code,
      blockHeight: this.block.height,
      ...(engine === undefined ? {} : { engine }),
      ...(address === undefined ? {} : { address }),
    });
    return factory.definition(selection.type).tools.calls;
  }

  /** Writes what a test wrote into the state, so that the store is the whole truth. */
  #settle(): void {
    if (!this.state.isClean) this.state.flush();
  }
}

function keyBytes(key: Uint8Array | string): Uint8Array {
  return typeof key === 'string' ? new Uint8Array(Buffer.from(key, 'utf8')) : key;
}

function nameOf(code: ContractCode): string {
  if (code instanceof Uint8Array) return 'the contract';
  return basename(code instanceof URL ? fileURLToPath(code) : code);
}
