/** Picks the engine that a database URL names. */
import { Problem } from "../lib/problem.ts";
import type { Db } from "./db.ts";
import { type Node, openPostgres } from "./postgres/open.ts";
import { openSqlite } from "./sqlite/open.ts";

/**
 * `node` is the server that opens it; commands give none.
 * `url`: `postgres://…`, `sqlite:///absolute/path`, `sqlite:relative/path`, a plain path, or `:memory:`.
 * Throws Problem `invalid` for anything else.
 */
export async function openDb(options: { readonly url: string; readonly node?: Node }): Promise<Db> {
  const { url } = options;
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgres(options);
  return openSqlite({ path: sqlitePath(url) });
}

function sqlitePath(url: string): string {
  if (url === ":memory:") return url;
  if (/^(sqlite|file):/.test(url)) return url.replace(/^(sqlite|file):(\/\/(?=\/))?/, "");
  if (url === "" || /^[a-z][a-z0-9+.-]*:/i.test(url)) {
    throw new Problem(
      "invalid",
      "The database is neither a path nor a URL that begins with sqlite: or postgres://. Correct COMMONS_DATABASE_URL.",
    );
  }
  return url;
}
