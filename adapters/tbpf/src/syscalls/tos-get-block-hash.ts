import { hashQuery } from './context-queries.ts';

/** `tos_get_block_hash(out)`. */
export const tosGetBlockHash = hashQuery(
  'tos_get_block_hash',
  "Writes the block's hash, 32 bytes.",
  (host) => host.context.block.hash,
);
