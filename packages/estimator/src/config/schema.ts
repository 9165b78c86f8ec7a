import { isIP } from 'node:net';
import { u64 } from '@switchyard/core/config';
import { z } from 'zod';
import { integer } from '../api/fields.ts';
import { API_KEY_NAME, LOG_LEVELS } from './config.ts';

/* What a user may write in the section `estimator`. Every key may be absent; `parse-estimator-config.ts` fills in the defaults. */

const MEBIBYTE = 1_048_576;

const rateShape = {
  callsPerSecond: z.number().min(0.001).max(1_000_000),
  burst: integer(1, 1_000_000).optional(),
};

/** sha-256 of no bytes: what hashing an unset variable gives. */
const HASH_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const key = z.strictObject({
  name: z
    .string()
    .regex(API_KEY_NAME, 'expected a name: a letter, then up to 63 letters, digits or any of . _ -'),
  // Messages that do not begin with "expected" do not show what was found: it may be a key, and messages go to logs.
  sha256: z
    .string()
    .refine(
      (value) => /^[0-9a-f]{64}$/.test(value),
      'this is no sha-256 of a key, which has 64 hexadecimal digits in lower case; `switchyard serve key NAME` makes a key and its hash',
    )
    .refine((value) => value !== HASH_OF_NOTHING, 'this is the sha-256 of an empty text, not of a key'),
  callsPerSecond: rateShape.callsPerSecond.optional(),
  burst: rateShape.burst,
});

const origin = z
  .string()
  .refine(
    (text) => text === '*' || isOrigin(text),
    'expected an origin such as "https://example.org", or "*"',
  );

const proxy = z.string().refine(isAddressOrNetwork, 'expected an address or a network such as "10.0.0.0/8"');

/** The section `estimator` as it may be written. */
export const estimatorSchema = z
  .strictObject({
    host: z.string().min(1).max(255),
    port: integer(0, 65_535),
    workers: integer(1, 256),
    limits: z
      .strictObject({
        gas: u64,
        timeMs: integer(1, 3_600_000),
        heapMb: integer(16, 65_536),
        bodyBytes: integer(1024, 256 * MEBIBYTE),
        responseBytes: integer(1024, 256 * MEBIBYTE),
        batch: integer(1, 100_000),
        queue: integer(1, 1_000_000),
        queuePerClient: integer(1, 1_000_000),
        bodyTimeoutMs: integer(100, 600_000),
        connections: integer(1, 1_000_000),
      })
      .partial(),
    cache: z.strictObject({ bytes: integer(0, Number.MAX_SAFE_INTEGER) }).partial(),
    keys: z.array(key).max(10_000),
    anonymous: z.boolean(),
    rate: z.strictObject(rateShape),
    cors: z.strictObject({ origins: z.array(origin).max(1000) }).partial(),
    trustProxy: z.union([z.boolean(), z.array(proxy).min(1).max(1000)]),
    log: z.strictObject({ level: z.enum(LOG_LEVELS), file: z.string().min(1) }).partial(),
    metrics: z.strictObject({ enabled: z.boolean(), requireKey: z.boolean() }).partial(),
    tracing: z
      .strictObject({
        url: z.url({
          protocol: /^https?$/,
          error:
            'expected the http or https address of a collector, such as "http://localhost:4318/v1/traces"',
        }),
        serviceName: z.string().min(1).max(255),
      })
      .partial(),
    page: z.boolean(),
  })
  .partial();

/** The section as it was written, checked. */
export type EstimatorSection = z.output<typeof estimatorSchema>;

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}

function isAddressOrNetwork(text: string): boolean {
  const [address = '', length, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (version === 4 ? 32 : 128));
}
