import { numberQuery } from './context-queries.ts';

/** `tos_get_block_timestamp()`. */
export const tosGetBlockTimestamp = numberQuery(
  'tos_get_block_timestamp',
  "The block's time, never the system clock's.",
  'seconds',
  (host) => host.context.block.timestamp,
);
