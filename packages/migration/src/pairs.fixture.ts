import { readFileSync } from 'node:fs';
import { LegacyTools } from '@switchyard/legacy';
import { containerModule as legacyModule } from '@switchyard/legacy/module';
import { containerModule as tbpfModule } from '@switchyard/tbpf/module';
import { readSuite } from './suite/read-suite.ts';
import type { Suite } from './suite/suite.ts';

/** Both engines of the house. */
export const engines = [tbpfModule, legacyModule];

/** Both engines, as a session imports them. */
export const engineNames = ['@switchyard/tbpf/module', '@switchyard/legacy/module'];

/** The day of every test. */
export const today = '2026-11-21';

const fixtures = new URL('../../../fixtures/', import.meta.url);

/** The text of a legacy contract of the fixtures. */
export function legacyText(name: string): string {
  return readFileSync(new URL(`contracts/legacy/${name}.lasm`, fixtures), 'utf8');
}

/** A built legacy contract. */
export function assembled(text: string): Uint8Array {
  return new LegacyTools().assemble(text);
}

/** The token ledger's suite, with other builds in place of the files that it names, and with a changed text. */
export function ledgerSuite(
  builds: { readonly old?: Uint8Array; readonly new?: Uint8Array } = {},
  change: (text: string) => string = (text) => text,
): Suite {
  const suite = suiteOf('migration/token-ledger/', change);
  const { old, new: fresh } = suite.sides;
  return {
    ...suite,
    sides: {
      old: { ...old, code: builds.old ?? old.code },
      new: { ...fresh, code: builds.new ?? fresh.code },
    },
  };
}

/** The ledger of which both sides are legacy modules, the new one with a changed text: its suite writes keys of cells on both sides. */
export function legacyPair(change: (text: string) => string): Suite {
  const changed = change(legacyText('token-ledger'));
  return ledgerSuite({ new: assembled(changed) });
}

/** Mints without looking at who asks. */
export const anyoneMints = (text: string): string => {
  const changed = text.replace('JUMPIFFALSE :refused', 'POP');
  if (changed === text) throw new Error('the ledger has no such line');
  return changed;
};

/** Transfers without telling anyone. */
export const silentTransfer = (text: string): string => {
  const changed = text.replace('SYSCALL fire_event', 'POP\n  POP');
  if (changed === text) throw new Error('the ledger has no such line');
  return changed;
};

/** The token ledger and its port in which who sends to oneself gets the amount on top. */
export function selfTransferSuite(change: (text: string) => string = (text) => text): Suite {
  return suiteOf('migration/buggy/token-ledger/', change);
}

function suiteOf(path: string, change: (text: string) => string): Suite {
  const folder = new URL(path, fixtures);
  return readSuite({
    name: 'suite.yaml',
    text: change(readFileSync(new URL('suite.yaml', folder), 'utf8')),
    readFile: (file) => new Uint8Array(readFileSync(new URL(file, folder))),
  });
}
