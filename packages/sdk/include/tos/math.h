/*
 * Arithmetic that says when it does not fit.
 *
 * tos_add_u64, tos_sub_u64, tos_mul_u64, and the same for u32 and i64: the result goes to `out`; 1 when it fits, otherwise 0, and `out`
 * stays as it is:
 *
 *   if (!tos_add_u64(&supply, supply, amount)) return SUPPLY_OVERFLOW;
 *
 * tos_saturating_…: the nearest number that fits. All are inline: a handful of instructions each, a unit of gas an instruction.
 */
#ifndef TOS_MATH_H
#define TOS_MATH_H

#include "types.h"

#define TOS_U32_MAX ((uint32_t)0xffffffffu)
#define TOS_U64_MAX ((uint64_t)0xfffffffffffffffful)
#define TOS_I64_MAX ((int64_t)0x7ffffffffffffffful)
#define TOS_I64_MIN (-TOS_I64_MAX - 1)

/* ---- u64 ---- */

TOS_INLINE int tos_add_u64(uint64_t *out, uint64_t a, uint64_t b) {
  if (b > TOS_U64_MAX - a) return 0;
  *out = a + b;
  return 1;
}

TOS_INLINE int tos_sub_u64(uint64_t *out, uint64_t a, uint64_t b) {
  if (b > a) return 0;
  *out = a - b;
  return 1;
}

/* 1 when a·b fits. Hides the quotient: clang would make a 128-bit product of the comparison, which the machine does not have. */
TOS_INLINE int tos_product_fits_u64(uint64_t a, uint64_t b) {
  if (a == 0) return 1;
  uint64_t most = TOS_U64_MAX / a;
  __asm__("" : "+r"(most));
  return b <= most;
}

TOS_INLINE int tos_mul_u64(uint64_t *out, uint64_t a, uint64_t b) {
  if (!tos_product_fits_u64(a, b)) return 0;
  *out = a * b;
  return 1;
}

TOS_INLINE uint64_t tos_min_u64(uint64_t a, uint64_t b) { return a < b ? a : b; }
TOS_INLINE uint64_t tos_max_u64(uint64_t a, uint64_t b) { return a > b ? a : b; }

TOS_INLINE uint64_t tos_saturating_add_u64(uint64_t a, uint64_t b) { return b > TOS_U64_MAX - a ? TOS_U64_MAX : a + b; }
TOS_INLINE uint64_t tos_saturating_sub_u64(uint64_t a, uint64_t b) { return b > a ? 0 : a - b; }
TOS_INLINE uint64_t tos_saturating_mul_u64(uint64_t a, uint64_t b) {
  return tos_product_fits_u64(a, b) ? a * b : TOS_U64_MAX;
}

/* ---- u32 ---- */

TOS_INLINE int tos_add_u32(uint32_t *out, uint32_t a, uint32_t b) {
  uint64_t sum = (uint64_t)a + b;
  if (sum > TOS_U32_MAX) return 0;
  *out = (uint32_t)sum;
  return 1;
}

TOS_INLINE int tos_sub_u32(uint32_t *out, uint32_t a, uint32_t b) {
  if (b > a) return 0;
  *out = a - b;
  return 1;
}

TOS_INLINE int tos_mul_u32(uint32_t *out, uint32_t a, uint32_t b) {
  uint64_t product = (uint64_t)a * b;
  if (product > TOS_U32_MAX) return 0;
  *out = (uint32_t)product;
  return 1;
}

TOS_INLINE uint32_t tos_min_u32(uint32_t a, uint32_t b) { return a < b ? a : b; }
TOS_INLINE uint32_t tos_max_u32(uint32_t a, uint32_t b) { return a > b ? a : b; }

TOS_INLINE uint32_t tos_saturating_add_u32(uint32_t a, uint32_t b) {
  uint64_t sum = (uint64_t)a + b;
  return sum > TOS_U32_MAX ? TOS_U32_MAX : (uint32_t)sum;
}
TOS_INLINE uint32_t tos_saturating_sub_u32(uint32_t a, uint32_t b) { return b > a ? 0 : a - b; }
TOS_INLINE uint32_t tos_saturating_mul_u32(uint32_t a, uint32_t b) {
  uint64_t product = (uint64_t)a * b;
  return product > TOS_U32_MAX ? TOS_U32_MAX : (uint32_t)product;
}

/* ---- i64. For / and % of signed numbers `switchyard build` puts unsigned divisions, which the machine has; the one quotient that does
 * not fit, of the least number by -1, wraps ---- */

TOS_INLINE int tos_add_i64(int64_t *out, int64_t a, int64_t b) {
  int64_t sum = (int64_t)((uint64_t)a + (uint64_t)b);
  /* Both operands have the sign that the sum has not. */
  if (((a ^ sum) & (b ^ sum)) < 0) return 0;
  *out = sum;
  return 1;
}

TOS_INLINE int tos_sub_i64(int64_t *out, int64_t a, int64_t b) {
  int64_t difference = (int64_t)((uint64_t)a - (uint64_t)b);
  if (((a ^ b) & (a ^ difference)) < 0) return 0;
  *out = difference;
  return 1;
}

/* The absolute value; 2^63 for the least number. */
TOS_INLINE uint64_t tos_abs_i64(int64_t a) { return a < 0 ? 0 - (uint64_t)a : (uint64_t)a; }

TOS_INLINE int tos_mul_i64(int64_t *out, int64_t a, int64_t b) {
  uint64_t product;
  int is_negative = (a ^ b) < 0;
  if (!tos_mul_u64(&product, tos_abs_i64(a), tos_abs_i64(b))) return 0;
  if (product > (uint64_t)TOS_I64_MAX + (uint64_t)is_negative) return 0;
  *out = (int64_t)(is_negative ? 0 - product : product);
  return 1;
}

TOS_INLINE int64_t tos_min_i64(int64_t a, int64_t b) { return a < b ? a : b; }
TOS_INLINE int64_t tos_max_i64(int64_t a, int64_t b) { return a > b ? a : b; }

TOS_INLINE int64_t tos_saturating_add_i64(int64_t a, int64_t b) {
  int64_t sum;
  if (tos_add_i64(&sum, a, b)) return sum;
  return a < 0 ? TOS_I64_MIN : TOS_I64_MAX;
}
TOS_INLINE int64_t tos_saturating_sub_i64(int64_t a, int64_t b) {
  int64_t difference;
  if (tos_sub_i64(&difference, a, b)) return difference;
  return a < 0 ? TOS_I64_MIN : TOS_I64_MAX;
}
TOS_INLINE int64_t tos_saturating_mul_i64(int64_t a, int64_t b) {
  int64_t product;
  if (tos_mul_i64(&product, a, b)) return product;
  return (a ^ b) < 0 ? TOS_I64_MIN : TOS_I64_MAX;
}

#endif
