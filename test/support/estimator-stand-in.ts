import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pageFiles } from '@switchyard/estimator';
import { isMethodName } from '@switchyard/estimator/api';
import { answerOf } from './estimator-answers.ts';

/** A server with the page of the estimation service and recorded answers at /rpc. */
export interface StandIn {
  readonly url: string;
  /** Requests at /rpc: what they sent. */
  readonly asked: { readonly key: string | undefined; readonly method: string; readonly params: object }[];
  close(): Promise<void>;
}

interface Row {
  readonly id: number;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Opens one at a free port. With a key it refuses requests that have another. */
export async function openStandIn(key?: string): Promise<StandIn> {
  const asked: StandIn['asked'] = [];
  const answer = ({ id, method, params }: Row, given: string | undefined): object => {
    asked.push({ key: given, method, params });
    if (given !== key) {
      const error = {
        code: -32001,
        message: 'The key is missing or unknown.',
        data: { code: 'UNAUTHORIZED' },
      };
      return { jsonrpc: '2.0', id, error };
    }
    if (!isMethodName(method)) return { jsonrpc: '2.0', id, error: { code: -32601, message: method } };
    return { jsonrpc: '2.0', id, ...answerOf(method, params) };
  };
  const server: Server = createServer((request, response) => {
    const file = pageFiles().find(({ path }) => path === request.url);
    if (file !== undefined) {
      const { contentType, csp, body } = file;
      response.setHeader('content-type', contentType);
      if (csp !== undefined) response.setHeader('content-security-policy', csp);
      response.end(body);
      return;
    }
    if (request.url !== '/rpc') {
      response.writeHead(404).end();
      return;
    }
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => {
      text += part;
    });
    request.on('end', () => {
      const rows = JSON.parse(text) as Row | Row[];
      const given = request.headers.authorization?.replace('Bearer ', '');
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify(Array.isArray(rows) ? rows.map((row) => answer(row, given)) : answer(rows, given)),
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
