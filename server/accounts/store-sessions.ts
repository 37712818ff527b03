/** The SQL of the session table. */
import { type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { Role } from "./account.ts";

export type SessionHow = "password" | "passkey" | "elsewhere" | "recovery";
export type SessionFactor = "code" | "recovery" | "passkey";

/** One signed-in browser, as its owner sees it in the settings. */
export interface SessionRow {
  readonly key: number;
  readonly agent: string;
  readonly address: string;
  readonly createdMs: number;
  readonly seenMs: number;
  readonly expiresMs: number;
  readonly how: SessionHow;
  /** The place elsewhere, by its name. */
  readonly via: string | null;
  /** What was asked after that. */
  readonly factor: SessionFactor | null;
  /** When the person last proved in this session who they are. */
  readonly provedMs: number;
}

/** A session with what must be known of its account on every request. */
export interface LiveSessionRow extends SessionRow {
  readonly account: number;
  readonly name: string;
  readonly role: Role;
  readonly locale: string | null;
  /** See `store-factors.ts`. */
  readonly factors: number;
}

const COLUMNS = sql`session.key AS key, session.agent AS agent, session.address AS address,
  session.created AS "createdMs", session.seen AS "seenMs", session.expires AS "expiresMs",
  session.how AS how, session.via AS via, session.factor AS factor, session.proved AS "provedMs"`;

/** Null when unknown, over, or of an account that is not active. */
export const findLiveSession = (db: Db, hash: string, nowMs: number): Promise<LiveSessionRow | null> =>
  db.one<LiveSessionRow>(sql`
    SELECT ${COLUMNS}, account.actor AS account, account.name AS name, account.role AS role,
      account.locale AS locale, account.factors AS factors
    FROM session JOIN account ON account.actor = session.account
    WHERE session.hash = ${hash} AND session.expires > ${nowMs} AND account.state = 'active'`);

/** Most recently made first. */
export const listSessions = (db: Db, account: number, nowMs: number): Promise<SessionRow[]> =>
  db.all<SessionRow>(sql`
    SELECT ${COLUMNS} FROM session WHERE account = ${account} AND expires > ${nowMs} ORDER BY key DESC`);

export const insertSession = (
  session: SessionRow & { readonly hash: string; readonly account: number },
): Sql => sql`
  INSERT INTO session (key, hash, account, agent, address, created, seen, expires, how, via, factor, proved)
  VALUES (${session.key}, ${session.hash}, ${session.account}, ${session.agent}, ${session.address},
    ${session.createdMs}, ${session.seenMs}, ${session.expiresMs}, ${session.how}, ${session.via}, ${session.factor},
    ${session.provedMs})`;

/** All but the newest `keep`: somebody who never signs out does not fill the table. */
export const trimSessions = (account: number, keep: number): Sql => sql`
  DELETE FROM session WHERE account = ${account} AND key NOT IN
    (SELECT kept.key FROM session AS kept WHERE kept.account = ${account} ORDER BY kept.key DESC LIMIT ${keep})`;

export const touchSession = (
  key: number,
  touch: { readonly seenMs: number; readonly expiresMs: number; readonly address: string },
): Sql => sql`
  UPDATE session SET seen = ${touch.seenMs}, expires = ${touch.expiresMs}, address = ${touch.address}
  WHERE key = ${key}`;

export const proveSession = (key: number, nowMs: number): Sql =>
  sql`UPDATE session SET proved = ${nowMs} WHERE key = ${key}`;

export const deleteSession = (account: number, key: number): Sql =>
  sql`DELETE FROM session WHERE key = ${key} AND account = ${account}`;

export const deleteSessionByHash = (hash: string): Sql =>
  sql`DELETE FROM session WHERE hash = ${hash} RETURNING key, account`;

/** All sessions of the account, but the one named. */
export const deleteSessions = (account: number, exceptKey = 0): Sql =>
  sql`DELETE FROM session WHERE account = ${account} AND key <> ${exceptKey} RETURNING key`;

export const sweepSessions = (nowMs: number): Sql => sql`DELETE FROM session WHERE expires <= ${nowMs}`;
