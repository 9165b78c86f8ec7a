import { hashQuery } from './context-queries.ts';

/** `tos_get_contract_hash(out)`. */
export const tosGetContractHash = hashQuery(
  'tos_get_contract_hash',
  'Writes the executing contract, 32 bytes.',
  (host) => host.contract,
);
