import {
  decodeUtf8,
  encodeUtf8,
  JournaledState,
  MemoryBackend,
  NATIVE_ASSET,
  VmError,
} from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { CALL_FIELDS, CHAIN_STATE, typeToken } from './context.ts';
import { builder, builds, elf, errorOf, invoke, legacy } from './test-environment.fixture.ts';
import { Type } from './type.ts';
import { ValueCell } from './value-cell.ts';

describe('a function of the host', () => {
  const REASONS = typeToken<string[]>('reasons');

  /** award(name, points) notes the name, charges a gas for each byte of it and answers points + 1. */
  const withAward = () =>
    builder()
      .registerNativeFunction(
        'award',
        null,
        [
          ['name', Type.string],
          ['points', Type.u64],
        ],
        (_instance, [name, points], context) => {
          context.increaseGasUsage(BigInt(encodeUtf8(name!.asString()!).length));
          context.get(REASONS)!.push(name!.asString()!);
          context.log(`${context.get(CALL_FIELDS)!.caller![0]}`);
          return ValueCell.u64(points!.asU64()! + 1n);
        },
        50n,
        Type.u64,
      )
      .build();

  test.each(builds('award'))('is called by %s with the same values and the same context', (engine, code) => {
    const environment = withAward();
    const { vm, run } = invoke(code, [ValueCell.u64(41), ValueCell.string('Zoë')], environment);
    const reasons: string[] = [];
    vm.contextMut()
      .insert(REASONS, reasons)
      .insert(CALL_FIELDS, { caller: new Uint8Array(32).fill(7) });
    expect(run().asU64()).toBe(42n);
    expect(reasons).toEqual(['Zoë']);
    expect(vm.lastResult()!.logs.map(({ message }) => message)).toEqual(['7']);
    // TBPF: 5 instructions, 50 and 4 for the bytes of the name, 4 for what the function does. Legacy: MEMORYSET 5, MEMORYLOAD 5,
    // SYSCALL 2, 50, 4, the result's 8, RETURN 1.
    expect(vm.context().currentGasUsage()).toBe({ tbpf: 63n, legacy: 75n }[engine]);
  });

  test.each(builds('award'))('that is not registered is not there for %s', (engine, code) => {
    const run = () => invoke(code, [ValueCell.u64(1), ValueCell.string('')]).run();
    expect(errorOf(run).code).toBe({ tbpf: 'UNKNOWN_SYSCALL', legacy: 'CODE_INVALID' }[engine]);
  });

  test.each(builds('award'))('fails %s by a contract’s error, and the host by any other', (_engine, code) => {
    const throwing = (thrown: unknown) =>
      builder()
        .registerNativeFunction(
          'award',
          null,
          [
            ['name', Type.string],
            ['points', Type.u64],
          ],
          () => {
            throw thrown;
          },
          1n,
          Type.u64,
        )
        .build();
    const call = (thrown: unknown) =>
      invoke(code, [ValueCell.u64(1), ValueCell.string('x')], throwing(thrown)).run;
    expect(errorOf(call(new VmError('INSUFFICIENT_BALANCE', 'no points left.'))).code).toBe(
      'INSUFFICIENT_BALANCE',
    );
    const bug = new TypeError('a bug of the host');
    expect(call(bug)).toThrow(bug);
    expect(call(bug)).toThrow(bug);
  });

  test.each(builds('award'))(
    'that breaks off %s leaves no gas and no result of the run, nor of one before',
    (_engine, code) => {
      let isBroken = false;
      const environment = builder()
        .registerNativeFunction(
          'award',
          null,
          [
            ['name', Type.string],
            ['points', Type.u64],
          ],
          () => {
            if (isBroken) throw new TypeError('a bug of the host');
            return ValueCell.u64(0);
          },
          1n,
          Type.u64,
        )
        .build();
      const parameters = [ValueCell.u64(1), ValueCell.string('x')];
      const { vm, run } = invoke(code, parameters, environment);
      run();
      expect(vm.context().currentGasUsage()).toBeGreaterThan(0n);
      isBroken = true;
      vm.invokeEntryChunk(0);
      for (const parameter of parameters.toReversed()) vm.pushStack(parameter);
      expect(run).toThrow(TypeError);
      expect([vm.context().currentGasUsage(), vm.lastResult()]).toEqual([0n, undefined]);
    },
  );

  test.each(builds('award'))('that refuses is named by %s, and the hint is about it', (_engine, code) => {
    const refusing = builder()
      .registerNativeFunction(
        'award',
        null,
        [
          ['name', Type.string],
          ['points', Type.u64],
        ],
        () => {
          throw new VmError('INVALID_ARGUMENT', 'nobody has no points.');
        },
        1n,
        Type.u64,
      )
      .build();
    expect(errorOf(invoke(code, [ValueCell.u64(1), ValueCell.string('')], refusing).run)).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'award failed: HostFunction(INVALID_ARGUMENT, "nobody has no points.").',
      hint: 'The function of the host refused the call; its own words say why.',
    });
  });

  test('works on the state of the run, and its changes are the contract’s', () => {
    const environment = builder()
      .registerNativeFunction(
        'award',
        null,
        [
          ['name', Type.string],
          ['points', Type.u64],
        ],
        (_instance, [name], context) => {
          const { contract } = context.get(CALL_FIELDS)!;
          context.get(CHAIN_STATE)!.setStorage(contract!, encodeUtf8('last'), encodeUtf8(name!.asString()!));
          return ValueCell.u64(name!.asString() === 'bad' ? 1n : 0n);
        },
        1n,
        Type.u64,
        { mutates: true },
      )
      .build();
    for (const [, code] of builds('award')) {
      const state = new JournaledState(new MemoryBackend());
      const contract = new Uint8Array(32).fill(9);
      for (const name of ['good', 'bad']) {
        const { vm, run } = invoke(code, [ValueCell.u64(1), ValueCell.string(name)], environment);
        vm.contextMut().insert(CHAIN_STATE, state).insert(CALL_FIELDS, { contract });
        run();
      }
      expect(decodeUtf8(state.getStorage(contract, encodeUtf8('last'))!)).toBe('good');
      expect(state.getBalance(contract, NATIVE_ASSET)).toBe(0n);
    }
  });

  test('takes opaque values that it made itself, which may not come from outside', () => {
    const make = builder();
    const ticket = make.registerOpaque('Ticket', false, 2);
    make
      .registerStaticFunction(
        'issue',
        ticket,
        [],
        () => ValueCell.opaque('Ticket', Uint8Array.of(1, 2)),
        5n,
        ticket,
      )
      .registerNativeFunction(
        'value',
        ticket,
        [],
        (instance) => ValueCell.u64(instance!.asOpaque('Ticket')![1]!),
        5n,
        Type.u64,
      );
    const environment = make.build();
    expect(environment.hasFunction('Ticket_issue')).toBe(true);
    const stack = legacy('SYSCALL 217\nSYSCALL 218\nRETURN');
    expect(invoke(stack, [], environment).run().asU64()).toBe(2n);
    // The content comes back as return data, and goes in behind a pointer.
    const out = 'lddw r1, 0x300000000\nmov64 r2, 2\nlddw r3, 0x300000100\nsyscall tos_get_return_data';
    const registers = elf(`syscall Ticket_issue\n${out}\nmov64 r2, 2\nsyscall Ticket_value\nexit`);
    expect(invoke(registers, [], environment).run().asU64()).toBe(2n);
    const forged = ValueCell.object([ValueCell.opaque('Ticket', Uint8Array.of(9, 9))]);
    expect(errorOf(() => invoke(stack, [forged], environment))).toMatchObject({
      code: 'VALUE_INVALID',
      native: { name: 'InvalidOpaque' },
    });
  });

  test('is refused at build when an engine cannot offer it, unless it is for others only', () => {
    const wide = () =>
      [
        ['a', Type.string],
        ['b', Type.string],
        ['c', Type.string],
      ] as const;
    const register = (engines?: readonly string[]) => () =>
      builder()
        .registerNativeFunction(
          'wide',
          null,
          wide(),
          () => undefined,
          1n,
          null,
          engines === undefined ? {} : { engines },
        )
        .build();
    expect(errorOf(register())).toMatchObject({
      code: 'HOST_FUNCTION_INVALID',
      message:
        'host function wide cannot be a syscall: (string, string, string) takes 6 registers and there are 5.',
    });
    expect(register(['legacy'])).not.toThrow();
  });

  test('has a name of its own', () => {
    const twice = () =>
      builder()
        .registerNativeFunction('f', null, [], () => undefined, 1n)
        .registerNativeFunction('f', null, [], () => undefined, 1n)
        .build();
    expect(errorOf(twice).message).toBe('host function f is registered twice.');
    const spaced = () =>
      builder()
        .registerNativeFunction('a b', null, [], () => undefined, 1n)
        .build();
    expect(errorOf(spaced).code).toBe('HOST_FUNCTION_INVALID');
  });

  test('may use its context only while it runs', () => {
    const { vm } = invoke(elf('exit'), []);
    expect(errorOf(() => vm.contextMut().increaseGasUsage(1n)).code).toBe('CALL_NOT_READY');
  });
});
