import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderOpcodeReference as renderLegacyOpcodes } from '../../adapters/legacy/src/isa/opcode-reference.ts';
import { renderNativeReference } from '../../adapters/legacy/src/natives/native-reference.ts';
import { renderOpcodeReference } from '../../adapters/tbpf/src/isa/opcode-reference.ts';
import { renderSyscallReference } from '../../adapters/tbpf/src/syscalls/syscall-reference.ts';
import { renderErrorsPage } from '../../packages/core/src/errors/render-errors-page.ts';
import { reportJsonSchema } from '../../packages/migration/src/report/report-schema.ts';
import { renderPerformancePage } from '../bench/performance-page.ts';
import { renderClientTypes } from './client-types.ts';

/*
 * Writes the pages and sources that are made from code: `npm run docs:generate`. With `--check` nothing is written; a page that differs is named
 * and the exit code is 1.
 */

const root = new URL('../../', import.meta.url);

const pages: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/errors.md': renderErrorsPage,
  'docs/performance.md': () =>
    renderPerformancePage(JSON.parse(readFileSync(new URL('docs/performance.json', root), 'utf8'))),
  'docs/reference/legacy-natives.md': renderNativeReference,
  'docs/reference/legacy-opcodes.md': renderLegacyOpcodes,
  'docs/reference/migration-report.schema.json': () => `${JSON.stringify(reportJsonSchema(), null, 2)}\n`,
  'docs/reference/tbpf-opcodes.md': renderOpcodeReference,
  'docs/reference/tbpf-syscalls.md': renderSyscallReference,
  'packages/client/src/generated/api-types.ts': renderClientTypes,
};

const isCheck = process.argv.includes('--check');
const stale: string[] = [];
for (const [page, render] of Object.entries(pages)) {
  const path = fileURLToPath(new URL(page, root));
  const wanted = await render();
  if (wanted === readText(path)) continue;
  stale.push(page);
  if (isCheck) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, wanted);
}
const all = Object.keys(pages).length;
if (stale.length === 0) console.log(`docs: ${all} generated files are up to date`);
else if (isCheck) console.error(`docs: differs from code: ${stale.join(', ')}; run "npm run docs:generate"`);
else console.log(`docs: wrote ${stale.join(', ')}`);
process.exitCode = isCheck && stale.length > 0 ? 1 : 0;

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
