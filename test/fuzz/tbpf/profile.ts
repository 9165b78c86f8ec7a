/** What a kind of program is made of: weights of its straight-line pieces, and odds in percent. */
export interface Profile {
  readonly shape: 'structured' | 'unstructured' | 'recursive' | 'soup';
  readonly pieces: Readonly<Record<PieceName, number>>;
  /** How often a pointer lies near a region's border, or nowhere. */
  readonly badPointers: number;
  /** How often a callx goes where no function starts. */
  readonly badCallx: number;
}

/** Straight-line pieces of code, each a few instructions (see `pieces.ts`). */
export type PieceName =
  | 'alu'
  | 'divide'
  | 'constant'
  | 'load'
  | 'store'
  | 'burst'
  | 'pointer'
  | 'spill'
  | 'syscall'
  | 'callx'
  | 'move-frame';

const quiet: Readonly<Record<PieceName, number>> = {
  alu: 20,
  divide: 1,
  constant: 4,
  load: 8,
  store: 6,
  burst: 3,
  pointer: 2,
  spill: 6,
  syscall: 0,
  callx: 0,
  'move-frame': 0,
};

/** The kinds of bare programs that the fuzzer makes. */
export const profiles = {
  structured: { shape: 'structured', pieces: quiet, badPointers: 1, badCallx: 10 },
  unstructured: {
    shape: 'unstructured',
    pieces: { ...quiet, callx: 1, 'move-frame': 1 },
    badPointers: 1,
    badCallx: 30,
  },
  arithmetic: {
    shape: 'structured',
    pieces: {
      ...quiet,
      alu: 60,
      divide: 12,
      constant: 10,
      load: 2,
      store: 2,
      burst: 0,
      pointer: 0,
      spill: 2,
    },
    badPointers: 0,
    badCallx: 0,
  },
  memory: {
    shape: 'structured',
    pieces: { ...quiet, alu: 8, load: 14, store: 14, burst: 10, pointer: 8, spill: 8, 'move-frame': 2 },
    badPointers: 10,
    badCallx: 0,
  },
  calls: {
    shape: 'structured',
    pieces: { ...quiet, alu: 12, callx: 8, 'move-frame': 3 },
    badPointers: 1,
    badCallx: 12,
  },
  recursion: { shape: 'recursive', pieces: { ...quiet, callx: 1 }, badPointers: 1, badCallx: 10 },
  syscalls: {
    shape: 'structured',
    pieces: { ...quiet, syscall: 14, pointer: 4 },
    badPointers: 4,
    badCallx: 0,
  },
  soup: { shape: 'soup', pieces: quiet, badPointers: 20, badCallx: 50 },
} as const satisfies Readonly<Record<string, Profile>>;

/** Name of a kind of bare programs. */
export type BareKind = keyof typeof profiles;

/** How often each kind is made when none is asked for. */
export const kindWeights: Readonly<Record<BareKind, number>> = {
  structured: 20,
  unstructured: 15,
  arithmetic: 10,
  memory: 20,
  calls: 12,
  recursion: 8,
  syscalls: 10,
  soup: 5,
};
