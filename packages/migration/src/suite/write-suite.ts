import { Document } from 'yaml';
import type { SignatureCheck } from '../check/check-signatures.ts';
import { SUITE_FORMAT } from './schema.ts';

/** What a new suite is made from. */
export interface NewSuite {
  readonly name: string;
  /** Paths as the suite is to write them. */
  readonly old: string;
  readonly new: string;
  readonly entries: readonly number[];
  readonly hasConstructor: boolean;
  readonly check: SignatureCheck;
}

/** A suite to begin with: every entry that both builds have, without parameters; what only its writer can know stands in comments. */
export function writeSuite({ name, old, new: fresh, entries, hasConstructor, check }: NewSuite): string {
  const document = new Document({
    switchyard: SUITE_FORMAT,
    name,
    old,
    new: fresh,
    accounts: { alice: 1_000_000, bob: 1_000_000, carol: 0 },
    ...(hasConstructor ? { construct: { from: 'alice' } } : {}),
    entries: Object.fromEntries(
      entries.map((id) => [`entry_${id}`, { params: {}, old: `entry_${id}`, new: `entry_${id}` }]),
    ),
    storage: {},
    events: {},
    calls: entries.map((id) => ({ call: `entry_${id}`, from: 'alice', args: [] })),
  });
  const texts = check.texts.map((text) => JSON.stringify(text)).join(', ');
  document.commentBefore = ` What ${old} and ${fresh} have in common. docs/reference/migration-suite.md has the format.
 Give each entry its name and parameters, then each storage item and event its form on both sides:
   storage:
     balance: { fields: { owner: address }, value: u64, old: [balance, $owner], new: [balance, $owner] }
   events:
     transfer: { id: 1, fields: { from: address, to: address, amount: u64 } }
 Text constants of the old module, among them what its storage keys are made of: ${texts === '' ? 'none' : texts}`;
  return document.toString({ lineWidth: 120, flowCollectionPadding: true });
}
