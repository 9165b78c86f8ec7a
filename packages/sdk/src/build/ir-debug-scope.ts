/** How a function that is added to LLVM's textual code is described in its debug information. */
export interface DebugScope {
  /** Goes behind the function's attributes; empty where the code has no debug information. */
  readonly attachment: string;
  /** Goes to the end of the code. */
  readonly metadata: string;
}

/**
 * Describes added functions, which come from no source: where a module has debug information, clang 14's back end for BPF crashes on a
 * function that has none.
 */
export function createDebugScope(text: string): (name: string) => DebugScope {
  const unit = /^!llvm\.dbg\.cu = !\{(!\d+)/m.exec(text)?.[1];
  if (unit === undefined) return () => ({ attachment: '', metadata: '' });
  let next = 0;
  for (const [, number] of text.matchAll(/^!(\d+) = /gm)) next = Math.max(next, Number(number) + 1);
  return (name) => {
    const [scope, type, types, file] = [next, next + 1, next + 2, next + 3].map((number) => `!${number}`);
    next += 4;
    const flags = 'DISPFlagLocalToUnit | DISPFlagDefinition | DISPFlagOptimized';
    return {
      attachment: ` !dbg ${scope}`,
      metadata: [
        `${scope} = distinct !DISubprogram(name: "${name}", scope: ${file}, file: ${file}, line: 0, type: ${type}, spFlags: ${flags}, unit: ${unit})`,
        `${type} = !DISubroutineType(types: ${types})`,
        `${types} = !{null}`,
        `${file} = !DIFile(filename: "switchyard", directory: ".")`,
        '',
      ].join('\n'),
    };
  };
}
