import { expect, test } from 'vitest';
import { compilerHint } from './compiler-hints.ts';

// What clang 14 prints for each limit, shortened to the lines that matter.
test.each([
  [
    'a.c:3:5: error: Looks like the BPF stack limit of 512 bytes is exceeded. Please move large on stack variables into BPF per-cpu array map.',
    /512 bytes of stack.*TOS_HEAP/,
  ],
  [
    "a.c:2:10: error: A call to built-in function '__multi3' is not supported.\na.c:2:10: error: only small returns supported",
    /no 128-bit product.*tos_mul_u64/,
  ],
  ['fatal error: error in backend: unable to allocate function return #1', /return through a pointer/],
  ["a.c:2:5: error: A call to built-in function 'memset' is not supported.", /the linker supplies them/],
  ['a.c:1:2: error: the machine has no instruction for sdiv', /no vectors/],
  ['a.c:1:2: error: the machine has no instruction for AtomicLoad', /no atomic operations/],
  ['a.c:9: error: Invalid usage of the XADD return value, in function f', /no atomic operations/],
  ['error: the machine has no instruction for brind, in function f', /no computed goto/],
  ['a.c:1:1: error: thread-local storage is not supported for the current target', /no threads/],
  ['a.c:1:39: error: variable length array used [-Werror,-Wvla]', /constant size/],
  ['a.c:3:5: error: too many args to 0x38b8bb90: i64 = GlobalAddress', /at most five arguments/],
  ['a.c:2:31: error: defined with too many args', /at most five arguments/],
  ['a.c:3:5: error: functions with VarArgs or StructRet are not supported', /return through a pointer/],
  ['a.c:2:5: error: only small returns supported', /return through a pointer/],
  ['fatal error: error in backend: Unsupported dynamic stack allocation', /constant size/],
  ["a.c:4:8: error: A call to built-in function '__adddf3' is not supported.", /no floating-point/],
  ["a.c:2:5: error: A call to built-in function '__multi3' is not supported.", /b > MAX \/ a: .*tos_mul_u64/],
  ["a.c:2:5: error: A call to built-in function '__udivti3' is not supported.", /no 128-bit arithmetic/],
  ['a.c:5:1: error: pass by value not supported', /pass a pointer/],
  ["a.c:1:10: fatal error: 'string.h' file not found", /include path/],
])('knows what to do about: %s', (stderr, hint) => {
  expect(compilerHint(stderr)).toMatch(hint);
});

test('has no hint for an ordinary mistake', () => {
  expect(compilerHint("a.c:1:1: error: unknown type name 'foo'")).toBeUndefined();
});
