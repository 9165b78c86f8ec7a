import { frameText } from './frame-text.ts';
import type { Profile } from './profile.ts';

/** Folded stacks, one a line: `token.so entry_1 [tbpf];entry_1;tos_log 123`. Lines without gas of their own are left out. */
export function toFolded({ frames, nodes }: Profile): string {
  const names = frames.map((frame) => frameText(frame).replaceAll(';', ':'));
  const path: string[] = [];
  let text = '';
  for (const { frame, depth, self } of nodes) {
    path.length = depth;
    path.push(names[frame]!);
    if (self !== 0n) text += `${path.join(';')} ${self}\n`;
  }
  return text;
}
