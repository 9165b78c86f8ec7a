import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type TransactionResult, VmError } from '@switchyard/core';
import { collectedInto, collectGas } from './collected-gas.ts';
import { compareGas, type GasDelta, hasChanges } from './compare-gas.ts';
import { formatGasTable } from './format-gas.ts';
import { type GasTable, readGasFile, writeGasFile } from './gas-file.ts';

/**
 * What `close` does with a difference. `record`: writes names that the file lacks and prints the other differences. `update`: writes
 * all. `check`: writes nothing and throws.
 */
export type GasSnapshotMode = 'record' | 'update' | 'check';

/** How a snapshot is kept. */
export interface GasSnapshotOptions {
  /** By default what the environment variable `GAS_SNAPSHOT` says, else `record`. */
  readonly mode?: GasSnapshotMode;
  /** Gets the table of differences. By default it goes to the console. */
  readonly print?: (table: string) => void;
}

const MODES: readonly string[] = ['record', 'update', 'check'] satisfies readonly GasSnapshotMode[];

/**
 * Records what calls cost, and holds it against a file that is committed with the contract.
 * @param file a path from the working directory, or a URL.
 * @example
 * const gas = createGasSnapshot('gas.snapshot.json');
 * afterAll(() => gas.close());
 * test('adds', () => gas.record('counter: add', counter.call(0)));
 */
export function createGasSnapshot(file: string | URL, options: GasSnapshotOptions = {}): GasSnapshot {
  return new GasSnapshot(file instanceof URL ? fileURLToPath(file) : resolve(file), options);
}

/** See `createGasSnapshot`. */
export class GasSnapshot {
  /** Absolute path. */
  readonly file: string;
  readonly #mode: GasSnapshotMode;
  readonly #print: (table: string) => void;
  readonly #recorded = new Map<string, bigint>();

  /** @throws VmError INVALID_ARGUMENT for a mode that there is not. */
  constructor(file: string, { mode, print }: GasSnapshotOptions = {}) {
    const wanted = mode ?? process.env['GAS_SNAPSHOT'] ?? 'record';
    if (!isMode(wanted)) {
      throw new VmError(
        'INVALID_ARGUMENT',
        `GAS_SNAPSHOT: expected one of ${MODES.join(', ')}, found ${wanted}.`,
      );
    }
    this.file = file;
    this.#mode = wanted;
    this.#print = print ?? console.info;
  }

  /** What was recorded until now. */
  get recorded(): GasTable {
    return this.#recorded;
  }

  /**
   * Records what a call or deployment was charged, under a name of its own. @returns the outcome, for an `expect` around it.
   * @throws VmError INVALID_ARGUMENT for a name that stands for another amount already: such a number would depend on the order of tests.
   */
  record<Outcome extends Pick<TransactionResult, 'gas'>>(name: string, outcome: Outcome): Outcome {
    const { charged } = outcome.gas;
    const known = this.#recorded.get(name);
    if (known !== undefined && known !== charged) {
      throw new VmError('INVALID_ARGUMENT', `gas of "${name}" is ${known} and ${charged}.`, {
        hint: 'Give each call a name of its own.',
      });
    }
    this.#recorded.set(name, charged);
    return outcome;
  }

  /**
   * Compares with the file and does what the mode says. Names of the file that were not recorded stay: other tests may have them. Under
   * `switchyard gas snapshot` it only hands over what was recorded. @returns the recorded names with their amounts in the file.
   */
  close(): readonly GasDelta[] {
    const folder = collectedInto();
    if (folder !== undefined) {
      collectGas(folder, this.file, this.#recorded);
      return [];
    }
    const stored = readGasFile(this.file);
    const before = new Map([...(stored ?? [])].filter(([name]) => this.#recorded.has(name)));
    const deltas = compareGas(before, this.#recorded);
    const isNew = stored === undefined;
    if (this.#mode === 'check') {
      if (isNew || hasChanges(deltas)) throw new Error(differenceMessage(this.file, deltas));
      return deltas;
    }
    const written = this.#mode === 'update' ? deltas : deltas.filter((delta) => delta.before === undefined);
    if (isNew || hasChanges(written)) {
      writeGasFile(
        this.file,
        new Map([...(stored ?? []), ...written.map(({ name, after }) => [name, after!] as const)]),
      );
    }
    if (!isNew && hasChanges(deltas)) this.#print(formatGasTable(deltas));
    return deltas;
  }
}

/** What a check that found a difference says. */
export function differenceMessage(file: string, deltas: readonly GasDelta[]): string {
  return `gas differs from ${file}\n\n${formatGasTable(deltas)}\n\nTo accept it: switchyard gas snapshot --update FILE, or GAS_SNAPSHOT=update`;
}

function isMode(text: string): text is GasSnapshotMode {
  return MODES.includes(text);
}
