import { functionKey, syscallKey } from '@switchyard/tbpf/format';
import { defaultEntryName } from './entry-names.ts';

/** Two things of one contract whose keys in the loader's tables are equal. */
export interface KeyCollision {
  readonly key: number;
  readonly first: string;
  readonly second: string;
}

/**
 * The loader keys functions by a hash of their position and syscalls by a hash of their name, in tables which may not share a key
 * (tbpf.md §8.4.5). Returns the first clash between called positions, syscall names and `entrypoint`.
 */
export function findKeyCollision(
  calledPcs: Iterable<number>,
  syscalls: Iterable<string>,
): KeyCollision | undefined {
  const owners = new Map<number, string>();
  const claim = (key: number, owner: string): KeyCollision | undefined => {
    const first = owners.get(key);
    owners.set(key, owner);
    return first === undefined || first === owner ? undefined : { key, first, second: owner };
  };
  for (const name of [defaultEntryName, ...syscalls]) {
    const collision = claim(syscallKey(name), `name ${name}`);
    if (collision !== undefined) return collision;
  }
  for (const pc of calledPcs) {
    const collision = claim(functionKey(pc), `function at instruction ${pc}`);
    if (collision !== undefined) return collision;
  }
  return undefined;
}
