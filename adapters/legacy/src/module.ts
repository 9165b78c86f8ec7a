import { engineModule } from '@switchyard/core/container';
import type { ContainerModule } from 'inversify';
import { legacyEngine } from './definition.ts';

/** Binds the legacy engine and its tools: what a container loads to have it. */
export const containerModule: ContainerModule = engineModule(legacyEngine);
