import { environmentTrap, Trap } from '../interpreter/trap.ts';
import { free, method, type Native } from '../natives/native.ts';
import { chainHostOf } from './chain-host.ts';
import { addressBytes, giveOpaque, giveU64, on } from './opaque-values.ts';

/** A getter of a block header that the node never puts into the context, so it always fails (spec §7.5). */
function missing(name: string, cost: number): Native {
  return method(`Block.${name}`, 0, cost, () => {
    throw environmentTrap('Any', '(current block not found)');
  });
}

/** Natives 134–151. */
export const transactionNatives: readonly Native[] = [
  free('Transaction.current', 0, 5, (machine) => giveOpaque(machine, 'Transaction')),
  method(
    'Transaction.nonce',
    0,
    5,
    on('Transaction', (machine) => giveU64(machine, chainHostOf(machine).context.tx.nonce)),
  ),
  method(
    'Transaction.hash',
    0,
    5,
    on('Transaction', (machine) => giveOpaque(machine, 'Hash', chainHostOf(machine).context.tx.hash)),
  ),
  method(
    'Transaction.source',
    0,
    5,
    on('Transaction', (machine) => {
      const host = chainHostOf(machine);
      return giveOpaque(machine, 'Address', addressBytes(host.context.tx.sender, host.isMainnet));
    }),
  ),
  // The border knows no flat fee: what the sender has put down is the gas limit at the gas price.
  method(
    'Transaction.fee',
    0,
    5,
    on('Transaction', (machine) => {
      const { gasLimit, gasPrice } = chainHostOf(machine).context;
      return giveU64(machine, gasLimit * gasPrice);
    }),
  ),
  method('Transaction.signature', 0, 5, () => {
    throw new Trap('host', 'machine', 'SignatureUnsupported');
  }),
  free('Block.current', 0, 5, (machine) => giveOpaque(machine, 'Block')),
  missing('nonce', 5),
  missing('timestamp', 5),
  missing('height', 5),
  missing('extra_nonce', 5),
  method(
    'Block.hash',
    0,
    5,
    on('Block', (machine) => giveOpaque(machine, 'Hash', chainHostOf(machine).context.block.hash)),
  ),
  missing('miner', 5),
  missing('version', 5),
  missing('tips', 5),
  missing('transactions_hashes', 50),
  missing('transactions', 250),
  missing('transactions_count', 1),
];
