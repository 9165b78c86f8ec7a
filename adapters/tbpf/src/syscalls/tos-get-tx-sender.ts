import { hashQuery } from './context-queries.ts';

/** `tos_get_tx_sender(out)`. */
export const tosGetTxSender = hashQuery(
  'tos_get_tx_sender',
  'Writes who signed the transaction, 32 bytes.',
  (host) => host.context.tx.sender,
);
