import fc from 'fast-check';
import { type BlockGraph, Terminator } from '../flow/graph.ts';

/** Edges by block; the number of edges alone doesn't tell a jump from a switch, so switches are listed. */
export function graphOf(
  successors: readonly (readonly number[])[],
  switches: readonly number[] = [],
): BlockGraph {
  const edgeStart = new Int32Array(successors.length + 1);
  for (let block = 0; block < successors.length; block++) {
    edgeStart[block + 1] = edgeStart[block]! + successors[block]!.length;
  }
  const terminator = Uint8Array.from(successors, (targets, block) =>
    switches.includes(block) || targets.length > 2 ? Terminator.switch : targets.length,
  );
  return {
    blockCount: successors.length,
    edgeStart,
    edgeTarget: Int32Array.from(successors.flat()),
    terminator,
  };
}

export function successorsOf({ edgeStart, edgeTarget }: BlockGraph, block: number): number[] {
  return Array.from(edgeTarget.subarray(edgeStart[block]!, edgeStart[block + 1]!));
}

/** Any graph at all: most of them irreducible, many with unreachable blocks, self-loops and doubled edges. */
export const anyGraph: fc.Arbitrary<BlockGraph> = fc.integer({ min: 1, max: 14 }).chain((count) => {
  const target = fc.nat(count - 1);
  const block = fc.oneof(
    { weight: 1, arbitrary: fc.record({ isSwitch: fc.constant(false), targets: fc.constant<number[]>([]) }) },
    { weight: 3, arbitrary: fc.record({ isSwitch: fc.constant(false), targets: fc.tuple(target) }) },
    { weight: 5, arbitrary: fc.record({ isSwitch: fc.constant(false), targets: fc.tuple(target, target) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        isSwitch: fc.constant(true),
        targets: fc.array(target, { minLength: 1, maxLength: 6 }),
      }),
    },
  );
  return fc.array(block, { minLength: count, maxLength: count }).map((blocks) =>
    graphOf(
      blocks.map(({ targets }) => targets),
      blocks.flatMap(({ isSwitch }, index) => (isSwitch ? [index] : [])),
    ),
  );
});

/** A statement of a small language; its graphs are reducible. */
type Statement =
  | { readonly kind: 'step' | 'return' | 'break' | 'continue' }
  | { readonly kind: 'if' | 'while' | 'repeat'; readonly parts: readonly (readonly Statement[])[] }
  | { readonly kind: 'choose'; readonly parts: readonly (readonly Statement[])[] };

const { list } = fc.letrec<{ list: Statement[]; statement: Statement }>((tie) => ({
  list: fc.array(tie('statement'), { maxLength: 4, depthIdentifier: 'nesting', size: '+1' }),
  statement: fc.oneof(
    { depthIdentifier: 'nesting', maxDepth: 5, depthSize: 'large' },
    fc.record({ kind: fc.constant('step' as const) }),
    fc.record({ kind: fc.constantFrom('return' as const, 'break' as const, 'continue' as const) }),
    fc.record({
      kind: fc.constantFrom('if' as const, 'while' as const, 'repeat' as const),
      parts: fc.tuple(tie('list'), tie('list')),
    }),
    fc.record({
      kind: fc.constant('choose' as const),
      parts: fc.array(tie('list'), { minLength: 1, maxLength: 5 }),
    }),
  ),
}));

/** Graphs of structured programs: if, while, repeat, choose (switch), break, continue, return. */
export const structuredGraph: fc.Arbitrary<BlockGraph> = list.map((program) => {
  const successors: number[][] = [];
  const switches: number[] = [];
  const open = (): number => successors.push([]) - 1;
  /** Adds the statements from block `at` on; the block where control goes on, or undefined where it doesn't. */
  const add = (statements: readonly Statement[], from: number, loop?: { start: number; end: number }) => {
    let at: number | undefined = from;
    for (const statement of statements) {
      if (at === undefined) return undefined;
      at = addOne(statement, at, loop);
    }
    return at;
  };
  const addOne = (
    statement: Statement,
    at: number,
    loop?: { start: number; end: number },
  ): number | undefined => {
    const link = (from: number | undefined, to: number) => {
      if (from !== undefined) successors[from]!.push(to);
    };
    switch (statement.kind) {
      case 'step': {
        const next = open();
        link(at, next);
        return next;
      }
      case 'return':
        return undefined;
      case 'break':
      case 'continue':
        if (loop !== undefined) link(at, statement.kind === 'break' ? loop.end : loop.start);
        return undefined;
      case 'if': {
        const [first, second] = [open(), open()];
        const next = open();
        successors[at]!.push(first, second);
        link(add(statement.parts[0]!, first, loop), next);
        link(add(statement.parts[1]!, second, loop), next);
        return next;
      }
      case 'while': {
        const [start, inside, end] = [open(), open(), open()];
        link(at, start);
        successors[start]!.push(inside, end);
        link(add(statement.parts[0]!, inside, { start, end }), start);
        return end;
      }
      case 'repeat': {
        const [start, end] = [open(), open()];
        link(at, start);
        const last = add(statement.parts[0]!, start, { start, end });
        if (last !== undefined) successors[last]!.push(start, end);
        return end;
      }
      case 'choose': {
        const cases = statement.parts.map(() => open());
        const next = open();
        switches.push(at);
        successors[at]!.push(...cases, next);
        statement.parts.forEach((part, i) => {
          const last = add(part, cases[i]!, loop);
          // Falls into the next case, as in C, every other time.
          link(last, i % 2 === 0 && i + 1 < cases.length ? cases[i + 1]! : next);
        });
        return next;
      }
    }
  };
  add(program, open());
  return graphOf(successors, switches);
});
