import pg from 'pg';
import { databaseFailure } from './failures.ts';
import type { PostgresSettings } from './settings.ts';

/** What a connection is used for here. `onLost` is told once when it ends by itself. */
export interface Connection {
  query(statement: pg.QueryConfig | string): Promise<pg.QueryResult>;
  end(): Promise<void>;
}

/**
 * Connects.
 * @throws Failure STATE_UNAVAILABLE; its detail `connected` is `false`, since nothing that was to be done has reached the server.
 */
export async function connect(
  { name, host, port, user, password, database, tls, readOnly, timeoutMs }: PostgresSettings,
  onLost: () => void,
): Promise<Connection> {
  const client = new pg.Client({
    host,
    port,
    ...(user === undefined ? {} : { user }),
    // Something, so that no file in the user's folder is looked for.
    password: password ?? process.env['PGPASSWORD'] ?? '',
    ...(database === undefined ? {} : { database }),
    ssl:
      tls.mode === 'disable'
        ? false
        : {
            rejectUnauthorized: tls.mode === 'verify-full',
            ...(tls.trusted === undefined ? {} : { ca: tls.trusted }),
          },
    application_name: 'switchyard',
    connectionTimeoutMillis: timeoutMs,
    statement_timeout: timeoutMs,
    keepAlive: true,
  });
  client.on('error', onLost);
  client.on('end', onLost);
  try {
    await client.connect();
    if (readOnly) await client.query('SET default_transaction_read_only = on');
  } catch (thrown) {
    void client.end().catch(() => {});
    throw databaseFailure(name, thrown, { connected: 'false' });
  }
  return {
    query: (statement) => client.query(statement),
    end: () => client.end(),
  };
}
