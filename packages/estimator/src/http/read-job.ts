import { VmError } from '@switchyard/core';
import { describeIssue } from '@switchyard/core/config';
import { METHODS, type MethodName } from '../api/methods.ts';
import type { Job } from '../service/service.ts';

/** How messages name the params: by JSON-RPC they stand under `params`, by REST they are the body or the query. */
export interface ParamsPlace {
  readonly prefix: string;
  readonly whole: string;
}

/** The job that params ask for, or why they do not: REQUEST_INVALID, which names the field. */
export function readJob(method: MethodName, params: unknown, place: ParamsPlace): Job | VmError {
  const schema = METHODS[method].params;
  const checked = schema.safeParse(params);
  // Each method's schema makes that method's params, which the table cannot say of both at once.
  if (checked.success) return { method, params: checked.data } as Job;
  const [first, ...more] = checked.error.issues.map((issue, index) =>
    index < MAX_LINES ? describeIssue(issue, { value: params, schema, ...place }) : '',
  );
  const count = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return new VmError('REQUEST_INVALID', `${first}${count}`, {
    details: Object.fromEntries(
      more.slice(0, MAX_LINES - 1).map((line, index) => [`also ${index + 2}`, line]),
    ),
  });
}

/** Most problems that are told one by one. */
const MAX_LINES = 10;
