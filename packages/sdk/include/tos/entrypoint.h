/*
 * Entries of a TOS contract.
 *
 * The host calls one of
 *
 *   entrypoint        the default entry
 *   entry_N           a numbered entry, N from 0 to 65535, decimal, no leading zeros
 *   hook_N            a hook of the host, N from 0 to 255; hook_0 runs once, at deployment
 *
 * with the call's input: `input` points to `len` bytes, which the contract may also write to. Parameters are Borsh: integers
 * little-endian, [u8; N] as N bytes, one after another in the declared order. The pointer is not NULL even when `len` is 0.
 *
 * The result is the exit code: 0 is success. Any other value is a failed call: its changes of state are dropped, its deposits
 * refunded; gas is charged. Codes from 2^63 are best left to the host, which reports a failed callee by them.
 *
 * Memory (addresses as the contract sees them):
 *
 *   0x1_0000_0000   code and constants   read-only
 *   0x2_0000_0000   stack                64 frames of 4 KiB; the compiler uses at most 512 bytes of each
 *   0x3_0000_0000   heap                 32 KiB of zeros by default, nothing allocates from it but the contract
 *   0x4_0000_0000   input                `len` bytes
 *
 * Writable globals do not exist: keep values in storage. A function that is not static is visible from outside by its name.
 */
#ifndef TOS_ENTRYPOINT_H
#define TOS_ENTRYPOINT_H

#include "types.h"

/* The default entry. */
uint64_t entrypoint(const uint8_t *input, uint64_t len);

/* Declares and begins entry number N: `TOS_ENTRY(0) { ... return 0; }` with `input` and `len` in scope. */
#define TOS_ENTRY(N)                                                                                                   \
  uint64_t entry_##N(const uint8_t *input, uint64_t len);                                                              \
  uint64_t entry_##N(const uint8_t *input, uint64_t len)

/* Declares and begins hook number N. */
#define TOS_HOOK(N)                                                                                                    \
  uint64_t hook_##N(const uint8_t *input, uint64_t len);                                                               \
  uint64_t hook_##N(const uint8_t *input, uint64_t len)

/* Exit code of a call that did what was asked. */
#define TOS_SUCCESS ((uint64_t)0)

/* The heap's first byte; the host's default size of it is 32 KiB. */
#define TOS_HEAP ((uint8_t *)0x300000000ul)

#endif
