/** Refuses what only the embedded database has. */
import { Problem } from "../lib/problem.ts";
import type { Config } from "../settings.ts";

/** Throws Problem `invalid` where the data is in PostgreSQL. */
export function onlySqlite(config: Config): void {
  if (config.databaseUrl === null) return;
  throw new Problem(
    "invalid",
    "The data is in PostgreSQL, which has its own copies: pg_dump and pg_restore, or point-in-time recovery.",
  );
}
