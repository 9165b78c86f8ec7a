import { createContext, createEngineServices, JournaledState, MemoryBackend } from '@switchyard/core';
import { TbpfEngine, TbpfTools } from '@switchyard/tbpf';
import { expect, test } from 'vitest';

test("the program of the adapter's README prints what it says", () => {
  const code = new TbpfTools().assemble('entrypoint: add64 r10, 0\nmov64 r0, 7\nexit');
  const engine = new TbpfEngine({}, createEngineServices());
  const result = engine.execute(code, createContext(), new JournaledState(new MemoryBackend()));
  expect([result.status, result.exitCode, result.gasUsed]).toEqual(['reverted', 7n, 3n]);
});
