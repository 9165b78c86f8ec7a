import { JournaledState, MemoryBackend } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { CHAIN_STATE } from './context.ts';
import { Module } from './module.ts';
import { builder, builds, elf, errorOf, fixture, invoke, legacy, plain } from './test-environment.fixture.ts';
import { Type } from './type.ts';
import { ValueCell } from './value-cell.ts';
import { VM } from './vm.ts';

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
    vm.appendModule(Module.new(fixture('contracts/counter/counter.so'), plain));
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
    for (const path of ['contracts/counter/counter.so', 'contracts/legacy/counter.module']) {
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

  test('is an error where the value has no form outside, and never another value', () => {
    const doubled = `CONSTANT "xx"${'\nCOPY\nADD'.repeat(15)}`;
    const { run } = invoke(legacy(`${doubled}\nRETURN`), [], plain, 1_400_000n);
    expect(errorOf(run)).toMatchObject({
      code: 'INVALID_ARGUMENT',
      native: { name: 'SerializationFailed' },
      message:
        'the contract returned a value that has no wire form: a string of 65536 bytes; at most 65535 can be written.',
    });
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
    // pay(name, amount, memo) returns the amount. A cut length would let this name bring an amount of 65 and a memo that hides the rest.
    const pay = legacy('MEMORYSET 0\nMEMORYSET 1\nMEMORYSET 2\nMEMORYLOAD 1\nRETURN');
    const call = (name: string) =>
      invoke(
        pay,
        [ValueCell.string(name), ValueCell.u64(5), ValueCell.bytes(new Uint8Array(0))],
        plain,
        1_400_000n,
      );
    const name = `pay\0\x04${'\0'.repeat(7)}A\x01\0\x01\0\0`.padEnd(65_539, 'x');
    expect(errorOf(call(name).run)).toMatchObject({
      code: 'VALUE_INVALID',
      native: { name: 'SerializationFailed' },
      message: 'parameter 0: a string of 65539 bytes; at most 65535 can be written.',
    });
    expect(call(name.slice(0, 65_535)).run().asU64()).toBe(5n);
  });

  test('are at most 256 on the stack', () => {
    const { vm } = invoke(length, Array(256).fill(ValueCell.u8(0)));
    expect(errorOf(() => vm.pushStack(ValueCell.u8(0)))).toMatchObject({
      code: 'STACK_OVERFLOW',
      hint: 'Pass at most 256 parameters, a legacy module 255; an object or bytes hold more.',
    });
  });
});
