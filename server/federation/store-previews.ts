/** The SQL of what lies behind addresses in posts: looked at once, for everybody. */
import { list, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export interface PreviewRow {
  readonly url: string;
  readonly fetched: number;
  /** JSON of a `Preview`, or null where there is nothing to show. */
  readonly card: string | null;
}

/** Those of the addresses that were looked at. */
export const findPreviews = async (db: Db, urls: readonly string[]): Promise<PreviewRow[]> =>
  urls.length === 0
    ? []
    : db.all<PreviewRow>(sql`SELECT url, fetched, card FROM preview WHERE url IN ${list(urls)}`);

export const putPreview = ({ url, fetched, card }: PreviewRow): Sql =>
  sql`INSERT INTO preview (url, fetched, card) VALUES (${url}, ${fetched}, ${card})
      ON CONFLICT (url) DO UPDATE SET fetched = excluded.fetched, card = excluded.card`;

/** Whoever still reads the posts has them looked at anew. */
export const sweepPreviews = (beforeMs: number): Sql => sql`DELETE FROM preview WHERE fetched < ${beforeMs}`;
