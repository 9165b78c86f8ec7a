import {
  createContext,
  createEngineServices,
  HOST_FUNCTIONS,
  type HostFunction,
  HostFunctions,
  HostPorts,
  type IntegerValue,
  JournaledState,
  MemoryBackend,
  ModuleCache,
  type PartialContext,
  type TypedValue,
  VmError,
  VmFactory,
} from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { legacyEngine } from '../definition.ts';
import { LegacyEngine } from '../engine.ts';
import { LegacyTools } from '../tools.ts';

const tools = new LegacyTools();
const u64 = (value: bigint): IntegerValue => ({ kind: 'u64', value });
const assembled = (source: string): Uint8Array => tools.assemble(`.entry #main\n#main\n${source}`);

function servicesWith(functions: readonly HostFunction[], moduleCache = new ModuleCache()) {
  const ports = new HostPorts().set(HOST_FUNCTIONS, new HostFunctions(functions));
  return createEngineServices({ ports, moduleCache });
}

/** A function whose calls are kept. */
function spy(
  of: Partial<HostFunction>,
  result?: TypedValue,
): { of: HostFunction; calls: (readonly TypedValue[])[] } {
  const calls: (readonly TypedValue[])[] = [];
  const run: HostFunction['run'] = ({ parameters }) => {
    calls.push(parameters);
    return result;
  };
  return { of: { name: 'f', parameters: [], gas: 10n, run, ...of }, calls };
}

function run(
  source: string,
  functions: HostFunction | readonly HostFunction[],
  partial: PartialContext = {},
) {
  const engine = new LegacyEngine({}, servicesWith([functions].flat()));
  return engine.execute(assembled(source), createContext(partial), new JournaledState(new MemoryBackend()));
}

const DONE = 'CONSTANT u64:0\nRETURN';

describe('a function of the host', () => {
  test('has the id behind the natives of the node, in order of registration', () => {
    const first = spy({ name: 'a' });
    const second = spy({ name: 'b' });
    expect(run(`SYSCALL 218\n${DONE}`, [first.of, second.of]).status).toBe('success');
    expect([first.calls.length, second.calls.length]).toEqual([0, 1]);
  });

  test('has no id where it is for other engines only', () => {
    const other = spy({ name: 'a', engines: ['tbpf'] });
    const own = spy({ name: 'b', engines: ['legacy'] });
    expect(run(`SYSCALL 217\n${DONE}`, [other.of, own.of]).status).toBe('success');
    expect([other.calls.length, own.calls.length]).toEqual([0, 1]);
  });

  test('gets its parameters in declared order and costs 2, its own gas and the memory of its result', () => {
    const { of, calls } = spy(
      { parameters: [{ kind: 'string' }, { kind: 'any' }], returns: { kind: 'u64' } },
      u64(0n),
    );
    // CONSTANT "añ" 1 + 11, CONSTANT [u8:1, null] 1 + 36, SYSCALL 2 + 10 + 8, RETURN 1.
    const result = run('CONSTANT "añ"\nCONSTANT [u8:1, null]\nSYSCALL 217\nRETURN', of);
    expect(calls).toEqual([
      [
        { kind: 'string', value: 'añ' },
        { kind: 'object', elements: [{ kind: 'u8', value: 1n }, { kind: 'null' }] },
      ],
    ]);
    expect(result).toMatchObject({ status: 'success', exitCode: 0n, gasUsed: 70n });
  });

  test('reads its receiver and cannot change it', () => {
    const of: HostFunction = {
      type: 'Account',
      name: 'credit',
      receiver: { kind: 'u32' },
      parameters: [{ kind: 'u64' }],
      returns: { kind: 'u64' },
      gas: 0n,
      run: ({ receiver, parameters }) =>
        u64((receiver as { value: bigint }).value * 100n + (parameters[0] as { value: bigint }).value),
    };
    expect(run('CONSTANT u32:7\nCONSTANT u64:5\nSYSCALL 217\nRETURN', of).exitCode).toBe(705n);
  });

  test('gives back what a contract can go on with', () => {
    const given: TypedValue = {
      kind: 'object',
      elements: [
        {
          kind: 'map',
          entries: [
            [
              { kind: 'string', value: 'k' },
              { kind: 'bytes', value: Uint8Array.of(9) },
            ],
          ],
        },
        { kind: 'range', start: u64(1n), end: u64(2n) },
        { kind: 'opaque', type: 'Ticket', content: Uint8Array.of(1, 2) },
        { kind: 'u256', value: 1n << 255n },
      ],
    };
    const make = spy({ name: 'make', returns: { kind: 'any' } }, given);
    const take = spy({ name: 'take', parameters: [{ kind: 'any' }] });
    expect(run(`SYSCALL 217\nSYSCALL 218\n${DONE}`, [make.of, take.of]).status).toBe('success');
    expect(take.calls).toEqual([[given]]);
  });

  test('adds lines to the log', () => {
    const of: HostFunction = { ...spy({}).of, run: (call) => void call.log('seen') };
    expect(run(`SYSCALL 217\n${DONE}`, of).logs.map(({ message }) => message)).toEqual(['seen']);
  });
});

describe('a function of the host that is called wrongly', () => {
  test.each([
    ['another type', 'CONSTANT u32:1', 'EnvironmentError(ValueError(ExpectedValueOfType(u64)))'],
    [
      'a pointer to another type',
      'CONSTANT "x"\nMEMORYSET 0\nMEMORYLOAD 0',
      'EnvironmentError(ValueError(ExpectedValueOfType(u64)))',
    ],
  ])('with %s does not run', (_what, push, detail) => {
    const { of, calls } = spy({ parameters: [{ kind: 'u64' }] });
    expect(run(`${push}\nSYSCALL 217\n${DONE}`, of).error).toMatchObject({
      code: 'SYSCALL_FAILED',
      message: 'f failed: ValueError(ExpectedValueOfType(u64)).',
      hint: expect.stringContaining('a u32 is no u64'),
      native: { detail },
    });
    expect(calls).toEqual([]);
  });

  test('with a value nested deeper than 16 does not run, however deep', () => {
    const { of, calls } = spy({ parameters: [{ kind: 'any' }] });
    const nested = (depth: number): string =>
      `CONSTANT u8:0\n${'NEWOBJECT 1\n'.repeat(depth)}SYSCALL 217\n${DONE}`;
    expect(run(nested(16), of).status).toBe('success');
    for (const depth of [17, 200]) {
      expect(run(nested(depth), of, { gasLimit: 10_000_000n }).error?.native?.name).toBe(
        'EnvironmentError(ValueError(MaxDepthReached))',
      );
    }
    expect(calls).toHaveLength(1);
  });

  test('in a read-only call does not run when it changes state', () => {
    const { of, calls } = spy({ mutates: true });
    expect(run(`SYSCALL 217\n${DONE}`, of, { isStatic: true }).error?.code).toBe('STATIC_VIOLATION');
    expect(calls).toEqual([]);
  });

  test('with too little gas does not run', () => {
    const { of, calls } = spy({ gas: 1_000n });
    const result = run(`SYSCALL 217\n${DONE}`, of, { gasLimit: 1_001n });
    expect(result).toMatchObject({ gasUsed: 1_001n, error: { code: 'OUT_OF_GAS' } });
    expect(calls).toEqual([]);
  });
});

describe('a function of the host that does not do what was asked', () => {
  const throwing = (thrown: unknown): HostFunction => ({
    ...spy({}).of,
    run() {
      throw thrown;
    },
  });

  test('fails the contract with a contract’s code, and the host with anything else', () => {
    const refused = run(`SYSCALL 217\n${DONE}`, throwing(new VmError('UNKNOWN_ASSET', 'no "gold" here.')));
    expect(refused.error).toMatchObject({
      code: 'UNKNOWN_ASSET',
      native: {
        name: 'EnvironmentError(HostFunction)',
        detail: 'EnvironmentError(HostFunction(UNKNOWN_ASSET, "no \\"gold\\" here."))',
      },
    });
    const bug = new TypeError('a bug of the host');
    expect(() => run(`SYSCALL 217\n${DONE}`, throwing(bug))).toThrow(bug);
  });

  test('is the host’s fault when it charges less than nothing', () => {
    const paying: HostFunction = { ...spy({}).of, run: (call) => void call.charge(-1n) };
    expect(() => run(`SYSCALL 217\n${DONE}`, paying)).toThrow(
      expect.objectContaining({ code: 'VALUE_INVALID' }),
    );
  });

  test('cannot go on without gas, even if it catches the error', () => {
    const greedy: HostFunction = {
      ...spy({}).of,
      run(call) {
        try {
          call.charge(2n ** 64n - 1n);
        } catch {}
        return undefined;
      },
    };
    expect(run(`SYSCALL 217\n${DONE}`, greedy).error?.code).toBe('OUT_OF_GAS');
  });
});

test('a module that calls it is recognised everywhere, and valid only where it is offered', () => {
  const moduleCache = new ModuleCache();
  const code = assembled(`SYSCALL 217\n${DONE}`);
  const offering = new VmFactory([legacyEngine], {}, servicesWith([spy({}).of], moduleCache));
  const plain = new VmFactory([legacyEngine], {}, createEngineServices({ moduleCache }));
  expect(offering.select({ code })).toMatchObject({ type: 'legacy', reason: 'marker' });
  expect(offering.engine('legacy').validateCode(code).valid).toBe(true);
  expect(plain.select({ code })).toMatchObject({ type: 'legacy', reason: 'marker' });
  expect(plain.engine('legacy').validateCode(code)).toMatchObject({
    valid: false,
    error: {
      code: 'CODE_INVALID',
      message: 'the module calls native 217, the first host function, and this host registers none.',
      hint: expect.stringContaining('docs/guide/tos-vm.md'),
      native: { detail: 'InvalidSysCall(217)' },
    },
  });
  const third = offering.engine('legacy').validateCode(assembled(`SYSCALL 219\n${DONE}`));
  expect(third.error?.message).toBe(
    'the module calls native 219, host function 3, and this host registers 1 (217).',
  );
  expect(tools.inspect(code)).toMatchObject({ syscalls: ['217'], verdict: 'InvalidSysCall(217)' });
});

test('a module with any other fault is not recognised for calling it', () => {
  const plain = new VmFactory([legacyEngine]);
  // An undefined native, and an opcode that there is none of.
  const code = assembled('SYSCALL 217\n.byte 255');
  expect(() => plain.select({ code })).toThrow(expect.objectContaining({ code: 'CODE_FORMAT_UNKNOWN' }));
  expect(plain.engine('legacy').validateCode(code).error?.message).toMatch(/^the validator refuses/);
});

test('an opaque value of a host’s type has no wire form, so it cannot be a parameter', () => {
  const ticket: TypedValue = { kind: 'opaque', type: 'Ticket', content: new Uint8Array(2) };
  expect(() => tools.calls.encodeParameters([{ value: ticket }])).toThrow(
    expect.objectContaining({ code: 'VALUE_INVALID' }),
  );
});
