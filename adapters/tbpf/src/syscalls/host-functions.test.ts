import {
  createEngineServices,
  HOST_FUNCTIONS,
  type HostFunction,
  HostFunctions,
  HostPorts,
  ModuleCache,
  type TypedValue,
  VmError,
} from '@switchyard/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TbpfEngine } from '../engine.ts';
import { type AssemblyRun, assembled, bytesOf, contextOf, emptyState } from '../run-assembly.fixture.ts';

const u64 = (value: bigint): TypedValue => ({ kind: 'u64', value });

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

function engineWith(...functions: readonly HostFunction[]): TbpfEngine {
  const ports = new HostPorts().set(HOST_FUNCTIONS, new HostFunctions(functions));
  return new TbpfEngine({}, createEngineServices({ ports }));
}

function run(source: string, functions: HostFunction | readonly HostFunction[], given: AssemblyRun = {}) {
  const engine = engineWith(...[functions].flat());
  return engine.execute(assembled(source, given.version), contextOf(given), given.state ?? emptyState());
}

const native = (detail: string) => ({ native: { name: 'SyscallError', detail: `SyscallError(${detail})` } });

describe('arguments of a host function', () => {
  test('narrow integers are the low bits of their register, as C passes them', () => {
    const { of, calls } = spy({
      parameters: [{ kind: 'u8' }, { kind: 'u32' }, { kind: 'u64' }, { kind: 'bool' }],
    });
    const result = run('lddw r1, 0x1ff\nlddw r2, -1\nmov64 r3, -1\nmov64 r4, 1\nsyscall f\nexit', of);
    expect(calls).toEqual([
      [
        { kind: 'u8', value: 255n },
        { kind: 'u32', value: 0xffff_ffffn },
        { kind: 'u64', value: 0xffff_ffff_ffff_ffffn },
        { kind: 'bool', value: true },
      ],
    ]);
    // Six instructions and the function's 10.
    expect(result).toMatchObject({ status: 'success', exitCode: 0n, gasUsed: 16n });
  });

  test('strings and bytes are pointer and length, at 1 gas a byte', () => {
    const { of, calls } = spy({ parameters: [{ kind: 'string' }, { kind: 'bytes' }] });
    const source = 'mov64 r2, 3\nmov64 r3, r1\nadd64 r3, 3\nmov64 r4, 2\nsyscall f\nexit';
    const result = run(source, of, { input: 'añ\x01\x02' });
    expect(calls).toEqual([
      [
        { kind: 'string', value: 'añ' },
        { kind: 'bytes', value: Uint8Array.of(1, 2) },
      ],
    ]);
    expect(result).toMatchObject({ status: 'success', gasUsed: 21n });
  });

  test('anything else is pointer and length of its untagged Borsh', () => {
    const { of, calls } = spy({
      parameters: [{ kind: 'array', of: { kind: 'optional', of: { kind: 'u16' } } }],
    });
    run('mov64 r2, 8\nsyscall f\nexit', of, { input: '\x02\0\0\0\0\x01\x05\x01' });
    expect(calls).toEqual([[{ kind: 'object', elements: [{ kind: 'null' }, { kind: 'u16', value: 261n }] }]]);
  });

  test.each([
    ['a bool above 1', [{ kind: 'bool' }] as const, 'mov64 r1, 2', 'InvalidArgument(r1)', 'INVALID_ARGUMENT'],
    [
      'text that is not UTF-8',
      [{ kind: 'string' }] as const,
      'mov64 r2, 1',
      'InvalidString',
      'INVALID_ARGUMENT',
    ],
    [
      'Borsh that ends early',
      [{ kind: 'u128' }] as const,
      'mov64 r2, 1',
      'InvalidArgument(r1)',
      'INVALID_ARGUMENT',
    ],
    [
      'a null pointer',
      [{ kind: 'bytes' }] as const,
      'mov64 r1, 0\nmov64 r2, 5',
      'AccessViolation(Load, 0, 5, "unknown")',
      'ACCESS_VIOLATION',
    ],
  ])('%s ends the run before the function acts', (_what, parameters, set, detail, code) => {
    const { of, calls } = spy({ parameters });
    const result = run(`${set}\nsyscall f\nexit`, of, { input: Uint8Array.of(0xff) });
    expect(result.error).toMatchObject({ code, ...native(detail) });
    expect(calls).toEqual([]);
  });

  test('gas is charged before memory is read', () => {
    const { of, calls } = spy({ parameters: [{ kind: 'bytes' }] });
    const result = run('mov64 r1, 0\nlddw r2, -1\nsyscall f\nexit', of, { gasLimit: 1000n });
    expect(result).toMatchObject({
      gasUsed: 13n,
      error: { code: 'OUT_OF_GAS', ...native('ExceededMaxInstructions') },
    });
    expect(calls).toEqual([]);
  });

  test('the receiver comes first, and the name is the type and the function', () => {
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
    expect(run('mov64 r1, 7\nmov64 r2, 5\nsyscall Account_credit\nexit', of).exitCode).toBe(705n);
  });
});

describe('the result of a host function', () => {
  test('is return data when it is longer than a register, paid by the byte, and not the contract’s own', () => {
    const { of } = spy({ returns: { kind: 'string' } }, { kind: 'string', value: 'héllo' });
    const out =
      'mov64 r6, r0\nlddw r1, 0x300000000\nmov64 r2, 6\nlddw r3, 0x300000100\nsyscall tos_get_return_data';
    const log = 'lddw r1, 0x300000000\nmov64 r2, 6\nsyscall tos_log\nldxb r0, [r3]\nexit';
    const result = run(`syscall f\n${out}\n${log}`, of);
    expect(result.logs.map(({ message }) => message)).toEqual(['héllo']);
    expect(result).toMatchObject({ status: 'success', returnData: new Uint8Array(0) });
  });

  test('has its length in r0, and its Borsh where it is no text', () => {
    const { of } = spy(
      { returns: { kind: 'tuple', of: [{ kind: 'u8' }, { kind: 'bool' }] } },
      {
        kind: 'object',
        elements: [
          { kind: 'u8', value: 7n },
          { kind: 'bool', value: true },
        ],
      },
    );
    expect(run('syscall f\nexit', of)).toMatchObject({ exitCode: 2n, gasUsed: 14n });
  });
});

describe('a host function that does not do what was asked', () => {
  const throwing = (thrown: unknown): HostFunction => ({
    name: 'f',
    parameters: [],
    gas: 3n,
    run() {
      throw thrown;
    },
  });

  test('fails the contract with a contract’s code, and the host with anything else', () => {
    const refused = run('syscall f\nexit', throwing(new VmError('UNKNOWN_ASSET', 'no "gold" here.')));
    expect(refused.error).toMatchObject({
      code: 'UNKNOWN_ASSET',
      ...native('HostFunction(UNKNOWN_ASSET, "no \\"gold\\" here.")'),
    });
    const bug = new TypeError('a bug of the host');
    expect(() => run('syscall f\nexit', throwing(bug))).toThrow(bug);
    const hosts = new VmError('STATE_UNAVAILABLE', 'gone.');
    expect(() => run('syscall f\nexit', throwing(hosts))).toThrow(hosts);
  });

  test('cannot go on without gas, even if it catches the error', () => {
    const greedy: HostFunction = {
      name: 'f',
      parameters: [],
      gas: 3n,
      run(call) {
        try {
          call.charge(1000n);
        } catch {}
        return undefined;
      },
    };
    const result = run('syscall f\nexit', greedy, { gasLimit: 500n });
    expect(result).toMatchObject({ error: { code: 'OUT_OF_GAS' }, gasUsed: 4n });
  });

  test('is the host’s fault when its result is not of its type', () => {
    const { of } = spy({ returns: { kind: 'u8' } }, u64(1n));
    expect(() => run('syscall f\nexit', of)).toThrow('returned a wrong value: expected u8, found u64');
  });

  test('may not act in a read-only call when it changes state', () => {
    const { of, calls } = spy({ mutates: true });
    const result = run('syscall f\nexit', of, { context: { isStatic: true } });
    expect(result.error).toMatchObject({ code: 'STATIC_VIOLATION', ...native('StaticViolation') });
    expect(calls).toEqual([]);
  });
});

describe('a host function that cannot be a syscall is refused when the engine is made', () => {
  test.each([
    [
      'six registers',
      { parameters: [{ kind: 'string' }, { kind: 'bytes' }, { kind: 'u128' }] as const },
      'host function f cannot be a syscall: (string, bytes, u128) takes 6 registers and there are 5.',
    ],
    [
      'a value of whatever type',
      { parameters: [{ kind: 'array', of: { kind: 'any' } }] as const },
      'host function f cannot be a syscall: any[] has no encoding.',
    ],
    [
      'a name that is taken',
      { name: 'tos_log' },
      'host function tos_log cannot be a syscall: its name has the key of tos_log.',
    ],
  ])('%s', (_what, partial, message) => {
    const { of } = spy(partial);
    expect(() => engineWith(of)).toThrow(expect.objectContaining({ code: 'HOST_FUNCTION_INVALID', message }));
    expect(() => engineWith({ ...of, engines: ['legacy'] })).not.toThrow();
  });
});

test('engines of different functions share a module cache and keep their own', () => {
  const moduleCache = new ModuleCache();
  const code = assembled('syscall f\nexit');
  const answers = [1n, 2n, undefined].map((answer) => {
    const ports = new HostPorts();
    const { of } = spy({ returns: { kind: 'u64' } }, answer === undefined ? undefined : u64(answer));
    if (answer !== undefined) ports.set(HOST_FUNCTIONS, new HostFunctions([of]));
    const engine = new TbpfEngine({}, createEngineServices({ moduleCache, ports }));
    const { exitCode, error } = engine.execute(code, contextOf({}), emptyState());
    return exitCode ?? error?.code;
  });
  expect(answers).toEqual([1n, 2n, 'UNKNOWN_SYSCALL']);
});

test('strict files, whose verifier knows the syscalls, call them too', () => {
  const { of, calls } = spy({ parameters: [{ kind: 'u64' }] });
  const result = run('add64 r10, 0\nmov64 r1, 5\nsyscall f\nexit', of, { version: 'v3' });
  expect(result.error).toBeNull();
  expect(calls).toEqual([[u64(5n)]]);
});

test('whatever is in the registers, all tiers end alike and the host is not to blame', () => {
  const { of } = spy(
    {
      parameters: [{ kind: 'string' }, { kind: 'array', of: { kind: 'u16' } }, { kind: 'bool' }],
      returns: { kind: 'u64' },
    },
    u64(3n),
  );
  const code = assembled(
    `ldxdw r5, [r1+32]\nldxdw r4, [r1+24]\nldxdw r3, [r1+16]\nldxdw r2, [r1+8]\nldxdw r1, [r1]\nsyscall f\nexit`,
  );
  const services = createEngineServices({
    ports: new HostPorts().set(HOST_FUNCTIONS, new HostFunctions([of])),
  });
  const engines = ['reference', 'interpreter', 'compiled'].map((tier) => new TbpfEngine({ tier }, services));
  const address = fc.oneof(
    fc.bigInt(0x4_0000_0000n, 0x4_0000_0040n),
    fc.constantFrom(0n, 0x1_0000_0000n, 0x2_0000_1000n, 0x3_0000_7fffn, 2n ** 64n - 1n),
  );
  const length = fc.oneof(fc.bigInt(0n, 12n), fc.constantFrom(2n ** 32n, 2n ** 53n, 2n ** 64n - 1n));
  const ends = new Set<string>();
  fc.assert(
    fc.property(
      address,
      length,
      address,
      length,
      fc.bigInt(0n, 2n),
      fc.uint8Array({ minLength: 24, maxLength: 24 }),
      (...given) => {
        const [text, textLength, list, listLength, flag, bytes] = given;
        const input = bytesOf(text, textLength, list, listLength, flag, bytes);
        const [first, ...others] = engines.map((engine) => {
          const { status, exitCode, gasUsed, error } = engine.execute(
            code,
            contextOf({ input }),
            emptyState(),
          );
          return { status, exitCode, gasUsed, error: error?.native?.detail, code: error?.code };
        });
        for (const other of others) expect(other).toEqual(first);
        ends.add(first!.code ?? 'none');
      },
    ),
    { seed: 20250920, numRuns: 2_000 },
  );
  expect([...ends].sort()).toEqual(['ACCESS_VIOLATION', 'INVALID_ARGUMENT', 'OUT_OF_GAS', 'REVERTED']);
});
