import type { VmErrorCode } from '@switchyard/core';

/**
 * Who stops the run: `error`, the machine by its specification; `panic`, the reference's host process, which is no defined outcome
 * there; `limit`, this implementation, to keep time and memory within what gas pays for; `host`, a chain native that cannot be served.
 */
export type TrapKind = 'error' | 'panic' | 'limit' | 'host';

/** In whose name an error is reported: the machine's, the environment's (natives and gas), or a value's inside either. */
export type TrapLayer = 'machine' | 'environment' | 'value';

/**
 * Ends a run. Thrown from wherever the run cannot go on, through any depth of natives and value walks, and caught once, where the run
 * began; it never leaves the engine. Carries what the reference would say.
 */
export class Trap extends Error {
  readonly kind: TrapKind;
  readonly layer: TrapLayer;
  /** Variant name without payload: `OutOfBounds`. */
  readonly variant: string;
  /** Payload in the reference's debug form: `(1, 1)`. */
  readonly payload: string;
  /** Core's code, where a function of the host chose it. */
  readonly code: VmErrorCode | undefined;

  constructor(kind: TrapKind, layer: TrapLayer, variant: string, payload = '', code?: VmErrorCode) {
    super(variant + payload);
    this.name = 'Trap';
    this.kind = kind;
    this.layer = layer;
    this.variant = variant;
    this.payload = payload;
    this.code = code;
  }
}

/** An error of the machine itself. */
export const machineTrap = (variant: string, payload = ''): Trap =>
  new Trap('error', 'machine', variant, payload);

/** An error of the environment: natives, gas, memory counters. */
export const environmentTrap = (variant: string, payload = ''): Trap =>
  new Trap('error', 'environment', variant, payload);

/** An error of a value: the machine's when an opcode meets it, the environment's inside a native. */
export const valueTrap = (variant: string, payload = ''): Trap =>
  new Trap('error', 'value', variant, payload);

/** The reference's process would panic here. */
export const panicTrap = (text: string): Trap => new Trap('panic', 'machine', text);

/** A type where another was expected. */
export const expectedType = (type: string): Trap => valueTrap('ExpectedValueOfType', `(${type})`);

/** A trap as it is reported. */
export interface TrapReport {
  readonly kind: TrapKind;
  /** Nested variant names without payloads: `EnvironmentError(ValueError(ExpectedBytes))`. */
  readonly name: string;
  /** The same with payloads. */
  readonly detail: string;
  /** Core's code, where a function of the host chose it. */
  readonly code?: VmErrorCode | undefined;
  /** Name of the native that was running, for people. */
  readonly native?: string | undefined;
}

/** Names a trap. `inNative`: it was raised while a native ran. */
export function reportTrap(trap: Trap, inNative: boolean): TrapReport {
  const { kind, variant, payload } = trap;
  const nest = (inner: string): string => {
    if (trap.layer === 'machine') return inner;
    if (trap.layer === 'environment') return `EnvironmentError(${inner})`;
    return inNative ? `EnvironmentError(ValueError(${inner}))` : `ValueError(${inner})`;
  };
  if (kind === 'panic') return { kind, name: 'HostPanic', detail: variant };
  return { kind, name: nest(variant), detail: nest(variant + payload), code: trap.code };
}
