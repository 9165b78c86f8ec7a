import { fileURLToPath } from 'node:url';

/** The folder of the C headers: `-I` of it makes `#include <tos/entrypoint.h>` work. */
export function includePath(): string {
  // src/build/ and dist/build/ are equally deep.
  return fileURLToPath(new URL('../../include', import.meta.url));
}
