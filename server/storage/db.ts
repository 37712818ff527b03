/** The database port: what the rest of the server may ask of a database, whichever engine it is. */
import type { Sql, SqlValue } from "../lib/sql.ts";

export type Row = Readonly<Record<string, SqlValue>>;

/** Words that the two engines spell differently; nothing else may differ. */
export interface Dialect {
  readonly name: "sqlite" | "postgres";
  /** Column type and constraint of a row's own integer key, for `{key}` in migrations. */
  readonly key: string;
  /** The same where the database hands out small numbers itself, for `{serial}` (hosts, collections). */
  readonly serial: string;
  /** End of a table that is clustered by its primary key, for `{clustered}` in migrations. */
  readonly clustered: string;
  /** `FOR UPDATE SKIP LOCKED`, or nothing where there is one writer. */
  readonly skipLocked: string;
}

/** Rows that each statement of a batch gave back (`RETURNING`), in order. */
export type BatchResult = readonly (readonly Row[])[];

export interface Db {
  readonly dialect: Dialect;
  /** Reads. Integers come back as numbers from both engines. */
  all<T extends object = Row>(query: Sql): Promise<T[]>;
  /** The first row, or null. */
  one<T extends object = Row>(query: Sql): Promise<T | null>;
  /**
   * Writes all statements or none; resolves once they are on disk. There is no open transaction:
   * preconditions are inside statements (`expecting`).
   * Throws what `expecting` says, or Problem `conflict` (unique), `invalid` (check, foreign key), `full` (no space).
   */
  batch(statements: readonly Sql[]): Promise<BatchResult>;
  /** Tells other nodes (and this one) that something happened; best effort, never relied on. */
  notify(channel: string, payload: string): void;
  /** Calls back on `notify` of any node; returns how to stop. */
  listen(channel: string, heard: (payload: string) => void): Promise<() => void>;
  /** Size on disk, in bytes. */
  sizeBytes(): Promise<number>;
  stop(): Promise<void>;
}
