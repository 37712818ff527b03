/** The SQL of the account table. */
import { contains, holding, join, list, raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { Account, AccountState, Role } from "./account.ts";
import { otherWayIn } from "./store-identities.ts";

export interface NewAccount {
  readonly key: number;
  readonly name: string;
  readonly email: string | null;
  readonly password: string | null;
  readonly role: Role;
  readonly state: AccountState;
  readonly reason: string | null;
  readonly invitedBy: number | null;
  readonly locale: string | null;
  readonly createdMs: number;
}

interface AccountRow extends Omit<Account, "hasPassword" | "isGone"> {
  readonly hasPassword: number;
  readonly isGone: number;
}

/** What signing in needs besides: the hash never leaves this layer. */
export interface AccountWithPassword {
  readonly account: Account;
  readonly password: string | null;
}

const IS_SUSPENDED =
  "EXISTS (SELECT 1 FROM object WHERE object.key = account.actor AND (object.held >= 4 OR object.deleted IS NOT NULL))";
/** Who is suspended while they wait is shut out as anybody else, and waits again when that is taken back. */
const STATE = `CASE WHEN state = 'pending' AND ${IS_SUSPENDED} THEN 'disabled' ELSE state END`;

const COLUMNS =
  raw(`actor AS key, name, email, role, ${STATE} AS state, reason, note, invited_by AS "invitedBy", locale,
  created AS "createdMs", seen AS "seenMs", CASE WHEN password IS NULL THEN 0 ELSE 1 END AS "hasPassword",
  CASE WHEN state <> 'active' AND EXISTS (SELECT 1 FROM object WHERE object.key = account.actor AND object.deleted IS NOT NULL)
    THEN 1 ELSE 0 END AS "isGone"`);

const toAccount = (row: AccountRow): Account => ({
  ...row,
  hasPassword: row.hasPassword === 1,
  isGone: row.isGone === 1,
});

export async function findAccount(db: Db, key: number): Promise<Account | null> {
  const row = await db.one<AccountRow>(sql`SELECT ${COLUMNS} FROM account WHERE actor = ${key}`);
  return row && toAccount(row);
}

export async function findAccountByName(db: Db, name: string): Promise<Account | null> {
  const row = await db.one<AccountRow>(sql`SELECT ${COLUMNS} FROM account WHERE name = ${name}`);
  return row && toAccount(row);
}

export async function findAccountsByKeys(db: Db, keys: readonly number[]): Promise<Map<number, Account>> {
  const rows = await db.all<AccountRow>(sql`SELECT ${COLUMNS} FROM account WHERE actor IN ${list(keys)}`);
  return new Map(rows.map((row) => [row.key, toAccount(row)]));
}

/** By name or e-mail address, in lower case. */
export async function findForSignIn(db: Db, login: string): Promise<AccountWithPassword | null> {
  const where = login.includes("@") ? sql`email = ${login}` : sql`name = ${login}`;
  return withPassword(db, where);
}

export const findWithPassword = (db: Db, key: number): Promise<AccountWithPassword | null> =>
  withPassword(db, sql`actor = ${key}`);

async function withPassword(db: Db, where: Sql): Promise<AccountWithPassword | null> {
  const row = await db.one<AccountRow & { password: string | null }>(
    sql`SELECT ${COLUMNS}, password FROM account WHERE ${where}`,
  );
  if (!row) return null;
  const { password, ...rest } = row;
  return { account: toAccount(rest), password };
}

/** People with one of these roles who can sign in; at most `limit`. */
export async function findWithRoles(db: Db, roles: readonly Role[], limit: number): Promise<number[]> {
  const rows = await db.all<{ actor: number }>(
    sql`SELECT actor FROM account WHERE role IN ${list(roles)} AND state = 'active' ORDER BY actor LIMIT ${limit}`,
  );
  return rows.map(({ actor }) => actor);
}

/** Newest first; at most `limit`. */
export async function listAccounts(
  db: Db,
  filter: {
    readonly state?: AccountState;
    readonly role?: Role;
    readonly part?: string;
    readonly before?: number;
  },
  limit: number,
): Promise<Account[]> {
  const conditions = [sql`actor > ${0}`];
  if (filter.state !== undefined)
    conditions.push(sql`state IN (${filter.state}, 'pending') AND ${raw(STATE)} = ${filter.state}`);
  if (filter.role !== undefined) conditions.push(sql`role = ${filter.role}`);
  if (filter.part !== undefined && filter.part !== "") {
    conditions.push(sql`(${contains("name", filter.part)} OR ${contains("email", filter.part)})`);
  }
  if (filter.before !== undefined) conditions.push(sql`actor < ${filter.before}`);
  const rows = await db.all<AccountRow>(
    sql`SELECT ${COLUMNS} FROM account WHERE ${join(conditions, " AND ")} ORDER BY actor DESC LIMIT ${limit}`,
  );
  return rows.map(toAccount);
}

export async function countAccounts(db: Db): Promise<Record<AccountState, number>> {
  const rows = await db.all<{ state: AccountState; many: number }>(
    sql`SELECT ${raw(STATE)} AS state, count(*) AS many FROM account GROUP BY 1`,
  );
  return {
    pending: 0,
    active: 0,
    disabled: 0,
    ...Object.fromEntries(rows.map((row) => [row.state, row.many])),
  };
}

/** Active accounts seen since that moment. */
export async function countSeenSince(db: Db, sinceMs: number): Promise<number> {
  const row = await db.one<{ many: number }>(
    sql`SELECT count(*) AS many FROM account WHERE state = 'active' AND seen >= ${sinceMs}`,
  );
  return row?.many ?? 0;
}

/** Touches one row while this account is one of no more than `most` that wait to be let in. */
export const isWithinPending = (key: number, most: number): Sql => sql`
  UPDATE account SET changed = changed WHERE actor = ${key}
    AND (SELECT count(*) FROM account WHERE state = 'pending' AND ${raw(STATE)} = 'pending') <= ${most}`;

export async function isTaken(db: Db, column: "name" | "email", value: string): Promise<boolean> {
  const row = await db.one(sql`SELECT 1 AS found FROM account WHERE ${raw(column)} = ${value}`);
  return row !== null;
}

export async function hasAdmin(db: Db): Promise<boolean> {
  const row = await db.one(
    sql`SELECT 1 AS found FROM account WHERE role = 'admin' AND state = 'active' LIMIT 1`,
  );
  return row !== null;
}

export const insertAccount = (account: NewAccount): Sql => sql`
  INSERT INTO account (actor, name, email, password, role, state, reason, invited_by, locale, created, changed)
  VALUES (${account.key}, ${account.name}, ${account.email}, ${account.password}, ${account.role},
    ${account.state}, ${account.reason}, ${account.invitedBy}, ${account.locale}, ${account.createdMs},
    ${account.createdMs})`;

/** Only from one of the states in `from`. */
export const changeState = (
  key: number,
  change: {
    readonly from: readonly AccountState[];
    readonly to: AccountState;
    readonly note: string | null;
    readonly nowMs: number;
  },
): Sql => sql`
  UPDATE account SET state = ${change.to}, note = ${change.note}, changed = ${change.nowMs}
  WHERE actor = ${key} AND state IN ${list(change.from)}`;

/** Touches no row of somebody who does not wait, or is suspended. */
export const letIn = (key: number, nowMs: number): Sql => sql`
  UPDATE account SET state = 'active', note = NULL, changed = ${nowMs}
  WHERE actor = ${key} AND ${raw(STATE)} = 'pending'`;

/** Whether the staff put everything of the person out of sight (`moderation/sanctions.ts`). */
export async function isSuspended(db: Db, key: number): Promise<boolean> {
  return (await db.one(sql`SELECT 1 AS yes FROM object WHERE key = ${key} AND held >= 4`)) !== null;
}

/**
 * First in the batch: of those who take admins away at once, each sees whom the others have left. They are held in one
 * order for all.
 */
export const holdAdmins = (): Sql =>
  holding(sql`SELECT actor FROM account WHERE role = 'admin' AND state = 'active' ORDER BY actor`);

/** After `holdAdmins`; touches no row when that would leave no active admin. */
export const changeRole = (key: number, role: Role, nowMs: number): Sql => sql`
  UPDATE account SET role = ${role}, changed = ${nowMs} WHERE actor = ${key} AND ${leavesAnAdmin(key, role)}`;

/** After `holdAdmins`; touches no row when that would leave no active admin. */
export const disableAccount = (key: number, note: string | null, nowMs: number): Sql => sql`
  UPDATE account SET state = 'disabled', note = ${note}, changed = ${nowMs}
  WHERE actor = ${key} AND state <> 'disabled' AND ${leavesAnAdmin(key, null)}`;

const leavesAnAdmin = (key: number, role: Role | null): Sql =>
  role === "admin"
    ? raw("1 = 1")
    : sql`(role <> 'admin' OR EXISTS
        (SELECT 1 FROM account AS other WHERE other.role = 'admin' AND other.state = 'active' AND other.actor <> ${key}))`;

/** Only while the password is still `before`, so that two changes cannot cross. */
export const changePassword = (
  key: number,
  change: { readonly before: string | null; readonly after: string; readonly nowMs: number },
): Sql => sql`
  UPDATE account SET password = ${change.after}, changed = ${change.nowMs}
  WHERE actor = ${key} AND ${change.before === null ? raw("password IS NULL") : sql`password = ${change.before}`}`;

/** After `holdActor`; touches no row where there is another way to sign in to the account no more. */
export const removePassword = (key: number, nowMs: number): Sql => sql`
  UPDATE account SET password = NULL, changed = ${nowMs}
  WHERE actor = ${key} AND password IS NOT NULL AND ${otherWayIn(key, { password: true })}`;

/** Of somebody who is gone for good nothing is kept but the name, which nobody gets again. */
export const forgetPerson = (key: number, nowMs: number): Sql => sql`
  UPDATE account SET email = NULL, password = NULL, reason = NULL, note = NULL, locale = NULL, changed = ${nowMs}
  WHERE actor = ${key}`;

export const changeEmail = (key: number, email: string | null, nowMs: number): Sql =>
  sql`UPDATE account SET email = ${email}, changed = ${nowMs} WHERE actor = ${key}`;

export const changeLocale = (key: number, locale: string | null, nowMs: number): Sql =>
  sql`UPDATE account SET locale = ${locale}, changed = ${nowMs} WHERE actor = ${key}`;

export const touchAccount = (key: number, nowMs: number): Sql =>
  sql`UPDATE account SET seen = ${nowMs} WHERE actor = ${key}`;
