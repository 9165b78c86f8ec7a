import { ContainerModule, type ResolutionContext } from 'inversify';
import type { EngineDefinition } from '../factory/engine-definition.ts';
import type { VmFactory } from '../factory/vm-factory.ts';
import { TOKENS } from './tokens.ts';

/**
 * The container module of an engine: its definition (in the list of all, and by name), its tools and, by way of the factory, the
 * engine itself under `VirtualMachine` named by its type.
 * @example export const containerModule = engineModule(myEngineDefinition);
 */
export function engineModule(definition: EngineDefinition): ContainerModule {
  const { type } = definition;
  return new ContainerModule(({ bind }) => {
    // Not `whenNamed`: such a binding would be missing from `getAll` without a name.
    bind(TOKENS.EngineDefinition)
      .toConstantValue(definition)
      .when(({ name }) => name === undefined || name === type);
    bind(TOKENS.EngineTools).toConstantValue(definition.tools).whenNamed(type);
    bind(TOKENS.VirtualMachine)
      .toDynamicValue((context: ResolutionContext) => context.get<VmFactory>(TOKENS.VmFactory).engine(type))
      .whenNamed(type);
  });
}
