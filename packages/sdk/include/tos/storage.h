/*
 * Storage with names and types.
 *
 *   TOS_VALUE(supply, u64)                          one value
 *   TOS_MAP(balances, u64, address)                 a value for each address
 *   TOS_MAP2(allowances, u64, address, address)     a value for each pair; TOS_MAP3 for three key parts
 *
 * define, for a name NAME,
 *
 *   NAME_get, NAME_set, NAME_has, NAME_remove       key parts first: balances_set(&alice, 5), allowances_get(&alice, &bob)
 *
 *   value     get                                   set                           absent reads as
 *   u64       uint64_t NAME_get(…)                  NAME_set(…, uint64_t)         0
 *   u128      tos_u128 NAME_get(…)                  NAME_set(…, tos_u128)         0
 *   address   int NAME_get(…, tos_address *out)     NAME_set(…, const void *)     0, and `out` stays as it is; 1 when present
 *   bytes     uint64_t NAME_get(…, out, out_len)    NAME_set(…, bytes, len)       length 0; BufferTooSmall if the value is longer
 *
 *   int NAME_has(…)       1 when the key is there; not of bytes: ask for the length by NAME_get, an empty value is as good as none
 *   int NAME_remove(…)    1 when the key was there
 *
 * Key parts: u8, u32, u64 (little-endian), address and hash (32 bytes, by pointer).
 *
 * Layout of a key: a value's key is its name; a map's key is its name, a colon, and the key parts one after another. A name is an
 * identifier of C and has no colon, and all keys of one map have one length, so no two differ only in where one part ends: keys of
 * different names never are the same. Names and parts together have at most 256 bytes, which is checked when the contract is compiled.
 *
 * Prices are those of the syscalls: 200 + len to read, 500 + 2·len to write, 300 to remove; a key costs 2 instructions for each 8
 * bytes. `has` reads the value: 200 + its length.
 */
#ifndef TOS_STORAGE_H
#define TOS_STORAGE_H

#include "mem.h"
#include "u128.h"

/* Longest key, in bytes. */
#define TOS_KEY_MAX 256

/* ---- What a contract uses ---- */

#define TOS_VALUE(NAME, VALUE)                                                                                         \
  TOS_KEY_(NAME, #NAME, sizeof #NAME - 1, 0, (), )                                                                     \
  TOS_STORED_##VALUE(NAME, (void), (), ())
#define TOS_MAP(NAME, VALUE, A)                                                                                        \
  TOS_KEY_(NAME, #NAME ":", sizeof #NAME, TOS_SIZE_##A, (TOS_PART_##A a), TOS_PUT_##A(to, a);)                         \
  TOS_STORED_##VALUE(NAME, (TOS_PART_##A a), (TOS_PART_##A a), (a))
#define TOS_MAP2(NAME, VALUE, A, B)                                                                                    \
  TOS_KEY_(NAME, #NAME ":", sizeof #NAME, TOS_SIZE_##A + TOS_SIZE_##B, (TOS_PART_##A a, TOS_PART_##B b),               \
           TOS_PUT_##A(to, a); TOS_PUT_##B(to + TOS_SIZE_##A, b);)                                                     \
  TOS_STORED_##VALUE(NAME, (TOS_PART_##A a, TOS_PART_##B b), (TOS_PART_##A a, TOS_PART_##B b), (a, b))
#define TOS_MAP3(NAME, VALUE, A, B, C)                                                                                 \
  TOS_KEY_(NAME, #NAME ":", sizeof #NAME, TOS_SIZE_##A + TOS_SIZE_##B + TOS_SIZE_##C,                                  \
           (TOS_PART_##A a, TOS_PART_##B b, TOS_PART_##C c),                                                           \
           TOS_PUT_##A(to, a); TOS_PUT_##B(to + TOS_SIZE_##A, b); TOS_PUT_##C(to + TOS_SIZE_##A + TOS_SIZE_##B, c);)   \
  TOS_STORED_##VALUE(NAME, (TOS_PART_##A a, TOS_PART_##B b, TOS_PART_##C c),                                           \
                     (TOS_PART_##A a, TOS_PART_##B b, TOS_PART_##C c), (a, b, c))

/* ---- Key parts: type of the parameter, bytes, how it is written ---- */

#define TOS_PART_u8 uint8_t
#define TOS_PART_u32 uint32_t
#define TOS_PART_u64 uint64_t
#define TOS_PART_address const void *
#define TOS_PART_hash const void *

#define TOS_SIZE_u8 1
#define TOS_SIZE_u32 4
#define TOS_SIZE_u64 8
#define TOS_SIZE_address 32
#define TOS_SIZE_hash 32

#define TOS_PUT_u8(TO, PART) (*(TO) = (PART))
#define TOS_PUT_u32(TO, PART) tos_write_u32(TO, PART)
#define TOS_PUT_u64(TO, PART) tos_write_u64(TO, PART)
#define TOS_PUT_address(TO, PART) tos_copy_32(TO, PART)
#define TOS_PUT_hash(TO, PART) tos_copy_32(TO, PART)

/* ---- Lists of parameters: alone, before another one, after another one ---- */

#define TOS_THEN_(...) __VA_ARGS__ __VA_OPT__(, )
#define TOS_AFTER_(...) __VA_OPT__(, ) __VA_ARGS__

/* The key of NAME: its text of LABEL_SIZE bytes, then PARTS_SIZE bytes that PUT writes from `to` on. */
#define TOS_KEY_(NAME, LABEL, LABEL_SIZE, PARTS_SIZE, PARAMS, PUT)                                                     \
  typedef struct {                                                                                                     \
    uint8_t bytes[(LABEL_SIZE) + (PARTS_SIZE)];                                                                        \
  } __attribute__((aligned(8), packed)) NAME##_key_buffer;                                                             \
  enum { NAME##_key_size = (LABEL_SIZE) + (PARTS_SIZE) };                                                              \
  _Static_assert(NAME##_key_size <= TOS_KEY_MAX, "a key has at most 256 bytes");                                       \
  TOS_INLINE void NAME##_key(NAME##_key_buffer *key TOS_AFTER_ PARAMS) {                                               \
    uint8_t *to = key->bytes + (LABEL_SIZE);                                                                           \
    __builtin_memcpy(key->bytes, LABEL, LABEL_SIZE);                                                                   \
    (void)to;                                                                                                          \
    PUT                                                                                                                \
  }

/* Begins a function of NAME: makes its key from ARGS. */
#define TOS_WITH_KEY_(NAME, ARGS)                                                                                      \
  NAME##_key_buffer key;                                                                                               \
  NAME##_key(&key TOS_AFTER_ ARGS)

#define TOS_REMOVE_(NAME, ALONE, ARGS)                                                                                 \
  TOS_INLINE int NAME##_remove ALONE {                                                                                 \
    TOS_WITH_KEY_(NAME, ARGS);                                                                                         \
    return tos_storage_delete(key.bytes, NAME##_key_size) != 0;                                                        \
  }

/* `has` of values with SIZE bytes. */
#define TOS_HAS_(NAME, ALONE, ARGS, SIZE)                                                                              \
  TOS_INLINE int NAME##_has ALONE {                                                                                    \
    uint64_t value[(SIZE) / 8];                                                                                        \
    TOS_WITH_KEY_(NAME, ARGS);                                                                                         \
    return tos_storage_read(key.bytes, NAME##_key_size, value, SIZE) != 0;                                             \
  }

/* ---- Kinds of values ---- */

#define TOS_STORED_u64(NAME, ALONE, PARAMS, ARGS)                                                                      \
  TOS_HAS_(NAME, ALONE, ARGS, 8)                                                                                       \
  TOS_REMOVE_(NAME, ALONE, ARGS)                                                                                       \
  TOS_INLINE uint64_t NAME##_get ALONE {                                                                               \
    TOS_WITH_KEY_(NAME, ARGS);                                                                                         \
    return tos_storage_read_u64(key.bytes, NAME##_key_size);                                                           \
  }                                                                                                                    \
  TOS_INLINE void NAME##_set(TOS_THEN_ PARAMS uint64_t value) {                                                        \
    TOS_WITH_KEY_(NAME, ARGS);                                                                                         \
    tos_storage_write_u64(key.bytes, NAME##_key_size, value);                                                          \
  }

#define TOS_STORED_u128(NAME, ALONE, PARAMS, ARGS)                                                                     \
  TOS_HAS_(NAME, ALONE, ARGS, 16)                                                                                      \
  TOS_REMOVE_(NAME, ALONE, ARGS)                                                                                       \
  TOS_INLINE tos_u128 NAME##_get ALONE {                                                                               \
    tos_u128 value = tos_u128_of(0);                                                                                   \
    TOS_WITH_KEY_(NAME, ARGS);                                                                                         \
    (void)tos_storage_read(key.bytes, NAME##_key_size, &value, sizeof value);                                          \
    return value;                                                                                                      \
  }                                                                                                                    \
  TOS_INLINE void NAME##_set(TOS_THEN_ PARAMS tos_u128 value) {                                                        \
    TOS_WITH_KEY_(NAME, ARGS);                                                                                         \
    (void)tos_storage_write(key.bytes, NAME##_key_size, &value, sizeof value);                                         \
  }

#define TOS_STORED_address(NAME, ALONE, PARAMS, ARGS)                                                                  \
  TOS_HAS_(NAME, ALONE, ARGS, 32)                                                                                      \
  TOS_REMOVE_(NAME, ALONE, ARGS)                                                                                       \
  TOS_INLINE int NAME##_get(TOS_THEN_ PARAMS void *out) {                                                              \
    TOS_WITH_KEY_(NAME, ARGS);                                                                                         \
    return tos_storage_read(key.bytes, NAME##_key_size, out, TOS_ADDRESS_SIZE) != 0;                                   \
  }                                                                                                                    \
  TOS_INLINE void NAME##_set(TOS_THEN_ PARAMS const void *value) {                                                     \
    TOS_WITH_KEY_(NAME, ARGS);                                                                                         \
    (void)tos_storage_write(key.bytes, NAME##_key_size, value, TOS_ADDRESS_SIZE);                                      \
  }

#define TOS_STORED_bytes(NAME, ALONE, PARAMS, ARGS)                                                                    \
  TOS_REMOVE_(NAME, ALONE, ARGS)                                                                                       \
  TOS_INLINE uint64_t NAME##_get(TOS_THEN_ PARAMS void *out, uint64_t out_len) {                                       \
    TOS_WITH_KEY_(NAME, ARGS);                                                                                         \
    return tos_storage_read(key.bytes, NAME##_key_size, out, out_len);                                                 \
  }                                                                                                                    \
  TOS_INLINE void NAME##_set(TOS_THEN_ PARAMS const void *value, uint64_t len) {                                       \
    TOS_WITH_KEY_(NAME, ARGS);                                                                                         \
    (void)tos_storage_write(key.bytes, NAME##_key_size, value, len);                                                   \
  }

#endif
