import { ContainerModule } from 'inversify';
import { describe, expect, test } from 'vitest';
import { address, FakeEngine, fakeDefinition } from '../../test-support/fake-engine.ts';
import { parseConfig } from '../config/index.ts';
import { JournaledState, MemoryBackend, VmError } from '../index.ts';
import { createContainer, engineModule, loadPlugins, resolve, TOKENS } from './index.ts';

const alpha = new FakeEngine('alpha', 0xa0, [() => {}]);
const beta = new FakeEngine('beta', 0xb0, [() => {}]);
const modules = [engineModule(fakeDefinition(alpha)), engineModule(fakeDefinition(beta))];

describe('the container', () => {
  test('gives every engine by name, and all definitions as a list', () => {
    const container = createContainer({ modules });
    expect(resolve(container, 'VirtualMachine', 'beta')).toBe(beta);
    expect(resolve(container, 'EngineDefinition', 'alpha').type).toBe('alpha');
    expect(container.getAll(TOKENS.EngineDefinition)).toHaveLength(2);
    expect(resolve(container, 'EngineTools', 'alpha')).toBeDefined();
    expect(resolve(container, 'VmFactory').types).toEqual(['alpha', 'beta']);
  });

  test('wires one environment over one state, which runs a contract', () => {
    const backend = new MemoryBackend();
    const container = createContainer({ modules, backend });
    const environment = resolve(container, 'Environment');
    expect(resolve(container, 'Environment')).toBe(environment);
    expect(environment.state).toBe(resolve(container, 'State'));
    expect(environment.state).toBeInstanceOf(JournaledState);
    const { contract } = environment.deploy({ code: alpha.code(0), sender: address(1) });
    expect(environment.call({ contract, sender: address(1) }).status).toBe('success');
    expect(backend.getNonce(address(1))).toBe(2n);
  });

  test('hands the configuration to factory and environment', () => {
    const config = parseConfig(
      { engines: { alpha: { enabled: false } }, gas: { maxLimit: 5 } },
      { source: 'a.json' },
    );
    const container = createContainer({ config, modules });
    expect(() => resolve(container, 'VmFactory').engine('alpha')).toThrow(
      'a.json: engines.alpha.enabled is false',
    );
    expect(() =>
      resolve(container, 'Environment').call({ contract: address(1), sender: address(1), gasLimit: 6n }),
    ).toThrow('above the maximum of 5');
  });

  test('refuses a configuration that names an engine which is not bound', () => {
    const config = parseConfig({ defaultEngine: 'gamma' }, { source: 'a.json' });
    const container = createContainer({ config, modules });
    let error: unknown;
    try {
      resolve(container, 'VmFactory');
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(VmError);
    expect((error as VmError).message).toContain('a.json: defaultEngine: there is no engine "gamma"');
  });

  test('works without any engine', () => {
    const environment = resolve(createContainer(), 'Environment');
    expect(environment.deploy({ code: alpha.code(0), sender: address(1) }).error?.code).toBe(
      'CODE_FORMAT_UNKNOWN',
    );
  });
});

describe('plugins', () => {
  test('are ContainerModules, exported by name or as default', async () => {
    const loaded = await loadPlugins(['@acme/a', '@acme/b'], async (name) =>
      name === '@acme/a' ? { containerModule: modules[0], extra: 1 } : { default: modules[1] },
    );
    expect(loaded).toEqual(modules);
    expect(loaded[0]).toBeInstanceOf(ContainerModule);
  });

  test.each([
    [{ engine: 1, version: 2 }, 'plugin @acme/x exports no containerModule; it exports engine, version.'],
    [{}, 'plugin @acme/x exports no containerModule; it exports nothing.'],
    [undefined, 'plugin @acme/x exports no containerModule; it exports nothing.'],
    [{ containerModule: {} }, 'plugin @acme/x: its containerModule is not an inversify ContainerModule.'],
    [{ default: 5 }, 'plugin @acme/x: its default is not an inversify ContainerModule.'],
  ])('that export %j are refused by name', async (exported, message) => {
    const error = await loadPlugins(['@acme/x'], async () => exported).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'PLUGIN_INVALID', message });
  });

  test('that are not installed say how to install them', async () => {
    const error = await loadPlugins(['@acme/x'], async () => {
      throw new Error("Cannot find package '@acme/x'");
    }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'PLUGIN_INVALID',
      message: "plugin @acme/x cannot be loaded: Cannot find package '@acme/x'",
      hint: 'Install it: npm install @acme/x.',
    });
  });
});
