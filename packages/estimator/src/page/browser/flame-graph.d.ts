/*
 * Types of the profiler's FLAME_GRAPH_SCRIPT, which the service sends as flame-graph.js.
 */

export interface FlameGraphParts {
  readonly graph: HTMLElement;
  /** Says what the block under the pointer or the focus is. */
  readonly told: HTMLElement;
  readonly search: HTMLInputElement;
  readonly found: HTMLElement;
  /** Zooms out. */
  readonly out: HTMLButtonElement;
}

export interface FlameGraphData {
  readonly frames: readonly {
    readonly kind: 'contract' | 'function' | 'syscall' | 'rest';
    readonly name: string;
    readonly source?: string;
    readonly contract?: string;
  }[];
  /** Depth first; gas as decimal text. */
  readonly nodes: readonly (readonly [
    frame: number,
    depth: number,
    calls: number,
    self: string,
    total: string,
  ])[];
}

/** Draws into the parts, which must be in the page. @returns draws again, for another width. */
export function drawFlameGraph(parts: FlameGraphParts, data: FlameGraphData): () => void;
