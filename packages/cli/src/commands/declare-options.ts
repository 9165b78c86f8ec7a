import { ARGUMENT_TYPES } from '@switchyard/core';
import { type Command, Option } from 'commander';

/** What every command's options have. */
export type Declared = { readonly json?: boolean };

/** For an option that may be repeated: all its values, in order. */
export const collect = (value: string, previous: readonly string[] | undefined): readonly string[] => [
  ...(previous ?? []),
  value,
];

/** Options of everything that reads the configuration. */
export function common(command: Command): Command {
  return command
    .option('--json', 'print the result as JSON')
    .option('--config <file>', 'configuration file, instead of the nearest switchyard.config.*');
}

/** And of what works on a store. */
export function withState(command: Command): Command {
  return common(command).option(
    '--state <path>',
    'LMDB store, postgres:// address, or "memory" (default: .switchyard/state)',
  );
}

/** Options of everything that runs a contract. */
export function transaction(command: Command): Command {
  return command
    .option('--input <hex>', 'input bytes')
    .addOption(
      new Option(
        '--arg <type:value>',
        `an argument as the contract's engine takes it; repeat in order (${ARGUMENT_TYPES})`,
      ).argParser(collect),
    )
    .option('--gas <units>', 'gas limit (default: gas.defaultLimit of the configuration)')
    .option('--gas-price <amount>', 'native units for a unit of gas')
    .option('--value <amount>', 'native units to give along')
    .addOption(
      new Option('--deposit <asset=amount>', 'units of another asset to give along; repeat').argParser(
        collect,
      ),
    )
    .option('--from <address>', 'sender (default: the zero address)')
    .option('--height <n>', 'block height')
    .option('--timestamp <seconds>', 'block time')
    .option('--tx-hash <hash>', 'transaction hash');
}

/** And of what calls one of its entries. */
export function call(command: Command): Command {
  return transaction(
    command
      .option('--entry <entry>', 'N for entry_N, or the name of a function (default: entrypoint)')
      .option('--hook <n>', 'N for hook_N')
      .option('--static', 'read-only: any change of state fails the call'),
  );
}

/** Options of a call of a contract file, which starts in an empty state. */
export function fileCall(command: Command): Command {
  return call(command)
    .addOption(
      new Option(
        '--balance <address=amount>',
        'native balance to start with, for a file; ADDRESS/ASSET=AMOUNT for another asset; repeat',
      ).argParser(collect),
    )
    .option('--engine <type>', 'engine to run a file on');
}
