import { rolldown } from 'rolldown';
import { inlineConstEnums } from './inline-const-enums.ts';

const root = new URL('../../', import.meta.url);

/** A bundle, and the modules that went into it. */
export interface PageBundle {
  readonly code: string;
  readonly modules: readonly string[];
}

/**
 * One classic script, as a page would load it, whose exports are fields of the global `page`. Unresolved imports fail it: that is where a
 * Node built-in would show.
 */
export async function bundlePage(entry: URL, conditions: readonly string[]): Promise<PageBundle> {
  const build = await rolldown({
    input: entry.pathname,
    platform: 'browser',
    resolve: { conditionNames: [...conditions, 'browser', 'import', 'module', 'default'] },
    plugins: [inlineConstEnums(root) as never],
    onLog(level, log) {
      if (level === 'warn') throw new Error(log.message);
    },
  });
  const { output } = await build.generate({ format: 'iife', name: 'page' });
  await build.close();
  if (output.length !== 1) throw new Error(`the bundle has ${output.length} files.`);
  return { code: output[0].code, modules: output[0].moduleIds };
}
