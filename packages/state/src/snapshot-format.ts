/** "SWYDSNAP" */
export const MAGIC: Uint8Array = Uint8Array.from([0x53, 0x57, 0x59, 0x44, 0x53, 0x4e, 0x41, 0x50]);
export const SNAPSHOT_VERSION = 1;
export const TAG_RECORD = 1;
export const TAG_TRAILER = 0;
/** LMDB's longest key; no record of ours comes near. */
export const LONGEST_KEY = 1978;
/** Read and write buffer. */
export const BUFFER_BYTES = 65_536;
