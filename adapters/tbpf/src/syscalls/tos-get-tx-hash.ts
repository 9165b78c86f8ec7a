import { hashQuery } from './context-queries.ts';

/** `tos_get_tx_hash(out)`. */
export const tosGetTxHash = hashQuery(
  'tos_get_tx_hash',
  "Writes the transaction's hash, 32 bytes.",
  (host) => host.context.tx.hash,
);
