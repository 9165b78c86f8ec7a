import { expect, test } from 'vitest';
import { failedFunction, readableStderr } from './clang-output.ts';

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
  expect(readableStderr(stderr)).toBe('error: Unsupported dynamic stack allocation');
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

test('says in words which node could not be translated, with its place or its function', () => {
  const operands = [
    '  0x3dad1f38: i64,ch = CopyFromReg 0x3da6b6f8, Register:i64 %0, a.c:9:9',
    '    0x3dad1ed0: i64 = Register %0',
    'In function: f',
    'PLEASE submit a bug report to https://github.com/llvm/llvm-project/issues/',
  ];
  const refusal =
    'fatal error: error in backend: Cannot select: 0x3dad21a8: i64,ch = AtomicLoad<(load 4)> 0x3da6b6f8';
  expect(readableStderr([`${refusal}, a.c:1:21`, ...operands].join('\n'))).toBe(
    'a.c:1:21: error: the machine has no instruction for AtomicLoad',
  );
  expect(readableStderr([refusal, ...operands].join('\n'))).toBe(
    'error: the machine has no instruction for AtomicLoad, in function f',
  );
  expect(failedFunction(operands.join('\n'))).toBe('f');
});

test.each([
  ['too many args to 0xf262be8: i64 = GlobalAddress<i32 (i32)* @g> 0, a.c:2:9', 'too many args'],
  [
    'pass by value not supported 0xc50ec60: i64 = GlobalAddress<i64 (%struct.s*)* @f> 0',
    'pass by value not supported',
  ],
])('keeps no address of the compiler: %s', (said, kept) => {
  expect(readableStderr(`a.c:2:9: error: ${said}`)).toBe(`a.c:2:9: error: ${kept}`);
});
