import { VmError } from '../errors/vm-error.ts';

/** What a value of an engine's option has to be. */
export interface OptionRule {
  /** For messages: `an integer from 0 to 9`. */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

/** An integer from `least` to `most`. */
export function integerOption(least: number, most: number): OptionRule {
  return {
    expected: `an integer from ${least} to ${most}`,
    accepts: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
  };
}

/** True or false. */
export const booleanOption: OptionRule = Object.freeze<OptionRule>({
  expected: 'true or false',
  accepts: (value) => typeof value === 'boolean',
});

/**
 * Checks an engine's options one by one.
 * @throws VmError ENGINE_OPTION_UNKNOWN for a name without a rule, ENGINE_OPTION_INVALID for a value that its rule refuses.
 */
export function checkEngineOptions(
  engine: string,
  given: unknown,
  rules: Readonly<Record<string, OptionRule>>,
): asserts given is object {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) {
    throw new VmError('ENGINE_OPTION_INVALID', `engine ${engine}: options: expected an object.`);
  }
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) {
      const known = Object.keys(rules).join(', ');
      throw new VmError(
        'ENGINE_OPTION_UNKNOWN',
        `engine ${engine} has no option "${name}"; options: ${known}.`,
      );
    }
    if (!rule.accepts(value)) {
      throw new VmError(
        'ENGINE_OPTION_INVALID',
        `engine ${engine}: option ${name}: expected ${rule.expected}, found ${describe(value)}.`,
      );
    }
  }
}

/** A value for a message; JSON knows neither bigints nor cycles. */
function describe(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return typeof value === 'bigint' ? `${value}n` : `a value of type ${typeof value}`;
  }
}
