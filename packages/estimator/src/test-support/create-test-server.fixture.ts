import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import { parseEstimatorConfig } from '../config/parse-estimator-config.ts';
import { createServer, type ServerOptions } from '../http/create-server.ts';
import { FakeService } from './fake-service.fixture.ts';

/** A server on a fake service, and all that it logged. It is closed when the test ends. */
export interface TestServer {
  readonly app: FastifyInstance;
  readonly service: FakeService;
  /** Lines of the log, parsed. */
  readonly log: readonly Record<string, unknown>[];
  readonly logText: () => string;
  /** Sends JSON to POST `/rpc` and gives the parsed answer. */
  rpc(payload: unknown): Promise<unknown>;
}

/** Makes a server for a test; `section` is the section `estimator` of its configuration. */
export async function createTestServer(
  section: Record<string, unknown> = {},
  service: FakeService = new FakeService(),
  more: Partial<ServerOptions> = {},
): Promise<TestServer> {
  const lines: string[] = [];
  const app = await createServer({
    service,
    config: parseEstimatorConfig(section, 'test'),
    version: '0.1.0',
    log: { write: (line: string) => void lines.push(line) },
    ...more,
  });
  onTestFinished(() => app.close());
  return {
    app,
    service,
    get log() {
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    logText: () => lines.join(''),
    async rpc(payload) {
      const headers = { 'content-type': 'application/json' };
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
      const { body } = await app.inject({ method: 'POST', url: '/rpc', headers, payload: text });
      return body === '' ? undefined : JSON.parse(body);
    },
  };
}
