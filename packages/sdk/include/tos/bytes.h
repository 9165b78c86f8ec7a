/*
 * Reading parameters, copying and comparing bytes.
 */
#ifndef TOS_BYTES_H
#define TOS_BYTES_H

#include "syscalls.h"

/* The machine has no alignment requirement, so these are one load or one store each; the types allow any object beneath. */
typedef uint16_t __attribute__((may_alias)) tos_any_u16;
typedef uint32_t __attribute__((may_alias)) tos_any_u32;
typedef uint64_t __attribute__((may_alias)) tos_any_u64;

/* Little-endian integers at any address. */
TOS_INLINE uint16_t tos_read_u16(const void *from) { return *(const tos_any_u16 *)from; }
TOS_INLINE uint32_t tos_read_u32(const void *from) { return *(const tos_any_u32 *)from; }
TOS_INLINE uint64_t tos_read_u64(const void *from) { return *(const tos_any_u64 *)from; }
TOS_INLINE void tos_write_u16(void *to, uint16_t value) { *(tos_any_u16 *)to = value; }
TOS_INLINE void tos_write_u32(void *to, uint32_t value) { *(tos_any_u32 *)to = value; }
TOS_INLINE void tos_write_u64(void *to, uint64_t value) { *(tos_any_u64 *)to = value; }

/* Copies 32 bytes (address, hash, asset) with four loads and four stores. */
TOS_INLINE void tos_copy_32(void *to, const void *from) {
  tos_write_u64(to, tos_read_u64(from));
  tos_write_u64((uint8_t *)to + 8, tos_read_u64((const uint8_t *)from + 8));
  tos_write_u64((uint8_t *)to + 16, tos_read_u64((const uint8_t *)from + 16));
  tos_write_u64((uint8_t *)to + 24, tos_read_u64((const uint8_t *)from + 24));
}

/* 1 when 32 bytes are equal, otherwise 0. */
TOS_INLINE int tos_equal_32(const void *a, const void *b) {
  const uint8_t *left = (const uint8_t *)a;
  const uint8_t *right = (const uint8_t *)b;
  return ((tos_read_u64(left) ^ tos_read_u64(right)) | (tos_read_u64(left + 8) ^ tos_read_u64(right + 8)) |
          (tos_read_u64(left + 16) ^ tos_read_u64(right + 16)) |
          (tos_read_u64(left + 24) ^ tos_read_u64(right + 24))) == 0;
}

/* Copies `len` bytes by syscall; the ranges may not overlap. */
TOS_INLINE void tos_copy(void *to, const void *from, uint64_t len) { (void)tos_memcpy(to, from, len); }

/* 1 when `len` bytes are equal, otherwise 0; by syscall. */
TOS_INLINE int tos_equal(const void *a, const void *b, uint64_t len) {
  int32_t order = 0;
  (void)tos_memcmp(a, b, len, &order);
  return order == 0;
}

/* A u64 from storage, 0 if the key is absent. BufferTooSmall if the value is longer than 8 bytes. */
TOS_INLINE uint64_t tos_storage_read_u64(const void *key, uint64_t key_len) {
  uint64_t value = 0;
  (void)tos_storage_read(key, key_len, &value, sizeof value);
  return value;
}

/* Stores a u64 as 8 bytes, little-endian. */
TOS_INLINE void tos_storage_write_u64(const void *key, uint64_t key_len, uint64_t value) {
  (void)tos_storage_write(key, key_len, &value, sizeof value);
}

/* Returns a u64 to the caller as 8 bytes, little-endian. */
TOS_INLINE void tos_return_u64(uint64_t value) { (void)tos_set_return_data(&value, sizeof value); }

#endif
