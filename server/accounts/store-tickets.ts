/** The SQL of links that work once, and of the settings table. */
import { raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export type TicketPurpose = "claim" | "password";

export interface TicketRow {
  readonly account: number | null;
  readonly expiresMs: number;
}

/** An unused ticket that has not expired. */
export const findTicket = (
  db: Db,
  purpose: TicketPurpose,
  hash: string,
  nowMs: number,
): Promise<TicketRow | null> =>
  db.one<TicketRow>(sql`
    SELECT account, expires AS "expiresMs" FROM ticket
    WHERE hash = ${hash} AND purpose = ${purpose} AND used IS NULL AND expires > ${nowMs}`);

export const insertTicket = (ticket: {
  readonly hash: string;
  readonly purpose: TicketPurpose;
  readonly account: number | null;
  readonly createdMs: number;
  readonly expiresMs: number;
}): Sql => sql`
  INSERT INTO ticket (hash, purpose, account, created, expires)
  VALUES (${ticket.hash}, ${ticket.purpose}, ${ticket.account}, ${ticket.createdMs}, ${ticket.expiresMs})`;

/** Touches one row, once. A claim is spent only while there is no admin. */
export const spendTicket = (purpose: TicketPurpose, hash: string, nowMs: number): Sql => sql`
  UPDATE ticket SET used = ${nowMs}
  WHERE hash = ${hash} AND purpose = ${purpose} AND used IS NULL AND expires > ${nowMs}${
    purpose === "claim"
      ? raw(` AND NOT EXISTS (SELECT 1 FROM account WHERE role = 'admin' AND state = 'active')`)
      : raw("")
  }`;

export const deleteClaims = (): Sql => sql`DELETE FROM ticket WHERE purpose = 'claim' AND used IS NULL`;

export const deleteTickets = (account: number): Sql =>
  sql`DELETE FROM ticket WHERE account = ${account} AND used IS NULL`;

export const sweepTickets = (nowMs: number): Sql => sql`DELETE FROM ticket WHERE expires <= ${nowMs}`;

export const listSettings = (db: Db): Promise<{ name: string; value: string }[]> =>
  db.all(sql`SELECT name, value FROM setting`);

export const putSetting = (name: string, value: string, nowMs: number): Sql => sql`
  INSERT INTO setting (name, value, changed) VALUES (${name}, ${value}, ${nowMs})
  ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed = excluded.changed`;
