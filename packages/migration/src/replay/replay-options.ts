import type { AcceptedRule } from '../compare/accepted.ts';

/** How to replay. */
export interface ReplayOptions {
  /** Engines: URLs or package names of modules with a container module. */
  readonly engines: readonly string[];
  readonly accepted?: readonly AcceptedRule[];
  /** The day on which rules expire or not, such as `2026-11-21`. */
  readonly today: string;
  /** Folder for what must survive a kill, and for the result. Absent: nothing is kept, and the replay can't be resumed. */
  readonly folder?: string;
  /** Begin anew, whatever the folder holds. */
  readonly restart?: boolean;
  /** Calls from checkpoint to checkpoint, at least; default 20,000, about a second at full speed. */
  readonly checkpointCalls?: number;
  /** One worker a side (the default), or both in this thread. */
  readonly threads?: 'workers' | 'here';
  /** Told after each batch. */
  readonly onProgress?: (progress: ReplayProgress) => void;
}

/** How far a replay is. */
export interface ReplayProgress {
  readonly calls: number;
  readonly different: number;
  readonly corrupt: number;
  /** Calls that were done before, when the replay goes on where a killed one ended. */
  readonly resumedAt: number;
}
