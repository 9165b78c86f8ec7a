import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { hexToBytes } from '@switchyard/core';

const contracts = new URL('../../../../fixtures/contracts/legacy/', import.meta.url);
const vectors = new URL('../../../../fixtures/vectors/legacy/', import.meta.url);

/** Modules to mutate: the contracts, and some vectors of the families that do most. */
export function mutationInputs(): Uint8Array[] {
  const modules: Uint8Array[] = readdirSync(contracts)
    .filter((name) => name.endsWith('.module'))
    .map((name) => new Uint8Array(readFileSync(new URL(name, contracts))));
  for (const family of ['random', 'silex', 'alias', 'iterator', 'match']) {
    const text = gunzipSync(readFileSync(new URL(`${family}.jsonl.gz`, vectors))).toString('utf8');
    for (const line of text.split('\n').slice(0, 60)) {
      const code = /"code":"([0-9a-f]+)"/.exec(line)?.[1];
      if (code !== undefined && code.length < 4000) modules.push(hexToBytes(code)!);
    }
  }
  return modules;
}
