/*
 * Reading parameters and writing return data and events in Borsh: integers little-endian, a bool is one byte 0 or 1, an option a
 * byte 0 or 1 and then the value, a string, bytes and a vec a u32 count and then the elements, fixed arrays and structs one after
 * another without gaps.
 *
 *   tos_reader in = tos_reader_of(input, len);
 *   const tos_address *recipient = tos_reader_address(&in);
 *   uint64_t amount = tos_reader_u64(&in);
 *   if (!tos_reader_finish(&in)) return BAD_INPUT;
 *
 * A reader never leaves the input. What is missing or malformed reads as 0, empty or 32 zero bytes, and the reader stays failed, so
 * one `tos_reader_finish` before the values are used is enough; check `failed` in loops.
 *
 *   uint8_t bytes[40];
 *   tos_writer out = tos_writer_of(bytes, sizeof bytes);
 *   tos_writer_address(&out, recipient);
 *   tos_writer_u64(&out, amount);
 *   tos_writer_event(&out, EVENT_TRANSFER);
 *
 * A writer never leaves its buffer; one that was too small stays failed, and nothing is sent.
 */
#ifndef TOS_BORSH_H
#define TOS_BORSH_H

#include "mem.h"
#include "u128.h"

/* ---- Reader ---- */

/* What is left of an input. `failed` is not 0 once something was missing or malformed. */
typedef struct {
  const uint8_t *at;
  uint64_t left;
  uint64_t failed;
} tos_reader;

/* 32 zero bytes: what an address reads as when it is missing. */
static const tos_address tos_no_address __attribute__((unused)) = {{0}};

/* A reader of `len` bytes. They are not copied: what is read by pointer is a view. */
TOS_INLINE tos_reader tos_reader_of(const void *bytes, uint64_t len) {
  return (tos_reader){.at = (const uint8_t *)bytes, .left = len, .failed = 0};
}

/* The next `len` bytes as a view, or NULL when there are fewer. */
TOS_INLINE const uint8_t *tos_reader_take(tos_reader *reader, uint64_t len) {
  const uint8_t *taken = reader->at;
  if (len > reader->left) {
    reader->failed = 1;
    /* Nothing that comes later may succeed, as if these bytes had been there. */
    reader->left = 0;
    return NULL;
  }
  reader->at += len;
  reader->left -= len;
  return taken;
}

TOS_INLINE uint8_t tos_reader_u8(tos_reader *reader) {
  const uint8_t *bytes = tos_reader_take(reader, 1);
  return bytes == NULL ? 0 : *bytes;
}
TOS_INLINE uint16_t tos_reader_u16(tos_reader *reader) {
  const uint8_t *bytes = tos_reader_take(reader, 2);
  return bytes == NULL ? 0 : tos_read_u16(bytes);
}
TOS_INLINE uint32_t tos_reader_u32(tos_reader *reader) {
  const uint8_t *bytes = tos_reader_take(reader, 4);
  return bytes == NULL ? 0 : tos_read_u32(bytes);
}
TOS_INLINE uint64_t tos_reader_u64(tos_reader *reader) {
  const uint8_t *bytes = tos_reader_take(reader, 8);
  return bytes == NULL ? 0 : tos_read_u64(bytes);
}
TOS_INLINE tos_u128 tos_reader_u128(tos_reader *reader) {
  const uint8_t *bytes = tos_reader_take(reader, 16);
  if (bytes == NULL) return tos_u128_of(0);
  return tos_u128_make(tos_read_u64(bytes + 8), tos_read_u64(bytes));
}

/* 0 or 1; any other byte fails. */
TOS_INLINE int tos_reader_bool(tos_reader *reader) {
  uint8_t byte = tos_reader_u8(reader);
  if (byte > 1) reader->failed = 1;
  return byte == 1;
}

/* Whether an option has a value, which comes next then. Any byte but 0 and 1 fails. */
TOS_INLINE int tos_reader_option(tos_reader *reader) { return tos_reader_bool(reader); }

/* 32 bytes as a view: an address, a hash or an asset. Never NULL. */
TOS_INLINE const tos_address *tos_reader_address(tos_reader *reader) {
  const uint8_t *bytes = tos_reader_take(reader, TOS_ADDRESS_SIZE);
  return bytes == NULL ? &tos_no_address : (const tos_address *)bytes;
}
TOS_INLINE const tos_hash *tos_reader_hash(tos_reader *reader) { return (const tos_hash *)tos_reader_address(reader); }
TOS_INLINE const tos_asset *tos_reader_asset(tos_reader *reader) { return (const tos_asset *)tos_reader_address(reader); }

/* Copies `len` bytes of a fixed array; zeros when they are missing. */
TOS_INLINE void tos_reader_fixed(tos_reader *reader, void *to, uint64_t len) {
  const uint8_t *bytes = tos_reader_take(reader, len);
  if (bytes == NULL) {
    tos_mem_set(to, 0, len);
  } else {
    tos_mem_copy(to, bytes, len);
  }
}

/* A string or a vec of bytes: a u32 length and the bytes, as a view. That a string is UTF-8 is for the one who uses it to check;
 * tos_log does. */
TOS_INLINE tos_slice tos_reader_bytes(tos_reader *reader) {
  uint64_t len = tos_reader_u32(reader);
  const uint8_t *bytes = tos_reader_take(reader, len);
  return (tos_slice){.data = bytes, .len = bytes == NULL ? 0 : len};
}

/* The count of a vec whose elements have at least `element_size` bytes; fails, and is 0, when so many cannot follow. */
TOS_INLINE uint64_t tos_reader_count(tos_reader *reader, uint64_t element_size) {
  uint64_t count = tos_reader_u32(reader);
  /* Both factors are below 2^32. */
  if (count * element_size > reader->left) {
    reader->failed = 1;
    return 0;
  }
  return count;
}

/* 1 when everything was there, well-formed, and nothing is left. */
TOS_INLINE int tos_reader_finish(const tos_reader *reader) { return (reader->failed | reader->left) == 0; }

/* ---- Writer ---- */

/* A buffer of the caller with `len` bytes written. `failed` is not 0 once something did not fit. */
typedef struct {
  uint8_t *bytes;
  uint64_t size;
  uint64_t len;
  uint64_t failed;
} tos_writer;

TOS_INLINE tos_writer tos_writer_of(void *bytes, uint64_t size) {
  return (tos_writer){.bytes = (uint8_t *)bytes, .size = size, .len = 0, .failed = 0};
}

/* Where the next `len` bytes go, or NULL when they do not fit. */
TOS_INLINE uint8_t *tos_writer_reserve(tos_writer *writer, uint64_t len) {
  uint8_t *to = writer->bytes + writer->len;
  if (writer->failed || len > writer->size - writer->len) {
    writer->failed = 1;
    return NULL;
  }
  writer->len += len;
  return to;
}

TOS_INLINE void tos_writer_u8(tos_writer *writer, uint8_t value) {
  uint8_t *to = tos_writer_reserve(writer, 1);
  if (to != NULL) *to = value;
}
TOS_INLINE void tos_writer_u16(tos_writer *writer, uint16_t value) {
  uint8_t *to = tos_writer_reserve(writer, 2);
  if (to != NULL) tos_write_u16(to, value);
}
TOS_INLINE void tos_writer_u32(tos_writer *writer, uint32_t value) {
  uint8_t *to = tos_writer_reserve(writer, 4);
  if (to != NULL) tos_write_u32(to, value);
}
TOS_INLINE void tos_writer_u64(tos_writer *writer, uint64_t value) {
  uint8_t *to = tos_writer_reserve(writer, 8);
  if (to != NULL) tos_write_u64(to, value);
}
TOS_INLINE void tos_writer_u128(tos_writer *writer, tos_u128 value) {
  uint8_t *to = tos_writer_reserve(writer, 16);
  if (to == NULL) return;
  tos_write_u64(to, value.low);
  tos_write_u64(to + 8, value.high);
}
TOS_INLINE void tos_writer_bool(tos_writer *writer, int value) { tos_writer_u8(writer, value != 0); }

/* The tag of an option; when it has a value, write that next. */
TOS_INLINE void tos_writer_option(tos_writer *writer, int has_value) { tos_writer_bool(writer, has_value); }

/* The count of a vec, whose elements come next. */
TOS_INLINE void tos_writer_count(tos_writer *writer, uint32_t count) { tos_writer_u32(writer, count); }

/* 32 bytes: an address, a hash or an asset. */
TOS_INLINE void tos_writer_address(tos_writer *writer, const void *address) {
  uint8_t *to = tos_writer_reserve(writer, TOS_ADDRESS_SIZE);
  if (to != NULL) tos_copy_32(to, address);
}

/* A fixed array: the bytes alone. */
TOS_INLINE void tos_writer_fixed(tos_writer *writer, const void *bytes, uint64_t len) {
  uint8_t *to = tos_writer_reserve(writer, len);
  if (to != NULL) tos_mem_copy(to, bytes, len);
}

/* A string or a vec of bytes: the length as u32, then the bytes. */
TOS_INLINE void tos_writer_bytes(tos_writer *writer, const void *bytes, uint64_t len) {
  if (len > TOS_U32_MAX) {
    writer->failed = 1;
    return;
  }
  tos_writer_u32(writer, (uint32_t)len);
  tos_writer_fixed(writer, bytes, len);
}

/* Makes what was written the return data. 1, or 0 and nothing is set when it did not fit. */
TOS_INLINE int tos_writer_return(const tos_writer *writer) {
  if (writer->failed) return 0;
  (void)tos_set_return_data(writer->bytes, writer->len);
  return 1;
}

/* Emits what was written as an event. 1, or 0 and nothing is emitted when it did not fit. */
TOS_INLINE int tos_writer_event(const tos_writer *writer, uint64_t event_id) {
  if (writer->failed) return 0;
  (void)tos_fire_event(event_id, writer->bytes, writer->len);
  return 1;
}

#endif
