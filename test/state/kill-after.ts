import { spawn } from 'node:child_process';
import { expect } from 'vitest';

/**
 * Starts a child that writes a number on a line for every call that is done, kills it (SIGKILL) after so many, and gives the last
 * number that it wrote.
 */
export async function killAfter(child: string, path: string, calls: number): Promise<number> {
  const writer = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', child, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  writer.stdout.setEncoding('utf8');
  writer.stdout.on('data', (piece: string) => {
    text += piece;
    if (text.split('\n').length > calls) writer.kill('SIGKILL');
  });
  const signal = await new Promise<string | null>((resolve) =>
    writer.on('close', (_code, name) => resolve(name)),
  );
  expect(signal).toBe('SIGKILL');
  return Number(text.split('\n').slice(0, -1).at(-1));
}
