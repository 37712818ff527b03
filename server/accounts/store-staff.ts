/** The SQL of people as the staff look for them: those who live here and those elsewhere. */
import { MAX_KEY } from "../lib/id.ts";
import type { PageRequest } from "../lib/page.ts";
import { join, list, raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { AccountState, Role } from "./account.ts";

/** What actors that are people are stored as; groups and servers are looked after elsewhere. */
const PEOPLE = ["Person", "Service", "Application"] as const;

export interface StaffSearch {
  readonly isLocal?: boolean;
  readonly states?: readonly AccountState[];
  readonly roles?: readonly Role[];
  /** Bits of `HELD`, all of which are set. */
  readonly held?: number;
  /** Beginning of the name, in lower case. */
  readonly name?: string;
  readonly host?: string;
  readonly email?: string;
  readonly invitedBy?: number;
}

/** Keys, newest first (or oldest first above `from`), one more than a page holds. */
export async function findPeopleForStaff(db: Db, asked: StaffSearch, page: PageRequest): Promise<number[]> {
  const { before = MAX_KEY, after = -1, from, limit } = page;
  const conditions: Sql[] = [
    sql`o.kind = 'actor' AND o.deleted IS NULL AND o.document IS NOT NULL AND o.type IN ${list(PEOPLE)}`,
    // The actor that stands for the server is nobody.
    raw("(o.host <> 0 OR c.actor IS NOT NULL)"),
    sql`o.key < ${before} AND o.key > ${from ?? after}`,
  ];
  if (asked.isLocal !== undefined) conditions.push(raw(asked.isLocal ? "o.host = 0" : "o.host <> 0"));
  if (asked.states !== undefined) conditions.push(sql`c.state IN ${list(asked.states)}`);
  if (asked.roles !== undefined) conditions.push(sql`c.role IN ${list(asked.roles)}`);
  if (asked.held !== undefined) conditions.push(sql`(o.held & ${asked.held}) = ${asked.held}`);
  if (asked.name !== undefined)
    conditions.push(sql`a.handle >= ${asked.name} AND a.handle < ${`${asked.name}\u{10ffff}`}`);
  if (asked.host !== undefined)
    conditions.push(sql`o.host = (SELECT key FROM host WHERE name = ${asked.host})`);
  if (asked.email !== undefined) conditions.push(sql`c.email = ${asked.email}`);
  if (asked.invitedBy !== undefined) conditions.push(sql`c.invited_by = ${asked.invitedBy}`);
  const rows = await db.all<{ key: number }>(
    sql`SELECT o.key FROM object o LEFT JOIN account c ON c.actor = o.key LEFT JOIN actor a ON a.key = o.key
        WHERE ${join(conditions, " AND ")} ORDER BY o.key ${raw(from === undefined ? "DESC" : "ASC")} LIMIT ${limit + 1}`,
  );
  const keys = rows.map(({ key }) => key);
  return from === undefined ? keys : keys.slice(0, limit).reverse();
}
