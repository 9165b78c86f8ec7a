import type { App } from './open-app.ts';

/** Makes every engine that the configuration lets run, with its options and those of the rules. @throws VmError ENGINE_OPTION_UNKNOWN, ENGINE_OPTION_INVALID. */
export function checkEngineOptions({ config, factory }: Pick<App, 'config' | 'factory'>): void {
  for (const type of factory.types) if (factory.isEnabled(type)) factory.engine(type);
  for (const { engine, options } of config.select) {
    if (factory.isEnabled(engine)) factory.engine(engine, options);
  }
}
