/*
 * Copying, setting and comparing memory at the lowest price.
 *
 * The syscalls tos_memcpy, tos_memmove, tos_memset and tos_memcmp cost the greater of 10 and len/250 units, and 4 to 6 instructions
 * for their arguments: about 15 up to 2,500 bytes. Inline code costs an instruction for each load and store: 2 for each 8 bytes
 * copied, 1 for each 8 bytes set. So what has a size that the compiler knows, up to TOS_MEM_INLINE bytes, is inline here, and the
 * rest is a syscall. A len of 0 is never a fault.
 */
#ifndef TOS_MEM_H
#define TOS_MEM_H

#include "bytes.h"

/* Longest size, in bytes, for which inline code is cheaper than a syscall. */
#define TOS_MEM_INLINE 48

/* True when inline code is to be taken. */
#define TOS_MEM_IS_SMALL(LEN) (__builtin_constant_p(LEN) && (LEN) <= TOS_MEM_INLINE)

/* Copies; the ranges may not overlap (CopyOverlapping by syscall, any order of bytes inline). */
TOS_INLINE void tos_mem_copy(void *to, const void *from, uint64_t len) {
  if (!TOS_MEM_IS_SMALL(len)) {
    (void)tos_memcpy(to, from, len);
    return;
  }
  uint8_t *out = (uint8_t *)to;
  const uint8_t *in = (const uint8_t *)from;
  uint64_t done = 0;
#pragma clang loop unroll(full)
  for (uint64_t i = 0; i < TOS_MEM_INLINE / 8; i++) {
    if (done + 8 <= len) {
      tos_write_u64(out + done, tos_read_u64(in + done));
      done += 8;
    }
  }
  if (len & 4) {
    tos_write_u32(out + done, tos_read_u32(in + done));
    done += 4;
  }
  if (len & 2) {
    tos_write_u16(out + done, tos_read_u16(in + done));
    done += 2;
  }
  if (len & 1) out[done] = in[done];
}

/* Copies, overlapping or not; inline for 1, 2, 4 and 8 bytes. */
TOS_INLINE void tos_mem_move(void *to, const void *from, uint64_t len) {
  if (__builtin_constant_p(len) && (len == 1 || len == 2 || len == 4 || len == 8)) {
    tos_mem_copy(to, from, len);
  } else {
    (void)tos_memmove(to, from, len);
  }
}

/* Sets `len` bytes to `byte`. */
TOS_INLINE void tos_mem_set(void *to, uint8_t byte, uint64_t len) {
  if (!TOS_MEM_IS_SMALL(len)) {
    (void)tos_memset(to, byte, len);
    return;
  }
  uint8_t *out = (uint8_t *)to;
  uint64_t word = byte * 0x0101010101010101ul;
  uint64_t done = 0;
#pragma clang loop unroll(full)
  for (uint64_t i = 0; i < TOS_MEM_INLINE / 8; i++) {
    if (done + 8 <= len) {
      tos_write_u64(out + done, word);
      done += 8;
    }
  }
  if (len & 4) {
    tos_write_u32(out + done, (uint32_t)word);
    done += 4;
  }
  if (len & 2) {
    tos_write_u16(out + done, (uint16_t)word);
    done += 2;
  }
  if (len & 1) out[done] = byte;
}

/* Negative, 0 or positive, as the first byte that differs is less or greater in `a`; always by syscall. */
TOS_INLINE int32_t tos_mem_compare(const void *a, const void *b, uint64_t len) {
  int32_t order = 0;
  (void)tos_memcmp(a, b, len, &order);
  return order;
}

/* 1 when the bytes are equal, otherwise 0. */
TOS_INLINE int tos_mem_equal(const void *a, const void *b, uint64_t len) {
  if (!TOS_MEM_IS_SMALL(len)) return tos_mem_compare(a, b, len) == 0;
  const uint8_t *left = (const uint8_t *)a;
  const uint8_t *right = (const uint8_t *)b;
  uint64_t difference = 0;
  uint64_t done = 0;
#pragma clang loop unroll(full)
  for (uint64_t i = 0; i < TOS_MEM_INLINE / 8; i++) {
    if (done + 8 <= len) {
      difference |= tos_read_u64(left + done) ^ tos_read_u64(right + done);
      done += 8;
    }
  }
  if (len & 4) {
    difference |= tos_read_u32(left + done) ^ tos_read_u32(right + done);
    done += 4;
  }
  if (len & 2) {
    difference |= (uint64_t)(tos_read_u16(left + done) ^ tos_read_u16(right + done));
    done += 2;
  }
  if (len & 1) difference |= (uint64_t)(left[done] ^ right[done]);
  return difference == 0;
}

/* 1 when all 32 bytes are 0: no address, the native asset. */
TOS_INLINE int tos_is_zero_32(const void *bytes) {
  const uint8_t *at = (const uint8_t *)bytes;
  return (tos_read_u64(at) | tos_read_u64(at + 8) | tos_read_u64(at + 16) | tos_read_u64(at + 24)) == 0;
}

#endif
