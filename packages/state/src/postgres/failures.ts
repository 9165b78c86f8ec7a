import { Failure } from '../bridge/failure.ts';

/*
 * What a database's errors mean to a caller. SQLSTATE codes: PostgreSQL's documentation, appendix A.
 */

interface Meaning {
  readonly reason: string;
  /** Whether the same call may succeed later without anyone's doing. */
  readonly retryable: boolean;
  readonly hint?: string;
}

const MEANINGS: Readonly<Record<string, Meaning>> = {
  '28P01': {
    reason: 'the server refuses the password',
    retryable: false,
    hint: 'Correct user and password of state.url, or PGPASSWORD.',
  },
  '28000': {
    reason: 'the server lets this user not in',
    retryable: false,
    hint: 'Check the user, and the pg_hba.conf of the server.',
  },
  '3D000': {
    reason: 'there is no such database',
    retryable: false,
    hint: 'Make it with createdb, or correct state.url.',
  },
  '42501': {
    reason: 'this user lacks the rights',
    retryable: false,
    hint: 'Grant the user CREATE on the database, or, to read, USAGE on the schema and SELECT on its tables.',
  },
  '42P01': {
    reason: 'its tables are missing',
    retryable: false,
    hint: 'Open the store for writing once, which makes them.',
  },
  '57014': { reason: 'a statement took longer than state.timeoutMs', retryable: true },
  '53300': { reason: 'the server has no connection left', retryable: true },
  '53100': { reason: "the server's disk is full", retryable: false, hint: 'Make room on the server.' },
  '40001': { reason: 'another transaction was in the way', retryable: true },
  '40P01': { reason: 'another transaction was in the way', retryable: true },
};

/** Of errors of the connection itself, which have a system's code or none. */
const LOST: Meaning = {
  reason: 'the connection failed',
  retryable: true,
  hint: 'See whether the server runs and answers at that address. The next call connects again.',
};

const UNTRUSTED: Meaning = {
  reason: "the server's certificate is not trusted",
  retryable: false,
  hint: 'Name the certificate that signed it with sslrootcert, and the host as the certificate names it.',
};

/** The error as the caller is told of it. */
export function databaseFailure(
  name: string,
  thrown: unknown,
  details: Record<string, string> = {},
): Failure {
  if (thrown instanceof Failure) return thrown;
  const error = thrown as { readonly code?: unknown; readonly message?: unknown };
  const code = typeof error.code === 'string' ? error.code : '';
  const text = String(error.message ?? thrown);
  const { reason, retryable, hint } = MEANINGS[code] ?? meaningOf(code);
  return new Failure({
    code: code === '25006' ? 'STATE_READ_ONLY' : 'STATE_UNAVAILABLE',
    message: `the state store at ${name} cannot be used: ${reason} (${text}).`,
    details: { retryable: String(retryable), ...details },
    ...(hint === undefined ? {} : { hint }),
  });
}

function meaningOf(code: string): Meaning {
  const isSqlState = /^[0-9A-Z]{5}$/.test(code) && /[0-9]/.test(code);
  // 08: connection, 53: resources, 57P: shutdown, crash, starting up.
  if (isSqlState && !/^(?:08|53|57P)/.test(code)) {
    return { reason: 'the server refuses a statement', retryable: false };
  }
  // Node's codes of certificates: DEPTH_ZERO_SELF_SIGNED_CERT, CERT_HAS_EXPIRED, UNABLE_TO_VERIFY_LEAF_SIGNATURE …
  return /CERT|VERIFY/.test(code) ? UNTRUSTED : LOST;
}
