/*
 * Logging text and numbers.
 *
 *   tos_log_str("transfer refused");
 *   tos_logf("sent %u of %u to %a", amount, balance, &recipient);
 *
 * Price: tos_log's 100 + length. A literal adds 5 instructions; a formatted line about 40, and 30 for each stretch of text, 7 for each byte
 * of it, 75 for a number, 15 for each of its digits, 700 for an address. The line takes some 350 bytes of a stack frame of its own, the
 * values 32 bytes of the caller's.
 */
#ifndef TOS_LOG_H
#define TOS_LOG_H

#include "bytes.h"

/* Logs a string literal. */
#define tos_log_str(LITERAL) ((void)tos_log("" LITERAL, sizeof(LITERAL) - 1))

/*
 * Logs a line made from a string literal and up to four values:
 *
 *   %u  unsigned decimal     %d  signed decimal      %x  hexadecimal without leading zeros
 *   %s  NUL-terminated text  %a  32 bytes by pointer, as 64 hexadecimal digits       %%  a percent sign
 *
 * A line is cut at TOS_LOG_LINE bytes. A conversion without a value prints 0 (%u, %d, %x) or nothing (%s, %a).
 */
#define tos_logf(...)                                                                                                  \
  TOS_LOGF_PICK(__VA_ARGS__, TOS_LOGF_4, TOS_LOGF_3, TOS_LOGF_2, TOS_LOGF_1, TOS_LOGF_0, unused)(__VA_ARGS__)

/* Longest line of `tos_logf`, in bytes. */
#define TOS_LOG_LINE 240

#define TOS_LOGF_PICK(FORMAT, A, B, C, D, NAME, ...) NAME
#define TOS_LOGF_0(FORMAT) TOS_LOGF_CALL(FORMAT, 0, 0, 0, 0)
#define TOS_LOGF_1(FORMAT, A) TOS_LOGF_CALL(FORMAT, A, 0, 0, 0)
#define TOS_LOGF_2(FORMAT, A, B) TOS_LOGF_CALL(FORMAT, A, B, 0, 0)
#define TOS_LOGF_3(FORMAT, A, B, C) TOS_LOGF_CALL(FORMAT, A, B, C, 0)
#define TOS_LOGF_4(FORMAT, A, B, C, D) TOS_LOGF_CALL(FORMAT, A, B, C, D)
#define TOS_LOGF_CALL(FORMAT, A, B, C, D)                                                                              \
  do {                                                                                                                 \
    const uint64_t tos_values_[4] = {(uint64_t)(A), (uint64_t)(B), (uint64_t)(C), (uint64_t)(D)};                      \
    tos_log_format("" FORMAT, sizeof(FORMAT) - 1, tos_values_);                                                        \
  } while (0)

/* A line under construction. */
typedef struct {
  uint64_t len;
  char bytes[TOS_LOG_LINE];
} tos_line;

/* Appends `len` bytes, or as many as fit. */
TOS_SHARED void tos_line_append(tos_line *line, const void *bytes, uint64_t len) {
  uint64_t room = TOS_LOG_LINE - line->len;
  if (len > room) len = room;
  (void)tos_memcpy(line->bytes + line->len, bytes, len);
  line->len += len;
}

/* The hexadecimal digit of a number below 16. */
TOS_INLINE char tos_hex_digit(uint64_t value) { return (char)(value < 10 ? '0' + value : 'a' + value - 10); }

/* Appends `value` in the given base, 10 or 16. */
TOS_INLINE void tos_line_number(tos_line *line, uint64_t value, uint64_t base) {
  char digits[20];
  uint64_t at = sizeof digits;
  do {
    digits[--at] = tos_hex_digit(value % base);
    value /= base;
  } while (value != 0);
  tos_line_append(line, digits + at, sizeof digits - at);
}

/* Appends 32 bytes, two hexadecimal digits each. */
TOS_INLINE void tos_line_hex(tos_line *line, const uint8_t *bytes) {
  char digits[64];
  for (uint64_t i = 0; i < 32; i++) {
    digits[2 * i] = tos_hex_digit(bytes[i] >> 4);
    digits[2 * i + 1] = tos_hex_digit(bytes[i] & 15);
  }
  tos_line_append(line, digits, sizeof digits);
}

/* Appends one conversion; returns 0 when there is none of that kind. */
TOS_INLINE int tos_line_convert(tos_line *line, char kind, uint64_t value) {
  if (kind == 'd' && (int64_t)value < 0) {
    tos_line_append(line, "-", 1);
    value = 0 - value;
  }
  if (kind == 'u' || kind == 'd' || kind == 'x') {
    tos_line_number(line, value, kind == 'x' ? 16 : 10);
  } else if (kind == 's') {
    const char *text = (const char *)value;
    uint64_t len = 0;
    while (text != NULL && text[len] != 0) len++;
    tos_line_append(line, text, len);
  } else if (kind == 'a') {
    if (value != 0) tos_line_hex(line, (const uint8_t *)value);
  } else {
    return 0;
  }
  return 1;
}

/*
 * What `tos_logf` calls: `format` of `len` bytes, four values. Text between conversions is copied as a whole. With an index, and not with
 * a pointer, clang leaves out the conversions that the only format of a contract does not have.
 */
TOS_SHARED void tos_log_format(const char *format, uint64_t len, const uint64_t *values) {
  tos_line line;
  uint64_t used = 0;
  uint64_t from = 0;
  line.len = 0;
  for (uint64_t at = 0; at < len; at++) {
    if (format[at] != '%' || at + 1 == len) continue;
    if (at != from) tos_line_append(&line, format + from, at - from);
    /* What is no conversion stands for itself, also a second percent sign. */
    from = ++at;
    if (tos_line_convert(&line, format[at], used < 4 ? values[used] : 0)) {
      used++;
      from++;
    }
  }
  if (len != from) tos_line_append(&line, format + from, len - from);
  (void)tos_log(line.bytes, line.len);
}

#endif
