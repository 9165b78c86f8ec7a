import { z } from 'zod';
import { amount, bytes } from './fields.ts';

/** Why a call failed. */
export const fault = z
  .object({
    code: z.string().meta({ description: 'Stable; docs/errors.md lists all.', examples: ['OUT_OF_GAS'] }),
    message: z.string(),
    hint: z.string(),
    reason: z.string().nullable().meta({ description: 'What the contract gave back, where it is text.' }),
    native: z.string().nullable().meta({ description: "The engine's own name for it." }),
    exitCode: amount.nullable(),
    returnData: bytes,
    pc: z.int().nullable(),
    contract: bytes.nullable(),
    source: z
      .string()
      .nullable()
      .meta({ description: 'FILE:LINE, where the contract has debug information.' }),
    details: z.record(z.string(), z.string()),
  })
  .meta({ id: 'Fault', description: 'Why a call failed.' });

/** On what an answer stands. */
const surroundings = {
  contract: bytes.meta({ description: 'The called or deployed contract.' }),
  engine: z.string().nullable().meta({ description: 'The engine that ran it; null when none did.' }),
  version: z.string().nullable(),
  profile: z.string().meta({ description: 'The gas policy in force.' }),
  stateVersion: amount.meta({ description: 'Version of the state that was read; every commit raises it.' }),
  height: amount.meta({ description: 'Height of the block that the call ran in.' }),
};

const share = z
  .object({
    kind: z.enum(['instructions', 'syscall', 'storage', 'call', 'code']).meta({
      description:
        "instructions: the contract's own; syscall: a host function; storage: one that read or wrote storage; call: another contract with all below it; code: storing deployed code.",
    }),
    name: z
      .string()
      .meta({ description: 'Name of the syscall, address of the called contract, or the engine.' }),
    gas: amount,
    calls: z.int(),
  })
  .meta({ id: 'GasShare', description: 'A part of the gas used.' });

const estimateShape = {
  gasLimit: amount.meta({ description: 'The limit to set: the need and the margin.' }),
  gasUsed: amount,
  refund: amount,
  method: z.enum(['exact', 'search']).meta({
    description: 'exact: the smallest limit that works, proved by a run; search: a limit that works.',
  }),
  runs: z.int(),
  margin: amount.meta({ description: 'The part of gasLimit above the need.' }),
  exceedsLimit: z
    .boolean()
    .meta({ description: 'The need with its margin is above what the block or a transaction may use.' }),
  breakdown: z
    .array(share)
    .nullable()
    .meta({ description: 'Adds up to gasUsed, the largest first; null when it was not asked for.' }),
};

/** Answer of `vm_estimateGas`. */
export const estimateGasResult = z
  .object({ ...estimateShape, ...surroundings })
  .meta({ id: 'EstimateGasResult' });

const event = z.object({ contract: bytes, topics: z.array(bytes), data: bytes });
const log = z.object({ contract: bytes, message: z.string() });
const transfer = z.object({
  kind: z.enum(['transfer', 'mint', 'burn']),
  from: bytes.nullable(),
  to: bytes.nullable(),
  asset: bytes,
  amount,
});
const change = z
  .object({
    kind: z.enum(['storage', 'balance', 'nonce', 'code', 'asset']),
    address: bytes.meta({ description: 'The contract, the account or the asset.' }),
    key: bytes.nullable().meta({ description: 'Key of the slot, or the asset of a balance.' }),
    before: z.string().nullable(),
    after: z.string().nullable(),
  })
  .meta({ id: 'StateChange', description: 'What the call would change; of code, its sha-256.' });

const runShape = {
  status: z.enum(['success', 'reverted', 'failed']).meta({
    description: 'reverted: the contract ended with another exit code than 0; failed: its machine stopped.',
  }),
  exitCode: amount.nullable(),
  returnData: bytes,
  returnValue: z.unknown().meta({ description: 'The typed value, where the engine has types; else null.' }),
  gas: z.object({
    limit: amount,
    charged: amount,
    refunded: amount,
    price: amount,
    fee: amount,
  }),
  logs: z.array(log),
  events: z.array(event),
  transfers: z.array(transfer),
  stateChanges: z.array(change),
  fault: fault.nullable(),
};

/** Answer of `vm_execute`. */
export const executeResult = z.object({ ...runShape, ...surroundings }).meta({ id: 'ExecuteResult' });

/** Answer of `vm_call`. */
export const sequenceResult = z
  .object({
    results: z.array(
      z.object({
        ...runShape,
        ...surroundings,
        estimate: z
          .union([z.object(estimateShape), z.object({ fault })])
          .nullable()
          .meta({ description: 'Null unless it was asked for.' }),
      }),
    ),
  })
  .meta({ id: 'CallSequenceResult' });

const frame = z.object({
  kind: z.enum(['contract', 'function', 'syscall', 'rest']),
  name: z.string(),
  source: z.string().nullable(),
});
const profileNode = z.object({
  frame: z.int().meta({ description: 'Index in frames.' }),
  depth: z.int(),
  calls: z.int(),
  self: amount,
  total: amount,
});

/** Answer of `vm_trace`: of `tree`, `events` and `profile`, the one that was asked for. */
export const traceResult = z
  .object({
    status: runShape.status,
    fault: fault.nullable(),
    gasUsed: amount,
    tree: z.string().nullable(),
    events: z.array(z.record(z.string(), z.unknown())).nullable(),
    profile: z.object({ frames: z.array(frame), nodes: z.array(profileNode), isCut: z.boolean() }).nullable(),
    isCut: z.boolean().meta({ description: 'There was more than the limit let through.' }),
    contract: surroundings.contract,
    engine: surroundings.engine,
    version: surroundings.version,
    stateVersion: surroundings.stateVersion,
    height: surroundings.height,
  })
  .meta({ id: 'TraceResult' });

/** Answer of `vm_validateCode`. */
export const validateCodeResult = z
  .object({
    valid: z.boolean(),
    fault: fault.nullable(),
    warnings: z.array(z.string()),
    engine: z.string().nullable(),
    format: z.string().nullable(),
    codeHash: bytes,
    size: z.int(),
    instructions: z.int().nullable(),
    entries: z.array(z.int()),
    hooks: z.array(z.int()),
    functions: z.array(z.string()),
    syscalls: z.array(z.string()),
  })
  .meta({ id: 'ValidateCodeResult' });

/** Answer of `vm_engines`. */
export const enginesResult = z
  .object({
    engines: z.array(
      z.object({
        type: z.string(),
        enabled: z.boolean(),
        version: z.string().nullable().meta({ description: 'Null when the configuration turns it off.' }),
        features: z.array(z.string()),
        tiers: z.array(z.string()),
      }),
    ),
    profile: z.string(),
    gas: z.object({ defaultLimit: amount, maxLimit: amount, price: amount }),
    maxCallDepth: z.int(),
  })
  .meta({ id: 'EnginesResult' });
