/** One row of the error table: all that is known of a code before it happens. */
export interface ErrorRow {
  /** Stable number (u16), never reused. A failed callee gives 2^63 + number in its TBPF caller's r0. */
  readonly number: number;
  /** What the code says, one sentence. */
  readonly meaning: string;
  /** What to do about it, one sentence; an error may carry a more exact hint of its own. */
  readonly hint: string;
}

const row = (number: number, meaning: string, hint: string): ErrorRow => ({ number, meaning, hint });

/**
 * Every error code of Switchyard. 1–99 end a contract's run; 100 and above are the host's: configuration, state, tools.
 * docs/errors.md has one heading for each, and a test holds the two equal. Codes are never renamed or reused.
 */
export const ERROR_TABLE = {
  OUT_OF_GAS: row(
    1,
    'The run needed more gas than its limit.',
    'Raise the gas limit; `switchyard estimate` gives the smallest one that works.',
  ),
  CODE_INVALID: row(
    2,
    'The code is malformed or its verifier refused it.',
    'Run `switchyard validate` for the exact place, and rebuild the contract.',
  ),
  CODE_TOO_LARGE: row(
    3,
    'The code is longer than its engine allows.',
    'Make the contract smaller, or raise the limit of the engine in the configuration.',
  ),
  CODE_FORMAT_UNKNOWN: row(
    4,
    'No engine recognises the code.',
    'Name the engine on the module, in a select rule, or as defaultEngine.',
  ),
  ENTRY_NOT_FOUND: row(
    5,
    'The code has no such entry, hook or function.',
    '`switchyard inspect` lists the entries that the code has.',
  ),
  STACK_OVERFLOW: row(
    6,
    'The machine stack is exhausted.',
    'Recurse less deeply, or keep large values in the heap.',
  ),
  CALL_DEPTH_EXCEEDED: row(
    7,
    'Calls are nested deeper than allowed.',
    'Recurse less deeply, or raise the call depth in the configuration.',
  ),
  ACCESS_VIOLATION: row(
    8,
    'The contract touched memory that is not mapped, or wrote to read-only memory.',
    'Check the pointer and the length at the address that the error names.',
  ),
  DIVISION_BY_ZERO: row(9, 'Division or remainder by zero.', 'Test the divisor before dividing.'),
  ARITHMETIC_OVERFLOW: row(
    10,
    'The result of an operation does not fit.',
    'Check the operands before the operation.',
  ),
  UNKNOWN_SYSCALL: row(
    11,
    'The contract calls a function that the host does not offer.',
    '`switchyard inspect` lists the syscalls that the code uses; check the spelling and the engine version.',
  ),
  INVALID_INSTRUCTION: row(
    12,
    'The machine met an instruction that it cannot execute.',
    'Rebuild the contract; calls may only go to the first instruction of a function.',
  ),
  INVALID_JUMP: row(
    13,
    'Control left the code.',
    'End every function with a return, and call only functions of the contract.',
  ),
  STATIC_VIOLATION: row(14, 'A read-only call tried to change state.', 'Call it without the read-only flag.'),
  INSUFFICIENT_BALANCE: row(15, 'The account holds less than the amount.', 'Fund the account, or send less.'),
  REENTRANCY: row(
    16,
    'The contract is already on the call stack and may not be re-entered.',
    'Finish before calling out, or allow it under contracts.reentrancy in the configuration.',
  ),
  UNKNOWN_CONTRACT: row(
    17,
    'There is no code at the address.',
    'Check the address, and that the contract was deployed to this state.',
  ),
  INVALID_ARGUMENT: row(
    18,
    "A contract, a syscall or a function of the host was given an argument or an input that it does not take, or a contract's result is no exit code.",
    'Check number, types and values of the parameters; the reference has the syscalls.',
  ),
  LIMIT_EXCEEDED: row(19, 'A length is above its limit.', 'Split the data; the reference names the limits.'),
  UNKNOWN_ASSET: row(20, 'There is no such asset.', 'Create the asset first, or check its hash.'),
  ASSET_EXISTS: row(21, 'The contract has already created an asset of that name.', 'Choose another name.'),
  NOT_ASSET_OWNER: row(
    22,
    'Only the contract that created an asset may mint it.',
    'Mint from the creating contract.',
  ),
  SUPPLY_EXCEEDED: row(
    23,
    'Minting would exceed the maximum supply.',
    'Mint less; the maximum is fixed at creation.',
  ),
  REVERTED: row(
    24,
    'The contract ended with an exit code other than 0.',
    "The code is the contract's own; see its documentation.",
  ),
  INPUT_TOO_LARGE: row(
    25,
    'The input is longer than allowed.',
    'Send less, or raise limits.maxInputSize in the configuration.',
  ),
  BALANCE_OVERFLOW: row(26, 'The balance would exceed 2^64 − 1.', 'Send or mint less.'),
  SYSCALL_FAILED: row(
    27,
    'A native or a syscall ended with an error of its own; a native of a legacy module also when it is given a value of the wrong type.',
    'The native text names it.',
  ),
  HOOK_FAILED: row(
    28,
    'A hook of the host refused or broke the call.',
    "The cause names the hook's own error.",
  ),

  CONFIG_INVALID: row(
    100,
    'The configuration is not valid.',
    'Correct the named key; `switchyard config show` prints what is in force.',
  ),
  ENGINE_UNKNOWN: row(
    101,
    'The configuration or a module names an engine that is not there.',
    'Use one of the listed engines, or add its plugin.',
  ),
  ENGINE_DISABLED: row(
    102,
    'The engine is turned off in the configuration.',
    'Set its `enabled` to true in the named line.',
  ),
  ENGINE_OPTION_UNKNOWN: row(103, 'The engine has no such option.', 'Use one of the listed options.'),
  ENGINE_OPTION_INVALID: row(
    104,
    "The value of an engine's option is out of range.",
    'Give a value in the named range.',
  ),
  PLUGIN_INVALID: row(
    105,
    'A plugin could not be loaded.',
    'Install the package, and let it export a ContainerModule.',
  ),
  CONTEXT_INVALID: row(106, "A field of the call's context has the wrong shape.", 'Correct the named field.'),
  HOST_FUNCTION_INVALID: row(
    107,
    'A function that the host registers cannot be offered, or does not keep its declaration.',
    'Correct its name, its types, or the engines that it is for.',
  ),
  VALUE_INVALID: row(
    108,
    'A typed value is malformed, or cannot be passed as the type that is wanted.',
    'Give a value of the named type.',
  ),
  CALL_NOT_READY: row(
    109,
    'A call was started before all that it needs was set.',
    'Append a module, then name an entry, then run.',
  ),
  STATE_UNAVAILABLE: row(
    110,
    'The state store cannot be opened or reached.',
    'Check the path and its permissions, or the address and its server, or use `--state memory`.',
  ),
  STATE_CORRUPT: row(
    111,
    'The state store holds something that this version did not write.',
    'Restore a snapshot, or use the version that wrote it.',
  ),
  STATE_READ_ONLY: row(
    112,
    'The state store was opened read-only.',
    'Let the process that owns the store write.',
  ),
  SNAPSHOT_INVALID: row(113, 'The snapshot file is not a whole and unchanged snapshot.', 'Export it again.'),
  CONTRACT_EXISTS: row(114, 'There is already code at the address.', 'Deploy to another address.'),
  CHECKPOINT_INVALID: row(
    115,
    'A checkpoint was closed twice or out of order.',
    'Close checkpoints in the reverse order of their opening.',
  ),
  CACHE_UNAVAILABLE: row(
    116,
    'The directory of compiled code cannot be used.',
    'Choose a directory that this user alone may write to, or leave out `codeCache.directory`.',
  ),
  FILE_UNREADABLE: row(120, 'A file cannot be read or written.', 'Check the path and its permissions.'),
  USAGE_INVALID: row(121, 'The command line is not valid.', 'Run the command with --help.'),
  TOOL_MISSING: row(
    122,
    'A program that the command needs is not installed.',
    'Install it with the named command.',
  ),
  COMPILE_FAILED: row(123, 'The compiler refused the source.', 'Its own message names the place.'),
  LINK_FAILED: row(
    124,
    'The objects cannot be linked into a contract.',
    'Change the named symbol or section.',
  ),
  ASSEMBLY_INVALID: row(125, 'The assembly text is not valid.', 'Correct the named line.'),
  VECTOR_INVALID: row(
    126,
    'A line of the vector file is not a vector.',
    'Correct the named line; docs/reference/vectors.md has the format.',
  ),
  SUITE_INVALID: row(
    128,
    'A migration suite, or a value in it, is not valid.',
    'Correct the named place; docs/reference/migration-suite.md has the format.',
  ),
  CAPTURE_INVALID: row(
    129,
    'A line of a capture is not a recorded call.',
    'Correct or remove the named line; the other lines are run all the same.',
  ),
  JOURNAL_INVALID: row(
    130,
    'The folder of an interrupted replay belongs to other inputs, or is damaged.',
    'Start anew with --restart, or in another folder.',
  ),
  REPORT_INVALID: row(
    131,
    'The file is not a migration report.',
    'Give the folder of a replay that has ended, or a report in JSON; docs/reference/migration-report.schema.json has the format.',
  ),
  FOLDER_NOT_EMPTY: row(
    132,
    'A new project was to be made in a folder that holds something.',
    'Name a folder that is not there yet, or an empty one.',
  ),
  UNSUPPORTED: row(127, 'The engine does not offer this.', 'Use an engine that does.'),
  REQUEST_INVALID: row(
    136,
    'A request to the service is not valid.',
    'Correct the named field; GET /openapi.json has the schemas.',
  ),
  UNAUTHORIZED: row(
    137,
    'The service asks for an API key, and there is none or a wrong one.',
    'Send `Authorization: Bearer KEY` with a key that the operator gave you.',
  ),
  RATE_LIMITED: row(
    138,
    'A client asks more often than it may.',
    'Wait as long as `Retry-After` says, or ask the operator for a higher rate.',
  ),
  QUEUE_FULL: row(
    139,
    'More requests wait than the service takes.',
    'Ask again after what `Retry-After` says.',
  ),
  TIME_LIMIT_EXCEEDED: row(
    140,
    'A request took more time than the service gives to one.',
    'Give it a lower gas limit, or raise `estimator.limits.timeMs`.',
  ),
  MEMORY_LIMIT_EXCEEDED: row(
    141,
    'A request needed more memory than the service gives to a worker.',
    'Give it a lower gas limit, or raise `estimator.limits.heapMb`.',
  ),
  RESPONSE_TOO_LARGE: row(
    142,
    'The answer is longer than the service sends.',
    'Ask for less: a lower limit of events, no trace; or raise `estimator.limits.responseBytes`.',
  ),
  SERVICE_STOPPING: row(
    143,
    'The service is stopping and takes no more requests.',
    'Ask again, or ask another instance.',
  ),
  LISTEN_FAILED: row(
    144,
    'The service cannot listen at its address.',
    'Choose another port, or an address of this machine: `estimator.port`, `estimator.host`.',
  ),
  INTERNAL: row(199, 'A bug in Switchyard.', 'Please report it with the command and the message.'),
} as const satisfies Record<string, ErrorRow>;

/** A stable upper-snake error code; callers test this, never the message. */
export type VmErrorCode = keyof typeof ERROR_TABLE;
