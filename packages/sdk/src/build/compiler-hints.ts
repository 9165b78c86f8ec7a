/** What clang says about a limit of the BPF machine, and what to do about it. The first match is taken. */
const hints: readonly { readonly pattern: RegExp; readonly hint: string }[] = [
  {
    pattern: /BPF stack limit of 512 bytes/,
    hint: 'One function may use 512 bytes of stack: put large buffers on the heap (TOS_HEAP), or split the function.',
  },
  {
    pattern: /built-in function '(memcpy|memmove|memset|memcmp)'/,
    hint: 'There is no C library: use tos_memcpy, tos_memmove, tos_memset or tos_memcmp; copy large structs by them, too.',
  },
  {
    pattern: /signed division/i,
    hint: 'The machine divides unsigned numbers only: convert to uint64_t before / and %.',
  },
  {
    pattern: /too many args|stack arguments/,
    hint: 'A function takes at most five arguments: pass a pointer to a struct.',
  },
  {
    // Before the returns: clang complains of those in the same breath.
    pattern: /built-in function '__[a-z]+ti[0-9]'/,
    hint: 'There is no 128-bit arithmetic: work with 64-bit halves.',
  },
  {
    pattern: /VarArgs or StructRet|aggregate returns|only small returns|unable to allocate function return/,
    hint: 'A function returns at most 64 bits and has a fixed number of arguments: return through a pointer.',
  },
  {
    pattern: /dynamic stack allocation/,
    hint: 'Arrays need a constant size: use the largest size, or the heap (TOS_HEAP).',
  },
  {
    pattern:
      /built-in function '__(add|sub|mul|div|fix|float|extend|trunc|un|eq|ne|lt|le|gt|ge)[a-z]*(sf|df|tf)/,
    hint: 'There is no floating-point arithmetic: count in the smallest unit with integers.',
  },
  {
    pattern: /'[^']*' file not found/,
    hint: 'Give the folder of the header as an include path; there is no C library, the headers of contracts are <tos/…>.',
  },
  { pattern: /date-time/, hint: '__DATE__ and __TIME__ would make each build different.' },
];

/** A hint for what clang printed, when it is about a known limit. */
export function compilerHint(stderr: string): string | undefined {
  return hints.find(({ pattern }) => pattern.test(stderr))?.hint;
}

/** Longest part of clang's output that an error carries. */
const maxLength = 8_000;

/**
 * clang's output without the stack dump and the request for a bug report that follow a refusal of its back end, and each complaint
 * once: the back end repeats that of the stack for every access.
 */
export function readableStderr(stderr: string): string {
  const lines: string[] = [];
  const seen = new Set<string>();
  let isSkipped = false;
  let hasRepeated = false;
  for (const line of stderr.split('\n')) {
    if (/^(PLEASE submit a bug report|Stack dump:)/.test(line)) isSkipped = true;
    else if (/^[^\s:]+:\d+:\d+: /.test(line)) {
      isSkipped = seen.has(line);
      hasRepeated ||= isSkipped;
      seen.add(line);
    } else if (hasRepeated && isClosing(line)) continue;
    if (!isSkipped) lines.push(line);
  }
  return lines.join('\n').trim().slice(0, maxLength);
}

/** Whether a line says how many errors there were, which is wrong when some are left out. */
function isClosing(line: string): boolean {
  return /^(\d+ (warning|error)s? (and \d+ errors? )?generated\.|fatal error: too many errors emitted)/.test(
    line,
  );
}
