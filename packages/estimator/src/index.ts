export { type Compose, createRuntime, type RuntimeParts } from './app/create-runtime.ts';
export { type StartServiceOptions, startService } from './app/start-service.ts';
export {
  API_KEY_NAME,
  type ApiKeyConfig,
  ESTIMATOR_DEFAULTS,
  type EstimatorConfig,
  type EstimatorLimits,
  LOG_LEVELS,
  type LogLevel,
  type Rate,
} from './config/config.ts';
export { parseEstimatorConfig } from './config/parse-estimator-config.ts';
export { createServer, type ServerOptions } from './http/create-server.ts';
export type { PageFile, PageFiles } from './http/page-files.ts';
export { createApiKey, type NewApiKey } from './operate/api-keys.ts';
export type { LogDestination } from './operate/request-log.ts';
export { pageFiles } from './page/page-files.ts';
export type {
  Answer,
  AnswerFacts,
  EstimatorService,
  Job,
  Readiness,
  ServiceStatus,
} from './service/service.ts';
