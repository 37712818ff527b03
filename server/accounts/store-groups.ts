/** The SQL of running groups: that somebody owns them, how many one person made, and invitations by link. */
import { ensureCollection, holdCollections } from "../core/store-writes.ts";
import { list, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export interface GroupInvitation {
  readonly key: number;
  readonly code: string;
  /** Keys of the group, and of the moderator who made it. */
  readonly group: number;
  readonly creator: number;
  readonly usesLeft: number;
  readonly used: number;
  readonly createdMs: number;
  readonly expiresMs: number;
}

const COLUMNS = sql`key, code, group_key AS "group", creator, uses_left AS "usesLeft", used,
  created AS "createdMs", expires AS "expiresMs"`;

const isOpen = (nowMs: number): Sql => sql`uses_left > 0 AND revoked IS NULL AND expires > ${nowMs}`;

export const findOpenLink = (db: Db, code: string, nowMs: number): Promise<GroupInvitation | null> =>
  db.one<GroupInvitation>(
    sql`SELECT ${COLUMNS} FROM group_invitation WHERE code = ${code} AND ${isOpen(nowMs)}`,
  );

/** The same, used up or over as well. */
export const findLink = (db: Db, code: string): Promise<GroupInvitation | null> =>
  db.one<GroupInvitation>(sql`SELECT ${COLUMNS} FROM group_invitation WHERE code = ${code}`);

/** The open ones of a group, newest first. */
export const listOpenLinks = (
  db: Db,
  group: number,
  nowMs: number,
  limit: number,
): Promise<GroupInvitation[]> =>
  db.all<GroupInvitation>(sql`SELECT ${COLUMNS} FROM group_invitation
    WHERE group_key = ${group} AND ${isOpen(nowMs)} ORDER BY key DESC LIMIT ${limit}`);

export const insertLink = (link: Omit<GroupInvitation, "used">): Sql => sql`
  INSERT INTO group_invitation (key, code, group_key, creator, uses_left, created, expires)
  VALUES (${link.key}, ${link.code}, ${link.group}, ${link.creator}, ${link.usesLeft}, ${link.createdMs},
    ${link.expiresMs})`;

/** Touches one row while this link is one of no more than `most` open ones of the group. */
export const isWithinOpenLinks = (key: number, group: number, most: number, nowMs: number): Sql => sql`
  UPDATE group_invitation SET used = used WHERE key = ${key}
    AND (SELECT count(*) FROM group_invitation WHERE group_key = ${group} AND ${isOpen(nowMs)}) <= ${most}`;

/** Touches one row while it is open. */
export const useLink = (key: number, nowMs: number): Sql => sql`
  UPDATE group_invitation SET uses_left = uses_left - 1, used = used + 1
  WHERE key = ${key} AND ${isOpen(nowMs)}`;

export const revokeLink = (group: number, key: number, nowMs: number): Sql => sql`
  UPDATE group_invitation SET revoked = ${nowMs}
  WHERE key = ${key} AND group_key = ${group} AND revoked IS NULL`;

/** Of a group that is gone. */
export const revokeLinksOf = (group: number, nowMs: number): Sql =>
  sql`UPDATE group_invitation SET revoked = ${nowMs} WHERE group_key = ${group} AND revoked IS NULL`;

/** Touches one row while somebody owns the group. It waits for whoever takes an owner away at the same time. */
export const hasOwner = (group: number): Sql =>
  sql`UPDATE collection SET total = total WHERE owner = ${group} AND name = 'owners' AND total > 0`;

/** Touches one row while the person is not in the group; needs the list of the invited, which whoever comes in holds too. */
export const isNotIn = (group: number, person: number): Sql =>
  sql`UPDATE collection SET total = total WHERE owner = ${group} AND name = 'invited' AND NOT EXISTS
      (SELECT 1 FROM collection c JOIN member m ON m.collection = c.key
        WHERE c.owner = ${group} AND c.name = 'members' AND m.item = ${person})`;

/** The list in which a person's own groups are counted. */
export const FOUNDED = "founded";

/** Both statements: the second touches one row while the person has made fewer than `most` groups. */
export const countsFounded = (person: number, most: number): readonly [Sql, Sql] => [
  ensureCollection(person, FOUNDED),
  sql`UPDATE collection SET total = total WHERE owner = ${person} AND name = ${FOUNDED} AND total < ${most}`,
];

/** A group here that somebody owns or moderates. */
export interface LedGroup {
  readonly key: number;
  readonly name: string;
  readonly isOwner: boolean;
  /** How many own it. */
  readonly owners: number;
}

export async function findLedBy(db: Db, person: number): Promise<LedGroup[]> {
  const rows = await db.all<Omit<LedGroup, "isOwner"> & { own: number | null }>(sql`
    SELECT o.key, a.handle AS name, own.item AS own, owners.total AS owners
    FROM object o JOIN actor a ON a.key = o.key
    JOIN collection owners ON owners.owner = o.key AND owners.name = 'owners'
    LEFT JOIN member own ON own.collection = owners.key AND own.item = ${person}
    LEFT JOIN collection moderators ON moderators.owner = o.key AND moderators.name = 'moderators'
    LEFT JOIN member keeps ON keeps.collection = moderators.key AND keeps.item = ${person}
    WHERE o.host = 0 AND o.kind = 'actor' AND o.type = 'Group' AND o.deleted IS NULL
      AND (own.item IS NOT NULL OR keeps.item IS NOT NULL) ORDER BY o.key`);
  return rows.map(({ own, ...group }) => ({ ...group, isOwner: own !== null }));
}

/** Somebody who is gone stands in no list of a group here: whoever counts its owners counts those who can answer. */
export function leaveGroups(person: number): readonly Sql[] {
  const lists = sql`SELECT c.key FROM object o JOIN collection c ON c.owner = o.key
    WHERE o.host = 0 AND o.kind = 'actor' AND o.type = 'Group'
      AND c.name IN ('owners', 'moderators', 'members', 'requests', 'invited')`;
  const standing = sql`key IN (SELECT collection FROM member WHERE item = ${person} AND collection IN (${lists}))`;
  return [
    holdCollections(standing),
    sql`UPDATE collection SET total = total - 1 WHERE ${standing}`,
    sql`DELETE FROM member WHERE item = ${person} AND collection IN (${lists})`,
  ];
}

export interface GroupSummary {
  readonly key: number;
  readonly name: string;
  readonly members: number;
  readonly owners: readonly string[];
}

/** Groups that live here, the newest first, each with those who own it. */
export async function listGroups(db: Db, before: number, limit: number): Promise<GroupSummary[]> {
  const rows = await db.all<{ key: number; name: string; members: number | null }>(sql`
    SELECT o.key, a.handle AS name,
      (SELECT total FROM collection WHERE owner = o.key AND name = 'members') AS members
    FROM object o JOIN actor a ON a.key = o.key
    WHERE o.host = 0 AND o.kind = 'actor' AND o.type = 'Group' AND o.key < ${before} AND o.deleted IS NULL
    ORDER BY o.key DESC LIMIT ${limit}`);
  const owners = await db.all<{ group: number; handle: string | null }>(sql`
    SELECT c.owner AS "group", a.handle FROM collection c JOIN member m ON m.collection = c.key
    JOIN actor a ON a.key = m.item JOIN object o ON o.key = m.item
    WHERE c.owner IN ${list(rows.map(({ key }) => key))} AND c.name = 'owners' AND o.deleted IS NULL`);
  return rows.map((row) => ({
    ...row,
    members: row.members ?? 0,
    owners: owners.flatMap(({ group, handle }) => (group === row.key ? (handle ?? []) : [])),
  }));
}
