export { type PageFile, pageFiles } from './page/page-files.ts';
export type {
  Answer,
  AnswerFacts,
  EstimatorService,
  Job,
  Readiness,
  ServiceStatus,
} from './service/service.ts';
