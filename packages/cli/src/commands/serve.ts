import { VmError } from '@switchyard/core';
import { API_KEY_NAME, createApiKey } from '@switchyard/estimator';
import pc from 'picocolors';
import { type RunningServer, startServer } from '../app/start-server.ts';
import { type CommonOptions, stateOf } from '../arguments/call-options.ts';
import { parseInteger } from '../arguments/parse.ts';
import type { CommandReport } from '../output/reporter.ts';

/** Options of `switchyard serve`; they go over the section `estimator` of the configuration. */
export interface ServeOptions extends CommonOptions {
  readonly host?: string;
  readonly port?: string;
  readonly workers?: string;
}

/** Starts the estimation service. The caller closes it. */
export function serve(options: ServeOptions, version: string): Promise<RunningServer> {
  const { host, port, workers } = options;
  const estimator = {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port: parseInteger(port, '--port', 0, 65_535) }),
    ...(workers === undefined ? {} : { workers: parseInteger(workers, '--workers', 1, 256) }),
  };
  return startServer({
    configFile: options.config,
    flags: { ...stateOf(options), ...(Object.keys(estimator).length === 0 ? {} : { estimator }) },
    version,
  });
}

/** `switchyard serve`: until SIGINT or SIGTERM, which let it answer what it has. */
export async function serveCommand(options: ServeOptions, version: string): Promise<CommandReport> {
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
  });
  const server = await serve(options, version);
  // Standard output is the log's.
  process.stderr.write(`${pc.green('listening')} on ${server.url}\n`);
  const signal = await stopped;
  await server.close();
  return {
    command: 'serve',
    exitCode: 0,
    data: { url: server.url, signal },
    text: () => '',
    errorText: () => `stopped by ${signal}`,
  };
}

/** `switchyard serve key NAME`: a new key for a client, and what the configuration gets of it. */
export async function serveKeyCommand(name: string): Promise<CommandReport> {
  if (!API_KEY_NAME.test(name)) {
    throw new VmError(
      'USAGE_INVALID',
      `NAME: expected a letter, then up to 63 letters, digits, "_", "." and "-", found "${name}".`,
    );
  }
  const { key, entry } = createApiKey(name);
  return {
    command: 'serve key',
    exitCode: 0,
    data: { key, entry },
    text: () =>
      [
        `${pc.bold(key)}`,
        '',
        'Hand it to the client; it cannot be shown again. The configuration knows its hash only:',
        '',
        '  estimator:',
        '    keys:',
        `      - name: ${entry.name}`,
        `        sha256: ${entry.sha256}`,
      ].join('\n'),
  };
}
