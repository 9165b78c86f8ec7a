import { type EngineServices, HOST_FUNCTIONS } from '@switchyard/core';
import { hostSyscalls } from './host-functions.ts';
import { createSyscallTable, type Syscall, type SyscallTable } from './syscall.ts';
import { tosAssetCreate } from './tos-asset-create.ts';
import { tosAssetMint } from './tos-asset-mint.ts';
import { tosAssetSupply } from './tos-asset-supply.ts';
import { tosBurn } from './tos-burn.ts';
import { tosFireEvent } from './tos-fire-event.ts';
import { tosGetAssetBalance } from './tos-get-asset-balance.ts';
import { tosGetBalance } from './tos-get-balance.ts';
import { tosGetBlockHash } from './tos-get-block-hash.ts';
import { tosGetBlockHeight } from './tos-get-block-height.ts';
import { tosGetBlockTimestamp } from './tos-get-block-timestamp.ts';
import { tosGetContractHash } from './tos-get-contract-hash.ts';
import { tosGetGasLeft } from './tos-get-gas-left.ts';
import { tosGetReturnData } from './tos-get-return-data.ts';
import { tosGetTxHash } from './tos-get-tx-hash.ts';
import { tosGetTxSender } from './tos-get-tx-sender.ts';
import { tosBlake3, tosKeccak256, tosSha256 } from './tos-hashes.ts';
import { tosHostOf } from './tos-host.ts';
import { tosInvokeContract } from './tos-invoke-contract.ts';
import { tosLog } from './tos-log.ts';
import { tosMemcmp, tosMemcpy, tosMemmove, tosMemset } from './tos-memory.ts';
import { tosRandom } from './tos-random.ts';
import { tosSetReturnData } from './tos-set-return-data.ts';
import { tosStorageDelete } from './tos-storage-delete.ts';
import { tosStorageRead } from './tos-storage-read.ts';
import { tosStorageWrite } from './tos-storage-write.ts';
import type { TosSyscall } from './tos-syscall.ts';
import { tosTransfer } from './tos-transfer.ts';
import { tosTransferAsset } from './tos-transfer-asset.ts';

/** Every tos_* syscall, in the order of tos-syscalls.md parts A and B. */
export const tosSyscalls: readonly TosSyscall[] = [
  tosLog,
  tosGetBlockHash,
  tosGetBlockHeight,
  tosGetTxHash,
  tosGetTxSender,
  tosGetContractHash,
  tosGetBalance,
  tosTransfer,
  tosStorageRead,
  tosStorageWrite,
  tosStorageDelete,
  tosSetReturnData,
  tosGetReturnData,
  tosGetAssetBalance,
  tosTransferAsset,
  tosBurn,
  tosAssetCreate,
  tosAssetMint,
  tosAssetSupply,
  tosFireEvent,
  tosInvokeContract,
  tosGetGasLeft,
  tosGetBlockTimestamp,
  tosRandom,
  tosSha256,
  tosKeccak256,
  tosBlake3,
  tosMemcpy,
  tosMemmove,
  tosMemset,
  tosMemcmp,
];

/** Older names of the integration plan, with the same behaviour. */
export const tosAliases: readonly (readonly [alias: string, of: TosSyscall])[] = [
  ['tos_storage_load', tosStorageRead],
  ['tos_storage_store', tosStorageWrite],
  ['tos_get_tx_source', tosGetTxSender],
];

/** The table that contracts of the environment run with. */
export const tosSyscallTable: SyscallTable = createSyscallTable(
  [...tosSyscalls, ...tosAliases.map(([name, of]) => ({ ...of, name }))].map((syscall) =>
    reported({ ...syscall, registers: syscall.parameters.length }),
  ),
);

/** The table of an engine: the tos_* syscalls and, behind them, what its host offers. @throws VmError HOST_FUNCTION_INVALID. */
export function syscallTableOf({ ports }: EngineServices): SyscallTable {
  const functions = ports.get(HOST_FUNCTIONS)?.for('tbpf') ?? [];
  if (functions.length === 0) return tosSyscallTable;
  return createSyscallTable([
    ...tosSyscallTable.list,
    ...hostSyscalls(functions, tosSyscallTable).map(reported),
  ]);
}

/** The syscall, telling who listens that it is called. */
function reported<T extends Syscall>(syscall: T): T {
  return {
    ...syscall,
    run(machine) {
      const host = tosHostOf(machine);
      if (host.reportsSyscalls) host.events!.emit('syscall', host.contract, syscall.name, machine.meter.left);
      return syscall.run(machine);
    },
  };
}
