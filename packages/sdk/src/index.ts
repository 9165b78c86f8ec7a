export { maxContractSize } from './linker/layout.ts';
export { type LinkOptions, link } from './linker/link.ts';
export type { LinkWarning } from './linker/link-warnings.ts';
export type { LinkInput } from './linker/object-file.ts';
export { knownSyscalls } from './syscalls/known-syscalls.ts';
