import type { VmFactory } from '@switchyard/core';
import { createContainer, resolve } from '@switchyard/core/container';
import { loadEngines } from '@switchyard/migration';

/** Engines alone, without state: for commands that look at code and run none of it. @throws VmError PLUGIN_INVALID. */
export async function openFactory(engines: readonly string[]): Promise<VmFactory> {
  return resolve(createContainer({ modules: await loadEngines(engines) }), 'VmFactory');
}
