import { VmError } from '@switchyard/core';
import type { Report } from './report.ts';
import { reportSchema } from './report-schema.ts';

/** Values nest at most this deep, and a report adds a few levels: more is no report, and would exhaust the stack. */
const MOST_NESTING = 128;

/**
 * A report from its JSON. Nothing in it is believed: whatever passes has the types, ranges and depth that every form of a report relies on.
 * @param name what messages call it, such as the file's path. @throws VmError REPORT_INVALID naming the place.
 */
export function readReport(name: string, text: string): Report {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new VmError('REPORT_INVALID', `${name} is not JSON.`, { cause });
  }
  if (isDeeper(json, MOST_NESTING)) {
    throw new VmError('REPORT_INVALID', `${name}: nested more than ${MOST_NESTING} levels deep.`);
  }
  const parsed = reportSchema.safeParse(json);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    const place = path.map(String).join('.');
    throw new VmError('REPORT_INVALID', `${name}: ${place === '' ? '' : `${place}: `}${message}.`);
  }
  // As it came, since the schema changes nothing: written again it has the same bytes. What is absent in JSON is undefined in the type.
  return json as Report;
}

function isDeeper(json: unknown, most: number): boolean {
  if (typeof json !== 'object' || json === null) return false;
  return most === 0 || Object.values(json).some((inner) => isDeeper(inner, most - 1));
}
