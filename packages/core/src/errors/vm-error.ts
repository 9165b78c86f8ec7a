import { ERROR_TABLE, type VmErrorCode } from './codes.ts';

/** The engine's own name for an error: what its reference implementation would say. */
export interface NativeErrorName {
  /** Kind, for example `AccessViolation`. */
  readonly name: string;
  /** Kind with payload in the reference's debug form, for example `AccessViolation(Load, 0, 8, "unknown")`. */
  readonly detail: string;
}

/** What an error may carry besides its code and message. */
export interface VmErrorOptions {
  readonly native?: NativeErrorName;
  /** Instruction slot at which the machine stopped. */
  readonly pc?: number;
  /** Address (32 bytes) of the contract that failed. */
  readonly contract?: Uint8Array;
  /** Further facts, in the order in which they are to be printed: `{ region: 'stack', address: '0x200001000' }`. */
  readonly details?: Readonly<Record<string, string>>;
  /** Replaces the table's hint by a more exact one. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * The one error class of Switchyard. A contract's failure carries it inside an `ExecutionResult`; it is thrown only for what is the
 * host's, the configuration's or the caller's fault. Test `code`; `message` is for people and may change.
 */
export class VmError extends Error {
  readonly code: VmErrorCode;
  readonly native: NativeErrorName | undefined;
  readonly pc: number | undefined;
  readonly contract: Uint8Array | undefined;
  readonly details: Readonly<Record<string, string>>;
  readonly hint: string;

  constructor(code: VmErrorCode, message: string, options: VmErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'VmError';
    this.code = code;
    this.native = options.native;
    this.pc = options.pc;
    this.contract = options.contract;
    this.details = options.details ?? {};
    this.hint = options.hint ?? ERROR_TABLE[code].hint;
  }

  /** The code's stable number (u16), from the table. */
  get number(): number {
    return ERROR_TABLE[this.code].number;
  }
}

/** The code's anchor in docs/errors.md, without `#`. */
export function errorAnchor(code: VmErrorCode): string {
  return code.toLowerCase();
}

/** The value as a VmError: itself, or INTERNAL with the value as cause. For the border where an unknown cause enters. */
export function toVmError(thrown: unknown): VmError {
  if (thrown instanceof VmError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new VmError('INTERNAL', message, { cause: thrown });
}
