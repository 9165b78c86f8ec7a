import type { FastifyInstance, FastifyReply } from 'fastify';
import { JSON_TYPE, sendText } from '../http/bodies.ts';
import {
  HEALTH_OPERATION,
  metricsOperation,
  READY_OPERATION,
  type SecurityChoice,
} from '../rest/openapi/operations.ts';
import type { EstimatorService } from '../service/service.ts';
import type { Metrics } from './metrics.ts';

/** Mounts /health: the process lives; and /ready: it can answer now. Neither asks for a key. */
export function mountHealth(
  app: FastifyInstance,
  service: EstimatorService,
  version: string,
  state: { readonly isStopping: boolean },
): void {
  app.get('/health', { schema: HEALTH_OPERATION }, (_request, reply) => {
    const uptimeSeconds = Math.floor(process.uptime());
    return sendText(reply, JSON_TYPE, JSON.stringify({ status: 'ok', version, uptimeSeconds }));
  });
  app.get('/ready', { schema: READY_OPERATION }, async (_request, reply): Promise<FastifyReply> => {
    const { ready, parts, stateVersion } = await service.ready();
    const isReady = ready && !state.isStopping;
    const answer = {
      ready: isReady,
      parts: { ...parts, server: state.isStopping ? 'stopping' : 'ok' },
      stateVersion: stateVersion === null ? null : stateVersion.toString(),
    };
    return sendText(reply.code(isReady ? 200 : 503), JSON_TYPE, JSON.stringify(answer));
  });
}

/** Mounts /metrics in Prometheus's text format. */
export function mountMetrics(app: FastifyInstance, metrics: Metrics, security: SecurityChoice): void {
  app.get(
    '/metrics',
    { schema: metricsOperation(security) },
    async (_request, reply): Promise<FastifyReply> =>
      sendText(reply, metrics.contentType, await metrics.text()),
  );
}
