/*
 * Unsigned integers of 128 bits, for products of amounts. Exact; what may not fit or may divide by zero is checked: the result goes
 * to `out`, and 1 is returned; otherwise 0 is, and `out` stays as it is.
 *
 *   uint64_t share;
 *   if (!tos_mul_div_u64(&share, amount, part, whole, TOS_FLOOR)) return ARITHMETIC;
 *
 * In gas, which is instructions: sum, difference, comparison, shift up to 20; 64×64 up to 40, 128×128 up to 90; 64×64/64 and 128/64 up
 * to 170; 128/128 up to 500; 128×128/128 up to 900; square root up to 1,200.
 */
#ifndef TOS_U128_H
#define TOS_U128_H

#include "math.h"

/* A number; in memory 16 bytes, little-endian, as Borsh has it. */
typedef struct {
  uint64_t low;
  uint64_t high;
} tos_u128;

_Static_assert(sizeof(tos_u128) == 16, "Borsh's u128");

/* How a division rounds. */
typedef enum { TOS_FLOOR = 0, TOS_CEIL = 1 } tos_rounding;

/* ---- Making, converting, comparing ---- */

TOS_INLINE tos_u128 tos_u128_of(uint64_t value) { return (tos_u128){.low = value, .high = 0}; }
TOS_INLINE tos_u128 tos_u128_make(uint64_t high, uint64_t low) { return (tos_u128){.low = low, .high = high}; }

/* 1 when it fits into 64 bits. */
TOS_INLINE int tos_u128_to_u64(uint64_t *out, tos_u128 a) {
  if (a.high != 0) return 0;
  *out = a.low;
  return 1;
}

TOS_INLINE int tos_u128_is_zero(tos_u128 a) { return (a.low | a.high) == 0; }

/* -1, 0 or 1 as a is less than, equal to or greater than b. */
TOS_INLINE int tos_u128_compare(tos_u128 a, tos_u128 b) {
  if (a.high != b.high) return a.high < b.high ? -1 : 1;
  if (a.low != b.low) return a.low < b.low ? -1 : 1;
  return 0;
}

/* ---- Shifts. `by` of 128 and more gives 0; bits that are shifted out are lost ---- */

TOS_INLINE tos_u128 tos_u128_shl(tos_u128 a, uint64_t by) {
  if (by == 0) return a;
  if (by >= 128) return tos_u128_of(0);
  if (by >= 64) return tos_u128_make(a.low << (by - 64), 0);
  return tos_u128_make(a.high << by | a.low >> (64 - by), a.low << by);
}

TOS_INLINE tos_u128 tos_u128_shr(tos_u128 a, uint64_t by) {
  if (by == 0) return a;
  if (by >= 128) return tos_u128_of(0);
  if (by >= 64) return tos_u128_of(a.high >> (by - 64));
  return tos_u128_make(a.high >> by, a.low >> by | a.high << (64 - by));
}

/* ---- Sum, difference, product ---- */

TOS_INLINE int tos_u128_add(tos_u128 *out, tos_u128 a, tos_u128 b) {
  uint64_t low = a.low + b.low;
  uint64_t carry = low < a.low;
  uint64_t high = a.high + b.high;
  if (high < a.high || high + carry < high) return 0;
  *out = tos_u128_make(high + carry, low);
  return 1;
}

TOS_INLINE int tos_u128_sub(tos_u128 *out, tos_u128 a, tos_u128 b) {
  if (tos_u128_compare(a, b) < 0) return 0;
  *out = tos_u128_make(a.high - b.high - (a.low < b.low), a.low - b.low);
  return 1;
}

/* The whole product of two 64-bit numbers; always fits. */
TOS_INLINE tos_u128 tos_u128_product(uint64_t a, uint64_t b) {
  uint64_t a0 = (uint32_t)a, a1 = a >> 32;
  uint64_t b0 = (uint32_t)b, b1 = b >> 32;
  uint64_t low = a0 * b0;
  /* At most (2^32 - 1)^2 + 2^32 - 1: no carry is lost. */
  uint64_t middle = a1 * b0 + (low >> 32);
  uint64_t other = a0 * b1 + (uint32_t)middle;
  return tos_u128_make(a1 * b1 + (middle >> 32) + (other >> 32), other << 32 | (uint32_t)low);
}

TOS_INLINE int tos_u128_mul(tos_u128 *out, tos_u128 a, tos_u128 b) {
  if (a.high != 0 && b.high != 0) return 0;
  tos_u128 low = tos_u128_product(a.low, b.low);
  /* One of the two is 0. */
  tos_u128 cross = tos_u128_product(a.high | b.high, a.high != 0 ? b.low : a.low);
  if (cross.high != 0) return 0;
  return tos_u128_add(out, low, tos_u128_make(cross.low, 0));
}

/* ---- Division: Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D ---- */

/* Leading zero bits; `value` may not be 0. */
TOS_INLINE uint64_t tos_leading_zeros(uint64_t value) {
  uint64_t count = 0;
  if (value >> 32 == 0) count += 32, value <<= 32;
  if (value >> 48 == 0) count += 16, value <<= 16;
  if (value >> 56 == 0) count += 8, value <<= 8;
  if (value >> 60 == 0) count += 4, value <<= 4;
  if (value >> 62 == 0) count += 2, value <<= 2;
  return count + (value >> 63 == 0);
}

/* One digit of 32 bits of (high·2^32 + digit) / divisor; `rest` becomes the remainder. divisor is normalised, high < divisor. */
TOS_INLINE uint64_t tos_divide_digit(uint64_t high, uint64_t digit, uint64_t divisor, uint64_t *rest) {
  uint64_t d1 = divisor >> 32, d0 = (uint32_t)divisor;
  uint64_t quotient = high / d1;
  uint64_t left = high - quotient * d1;
  /* The estimate is too large by 2 at most. */
  while (quotient >> 32 != 0 || quotient * d0 > (left << 32 | digit)) {
    quotient--;
    left += d1;
    if (left >> 32 != 0) break;
  }
  *rest = (high << 32 | digit) - quotient * divisor;
  return quotient;
}

/* Quotient of (high, low) / divisor, which must fit: high < divisor. `rest` becomes the remainder. */
TOS_SHARED uint64_t tos_divide_2_by_1(uint64_t high, uint64_t low, uint64_t divisor, uint64_t *rest) {
  if (high == 0) {
    *rest = low % divisor;
    return low / divisor;
  }
  uint64_t shift = tos_leading_zeros(divisor);
  uint64_t left;
  divisor <<= shift;
  tos_u128 value = tos_u128_shl(tos_u128_make(high, low), shift);
  uint64_t first = tos_divide_digit(value.high, value.low >> 32, divisor, &left);
  uint64_t second = tos_divide_digit(left, (uint32_t)value.low, divisor, &left);
  *rest = left >> shift;
  return first << 32 | second;
}

/*
 * Quotient of the three words (value[2], value[1], value[0]) / divisor, which must fit; value becomes the remainder, value[2] 0. The
 * divisor's highest bit is set.
 */
TOS_SHARED uint64_t tos_divide_3_by_2(uint64_t *value, const tos_u128 *divisor) {
  uint64_t quotient, left;
  uint64_t is_exact = 1;
  if (value[2] == divisor->high) {
    /* The quotient of the first two words would be 2^64 or more: begin one below, and say what is left over. */
    quotient = TOS_U64_MAX;
    left = value[1] + divisor->high;
    is_exact = left >= divisor->high;
  } else {
    quotient = tos_divide_2_by_1(value[2], value[1], divisor->high, &left);
  }
  /* While what is left over is below 2^64 the estimate may be too large, by 2 at most. */
  tos_u128 part = tos_u128_product(quotient, divisor->low);
  while (is_exact && tos_u128_compare(part, tos_u128_make(left, value[0])) > 0) {
    quotient--;
    (void)tos_u128_sub(&part, part, tos_u128_of(divisor->low));
    left += divisor->high;
    is_exact = left >= divisor->high;
  }
  /* The remainder is less than the divisor, so its words need no third one. */
  value[1] = left - part.high - (value[0] < part.low);
  value[0] -= part.low;
  value[2] = 0;
  return quotient;
}

/* Quotient and remainder of a / b with b of 64 bits; 0 when b is 0. `rest` may be NULL. */
TOS_INLINE int tos_u128_divmod_u64(tos_u128 *out, uint64_t *rest, tos_u128 a, uint64_t b) {
  uint64_t left;
  if (b == 0) return 0;
  uint64_t high = a.high / b;
  uint64_t low = tos_divide_2_by_1(a.high % b, a.low, b, &left);
  *out = tos_u128_make(high, low);
  if (rest != NULL) *rest = left;
  return 1;
}

/*
 * The four words of `value`, lowest first, divided by `divisor`: the quotient goes to `out` if it fits into 128 bits, the remainder to
 * value[1] and value[0].
 */
TOS_SHARED int tos_divide_4_by_2(tos_u128 *out, uint64_t *value, const tos_u128 *divisor) {
  if (tos_u128_compare(tos_u128_make(value[3], value[2]), *divisor) >= 0) return 0;
  if (divisor->high == 0) {
    uint64_t left;
    /* value[3] is 0, and value[2] less than the divisor. */
    out->high = tos_divide_2_by_1(value[2], value[1], divisor->low, &left);
    out->low = tos_divide_2_by_1(left, value[0], divisor->low, &value[0]);
    value[1] = 0;
    return 1;
  }
  uint64_t shift = tos_leading_zeros(divisor->high);
  tos_u128 normal = tos_u128_shl(*divisor, shift);
  if (shift != 0) {
    for (uint64_t i = 3; i > 0; i--) value[i] = value[i] << shift | value[i - 1] >> (64 - shift);
    value[0] <<= shift;
  }
  out->high = tos_divide_3_by_2(value + 1, &normal);
  out->low = tos_divide_3_by_2(value, &normal);
  tos_u128 rest = tos_u128_shr(tos_u128_make(value[1], value[0]), shift);
  value[0] = rest.low;
  value[1] = rest.high;
  return 1;
}

/* Quotient and remainder of a / b; 0 when b is 0. `rest` may be NULL. */
TOS_INLINE int tos_u128_divmod(tos_u128 *out, tos_u128 *rest, tos_u128 a, tos_u128 b) {
  uint64_t value[4] = {a.low, a.high, 0, 0};
  tos_u128 quotient;
  if (!tos_divide_4_by_2(&quotient, value, &b)) return 0;
  *out = quotient;
  if (rest != NULL) *rest = tos_u128_make(value[1], value[0]);
  return 1;
}

/* ---- a·b / c with the whole product in between ---- */

/* Of 64-bit numbers. 0 when c is 0 or the result needs more than 64 bits. */
TOS_INLINE int tos_mul_div_u64(uint64_t *out, uint64_t a, uint64_t b, uint64_t c, tos_rounding rounding) {
  uint64_t rest;
  tos_u128 product = tos_u128_product(a, b);
  if (product.high >= c) return 0;
  uint64_t quotient = tos_divide_2_by_1(product.high, product.low, c, &rest);
  return tos_add_u64(out, quotient, rounding == TOS_CEIL && rest != 0);
}

/* What `tos_u128_mul_div` calls; `factors` are a and b. */
TOS_SHARED int tos_u128_mul_div_of(tos_u128 *out, const tos_u128 *factors, const tos_u128 *c, tos_rounding rounding) {
  tos_u128 a = factors[0], b = factors[1];
  tos_u128 low = tos_u128_product(a.low, b.low);
  tos_u128 first = tos_u128_product(a.low, b.high);
  tos_u128 second = tos_u128_product(a.high, b.low);
  tos_u128 high = tos_u128_product(a.high, b.high);
  tos_u128 middle = tos_u128_of(low.high);
  tos_u128 quotient;
  /* Neither sum overflows: three words of 64 bits have room in 128, and the product in 256. */
  (void)tos_u128_add(&middle, middle, tos_u128_of(first.low));
  (void)tos_u128_add(&middle, middle, tos_u128_of(second.low));
  (void)tos_u128_add(&high, high, tos_u128_of(first.high));
  (void)tos_u128_add(&high, high, tos_u128_of(second.high));
  (void)tos_u128_add(&high, high, tos_u128_of(middle.high));
  uint64_t value[4] = {low.low, middle.low, high.low, high.high};
  if (!tos_divide_4_by_2(&quotient, value, c)) return 0;
  return tos_u128_add(out, quotient, tos_u128_of(rounding == TOS_CEIL && (value[0] | value[1]) != 0));
}

/* 0 when c is 0 or the result needs more than 128 bits. */
TOS_INLINE int tos_u128_mul_div(tos_u128 *out, tos_u128 a, tos_u128 b, tos_u128 c, tos_rounding rounding) {
  const tos_u128 factors[2] = {a, b};
  return tos_u128_mul_div_of(out, factors, &c, rounding);
}

/* ---- Square root ---- */

/* What `tos_u128_sqrt` calls. Newton's steps from above; each next one is less until the root is reached. */
TOS_SHARED uint64_t tos_u128_sqrt_of(const tos_u128 *square) {
  tos_u128 a = *square;
  uint64_t rest;
  if (tos_u128_is_zero(a)) return 0;
  uint64_t bits = a.high != 0 ? 128 - tos_leading_zeros(a.high) : 64 - tos_leading_zeros(a.low);
  uint64_t root = bits > 126 ? TOS_U64_MAX : (uint64_t)1 << ((bits + 1) / 2);
  /* From a.high = root on, the quotient is 2^64 or more, so the step would not go down. */
  while (a.high < root) {
    uint64_t quotient = tos_divide_2_by_1(a.high, a.low, root, &rest);
    if (quotient >= root) break;
    root = quotient + (root - quotient) / 2;
  }
  return root;
}

/* The greatest number whose square is at most `a`. */
TOS_INLINE uint64_t tos_u128_sqrt(tos_u128 a) { return tos_u128_sqrt_of(&a); }

#endif
