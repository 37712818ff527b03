/** The SQL of what uses a file, and of who may see it: every place where something here may have its address. */
import { HELD } from "../core/entity.ts";
import { isHostShown } from "../core/store-visibility.ts";
import { sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { FILES_PATH } from "./files-path.ts";

/**
 * Whether anything that is shown here has the address of this file of this person: what they wrote and its earlier
 * versions, what they will publish, anybody's profile here, and what the people who run this server need.
 * It reads all that the person ever wrote: for jobs alone.
 */
export async function isUsed(db: Db, owner: number, name: string): Promise<boolean> {
  const named = `%${name}%`;
  const looks = [
    sql`SELECT 1 AS used FROM object WHERE owner = ${owner} AND kind = 'object' AND deleted IS NULL
        AND document LIKE ${named} LIMIT 1`,
    sql`SELECT 1 AS used FROM object WHERE host = 0 AND kind = 'actor' AND deleted IS NULL
        AND document LIKE ${named} LIMIT 1`,
    sql`SELECT 1 AS used FROM version JOIN object ON object.key = version.object
        WHERE object.owner = ${owner} AND object.deleted IS NULL AND version.document LIKE ${named} LIMIT 1`,
    sql`SELECT 1 AS used FROM scheduled WHERE actor = ${owner} AND draft LIKE ${named} LIMIT 1`,
    sql`SELECT 1 AS used FROM emoji WHERE path LIKE ${named} LIMIT 1`,
    sql`SELECT 1 AS used FROM announcement WHERE text LIKE ${named} LIMIT 1`,
  ];
  for (const look of looks) if ((await db.one(look)) !== null) return true;
  return false;
}

/** Whether the staff keep this file of what was reported. */
export const isEvidence = async (db: Db, name: string): Promise<boolean> =>
  (await db.one(sql`SELECT 1 AS kept FROM evidence WHERE content LIKE ${`%${name}%`} LIMIT 1`)) !== null;

/** Whether the staff took this thing away, and not its author. */
export const wasTakenAway = async (db: Db, object: number): Promise<boolean> =>
  (await db.one(sql`SELECT 1 AS taken FROM sanction WHERE object = ${object} AND kind = 'hide' LIMIT 1`)) !==
  null;

/**
 * Whether a file is for everybody: somebody has sent it who is not out of sight, or the house needs it, whoever sent it.
 * A name that nobody has sent is nobody's.
 */
export const isForAll = async (db: Db, name: string): Promise<boolean> =>
  (await db.one(
    sql`SELECT 1 AS shown WHERE EXISTS (
          SELECT 1 FROM (SELECT owner, withheld FROM media WHERE name = ${name}
            UNION ALL SELECT owner, withheld FROM media WHERE preview = ${name}) m
          JOIN object o ON o.key = m.owner WHERE m.withheld = 0 AND o.deleted IS NULL AND o.held < ${HELD.suspended})
        OR EXISTS (SELECT 1 FROM emoji WHERE path = ${FILES_PATH + name})`,
  )) !== null || isOfHouse(db, name);

/** What groups and announcements show was sent by people, who may be out of sight since then. */
const isOfHouse = async (db: Db, name: string): Promise<boolean> =>
  (await db.one(
    sql`SELECT 1 AS shown FROM media WHERE (name = ${name} OR preview = ${name}) AND withheld = 0 AND (
          EXISTS (SELECT 1 FROM object WHERE host = 0 AND kind = 'actor' AND type = 'Group' AND deleted IS NULL
            AND held < ${HELD.suspended} AND document LIKE ${`%${name}%`})
          OR EXISTS (SELECT 1 FROM announcement WHERE text LIKE ${`%${name}%`})) LIMIT 1`,
  )) !== null;

/** Whether a row may show the media that it names, to whoever it is for: neither gone nor put out of sight, nor of a server that is refused. */
export const isInSight = async (db: Db, key: number): Promise<boolean> =>
  (await db.one(
    sql`SELECT 1 AS shown FROM object o
        WHERE o.key = ${key} AND o.deleted IS NULL AND o.held < ${HELD.suspended} AND ${isHostShown()}`,
  )) !== null;
