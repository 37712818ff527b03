/** The SQL of the invitation table. */
import { type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export interface Invitation {
  readonly key: number;
  readonly code: string;
  readonly creator: number;
  readonly creatorName: string;
  /** The role that whoever uses it gets. */
  readonly role: "teacher" | "member";
  readonly note: string;
  readonly usesLeft: number;
  readonly used: number;
  readonly createdMs: number;
  readonly expiresMs: number | null;
  readonly revokedMs: number | null;
}

const SELECT = sql`
  SELECT invitation.key AS key, code, creator, account.name AS "creatorName", invitation.role AS role,
    invitation.note AS note, uses_left AS "usesLeft", used, invitation.created AS "createdMs",
    expires AS "expiresMs", revoked AS "revokedMs"
  FROM invitation JOIN account ON account.actor = invitation.creator`;

/** Good for one more person, and made by somebody who is still active. */
export const findOpenInvitation = (db: Db, code: string, nowMs: number): Promise<Invitation | null> =>
  db.one<Invitation>(sql`${SELECT}
    WHERE code = ${code} AND uses_left > 0 AND revoked IS NULL AND (expires IS NULL OR expires > ${nowMs})
      AND account.state = 'active'`);

/** Newest first: of one person, or of everybody (`null`). */
export const listInvitations = (
  db: Db,
  creator: number | null,
  before: number,
  limit: number,
): Promise<Invitation[]> =>
  db.all<Invitation>(sql`${SELECT}
    WHERE ${creator === null ? sql`creator > ${0}` : sql`creator = ${creator}`} AND invitation.key < ${before}
    ORDER BY invitation.key DESC LIMIT ${limit}`);

export const insertInvitation = (
  invitation: Omit<Invitation, "creatorName" | "used" | "revokedMs">,
): Sql => sql`
  INSERT INTO invitation (key, code, creator, role, note, uses_left, created, expires)
  VALUES (${invitation.key}, ${invitation.code}, ${invitation.creator}, ${invitation.role}, ${invitation.note},
    ${invitation.usesLeft}, ${invitation.createdMs}, ${invitation.expiresMs})`;

/** Touches one row while it is open. */
export const useInvitation = (key: number, nowMs: number): Sql => sql`
  UPDATE invitation SET uses_left = uses_left - 1, used = used + 1
  WHERE key = ${key} AND uses_left > 0 AND revoked IS NULL AND (expires IS NULL OR expires > ${nowMs})`;

/** By its creator, or by the staff (`null`). */
export const revokeInvitation = (key: number, creator: number | null, nowMs: number): Sql => sql`
  UPDATE invitation SET revoked = ${nowMs}
  WHERE key = ${key} AND revoked IS NULL AND ${creator === null ? sql`creator > ${0}` : sql`creator = ${creator}`}`;

export const revokeInvitationsOf = (creator: number, nowMs: number): Sql =>
  sql`UPDATE invitation SET revoked = ${nowMs} WHERE creator = ${creator} AND revoked IS NULL`;

/** Touches one row while this one is one of no more than `most` of its creator not yet used up, over or revoked. */
export const isWithinOpen = (key: number, creator: number, most: number, nowMs: number): Sql => sql`
  UPDATE invitation SET used = used WHERE key = ${key} AND (SELECT count(*) FROM invitation
    WHERE creator = ${creator} AND uses_left > 0 AND revoked IS NULL
      AND (expires IS NULL OR expires > ${nowMs})) <= ${most}`;
