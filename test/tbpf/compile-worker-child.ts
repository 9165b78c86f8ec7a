import { readFileSync } from 'node:fs';
import {
  COMPILED_CODE_CACHE,
  createContext,
  createEngineServices,
  HostPorts,
  JournaledState,
  MemoryBackend,
} from '@switchyard/core';
import { openCodeCache } from '@switchyard/state';
import { tbpfEngine } from '@switchyard/tbpf';

/*
 * Runs a contract, with what was built, until its runs are compiled code, and a little longer; then says how it came there, and lets the
 * process end by itself. Arguments: the contract's file, the directory of the cache.
 */

const [file, directory] = process.argv.slice(2) as [string, string];
const code = new Uint8Array(readFileSync(file));
const ports = new HostPorts().set(COMPILED_CODE_CACHE, openCodeCache({ directory }));
const engine = tbpfEngine.create({}, createEngineServices({ ports }));
const context = createContext({ contract: new Uint8Array(32).fill(7), gasLimit: 1_000_000n });

const deadline = Date.now() + 60_000;
const outcomes = new Set<string>();
let runs = 0;
let before = 0;
let after = 0;
while (after < 10 && Date.now() < deadline) {
  const result = engine.execute(code, context, new JournaledState(new MemoryBackend()));
  const { status, exitCode, gasUsed, stats } = result;
  outcomes.add([status, exitCode, gasUsed, stats.instructions].join(' '));
  runs++;
  if (stats.tier === 'compiled') after++;
  else before++;
}
process.stdout.write(`${JSON.stringify({ outcomes: [...outcomes], before, after, runs })}\n`);
