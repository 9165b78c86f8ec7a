/** Accounts and input that the killed child and its parent agree on. */
export const alice = new Uint8Array(32).fill(0xa1);
export const bob = new Uint8Array(32).fill(0xb0);
export const contract = new Uint8Array(32).fill(0xc0);

/** Input of token.transfer(recipient, 1). */
export function transferOne(recipient: Uint8Array): Uint8Array {
  const input = new Uint8Array(40);
  input.set(recipient);
  input[32] = 1;
  return input;
}
