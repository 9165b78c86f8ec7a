import type { QueryConfig, QueryResult } from 'pg';
import { Failure } from '../bridge/failure.ts';
import { type Connection, connect } from './connect.ts';
import { databaseFailure } from './failures.ts';
import { prepareTables } from './migrate.ts';
import type { PostgresSettings } from './settings.ts';

/** Name of the transaction that replaces everything; pinned views have numbers from 1 on. */
const REPLACING = -1;

/**
 * The connection of a store's worker, made when it is needed and made again when it was lost, and the one transaction that may be open
 * on it: a pinned view, or the replacing of everything.
 */
export class Session {
  readonly #settings: PostgresSettings;
  #connection: Connection | undefined;
  /** Number of the view, `REPLACING`, or 0 without a transaction. */
  #transaction = 0;
  #mayMake = true;

  constructor(settings: PostgresSettings) {
    this.#settings = settings;
  }

  /** Connects. @param mustExist whether tables that are not there are an error. */
  async open(mustExist: boolean): Promise<void> {
    this.#mayMake = !mustExist;
    await this.#connected();
    // From now on missing tables are lost ones, and empty ones in their place would hide it.
    this.#mayMake = false;
  }

  /** A statement of the view with this number; of number 0: outside of any transaction. */
  async query(view: number, statement: QueryConfig | string): Promise<QueryResult> {
    if (view === 0) await this.endTransaction();
    else if (view !== this.#transaction) throw this.#lost(view);
    return this.#query(statement);
  }

  /** Starts a view. @param statement begins the transaction and takes its snapshot; its last result is answered. */
  async beginView(view: number, statement: string): Promise<QueryResult> {
    await this.endTransaction();
    const results = (await this.#query(statement)) as unknown as readonly QueryResult[];
    this.#transaction = view;
    return results.at(-1)!;
  }

  /** Begins the transaction that `replacing` works in. */
  async beginReplacing(timeoutMs: number): Promise<void> {
    await this.endTransaction();
    await this.#query(`BEGIN; SET LOCAL statement_timeout = ${timeoutMs}`);
    this.#transaction = REPLACING;
  }

  /** A statement of the transaction that replaces. */
  replacing(statement: QueryConfig | string): Promise<QueryResult> {
    return this.query(REPLACING, statement);
  }

  /** Keeps what was replaced. @throws Failure STATE_UNAVAILABLE when the transaction was lost before. */
  async commitReplacing(): Promise<void> {
    await this.query(REPLACING, 'COMMIT');
    this.#transaction = 0;
  }

  /** Ends whatever transaction is open, without keeping anything. */
  async endTransaction(): Promise<void> {
    if (this.#transaction === 0) return;
    this.#transaction = 0;
    await this.#query('ROLLBACK');
  }

  /** Ends the transaction only if it is this view. */
  async endView(view: number): Promise<void> {
    if (view === this.#transaction) await this.endTransaction();
  }

  async end(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.end();
  }

  async #query(statement: QueryConfig | string): Promise<QueryResult> {
    const connection = await this.#connected();
    try {
      return await connection.query(statement);
    } catch (thrown) {
      // After an error PostgreSQL takes nothing more in the transaction but its end.
      if (this.#transaction !== 0) {
        this.#transaction = 0;
        await connection.query('ROLLBACK').catch(() => this.#forget(connection));
      }
      throw databaseFailure(this.#settings.name, thrown);
    }
  }

  async #connected(): Promise<Connection> {
    if (this.#connection !== undefined) return this.#connection;
    let made: Connection | undefined;
    const connection = await connect(this.#settings, () => {
      if (made !== undefined) this.#forget(made);
    });
    made = connection;
    this.#connection = connection;
    this.#transaction = 0;
    try {
      await prepareTables(connection, this.#settings, this.#mayMake);
    } catch (thrown) {
      this.#forget(connection);
      void connection.end().catch(() => {});
      throw databaseFailure(this.#settings.name, thrown, { connected: 'false' });
    }
    return connection;
  }

  #forget(connection: Connection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#transaction = 0;
  }

  #lost(view: number): Failure {
    const what = view === REPLACING ? 'transaction' : 'pinned view';
    return new Failure({
      code: 'STATE_UNAVAILABLE',
      message: `the state store at ${this.#settings.name} cannot be used: the ${what} ended with the connection, or by an error.`,
      details: { retryable: 'true' },
      hint: 'Start again what was being done.',
    });
  }
}
