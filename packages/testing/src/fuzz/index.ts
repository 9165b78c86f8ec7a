export { anyBytes32, anyInteger } from './arbitraries.ts';
export { type CallSpec, callSequences, type FuzzCall } from './call-sequences.ts';
export { FuzzError, type FuzzOptions, type FuzzReport, fuzzContract } from './fuzz-contract.ts';
