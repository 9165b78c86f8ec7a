import {
  decodeUtf8,
  encodeUtf8,
  JournaledState,
  MemoryBackend,
  NATIVE_ASSET,
  VmError,
} from '@switchyard/core';
import { LegacyTools } from '@switchyard/legacy';
import { TbpfTools } from '@switchyard/tbpf';
import { describe, expect, test } from 'vitest';
import { CALL_FIELDS, CHAIN_STATE, typeToken } from './context.ts';
import type { Environment } from './environment.ts';
import { Module } from './module.ts';
import { builder, builds, fixture } from './test-environment.fixture.ts';
import { Type } from './type.ts';
import { ValueCell } from './value-cell.ts';
import { VM } from './vm.ts';

const plain = builder().build();
const legacy = (source: string): Uint8Array => new LegacyTools().assemble(`.entry #main\n#main\n${source}`);
const elf = (source: string): Uint8Array =>
  new TbpfTools().assemble(`entry_0:\n${source}`, { version: 'v0' });

/** The calling code of TOS: the same for every engine. */
function invoke(
  code: Uint8Array,
  parameters: readonly ValueCell[],
  environment: Environment = plain,
  gas = 100_000n,
) {
  const vm = VM.new(environment);
  vm.appendModule(Module.new(code, environment));
  vm.invokeEntryChunk(0);
  for (const parameter of parameters.toReversed()) vm.pushStack(parameter);
  vm.contextMut().setGasLimit(gas);
  return { vm, run: () => vm.run() };
}

function errorOf(action: () => unknown): VmError {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof VmError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

describe.each(builds('tally'))('the calling code of TOS over %s', (engine, code) => {
  const parameters = [ValueCell.u64(5), ValueCell.string('apples')];

  test('runs an entry with its parameters in declared order', () => {
    const { vm, run } = invoke(code, parameters);
    expect(run().equals(ValueCell.u64(0))).toBe(true);
    const result = vm.lastResult()!;
    expect(result.stats.engine).toBe(engine);
    expect(result.logs.map(({ message }) => message)).toEqual(['apples']);
    expect(result.stateChanges).toHaveLength(1);
    // TBPF: 27 instructions, log 106, read 200, write 516.
    expect(vm.context().currentGasUsage()).toBe({ tbpf: 849n, legacy: 414n }[engine]);
  });

  test('goes on from the state that the run before left', () => {
    const state = new JournaledState(new MemoryBackend());
    for (const total of [5n, 10n]) {
      const { vm, run } = invoke(code, parameters);
      vm.contextMut().insert(CHAIN_STATE, state);
      run();
      const [change] = vm.lastResult()!.stateChanges;
      const { after } = change as { after: Uint8Array };
      const view = new DataView(after.buffer, after.byteOffset);
      expect(engine === 'tbpf' ? view.getBigUint64(0, true) : view.getBigUint64(2)).toBe(total);
    }
  });

  test('fails with what the engine says, and undoes what was done', () => {
    const state = new JournaledState(new MemoryBackend());
    // One less than it takes: all has been done but the last instruction.
    const gas = { tbpf: 848n, legacy: 413n }[engine]!;
    const { vm, run } = invoke(code, parameters, plain, gas);
    vm.contextMut().insert(CHAIN_STATE, state);
    expect(errorOf(run).code).toBe('OUT_OF_GAS');
    expect(vm.lastResult()?.status).toBe('failed');
    expect(vm.context().currentGasUsage()).toBe(gas);
    expect(state.changes()).toEqual([]);
  });
});

describe('a VM says what is missing', () => {
  test('before a module, before an entry, and for an entry that the module lacks', () => {
    const vm = new VM(plain);
    const noModule = { code: 'CALL_NOT_READY', native: { name: 'NoModuleLoaded' } };
    expect(errorOf(() => vm.run())).toMatchObject(noModule);
    expect(errorOf(() => vm.invokeEntryChunk(0))).toMatchObject(noModule);
    expect(errorOf(() => vm.invokeHookId(0))).toMatchObject(noModule);
    vm.appendModule(Module.new(fixture('contracts/counter.so'), plain));
    expect(errorOf(() => vm.run())).toMatchObject({
      code: 'CALL_NOT_READY',
      native: { name: 'NoEntryPointSet' },
    });
    expect(errorOf(() => vm.invokeEntryChunk(7))).toMatchObject({
      code: 'ENTRY_NOT_FOUND',
      native: { name: 'EntryPointNotFound', detail: 'EntryPointNotFound(7)' },
      message: 'the module has no entry 7; it has 0, 1.',
    });
  });

  test('by false for a hook that the module lacks, and runs one that it has', () => {
    for (const path of ['contracts/counter.so', 'contracts/legacy/counter.module']) {
      const vm = VM.new(plain);
      vm.appendModule(Module.new(fixture(path), plain));
      expect(vm.invokeHookId(9)).toBe(false);
      expect(vm.invokeHookId(0)).toBe(true);
      expect(vm.run().asU64()).toBe(0n);
      expect(errorOf(() => vm.run())).toMatchObject({ native: { name: 'NoEntryPointSet' } });
    }
  });
});

describe('the result of a run', () => {
  test('is the exit code also when it is not 0, and then nothing was done', () => {
    for (const code of [elf('mov64 r0, 3\nexit'), legacy('CONSTANT u64:3\nRETURN')]) {
      const { vm, run } = invoke(code, []);
      expect(run().asU64()).toBe(3n);
      expect(vm.lastResult()?.status).toBe('reverted');
    }
  });

  test('is any value that a legacy module leaves', () => {
    const { run } = invoke(legacy('CONSTANT [u8:1, "two", null]\nRETURN'), []);
    expect(run().toString()).toBe('[1, two, null]');
  });

  test('is an error where the machine failed, under its native name', () => {
    const { run } = invoke(legacy('CONSTANT u64:1\nCONSTANT u64:0\nDIV\nRETURN'), []);
    expect(errorOf(run)).toMatchObject({ code: 'DIVISION_BY_ZERO', native: { name: 'DivisionByZero' } });
  });
});

describe('gas', () => {
  test('is the least of the limit and the environment’s maximum, which is 1,400,000 by default', () => {
    const endless = elf('ja -1\nexit');
    for (const [environment, used] of [
      [plain, 1_400_000n],
      [builder({ maxGas: 500n }).build(), 500n],
    ] as const) {
      const { vm, run } = invoke(endless, [], environment, 2n ** 64n - 1n);
      expect(errorOf(run).code).toBe('OUT_OF_GAS');
      expect(vm.context().currentGasUsage()).toBe(used);
    }
  });

  test('limits are u64', () => {
    const { vm } = invoke(elf('exit'), []);
    expect(errorOf(() => vm.contextMut().setGasLimit(2n ** 64n)).code).toBe('VALUE_INVALID');
    expect(errorOf(() => vm.contextMut().setGasLimit(-1n)).code).toBe('VALUE_INVALID');
  });
});

describe('parameters', () => {
  const length = elf('mov64 r0, r2\nexit');
  const pair = ValueCell.object([ValueCell.u8(1), ValueCell.bool(true)]);

  test('of an ELF file are untagged Borsh, objects by their declared types', () => {
    const lengthOf = (value: ValueCell, type?: Type) => {
      const vm = VM.new(plain);
      vm.appendModule(Module.new(length, plain));
      vm.invokeEntryChunk(0);
      vm.pushStack(value, type);
      return vm.run().asU64();
    };
    expect(lengthOf(ValueCell.u256(1))).toBe(32n);
    expect(lengthOf(ValueCell.null())).toBe(1n);
    expect(lengthOf(ValueCell.object([ValueCell.u8(1), ValueCell.u8(2)]))).toBe(6n);
    expect(lengthOf(pair, Type.struct({ id: Type.u8, isOpen: Type.bool }))).toBe(2n);
    expect(lengthOf(ValueCell.u8(1), Type.optional(Type.u8))).toBe(2n);
    expect(errorOf(() => lengthOf(pair))).toMatchObject({
      code: 'VALUE_INVALID',
      native: { name: 'SerializationFailed' },
      message: 'parameter 0: an object of unlike elements may be a tuple, a struct or an enum value.',
    });
    expect(errorOf(() => lengthOf(pair, Type.array(Type.u8))).message).toBe(
      'parameter 0: element 1: expected u8, found bool.',
    );
  });

  test('that no wire form can hold are refused before the run', () => {
    const { run } = invoke(legacy('RETURN'), [ValueCell.string('x'.repeat(65_536))]);
    expect(errorOf(run)).toMatchObject({ code: 'VALUE_INVALID', native: { name: 'SerializationFailed' } });
  });

  test('are at most 256 on the stack', () => {
    const { vm } = invoke(length, Array(256).fill(ValueCell.u8(0)));
    expect(errorOf(() => vm.pushStack(ValueCell.u8(0))).code).toBe('STACK_OVERFLOW');
  });
});

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
    expect(errorOf(run).code).toBe({ tbpf: 'UNKNOWN_SYSCALL', legacy: 'CODE_FORMAT_UNKNOWN' }[engine]);
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
