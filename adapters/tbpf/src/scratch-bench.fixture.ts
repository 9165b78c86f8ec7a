import { readFileSync } from 'node:fs';
import { prepareVector } from './vectors/run-vector.ts';
import { compilerInputOf } from './compiler/input.ts';
import { compileProgram } from './compiler/compile.ts';
import { Cell, layoutOf } from './linear/layout.ts';
import { ModuleBuilder, I64, Op as WO } from '@switchyard/wasm-builder';
const W: any = (globalThis as any).WebAssembly;
const dir = new URL('../../../fixtures/bench/tbpf/', import.meta.url);
const read = (f: string) => readFileSync(new URL(f, dir), 'utf8').trim();
const hexToBytes = (h: string) => Uint8Array.from(Buffer.from(h, 'hex'));
const manifest = JSON.parse(read('manifest.json'));
const only = process.argv[2];
for (const [name, m] of Object.entries<any>(manifest)) for (const [version, p] of Object.entries<any>(m.programs)) {
  if (only && !`${name}.${version}`.includes(only)) continue;
  const runs: (() => number)[] = [];
  for (const meter of [true, false]) {
    const v: any = { id: name, engine: 'tbpf', code: hexToBytes(read(p.file)), codeKind: 'text', gasLimit: BigInt(p.gasLimit), expect: {},
      fields: { version, heap: m.heap, functions: p.functions, ...(m.input ? { input: read(m.input) } : {}), config: { enable_instruction_meter: meter } } };
    const a: any = prepareVector(v);
    const program = a.machine.program;
    const layout = layoutOf(program, m.heap);
    const c = compileProgram(compilerInputOf(program, m.heap, [0]))!;
    const inputBytes = a.machine.memory.bytes[4];
    const mem = new W.Memory({ initial: Math.ceil((layout.input + inputBytes.length + 16) / 65536) });
    const u8 = new Uint8Array(mem.buffer); const i32 = new Int32Array(mem.buffer); const i64 = new BigInt64Array(mem.buffer);
    u8.set(inputBytes, layout.input); i32[Cell.inputLength >> 2] = inputBytes.length;
    const inst = new W.Instance(new W.Module(c.bytes), { tbpf: { memory: mem, resume() { throw new Error('resume pc ' + i32[Cell.pc >> 2]); }, syscall() { return 1; }, unwind() {} } });
    runs.push(() => {
      u8.set(inputBytes, layout.input); u8.fill(0, layout.heap, layout.heap + m.heap);
      i64[1] = 0x400000000n; i64[Cell.meter >> 3] = BigInt(p.gasLimit); i64[10] = program.features.dynamicFrames ? 0x200000000n + BigInt(layout.stackBytes) : 0n;
      const t = performance.now(); inst.exports.f0(); const d = performance.now() - t;
      if (i64[0] !== BigInt.asIntN(64, BigInt(p.r0))) throw new Error('r0 ' + i64[0] + ' ' + p.r0);
      return Number(p.instructions) / d / 1000;
    });
  }
  if (name === 'c_fib27') {
    const mb = new ModuleBuilder(); const f = mb.addFunction(mb.addType([I64], [I64])); mb.exportFunction('f', f);
    const b = mb.body(f); b.localGet(0); b.i64Const(1); b.op(WO.i64LeU); b.if(); b.localGet(0); b.op(WO.return); b.end();
    b.localGet(0); b.i64Const(1); b.op(WO.i64Sub); b.call(f); b.localGet(0); b.i64Const(2); b.op(WO.i64Sub); b.call(f); b.op(WO.i64Add); b.finish();
    const inst = new W.Instance(new W.Module(mb.finish()), {});
    runs.push(() => { const t = performance.now(); for (let i = 0; i < 13; i++) inst.exports.f(27n); return Number(p.instructions) / (performance.now() - t) / 1000; });
  }
  const rates: number[][] = runs.map(() => []);
  for (let i = 0; i < 15; i++) runs.forEach((r, k) => { const x = r(); if (i > 3) rates[k].push(x); });
  const med = rates.map((r) => r.sort((x, y) => x - y)[r.length >> 1]!);
  const ratios = (k: number) => (med[0]! / med[k]!).toFixed(3);
  console.log(`${name}.${version}`.padEnd(20), med.map((x) => x.toFixed(0).padStart(7)).join(' '), 'on/off', ratios(1), med.length > 2 ? 'vs twin ' + ratios(2) : '');
}
