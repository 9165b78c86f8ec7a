/** What clang says about a limit of the BPF machine, and what to do about it. The first match is taken. */
const hints: readonly { readonly pattern: RegExp; readonly hint: string }[] = [
  {
    pattern: /BPF stack limit of \d+ bytes/,
    hint: 'This clang allows one function 512 bytes of stack: put large buffers on the heap (TOS_HEAP), or split the function. A newer clang, which knows -bpf-stack-size, is asked for 4096.',
  },
  {
    pattern: /built-in function '(memcpy|memmove|memset|memcmp)'/,
    hint: 'Call memcpy, memmove, memset or memcmp by name; the linker supplies them.',
  },
  {
    // Before the returns: clang complains of those in the same breath.
    // Also what clang makes of the test for overflow `b > MAX / a`, which has no 128-bit number in its source.
    pattern: /built-in function '__multi3'/,
    hint: 'There is no 128-bit product, which clang also makes of a test such as b > MAX / a: multiply with tos_mul_u64 of <tos/math.h>, which says whether the product fits, or with tos_u128_product of <tos/u128.h>.',
  },
  {
    pattern: /built-in function '__[a-z]+ti[0-9]?'/,
    hint: 'There is no 128-bit arithmetic: use <tos/u128.h>.',
  },
  {
    pattern: /no instruction for [su](div|rem)/,
    hint: 'Divide integers of at most 64 bits one by one: there are no vectors and no 128-bit arithmetic.',
  },
  {
    pattern: /atomic|XADD/i,
    hint: 'There are no atomic operations: a contract runs alone, plain reads and writes do.',
  },
  {
    pattern:
      /vaarg|VarArgs or StructRet|aggregate returns|only small returns|unable to allocate function return/,
    hint: 'A function returns at most 64 bits and has a fixed number of arguments: return through a pointer.',
  },
  {
    pattern: /pass by value not supported/,
    hint: 'A function takes no struct by value: pass a pointer to it, const if it is only read.',
  },
  {
    pattern: /too many args|stack arguments/,
    hint: 'A function takes at most five arguments: pass a pointer to a struct.',
  },
  {
    pattern: /dynamic stack allocation|-Wvla|-Walloca/,
    hint: 'Arrays need a constant size: use the largest size, or the heap (TOS_HEAP).',
  },
  {
    pattern:
      /built-in function '__(add|sub|mul|div|fix|float|extend|trunc|un|eq|ne|lt|le|gt|ge)[a-z]*(sf|df|tf)/,
    hint: 'There is no floating-point arithmetic: count in the smallest unit with integers.',
  },
  {
    pattern: /no instruction for brind/,
    hint: 'There is no computed goto: use switch, or a table of functions.',
  },
  {
    pattern: /thread-local storage/,
    hint: 'A contract has no threads, and no variables but those of functions: keep values in storage.',
  },
  {
    pattern: /'[^']*' file not found/,
    hint: 'Give the folder of the header as an include path; there is no C library, the headers of contracts are <tos/…>.',
  },
  { pattern: /date-time/, hint: '__DATE__ and __TIME__ would make each build different.' },
];

/** A hint for what `readableStderr` gave, when it is about a known limit. */
export function compilerHint(stderr: string): string | undefined {
  return hints.find(({ pattern }) => pattern.test(stderr))?.hint;
}
