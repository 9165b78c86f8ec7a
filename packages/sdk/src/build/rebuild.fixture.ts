import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildArchive } from '../linker/archive-builder.fixture.ts';
import { build } from './build.ts';

/** A committed file, and what its source gives now. */
export interface RebuiltFile {
  /** As in `contracts/counter/counter.o`, from fixtures. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Whether the committed file has the same bytes. */
  readonly isCurrent: boolean;
}

/** What the sources of one contract give. */
export interface Rebuilt {
  readonly files: readonly RebuiltFile[];
  readonly warnings: readonly string[];
}

/** Path of a file in fixtures. */
export function fixturePath(file: string): string {
  return fileURLToPath(new URL(`../../../../fixtures/${file}`, import.meta.url));
}

/** Folders of contracts in C, and what is kept of each: the linker's tests want the objects of the first. */
const kinds: readonly { readonly parent: string; readonly hasObject: boolean }[] = [
  { parent: 'contracts', hasObject: true },
  { parent: 'headers', hasObject: false },
  { parent: 'migration', hasObject: false },
  { parent: 'migration/buggy', hasObject: false },
];

/** Everything that is built from C in fixtures: folders NAME with a NAME.c (`-` in the folder's name is `_` in the file's), and the linker's archive. */
export const rebuiltNames: readonly string[] = [
  ...kinds.flatMap(({ parent }) => contractsIn(parent).map((name) => `${parent}/${name}`)),
  'linker',
];

function contractsIn(parent: string): string[] {
  if (!existsSync(fixturePath(parent))) return [];
  return readdirSync(fixturePath(parent))
    .filter((name) => existsSync(fixturePath(`${sourceStem(`${parent}/${name}`)}.c`)))
    .sort();
}

/** A contract's path without its ending: contracts/counter/counter, migration/token-ledger/token_ledger. */
function sourceStem(folder: string): string {
  return `${folder}/${basename(folder).replaceAll('-', '_')}`;
}

/** Builds a folder of fixtures, as in contracts/NAME/NAME.c to NAME.o and NAME.so, without writing anything. */
export function rebuild(folder: string): Rebuilt {
  if (folder === 'linker') return rebuildArchive();
  const parent = dirname(folder);
  const path = sourceStem(folder);
  const { elf, objects, warnings } = build({ sources: [fixturePath(`${path}.c`)] });
  const hasObject = kinds.find((kind) => kind.parent === parent)?.hasObject === true;
  const object = hasObject ? [rebuilt(`${path}.o`, objects[0]!.bytes)] : [];
  return { files: [...object, rebuilt(`${path}.so`, elf)], warnings };
}

function rebuildArchive(): Rebuilt {
  const names = ['main', 'mean', 'sum', 'unused'];
  const { objects, warnings } = build({ sources: names.map((name) => fixturePath(`linker/${name}.c`)) });
  const [main, ...members] = objects;
  const files = [rebuilt('linker/main.o', main!.bytes), rebuilt('linker/numbers.a', buildArchive(members))];
  return { files, warnings };
}

function rebuilt(path: string, bytes: Uint8Array): RebuiltFile {
  return { path, bytes, isCurrent: isCommitted(path, bytes) };
}

function isCommitted(path: string, bytes: Uint8Array): boolean {
  try {
    return Buffer.compare(readFileSync(fixturePath(path)), bytes) === 0;
  } catch {
    return false;
  }
}
