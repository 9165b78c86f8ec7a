import { toSpeedscope } from '@switchyard/profiler';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { sampleProfile } from '../../packages/profiler/src/profile/sample-profile.fixture.ts';

/** The part of speedscope's file format that evented profiles use, as its published schema has it; nothing besides is allowed. */
const unit = z.enum(['bytes', 'microseconds', 'milliseconds', 'nanoseconds', 'none', 'seconds']);
const frame = z.strictObject({
  name: z.string(),
  file: z.string().optional(),
  line: z.number().optional(),
  col: z.number().optional(),
});
const event = z.strictObject({ type: z.enum(['O', 'C']), at: z.number(), frame: z.int().nonnegative() });
const schema = z.strictObject({
  $schema: z.literal('https://www.speedscope.app/file-format-schema.json'),
  activeProfileIndex: z.number().optional(),
  exporter: z.string().optional(),
  name: z.string().optional(),
  shared: z.strictObject({ frames: z.array(frame) }),
  profiles: z.array(
    z.strictObject({
      type: z.literal('evented'),
      name: z.string(),
      unit,
      startValue: z.number(),
      endValue: z.number(),
      events: z.array(event),
    }),
  ),
});

test('a speedscope file is as the published schema wants it', () => {
  const file: unknown = JSON.parse(JSON.stringify(toSpeedscope(sampleProfile, 'a.so')));
  expect(schema.parse(file)).toEqual(file);
});
