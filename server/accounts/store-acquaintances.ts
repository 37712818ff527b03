/** The SQL of what people note about others. */
import { type Sql, sql } from "../lib/sql.ts";

/** An empty text is none. */
export const setRemark = (actor: number, about: number, text: string): Sql =>
  text === ""
    ? sql`DELETE FROM remark WHERE actor = ${actor} AND about = ${about}`
    : sql`INSERT INTO remark (actor, about, text) VALUES (${actor}, ${about}, ${text})
        ON CONFLICT (actor, about) DO UPDATE SET text = excluded.text`;
