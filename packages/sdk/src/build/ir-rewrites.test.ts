import { expect, test } from 'vitest';
import { rewriteBlockCopies, rewriteSignedDivision } from './ir-rewrites.ts';

test('replaces a division of 64 bits by one call, with its place in the source', () => {
  const { text, count } = rewriteSignedDivision('  %5 = sdiv i64 %3, %4, !dbg !12\n');
  expect(count).toBe(1);
  expect(text.split('\n').slice(0, 2)).toEqual([
    '  %5 = call i64 @switchyard.sdiv(i64 %3, i64 %4), !dbg !12',
    '',
  ]);
  expect(text).toContain('define internal i64 @switchyard.sdiv(i64 %a, i64 %b) noinline nounwind {');
  expect(text).not.toContain('define internal i64 @switchyard.srem');
});

test('extends narrower integers, and gives new values names', () => {
  const { text } = rewriteSignedDivision(
    '  %2 = srem i13 %0, ptrtoint (i8* getelementptr (i8, i8* @t, i64 1) to i13)',
  );
  expect(text.split('\n').slice(0, 4)).toEqual([
    '  %switchyard.0.left = sext i13 %0 to i64',
    '  %switchyard.0.right = sext i13 ptrtoint (i8* getelementptr (i8, i8* @t, i64 1) to i13) to i64',
    '  %switchyard.0.result = call i64 @switchyard.srem(i64 %switchyard.0.left, i64 %switchyard.0.right)',
    '  %2 = trunc i64 %switchyard.0.result to i13',
  ]);
});

test.each([
  '  %2 = sdiv i64 %0, 8',
  '  %2 = sdiv exact i32 %0, -4',
  '  %2 = sdiv i128 %0, %1',
  '  %2 = sdiv <4 x i32> %0, %1',
  '  %2 = udiv i64 %0, %1',
])('leaves alone: %s', (line) => {
  expect(rewriteSignedDivision(line)).toEqual({ text: line, count: 0 });
});

test('replaces copies and fills that are long or of unknown length by calls', () => {
  const lines = [
    '  tail call void @llvm.memcpy.p0i8.p0i8.i64(i8* noundef nonnull align 1 %3, i8* align 8 %4, i64 900, i1 false), !dbg !7',
    '  call void @llvm.memset.p0i8.i64(i8* align 8 %3, i8 0, i64 %9, i1 false) #4, !dbg !8',
  ];
  const { text, count } = rewriteBlockCopies(lines.join('\n'));
  expect(count).toBe(2);
  expect(text.split('\n').filter((line) => line !== '')).toEqual([
    '  %switchyard.0.block = call i8* @memcpy(i8* noundef nonnull align 1 %3, i8* align 8 %4, i64 900), !dbg !7',
    '  %switchyard.1.byte = zext i8 0 to i32, !dbg !8',
    '  %switchyard.1.block = call i8* @memset(i8* align 8 %3, i32 %switchyard.1.byte, i64 %9) #4, !dbg !8',
    'declare i8* @memcpy(i8*, i8*, i64)',
    'declare i8* @memset(i8*, i32, i64)',
  ]);
});

test('knows the pointers of newer compilers, and a declaration that is there', () => {
  const text = [
    'declare ptr @memmove(ptr, ptr, i64)',
    '  call void @llvm.memmove.p0.p0.i64(ptr %0, ptr %1, i64 %2, i1 false)',
  ].join('\n');
  expect(rewriteBlockCopies(text).text.split('\n')).toEqual([
    'declare ptr @memmove(ptr, ptr, i64)',
    '  %switchyard.0.block = call ptr @memmove(ptr %0, ptr %1, i64 %2)',
  ]);
});

test('leaves short copies to the compiler', () => {
  const line = '  call void @llvm.memcpy.p0i8.p0i8.i64(i8* align 8 %3, i8* align 8 %4, i64 256, i1 false)';
  expect(rewriteBlockCopies(line)).toEqual({ text: line, count: 0 });
});
