/**
 * What engines accept beyond the specification's own bounds: the implementation limits of the WebAssembly JavaScript Interface
 * (section "Implementation-defined Limits"), which Chromium, Firefox, Safari and Node share.
 */
export const ENGINE_LIMITS = {
  types: 1_000_000,
  functions: 1_000_000,
  imports: 1_000_000,
  exports: 1_000_000,
  globals: 1_000_000,
  tables: 100_000,
  dataSegments: 100_000,
  elementSegments: 10_000_000,
  /** Entries that a table starts with, or that one element segment holds. */
  tableEntries: 10_000_000,
  memoryPages: 65_536,
  parameters: 1_000,
  results: 1_000,
  /** Locals of a function, parameters included. */
  locals: 50_000,
  /** Bytes of one function's body, its locals included. */
  functionBytes: 7_654_321,
  moduleBytes: 1_073_741_824,
  nameBytes: 100_000,
  /** V8's bound on the targets of one `br_table`, the default not counted. */
  branchTableEntries: 65_520,
} as const;
