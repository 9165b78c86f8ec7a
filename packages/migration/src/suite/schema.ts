import { z } from 'zod';

/** First line of a suite: what it is, and the version of this format. */
export const SUITE_FORMAT = 'migration/1';

const amount = z
  .union([z.bigint(), z.int(), z.string().regex(/^\d[\d_]*$/, 'expected a decimal number')])
  .transform((value) => BigInt(typeof value === 'string' ? value.replaceAll('_', '') : value));
const u64 = amount.refine((value) => value >= 0n && value < 1n << 64n, 'expected 0 to 2^64 − 1');
const bytes32 = z.string().regex(/^0x[0-9a-fA-F]{64}$/, 'expected 0x and 64 hexadecimal digits');
const types = z.record(z.string().regex(/^[A-Za-z_]\w*$/, 'expected a name'), z.string());
/** What people read in reports: no control or direction characters, and nothing that an object of JavaScript already has. */
const name = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cf}]+$/u, 'expected a name without control characters')
  .refine((text) => text !== '__proto__', 'expected another name');

const part: z.ZodType<string | readonly unknown[]> = z.lazy(() =>
  z.union([z.string(), z.array(part).min(1).max(16)]),
);

const side = z.union([
  z.string().transform((code) => ({ code, engine: undefined, options: {} })),
  z.strictObject({
    code: z.string(),
    engine: z.string().optional(),
    options: z.record(z.string(), z.unknown()).default({}),
  }),
]);

const block = z.strictObject({
  hash: bytes32.optional(),
  height: u64.optional(),
  topoheight: u64.optional(),
  timestamp: u64.optional(),
  network: z.string().optional(),
  chainId: u64.optional(),
});

const account = z.union([
  u64.transform((balance) => ({ balance, address: undefined, assets: {} })),
  z.strictObject({
    address: bytes32.optional(),
    balance: u64.default(0n),
    assets: z.record(bytes32, u64).default({}),
  }),
]);

const call = {
  from: z.string().optional(),
  args: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).default([]),
  value: u64.default(0n),
  deposits: z.record(z.string(), u64).default({}),
  gas: u64.optional(),
  block: block.default({}),
  txHash: bytes32.optional(),
};

const storageForm = z.union([
  part.transform((key) => ({ key, value: undefined })),
  z.strictObject({ key: part, value: z.string().optional() }),
]);

const eventId = u64;

/** What a suite file may say. See docs/reference/migration-suite.md. */
export const suiteSchema = z.strictObject({
  switchyard: z.literal(SUITE_FORMAT),
  name,
  old: side,
  new: side,
  plugins: z.array(z.string().min(1)).max(16).default([]),
  contract: bytes32.optional(),
  block: block.default({}),
  accounts: z.record(name, account).default({}),
  gas: z
    .strictObject({ limit: u64.default(10_000_000n), maxRatio: z.coerce.number().positive().optional() })
    .default({ limit: 10_000_000n }),
  construct: z
    .strictObject({
      ...call,
      params: types.default({}),
      old: z.string().default('hook_0'),
      new: z.string().default('hook_0'),
    })
    .optional(),
  entries: z
    .record(
      z
        .string()
        .regex(/^[A-Za-z_]\w*$/, 'expected a name')
        .refine(
          (text) => text !== 'constructor' && text !== '__proto__',
          'expected another name: see `construct`',
        ),
      z.strictObject({
        params: types.default({}),
        old: z.string(),
        new: z.string(),
        returns: z.string().optional(),
      }),
    )
    .refine((entries) => Object.keys(entries).length > 0, 'expected at least one entry'),
  storage: z
    .record(
      name,
      z.strictObject({
        fields: types.default({}),
        value: z.string(),
        absent: z.unknown().optional(),
        old: storageForm,
        new: storageForm,
      }),
    )
    .default({}),
  own: z
    .array(
      z.strictObject({
        side: z.enum(['old', 'new']),
        name,
        fields: types.default({}),
        key: part,
        reason: z.string().min(1),
      }),
    )
    .default([]),
  events: z
    .record(
      name,
      z.strictObject({
        fields: types.default({}),
        id: z.union([
          eventId.transform((id) => ({ old: id, new: id })),
          z.strictObject({ old: eventId, new: eventId }),
        ]),
      }),
    )
    .default({}),
  outcomes: z
    .record(
      z
        .string()
        .regex(/^(?:success|exit \d+|failed [A-Za-z_-]+)$/, 'expected success, exit N or failed CLASS'),
      z.string().regex(/^(?:success|exit \d+|failed [a-z-]+)$/),
    )
    .default({}),
  state: z
    .array(
      z.strictObject({
        item: z.string(),
        fields: z.record(z.string(), z.unknown()).default({}),
        value: z.unknown(),
      }),
    )
    .default([]),
  calls: z
    .array(z.strictObject({ call: z.string(), ...call }))
    .max(100_000)
    .default([]),
});

/** A suite file as the schema leaves it: defaults filled in, nothing resolved. */
export type SuiteFile = z.output<typeof suiteSchema>;
