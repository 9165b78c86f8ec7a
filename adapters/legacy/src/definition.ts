import { type EngineDefinition, type EngineServices, VmError } from '@switchyard/core';
import { loadContract } from './contract.ts';
import { LegacyEngine } from './engine.ts';
import { nativesOf } from './natives/host-functions.ts';
import { nodeNatives } from './natives/table.ts';
import { legacyOptionNames } from './options.ts';
import { LegacyTools } from './tools.ts';

/**
 * The legacy engine as a factory knows it. Nothing on the wire marks a legacy module, so it is asked last and recognises code only by a
 * strict decode of every byte and a full validation.
 */
export const legacyEngine: EngineDefinition = Object.freeze({
  type: 'legacy',
  create: (options: unknown, services: EngineServices) => new LegacyEngine(options, services),
  recognise: (code: Uint8Array, services?: EngineServices) =>
    !(loadContract(code, services === undefined ? nodeNatives : nativesOf(services)) instanceof VmError),
  markerPriority: 'last',
  tools: new LegacyTools(),
  optionNames: legacyOptionNames,
});
