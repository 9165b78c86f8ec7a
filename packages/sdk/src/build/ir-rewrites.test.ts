import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type CompileRequest, clangArguments, irArguments } from './clang.ts';
import { findClang } from './find-clang.ts';
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

test.each(['  %2 = sdiv i128 %0, %1', '  %2 = sdiv <4 x i32> %0, %1', '  %2 = udiv i64 %0, %1'])(
  'leaves alone: %s',
  (line) => {
    expect(rewriteSignedDivision(line)).toEqual({ text: line, count: 0 });
  },
);

test('divides by constant powers of two with shifts', () => {
  expect(rewriteSignedDivision('  %2 = sdiv exact i32 %0, -8, !dbg !3').text.split('\n')).toEqual([
    '  %switchyard.0.sign = ashr i32 %0, 31, !dbg !3',
    '  %switchyard.0.bias = and i32 %switchyard.0.sign, 7, !dbg !3',
    '  %switchyard.0.sum = add i32 %0, %switchyard.0.bias, !dbg !3',
    '  %switchyard.0.whole = ashr i32 %switchyard.0.sum, 3, !dbg !3',
    '  %2 = sub i32 0, %switchyard.0.whole, !dbg !3',
  ]);
  expect(rewriteSignedDivision('  %2 = srem i64 %0, 16').text.split('\n').slice(3)).toEqual([
    '  %switchyard.0.whole = and i64 %switchyard.0.sum, -16',
    '  %2 = sub i64 %0, %switchyard.0.whole',
  ]);
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

test('in a module with debug information, the new functions and calls have some, too', () => {
  const text = [
    'define i32 @f(i32 %0, i32 %1) #0 !dbg !5 {',
    '  %3 = sdiv i32 %0, %1',
    '}',
    '!llvm.dbg.cu = !{!0}',
    '!0 = distinct !DICompileUnit(language: DW_LANG_C99, file: !1, producer: "clang")',
    '!1 = !DIFile(filename: "a.c", directory: "")',
    '!5 = distinct !DISubprogram(name: "f", scope: !1, file: !1, line: 1, unit: !0)',
  ].join('\n');
  const lines = rewriteSignedDivision(text).text.split('\n');
  expect(lines[1]).toBe('  %switchyard.0.left = sext i32 %0 to i64, !dbg !6');
  expect(lines).toContain('define internal i64 @switchyard.sdiv(i64 %a, i64 %b) noinline nounwind !dbg !9 {');
  expect(lines.slice(-4)).toEqual([
    '!6 = !DILocation(line: 0, scope: !5)',
    '!7 = !{}',
    '!8 = !DISubroutineType(types: !7)',
    '!9 = distinct !DISubprogram(name: "switchyard.sdiv", scope: !1, file: !1, type: !8, flags: DIFlagArtificial, spFlags: DISPFlagLocalToUnit | DISPFlagDefinition, unit: !0, retainedNodes: !7)',
  ]);
});

const folder = mkdtempSync(join(tmpdir(), 'switchyard-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function clangOrUndefined(): string | undefined {
  try {
    return findClang(undefined);
  } catch {
    return undefined;
  }
}
const clang = clangOrUndefined();

test.skipIf(clang === undefined)(
  'debug information survives: the object has its lines and the names of its functions',
  () => {
    const source = join(folder, 'a.c');
    const block = 'struct s { char x[90000]; };\nvoid copy(struct s *a, struct s *b) { *a = *b; }\n';
    writeFileSync(source, `${block}int divide(int a, int b) { return a / b; }\n`);
    const request: CompileRequest = {
      clang: clang!,
      source,
      object: join(folder, 'a.ll'),
      optimisation: '2',
      includePaths: [],
      sourceFolder: folder,
      debugInfo: true,
      workFolder: folder,
    };
    execFileSync(clang!, clangArguments(request, 'llvm'));
    const code = rewriteSignedDivision(rewriteBlockCopies(readFileSync(request.object, 'utf8')).text).text;
    writeFileSync(request.object, code);
    const object = join(folder, 'a.o');
    execFileSync(clang!, irArguments({ ...request, object }, request.object), { stdio: 'pipe' });
    const text = readFileSync(object, 'latin1');
    for (const part of ['.debug_line', '.debug_info', 'divide', 'switchyard.sdiv'])
      expect(text).toContain(part);
  },
);
