export { type BuildOptions, type BuildResult, build } from './build/build.ts';
export { findClang, type Optimisation } from './build/clang.ts';
export { includePath } from './build/include-path.ts';
export { maxContractSize } from './linker/layout.ts';
export { type LinkOptions, link } from './linker/link.ts';
export type { LinkWarning } from './linker/link-warnings.ts';
export type { LinkInput } from './linker/object-file.ts';
export { knownSyscalls } from './syscalls/known-syscalls.ts';
