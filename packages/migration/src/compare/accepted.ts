import { VmError } from '@switchyard/core';
import { z } from 'zod';
import { type AccountNames, withNames } from '../report/account-names.ts';
import { atPlace } from '../suite/at-place.ts';
import { parseYaml } from '../suite/parse-yaml.ts';
import { ASPECTS, type Difference } from './difference.ts';

const rulesSchema = z.strictObject({
  switchyard: z.literal('migration-accepted/1'),
  rules: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(100),
        reason: z.string().min(1),
        /** Last day on which the rule holds. */
        expires: z.iso.date('expected a day, such as 2027-03-31'),
        entry: z.string().optional(),
        aspect: z.enum(ASPECTS).optional(),
        place: z.string().optional(),
        old: z.unknown().optional(),
        new: z.unknown().optional(),
      }),
    )
    .max(1000),
});

/** A difference that the team accepts, why, and until when. What is absent fits everything; `*` in a place fits any text. */
export type AcceptedRule = z.output<typeof rulesSchema>['rules'][number];

/** The rules of a file in YAML or JSON. @throws VmError SUITE_INVALID naming the file and the place. */
export function readAccepted(name: string, text: string): readonly AcceptedRule[] {
  return atPlace(name, () => checkRules(text));
}

function checkRules(text: string): readonly AcceptedRule[] {
  const parsed = rulesSchema.safeParse(parseYaml(text));
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new VmError('SUITE_INVALID', `${path.map(String).join('.')}: ${message}.`);
  }
  const ids = parsed.data.rules.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new VmError('SUITE_INVALID', `two rules have the id "${twice}".`);
  return parsed.data.rules;
}

/** Accepted rules as they hold on a day, with how often each was used. */
export class AcceptedRules {
  readonly #rules: readonly { readonly rule: AcceptedRule; readonly fits: Fits }[];
  readonly used = new Map<string, number>();
  /** Rules that no longer hold. */
  readonly expired: readonly AcceptedRule[];

  /**
   * @param today such as `2026-11-21`: given by the host, so that a report depends on its inputs alone.
   * @param names what reports call accounts: a rule may say the name or the address.
   */
  constructor(rules: readonly AcceptedRule[], today: string, names: AccountNames = new Map()) {
    this.expired = rules.filter(({ expires }) => expires < today);
    this.#rules = rules
      .filter(({ expires }) => expires >= today)
      .map((rule) => ({ rule, fits: fitsOf(rule, names) }));
  }

  /** The id of the first rule that accepts a difference; undefined when none does. Counts the use. */
  accept(entry: string, difference: Difference): string | undefined {
    const found = this.#rules.find(({ fits }) => fits(entry, difference))?.rule.id;
    if (found !== undefined) this.used.set(found, (this.used.get(found) ?? 0) + 1);
    return found;
  }
}

type Fits = (entry: string, difference: Difference) => boolean;

function fitsOf(rule: AcceptedRule, names: AccountNames): Fits {
  const place = rule.place === undefined ? undefined : wildcard(withNames(rule.place, names));
  const named = (value: unknown): string | undefined => {
    const text = textOf(value);
    return text === undefined ? undefined : withNames(text, names);
  };
  const [old, fresh] = [named(rule.old), named(rule.new)];
  return (entry, difference) =>
    (rule.entry === undefined || rule.entry === entry) &&
    (rule.aspect === undefined || rule.aspect === difference.aspect) &&
    (place === undefined || place.test(withNames(difference.place, names))) &&
    (old === undefined || old === named(difference.old)) &&
    (fresh === undefined || fresh === named(difference.new));
}

/** Values as text; a number in a rule stands for the decimal text of a report. */
function textOf(value: unknown): string | undefined {
  return value === undefined
    ? undefined
    : JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}` : inner));
}

function wildcard(pattern: string): RegExp {
  const text = pattern.replace(/[.*+?^${}()|[\]\\]/g, (char) => (char === '*' ? '[^]*' : `\\${char}`));
  return new RegExp(`^${text}$`);
}
