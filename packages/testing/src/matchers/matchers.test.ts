import { describe, expect, test } from 'vitest';
import { bothEngines, contractFile } from '../contracts.fixture.ts';
import { borsh, bytes32, u64 } from '../values.ts';
import './index.ts';

const chain = bothEngines();
const counter = chain.deploy(contractFile('counter/counter.so'));
const faulty = chain.deploy(contractFile('faulty/faulty.so'));
const legacy = chain.deploy(contractFile('legacy/counter.module'));
const [alice, bob] = [chain.account('alice'), chain.account('bob')];
const token = chain.deploy(contractFile('token/token.so'), { sender: alice });

const ok = counter.simulate(0, { args: [u64(41)] });
const reverted = faulty.simulate(5);
const failed = faulty.simulate(1, { gasLimit: 500n });
const transfer = token.simulate(0, { sender: alice, args: [bytes32(bob), u64(1)] });
const greeting = chain.deploy(contractFile('hello_world/hello_world.so')).simulate('entrypoint');

/** The message of the expectation that fails. */
function messageOf(expectation: () => void): string {
  try {
    expectation();
  } catch (thrown) {
    return (thrown as Error).message;
  }
  throw new Error('the expectation held');
}

/** Its first line: the sentence before the outcome. */
function sentenceOf(expectation: () => void): string {
  return messageOf(expectation).split('\n')[0]!;
}

describe('toSucceed', () => {
  test('holds for an exit code of 0, of either engine', () => {
    expect(ok).toSucceed();
    expect(counter.deployment).toSucceed();
    expect(legacy.simulate(1, { args: [u64(1)] })).toSucceed();
    expect(reverted).not.toSucceed();
    expect(failed).not.toSucceed();
  });

  test('says how the call ended, with error, place, hint and gas', () => {
    expect(messageOf(() => expect(faulty.simulate(4)).toSucceed())).toMatchInlineSnapshot(`
      "expected the call to succeed, and it failed with DIVISION_BY_ZERO

        ended       failed with DIVISION_BY_ZERO
        error       DIVISION_BY_ZERO: division by zero.
        native      DivideByZero
        function    entry_4
        pc          58
        hint        Test the divisor before dividing.
        gas         9 of 200000"
    `);
    expect(messageOf(() => expect(ok).not.toSucceed())).toMatchInlineSnapshot(`
      "expected the call not to succeed, and it succeeded

        ended       success
        gas         870 of 200000
        return data 2900000000000000 (u64 41)"
    `);
  });
});

describe('toFailWith', () => {
  test('compares the code of the error', () => {
    expect(failed).toFailWith('OUT_OF_GAS');
    expect(reverted).toFailWith('REVERTED');
    expect(ok).not.toFailWith('OUT_OF_GAS');
    expect(legacy.simulate(1, { args: [u64(1)], gasLimit: 10n })).toFailWith('OUT_OF_GAS');
  });

  test('says with what it failed instead', () => {
    expect(messageOf(() => expect(failed).toFailWith('DIVISION_BY_ZERO'))).toMatchInlineSnapshot(`
      "expected the call to fail with DIVISION_BY_ZERO, and it failed with OUT_OF_GAS

        ended       failed with OUT_OF_GAS
        error       OUT_OF_GAS: the gas limit is used up.
        native      ExceededMaxInstructions
        function    spin
        pc          3
        hint        Raise the gas limit; \`switchyard estimate\` gives the smallest one that works.
        gas         500 of 500"
    `);
    expect(sentenceOf(() => expect(ok).toFailWith('OUT_OF_GAS'))).toBe(
      'expected the call to fail with OUT_OF_GAS, and it succeeded',
    );
    expect(sentenceOf(() => expect(failed).not.toFailWith('OUT_OF_GAS'))).toBe(
      'expected the call not to fail with OUT_OF_GAS, and it failed with OUT_OF_GAS',
    );
  });

  test('refuses a code that there is not', () => {
    // @ts-expect-error: the compiler knows the codes, a JavaScript test does not
    expect(() => expect(failed).toFailWith('OUT_OF_GASS')).toThrow(
      'toFailWith: there is no error code OUT_OF_GASS; did you mean OUT_OF_GAS?',
    );
  });
});

describe('toRevertWith', () => {
  test("compares the contract's own exit code", () => {
    expect(reverted).toRevertWith(42);
    expect(faulty.simulate(5, { args: [u64(7)] })).toRevertWith(7n);
    expect(reverted).not.toRevertWith(1);
    expect(failed).not.toRevertWith(0);
  });

  test('says how it ended instead', () => {
    expect(sentenceOf(() => expect(reverted).toRevertWith(1))).toBe(
      'expected the call to revert with exit code 1, and it reverted with exit code 42',
    );
    expect(sentenceOf(() => expect(failed).toRevertWith(1))).toBe(
      'expected the call to revert with exit code 1, and it failed with OUT_OF_GAS',
    );
    expect(sentenceOf(() => expect(reverted).not.toRevertWith(42))).toBe(
      'expected the call not to revert with exit code 42, and it reverted with exit code 42',
    );
  });
});

describe('toUseGas', () => {
  test('takes an exact number or bounds that may be reached', () => {
    expect(ok).toUseGas(870);
    expect(ok).toUseGas(870n);
    expect(ok).toUseGas({ atMost: 870 });
    expect(ok).toUseGas({ atLeast: 870n, atMost: 900 });
    expect(ok).not.toUseGas({ atMost: 869 });
    expect(ok).not.toUseGas({ atLeast: 871 });
    expect(failed).toUseGas(500);
  });

  test('says by how much it was off', () => {
    expect(sentenceOf(() => expect(ok).toUseGas(800))).toBe(
      'expected the call to use 800 gas, and it used 870, 70 more',
    );
    expect(sentenceOf(() => expect(ok).toUseGas({ atLeast: 900n, atMost: 1_000n }))).toBe(
      'expected the call to use at least 900 and at most 1000 gas, and it used 870, 30 less',
    );
    expect(sentenceOf(() => expect(ok).not.toUseGas(870))).toBe(
      'expected the call not to use 870 gas, and it used 870',
    );
    expect(() => expect(ok).toUseGas({})).toThrow('toUseGas takes a number of units');
  });
});

describe('toEmit', () => {
  const data = borsh(bytes32(alice), bytes32(bob), u64(1));

  test('finds an event by number, data, topics or contract', () => {
    expect(transfer).toEmit(1);
    expect(transfer).toEmit(1n, data);
    expect(transfer).toEmit({ id: 1, contract: token });
    expect(transfer).toEmit({ topics: transfer.events[0]!.topics, data });
    expect(transfer).toEmit({});
    expect(transfer).not.toEmit(2);
    expect(transfer).not.toEmit(1, borsh(u64(1)));
    expect(transfer).not.toEmit({ topics: [] });
    expect(transfer).not.toEmit({ contract: counter });
    expect(ok).not.toEmit({});
    expect(legacy.simulate(1, { args: [u64(3)] })).toEmit(1);
  });

  test('says what was emitted instead', () => {
    expect(sentenceOf(() => expect(transfer).toEmit(2, borsh(u64(5))))).toMatchInlineSnapshot(
      `"expected the call to emit event 2, data 0500000000000000 (u64 5), and it emitted 1 event: 1: e005bdbef8f285d04083a035d905b92bc85c78d46b3e706b1283b8e556576d4e143038c88308cd84cedf48b232cb5141dc289b73c8e957cafe13ebbf4ee0042f0100000000000000"`,
    );
    expect(sentenceOf(() => expect(ok).toEmit(1))).toBe(
      'expected the call to emit event 1, and it emitted none',
    );
    expect(sentenceOf(() => expect(failed).toEmit({}))).toBe(
      'expected the call to emit an event, and it failed, which drops its events',
    );
    expect(sentenceOf(() => expect(transfer).not.toEmit({ id: 1, contract: token }))).toMatch(
      /^expected the call not to emit event 1, contract [0-9a-f]{64}, and it emitted 1 event: 1: /,
    );
  });
});

describe('toReturnBytes', () => {
  test('compares the bytes', () => {
    expect(ok).toReturnBytes(borsh(u64(41)));
    expect(ok).not.toReturnBytes(borsh(u64(42)));
    expect(failed).not.toReturnBytes(new Uint8Array(0));
  });

  test('says what was returned instead', () => {
    expect(sentenceOf(() => expect(ok).toReturnBytes(borsh(u64(42))))).toBe(
      'expected the call to return 2a00000000000000 (u64 42), and it returned 2900000000000000 (u64 41)',
    );
    expect(sentenceOf(() => expect(failed).toReturnBytes(new Uint8Array(0)))).toBe(
      'expected the call to return no bytes, and it failed with OUT_OF_GAS',
    );
  });
});

describe('toLog', () => {
  test('finds a message or a pattern', () => {
    expect(greeting).toLog("The block's height is 0.");
    expect(greeting).toLog(/height is \d+/g);
    expect(greeting).not.toLog('height');
  });

  test('says what was logged instead', () => {
    expect(sentenceOf(() => expect(greeting).toLog(/bye/))).toMatchInlineSnapshot(
      `"expected the call to log /bye/, and it logged "Hello, world!", "The block's height is 0.""`,
    );
    expect(sentenceOf(() => expect(ok).toLog('x'))).toBe(
      'expected the call to log "x", and it logged nothing',
    );
  });
});

test('every matcher says so when it is given something else', () => {
  const message = (name: string) => `${name} takes the outcome of a call or a deployment`;
  expect(() => expect(1).toSucceed()).toThrow(message('toSucceed'));
  expect(() => expect(null).toFailWith('REVERTED')).toThrow(`${message('toFailWith')}, such as`);
  expect(() => expect('x').toRevertWith(1)).toThrow(message('toRevertWith'));
  expect(() => expect(counter).toUseGas(1)).toThrow(message('toUseGas'));
  expect(() => expect({}).toEmit(1)).toThrow(message('toEmit'));
  expect(() => expect(undefined).toReturnBytes(new Uint8Array(0))).toThrow(message('toReturnBytes'));
  expect(() => expect([]).toLog('x')).toThrow(message('toLog'));
});

test("a contract's text cannot steer the terminal that shows a failure", () => {
  const outcome = {
    ...ok,
    result: { ...ok.result, logs: [{ contract: counter.address, message: 'a\u001b[2Jb\nc' }] },
  };
  expect(messageOf(() => expect(outcome).not.toSucceed())).toContain('a\\u{1b}[2Jb\\u{a}c');
});
