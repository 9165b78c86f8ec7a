/*
 * Syscalls of the TOS host.
 *
 * Every syscall takes up to five 64-bit arguments and returns one. Prices are in units of gas and come on top of the one unit of
 * the call instruction. An error ends the whole run: the contract does not see it, its changes of state are dropped. "Too long"
 * errors are found before gas is charged, all others after. A pointer range must lie in one memory region, and in a writable one
 * if the host writes to it; a range of length 0 is never a fault. Balances and amounts are in the asset's smallest unit.
 */
#ifndef TOS_SYSCALLS_H
#define TOS_SYSCALLS_H

#include "types.h"

/* ---- Log and return data ---- */

/* Adds a message to the run's log. Price 100 + len. MessageTooLong above 10,000 bytes, InvalidString unless UTF-8. Returns 0. */
extern uint64_t tos_log(const void *message, uint64_t len);

/* Sets what the caller gets as return data, instead of what was set before. Price 100 + len. ReturnDataTooLarge above 1,024
 * bytes. Returns 0. */
extern uint64_t tos_set_return_data(const void *data, uint64_t len);

/* Copies the return data of the last call, at most `out_len` bytes, and the hash of the contract that set it. Price 50. Returns
 * the full length, 0 if there is none; when nothing is copied, `contract` is not written either. */
extern uint64_t tos_get_return_data(void *out, uint64_t out_len, tos_hash *contract);

/* ---- Block, transaction, contract ---- */

/* Hash of the block that the call is in. Price 50. Returns 0. */
extern uint64_t tos_get_block_hash(tos_hash *out);

/* Height of the block. Price 50. */
extern uint64_t tos_get_block_height(void);

/* The block's time in seconds; never the clock of the machine. Price 50. */
extern uint64_t tos_get_block_timestamp(void);

/* Hash of the transaction. Price 50. Returns 0. */
extern uint64_t tos_get_tx_hash(tos_hash *out);

/* Address that signed the transaction: also in a contract that was called by another contract. Price 50. Returns 0. */
extern uint64_t tos_get_tx_sender(tos_address *out);

/* Hash of the executing contract, which is also its address. Price 50. Returns 0. */
extern uint64_t tos_get_contract_hash(tos_hash *out);

/* Units of gas that are left, this call already paid. Price 10. A contract that asks makes gas estimation a search. */
extern uint64_t tos_get_gas_left(void);

/* Fills `out` with bytes that depend only on block, transaction, contract and number of the call: the same on every node, and
 * known to whoever makes the block. Price 100 + len. An error above 1,024 bytes. Returns 0. */
extern uint64_t tos_random(void *out, uint64_t len);

/* ---- Native asset ---- */

/* Balance of an account, 0 if it is unknown. Price 100. */
extern uint64_t tos_get_balance(const tos_address *address);

/* Moves `amount` from the executing contract to `recipient`. Price 500. InvalidAmount if 0, InsufficientBalance. Returns 0. */
extern uint64_t tos_transfer(const tos_address *recipient, uint64_t amount);

/* ---- Storage: byte strings under byte strings, private to the executing contract ---- */

/* Copies the value of a key to `out`. Price 200 + the value's length. KeyTooLarge above 256 bytes, BufferTooSmall when the value
 * is longer than `out_len`. Returns the value's length, 0 if the key is absent. */
extern uint64_t tos_storage_read(const void *key, uint64_t key_len, void *out, uint64_t out_len);

/* Sets the value of a key. Price 500 + 2 per byte of the value. KeyTooLarge above 256 bytes, ValueTooLarge above 65,536. Returns
 * 0. */
extern uint64_t tos_storage_write(const void *key, uint64_t key_len, const void *value, uint64_t value_len);

/* Removes a key. Price 300. KeyTooLarge above 256 bytes. Returns 1 if the key existed, otherwise 0. */
extern uint64_t tos_storage_delete(const void *key, uint64_t key_len);

/* ---- Assets ---- */

/* Balance of an account in an asset. Price 100. */
extern uint64_t tos_get_asset_balance(const tos_address *address, const tos_asset *asset);

/* Moves `amount` of an asset from the executing contract to `recipient`. Price 500. Errors as of `tos_transfer`. Returns 0. */
extern uint64_t tos_transfer_asset(const tos_address *recipient, uint64_t amount, const tos_asset *asset);

/* Destroys `amount` of what the executing contract holds; `asset` NULL is the native asset. Price 500. InvalidAmount if 0,
 * InsufficientBalance. Returns 0. */
extern uint64_t tos_burn(uint64_t amount, const tos_asset *asset);

/* Creates an asset that only the executing contract can mint, and writes its identifier to `out`. `name` has at most 64 bytes of
 * UTF-8, `decimals` is at most 18, `max_supply` 0 means no maximum. Price 10,000. AssetExists, InvalidString. Returns 0. */
extern uint64_t tos_asset_create(const void *name, uint64_t name_len, uint64_t decimals, uint64_t max_supply,
                                 tos_asset *out);

/* Mints `amount` to `recipient`. Price 1,000. NotAssetOwner unless the executing contract created the asset, SupplyExceeded.
 * Returns 0. */
extern uint64_t tos_asset_mint(const tos_asset *asset, uint64_t amount, const tos_address *recipient);

/* What has been minted and not burnt. Price 100. UnknownAsset. */
extern uint64_t tos_asset_supply(const tos_asset *asset);

/* ---- Events and calls ---- */

/* Emits an event; contracts cannot read it. Price 500 + 2·len. EventTooLarge above 4,096 bytes. Returns 0. */
extern uint64_t tos_fire_event(uint64_t event_id, const void *data, uint64_t len);

/* What to call, for `tos_invoke_contract`. */
typedef struct {
  uint16_t entry;        /* N of entry_N */
  uint16_t flags;        /* TOS_CALL_READ_ONLY or 0 */
  uint32_t pad;          /* 0 */
  uint64_t gas_limit;    /* for the callee; 0: all that is left; above what is left: the caller fails */
  const void *params;    /* Borsh */
  uint64_t params_len;
  uint64_t value;        /* of the native asset, moved to the callee */
} __attribute__((aligned(8))) tos_call;

/* The callee may not change state. */
#define TOS_CALL_READ_ONLY ((uint16_t)1)

_Static_assert(sizeof(tos_call) == 40 && _Alignof(tos_call) == 8, "the host reads 40 bytes, 8-aligned");
_Static_assert(__builtin_offsetof(tos_call, entry) == 0 && __builtin_offsetof(tos_call, flags) == 2 &&
                   __builtin_offsetof(tos_call, gas_limit) == 8 && __builtin_offsetof(tos_call, params) == 16 &&
                   __builtin_offsetof(tos_call, params_len) == 24 && __builtin_offsetof(tos_call, value) == 32,
               "fields at the places where the host reads them");

/* Calls another contract, on whatever engine it runs; its return data comes by `tos_get_return_data`. Price 1,000 + the callee's
 * gas. UnknownContract, CallDepthExceeded (64), Reentrancy. Returns the callee's exit code; when the callee broke, its changes are
 * dropped and TOS_CALL_FAILED + the number of the error is returned, so that the caller can go on. */
extern uint64_t tos_invoke_contract(const tos_hash *contract, const tos_call *call);

/* Results of `tos_invoke_contract` from here on mean that the callee broke; the rest is the error's number. */
#define TOS_CALL_FAILED ((uint64_t)1 << 63)

/* ---- Hashes ---- */

/* A piece of a message; a hash takes the pieces one after another. */
typedef struct {
  const void *data;
  uint64_t len;
} tos_slice;

_Static_assert(sizeof(tos_slice) == 16, "the host reads pairs of 64-bit numbers");

/* Hash of at most 20,000 slices. Price 85 + for each slice the greater of 10 and half its length. Returns 0. */
extern uint64_t tos_sha256(const tos_slice *slices, uint64_t count, tos_hash *out);
extern uint64_t tos_keccak256(const tos_slice *slices, uint64_t count, tos_hash *out);
extern uint64_t tos_blake3(const tos_slice *slices, uint64_t count, tos_hash *out);

/* ---- Memory. Price of each: the greater of 10 and len/250; cheaper than a loop from about three 8-byte words on ---- */

/* Copies; CopyOverlapping when the ranges overlap. Returns 0. */
extern uint64_t tos_memcpy(void *to, const void *from, uint64_t len);

/* Copies, overlapping or not. Returns 0. */
extern uint64_t tos_memmove(void *to, const void *from, uint64_t len);

/* Sets all bytes to the low byte of `byte`. Returns 0. */
extern uint64_t tos_memset(void *to, uint64_t byte, uint64_t len);

/* Compares; `out` becomes negative, 0 or positive. Returns 0. */
extern uint64_t tos_memcmp(const void *a, const void *b, uint64_t len, int32_t *out);

/* ---- Older names ---- */

/* `tos_storage_read`. */
extern uint64_t tos_storage_load(const void *key, uint64_t key_len, void *out, uint64_t out_len);

/* `tos_storage_write`. */
extern uint64_t tos_storage_store(const void *key, uint64_t key_len, const void *value, uint64_t value_len);

/* `tos_get_tx_sender`. */
extern uint64_t tos_get_tx_source(tos_address *out);

#endif
