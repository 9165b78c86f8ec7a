import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A running estimation service. */
export interface OpenEstimator {
  readonly url: string;
  close(): Promise<void>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Run by a process of its own: workers inherit the conditions of whoever starts them, and the tests' is `source`. */
const PROGRAM = `
import { DEFAULT_CONFIG } from '@switchyard/core';
import { createServer, pageFiles, parseEstimatorConfig, startService } from '@switchyard/estimator';

const state = { kind: 'memory' };
const config = parseEstimatorConfig({ workers: 1, limits: { timeMs: 60_000 }, log: { level: 'silent' } }, 'test');
const service = await startService({
  config: { ...DEFAULT_CONFIG, state },
  estimator: config,
  compose: '${new URL('../../packages/cli/dist/app/estimator-parts.js', import.meta.url).href}',
  composeWith: { cwd: '/', flags: { state } },
});
const server = await createServer({ service, config, page: pageFiles(), version: '0.1.0' });
console.log(await server.listen({ host: '127.0.0.1', port: 0 }));
process.once('SIGTERM', () => server.close());
`;

/** Starts the built service with the command's engines over an empty state, one worker, at a free port. */
export async function openEstimator(): Promise<OpenEstimator> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = await new Promise<string>((done, fail) => {
    child.stdout.once('data', (data) => done(String(data)));
    child.once('exit', (code) => fail(new Error(`the service ended with ${code} at its start`)));
  });
  return {
    url: said.trim(),
    async close() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
