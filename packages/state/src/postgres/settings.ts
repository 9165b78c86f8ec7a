import { readFileSync } from 'node:fs';
import { VmError } from '@switchyard/core';
import type { PostgresOptions } from '../state-store.ts';

/** How to reach a database, checked; can be copied to another thread. Holds the password. */
export interface PostgresSettings {
  /** What messages call the store: the address without its password. */
  readonly name: string;
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  /** Undefined: PGUSER, or the system's user. */
  readonly user: string | undefined;
  /** Undefined: PGPASSWORD. */
  readonly password: string | undefined;
  /** Undefined: the one that is called like the user. */
  readonly database: string | undefined;
  readonly tls: TlsSettings;
  /** A checked identifier: it may stand in SQL, quoted. */
  readonly schema: string;
  readonly readOnly: boolean;
  /** Longest wait for a connection, and for a statement. */
  readonly timeoutMs: number;
}

/** `require` takes any certificate, `verify-full` one that is signed and made out for the host. */
export interface TlsSettings {
  readonly mode: 'disable' | 'require' | 'verify-full';
  /** Certificates in PEM that are trusted instead of the well-known ones. */
  readonly trusted: string | undefined;
}

/** Schema of the tables unless another one is named. */
export const DEFAULT_SCHEMA = 'switchyard';

/** Default of `timeoutMs`. */
export const DEFAULT_TIMEOUT_MS = 5000;

const PARAMETERS = ['host', 'sslmode', 'sslrootcert'];
const TLS_MODES: readonly string[] = ['disable', 'require', 'verify-full'] satisfies TlsSettings['mode'][];

/** 63 bytes is PostgreSQL's longest name; `pg_` is its own. */
const SCHEMA = /^(?!pg_)[a-z_][a-z0-9_]{0,62}$/;

/** @throws VmError CONFIG_INVALID naming what is wrong, never with the password. */
export function postgresSettings(options: PostgresOptions): PostgresSettings {
  const url = parseUrl(options.url);
  const { schema = DEFAULT_SCHEMA, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  if (!SCHEMA.test(schema)) {
    throw invalid(
      `state.schema: expected lower-case letters, digits and _, at most 63, found ${JSON.stringify(schema.slice(0, 80))}.`,
    );
  }
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > 3_600_000) {
    throw invalid(`state.timeoutMs: expected 1 to 3600000 milliseconds, found ${timeoutMs}.`);
  }
  const host = url.searchParams.get('host') ?? decode(url.hostname);
  const database = decode(url.pathname.slice(1));
  const settings = {
    host: host === '' ? 'localhost' : host.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 5432 : Number(url.port),
    user: decode(url.username) || undefined,
    password: decode(url.password) || undefined,
    database: database || undefined,
  };
  return {
    ...settings,
    name: nameOf(url, settings.host, schema),
    tls: tlsOf(url),
    schema,
    readOnly: options.readOnly ?? false,
    timeoutMs,
  };
}

function parseUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    // The error that was caught shows the address, and so the password.
    throw invalid('state.url: expected postgres://USER:PASSWORD@HOST:PORT/DATABASE, found no such address.');
  }
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    throw invalid(`state.url: expected an address that begins with postgres://, found ${url.protocol}`);
  }
  for (const name of url.searchParams.keys()) {
    if (!PARAMETERS.includes(name)) {
      throw invalid(
        `state.url: unknown parameter ${JSON.stringify(name.slice(0, 80))}; expected one of ${PARAMETERS.join(', ')}.`,
      );
    }
  }
  return url;
}

function tlsOf(url: URL): TlsSettings {
  const mode = url.searchParams.get('sslmode') ?? 'disable';
  if (!TLS_MODES.includes(mode)) {
    throw invalid(
      `state.url: sslmode: expected one of ${TLS_MODES.join(', ')}, found ${JSON.stringify(mode.slice(0, 80))}.`,
    );
  }
  const file = url.searchParams.get('sslrootcert');
  if (file === null) return { mode: mode as TlsSettings['mode'], trusted: undefined };
  try {
    return { mode: mode as TlsSettings['mode'], trusted: readFileSync(file, 'utf8') };
  } catch (cause) {
    throw new VmError('FILE_UNREADABLE', `${file} cannot be read: ${(cause as Error).message}.`, { cause });
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalid('state.url: a % is not followed by two hexadecimal digits; write % itself as %25.');
  }
}

/** Without password and parameters, but with the schema, which tells two stores of a database apart. */
function nameOf(url: URL, host: string, schema: string): string {
  const user = url.username === '' ? '' : `${url.username}@`;
  const port = url.port === '' ? '' : `:${url.port}`;
  const place = schema === DEFAULT_SCHEMA ? '' : `, schema ${schema}`;
  return `postgres://${user}${host}${port}${url.pathname === '' ? '/' : url.pathname}${place}`;
}

function invalid(message: string): VmError {
  return new VmError('CONFIG_INVALID', message);
}
