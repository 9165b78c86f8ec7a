/** A step from one layout of the tables to the next. Never changed once released. */
export interface Migration {
  readonly title: string;
  /** SQL; the schema's quoted name stands where `$schema` does. */
  readonly sql: string;
}

/*
 * One table holds the records of layout.ts, its key in three columns, whose order is the byte order of the keys. The views show what is in
 * the values to whoever looks at the database; the program does not use them.
 */
const records: Migration = {
  title: 'records, version and views',
  sql: `
CREATE TABLE $schema.store (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version bigint NOT NULL CHECK (version > 0),
  last_commit uuid
);
INSERT INTO $schema.store (version) VALUES (1);

CREATE TABLE $schema.records (
  kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 7),
  address bytea NOT NULL CHECK (octet_length(address) = 32),
  key bytea NOT NULL CHECK (octet_length(key) <= 1024),
  value bytea NOT NULL,
  PRIMARY KEY (kind, address, key)
);

CREATE FUNCTION $schema.u64(bytes bytea, place integer) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT sum(get_byte(bytes, place + i) * (256::numeric ^ (7 - i)))::numeric(20) FROM generate_series(0, 7) AS i
$$;

CREATE VIEW $schema.storage AS
  SELECT address AS contract, key, substr(value, 2) AS value
    FROM $schema.records WHERE kind = 1
  UNION ALL
  SELECT address, substr(value, 6, octet_length(value) - 5 - rest.length), substr(value, octet_length(value) - rest.length + 1)
    FROM $schema.records, LATERAL (SELECT octet_length(value) - 5 - ('x' || encode(substr(value, 2, 4), 'hex'))::bit(32)::integer) AS rest(length)
    WHERE kind = 2;
CREATE VIEW $schema.balances AS
  SELECT address, key AS asset, $schema.u64(value, 1) AS amount FROM $schema.records WHERE kind = 3;
CREATE VIEW $schema.nonces AS
  SELECT address, $schema.u64(value, 1) AS nonce FROM $schema.records WHERE kind = 4;
CREATE VIEW $schema.contracts AS
  SELECT head.address, substr(head.value, 2, 32) AS code_hash, encode(substr(head.value, 35), 'escape') AS engine,
      octet_length(body.value) - 1 AS code_length
    FROM $schema.records AS head
    LEFT JOIN $schema.records AS body ON body.kind = 6 AND body.address = head.address AND body.key = head.key
    WHERE head.kind = 5;
CREATE VIEW $schema.assets AS
  SELECT address AS asset, substr(value, 2, 32) AS creator, encode(substr(value, 53), 'escape') AS name,
      get_byte(value, 33) AS decimals, $schema.u64(value, 34) AS max_supply, $schema.u64(value, 42) AS supply
    FROM $schema.records WHERE kind = 7;
`,
};

/** In order; a database says how many of them it has seen. */
export const MIGRATIONS: readonly Migration[] = [records];
