import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { readdirSync } from 'node:fs';
import { prepareVector } from './vectors/run-vector.ts';
import { compilerInputOf } from './compiler/input.ts';
import { compileProgram } from './compiler/compile.ts';
import { Cell, layoutOf } from './linear/layout.ts';
import { MemoryMap } from './memory/memory-map.ts';
import { run } from './interpreter/interpreter.ts';
import { nativeError } from './native-error.ts';
import { Op } from './isa/op.ts';
import { createHash } from 'node:crypto';
const W: any = (globalThis as any).WebAssembly;
const hexToBytes = (h: string) => Uint8Array.from(Buffer.from(h, 'hex'));
const UNWIND = { unwind: true };

export function runCompiled(prepared: any, opts: any = {}) {
  const { machine, heapSize } = prepared;
  const program = machine.program;
  const layout = layoutOf(program, heapSize);
  const input = compilerInputOf(program, heapSize, [machine.pc], opts.profile);
  const c = compileProgram(input, { checked: true });
  if (!c) return { skipped: true };
  if (!W.validate(c.bytes)) { new W.Module(c.bytes); }
  const inputBytes = machine.memory.bytes[4];
  const mem = new W.Memory({ initial: Math.ceil((layout.input + inputBytes.length + 16) / 65536) });
  const u8 = new Uint8Array(mem.buffer);
  const i32 = new Int32Array(mem.buffer);
  const i64 = new BigInt64Array(mem.buffer);
  const config = program.executable.config;
  u8.set(program.executable.readOnly.bytes, layout.readOnly);
  u8.set(inputBytes, layout.input);
  i32[Cell.inputLength >> 2] = inputBytes.length;
  const old = machine.memory;
  const dyn = program.features.dynamicFrames;
  const view = (a: number, n: number) => u8.subarray(a, a + n);
  machine.memory = new MemoryMap({
    programBase: Number(program.executable.readOnly.address - 0x1_0000_0000n),
    program: view(layout.readOnly, layout.readOnlyBytes), stack: view(layout.stack, layout.stackBytes),
    heap: view(layout.heap, layout.heapBytes), input: view(layout.input, inputBytes.length),
    frameSize: config.stackFrameSize, gapped: !dyn && config.enableStackFrameGaps, maxCallDepth: config.maxCallDepth,
    stackErrors: program.executable.version === 0,
  });
  void old;
  const metered = config.enableInstructionMeter;
  let drawn = 0;
  const put = () => { for (let r = 0; r <= 10; r++) i64[(Cell.registers >> 3) + r] = BigInt.asIntN(64, machine.register(r));
    i64[Cell.meter >> 3] = BigInt(drawn = machine.meter.draw(Number.MAX_SAFE_INTEGER)); };
  const get = (regs: number) => { for (let r = 0; r <= 10; r++) if (regs & (1 << r)) machine.setRegister(r, i64[(Cell.registers >> 3) + r]);
    const left = Number(i64[Cell.meter >> 3]); if (left < 0) throw new Error('negative meter ' + left); machine.meter.giveBack(metered ? left : drawn); };
  let resumes = 0;
  const imports = { tbpf: {
    memory: mem,
    resume(exitDepth: number) {
      resumes++;
      get(0x7ff);
      machine.pc = i32[Cell.pc >> 2]; machine.depth = i32[Cell.depth >> 2];
      if (machine.depth !== exitDepth) throw new Error('depth ' + machine.depth + ' ' + exitDepth);
      for (let n = 0; ; n++) {
        if (n > 3e6) throw new Error('too long');
        const isExit = machine.pc < program.length && program.code[machine.pc * 4] === Op.Exit && machine.depth === exitDepth;
        if (isExit) {
          if (metered && !machine.meter.charge(1)) { machine.fault = nativeError('run', 'ExceededMaxInstructions'); throw UNWIND; }
          machine.instructions++;
          break;
        }
        const o = run(machine, 1);
        if (o === 'faulted') throw UNWIND;
      }
      put();
    },
    syscall(index: number) {
      get(0x3e);
      machine.pc = i32[Cell.pc >> 2];
      const error = program.syscalls[index].run(machine);
      if (error) { machine.fault = nativeError('run', 'SyscallError', { raw: error.detail }); return 1; }
      put();
      return 0;
    },
    unwind() { throw UNWIND; },
  } };
  const instance = new W.Instance(new W.Module(c.bytes), imports);
  put();
  const entry = machine.pc;
  try { instance.exports['f' + entry](); get(1); } catch (e) { if (e !== UNWIND) throw e; }
  return { resumes };
}
export function* vectors() {
  const dir = new URL('../../../fixtures/vectors/tbpf/', import.meta.url);
  for (const f of readdirSync(dir)) {
    if (!f.endsWith('.jsonl.gz')) continue;
    for (const line of gunzipSync(readFileSync(new URL(f, dir))).toString().split('\n')) {
      if (!line) continue;
      const v = JSON.parse(line);
      const { id, engine, code, codeKind, gasLimit, expect, ...fields } = v;
      yield { id, engine, code: hexToBytes(code), codeKind, gasLimit: BigInt(gasLimit), fields: { ...fields }, expect } as any;
    }
  }
}
const sha = (b: Uint8Array) => createHash('sha256').update(b).digest('hex');
function main() {
  let n = 0, bad = 0, resumed = 0, skipped = 0, rejected = 0;
  const only = process.argv[2];
  for (const v of vectors()) {
    if (only && v.id !== only) continue;
    const a: any = prepareVector(v);
    if (!a.machine) { rejected++; continue; }
    const b: any = prepareVector(v);
    run(a.machine);
    let r: any;
    try { r = runCompiled(b); } catch (e: any) { console.log(v.id, v.tag, 'THROWN', e.message?.slice(0, 300)); if (only) console.log(e.stack); bad++; if (bad > 20) break; continue; }
    n++;
    if (r.skipped) { skipped++; continue; }
    if (r.resumes) resumed++;
    const ma = a.machine, mb = b.machine;
    const diff: string[] = [];
    if (ma.fault?.detail !== mb.fault?.detail) diff.push(`fault ${ma.fault?.detail} / ${mb.fault?.detail}`);
    if (ma.meter.used !== mb.meter.used) diff.push(`used ${ma.meter.used} / ${mb.meter.used}`);
    if (!ma.fault && ma.register(0) !== mb.register(0)) diff.push(`r0 ${ma.register(0)} / ${mb.register(0)}`);
    if (ma.fault && ma.fault.name !== 'SyscallError' && ma.pc !== mb.pc) diff.push(`pc ${ma.pc} / ${mb.pc}`);
    for (const s of [2, 3, 4]) if (sha(ma.memory.bytes[s]) !== sha(mb.memory.bytes[s])) diff.push('memory ' + s);
    if (JSON.stringify(a.host.log.map((x: any) => [...x])) !== JSON.stringify(b.host.log.map((x: any) => [...x]))) diff.push('log');
    if (diff.length) { console.log(v.id, v.tag, diff.join('; ')); if (++bad > 20) break; }
  }
  console.log({ n, bad, resumed, skipped, rejected });
}
main();
