import type {
  ExecutionEnvironment,
  JournaledState,
  OverlayBackend,
  SwitchyardConfig,
  VmEventBus,
  VmFactory,
} from '@switchyard/core';
import type { StateStore } from '@switchyard/state';
import type { CodeShelf } from './code-shelf.ts';

/** What a worker answers jobs with. One job at a time. */
export interface Runtime {
  readonly config: SwitchyardConfig;
  readonly factory: VmFactory;
  readonly environment: ExecutionEnvironment;
  readonly events: VmEventBus;
  /** The environment's state, over `overlay`, over `store`. */
  readonly state: JournaledState;
  readonly overlay: OverlayBackend;
  readonly store: Pick<StateStore, 'pin' | 'unpin'>;
  readonly codes: CodeShelf;
  /** Of the engines, by type. */
  readonly versions: ReadonlyMap<string, string>;
  /** Name of the gas policy in force. */
  readonly profile: string;
  /** Version of the state that the present job reads. */
  stateVersion: bigint;
  /** Most characters of an answer. */
  readonly responseBytes: number;
}
