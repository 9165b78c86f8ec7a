import { readFileSync } from 'node:fs';
import {
  ExecutionEnvironment,
  JournaledState,
  MemoryBackend,
  type TransactionRequest,
  VmEventBus,
  VmFactory,
} from '@switchyard/core';
import { LegacyTools, legacyEngine } from '@switchyard/legacy';
import {
  createCallTree,
  createTracer,
  type EventFilter,
  type TraceEvent,
  toJsonLine,
  toTextLine,
  traceCall,
} from '@switchyard/profiler/trace';
import { TbpfTools, tbpfEngine } from '@switchyard/tbpf';
import { describe, expect, test } from 'vitest';
import { caller, callInput, contractAddress, USER } from '../tbpf/environment.fixture.ts';

const tools = { tbpf: new TbpfTools(), legacy: new LegacyTools() } as const;
const sourceMapOf = (engine: string, code: Uint8Array) => tools[engine as keyof typeof tools].sourceMap(code);
const fixture = (path: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/${path}`, import.meta.url)));

function environmentWith(codes: readonly Uint8Array[]) {
  const events = new VmEventBus();
  const state = new JournaledState(new MemoryBackend());
  for (const [index, code] of codes.entries()) state.setCode(contractAddress(index + 1), code);
  state.flush();
  const environment = new ExecutionEnvironment({
    state,
    events,
    factory: new VmFactory([tbpfEngine, legacyEngine]),
  });
  return { environment, events };
}

function trace(
  codes: readonly Uint8Array[],
  request: Partial<TransactionRequest> = {},
  filter: EventFilter = {},
): readonly TraceEvent[] {
  const { environment, events } = environmentWith(codes);
  const told: TraceEvent[] = [];
  const call = { contract: contractAddress(1), sender: USER, ...request };
  traceCall(environment, events, call, { filter, sourceMapOf, onEvent: (event) => void told.push(event) });
  expect(events.listenerCount('storage')).toBe(0);
  return told;
}

const entry1 = { entry: { kind: 'entry', id: 1 } } as const;
const nested = [tools.tbpf.assemble(caller()), fixture('contracts/counter/counter.so')];
const nestedCall = { input: callInput({ to: 2, entry: 1 }) };

describe('a trace tells, in this order,', () => {
  test('calls, syscalls with their arguments, storage, and returns, as lines for people', () => {
    expect(trace(nested, nestedCall, { syscallsOnly: true }).map(toTextLine)).toEqual([
      `call 01010101…0101 entrypoint [tbpf], 200000 gas, input 0x${'02'.repeat(32)}${'01000000000000000000000000000000480000000400000000000000000000000000000000000000'}`,
      '  call 02020202…0202 entry_1 [tbpf], 198996 gas',
      '  storage read "value": absent',
      '  syscall tos_storage_read(key="value", keyLen=5, out=0x200000ff8, outLen=8) = 0, 200 gas',
      '  syscall tos_set_return_data(data=0x0000000000000000, len=8) = 0, 108 gas',
      '  return from 02020202…0202: success, 326 gas, data 0x0000000000000000',
      `syscall tos_invoke_contract(contract=0x${'02'.repeat(32)}, record=0x01000000000000000000000000000000480000000400000000000000000000000000000000000000) = 0, 1326 gas`,
      'return from 01010101…0101: success, 1331 gas',
    ]);
  });

  test('every instruction with its function, as lines of JSON', () => {
    const lines = trace([fixture('contracts/counter/counter.so')], entry1, { limit: 4 }).map(toJsonLine);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        type: 'call',
        depth: 0,
        contract: '01'.repeat(32),
        engine: 'tbpf',
        entry: 'entry_1',
        caller: 'ee'.repeat(32),
        value: '0',
        gasLimit: '200000',
        isStatic: false,
        input: '',
        inputLength: 0,
      },
      { type: 'enter', depth: 0, pc: 69, function: 'entry_1' },
      {
        type: 'step',
        depth: 0,
        pc: 69,
        function: 'entry_1',
        index: 0,
        instruction: 'mov64 r6, 1',
        gasLeft: '200000',
        frame: 0,
        registers: ['0', '17179869184', '0', '0', '0', '0', '0', '0', '0', '0', '8589938688'],
      },
      expect.objectContaining({ type: 'step', pc: 70, gasLeft: '199999' }),
    ]);
  });

  test('natives of the legacy engine with their values, and its chunks as functions', () => {
    const lines = trace([fixture('contracts/legacy/counter.module')], { entry: { kind: 'hook', id: 0 } });
    expect(lines.filter(({ type }) => type !== 'step').map(toTextLine)).toEqual([
      'call 01010101…0101 hook_0 [legacy], 200000 gas',
      'enter hook_0',
      'syscall Storage.new() = Storage(), 13 gas',
      'storage write 0x00080005636f756e74: 0x00040000000000000000',
      'syscall Storage.store(self=Storage(), 1="count", 2=u64:0) = null, 246 gas',
      'leave hook_0, 297 gas',
      'return from 01010101…0101: success, 297 gas, data 0x00040000000000000000',
    ]);
  });

  test('the syscall that fails, and how the call ended', () => {
    const code = tools.tbpf.assemble(
      'entrypoint:\nadd64 r10, 0\nmov64 r1, 0\nmov64 r2, 20000\nsyscall tos_log\nexit',
    );
    const lines = trace([code], {}, { syscallsOnly: true }).map(toTextLine);
    expect(lines.slice(1)).toEqual([
      'syscall tos_log(msg=0, len=20000) failed: SyscallError(MessageTooLong), 0 gas',
      'return from 01010101…0101: failed with LIMIT_EXCEEDED, 4 gas',
    ]);
  });
});

describe('a filter by', () => {
  const counter = [fixture('contracts/counter/counter.so')];
  const shown = (filter: EventFilter, codes = counter, request: Partial<TransactionRequest> = entry1) =>
    trace(codes, request, filter).map((event) =>
      event.type === 'step' ? event.pc : event.type === 'syscall' ? event.name : event.type,
    );

  test.each<[string, EventFilter, readonly (string | number)[]]>([
    [
      'mnemonics shows what happens in those instructions',
      { mnemonics: ['syscall'] },
      ['call', 79, 'storage', 'tos_storage_read', 85, 'tos_set_return_data', 'return'],
    ],
    ['a range of slots', { pcRange: [85, 87] }, ['call', 85, 'tos_set_return_data', 86, 87, 'return']],
    ['functions of which none runs', { functions: ['entry_0'] }, ['call', 'return']],
    ['number', { skip: 2, limit: 2 }, [69, 70]],
  ])('%s', (_name, filter, events) => {
    expect(shown(filter)).toEqual(events);
  });

  test('depth leaves out what called contracts do', () => {
    expect(shown({ maxDepth: 0, syscallsOnly: true }, nested, nestedCall)).toEqual([
      'call',
      'tos_invoke_contract',
      'return',
    ]);
  });

  test('a line of the source', () => {
    const lines = [fixture('debug/lines.v4.so')];
    const request = { ...entry1, input: new Uint8Array(8) };
    expect(shown({ source: { file: 'lines.c', line: 29 } }, lines, request)).toEqual(['call', 29, 'return']);
    expect(shown({ source: { file: 'other.c' } }, lines, request)).toEqual(['call', 'return']);
  });

  test.each(['src/lines.c', './lines.c', '/home/dev/src/lines.c', 'src\\lines.c'])(
    'a file by its path %s',
    (file) => {
      const request = { ...entry1, input: new Uint8Array(8) };
      const source = { file, line: 29 };
      expect(shown({ source }, [fixture('debug/lines.v4.so')], request)).toEqual(['call', 29, 'return']);
    },
  );
});

test('a line of JSON escapes what steers a terminal', () => {
  const message = 'a\u009b31m\u202eb';
  const line = toJsonLine({ type: 'log', depth: 0, contract: Uint8Array.of(7), message });
  expect(line).toBe('{"type":"log","depth":0,"contract":"07","message":"a\\u009b31m\\u202eb"}');
  expect(JSON.parse(line)).toMatchObject({ message });
});

describe('a tracer says of its filter', () => {
  function findings(code: Uint8Array, filter: EventFilter) {
    const { environment } = environmentWith([code]);
    const tracer = createTracer({ filter, sourceMapOf, onEvent: () => {} });
    const call = { contract: contractAddress(1), sender: USER, ...entry1, input: new Uint8Array(8) };
    environment.simulate({ ...call, observer: tracer.observer });
    return tracer.findings;
  }
  const counter = fixture('contracts/counter/counter.so');
  const lines = fixture('debug/lines.v4.so');

  test.each<[string, Uint8Array, EventFilter, boolean, boolean]>([
    ['a function that runs', counter, { functions: ['entry_1'] }, true, false],
    ['a function that nobody wrote', counter, { functions: ['nope'] }, false, false],
    ['more events left out than there are', counter, { skip: 1_000 }, false, false],
    ['a limit that the call itself reaches', counter, { functions: ['nope'], limit: 1 }, true, false],
    ['a line of code without lines', counter, { source: { file: 'counter.c' } }, false, true],
    ['a file that is not there', lines, { source: { file: 'nope.c' } }, false, false],
  ])('%s', (_name, code, filter, hasMatched, lacksLines) => {
    expect(findings(code, filter)).toEqual({ hasMatched, lacksLines });
  });
});

test('what a contract says cannot steer a terminal', () => {
  const log = (text: string) => {
    const bytes = [...Buffer.from(text)];
    return [
      'mov64 r1, r10',
      'add64 r1, -64',
      ...bytes.map((byte, index) => `stb [r1+${index}], ${byte}`),
      `mov64 r2, ${bytes.length}`,
      'syscall tos_log',
    ].join('\n');
  };
  const code = tools.tbpf.assemble(`entrypoint:\nadd64 r10, 0\n${log('\u001b[2J\nok')}\nmov64 r0, 0\nexit`);
  const lines = trace([code], {}, { syscallsOnly: true }).map(toTextLine);
  expect(lines[1]).toBe('log \\u{1b}[2J\\nok');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
  expect(lines.join('')).not.toMatch(/[\u0000-\u001f]/);
});

describe('a tree of calls', () => {
  function draw(code: Uint8Array, maxDepth?: number): string {
    const { environment, events } = environmentWith([code]);
    const tree = createCallTree({ sourceMapOf, ...(maxDepth === undefined ? {} : { maxDepth }) });
    const end = tree.listen(events);
    environment.simulate({ contract: contractAddress(1), sender: USER, observer: tree.observer });
    end();
    return tree.render();
  }

  test('tells events of different ids apart', () => {
    const fire = (id: number) => `mov64 r1, ${id}\nmov64 r2, r10\nmov64 r3, 0\nsyscall tos_fire_event`;
    const code = tools.tbpf.assemble(
      `entrypoint:\nadd64 r10, 0\n${fire(7)}\n${fire(8)}\n${fire(8)}\nmov64 r0, 0\nexit`,
    );
    expect(draw(code).split('\n').slice(2)).toEqual([
      '         500      tos_fire_event(id=7, data="")',
      '                    event 0x7: ""',
      '       1_000      tos_fire_event(id=8, data="")  ×2',
      '                    event 0x8: ""  ×2',
      '',
    ]);
  });

  test('has gas with all below, and equal calls once with their number', () => {
    const code = tools.tbpf.assemble(`
      entrypoint:
        add64 r10, 0
        mov64 r6, 3
      again:
        call function_f
        sub64 r6, 1
        jne r6, 0, again
        mov64 r0, 0
        exit
      function_f:
        add64 r10, 0
        mov64 r1, 0
        mov64 r2, 0
        syscall tos_log
        exit`);
    expect(draw(code)).toBe(
      [
        '         328  01010101…0101 entrypoint [tbpf]',
        '         328    entrypoint',
        '         315      function_f  ×3',
        '         300        tos_log(msg="")  ×3',
        '                      log   ×3',
        '',
      ].join('\n'),
    );
  });

  test('of a contract that does ever new things is cut, says so, and keeps its gas', () => {
    const code = tools.tbpf.assemble(`
      entrypoint:
        add64 r10, 0
        mov64 r6, 300
      again:
        mov64 r1, r10
        add64 r1, -64
        mov64 r3, r6
        mod64 r3, 26
        add64 r3, 65
        stxb [r1+0], r3
        mov64 r3, r6
        div64 r3, 26
        add64 r3, 65
        stxb [r1+1], r3
        mov64 r2, 2
        syscall tos_log
        sub64 r6, 1
        jne r6, 0, again
        mov64 r0, 0
        exit`);
    const lines = draw(code).split('\n');
    // Two lines for each of a hundred different logs, what is above them, the rest and the word about it.
    expect(lines).toHaveLength(2 + 200 + 1 + 3);
    expect(lines).toContain('      20_400      (others)  ×200');
    expect(lines.at(-2)).toBe(
      'The tree was cut: there were too many different calls, those beyond are "(others)".',
    );
    // Two instructions, 14 and a log of 102 in each round, two more.
    expect(lines[0]).toBe(`${'34_804'.padStart(12)}  01010101…0101 entrypoint [tbpf]`);
  });
});
