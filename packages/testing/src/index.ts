export { type Addressable, addressOf, type TestAccount } from './chain/accounts.ts';
export { createTestChain, type TestChainOptions } from './chain/create-test-chain.ts';
export { DeploymentError } from './chain/deployment-error.ts';
export type { DeploymentOutcome, TestOutcome } from './chain/outcome.ts';
export type { ContractCode } from './chain/read-code.ts';
export type {
  Argument,
  CallInput,
  CallOptions,
  DeployOptions,
  Entry,
  TransactionOptions,
} from './chain/requests.ts';
export { ChainSnapshot } from './chain/snapshot.ts';
export { TestChain } from './chain/test-chain.ts';
export { TestContract } from './chain/test-contract.ts';
export { describeOutcome } from './describe/describe-outcome.ts';
export { bool, borsh, bytes, bytes32, text, u8, u16, u32, u64, u128, u256 } from './values.ts';
