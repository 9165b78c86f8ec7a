import { accountNames } from '../report/account-names.ts';
import type { Suite, SuiteCall } from '../suite/suite.ts';

/** A call's arguments as text, accounts by the names that the suite gives them: `"alice","300"`. */
export function argumentsText(suite: Suite, { args }: SuiteCall): string {
  const book = accountNames(suite);
  const shown = args.map((arg) =>
    typeof arg === 'string'
      ? JSON.stringify(book.get(arg) ?? arg)
      : JSON.stringify(arg, (_, value: unknown) =>
          typeof value === 'string' ? (book.get(value) ?? value) : value,
        ),
  );
  return shown.join(',');
}
