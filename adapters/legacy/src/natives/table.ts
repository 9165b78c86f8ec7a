import { assetNatives } from '../chain/assets.ts';
import { eventAndCiphertextNatives, fundsNatives } from '../chain/funds.ts';
import { hashNatives, randomNatives, signatureNatives } from '../chain/hashes.ts';
import { storageNatives } from '../chain/storage.ts';
import { transactionNatives } from '../chain/transaction.ts';
import type { NativeTable } from './native.ts';
import { standardNatives } from './standard.ts';

/** Every native of the node, 0–216, by id (spec §7.4, §7.5). */
export const nodeNatives: NativeTable = Object.freeze([
  ...standardNatives,
  ...transactionNatives,
  ...storageNatives,
  ...hashNatives,
  ...randomNatives,
  ...assetNatives,
  ...fundsNatives,
  ...signatureNatives,
  ...eventAndCiphertextNatives,
]);

/** Hooks that the node registers: `constructor`, hook 0. */
export const NODE_HOOKS = 1;
