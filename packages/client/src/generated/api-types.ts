// Made by "npm run docs:generate" from packages/estimator/src/api.

/** 32 bytes as 64 hexadecimal digits, with or without 0x. */
export type Bytes32 = string | Uint8Array;

/** Bytes as hexadecimal digits, two a byte, with or without 0x. */
export type Hex = string | Uint8Array;

/** An unsigned 64-bit integer: a number up to 2^53 − 1, or decimal digits in a string. */
export type U64 = bigint | number | string;

/** An unsigned 64-bit integer as decimal digits. */
export type Amount = string;

/** Bytes as hexadecimal digits without 0x. */
export type Bytes = string;

/** What `vm_estimateGas` takes. */
export interface EstimateGasParams {
  /** A deployed contract to call. */
  contract?: Bytes32;
  /** A module to call as though it were deployed, at the sha-256 of its bytes. */
  code?: Hex;
  /** Engine to run `code` on. */
  engine?: string;
  deploy?: Deployment;
  /** Where the call starts: N or "entry_N", "hook_N", "entrypoint", or the name of a function. Default: "entrypoint". */
  entry?: number | string;
  /** Input bytes. Not together with args. */
  input?: Hex;
  /** Arguments as TYPE:VALUE, as the contract's engine takes them: "u64:5", "string:apples", "address:64 digits". */
  args?: string[];
  /** Sender. Default: 32 zero bytes. */
  from?: Bytes32;
  /** Native units to give along. */
  value?: U64;
  deposits?: Deposit[];
  /** Largest gas limit to consider, or limit of the run. */
  gasLimit?: U64;
  gasPrice?: U64;
  /** Read-only: any change of state fails the call. */
  static?: boolean;
  txHash?: Bytes32;
  block?: BlockOverrides;
  state?: StateOverrides;
  /** Added to the need, in percent, rounded up. Default: the gas policy's. */
  marginPercent?: number;
  /** A search stops when it knows the need to so many units. Default: 1. */
  tolerance?: U64;
  /** Tell where the gas goes. Default: true. */
  breakdown?: boolean;
}

/** Code to deploy. */
export interface Deployment {
  code: Hex;
  engine?: string;
  /** Instead of the address policy's. */
  address?: Bytes32;
  /** Run hook 0: if the code has it (auto, the default), always, or never. */
  construct?: 'auto' | 'always' | 'none';
}

/** Units of an asset that are given along. */
export interface Deposit {
  asset: Bytes32;
  amount: U64;
}

/** Fields of the block that the call runs in. */
export interface BlockOverrides {
  hash?: Bytes32;
  height?: U64;
  topoheight?: U64;
  timestamp?: U64;
  gasLimit?: U64;
  baseFee?: U64;
  coinbase?: Bytes32;
  prevRandao?: Bytes32;
  chainId?: U64;
  network?: string;
}

/** Accounts by address, over the state. Nothing of it is kept. */
export interface StateOverrides {
  [k: string]: AccountOverride;
}

/** What an account is taken to be for this request. */
export interface AccountOverride {
  /** Native units. */
  balance?: U64;
  /** Units of assets by asset. */
  balances?: {
    [k: string]: U64;
  };
  nonce?: U64;
  /** Code at the address; empty: none. */
  code?: Hex;
  /** Engine that `code` asks for. */
  engine?: string;
  /** All of the storage: keys that are not named are absent. Not together with storageDiff. */
  storage?: {
    [k: string]: Hex | null;
  };
  /** Slots over the stored ones; null: absent. */
  storageDiff?: {
    [k: string]: Hex | null;
  };
}

/** What `vm_execute` takes. */
export interface ExecuteParams {
  /** A deployed contract to call. */
  contract?: Bytes32;
  /** A module to call as though it were deployed, at the sha-256 of its bytes. */
  code?: Hex;
  /** Engine to run `code` on. */
  engine?: string;
  deploy?: Deployment;
  /** Where the call starts: N or "entry_N", "hook_N", "entrypoint", or the name of a function. Default: "entrypoint". */
  entry?: number | string;
  /** Input bytes. Not together with args. */
  input?: Hex;
  /** Arguments as TYPE:VALUE, as the contract's engine takes them: "u64:5", "string:apples", "address:64 digits". */
  args?: string[];
  /** Sender. Default: 32 zero bytes. */
  from?: Bytes32;
  /** Native units to give along. */
  value?: U64;
  deposits?: Deposit[];
  /** Largest gas limit to consider, or limit of the run. */
  gasLimit?: U64;
  gasPrice?: U64;
  /** Read-only: any change of state fails the call. */
  static?: boolean;
  txHash?: Bytes32;
  block?: BlockOverrides;
  state?: StateOverrides;
}

/** Calls one after another, each on the state that the ones before it left. Nothing is kept. */
export interface CallSequenceParams {
  calls: Call[];
  /** Also estimate the gas of each call, on the state that the ones before it left. */
  estimate?: boolean;
  block?: BlockOverrides;
  state?: StateOverrides;
}

/** A call of a contract, or a deployment. */
export interface Call {
  /** A deployed contract to call. */
  contract?: Bytes32;
  /** A module to call as though it were deployed, at the sha-256 of its bytes. */
  code?: Hex;
  /** Engine to run `code` on. */
  engine?: string;
  deploy?: Deployment;
  /** Where the call starts: N or "entry_N", "hook_N", "entrypoint", or the name of a function. Default: "entrypoint". */
  entry?: number | string;
  /** Input bytes. Not together with args. */
  input?: Hex;
  /** Arguments as TYPE:VALUE, as the contract's engine takes them: "u64:5", "string:apples", "address:64 digits". */
  args?: string[];
  /** Sender. Default: 32 zero bytes. */
  from?: Bytes32;
  /** Native units to give along. */
  value?: U64;
  deposits?: Deposit[];
  /** Largest gas limit to consider, or limit of the run. */
  gasLimit?: U64;
  gasPrice?: U64;
  /** Read-only: any change of state fails the call. */
  static?: boolean;
  txHash?: Bytes32;
}

/** What `vm_trace` takes. */
export interface TraceParams {
  /** A deployed contract to call. */
  contract?: Bytes32;
  /** A module to call as though it were deployed, at the sha-256 of its bytes. */
  code?: Hex;
  /** Engine to run `code` on. */
  engine?: string;
  deploy?: Deployment;
  /** Where the call starts: N or "entry_N", "hook_N", "entrypoint", or the name of a function. Default: "entrypoint". */
  entry?: number | string;
  /** Input bytes. Not together with args. */
  input?: Hex;
  /** Arguments as TYPE:VALUE, as the contract's engine takes them: "u64:5", "string:apples", "address:64 digits". */
  args?: string[];
  /** Sender. Default: 32 zero bytes. */
  from?: Bytes32;
  /** Native units to give along. */
  value?: U64;
  deposits?: Deposit[];
  /** Largest gas limit to consider, or limit of the run. */
  gasLimit?: U64;
  gasPrice?: U64;
  /** Read-only: any change of state fails the call. */
  static?: boolean;
  txHash?: Bytes32;
  block?: BlockOverrides;
  state?: StateOverrides;
  /** tree: calls, functions and syscalls with their gas, as text (default); events: what happened, one by one; profile: where the gas went, for a flame graph. */
  format?: 'tree' | 'events' | 'profile';
  /** Most events. Default: 1,000. The answer says when there were more. */
  limit?: number;
  /** Events of single instructions, too. Default: false. */
  steps?: boolean;
}

/** What `vm_validateCode` takes. */
export interface ValidateCodeParams {
  code: Hex;
  engine?: string;
}

/** What `vm_engines` takes. */
export type EnginesParams = Record<string, never>;

/** What `vm_estimateGas` answers. */
export interface EstimateGasResult {
  /** The limit to set: the need and the margin. */
  gasLimit: Amount;
  gasUsed: Amount;
  refund: Amount;
  /** exact: the smallest limit that works, proved by a run; search: a limit that works. */
  method: 'exact' | 'search';
  runs: number;
  /** The part of gasLimit above the need. */
  margin: Amount;
  /** The need with its margin is above what the block or a transaction may use. */
  exceedsLimit: boolean;
  /** Adds up to gasUsed, the largest first; null when it was not asked for. */
  breakdown: GasShare[] | null;
  /** The called or deployed contract. */
  contract: Bytes;
  /** The engine that ran it; null when none did. */
  engine: string | null;
  version: string | null;
  /** The gas policy in force. */
  profile: string;
  /** Version of the state that was read; every commit raises it. */
  stateVersion: Amount;
  /** Height of the block that the call ran in. */
  height: Amount;
}

/** A part of the gas used. */
export interface GasShare {
  /** instructions: the contract's own; syscall: a host function; storage: one that read or wrote storage; call: another contract with all below it; code: storing deployed code. */
  kind: 'instructions' | 'syscall' | 'storage' | 'call' | 'code';
  /** Name of the syscall, address of the called contract, or the engine. */
  name: string;
  gas: Amount;
  calls: number;
}

/** What `vm_execute` answers. */
export interface ExecuteResult {
  /** reverted: the contract ended with another exit code than 0; failed: its machine stopped. */
  status: 'success' | 'reverted' | 'failed';
  exitCode: Amount | null;
  returnData: Bytes;
  /** The typed value, where the engine has types; else null. */
  returnValue: unknown;
  gas: {
    limit: Amount;
    charged: Amount;
    refunded: Amount;
    price: Amount;
    fee: Amount;
  };
  logs: {
    contract: Bytes;
    message: string;
  }[];
  events: {
    contract: Bytes;
    topics: Bytes[];
    data: Bytes;
  }[];
  transfers: {
    kind: 'transfer' | 'mint' | 'burn';
    from: Bytes | null;
    to: Bytes | null;
    asset: Bytes;
    amount: Amount;
  }[];
  stateChanges: StateChange[];
  fault: Fault | null;
  /** The called or deployed contract. */
  contract: Bytes;
  /** The engine that ran it; null when none did. */
  engine: string | null;
  version: string | null;
  /** The gas policy in force. */
  profile: string;
  /** Version of the state that was read; every commit raises it. */
  stateVersion: Amount;
  /** Height of the block that the call ran in. */
  height: Amount;
}

/** What the call would change; of code, its sha-256. */
export interface StateChange {
  kind: 'storage' | 'balance' | 'nonce' | 'code' | 'asset';
  /** The contract, the account or the asset. */
  address: Bytes;
  /** Key of the slot, or the asset of a balance. */
  key: Bytes | null;
  before: string | null;
  after: string | null;
}

/** Why a call failed. */
export interface Fault {
  /** Stable; docs/errors.md lists all. */
  code: string;
  message: string;
  hint: string;
  /** What the contract gave back, where it is text. */
  reason: string | null;
  /** The engine's own name for it. */
  native: string | null;
  exitCode: Amount | null;
  returnData: Bytes;
  pc: number | null;
  contract: Bytes | null;
  /** FILE:LINE, where the contract has debug information. */
  source: string | null;
  details: {
    [k: string]: string;
  };
}

/** What `vm_call` answers. */
export interface CallSequenceResult {
  results: {
    /** reverted: the contract ended with another exit code than 0; failed: its machine stopped. */
    status: 'success' | 'reverted' | 'failed';
    exitCode: Amount | null;
    returnData: Bytes;
    /** The typed value, where the engine has types; else null. */
    returnValue: unknown;
    gas: {
      limit: Amount;
      charged: Amount;
      refunded: Amount;
      price: Amount;
      fee: Amount;
    };
    logs: {
      contract: Bytes;
      message: string;
    }[];
    events: {
      contract: Bytes;
      topics: Bytes[];
      data: Bytes;
    }[];
    transfers: {
      kind: 'transfer' | 'mint' | 'burn';
      from: Bytes | null;
      to: Bytes | null;
      asset: Bytes;
      amount: Amount;
    }[];
    stateChanges: StateChange[];
    fault: Fault | null;
    /** The called or deployed contract. */
    contract: Bytes;
    /** The engine that ran it; null when none did. */
    engine: string | null;
    version: string | null;
    /** The gas policy in force. */
    profile: string;
    /** Version of the state that was read; every commit raises it. */
    stateVersion: Amount;
    /** Height of the block that the call ran in. */
    height: Amount;
    /** Null unless it was asked for. */
    estimate:
      | (
          | {
              /** The limit to set: the need and the margin. */
              gasLimit: Amount;
              gasUsed: Amount;
              refund: Amount;
              /** exact: the smallest limit that works, proved by a run; search: a limit that works. */
              method: 'exact' | 'search';
              runs: number;
              /** The part of gasLimit above the need. */
              margin: Amount;
              /** The need with its margin is above what the block or a transaction may use. */
              exceedsLimit: boolean;
              /** Adds up to gasUsed, the largest first; null when it was not asked for. */
              breakdown: GasShare[] | null;
            }
          | {
              fault: Fault;
            }
        )
      | null;
  }[];
}

/** What `vm_trace` answers. */
export interface TraceResult {
  /** reverted: the contract ended with another exit code than 0; failed: its machine stopped. */
  status: 'success' | 'reverted' | 'failed';
  fault: Fault | null;
  gasUsed: Amount;
  tree: string | null;
  events:
    | {
        [k: string]: unknown;
      }[]
    | null;
  profile: {
    frames: {
      kind: 'contract' | 'function' | 'syscall' | 'rest';
      name: string;
      source: string | null;
    }[];
    nodes: {
      /** Index in frames. */
      frame: number;
      depth: number;
      calls: number;
      self: Amount;
      total: Amount;
    }[];
    isCut: boolean;
  } | null;
  /** There was more than the limit let through. */
  isCut: boolean;
  /** The called or deployed contract. */
  contract: Bytes;
  /** The engine that ran it; null when none did. */
  engine: string | null;
  version: string | null;
  /** Version of the state that was read; every commit raises it. */
  stateVersion: Amount;
  /** Height of the block that the call ran in. */
  height: Amount;
}

/** What `vm_validateCode` answers. */
export interface ValidateCodeResult {
  valid: boolean;
  fault: Fault | null;
  warnings: string[];
  engine: string | null;
  format: string | null;
  codeHash: Bytes;
  size: number;
  instructions: number | null;
  entries: number[];
  hooks: number[];
  functions: string[];
  syscalls: string[];
}

/** What `vm_engines` answers. */
export interface EnginesResult {
  engines: {
    type: string;
    enabled: boolean;
    /** Null when the configuration turns it off. */
    version: string | null;
    features: string[];
    tiers: string[];
  }[];
  profile: string;
  gas: {
    defaultLimit: Amount;
    maxLimit: Amount;
    price: Amount;
  };
  maxCallDepth: number;
}
/** Every method of the service by its JSON-RPC name. */
export interface ApiMethods {
  /** How much gas a call or a deployment needs, and why. Runs the call on a copy of the state and answers with the smallest gas limit that works, proved by a run, and where the gas goes. A call that fails at any gas answers with its fault. */
  vm_estimateGas: { params: EstimateGasParams; result: EstimateGasResult };
  /** Run a call or a deployment and keep nothing. A failing contract is a result, with its fault. */
  vm_execute: { params: ExecuteParams; result: ExecuteResult };
  /** Run calls one after another and keep nothing. Each call sees what the ones before it changed: approve, then transfer. A failed call changes nothing but nonce and fee, and the next one runs. */
  vm_call: { params: CallSequenceParams; result: CallSequenceResult };
  /** Tell what happens in a call. As a tree of calls, as events, or as a profile of gas for a flame graph. */
  vm_trace: { params: TraceParams; result: TraceResult };
  /** Check a module as a deployment would. Bad code is an answer with `valid: false` and a fault, not an error. */
  vm_validateCode: { params: ValidateCodeParams; result: ValidateCodeResult };
  /** The engines and limits of this service. What runs here: engines with version and features, gas limits, the gas policy. */
  vm_engines: { params: EnginesParams; result: EnginesResult };
}

/** Codes of failures after which the same request may succeed. */
export const RETRYABLE_CODES: readonly string[] = [
  'STATE_UNAVAILABLE',
  'RATE_LIMITED',
  'QUEUE_FULL',
  'SERVICE_STOPPING',
];
