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
  /** `FOR UPDATE`, or nothing where there is one writer. */
  readonly locked: string;
  /** Asks for the names of all tables, as `name`. */
  readonly tables: string;
}

/** Rows that each statement of a batch gave back (`RETURNING`), in order. */
export type BatchResult = readonly (readonly Row[])[];

export interface Db {
  readonly dialect: Dialect;
  /** Reads. Integers come back as numbers from both engines. */
  all<T extends object = Row>(query: Sql): Promise<T[]>;
  /** The same for what may take long (searching): no other reader waits for it. @throws Problem `too-many`. */
  patiently<T extends object = Row>(query: Sql): Promise<T[]>;
  /** The first row, or null. */
  one<T extends object = Row>(query: Sql): Promise<T | null>;
  /**
   * Writes all statements or none; resolves once they are on disk. There is no open transaction:
   * preconditions are inside statements (`expecting`), and what others do at once is kept off by `holding`.
   * Throws what `expecting` says, or Problem `conflict` (unique), `invalid` (check, foreign key), `full` (no space).
   */
  batch(statements: readonly Sql[]): Promise<BatchResult>;
  /**
   * A number that is another one after each commit, also of other processes within 50 ms; null where nobody can say
   * without asking the database.
   */
  version(): number | null;
  /** Tells other nodes (and this one) that something happened; best effort, never relied on. */
  notify(channel: string, payload: string): void;
  /**
   * Calls back on `notify` of any node; returns how to stop. `missed` is called where words may have been lost: the way to
   * the database had broken, and is there again.
   */
  listen(channel: string, heard: (payload: string) => void, missed?: () => void): Promise<() => void>;
  /** Size on disk, in bytes. */
  sizeBytes(): Promise<number>;
  stop(): Promise<void>;
}

/** What is sought among the words of an entry. */
export type Match =
  /** These words, one right after the other; one alone is a word. Never empty. */
  | { readonly words: readonly string[] }
  /** Some word that begins so. */
  | { readonly beginning: string }
  /** Never empty. */
  | { readonly every: readonly Match[] }
  | { readonly some: readonly Match[] }
  | { readonly which: Match; readonly butNot: Match };

/**
 * The index of words: derived from the rows of `object`, made and made anew by the engine, never migrated. Words come
 * folded and cut (`search/words.ts`): letters and digits, and one of `SIGNS` in front of what is no word of a text.
 */
export interface SearchIndex {
  /** Whether it is there, in the form that this program makes. */
  isMade(): Promise<boolean>;
  /**
   * Drops whatever there is and makes it empty: the index, the tables of `search/store.ts` (`search_pending`,
   * `search_walk`, `search_consent`), and triggers that put into `search_pending` the key of every row whose entry may
   * have to change, in the very batch that changes it.
   */
  make(): readonly Sql[];
  /** The entry of a row, in the place of any that it has. */
  put(key: number, words: readonly string[]): Sql;
  /** Nothing where it has none. */
  drop(key: number): Sql;
  /** For `FROM`: the entries. */
  readonly entries: Sql;
  /** The column of an entry that holds the row's key; rows come in its order without being sorted, where that is asked. */
  readonly key: Sql;
  /** For `WHERE`: true of entries that match; `hole` stands where the text made by `textOf` is bound. */
  isMatch(hole: string | number): Sql;
  textOf(match: Match): string;
}

/** Signs that may begin a word of an entry, so that marks, names and titles are told from what texts say. */
export const SIGNS = { mark: "!", name: "@", title: "=", tag: "#" } as const;
