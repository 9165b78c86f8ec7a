import { VmError } from '@switchyard/core';
import { knownSyscalls } from '../syscalls/known-syscalls.ts';
import { entryNameKind } from './entry-names.ts';
import type { NamedFunction } from './exported-functions.ts';
import type { LinkedVersion } from './linked-version.ts';

/** Something that links, but is probably not meant. */
export interface LinkWarning {
  readonly kind: 'unknown-syscall' | 'misspelt-entry' | 'no-default-entry';
  readonly message: string;
}

/** Which undefined names are accepted, and how loudly the others are reported. */
export interface SyscallPolicy {
  readonly extraSyscalls?: readonly string[];
  readonly strict?: boolean;
}

/** What becomes of a call that the host does not know, by version. */
const consequences: Readonly<Record<LinkedVersion, string>> = {
  0: 'a call of it fails at run time',
  3: 'the engine refuses the contract unless the host has it',
};

/**
 * A warning, or with `strict` an error, that lists the undefined names which are no syscall.
 * @param used names of called syscalls, and where the first call is.
 */
export function syscallWarnings(
  used: ReadonlyMap<string, string>,
  policy: SyscallPolicy,
  version: LinkedVersion,
): LinkWarning[] {
  const known = new Set([...knownSyscalls, ...(policy.extraSyscalls ?? [])]);
  const unknown = [...used.keys()].filter((name) => !known.has(name)).sort();
  if (unknown.length === 0) return [];
  const listed = unknown.map((name) => `${name} (called in ${used.get(name)})`).join(', ');
  const message = `undefined and not a known syscall: ${listed}`;
  if (policy.strict === true) {
    throw new VmError('LINK_FAILED', message, {
      hint: 'Define the function in one of the sources, or correct the name; tos/syscalls.h lists the syscalls.',
    });
  }
  return [{ kind: 'unknown-syscall', message: `${message}; ${consequences[version]}` }];
}

/** Warnings of names which look like entries but are not, and of a missing default entry. */
export function entryWarnings(exported: readonly NamedFunction[], hasDefaultEntry: boolean): LinkWarning[] {
  const warnings: LinkWarning[] = exported
    .filter(({ name }) => entryNameKind(name) === 'misspelt')
    .map(({ name }) => ({
      kind: 'misspelt-entry',
      message: `${name} is not an entry: N of entry_N is 0 to 65535, of hook_N 0 to 255, without leading zeros`,
    }));
  if (!hasDefaultEntry) {
    warnings.push({
      kind: 'no-default-entry',
      message: 'there is no entrypoint; a call of the default entry ends with exit code 2^64 - 1',
    });
  }
  return warnings;
}
