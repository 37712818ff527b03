/** The SQL of what is asked besides a password: codes of an app, codes on paper, and the sum kept with the account. */
import { list, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { Role } from "./account.ts";

/** The parts of `account.factors`. */
export const FACTOR_CODES = 1;
export const FACTOR_PASSKEYS = 2;

export interface TotpRow {
  readonly secret: string;
  readonly createdMs: number;
  readonly confirmedMs: number | null;
  readonly lastStep: number;
}

export const findTotp = (db: Db, account: number): Promise<TotpRow | null> =>
  db.one<TotpRow>(sql`
    SELECT secret, created AS "createdMs", confirmed AS "confirmedMs", last_step AS "lastStep"
    FROM totp WHERE account = ${account}`);

/** In place of one that was begun and never confirmed. */
export const putTotp = (account: number, secret: string, nowMs: number): Sql => sql`
  INSERT INTO totp (account, secret, created) VALUES (${account}, ${secret}, ${nowMs})
  ON CONFLICT (account) DO UPDATE SET secret = excluded.secret, created = excluded.created
  WHERE totp.confirmed IS NULL`;

/** Touches one row, once, while its secret is the one that was shown. */
export const confirmTotp = (account: number, secret: string, step: number, nowMs: number): Sql => sql`
  UPDATE totp SET confirmed = ${nowMs}, last_step = ${step}
  WHERE account = ${account} AND secret = ${secret} AND confirmed IS NULL`;

/** Touches one row for each step, once. */
export const spendTotpStep = (account: number, step: number): Sql => sql`
  UPDATE totp SET last_step = ${step}
  WHERE account = ${account} AND confirmed IS NOT NULL AND last_step < ${step}`;

/** One that was shown and never confirmed. */
export const deleteBegunTotp = (account: number): Sql =>
  sql`DELETE FROM totp WHERE account = ${account} AND confirmed IS NULL`;

export const deleteTotp = (account: number): Sql => sql`DELETE FROM totp WHERE account = ${account}`;

export async function countRecoveryCodes(db: Db, account: number): Promise<number> {
  const row = await db.one<{ many: number }>(
    sql`SELECT count(*) AS many FROM recovery_code WHERE account = ${account} AND used IS NULL`,
  );
  return row?.many ?? 0;
}

export const insertRecoveryCode = (account: number, hash: string): Sql =>
  sql`INSERT INTO recovery_code (account, hash) VALUES (${account}, ${hash})`;

/** Touches one row, once. */
export const spendRecoveryCode = (account: number, hash: string, nowMs: number): Sql => sql`
  UPDATE recovery_code SET used = ${nowMs} WHERE account = ${account} AND hash = ${hash} AND used IS NULL`;

/** A condition on the account `key`: a passkey lets it in, and no password does. */
const hasPasskeyAlone = (key: number): Sql => sql`EXISTS (
  SELECT 1 FROM account WHERE actor = ${key} AND password IS NULL AND factors >= ${FACTOR_PASSKEYS})`;

/** Whether the code is left, and good without a password before it. */
export const isWayIn = async (db: Db, account: number, hash: string): Promise<boolean> =>
  (await db.one(sql`
    SELECT account FROM recovery_code WHERE account = ${account} AND hash = ${hash} AND used IS NULL
      AND ${hasPasskeyAlone(account)}`)) !== null;

/** Touches one row, once, while `isWayIn` says so. */
export const spendWayIn = (account: number, hash: string, nowMs: number): Sql => sql`
  UPDATE recovery_code SET used = ${nowMs} WHERE account = ${account} AND hash = ${hash} AND used IS NULL
    AND ${hasPasskeyAlone(account)}`;

export const deleteRecoveryCodes = (account: number): Sql =>
  sql`DELETE FROM recovery_code WHERE account = ${account}`;

/** Codes on paper are for those who have something to recover from. */
export const dropIdleRecoveryCodes = (account: number): Sql => sql`
  DELETE FROM recovery_code WHERE account = ${account}
    AND EXISTS (SELECT 1 FROM account WHERE actor = ${account} AND factors = 0)`;

/** Run it in every batch that changes `totp` or `passkey`, after the change. */
export const countFactors = (account: number): Sql => sql`
  UPDATE account SET factors =
    CASE WHEN EXISTS (SELECT 1 FROM totp WHERE totp.account = ${account} AND confirmed IS NOT NULL)
      THEN ${FACTOR_CODES} ELSE 0 END
    + CASE WHEN EXISTS (SELECT 1 FROM passkey WHERE passkey.account = ${account}) THEN ${FACTOR_PASSKEYS} ELSE 0 END
  WHERE actor = ${account}`;

export async function findFactors(db: Db, account: number): Promise<number> {
  const row = await db.one<{ factors: number }>(sql`SELECT factors FROM account WHERE actor = ${account}`);
  return row?.factors ?? 0;
}

/** The program of tokens that the operator makes (`commons token create`): they are good without a second factor. */
export const OPERATOR_PROGRAM = "command-line";

/** A condition on rows of `account`: not of a role in `requiring`, or with a second factor. */
const mayGoOn = (requiring: readonly Role[]): Sql =>
  requiring.length === 0 ? sql`1 = 1` : sql`(account.factors <> 0 OR account.role NOT IN ${list(requiring)})`;

/** A condition: the consent may be used, as far as second factors go. */
export const consentMayGoOn = (consent: Sql, requiring: readonly Role[]): Sql => sql`EXISTS (
  SELECT 1 FROM oauth_grant JOIN oauth_client ON oauth_client.key = oauth_grant.client
    JOIN account ON account.actor = oauth_grant.account
  WHERE oauth_grant.key = ${consent} AND (oauth_client.id = ${OPERATOR_PROGRAM} OR ${mayGoOn(requiring)}))`;

/** A condition: the session may be used, as far as second factors go. */
export const sessionMayGoOn = (session: Sql, requiring: readonly Role[]): Sql => sql`EXISTS (
  SELECT 1 FROM session JOIN account ON account.actor = session.account
  WHERE session.key = ${session} AND ${mayGoOn(requiring)})`;

/** Everything that somebody who is gone could sign in with, and the names that other places have for them. */
export const dropWaysInOf = (account: number): readonly Sql[] => [
  sql`DELETE FROM totp WHERE account = ${account}`,
  sql`DELETE FROM recovery_code WHERE account = ${account}`,
  sql`DELETE FROM passkey WHERE account = ${account}`,
  sql`DELETE FROM oauth_identity WHERE account = ${account}`,
  sql`DELETE FROM sign_in_step WHERE account = ${account}`,
];
