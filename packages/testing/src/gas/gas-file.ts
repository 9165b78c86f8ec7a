import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { MAX_U64, VmError } from '@switchyard/core';

/** Gas by name. */
export type GasTable = ReadonlyMap<string, bigint>;

/** Raised when the file's form changes. */
const FORMAT_VERSION = 1;

/** What a gas snapshot file holds; undefined when there is none. @throws VmError FILE_UNREADABLE naming what is wrong. */
export function readGasFile(file: string): GasTable | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new VmError('FILE_UNREADABLE', `${file}: ${message}.`, { cause });
  }
  return parseGasFile(file, text);
}

/** Writes a gas snapshot file: JSON, sorted by name, so that a change of gas is a change of one line. */
export function writeGasFile(file: string, table: GasTable): void {
  const names = [...table.keys()].sort();
  const gas = Object.fromEntries(names.map((name) => [name, `${table.get(name)}`]));
  const lines = names.map((name) => `    ${JSON.stringify(name)}: ${JSON.stringify(gas[name])}`);
  const body = lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n  }`;
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    // Renamed into place: a reader sees the old file or the new one, never half of one.
    writeFileSync(temporary, `{\n  "version": ${FORMAT_VERSION},\n  "gas": ${body}\n}\n`);
    renameSync(temporary, file);
  } catch (cause) {
    throw new VmError('FILE_UNREADABLE', `${file}: ${(cause as Error).message}.`, { cause });
  }
}

function parseGasFile(file: string, text: string): GasTable {
  const wrong = (what: string, cause?: unknown): VmError =>
    new VmError('FILE_UNREADABLE', `${file}: ${what}.`, {
      hint: 'Restore the file, or delete it and record anew.',
      cause,
    });
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw wrong(`it is not JSON; ${(cause as Error).message}`, cause);
  }
  const { version, gas } = (document ?? {}) as { readonly version?: unknown; readonly gas?: unknown };
  if (version !== FORMAT_VERSION) {
    throw wrong(`version: expected ${FORMAT_VERSION}, found ${JSON.stringify(version) ?? 'nothing'}`);
  }
  if (typeof gas !== 'object' || gas === null) throw wrong('gas: expected an object of names and amounts');
  return new Map(
    Object.entries(gas).map(([name, amount]: [string, unknown]) => {
      if (typeof amount === 'string' && /^\d{1,20}$/.test(amount) && BigInt(amount) <= MAX_U64) {
        return [name, BigInt(amount)];
      }
      throw wrong(`gas[${JSON.stringify(name)}]: expected decimal text, found ${JSON.stringify(amount)}`);
    }),
  );
}
