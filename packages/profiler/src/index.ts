export type { SourceMapOf } from './follow/code-places.ts';
export { createProfiler, type Profiler, type ProfilerOptions } from './profile/create-profiler.ts';
export { FLAME_GRAPH_SCRIPT } from './profile/html/flame-graph-script.ts';
export { FLAME_GRAPH_STYLE } from './profile/html/flame-graph-style.ts';
export {
  type FrameGas,
  gasByFrame,
  type LineGas,
  type Profile,
  type ProfileFrame,
  type ProfileNode,
} from './profile/profile.ts';
export { type ProfiledCall, profileCall } from './profile/profile-call.ts';
export { toFolded } from './profile/to-folded.ts';
export { toHtml } from './profile/to-html.ts';
export { type SpeedscopeFile, type SpeedscopeFrame, toSpeedscope } from './profile/to-speedscope.ts';
export { toText } from './profile/to-text.ts';
