import { z } from 'zod';
import type { ModuleDescriptor } from '../factory/select-rule.ts';
import { HIGHEST_CALL_DEPTH } from './config.ts';
import { bytes32, integer, percent, u64 } from './fields.ts';
import { isPostgresUrl } from './state-from-text.ts';

/*
 * The schema of what a user may write. Everything is optional and nothing has a default here, so that each layer (file, environment,
 * flags) can be checked by itself; `complete-config.ts` fills in the defaults once the layers are merged.
 */

const stateShape = {
  kind: z.enum(['memory', 'lmdb', 'postgres']),
  path: z.string().min(1),
  url: z.string().refine(isPostgresUrl, 'an address that begins with postgres://'),
  schema: z.string().min(1),
  readOnly: z.boolean(),
  timeoutMs: integer(1, 3_600_000),
};
const engineShape = { enabled: z.boolean(), options: z.record(z.string(), z.unknown()) };
const rangeShape = { from: bytes32, to: bytes32 };
const ruleShape = {
  engine: z.string().min(1),
  options: z.record(z.string(), z.unknown()).optional(),
  codeHash: z.union([z.array(bytes32), bytes32]).optional(),
  address: z.union([z.strictObject(rangeShape), bytes32]).optional(),
  format: z.string().min(1).optional(),
  fromHeight: u64.optional(),
  toHeight: u64.optional(),
  predicate: z
    .custom<(module: ModuleDescriptor) => boolean>(
      (value) => typeof value === 'function',
      'expected a function',
    )
    .optional(),
};
const limitsShape = {
  maxCallDepth: integer(0, HIGHEST_CALL_DEPTH),
  maxInputSize: integer(0, 1_073_741_824),
  maxCodeSize: integer(1, 1_073_741_824),
};
const policyShape = {
  preset: z.enum(['tos', 'evm-london', 'evm-legacy', 'prozchain', 'plain']),
  refundCapPercent: percent,
  burnPercent: percent,
  burnBaseFee: z.boolean(),
  treasuryPercent: percent,
  treasury: bytes32,
  minimumCharge: u64,
  marginPercent: integer(0, 10_000),
};
const gasShape = {
  defaultLimit: u64,
  maxLimit: u64,
  price: u64,
  policy: z.union([policyShape.preset, z.strictObject(policyShape).partial()]),
};
const reentrancyShape = {
  default: z.enum(['refuse', 'allow']),
  allow: z.array(bytes32),
  staticCalls: z.enum(['refuse', 'allow']),
};
const contractsShape = { reentrancy: z.strictObject(reentrancyShape).partial() };
const deployShape = { addressPolicy: z.enum(['creator-nonce', 'tx-hash']), gasPerByte: u64 };
const blockShape = {
  hash: bytes32,
  height: u64,
  topoheight: u64,
  timestamp: u64,
  gasLimit: u64,
  baseFee: u64,
  coinbase: bytes32,
  prevRandao: bytes32,
  chainId: u64,
  network: z.string(),
};
const codeCacheShape = { directory: z.string().min(1), maxBytes: integer(0, Number.MAX_SAFE_INTEGER) };
const rootShape = {
  state: z.strictObject(stateShape).partial().required({ kind: true }),
  engines: z.record(z.string(), z.strictObject(engineShape).partial()),
  select: z.array(z.strictObject(ruleShape)),
  defaultEngine: z.string().min(1),
  plugins: z.array(z.string().min(1)),
  limits: z.strictObject(limitsShape).partial(),
  gas: z.strictObject(gasShape).partial(),
  contracts: z.strictObject(contractsShape).partial(),
  deploy: z.strictObject(deployShape).partial(),
  block: z.strictObject(blockShape).partial(),
  moduleCacheBytes: integer(0, Number.MAX_SAFE_INTEGER),
  codeCache: z.strictObject(codeCacheShape).partial(),
  // The estimation service's own section, checked by it: core knows no network.
  estimator: z.record(z.string(), z.unknown()),
};

/** What a user may write, in a file or by flags; every key may be absent. */
export const configSchema = z.strictObject(rootShape).partial();

/** One layer of configuration, checked. */
export type ConfigLayer = z.output<typeof configSchema>;
