import { ControlFlow } from './flow/control-flow.ts';
import { type BlockGraph, Terminator } from './flow/graph.ts';
import type { FunctionBody } from './function-body.ts';
import { ModuleBuilder } from './module-builder.ts';
import { Op } from './opcodes.ts';
import { I32, I64 } from './value-types.ts';

/* Speed of emission and of structuring: `npx tsx packages/wasm-builder/src/wasm-builder.bench.ts`. Medians of warm runs, in ms. */

const RUNS = 15;

function median(run: () => void): { readonly first: number; readonly median: number } {
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return { first: times[0]!, median: [...times].sort((a, b) => a - b)[RUNS >> 1]! };
}

/** What a compiler of TBPF writes for a block: arithmetic on locals, a checked load and store, a comparison at the end. */
function emitBlock(body: FunctionBody, block: number): void {
  for (let i = 0; i < 3; i++) {
    body.localGet(i);
    body.i64Const((block * 77) | 0);
    body.op(Op.i64Add);
    body.localSet(i + 1);
    body.localGet(i);
    body.op(Op.i32WrapI64);
    body.memory(Op.i64Load, 0x10_0000 + block);
    body.localTee(i);
    body.localGet(3);
    body.op(Op.i64Xor);
    body.localSet(2);
  }
  body.localGet(0);
  body.localGet(1);
  body.op(Op.i64GtU);
}

/** Loops of four blocks one after another, each with an early exit before it and a branch forward in it. */
function contractLike(blockCount: number): BlockGraph {
  const edgeStart = new Int32Array(blockCount + 1);
  const edgeTarget = new Int32Array(blockCount * 2);
  const terminator = new Uint8Array(blockCount);
  let edges = 0;
  for (let block = 0; block < blockCount; block++) {
    edgeStart[block] = edges;
    if (block === blockCount - 1) continue;
    terminator[block] = Terminator.branch;
    const place = block % 5;
    const taken = place === 4 ? block - 3 : Math.min(block + 1 + (block % 3), block - place + 4);
    edgeTarget[edges++] = place === 0 ? blockCount - 1 : Math.min(taken, blockCount - 1);
    edgeTarget[edges++] = block + 1;
  }
  edgeStart[blockCount] = edges;
  return { blockCount, edgeStart, edgeTarget, terminator };
}

function emitModule(functions: number, blocks: number, checked: boolean): Uint8Array {
  const builder = new ModuleBuilder({ checked });
  builder.addMemory({ minimum: 1 });
  const type = builder.addType([I64, I64, I64, I64], [I64]);
  const flow = new ControlFlow();
  const graph = contractLike(blocks);
  for (let i = 0; i < functions; i++) {
    const body = builder.body(builder.addFunction(type));
    body.addLocal(I32);
    const analysis = flow.analyze(graph);
    flow.emit(analysis, body, {
      emitBlock(block) {
        if (block < blocks - 1) {
          emitBlock(body, block);
        } else {
          body.localGet(0);
          body.op(Op.return);
        }
      },
    });
    body.finish();
  }
  return builder.finish();
}

const JUST_LEAVE = (body: FunctionBody, graph: BlockGraph) => ({
  emitBlock(block: number): void {
    if (graph.terminator[block] === Terminator.exit) body.op(Op.return);
    else if (graph.terminator[block] === Terminator.branch) body.i32Const(block);
  },
});

function structure(graph: BlockGraph, shape: 'auto' | 'dispatcher'): string {
  const builder = new ModuleBuilder();
  const body = builder.body(builder.addFunction(builder.addType([], [])));
  const flow = new ControlFlow();
  const found = flow.emit(flow.analyze(graph), body, JUST_LEAVE(body, graph), { shape });
  body.finish();
  builder.finish();
  return found;
}

/** Every block may leave to the last one, or go on: 100,000 edges meet there. */
function earlyExits(blockCount: number): BlockGraph {
  const graph = contractLike(blockCount);
  for (let edge = 0; edge < graph.edgeTarget.length; edge += 2) graph.edgeTarget[edge] = blockCount - 1;
  return graph;
}

/** Half of the blocks open a loop, the other half close one each. */
function nestedLoops(blockCount: number): BlockGraph {
  const graph = contractLike(blockCount);
  for (let block = 0; block < blockCount - 1; block++) {
    graph.edgeTarget[2 * block] = block < blockCount / 2 ? block + 1 : blockCount - 1 - block;
  }
  return graph;
}

const size = emitModule(500, 32, false).length;
for (const checked of [false, true]) {
  const time = median(() => void emitModule(500, 32, checked));
  const speed = size / 1e3 / time.median;
  console.log(
    `emit ${size} bytes, 500 functions of 32 blocks${checked ? ', checked' : ''}: ` +
      `${time.median.toFixed(1)} ms, ${speed.toFixed(1)} MB/s (first ${time.first.toFixed(1)} ms)`,
  );
}
const TINY_RUNS = 1000;
const tiny = median(() => {
  for (let i = 0; i < TINY_RUNS; i++) emitModule(1, 6, false);
});
console.log(`a module of one function with 6 blocks: ${((tiny.median * 1e3) / TINY_RUNS).toFixed(1)} µs`);
for (const [name, make] of Object.entries({ contractLike, earlyExits, nestedLoops })) {
  for (const count of [25_000, 50_000, 100_000]) {
    const graph = make(count);
    for (const shape of ['auto', 'dispatcher'] as const) {
      let found = '';
      const time = median(() => {
        found = structure(graph, shape);
      });
      console.log(`${name}, ${count} blocks, ${found}: ${time.median.toFixed(1)} ms`);
    }
  }
}
