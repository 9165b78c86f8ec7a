import { openState } from '@switchyard/state';

/*
 * PATH NONCE: sets the nonce of the account of 32 bytes 7 in an LMDB store, and ends. Run by pin.test.ts as another process.
 */

const [path, nonce] = process.argv.slice(2);
const address = new Uint8Array(32).fill(7);
const store = openState({ kind: 'lmdb', path: path! });
store.commit([{ kind: 'nonce', address, before: store.getNonce(address), after: BigInt(nonce!) }]);
await store.close();
