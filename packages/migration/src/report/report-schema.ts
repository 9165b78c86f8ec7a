import { z } from 'zod';
import { ASPECTS } from '../compare/difference.ts';
import type { Canonical } from '../mapping/canonical.ts';
import { REPORT_FORMAT } from './report.ts';

const whole = z.int().min(0);
/** Gas may be any u64; above 2^53 it is rounded, but never a fraction. */
const gas = z.number().min(0).multipleOf(1);
const decimal = z.string().regex(/^\d{1,78}$/);
const verdict = z.enum(['equal', 'accepted', 'different']);

const canonical: z.ZodType<Canonical> = z
  .lazy(() =>
    z.union([z.string(), z.boolean(), z.null(), z.strictObject({ text: z.string() }), z.array(canonical)]),
  )
  .meta({
    id: 'Value',
    description:
      'Integers as decimal text, bytes and accounts as 0x and hexadecimal, text as an object, lists as lists',
  });

const side = z
  .strictObject({
    name: z.string(),
    codeHash: z.string().regex(/^[0-9a-f]{64}$/),
    size: whole,
    engine: z.string(),
    engineVersion: z.string(),
    options: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Side', description: 'Which build a side was; codeHash is the sha-256 of its code' });

const gasSummary = z
  .strictObject({ min: gas, median: gas, max: gas, total: decimal })
  .meta({ id: 'GasSummary', description: 'Gas of one entry on one side' });

const entry = z
  .strictObject({
    entry: z.string(),
    calls: whole,
    equal: whole,
    accepted: whole,
    different: whole,
    outcomes: z
      .array(z.tuple([z.string(), whole]))
      .meta({ description: 'How often each end was seen on the old side' }),
    gas: z.strictObject({ old: gasSummary, new: gasSummary }),
    aboveRatio: whole
      .nullable()
      .meta({ description: 'Calls above gas.maxRatio of the suite; null without one' }),
  })
  .meta({ id: 'Entry' });

const difference = z
  .strictObject({
    aspect: z.enum(ASPECTS),
    place: z.string(),
    old: canonical.optional(),
    new: canonical.optional(),
  })
  .meta({ id: 'Difference', description: 'old or new is absent where that side has nothing in the place' });

const record = {
  index: whole.meta({ description: 'Position in the sequence, from 1; 0 is the constructor' }),
  entry: z.string(),
  args: z.string(),
  verdict,
  outcome: z.string(),
  oldGas: gas,
  newGas: gas,
};

const observation = z
  .strictObject({
    outcome: z.string(),
    returned: canonical,
    storage: z.array(z.tuple([z.string(), z.array(canonical), canonical])),
    flows: z.array(
      z.tuple([
        z.enum(['transfer', 'mint', 'burn']),
        z.string().nullable(),
        z.string().nullable(),
        z.string(),
        z.string(),
      ]),
    ),
    balances: z.array(z.tuple([z.string(), z.string(), z.string()])),
    assets: z.array(z.tuple([z.string(), z.array(canonical)])),
    events: z.array(z.tuple([z.string(), z.array(canonical)])),
  })
  .meta({
    id: 'Observation',
    description:
      'storage: item, fields, value afterwards (null: absent). flows: kind, from, to, asset, amount. balances: account, asset, amount afterwards. events: name, fields',
  });

const seen = z
  .strictObject({
    gas,
    error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
    logs: z.array(z.string()),
    observation,
  })
  .meta({ id: 'Seen', description: 'A call as one side saw it' });

const divergence = z
  .strictObject({
    ...record,
    differences: z.array(difference.extend({ acceptedBy: z.string().nullable() })),
    old: seen,
    new: seen,
  })
  .meta({ id: 'Divergence' });

const detail = z
  .strictObject({
    trace: z.array(z.strictObject({ pc: whole, instruction: z.string(), gasLeft: decimal })),
    traceSkipped: whole,
    stateBefore: z.array(z.tuple([z.string(), canonical])),
  })
  .meta({ id: 'Detail', description: 'What a side did in the first call that came out differently' });

const coverage = z
  .strictObject({ instructions: whole, reached: whole, unreached: z.array(z.string()) })
  .nullable()
  .meta({ id: 'Coverage', description: 'null where it was not observed' });

/** A report in JSON, as `migrate report` reads it back, and as other programs may rely on it. */
export const reportSchema = z
  .strictObject({
    format: z.literal(REPORT_FORMAT),
    suite: z.string(),
    input: z.string().meta({ description: 'Where the calls came from' }),
    sides: z.strictObject({ old: side, new: side }),
    names: z
      .array(z.tuple([z.string().regex(/^0x[0-9a-f]{64}$/), z.string()]))
      .meta({ description: 'What the suite calls accounts, by address' }),
    verdict: z.enum(['equal', 'accepted', 'different', 'incomplete']),
    totals: z.strictObject({
      calls: whole,
      equal: whole,
      accepted: whole,
      different: whole,
      corrupt: whole.meta({ description: 'Lines of the input that are no calls' }),
    }),
    entries: z.array(entry),
    unusedEntries: z.array(z.string()),
    coverage: z.strictObject({ old: coverage, new: coverage }),
    finalState: z.strictObject({ lines: whole, differences: z.array(difference) }),
    first: z
      .strictObject({ call: divergence, detail: z.strictObject({ old: detail, new: detail }) })
      .nullable(),
    shrunk: z.array(
      z.strictObject({
        calls: z.array(
          z.strictObject({
            entry: z.string(),
            args: z.string(),
            from: z.string(),
            value: decimal,
            height: decimal,
          }),
        ),
        divergence,
      }),
    ),
    divergences: z.array(divergence).meta({ description: 'At most 10,000' }),
    calls: z.array(z.strictObject(record)).meta({ description: 'At most 10,000' }),
    corrupt: z.array(z.strictObject({ line: whole, reason: z.string() })),
    accepted: z.array(
      z.strictObject({
        id: z.string(),
        reason: z.string(),
        expires: z.iso.date(),
        entry: z.string().optional(),
        aspect: z.enum(ASPECTS).optional(),
        place: z.string().optional(),
        old: z.unknown().optional(),
        new: z.unknown().optional(),
        uses: whole,
        isExpired: z.boolean(),
      }),
    ),
    notCompared: z.array(z.string()),
  })
  .meta({ title: 'Switchyard migration report' });

/** The JSON Schema (2020-12) of a report, as docs/reference/migration-report.schema.json has it. */
export function reportJsonSchema(): unknown {
  return z.toJSONSchema(reportSchema, { target: 'draft-2020-12' });
}
