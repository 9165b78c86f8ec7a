import { readFileSync } from 'node:fs';
import {
  encodeUtf8,
  HOST_FUNCTIONS,
  type HostFunction,
  HostFunctions,
  HostPorts,
  type TypedValue,
  VmError,
} from '@switchyard/core';
import { createContainer, engineModule, resolve } from '@switchyard/core/container';
import { legacyEngine } from '@switchyard/legacy';
import { tbpfEngine } from '@switchyard/tbpf';
import { describe, expect, test } from 'vitest';

/* One function of the host, called in transactions by both builds of fixtures/tos-vm/award. */

const sender = new Uint8Array(32).fill(0xa1);
const parameters: readonly TypedValue[] = [
  { kind: 'u64', value: 20n },
  { kind: 'string', value: 'Zoe' },
];

/** award(name, points) stores the name, then refuses more than 20 points. */
const award: HostFunction = {
  name: 'award',
  parameters: [{ kind: 'string' }, { kind: 'u64' }],
  returns: { kind: 'u64' },
  gas: 50n,
  mutates: true,
  run({ parameters: [name, points], context, state }) {
    state.setStorage(context.contract, encodeUtf8('last'), encodeUtf8((name as { value: string }).value));
    if ((points as { value: bigint }).value > 20n) throw new VmError('LIMIT_EXCEEDED', 'at most 20 points.');
    return { kind: 'u64', value: 0n };
  },
};

const builds = [
  ['tbpf', 'award.so', tbpfEngine],
  ['legacy', 'award.module', legacyEngine],
] as const;

describe.each(builds)('a transaction on %s', (engine, file, definition) => {
  function deployed(functions: readonly HostFunction[]) {
    const ports = new HostPorts().set(HOST_FUNCTIONS, new HostFunctions(functions));
    const modules = [tbpfEngine, legacyEngine].map(engineModule);
    const environment = resolve(createContainer({ modules, ports }), 'Environment');
    const code = new Uint8Array(readFileSync(new URL(`../../fixtures/tos-vm/${file}`, import.meta.url)));
    const deployment = environment.deploy({ code, sender });
    const call = (values = parameters) => {
      const input = definition.tools.calls!.encodeParameters(values.map((value) => ({ value })));
      const entry = { kind: 'entry', id: 0 } as const;
      return { contract: deployment.contract, sender, entry, input };
    };
    return { environment, deployment, call };
  }

  test('keeps what the function did in the name of the contract', () => {
    const { environment, call } = deployed([award]);
    const { status, result, stateChanges } = environment.call(call());
    expect([status, result.stats.engine]).toEqual(['success', engine]);
    expect(stateChanges.filter(({ kind }) => kind === 'storage')).toMatchObject([
      { contract: call().contract, after: encodeUtf8('Zoe') },
    ]);
  });

  test('that the function refuses is rolled back, and gas is charged', () => {
    const { environment, call } = deployed([award]);
    const { status, error, gas, stateChanges } = environment.call(
      call([{ kind: 'u64', value: 21n }, parameters[1]!]),
    );
    expect([status, error?.code]).toEqual(['failed', 'LIMIT_EXCEEDED']);
    // TBPF: 4 instructions, 50, 3 bytes of the name. Legacy: MEMORYSET 5, MEMORYLOAD 5, SYSCALL 2, 50.
    expect(gas.charged).toBe({ tbpf: 57n, legacy: 62n }[engine]);
    expect(stateChanges.filter(({ kind }) => kind === 'storage')).toEqual([]);
  });

  test('needs as much gas as the estimate says, to the unit', () => {
    const { environment, call } = deployed([award]);
    const { gasLimit } = environment.estimateGas(call());
    expect(environment.simulate({ ...call(), gasLimit }).status).toBe('success');
    expect(environment.simulate({ ...call(), gasLimit: gasLimit - 1n }).error?.code).toBe('OUT_OF_GAS');
  });

  test('in which the function breaks throws, leaves nothing, and the next one works', () => {
    let isBroken = true;
    const flaky: HostFunction = {
      ...award,
      run(call) {
        const result = award.run(call);
        if (isBroken) throw new TypeError('a bug of the host');
        return result;
      },
    };
    const { environment, call } = deployed([flaky]);
    expect(() => environment.call(call())).toThrow('a bug of the host');
    expect(environment.state.isClean).toBe(true);
    isBroken = false;
    expect(environment.call(call()).status).toBe('success');
  });

  test('on a host without the function is refused: a legacy module at deployment, an ELF file at the call', () => {
    const { environment, deployment, call } = deployed([]);
    const error = engine === 'legacy' ? deployment.error : environment.call(call()).error;
    expect(error?.code).toBe({ tbpf: 'UNKNOWN_SYSCALL', legacy: 'CODE_INVALID' }[engine]);
  });
});
