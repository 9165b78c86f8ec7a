/** A record of layout.ts as it goes over the bridge. */
export interface RawRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** A record of a listing; `value` is undefined where it is too long to be listed along, and is to be asked for by itself. */
export interface ListedRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** Where a commit builds on, and a mark by which it can be found again. */
export interface CommitMark {
  /** The version that it was made from. */
  readonly base: bigint;
  /** A UUID. */
  readonly token: string;
}

/** Whether a commit was made, and the version that the store has now. */
export interface CommitAnswer {
  readonly isKept: boolean;
  readonly version: bigint;
}

/** `view` is the number under which the caller pinned a view; 0: the present state. */
interface Reading {
  readonly view: number;
}

/** What a store asks its worker. */
export interface PostgresRequests {
  /** Connects and makes the tables where they are missing. Answers with the version. */
  readonly open: { readonly ask: { readonly mustExist: boolean }; readonly answer: bigint };
  /** Starts a view, after ending the one before it. Answers with its version. */
  readonly pin: { readonly ask: Reading; readonly answer: bigint };
  readonly unpin: { readonly ask: Reading; readonly answer: undefined };
  readonly get: {
    readonly ask: Reading & { readonly key: Uint8Array };
    readonly answer: Uint8Array | undefined;
  };
  /** Whether the address has a balance, nonce or code. */
  readonly accountExists: {
    readonly ask: Reading & { readonly address: Uint8Array };
    readonly answer: boolean;
  };
  readonly balanceCount: {
    readonly ask: Reading & { readonly address: Uint8Array };
    readonly answer: number;
  };
  /** Records after a key, in byte order of the keys; none at the end. */
  readonly list: {
    readonly ask: Reading & { readonly after: Uint8Array | undefined; readonly limit: number };
    readonly answer: readonly ListedRecord[];
  };
  /** Everything or nothing. */
  readonly commit: {
    readonly ask: CommitMark & {
      readonly put: readonly RawRecord[];
      readonly removed: readonly Uint8Array[];
    };
    readonly answer: CommitAnswer;
  };
  /** Begins to replace all records: a transaction that `replaceEnd` ends. */
  readonly replaceBegin: { readonly ask: CommitMark; readonly answer: CommitAnswer };
  readonly replacePut: { readonly ask: { readonly put: readonly RawRecord[] }; readonly answer: undefined };
  /** Keeps what was put, or nothing. */
  readonly replaceEnd: { readonly ask: { readonly isKept: boolean }; readonly answer: undefined };
  /**
   * What became of a commit whose answer was lost. One that has not arrived by now never will: the version is raised past it.
   * `isKept` is undefined when it cannot be told, since others have committed since.
   */
  readonly settle: {
    readonly ask: CommitMark;
    readonly answer: { readonly isKept: boolean | undefined; readonly version: bigint };
  };
}
