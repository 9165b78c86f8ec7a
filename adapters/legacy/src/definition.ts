import type { EngineDefinition, EngineServices } from '@switchyard/core';
import { isLegacyModule } from './contract.ts';
import { LegacyEngine } from './engine.ts';
import { legacyOptionNames } from './options.ts';
import { LegacyTools } from './tools.ts';

/**
 * The legacy engine as a factory knows it. Nothing on the wire marks a legacy module, so it is asked last and recognises code only by a
 * strict decode of every byte and a full validation, whichever functions of a host it calls.
 */
export const legacyEngine: EngineDefinition = Object.freeze({
  type: 'legacy',
  create: (options: unknown, services: EngineServices) => new LegacyEngine(options, services),
  recognise: isLegacyModule,
  markerPriority: 'last',
  tools: new LegacyTools(),
  optionNames: legacyOptionNames,
});
