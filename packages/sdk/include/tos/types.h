/*
 * Basic types of a TOS contract. Self-contained: needs no C library and no <stdint.h>, but lives with one.
 */
#ifndef TOS_TYPES_H
#define TOS_TYPES_H

/* The same types as in the compiler's <stdint.h> and <stddef.h>; C11 allows to say so twice. */
typedef __UINT8_TYPE__ uint8_t;
typedef __UINT16_TYPE__ uint16_t;
typedef __UINT32_TYPE__ uint32_t;
typedef __UINT64_TYPE__ uint64_t;
typedef __INT8_TYPE__ int8_t;
typedef __INT16_TYPE__ int16_t;
typedef __INT32_TYPE__ int32_t;
typedef __INT64_TYPE__ int64_t;
typedef __SIZE_TYPE__ size_t;

#ifndef NULL
#define NULL ((void *)0)
#endif

/* Bytes of an address, of a hash and of an asset's identifier. */
#define TOS_ADDRESS_SIZE 32
#define TOS_HASH_SIZE 32

/* A 32-byte address of an account or a contract. */
typedef struct {
  uint8_t bytes[TOS_ADDRESS_SIZE];
} tos_address;

/* A 32-byte hash: of a block, a transaction or a contract. */
typedef struct {
  uint8_t bytes[TOS_HASH_SIZE];
} tos_hash;

/* The 32-byte identifier of an asset; all zero for the chain's native asset. */
typedef struct {
  uint8_t bytes[TOS_HASH_SIZE];
} tos_asset;

_Static_assert(sizeof(uint64_t) == 8 && sizeof(void *) == 8, "compile with -target bpf");
_Static_assert(sizeof(tos_address) == 32 && sizeof(tos_hash) == 32 && sizeof(tos_asset) == 32, "32 bytes each");

/* A function that is not callable from outside, although other sources of the contract use it. */
#define TOS_INTERNAL __attribute__((visibility("hidden")))

/* A helper of a header: no code unless it is used. */
#define TOS_INLINE static inline __attribute__((always_inline, unused))

/* A helper of a header that is too large to repeat at each use. */
#define TOS_SHARED static __attribute__((noinline, unused))

#endif
