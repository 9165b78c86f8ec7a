export { type Compose, createRuntime, type RuntimeParts } from './app/create-runtime.ts';
export { type StartServiceOptions, startService } from './app/start-service.ts';
export type { ApiKeyConfig, EstimatorConfig, EstimatorLimits, Rate } from './config/config.ts';
export { parseEstimatorConfig } from './config/parse-estimator-config.ts';
export { type PageFile, pageFiles } from './page/page-files.ts';
export type {
  Answer,
  AnswerFacts,
  EstimatorService,
  Job,
  Readiness,
  ServiceStatus,
} from './service/service.ts';
