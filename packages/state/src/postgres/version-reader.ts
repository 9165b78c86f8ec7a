import { VmError } from '@switchyard/core';
import { Failure } from '../bridge/failure.ts';
import type { PostgresOptions, StateVersionReader } from '../state-store.ts';
import type { Connection } from './connect.ts';
import { databaseFailure } from './failures.ts';
import { parseVersion } from './rows.ts';
import { type PostgresSettings, postgresSettings } from './settings.ts';
import { statements } from './statements.ts';

/** Asks a database for the store's version over a connection of its own, without blocking. A lost connection is made again. */
export class PostgresVersionReader implements StateVersionReader {
  readonly #settings: PostgresSettings;
  readonly #sql: string;
  #connection: Connection | undefined;
  /** The query that is under way. */
  #running: Promise<bigint> | undefined;
  /** The one after it, which whoever asks meanwhile waits for: the one under way may have been answered before they asked. */
  #next: Promise<bigint> | undefined;
  #isClosed = false;

  /** @throws VmError CONFIG_INVALID. */
  constructor(options: PostgresOptions) {
    this.#settings = { ...postgresSettings(options), readOnly: true };
    this.#sql = statements(this.#settings.schema).version;
  }

  read(): Promise<bigint> {
    if (this.#running === undefined) return this.#start();
    this.#next ??= this.#running.then(
      () => this.#start(),
      () => this.#start(),
    );
    return this.#next;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#forget();
  }

  #start(): Promise<bigint> {
    this.#next = undefined;
    const running = this.#ask().finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }

  async #ask(): Promise<bigint> {
    const { name, timeoutMs } = this.#settings;
    let timer: NodeJS.Timeout | undefined;
    // A server that is gone without a word answers nothing, not even that a statement took too long.
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${2 * timeoutMs} ms`)), 2 * timeoutMs);
    });
    try {
      return await Promise.race([this.#query(), late]);
    } catch (thrown) {
      void this.#forget();
      const { code, message, hint, details } = databaseFailure(name, thrown);
      throw new VmError(code, message, {
        ...(hint === undefined ? {} : { hint }),
        ...(details === undefined ? {} : { details }),
      });
    } finally {
      clearTimeout(timer);
    }
  }

  async #query(): Promise<bigint> {
    const { name } = this.#settings;
    const { rows } = await (await this.#connected()).query(this.#sql);
    return parseVersion(name, rows[0]?.version);
  }

  async #connected(): Promise<Connection> {
    if (this.#isClosed) {
      throw new Failure({
        code: 'STATE_UNAVAILABLE',
        message: `the state store at ${this.#settings.name} is closed.`,
      });
    }
    if (this.#connection !== undefined) return this.#connection;
    // Loaded when it is needed: most processes have no PostgreSQL.
    const { connect } = await import('./connect.ts');
    let made: Connection | undefined;
    made = await connect(this.#settings, () => {
      if (this.#connection === made) this.#connection = undefined;
    });
    if (this.#isClosed) {
      await made.end();
      return this.#connected();
    }
    this.#connection = made;
    return made;
  }

  /** Ends the connection, in the middle of a query if need be. */
  async #forget(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.end().catch(() => {});
  }
}
