import { frameText } from './frame-text.ts';
import type { Profile } from './profile.ts';

/** A frame of speedscope's file format. */
export interface SpeedscopeFrame {
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
  readonly col?: number;
}

/** A file for https://www.speedscope.app, by its published schema. Gas above 2^53 loses digits: JSON numbers are doubles there. */
export interface SpeedscopeFile {
  readonly $schema: 'https://www.speedscope.app/file-format-schema.json';
  readonly exporter: string;
  readonly name: string;
  readonly activeProfileIndex: number;
  readonly shared: { readonly frames: readonly SpeedscopeFrame[] };
  readonly profiles: readonly {
    readonly type: 'evented';
    readonly name: string;
    readonly unit: 'none';
    readonly startValue: number;
    readonly endValue: number;
    readonly events: readonly { readonly type: 'O' | 'C'; readonly frame: number; readonly at: number }[];
  }[];
}

/** The profile as speedscope opens it: one unit on its time axis is one gas. Equal calls by one caller are one block. */
export function toSpeedscope({ frames, nodes, gasUsed }: Profile, name: string): SpeedscopeFile {
  const events: { type: 'O' | 'C'; frame: number; at: number }[] = [];
  const open: { frame: number; end: bigint; next: bigint }[] = [];
  const closeTo = (depth: number): void => {
    while (open.length > depth) {
      const { frame, end } = open.pop()!;
      events.push({ type: 'C', frame, at: Number(end) });
    }
  };
  let first = 0n;
  for (const { frame, depth, total } of nodes) {
    closeTo(depth);
    const parent = open.at(-1);
    const start = parent === undefined ? first : parent.next;
    if (parent === undefined) first = start + total;
    else parent.next = start + total;
    events.push({ type: 'O', frame, at: Number(start) });
    open.push({ frame, end: start + total, next: start });
  }
  closeTo(0);
  return {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter: 'switchyard',
    name,
    activeProfileIndex: 0,
    shared: {
      frames: frames.map((frame) => ({
        name: frameText(frame),
        ...(frame.source === undefined ? {} : { file: frame.source.file, line: frame.source.line }),
        ...(frame.source?.column === undefined ? {} : { col: frame.source.column }),
      })),
    },
    profiles: [
      {
        type: 'evented',
        name: `${name}: gas`,
        unit: 'none',
        startValue: 0,
        endValue: Number(gasUsed),
        events,
      },
    ],
  };
}
