/*
 * Calling another contract.
 *
 *   tos_call call = tos_call_of(ENTRY, params, sizeof params);
 *   call.gas_limit = 50000;                      what the callee may use; 0: all that is left
 *   uint64_t result = tos_invoke_contract(&contract, &call);
 *   if (tos_call_broke(result)) ...              the callee broke: tos_call_error(result) says how
 *   if (tos_call_refused(result)) ...            the callee ended with an exit code of its own: result
 *
 * Whatever the callee did is undone when it did not succeed, its gas is spent, and the caller goes on. The caller itself ends when
 * there is no contract at the address (UnknownContract), the contract is on the call stack already (Reentrancy), calls are nested too
 * deep (CallDepthExceeded), the gas limit is above what is left, or the caller holds less than the value (InsufficientBalance).
 *
 * The callee may be of any engine; `params` are as that engine reads them, Borsh for a contract in C. It sees the same signer of the
 * transaction (tos_get_tx_sender) as its caller does: do not call a contract that you do not trust with the signer's rights.
 */
#ifndef TOS_INVOKE_H
#define TOS_INVOKE_H

#include "bytes.h"

/* Numbers of the errors that end a callee, for `tos_call_error`; the rest is in docs/errors.md. */
typedef enum {
  TOS_ERROR_OUT_OF_GAS = 1,
  TOS_ERROR_CODE_INVALID = 2,
  TOS_ERROR_ENTRY_NOT_FOUND = 5,
  TOS_ERROR_STACK_OVERFLOW = 6,
  TOS_ERROR_CALL_DEPTH_EXCEEDED = 7,
  TOS_ERROR_ACCESS_VIOLATION = 8,
  TOS_ERROR_DIVISION_BY_ZERO = 9,
  TOS_ERROR_ARITHMETIC_OVERFLOW = 10,
  TOS_ERROR_UNKNOWN_SYSCALL = 11,
  TOS_ERROR_STATIC_VIOLATION = 14,
  TOS_ERROR_INSUFFICIENT_BALANCE = 15,
  TOS_ERROR_REENTRANCY = 16,
  TOS_ERROR_UNKNOWN_CONTRACT = 17,
  TOS_ERROR_INVALID_ARGUMENT = 18,
  TOS_ERROR_LIMIT_EXCEEDED = 19
} tos_error;

/* A call of entry_N with `len` bytes of parameters, all gas that is left, no value, and leave to change state. */
TOS_INLINE tos_call tos_call_of(uint16_t entry, const void *params, uint64_t len) {
  return (tos_call){
      .entry = entry, .flags = 0, .pad = 0, .gas_limit = 0, .params = params, .params_len = len, .value = 0};
}

/* Calls entry_N of a contract with all gas that is left. Returns what tos_invoke_contract does. */
TOS_INLINE uint64_t tos_invoke(const void *contract, uint16_t entry, const void *params, uint64_t len) {
  tos_call call = tos_call_of(entry, params, len);
  return tos_invoke_contract((const tos_hash *)contract, &call);
}

/* The same and moves `value` of the native asset to the callee, back again if it does not succeed. */
TOS_INLINE uint64_t tos_invoke_paying(const void *contract, uint16_t entry, const void *params, uint64_t len,
                                      uint64_t value) {
  tos_call call = tos_call_of(entry, params, len);
  call.value = value;
  return tos_invoke_contract((const tos_hash *)contract, &call);
}

/* The same, but a callee that tries to change state breaks with STATIC_VIOLATION. */
TOS_INLINE uint64_t tos_invoke_view(const void *contract, uint16_t entry, const void *params, uint64_t len) {
  tos_call call = tos_call_of(entry, params, len);
  call.flags = TOS_CALL_READ_ONLY;
  return tos_invoke_contract((const tos_hash *)contract, &call);
}

/* 1 when the callee ended with an exit code of its own, which is `result`. */
TOS_INLINE int tos_call_refused(uint64_t result) { return result != 0 && result < TOS_CALL_FAILED; }

/* 1 when the callee broke: out of gas, bad access, no such entry, … */
TOS_INLINE int tos_call_broke(uint64_t result) { return result >= TOS_CALL_FAILED; }

/* Number of the error of a callee that broke, one of TOS_ERROR_…; 0 of one that did not. */
TOS_INLINE uint64_t tos_call_error(uint64_t result) { return tos_call_broke(result) ? result - TOS_CALL_FAILED : 0; }

/* Copies the last call's return data, at most `out_len` bytes; returns its full length. A call that sets none leaves none of an
 * earlier one. */
TOS_INLINE uint64_t tos_call_return(void *out, uint64_t out_len) {
  tos_hash setter;
  return tos_get_return_data(out, out_len, &setter);
}

/* The last call's return data as a u64; 1 when it has exactly 8 bytes. */
TOS_INLINE int tos_call_return_u64(uint64_t *out) {
  uint64_t value;
  if (tos_call_return(&value, sizeof value) != sizeof value) return 0;
  *out = value;
  return 1;
}

#endif
