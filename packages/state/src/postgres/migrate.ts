import { Failure } from '../bridge/failure.ts';
import type { Connection } from './connect.ts';
import { MIGRATIONS } from './migrations.ts';
import type { PostgresSettings } from './settings.ts';

/** Key of the advisory lock under which one program at a time makes the tables: "swyd" in ASCII. */
const LOCK = 0x73777964;

/**
 * Makes sure that the tables are as this version knows them: made or brought up to date in one transaction, recorded in the table
 * `migrations`.
 * @param mayMake whether tables may be made where there are none.
 * @throws Failure STATE_CORRUPT for a newer database; STATE_UNAVAILABLE where tables are missing or old and may not be written.
 */
export async function prepareTables(
  connection: Connection,
  settings: PostgresSettings,
  mayMake: boolean,
): Promise<void> {
  const { name, schema, readOnly } = settings;
  const done = await countDone(connection, settings);
  if (done === MIGRATIONS.length) return;
  if (done === 0 && (readOnly || !mayMake)) {
    throw new Failure({
      code: 'STATE_UNAVAILABLE',
      message: `there is no state store at ${name}.`,
      hint: 'Deploy a contract to it first, or correct the address, the database or the schema.',
      details: { retryable: 'false', connected: 'false', tables: 'none' },
    });
  }
  if (readOnly) {
    throw new Failure({
      code: 'STATE_UNAVAILABLE',
      message: `the state store at ${name} has tables of version ${done}, this version reads ${MIGRATIONS.length}.`,
      hint: 'Open it for writing once, which brings the tables up to date.',
      details: { retryable: 'false', connected: 'false' },
    });
  }
  await connection.query('BEGIN');
  try {
    await connection.query({ text: 'SELECT pg_advisory_xact_lock($1)', values: [LOCK] });
    // Another program may have made them while this one waited.
    const present = await countDone(connection, settings);
    if (present === 0) await makeSchema(connection, schema);
    for (const [index, { title, sql }] of MIGRATIONS.entries()) {
      if (index < present) continue;
      await connection.query(sql.replaceAll('$schema', `"${schema}"`));
      await connection.query({
        text: `INSERT INTO "${schema}".migrations (number, title) VALUES ($1, $2)`,
        values: [index + 1, title],
      });
    }
    await connection.query('COMMIT');
  } catch (thrown) {
    await connection.query('ROLLBACK').catch(() => {});
    throw thrown;
  }
}

/** How many migrations the database has seen; 0 where there are no tables. */
async function countDone(connection: Connection, { name, schema }: PostgresSettings): Promise<number> {
  const known = await connection.query({
    text: `SELECT to_regclass($1) IS NOT NULL AS is_there`,
    values: [`"${schema}".migrations`],
  });
  if (known.rows[0]?.is_there !== true) return 0;
  const { rows } = await connection.query(
    `SELECT coalesce(max(number), 0)::integer AS done FROM "${schema}".migrations`,
  );
  const done: unknown = rows[0]?.done;
  if (typeof done !== 'number' || done < 0) throw newer(name, String(done));
  if (done > MIGRATIONS.length) throw newer(name, String(done));
  return done;
}

async function makeSchema(connection: Connection, schema: string): Promise<void> {
  const { rows } = await connection.query({
    text: 'SELECT 1 FROM pg_namespace WHERE nspname = $1',
    values: [schema],
  });
  // Asked first: who may use a schema that is there may lack the right to make one.
  if (rows.length === 0) await connection.query(`CREATE SCHEMA "${schema}"`);
  await connection.query(
    `CREATE TABLE IF NOT EXISTS "${schema}".migrations (
      number integer PRIMARY KEY, title text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
  );
}

function newer(name: string, done: string): Failure {
  return new Failure({
    code: 'STATE_CORRUPT',
    message: `the state store at ${name} has tables of version ${done}; this version reads ${MIGRATIONS.length}.`,
    hint: 'Use the version of Switchyard that wrote it, or a later one.',
    details: { retryable: 'false', connected: 'false' },
  });
}
