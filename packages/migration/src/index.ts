export { loadEngines } from './app/load-engines.ts';
export { type EngineModules, type OpenSideOptions, openSide } from './app/open-side.ts';
export { CAPTURE_FORMAT, capturedCall, captureLine, parseCaptureLine } from './capture/capture-line.ts';
export { type RecordOptions, recordCalls } from './capture/record-calls.ts';
export { type RecordSuiteOptions, recordSuite } from './capture/record-suite.ts';
export {
  type CheckedSide,
  checkSignatures,
  type NativeUse,
  type SignatureCheck,
  type SignatureFinding,
} from './check/check-signatures.ts';
export { type Counterpart, counterpartOf } from './check/native-counterparts.ts';
export { type AcceptedRule, AcceptedRules, readAccepted } from './compare/accepted.ts';
export { type CompareOptions, compare } from './compare/compare.ts';
export {
  type CallRecord,
  type CallVerdict,
  Comparison,
  type Divergence,
  type EntrySummary,
} from './compare/comparison.ts';
export { ASPECTS, type Aspect, type Difference, differences } from './compare/difference.ts';
export type { GasSummary } from './compare/gas-statistics.ts';
export { type GenerateOptions, generate } from './generate/generate.ts';
export type { Canonical } from './mapping/canonical.ts';
export { type ErrorClass, errorClass } from './mapping/error-class.ts';
export type { PerSide, SideName } from './mapping/mapping.ts';
export type { Observation, SideObservation } from './observe/observation.ts';
export { type CallSource, captureFile, captureStream, suiteCalls } from './replay/call-source.ts';
export { replay } from './replay/replay.ts';
export type { ReplayOptions, ReplayProgress } from './replay/replay-options.ts';
export { readReport } from './report/read-report.ts';
export {
  type Coverage,
  LISTED_CALLS,
  LISTED_DIVERGENCES,
  REPORT_FORMAT,
  type Report,
  type ReportedSide,
  type SideDetail,
} from './report/report.ts';
export { reportJsonSchema, reportSchema } from './report/report-schema.ts';
export { toHtml } from './report/to-html.ts';
export { toJunit } from './report/to-junit.ts';
export { toMarkdown } from './report/to-markdown.ts';
export { toText } from './report/to-text.ts';
export { type Shadow, type ShadowOptions, type ShadowSummary, shadowCalls } from './shadow/shadow-calls.ts';
export { Side, type SideBackend } from './sides/side.ts';
export { accountAddress, readSuite, type SuiteSource } from './suite/read-suite.ts';
export { SUITE_FORMAT, suiteSchema } from './suite/schema.ts';
export type { SideSpec, StartState, Suite, SuiteCall } from './suite/suite.ts';
export { type NewSuite, writeSuite } from './suite/write-suite.ts';
