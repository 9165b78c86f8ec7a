import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VmError } from '@switchyard/core';
import { FLAME_GRAPH_SCRIPT } from '@switchyard/profiler';
import type { PageFiles } from '../http/page-files.ts';
import { PAGE_HTML } from './page-html.ts';
import { PAGE_STYLE } from './page-style.ts';

/** Scripts, styles and answers of this service alone, nothing inside the markup, and no way to make markup out of text. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const SCRIPT = 'text/javascript; charset=utf-8';

let files: PageFiles | undefined;

/**
 * All files of the page at `/`. They are read once; addresses in them are relative, so that the page also works below a prefix.
 * @throws VmError `INTERNAL` when the package was not built.
 */
export function pageFiles(): PageFiles {
  files ??= [
    { path: '/', contentType: 'text/html; charset=utf-8', body: PAGE_HTML, csp: POLICY },
    { path: '/page/style.css', contentType: 'text/css; charset=utf-8', body: PAGE_STYLE },
    {
      path: '/page/flame-graph.js',
      contentType: SCRIPT,
      body: `${FLAME_GRAPH_SCRIPT}export { drawFlameGraph };\n`,
    },
    ...scriptsOf(browserFolder(), '/page'),
    ...scriptsOf(clientFolder(), '/page/client'),
  ];
  return files;
}

/** Built scripts of a folder and below, with the client where a browser finds it: a browser knows no names of packages. */
function scriptsOf(folder: string, path: string): PageFiles {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.js'))
    .sort()
    .map((name) => ({
      path: `${path}/${name}`,
      contentType: SCRIPT,
      body: readFileSync(join(folder, name), 'utf8')
        .replaceAll("'@switchyard/client'", "'./client/index.js'")
        .replace(/^\/\/# sourceMappingURL=.*\n?/m, ''),
    }));
}

/** Where the scripts are, for a program that runs from dist and one that runs from the sources. */
function browserFolder(): string {
  return builtFolder(
    [
      fileURLToPath(new URL('./browser/', import.meta.url)),
      fileURLToPath(new URL('../../dist/page/browser/', import.meta.url)),
    ],
    'main.js',
  );
}

function clientFolder(): string {
  const manifest = createRequire(import.meta.url).resolve('@switchyard/client/package.json');
  return builtFolder([join(dirname(manifest), 'dist')], 'index.js');
}

function builtFolder(places: readonly string[], file: string): string {
  const found = places.find((place) => existsSync(join(place, file)));
  if (found !== undefined) return found;
  throw new VmError('INTERNAL', `${join(places.at(-1)!, file)} is absent.`, {
    hint: 'Build the packages: npm run build.',
  });
}
