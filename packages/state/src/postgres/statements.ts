/** Longest value that is kept or read: its text form, two digits a byte, must fit JavaScript's longest string. */
export const LONGEST_VALUE = 134_217_728;

/** Longer values are not listed along with others, so that a page of a listing has a bound. */
const LONGEST_LISTED_VALUE = 16_384;

/** The statements over the tables of a schema, which is a checked identifier. Everything else is a parameter. */
export function statements(schema: string) {
  const records = `"${schema}".records`;
  const store = `"${schema}".store`;
  const put = `INSERT INTO ${records} (kind, address, key, value)
    SELECT * FROM unnest($1::smallint[], $2::bytea[], $3::bytea[], $4::bytea[])`;
  return {
    version: `SELECT version FROM ${store}`,
    /** Simple protocol, so that all of it is one round trip. The snapshot is taken by the SELECT. */
    pin: `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT version FROM ${store}`,
    get: `SELECT CASE WHEN octet_length(value) <= ${LONGEST_VALUE} THEN value END AS value
      FROM ${records} WHERE kind = $1 AND address = $2 AND key = $3`,
    accountExists: `SELECT EXISTS (SELECT FROM ${records} WHERE kind IN (3, 4, 5) AND address = $1) AS found`,
    balanceCount: `SELECT count(*)::integer AS found FROM ${records} WHERE kind = 3 AND address = $1`,
    list: `SELECT kind, address, key, CASE WHEN octet_length(value) <= ${LONGEST_LISTED_VALUE} THEN value END AS value
      FROM ${records} WHERE (kind, address, key) > ($1, $2, $3) ORDER BY kind, address, key LIMIT $4`,
    /**
     * One statement is one transaction. The row of the version is locked first: who waits for it finds another version, and then the
     * other parts do nothing.
     */
    commit: `WITH raised AS (
        UPDATE ${store} SET version = version + 1, last_commit = $2 WHERE version = $1 RETURNING version
      ), gone AS (
        DELETE FROM ${records} AS old
          USING unnest($3::smallint[], $4::bytea[], $5::bytea[]) AS removed (kind, address, key)
          WHERE EXISTS (SELECT FROM raised)
            AND old.kind = removed.kind AND old.address = removed.address AND old.key = removed.key
      ), changed AS (
        INSERT INTO ${records} (kind, address, key, value)
          SELECT * FROM unnest($6::smallint[], $7::bytea[], $8::bytea[], $9::bytea[])
          WHERE EXISTS (SELECT FROM raised)
          ON CONFLICT (kind, address, key) DO UPDATE SET value = excluded.value
      ) SELECT version FROM raised`,
    raise: `UPDATE ${store} SET version = version + 1, last_commit = $2 WHERE version = $1 RETURNING version`,
    /** Not TRUNCATE, which empties the table for views that were pinned before, too. */
    clear: `DELETE FROM ${records}`,
    put,
    lastCommit: `SELECT version, last_commit FROM ${store}`,
  } as const;
}
