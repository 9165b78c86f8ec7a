import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VmError } from '@switchyard/core';
import type { GasTable } from './gas-file.ts';

/*
 * Tests run in several processes at once, so under `switchyard gas snapshot` none of them writes the snapshot: each puts what it
 * recorded into a file of its own in a folder that the environment names, and whoever started them puts the pieces together.
 */

const VARIABLE = 'GAS_SNAPSHOT_COLLECT';

interface Piece {
  readonly file: string;
  readonly gas: readonly (readonly [name: string, amount: string])[];
}

/** The folder for pieces, when somebody collects them. */
export function collectedInto(): string | undefined {
  return process.env[VARIABLE] || undefined;
}

/** The variable that makes tests collect. */
export function collectVariable(folder: string): Readonly<Record<string, string>> {
  return { [VARIABLE]: folder };
}

/** Puts a piece into the folder. Its name says nothing, so that no two processes ever choose the same. */
export function collectGas(folder: string, file: string, table: GasTable): void {
  const piece: Piece = { file, gas: [...table].map(([name, amount]) => [name, `${amount}`]) };
  writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(piece));
}

/** What all pieces in the folder say of one snapshot file. @throws VmError USAGE_INVALID for a name with two amounts. */
export function readCollected(folder: string, file: string): GasTable {
  const table = new Map<string, bigint>();
  for (const entry of readdirSync(folder)) {
    const piece = JSON.parse(readFileSync(join(folder, entry), 'utf8')) as Piece;
    if (piece.file !== file) continue;
    for (const [name, text] of piece.gas) {
      const amount = BigInt(text);
      const known = table.get(name);
      if (known !== undefined && known !== amount) {
        const [less, more] = known < amount ? [known, amount] : [amount, known];
        throw new VmError(
          'USAGE_INVALID',
          `gas of "${name}" is ${less} in one test file and ${more} in another.`,
          {
            hint: 'Give each call a name of its own.',
          },
        );
      }
      table.set(name, amount);
    }
  }
  return table;
}
