export type {
  Answer,
  AnswerFacts,
  EstimatorService,
  Job,
  Readiness,
  ServiceStatus,
} from './service/service.ts';
