import type { Profile } from './profile.ts';

/** A profile whose names are as bad as a contract can make them. */
export const HOSTILE_NAME = '</script><img src=x onerror=alert(1)>;\u001b[2J"\'&';

export const sampleProfile: Profile = {
  status: 'failed',
  error: 'OUT_OF_GAS',
  gasUsed: 1_000n,
  gasLimit: 1_000n,
  isCut: false,
  frames: [
    { kind: 'contract', name: 'a.so entry_0', contract: '01'.repeat(32), engine: 'tbpf' },
    {
      kind: 'function',
      name: HOSTILE_NAME,
      contract: '01'.repeat(32),
      source: { file: 'a;b.c', line: 3, column: 7 },
    },
    { kind: 'syscall', name: 'tos_log' },
  ],
  nodes: [
    { frame: 0, depth: 0, calls: 1, self: 0n, total: 1_000n },
    { frame: 1, depth: 1, calls: 2, self: 300n, total: 1_000n },
    { frame: 2, depth: 2, calls: 4, self: 400n, total: 400n },
    { frame: 1, depth: 2, calls: 1, self: 300n, total: 300n },
  ],
  lines: [{ contract: '01'.repeat(32), source: { file: 'a;b.c', line: 3 }, gas: 600n }],
};
