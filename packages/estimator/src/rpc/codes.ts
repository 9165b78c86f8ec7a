/** Error codes that JSON-RPC 2.0 itself defines; those of faults are in `FAULT_KINDS`. */
export const RPC_CODES = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
} as const;
