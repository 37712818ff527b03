/** Picks the index of words that belongs to a database's engine. */
import type { Db, SearchIndex } from "./db.ts";
import { postgresSearch } from "./postgres/search.ts";
import { sqliteSearch } from "./sqlite/search.ts";

export const searchIndexOf = (db: Db): SearchIndex =>
  db.dialect.name === "sqlite" ? sqliteSearch(db) : postgresSearch(db);
