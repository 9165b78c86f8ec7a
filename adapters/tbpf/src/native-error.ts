/** Where in the life of a program an error arose. */
export type TbpfErrorStage = 'load' | 'verify' | 'run';

/** A payload field: numbers print in decimal, strings quoted; `raw` text prints as it is. */
export type NativePayload = string | number | bigint | { readonly raw: string };

/** An error in the terms of the reference implementation (spec §9), as plain data. */
export interface TbpfNativeError {
  readonly stage: TbpfErrorStage;
  /** Kind, for example `UnknownOpCode`. */
  readonly name: string;
  readonly payload: readonly NativePayload[];
  /** Exact debug text, for example `UnknownOpCode(0, 0)` or `FailedToParse("invalid file header")`. */
  readonly detail: string;
}

/** Either a value or the native error that prevented it. */
export type TbpfOutcome<T> =
  | ({ readonly ok: true } & T)
  | { readonly ok: false; readonly error: TbpfNativeError };

/** Builds a native error and its debug text. */
export function nativeError(
  stage: TbpfErrorStage,
  name: string,
  ...payload: readonly NativePayload[]
): TbpfNativeError {
  const fields = payload.map(formatField).join(', ');
  return { stage, name, payload, detail: payload.length === 0 ? name : `${name}(${fields})` };
}

function formatField(field: NativePayload): string {
  if (typeof field === 'string') return quoteDebug(field);
  if (typeof field === 'object') return field.raw;
  return field.toString();
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
};

// What Rust's Debug for strings escapes: quotes, backslash, and all that is not printable or joins the
// character before it.
const escaped = /["\\]|(?! )[\p{C}\p{Z}\p{Grapheme_Extend}]/gu;

/** Quotes a string as Rust's `{:?}` does. */
export function quoteDebug(text: string): string {
  const body = text.replace(
    escaped,
    (character) => shortEscapes[character] ?? `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
  return `"${body}"`;
}
