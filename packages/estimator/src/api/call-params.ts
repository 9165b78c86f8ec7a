import { z } from 'zod';
import { bytes32, hex, integer, u64 } from './fields.ts';

/** Most calls in a sequence. */
export const MAX_SEQUENCE = 100;

const entry = z.union([integer(0, 65_535), z.string().min(1).max(256)]).meta({
  description:
    'Where the call starts: N or "entry_N", "hook_N", "entrypoint", or the name of a function. Default: "entrypoint".',
});

const deposit = z
  .strictObject({ asset: bytes32, amount: u64 })
  .meta({ id: 'Deposit', description: 'Units of an asset that are given along.' });

/** What a contract would see of the block; what is absent comes from the configuration. */
export const blockOverrides = z
  .strictObject({
    hash: bytes32.optional(),
    height: u64.optional(),
    topoheight: u64.optional(),
    timestamp: u64.optional(),
    gasLimit: u64.optional(),
    baseFee: u64.optional(),
    coinbase: bytes32.optional(),
    prevRandao: bytes32.optional(),
    chainId: u64.optional(),
    network: z.string().max(64).optional(),
  })
  .meta({ id: 'BlockOverrides', description: 'Fields of the block that the call runs in.' });

const slots = z.record(hex, z.union([hex, z.null()]));

/** What one account or contract is taken to be, over the state. */
export const accountOverride = z
  .strictObject({
    balance: u64.optional().meta({ description: 'Native units.' }),
    balances: z.record(bytes32, u64).optional().meta({ description: 'Units of assets by asset.' }),
    nonce: u64.optional(),
    code: hex.optional().meta({ description: 'Code at the address; empty: none.' }),
    engine: z.string().min(1).max(64).optional().meta({ description: 'Engine that `code` asks for.' }),
    storage: slots.optional().meta({
      description: 'All of the storage: keys that are not named are absent. Not together with storageDiff.',
    }),
    storageDiff: slots.optional().meta({ description: 'Slots over the stored ones; null: absent.' }),
  })
  .refine((account) => account.storage === undefined || account.storageDiff === undefined, {
    message: 'give storage or storageDiff, not both',
  })
  .meta({ id: 'AccountOverride', description: 'What an account is taken to be for this request.' });

/** Overrides by address. */
export const stateOverrides = z
  .record(bytes32, accountOverride)
  .meta({ id: 'StateOverrides', description: 'Accounts by address, over the state. Nothing of it is kept.' });

/** How to deploy: the code, and its constructor's call. */
const deployment = z
  .strictObject({
    code: hex,
    engine: z.string().min(1).max(64).optional(),
    address: bytes32.optional().meta({ description: "Instead of the address policy's." }),
    construct: z
      .enum(['auto', 'always', 'none'])
      .optional()
      .meta({ description: 'Run hook 0: if the code has it (auto, the default), always, or never.' }),
  })
  .meta({ id: 'Deployment', description: 'Code to deploy.' });

const targetShape = {
  contract: bytes32.optional().meta({ description: 'A deployed contract to call.' }),
  code: hex
    .optional()
    .meta({ description: 'A module to call as though it were deployed, at the sha-256 of its bytes.' }),
  engine: z.string().min(1).max(64).optional().meta({ description: 'Engine to run `code` on.' }),
  deploy: deployment.optional(),
};

const callShape = {
  ...targetShape,
  entry: entry.optional(),
  input: hex.optional().meta({ description: 'Input bytes. Not together with args.' }),
  args: z
    .array(z.string().max(1_048_576))
    .max(256)
    .optional()
    .meta({
      description:
        'Arguments as TYPE:VALUE, as the contract\'s engine takes them: "u64:5", "string:apples", "address:64 digits".',
      examples: [['u64:5', 'string:apples']],
    }),
  from: bytes32.optional().meta({ description: 'Sender. Default: 32 zero bytes.' }),
  value: u64.optional().meta({ description: 'Native units to give along.' }),
  deposits: z.array(deposit).max(64).optional(),
  gasLimit: u64.optional().meta({ description: 'Largest gas limit to consider, or limit of the run.' }),
  gasPrice: u64.optional(),
  static: z.boolean().optional().meta({ description: 'Read-only: any change of state fails the call.' }),
  txHash: bytes32.optional(),
};

const surroundings = {
  block: blockOverrides.optional(),
  state: stateOverrides.optional(),
};

type Target = {
  readonly contract?: unknown;
  readonly code?: unknown;
  readonly deploy?: unknown;
  readonly engine?: unknown;
  readonly entry?: unknown;
  readonly static?: unknown;
  readonly input?: unknown;
  readonly args?: unknown;
};

/** What a schema's shape cannot say of a call. */
function checkCall(call: Target, context: z.RefinementCtx): void {
  const refuse = (message: string, path: string[] = []): void => {
    context.addIssue({ code: 'custom', message, path, input: call });
  };
  const { contract, code, deploy } = call;
  if ([contract, code, deploy].filter((given) => given !== undefined).length !== 1) {
    refuse('give exactly one of contract, code and deploy');
  }
  if (call.input !== undefined && call.args !== undefined) refuse('give input or args, not both');
  if (call.engine !== undefined && code === undefined) {
    refuse('engine goes with code; of a deployment, name it in deploy', ['engine']);
  }
  if (deploy !== undefined && (call.entry !== undefined || call.static !== undefined)) {
    refuse('a deployment calls its constructor: it has no entry and is not static', ['deploy']);
  }
}

/** A call inside a sequence: its surroundings are the sequence's. */
export const sequenceCall = z
  .strictObject(callShape)
  .superRefine(checkCall)
  .meta({ id: 'Call', description: 'A call of a contract, or a deployment.' });

/** `vm_execute`. */
export const executeParams = z
  .strictObject({ ...callShape, ...surroundings })
  .superRefine(checkCall)
  .meta({ id: 'ExecuteParams' });

/** `vm_estimateGas`. */
export const estimateGasParams = z
  .strictObject({
    ...callShape,
    ...surroundings,
    marginPercent: integer(0, 10_000)
      .optional()
      .meta({ description: "Added to the need, in percent, rounded up. Default: the gas policy's." }),
    tolerance: u64
      .optional()
      .meta({ description: 'A search stops when it knows the need to so many units. Default: 1.' }),
    breakdown: z.boolean().optional().meta({ description: 'Tell where the gas goes. Default: true.' }),
  })
  .superRefine(checkCall)
  .meta({ id: 'EstimateGasParams' });

/** `vm_trace`. */
export const traceParams = z
  .strictObject({
    ...callShape,
    ...surroundings,
    format: z.enum(['tree', 'events', 'profile']).optional().meta({
      description:
        'tree: calls, functions and syscalls with their gas, as text (default); events: what happened, one by one; profile: where the gas went, for a flame graph.',
    }),
    limit: integer(1, 100_000)
      .optional()
      .meta({ description: 'Most events. Default: 1,000. The answer says when there were more.' }),
    steps: z
      .boolean()
      .optional()
      .meta({ description: 'Events of single instructions, too. Default: false.' }),
  })
  .superRefine(checkCall)
  .meta({ id: 'TraceParams' });

/** `vm_call`. */
export const sequenceParams = z
  .strictObject({
    calls: z.array(sequenceCall).min(1).max(MAX_SEQUENCE),
    estimate: z.boolean().optional().meta({
      description: 'Also estimate the gas of each call, on the state that the ones before it left.',
    }),
    ...surroundings,
  })
  .meta({
    id: 'CallSequenceParams',
    description: 'Calls one after another, each on the state that the ones before it left. Nothing is kept.',
  });

/** `vm_validateCode`. */
export const validateCodeParams = z
  .strictObject({ code: hex, engine: z.string().min(1).max(64).optional() })
  .meta({ id: 'ValidateCodeParams' });

/** `vm_engines`. */
export const enginesParams = z.strictObject({}).meta({ id: 'EnginesParams' });
