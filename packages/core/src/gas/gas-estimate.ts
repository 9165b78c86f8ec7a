/** How much gas a call needs. */
export interface GasEstimate {
  /** The limit to set: what the call needs, plus the margin. */
  readonly gasLimit: bigint;
  /** What the call uses when run at that limit. */
  readonly gasUsed: bigint;
  readonly refund: bigint;
  /** How many times the call was run to find out. */
  readonly runs: number;
  /** `exact`: the smallest limit that works, proved by a run. `search`: a limit that works; a smaller one may work too. */
  readonly method: 'exact' | 'search';
  /** The part of `gasLimit` that the caller asked for on top of the need. */
  readonly margin: bigint;
  /** True when the need with the whole margin is above what the block or a transaction may use; `gasLimit` is cut to that, never below the need. */
  readonly exceedsLimit: boolean;
}
