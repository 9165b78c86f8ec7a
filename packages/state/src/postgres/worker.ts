import type { QueryConfig } from 'pg';
import { type BridgeHandlers, bridgeSetup, serveBridge } from '../bridge/serve-bridge.ts';
import type { PostgresRequests } from './requests.ts';
import { corrupt, keyArrays, keyColumns, listedRecord, own, parseVersion, recordArrays } from './rows.ts';
import { Session } from './session.ts';
import type { PostgresSettings } from './settings.ts';
import { statements } from './statements.ts';

/** Longest time for a statement that replaces everything, in milliseconds. */
const REPLACE_MS = 600_000;

const settings = bridgeSetup() as PostgresSettings;
const session = new Session(settings);
serveBridge<PostgresRequests>(createHandlers(settings, session), () => session.end());

function createHandlers(
  { name, schema }: PostgresSettings,
  session: Session,
): BridgeHandlers<PostgresRequests> {
  const sql = statements(schema);
  /** Prepared once on each connection under the statement's own name. */
  const named = (
    statement: 'get' | 'accountExists' | 'balanceCount' | 'list' | 'commit',
    values: unknown[],
  ) => ({ name: `switchyard ${statement}`, text: sql[statement], values }) satisfies QueryConfig;
  const version = async (): Promise<bigint> =>
    parseVersion(name, (await session.query(0, sql.version)).rows[0]?.version);

  return {
    async open({ mustExist }) {
      await session.open(mustExist);
      return version();
    },
    async pin({ view }) {
      const { rows } = await session.beginView(view, sql.pin);
      return parseVersion(name, rows[0]?.version);
    },
    async unpin({ view }) {
      await session.endView(view);
      return undefined;
    },
    async get({ view, key }) {
      const { rows } = await session.query(view, named('get', [...keyColumns(key)]));
      if (rows.length === 0) return undefined;
      const value: unknown = rows[0].value;
      if (!(value instanceof Uint8Array)) throw corrupt(name, 'a value that is too long to be read');
      return own(value);
    },
    async accountExists({ view, address }) {
      const { rows } = await session.query(view, named('accountExists', [address]));
      return rows[0]?.found === true;
    },
    async balanceCount({ view, address }) {
      const { rows } = await session.query(view, named('balanceCount', [address]));
      return Number(rows[0]?.found);
    },
    async list({ view, after, limit }) {
      const from = after === undefined ? [-1, new Uint8Array(0), new Uint8Array(0)] : keyColumns(after);
      const { rows } = await session.query(view, named('list', [...from, limit]));
      return rows.map((row) => listedRecord(name, row));
    },
    async commit({ base, token, put, removed }) {
      const values = [base, token, ...keyArrays(removed), ...recordArrays(put)];
      const { rows } = await session.query(0, named('commit', values));
      return rows.length === 0
        ? { isKept: false, version: await version() }
        : { isKept: true, version: parseVersion(name, rows[0].version) };
    },
    async replaceBegin({ base, token }) {
      await session.beginReplacing(REPLACE_MS);
      const { rows } = await session.replacing({ text: sql.raise, values: [base, token] });
      if (rows.length === 0) return { isKept: false, version: await version() };
      await session.replacing(sql.clear);
      return { isKept: true, version: parseVersion(name, rows[0].version) };
    },
    async replacePut({ put }) {
      await session.replacing({ text: sql.put, values: recordArrays(put) });
      return undefined;
    },
    async replaceEnd({ isKept }) {
      if (isKept) await session.commitReplacing();
      else await session.endTransaction();
      return undefined;
    },
    async settle({ base, token }) {
      const fenced = await session.query(0, { text: sql.raise, values: [base, null] });
      if (fenced.rows.length > 0)
        return { isKept: false, version: parseVersion(name, fenced.rows[0].version) };
      const { rows } = await session.query(0, sql.lastCommit);
      return {
        isKept: rows[0]?.last_commit === token ? true : undefined,
        version: parseVersion(name, rows[0]?.version),
      };
    },
  };
}
