import type { EngineTier } from '@switchyard/core';
import { readLines } from './read-lines.ts';
import type { VectorBatch } from './run-batch.ts';

/** A batch is handed over when it holds so many vectors or so much text, whichever comes first. */
const BATCH_LINES = 64;
const BATCH_CHARACTERS = 1_000_000;

/** The vectors of several files in order, in batches that fit a worker's hand. */
export async function* batchesOf(files: readonly string[], tier: EngineTier): AsyncGenerator<VectorBatch> {
  for (const path of files) {
    let lines: { text: string; number: number }[] = [];
    let characters = 0;
    for await (const line of readLines(path)) {
      lines.push(line);
      characters += line.text.length;
      if (lines.length < BATCH_LINES && characters < BATCH_CHARACTERS) continue;
      yield { path, lines, tier };
      lines = [];
      characters = 0;
    }
    if (lines.length > 0) yield { path, lines, tier };
  }
}
