import type { SelectRule } from '../factory/select-rule.ts';
import type { GasPolicy } from '../gas/gas-policy.ts';
import { GAS_POLICIES } from '../gas/gas-policy.ts';
import type { BlockInfo } from '../vm/execution-context.ts';

/** Where the state lives. */
export type StateConfig =
  | { readonly kind: 'memory' }
  | { readonly kind: 'lmdb'; readonly path: string; readonly readOnly?: boolean }
  | {
      readonly kind: 'postgres';
      /** `postgres://USER:PASSWORD@HOST:PORT/DATABASE`; holds a secret, see `withoutSecrets`. */
      readonly url: string;
      /** Schema of the tables; the store has a default. */
      readonly schema?: string;
      readonly readOnly?: boolean;
      /** Longest wait for a connection and for a statement, in milliseconds; the store has a default. */
      readonly timeoutMs?: number;
    };

/** One engine's line. An engine that is not listed is on, with its own defaults. */
export interface EngineConfig {
  readonly enabled: boolean;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Bounds that hold for every engine; an engine may have tighter ones. */
export interface LimitsConfig {
  /** Largest depth of contract calls; a transaction's own call has depth 0. A call is refused when its depth would exceed this. At most HIGHEST_CALL_DEPTH. */
  readonly maxCallDepth: number;
  /** Bytes. */
  readonly maxInputSize: number;
  /** Bytes; engines have their own, tighter bounds. */
  readonly maxCodeSize: number;
}

/** Gas of transactions. */
export interface GasConfig {
  readonly defaultLimit: bigint;
  readonly maxLimit: bigint;
  /** Native units a unit of gas, unless a request says otherwise. */
  readonly price: bigint;
  readonly policy: GasPolicy;
}

/** May a contract that is on the call stack be called again? */
export interface ReentrancyConfig {
  readonly default: 'refuse' | 'allow';
  /** Contracts (32 bytes) that may be re-entered whatever the default says. */
  readonly allow: readonly Uint8Array[];
  /** Whether read-only calls may re-enter any contract. */
  readonly staticCalls: 'refuse' | 'allow';
}

/** How contracts are deployed. */
export interface DeployConfig {
  /** `creator-nonce`: keccak-256(creator ‖ nonce, 8 bytes big-endian); `tx-hash`: the transaction's hash. */
  readonly addressPolicy: 'creator-nonce' | 'tx-hash';
  /** Gas for each byte of code. */
  readonly gasPerByte: bigint;
}

/** Where engines keep what they have compiled, for processes to come. */
export interface CodeCacheConfig {
  /** Undefined: nowhere. */
  readonly directory: string | undefined;
  /** Bytes; 0: nothing is kept. */
  readonly maxBytes: number;
}

/** The whole configuration, checked and with defaults filled in. `@switchyard/core/config` makes one from what a user wrote. */
export interface SwitchyardConfig {
  readonly state: StateConfig;
  readonly engines: Readonly<Record<string, EngineConfig>>;
  readonly select: readonly SelectRule[];
  readonly defaultEngine: string | undefined;
  /** Package names. */
  readonly plugins: readonly string[];
  readonly limits: LimitsConfig;
  readonly gas: GasConfig;
  readonly contracts: { readonly reentrancy: ReentrancyConfig };
  readonly deploy: DeployConfig;
  /** Block that calls run in, unless a request says otherwise. */
  readonly block: Partial<BlockInfo>;
  readonly moduleCacheBytes: number;
  readonly codeCache: CodeCacheConfig;
  /** The estimation service's section as it was written; `@switchyard/estimator` checks it. */
  readonly estimator: Readonly<Record<string, unknown>>;
  /** Where it was read from, for messages. */
  readonly source: string;
}

/**
 * Largest `limits.maxCallDepth`. A nested call is a nested JavaScript call: on Node's default stack a TBPF contract that calls itself
 * overflows it at about 430, traced at about 390 (measured on Node 20), and hooks and listeners need room too.
 */
export const HIGHEST_CALL_DEPTH = 256;

/** Default bound of a cache of compiled code on disk: 128 MiB. */
export const DEFAULT_CODE_CACHE_BYTES = 134_217_728;

/** What holds when nothing is configured. */
export const DEFAULT_CONFIG: SwitchyardConfig = Object.freeze<SwitchyardConfig>({
  state: { kind: 'memory' },
  engines: {},
  select: [],
  defaultEngine: undefined,
  plugins: [],
  limits: { maxCallDepth: 64, maxInputSize: 131_072, maxCodeSize: 16_777_216 },
  gas: { defaultLimit: 200_000n, maxLimit: 1_400_000n, price: 0n, policy: GAS_POLICIES.tos },
  contracts: { reentrancy: { default: 'refuse', allow: [], staticCalls: 'refuse' } },
  deploy: { addressPolicy: 'creator-nonce', gasPerByte: 0n },
  block: {},
  moduleCacheBytes: 67_108_864,
  codeCache: { directory: undefined, maxBytes: DEFAULT_CODE_CACHE_BYTES },
  estimator: {},
  source: 'defaults',
});
