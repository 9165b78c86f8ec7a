import { type NativePayload, nativeError, type TbpfNativeError } from '../native-error.ts';

/** Thrown inside the loaders to leave them with a native error; never leaves `loadElf`. */
export class LoadFailure extends Error {
  readonly error: TbpfNativeError;

  constructor(error: TbpfNativeError) {
    super(error.detail);
    this.error = error;
  }
}

/** Leaves the loader with an error of this name. */
export function fail(name: string, ...payload: NativePayload[]): never {
  throw new LoadFailure(nativeError('load', name, ...payload));
}

/** The short codes of the container parser and the errors they surface as (spec §8.2). */
const parserErrors = Object.freeze({
  FHDR: 'invalid file header',
  SHDR: 'invalid section header',
  SIZE: 'invalid size',
  ALIGN: 'invalid alignment',
  OVERLAP: 'values overlap',
  ORDER: 'sections not in ascending order',
  NOSHSTR: 'no section name string table found',
  DYN: 'invalid dynamic section table',
});

/** Leaves the loader with `FailedToParse` and the text of a short code. */
export function failToParse(code: keyof typeof parserErrors): never {
  return fail('FailedToParse', parserErrors[code]);
}

/** Leaves the loader with `ValueOutOfBounds`, the code OOB of the specification. */
export function failOutOfBounds(): never {
  return fail('ValueOutOfBounds');
}

/** Runs a part of the loader whose failures the reference swallows. */
export function optional<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (failure) {
    if (failure instanceof LoadFailure) return undefined;
    throw failure;
  }
}
