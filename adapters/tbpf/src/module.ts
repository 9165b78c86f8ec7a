import { engineModule } from '@switchyard/core/container';
import type { ContainerModule } from 'inversify';
import { tbpfEngine } from './definition.ts';

/** Binds the TBPF engine and its tools: what a container loads to have it. */
export const containerModule: ContainerModule = engineModule(tbpfEngine);
