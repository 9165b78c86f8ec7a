import { describe, expect, test } from 'vitest';
import type { Context } from './context.ts';
import { EnvironmentBuilder } from './environment-builder.ts';
import { Module } from './module.ts';
import { Primitive } from './primitive.ts';
import { builder, builds, elf, errorOf, invoke, plain } from './test-environment.fixture.ts';
import { Type } from './type.ts';
import { ValueCell } from './value-cell.ts';
import { VM } from './vm.ts';

/** What JavaScript may give where TypeScript would not. */
const wrong = (value: unknown): never => value as never;

const body = () => undefined;

/** Registers `f` with other arguments than the declared ones, and builds. */
function declare({
  name = 'f' as unknown,
  forType = null as unknown,
  parameters = [] as unknown,
  run = body as unknown,
  gas = 1n as unknown,
  returns = undefined as unknown,
  options = undefined as unknown,
}) {
  return () =>
    builder()
      .registerNativeFunction(
        wrong(name),
        wrong(forType),
        wrong(parameters),
        wrong(run),
        wrong(gas),
        wrong(returns),
        wrong(options),
      )
      .build();
}

describe('a declaration that TypeScript would refuse is refused by name', () => {
  test.each<readonly [string, Parameters<typeof declare>[0], string]>([
    ['no name', { name: 5 }, 'has a name that is no identifier of letters, digits and _.'],
    ['no body', { run: null }, 'has no body; expected a function.'],
    [
      'a type as text',
      { parameters: [['a', 'u64']] },
      'cannot be declared: parameter a: expected a type, found the text "u64".',
    ],
    ['no type', { parameters: [['a']] }, 'has parameters that are no list of pairs, each a name and a type.'],
    [
      'an undefined type',
      { parameters: [['a', undefined]] },
      'cannot be declared: parameter a: expected a type, found undefined.',
    ],
    [
      'an undefined type inside another',
      { parameters: [['a', { kind: 'array' }]] },
      'cannot be declared: parameter a: element of array: expected a type, found undefined.',
    ],
    [
      'a kind that there is not',
      { returns: { kind: 'i64' } },
      'cannot be declared: returnType: there is no type of kind the text "i64".',
    ],
    [
      'a type that is its own element',
      { returns: endless() },
      'cannot be declared: returnType: a type nested deeper than 16.',
    ],
    [
      'parameters that are no list',
      { parameters: 'a' },
      'has parameters that are no list of pairs, each a name and a type.',
    ],
    ['a price that is a number', { gas: 5 }, 'costs 5; expected a bigint from 0 to 2^53 − 1.'],
    [
      'a receiver as text',
      { forType: 'u64' },
      'cannot be declared: forType: expected a type, found the text "u64".',
    ],
    [
      '`mutates` that is text',
      { options: { mutates: 'yes' } },
      'has a `mutates` that is neither true nor false.',
    ],
    [
      'an engine that is not there',
      { options: { engines: ['legcy'] } },
      'is for engine "legcy", which is not there; engines: legacy, tbpf.',
    ],
    [
      'engines that are no list',
      { options: { engines: 'tbpf' } },
      'has `engines` that are no list of names.',
    ],
  ])('%s', (_what, of, fault) => {
    const error = errorOf(declare(of));
    expect(error).toMatchObject({ code: 'HOST_FUNCTION_INVALID' });
    expect(error.message).toMatch(/^host function \w+ /);
    expect(error.message.endsWith(fault)).toBe(true);
  });

  test('an opaque type of no size, or with a declared size that is another', () => {
    for (const bytes of [0, -1, 1.5, Number.NaN, wrong('4')]) {
      expect(errorOf(() => builder().registerOpaque('Ticket', true, bytes)).code).toBe(
        'HOST_FUNCTION_INVALID',
      );
    }
    expect(errorOf(() => builder().registerOpaque(wrong(5), true)).code).toBe('HOST_FUNCTION_INVALID');
    expect(errorOf(() => builder().registerOpaque('Ticket', wrong('no'))).code).toBe('HOST_FUNCTION_INVALID');
    const make = builder();
    make.registerOpaque('Ticket', true, 4);
    const other: Type = { kind: 'opaque', name: 'Ticket', bytes: 1 };
    expect(
      errorOf(() => make.registerNativeFunction('f', null, [['a', Type.array(other)]], body, 1n)).message,
    ).toBe('host function f cannot be declared: parameter a: Ticket has 4 bytes, not 1.');
  });

  test('what is registered after build', () => {
    const make = builder();
    make.build();
    const after = { code: 'HOST_FUNCTION_INVALID' };
    expect(errorOf(() => make.registerNativeFunction('f', null, [], body, 1n))).toMatchObject(after);
    expect(errorOf(() => make.registerOpaque('Ticket', true))).toMatchObject(after);
    expect(() => make.build()).not.toThrow();
  });

  test('options of an environment', () => {
    expect(errorOf(() => new EnvironmentBuilder(wrong({})).build()).code).toBe('CONFIG_INVALID');
    expect(errorOf(() => new EnvironmentBuilder(wrong(undefined)).build()).code).toBe('CONFIG_INVALID');
    expect(errorOf(() => builder({ maxGas: wrong(5) }).build()).code).toBe('CONFIG_INVALID');
  });
});

function endless(): unknown {
  const type: Record<string, unknown> = { kind: 'array' };
  type['of'] = type;
  return type;
}

describe('a value that TypeScript would refuse is a VmError', () => {
  const { vm } = invoke(elf('exit'), []);
  const context = vm.contextMut();
  const invalid = (action: () => unknown) =>
    expect(errorOf(action)).toMatchObject({ code: 'VALUE_INVALID', native: { name: 'InvalidValue' } });

  test('as a parameter', () => {
    for (const value of [5n, 'x', null, undefined, { kind: 'u64', value: 5n }]) {
      invalid(() => vm.pushStack(wrong(value)));
    }
    invalid(() => vm.pushStack(ValueCell.u8(1), wrong('u8')));
  });

  test('as a cell', () => {
    for (const value of ['5', null, undefined, {}, 1.5, true]) {
      invalid(() => ValueCell.u64(wrong(value)));
      invalid(() => ValueCell.bytes(wrong(value)));
      invalid(() => ValueCell.opaque('T', wrong(value)));
      invalid(() => ValueCell.object(wrong(value)));
      invalid(() => ValueCell.object([wrong(value)]));
      invalid(() => ValueCell.map(wrong(value)));
      invalid(() => ValueCell.map([wrong(value)]));
      invalid(() => ValueCell.map([[ValueCell.u8(1), wrong(value)]]));
      invalid(() => ValueCell.range(wrong(value), wrong(value)));
      invalid(() => ValueCell.from(wrong(value)));
      invalid(() => ValueCell.from(wrong({ kind: 'object', elements: [value] })));
      invalid(() => ValueCell.from(wrong({ kind: 'map', entries: [value] })));
      invalid(() => ValueCell.u8(1).equals(wrong(value)));
    }
    invalid(() => ValueCell.bool(wrong(1)));
    invalid(() => ValueCell.string(wrong(1)));
    invalid(() =>
      Primitive.range(wrong({ kind: 'string', value: 'a' }), wrong({ kind: 'string', value: 'b' })),
    );
  });

  test('as a limit of gas', () => {
    for (const value of [5, '5', undefined, -1n]) invalid(() => context.setGasLimit(wrong(value)));
  });

  test('of an opaque type in another size than it was registered with', () => {
    const make = builder();
    make.registerOpaque('Ticket', true, 4);
    const environment = make.build();
    const push = (bytes: number) => () =>
      VM.new(environment).pushStack(ValueCell.object([ValueCell.opaque('Ticket', new Uint8Array(bytes))]));
    expect(errorOf(push(1))).toMatchObject({
      code: 'VALUE_INVALID',
      native: { name: 'InvalidOpaque' },
      message: 'a Ticket has 4 bytes, not 1.',
    });
    expect(push(4)).not.toThrow();
  });
});

describe('a module, a VM or an environment that is none is a VmError', () => {
  test('bytes', () => {
    for (const bytes of ['hello', undefined, null, [1, 2], 5]) {
      for (const make of [Module.new, Module.fromElf, Module.fromLegacy, Module.fromBytes]) {
        expect(errorOf(() => make(wrong(bytes), plain))).toMatchObject({
          code: 'CODE_INVALID',
          native: { name: 'InvalidValue' },
        });
      }
    }
  });

  test('an environment', () => {
    const missing = { code: 'CALL_NOT_READY', native: { name: 'NoEnvironment' } };
    for (const environment of [undefined, null, {}]) {
      expect(errorOf(() => Module.new(elf('exit'), wrong(environment)))).toMatchObject(missing);
      expect(errorOf(() => VM.new(wrong(environment)))).toMatchObject(missing);
    }
  });

  test('a module', () => {
    expect(errorOf(() => VM.new(plain).appendModule(wrong(elf('exit'))))).toMatchObject({
      code: 'CALL_NOT_READY',
      native: { name: 'NoModuleLoaded' },
    });
  });
});

describe('what a function of the host does wrong with its context is the host’s fault', () => {
  test.each(builds('award'))('over %s', (_engine, code) => {
    const errorWith = (act: (context: Context) => unknown) => {
      const environment = builder()
        .registerNativeFunction(
          'award',
          null,
          [
            ['name', Type.string],
            ['points', Type.u64],
          ],
          (_instance, _parameters, context) => wrong(act(context)),
          1n,
          Type.u64,
        )
        .build();
      return errorOf(invoke(code, [ValueCell.u64(1), ValueCell.string('x')], environment).run);
    };
    const invalid = { code: 'VALUE_INVALID', native: { name: 'InvalidValue' } };
    for (const gas of [-10n, 10, '10', undefined, 2n ** 64n]) {
      expect(errorWith((context) => context.increaseGasUsage(wrong(gas)))).toMatchObject(invalid);
    }
    expect(errorWith((context) => context.log(wrong(5)))).toMatchObject(invalid);
    expect(errorWith(() => 5n)).toMatchObject(invalid);
    expect(errorWith(() => ValueCell.u8(5)).code).toBe('HOST_FUNCTION_INVALID');
  });
});
