import cors from '@fastify/cors';
import Fastify, { type FastifyInstance } from 'fastify';
import type { EstimatorConfig } from '../config/config.ts';
import { Access } from '../operate/access.ts';
import { mountHealth, mountMetrics } from '../operate/health.ts';
import { Metrics } from '../operate/metrics.ts';
import { createLog, type LogDestination } from '../operate/request-log.ts';
import { createJobRunner } from '../operate/run-jobs.ts';
import { Tracing } from '../operate/tracing.ts';
import { mountOpenApi } from '../rest/openapi/mount-openapi.ts';
import type { SecurityChoice } from '../rest/openapi/operations.ts';
import { mountRest } from '../rest/routes.ts';
import { RpcDispatcher } from '../rpc/dispatcher.ts';
import { mountRpc } from '../rpc/routes.ts';
import type { EstimatorService } from '../service/service.ts';
import { boundBodies } from './body-budget.ts';
import { BodyTurns } from './body-turns.ts';
import { drainBodies } from './drain-bodies.ts';
import { letIn, stopGracefully } from './graceful-stop.ts';
import { noteRequests } from './note-requests.ts';
import { mountPage, type PageFiles } from './page-files.ts';
import { handleErrors } from './refuse-by-rest.ts';
import { fastifyOptions } from './server-options.ts';

/** Part of the cache's bytes that whole responses may take. */
const KNOWN_SHARE = 4;

/** What a server stands on. */
export interface ServerOptions {
  readonly service: EstimatorService;
  readonly config: EstimatorConfig;
  /** The page's files; absent, or `config.page` false: there is none. */
  readonly page?: PageFiles;
  /** Version that /health and the OpenAPI document name. */
  readonly version: string;
  /** Where the log goes instead of what the configuration says. */
  readonly log?: LogDestination;
  /** Milliseconds that only go up, for limits of calls. */
  readonly now?: () => number;
}

/**
 * The HTTP server of the service: JSON-RPC, REST, the page, and what operating needs. It listens with `listen({ host, port })`, and answers
 * `inject` without. `close()` answers what is in flight, closes the service, and sends what is left of spans and log.
 */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { service, config, version } = options;
  const log = createLog(config.log, options.log);
  const app: FastifyInstance = Fastify(fastifyOptions(config));
  app.server.maxConnections = config.limits.connections;
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);

  const metrics = config.metrics.enabled ? new Metrics(service, version) : undefined;
  const tracing = await Tracing.create(config.tracing, version);
  const access = new Access(config, options.now ?? (() => performance.now()));
  const runner = createJobRunner(service, metrics, tracing, log.logger);
  const { bodyBytes } = config.limits;
  service.onTrouble = onceASecond((error) => {
    log.logger.error({ code: error.code, reason: error.message }, 'requests cannot be answered');
  });
  const state = stopGracefully(app, config.limits.bodyTimeoutMs, async () => {
    await service.close();
    await tracing.close();
    await log.close();
  });
  noteRequests(app, { log: log.logger, tracing, metrics, state });
  drainBodies(app, bodyBytes);
  boundBodies(app, bodyBytes);
  const turns = new BodyTurns();
  if (config.cors.origins.length > 0) await app.register(cors, corsOptions(config.cors.origins));
  const refusals = { log: log.logger, bodyBytes };
  handleErrors(app, refusals);
  await mountOpenApi(app, version, config.keys.length > 0);
  mountHealth(app, service, version, state);
  if (config.page && options.page !== undefined) mountPage(app, options.page);

  const security = securityOf(config);
  if (metrics !== undefined) {
    const { requireKey } = config.metrics;
    await app.register(async (scope) => {
      if (requireKey) scope.addHook('onRequest', async (request) => void access.identify(request, true));
      mountMetrics(scope, metrics, requireKey ? 'required' : 'none');
    });
  }
  await app.register(async (scope) => {
    // The dispatcher counts the calls: it knows how many there are in a batch.
    letIn(scope, access, state, 0);
    const dispatcher = new RpcDispatcher(
      runner,
      service,
      metrics,
      config.limits,
      Math.floor(config.cache.bytes / KNOWN_SHARE),
    );
    mountRpc(scope, turns, dispatcher, access, refusals, security);
  });
  await app.register(async (scope) => {
    letIn(scope, access, state, 1);
    mountRest(scope, turns, runner, metrics, security);
  });
  await app.ready();
  return app;
}

/** Calls through at most once a second: every request of a bad time would say the same. */
function onceASecond<T>(call: (value: T) => void): (value: T) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (value) => {
    const now = performance.now();
    if (now - last < 1000) return;
    last = now;
    call(value);
  };
}

function corsOptions(origins: readonly string[]) {
  return {
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['content-type', 'authorization', 'x-api-key', 'x-request-id', 'traceparent'],
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: 600,
  };
}

function securityOf({ keys, anonymous }: EstimatorConfig): SecurityChoice {
  if (keys.length === 0) return 'none';
  return anonymous ? 'optional' : 'required';
}
