import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../../packages/cli/bin/switchyard.js', import.meta.url));
const MIB = 1024 * 1024;

/** A vector of about `bytes` bytes: a long input and the program `exit`. */
function vectorLine(bytes: number): string {
  const input = '5a'.repeat(bytes / 2);
  const fields = {
    id: 'long',
    engine: 'tbpf',
    version: 'v0',
    codeKind: 'text',
    code: '9500000000000000',
    input,
  };
  return `${JSON.stringify({ ...fields, gasLimit: '1', expect: { status: 'ok', r0: '0' } })}\n`;
}

/** Highest resident size of a process so far, in bytes (Linux). */
function peakMemory(pid: number): number {
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

test.runIf(process.platform === 'linux')(
  'vectors run reads 1 GiB from a pipe in bounded memory',
  async () => {
    const line = Buffer.from(vectorLine(128 * 1024));
    const count = Math.ceil((1024 * MIB) / line.length);
    const child = spawn(process.execPath, [bin, 'vectors', 'run', '-', '--quiet'], {
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let summary = '';
    child.stderr.on('data', (chunk: Buffer) => {
      summary += chunk.toString();
    });
    const ended = once(child, 'close');
    let peak = 0;
    for (let sent = 0; sent < count; sent++) {
      if (!child.stdin.write(line)) await once(child.stdin, 'drain');
      if (sent % 64 === 0) peak = Math.max(peak, peakMemory(child.pid!));
    }
    child.stdin.end();
    const [status] = await ended;
    expect(summary).toContain(`${count} vectors: ${count} passed, 0 failed`);
    expect(status).toBe(0);
    console.log(
      `peak resident memory ${Math.round(peak / MIB)} MiB for ${Math.round((count * line.length) / MIB)} MiB of vectors`,
    );
    expect(peak).toBeLessThan(768 * MIB);
  },
  600_000,
);
