/*
 * Logging text and numbers.
 *
 *   tos_log_str("transfer refused");
 *   tos_logf("sent %u of %u to %a", amount, balance, &recipient);
 *
 * Price: tos_log's 100 + length. A literal adds 5 instructions; a formatted line about 25 for each byte of the format and of the
 * numbers, 15 for each digit of an address: some 1,000 units for a line of text with an address. The line takes 248 bytes of a stack
 * frame of its own, the values 32 bytes of the caller's.
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

TOS_INLINE void tos_line_put(tos_line *line, char byte) {
  if (line->len < TOS_LOG_LINE) line->bytes[line->len++] = byte;
}

/* Appends `value` in the given base, 10 or 16. */
TOS_SHARED void tos_line_number(tos_line *line, uint64_t value, uint64_t base) {
  char digits[20];
  uint64_t count = 0;
  do {
    uint64_t digit = value % base;
    digits[count++] = (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);
    value /= base;
  } while (value != 0);
  while (count > 0) tos_line_put(line, digits[--count]);
}

/* Appends `len` bytes, two hexadecimal digits each. */
TOS_SHARED void tos_line_hex(tos_line *line, const uint8_t *bytes, uint64_t len) {
  for (uint64_t i = 0; i < len; i++) {
    uint8_t high = bytes[i] >> 4;
    uint8_t low = bytes[i] & 15;
    tos_line_put(line, (char)(high < 10 ? '0' + high : 'a' + high - 10));
    tos_line_put(line, (char)(low < 10 ? '0' + low : 'a' + low - 10));
  }
}

/* Appends one conversion; returns 1 when it used its value. */
TOS_INLINE uint64_t tos_line_convert(tos_line *line, char kind, uint64_t value) {
  if (kind == 'u') {
    tos_line_number(line, value, 10);
  } else if (kind == 'x') {
    tos_line_number(line, value, 16);
  } else if (kind == 'd') {
    if ((int64_t)value < 0) {
      tos_line_put(line, '-');
      value = 0 - value;
    }
    tos_line_number(line, value, 10);
  } else if (kind == 's') {
    const char *text = (const char *)value;
    if (text != NULL) {
      while (*text != 0) tos_line_put(line, *text++);
    }
  } else if (kind == 'a') {
    if (value != 0) tos_line_hex(line, (const uint8_t *)value, 32);
  } else {
    tos_line_put(line, kind);
    return 0;
  }
  return 1;
}

/* What `tos_logf` calls: `format` of `len` bytes, four values. */
TOS_SHARED void tos_log_format(const char *format, uint64_t len, const uint64_t *values) {
  tos_line line;
  uint64_t used = 0;
  line.len = 0;
  for (uint64_t i = 0; i < len; i++) {
    if (format[i] == '%' && i + 1 < len) {
      i++;
      used += tos_line_convert(&line, format[i], used < 4 ? values[used] : 0);
    } else {
      tos_line_put(&line, format[i]);
    }
  }
  (void)tos_log(line.bytes, line.len);
}

#endif
