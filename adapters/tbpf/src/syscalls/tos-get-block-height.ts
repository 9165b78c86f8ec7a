import { numberQuery } from './context-queries.ts';

/** `tos_get_block_height()`. */
export const tosGetBlockHeight = numberQuery(
  'tos_get_block_height',
  "The block's height.",
  'the height',
  (host) => host.context.block.height,
);
