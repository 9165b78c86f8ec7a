import type { z } from 'zod';
import { VmError } from '../errors/vm-error.ts';
import { describeIssue } from './describe-issue.ts';

/** Where a section of a configuration stands. */
export interface SectionPlace {
  /** Who wrote it: `switchyard.config.yaml`, `environment`, `flags`. */
  readonly source: string;
  /** Keys that lead to it: `['estimator']`; none for the whole. */
  readonly prefix: readonly string[];
}

/**
 * The section as its schema gives it.
 * @throws VmError CONFIG_INVALID whose message names source, path, what was expected and what was found; further problems are details.
 */
export function checkSection<S extends z.ZodType>(
  schema: S,
  value: unknown,
  { source, prefix }: SectionPlace,
): z.output<S> {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const whole = prefix.length === 0 ? 'the configuration' : prefix.join('.');
  const lines = checked.error.issues.map((issue) =>
    describeIssue(issue, { value, schema, prefix: prefix.join('.'), whole }),
  );
  const more = lines.length > 1 ? ` (and ${lines.length - 1} more)` : '';
  throw new VmError('CONFIG_INVALID', `${source}: ${lines[0]}${more}`, {
    details: Object.fromEntries(lines.slice(1).map((line, index) => [`also ${index + 2}`, line])),
  });
}
