import { expect, test } from 'vitest';
import { compilerHint, readableStderr } from './compiler-hints.ts';

// What clang 14 prints for each limit, shortened to the lines that matter.
test.each([
  [
    'a.c:3:5: error: Looks like the BPF stack limit of 512 bytes is exceeded. Please move large on stack variables into BPF per-cpu array map.',
    /512 bytes of stack.*TOS_HEAP/,
  ],
  [
    "a.c:2:10: error: A call to built-in function '__multi3' is not supported.\na.c:2:10: error: only small returns supported",
    /no 128-bit/,
  ],
  ['fatal error: error in backend: unable to allocate function return #1', /return through a pointer/],
  ["a.c:2:5: error: A call to built-in function 'memset' is not supported.", /tos_memset/],
  ['Error: Unsupport signed division for DAG: 0x91bd7a0: i64 = sdiv', /convert to uint64_t/],
  ['a.c:3:5: error: too many args to 0x38b8bb90: i64 = GlobalAddress', /at most five arguments/],
  ['a.c:2:31: error: defined with too many args', /at most five arguments/],
  ['a.c:3:5: error: functions with VarArgs or StructRet are not supported', /return through a pointer/],
  ['a.c:2:5: error: only small returns supported', /return through a pointer/],
  ['fatal error: error in backend: Unsupported dynamic stack allocation', /constant size/],
  ["a.c:4:8: error: A call to built-in function '__adddf3' is not supported.", /no floating-point/],
  ["a.c:2:5: error: A call to built-in function '__multi3' is not supported.", /no 128-bit/],
  ["a.c:1:10: fatal error: 'string.h' file not found", /include path/],
])('knows what to do about: %s', (stderr, hint) => {
  expect(compilerHint(stderr)).toMatch(hint);
});

test('has no hint for an ordinary mistake', () => {
  expect(compilerHint("a.c:1:1: error: unknown type name 'foo'")).toBeUndefined();
});

test('leaves out the stack dump of a refusal in the back end', () => {
  const stderr = [
    'fatal error: error in backend: Unsupported dynamic stack allocation',
    'PLEASE submit a bug report to https://github.com/llvm/llvm-project/issues/ and include the crash backtrace',
    'Stack dump:',
    '0.\tProgram arguments: clang -target bpf',
    ' #0 0x00007f588d2a5291 llvm::sys::PrintStackTrace(llvm::raw_ostream&, int)',
    'clang: error: clang frontend command failed with exit code 70 (use -v to see invocation)',
    'Debian clang version 14.0.6',
    'clang: note: diagnostic msg: ',
    '********************',
  ].join('\n');
  expect(readableStderr(stderr)).toBe('fatal error: error in backend: Unsupported dynamic stack allocation');
});

test('says each complaint once', () => {
  const complaint = 'a.c:2:10: error: Looks like the BPF stack limit of 512 bytes is exceeded.';
  const place = 'uint64_t entrypoint(void) {\n         ^';
  const stderr = `${`${complaint}\n${place}\n`.repeat(20)}fatal error: too many errors emitted, stopping now [-ferror-limit=]\n20 errors generated.\n`;
  expect(readableStderr(stderr)).toBe(`${complaint}\n${place}`);
  const other = `${complaint.replace(':2:', ':9:')}\n${place}`;
  expect(readableStderr(`${complaint}\n${place}\n${other}\n2 errors generated.`)).toBe(
    `${complaint}\n${place}\n${other}\n2 errors generated.`,
  );
});
