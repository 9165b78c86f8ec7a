import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { JSON_TYPE } from '../../http/bodies.ts';
import { etagOf } from '../../http/page-files.ts';
import { componentSchemas } from './components.ts';

const SECURITY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer' },
  apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
} as const;

/** Collects the routes that are mounted afterwards, and serves the document at GET /openapi.json. */
export async function mountOpenApi(app: FastifyInstance, version: string, hasKeys: boolean): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Switchyard gas estimation service',
        version,
        description:
          'Gas estimates and runs of smart contracts of several virtual machines. Nothing that is run is kept.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      tags: [
        { name: 'methods', description: 'The methods, each with an endpoint of its own.' },
        { name: 'json-rpc', description: 'The same methods by JSON-RPC 2.0.' },
        { name: 'operation', description: 'For whoever runs the service.' },
      ],
      components: {
        schemas: componentSchemas() as never,
        ...(hasKeys ? { securitySchemes: SECURITY_SCHEMES } : {}),
      },
    },
  });
  let document = { body: '', etag: '' };
  app.addHook('onReady', (done) => {
    const body = JSON.stringify(app.swagger());
    document = { body, etag: etagOf(Buffer.from(body)) };
    done();
  });
  app.get('/openapi.json', { schema: { hide: true } }, (request, reply) => {
    reply.header('etag', document.etag).header('cache-control', 'no-cache');
    if (request.headers['if-none-match'] === document.etag) return reply.code(304).send();
    return reply.header('content-type', JSON_TYPE).send(document.body);
  });
}
