import type { StorageEvent, VmEventBus } from '@switchyard/core';
import {
  type EmitTraceEvent,
  type LogTraceEvent,
  SHOWN_BYTES,
  type StorageTraceEvent,
  type TracePlace,
} from './trace-event.ts';

/** What the bus tells of, without its place. */
export type Happened =
  | Omit<StorageTraceEvent, keyof TracePlace>
  | Omit<LogTraceEvent, keyof TracePlace>
  | Omit<EmitTraceEvent, keyof TracePlace>;

/** Listens to what contracts do to storage, logs and events. @returns what ends it. */
export function listenTo(events: VmEventBus, onHappened: (happened: Happened) => void): () => void {
  const onStorage = ({ kind, contract, key, value }: StorageEvent): void =>
    onHappened({
      type: 'storage',
      kind,
      contract,
      key,
      value: value?.slice(0, SHOWN_BYTES) ?? null,
      valueLength: value?.length ?? 0,
    });
  const onLog = (contract: Uint8Array, message: string): void =>
    onHappened({ type: 'log', contract, message });
  const onEmit = (contract: Uint8Array, topics: readonly Uint8Array[], data: Uint8Array): void =>
    onHappened({
      type: 'event',
      contract,
      topics,
      data: data.slice(0, SHOWN_BYTES),
      dataLength: data.length,
    });
  events.on('storage', onStorage).on('log', onLog).on('event', onEmit);
  return () => {
    events.off('storage', onStorage).off('log', onLog).off('event', onEmit);
  };
}
