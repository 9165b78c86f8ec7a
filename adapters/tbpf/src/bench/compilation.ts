import type { Benchmark, PreparedBenchmark } from '@switchyard/core';
import { compileProgram } from '../compiler/compile.ts';
import { compilerInputOf } from '../compiler/input.ts';
import { assembleBench, decodeBench, meterConfig, requireWebAssembly } from './bare-runner.ts';
import { contractSource } from './contract-source.ts';

/** Functions of a generated contract with that much text, in KiB. */
const FUNCTIONS: Readonly<Record<number, number>> = { 64: 177, 128: 357, 256: 717, 512: 1436 };

const HEAP_BYTES = 32_768;

/** Milliseconds of making compiled code: writing the module, and the host's part of it, `new WebAssembly.Module`. */
export function compileBenchmarks(): readonly Benchmark[] {
  return Object.entries(FUNCTIONS).flatMap(([size, functions]) => {
    const common = { tier: 'compiled', meter: 'on', metric: 'ms-compile' } as const;
    return [
      { ...common, program: `text_${size}k.emission`, prepare: () => prepareEmission(functions) },
      { ...common, program: `text_${size}k.module`, prepare: () => prepareModule(functions) },
    ];
  });
}

function emitter(functions: number): () => Uint8Array {
  const text = assembleBench(contractSource({ functions, called: 49, rounds: 1 }), 0);
  const program = decodeBench(text, meterConfig('on'));
  const { entryPc } = program.executable;
  return () => {
    const compiled = compileProgram(compilerInputOf(program, HEAP_BYTES, [entryPc]));
    if (compiled === undefined) throw new Error('the program was not compiled.');
    return compiled.bytes;
  };
}

function prepareEmission(functions: number): PreparedBenchmark {
  const emit = emitter(functions);
  return { units: 1, run: emit };
}

function prepareModule(functions: number): PreparedBenchmark {
  const { Module } = requireWebAssembly();
  const bytes = emitter(functions)();
  let unique = Math.floor(Math.random() * 0x7fff_ffff);
  let fresh = bytes;
  return {
    units: 1,
    before() {
      fresh = withCustomSection(bytes, unique++);
    },
    run: () => void new Module(fresh),
  };
}

/** The module with a section that means nothing: V8 knows modules by their bytes, and would not compile the same ones again. */
function withCustomSection(module: Uint8Array, value: number): Uint8Array {
  const name = 0x78;
  const changed = new Uint8Array(module.length + 8);
  changed.set(module);
  changed.set([0, 6, 1, name], module.length);
  new DataView(changed.buffer).setUint32(module.length + 4, value, true);
  return changed;
}
