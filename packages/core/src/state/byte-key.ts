/** Longest run of bytes handed to one `String.fromCharCode` call; more could exhaust the argument stack. */
const CHUNK = 2048;

/**
 * The bytes as a string with one character (code 0 to 255) a byte: a Map key that is equal exactly when the bytes are. 32 bytes, the
 * length of every address and hash, take a spelled-out call, measured twice as fast as `apply` (165 ns against 330 ns).
 */
export function byteKey(b: Uint8Array): string {
  if (b.length === 32) {
    // biome-ignore format: one row a half
    return String.fromCharCode(
      b[0]!, b[1]!, b[2]!, b[3]!, b[4]!, b[5]!, b[6]!, b[7]!, b[8]!, b[9]!, b[10]!, b[11]!, b[12]!, b[13]!, b[14]!, b[15]!,
      b[16]!, b[17]!, b[18]!, b[19]!, b[20]!, b[21]!, b[22]!, b[23]!, b[24]!, b[25]!, b[26]!, b[27]!, b[28]!, b[29]!, b[30]!, b[31]!,
    );
  }
  if (b.length <= CHUNK) return String.fromCharCode.apply(null, b as unknown as number[]);
  let key = '';
  for (let at = 0; at < b.length; at += CHUNK) {
    key += String.fromCharCode.apply(null, b.subarray(at, at + CHUNK) as unknown as number[]);
  }
  return key;
}

/** True for the native asset's identifier (32 zero bytes). */
export function isNativeAsset(asset: Uint8Array): boolean {
  for (let i = 0; i < 32; i++) if (asset[i] !== 0) return false;
  return true;
}
