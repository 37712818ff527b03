/** The SQL of what a viewer keeps of single things: at the top of their own page, and conversations they are tired of. */
import { raw, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { statement } from "./store-statement.ts";

type Asked = { readonly owner: number; readonly keys: readonly number[] };

const pinned = statement<Asked>(
  ({ owner, keys }) => sql`SELECT m.item FROM member m WHERE m.item IN ${keys} AND m.collection =
    (SELECT key FROM collection WHERE owner = ${owner} AND name = 'featured')`,
);

/** Those of `keys` that the actor keeps at the top of its page. */
export async function findPinned(db: Db, owner: number, keys: readonly number[]): Promise<number[]> {
  if (keys.length === 0) return [];
  return (await db.all<{ item: number }>(pinned({ owner, keys }))).map(({ item }) => item);
}

const MUTED = raw("'muted-threads'");

const hasMuted = statement<{ owner: number }>(
  ({ owner }) =>
    sql`SELECT 1 AS yes FROM collection WHERE owner = ${owner} AND name = ${MUTED} AND total > 0`,
);

/** From each thing up to the first word of its conversation; `UNION` ends where replies go in a circle. */
const muted = statement<Asked>(
  ({ owner, keys }) => sql`WITH RECURSIVE up (first, at) AS (
      SELECT o.key, o.key FROM object o WHERE o.key IN ${keys}
      UNION
      SELECT u.first, c.owner FROM up u JOIN member m ON m.item = u.at
        JOIN collection c ON c.key = m.collection AND c.name = 'replies'
    )
    SELECT DISTINCT u.first FROM up u JOIN member k ON k.item = u.at
    WHERE k.collection = (SELECT key FROM collection WHERE owner = ${owner} AND name = ${MUTED})`,
);

/** Those of `keys` that belong to a conversation of which the actor wants to hear nothing more. */
export async function findMutedThreads(db: Db, owner: number, keys: readonly number[]): Promise<number[]> {
  if (keys.length === 0 || (await db.one(hasMuted({ owner }))) === null) return [];
  return (await db.all<{ first: number }>(muted({ owner, keys }))).map(({ first }) => first);
}
