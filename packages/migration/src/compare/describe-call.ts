import { hex } from '../mapping/canonical.ts';
import type { Suite, SuiteCall } from '../suite/suite.ts';

const names = new WeakMap<Suite, ReadonlyMap<string, string>>();

/** A call's arguments as text, accounts by the names that the suite gives them: `"alice","300"`. */
export function argumentsText(suite: Suite, { args }: SuiteCall): string {
  let known = names.get(suite);
  if (known === undefined) {
    known = new Map([...suite.start.accounts].map(([name, address]) => [hex(address), name]));
    names.set(suite, known);
  }
  const book = known;
  const shown = args.map((arg) =>
    typeof arg === 'string'
      ? JSON.stringify(book.get(arg) ?? arg)
      : JSON.stringify(arg, (_, value: unknown) =>
          typeof value === 'string' ? (book.get(value) ?? value) : value,
        ),
  );
  return shown.join(',');
}
