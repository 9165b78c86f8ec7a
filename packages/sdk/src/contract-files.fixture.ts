import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Path of a file in fixtures/contracts. */
export function contractPath(file: string): string {
  return fileURLToPath(new URL(`../../../fixtures/contracts/${file}`, import.meta.url));
}

/** Names of the C contracts in fixtures/contracts: the folders NAME with a NAME.c. */
export const contractNames: readonly string[] = readdirSync(contractPath('.')).filter((name) =>
  existsSync(contractPath(`${name}/${name}.c`)),
);

/** Bytes of a file in fixtures/contracts. */
export function contractFile(file: string): Uint8Array {
  return new Uint8Array(readFileSync(contractPath(file)));
}

/** The committed relocatable object of a contract, as an input of the linker. */
export function contractObject(name: string): { name: string; bytes: Uint8Array } {
  return { name: `${name}.o`, bytes: contractFile(`${name}/${name}.o`) };
}
