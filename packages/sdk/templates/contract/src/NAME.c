/*
 * {{name}}: a number in storage that counts up to a limit.
 *
 * hook_0(limit: u64)   at deployment
 * entry_0(by: u64)     adds; return data: the new value, u64; event ADDED: by: u64, value: u64
 * entry_1()            return data: value: u64, limit: u64
 * entrypoint()         there is no default entry
 *
 * Parameters, return data and events are Borsh: a u64 is 8 bytes, little-endian.
 * Exit code 0 is success; any other one undoes the call.
 * Storage: "value" and "limit", 8 bytes each, little-endian.
 */
#include <tos/borsh.h>
#include <tos/entrypoint.h>
#include <tos/math.h>
#include <tos/storage.h>

enum exit_code {
  BAD_INPUT = 1,        /* the input is no encoding of the parameters */
  ALREADY_DEPLOYED = 2, /* hook_0 has already run */
  ABOVE_LIMIT = 3,      /* the value would exceed the limit */
  NO_SUCH_ENTRY = 4,    /* there is no default entry */
};

enum event { ADDED = 1 };

TOS_VALUE(value, u64)
TOS_VALUE(limit, u64)

TOS_HOOK(0) {
  tos_reader in = tos_reader_of(input, len);
  uint64_t most = tos_reader_u64(&in);
  if (!tos_reader_finish(&in)) return BAD_INPUT;
  if (limit_has()) return ALREADY_DEPLOYED;
  limit_set(most);
  return TOS_SUCCESS;
}

TOS_ENTRY(0) {
  tos_reader in = tos_reader_of(input, len);
  uint64_t by = tos_reader_u64(&in);
  if (!tos_reader_finish(&in)) return BAD_INPUT;

  uint64_t sum;
  if (!tos_add_u64(&sum, value_get(), by) || sum > limit_get()) return ABOVE_LIMIT;
  value_set(sum);

  uint8_t bytes[16];
  tos_writer event = tos_writer_of(bytes, sizeof bytes);
  tos_writer_u64(&event, by);
  tos_writer_u64(&event, sum);
  tos_writer_event(&event, ADDED);
  tos_return_u64(sum);
  return TOS_SUCCESS;
}

TOS_ENTRY(1) {
  if (len != 0) return BAD_INPUT;
  uint8_t bytes[16];
  tos_writer out = tos_writer_of(bytes, sizeof bytes);
  tos_writer_u64(&out, value_get());
  tos_writer_u64(&out, limit_get());
  tos_writer_return(&out);
  return TOS_SUCCESS;
}

uint64_t entrypoint(const uint8_t *input, uint64_t len) { return NO_SUCH_ENTRY; }
