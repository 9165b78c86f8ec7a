import { definePort, type PortKey } from './host-ports.ts';

/**
 * Bytes that engines have made of code, kept by the host beyond the process. Whoever can write to it decides what contracts do, so a host
 * offers one only from a place that it trusts. Synchronous, like everything an engine calls in the middle of a run.
 *
 * Neither method throws: what cannot be read is absent, what cannot be written is not kept.
 */
export interface CompiledCodeCache {
  /** The bytes that were last put under exactly this key, unchanged; undefined when they are not there any more. The caller's own copy. */
  get(key: string): Uint8Array | undefined;
  /**
   * Keeps the bytes, in place of others under this key. The key is text of any length that says all that the bytes depend on: the engine,
   * the version of what emitted them, the hash of the code, and whatever else shaped them.
   */
  put(key: string, bytes: Uint8Array): void;
}

/** The port by which engines that compile find the host's cache. */
export const COMPILED_CODE_CACHE: PortKey<CompiledCodeCache> = definePort('compiled-code-cache');
