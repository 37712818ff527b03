/** The SQL of push subscriptions, and of the keys by which push services know this server. */
import type { Role } from "../accounts/account.ts";
import { consentMayGoOn, sessionMayGoOn } from "../accounts/store-factors.ts";
import { type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

const VAPID = "vapid";

export const findPushKey = (db: Db): Promise<{ publicKey: string; privateKey: string } | null> =>
  db.one(
    sql`SELECT public_key AS "publicKey", private_key AS "privateKey" FROM push_key WHERE name = ${VAPID}`,
  );

export const insertPushKey = (pair: { publicKey: string; privateKey: string }, nowMs: number): Sql =>
  sql`INSERT INTO push_key (name, public_key, private_key, created)
      VALUES (${VAPID}, ${pair.publicKey}, ${pair.privateKey}, ${nowMs}) ON CONFLICT (name) DO NOTHING`;

export interface PushRow {
  readonly key: number;
  readonly account: number;
  readonly endpoint: string;
  readonly publicKey: string;
  readonly auth: string;
  /** ` like mention `. */
  readonly alerts: string;
  readonly policy: "all" | "followed" | "follower" | "none";
  readonly standard: number;
  readonly token: string | null;
  /** BCP 47 of the person; null where they never chose. */
  readonly locale: string | null;
}

const COLUMNS = sql`s.key, s.account, s.endpoint, s.public_key AS "publicKey", s.auth, s.alerts, s.policy, s.standard,
  s.token, a.locale`;

/** By what it ends with: the consent of a program, or a browser's session. */
export type PushHolder = { readonly consent: number } | { readonly session: number };

const heldBy = (holder: PushHolder): Sql =>
  "consent" in holder ? sql`s.consent = ${holder.consent}` : sql`s.session = ${holder.session}`;

export const findPushOf = (db: Db, holder: PushHolder): Promise<PushRow | null> =>
  db.one<PushRow>(sql`SELECT ${COLUMNS} FROM push_subscription s JOIN account a ON a.actor = s.account
    WHERE ${heldBy(holder)}`);

/**
 * With access that is good at this time: the account is active, the consent was not withdrawn, and whose role is in
 * `requiring` has a second factor.
 */
export const findPush = (
  db: Db,
  key: number,
  nowMs: number,
  requiring: readonly Role[],
): Promise<PushRow | null> =>
  db.one<PushRow>(sql`SELECT ${COLUMNS} FROM push_subscription s JOIN account a ON a.actor = s.account
    LEFT JOIN oauth_grant g ON g.key = s.consent LEFT JOIN session b ON b.key = s.session
    WHERE s.key = ${key} AND a.state = 'active' AND g.revoked IS NULL
      AND (s.session IS NULL OR (b.expires > ${nowMs} AND ${sessionMayGoOn(sql`s.session`, requiring)}))
      AND (s.consent IS NULL OR ${consentMayGoOn(sql`s.consent`, requiring)})`);

/** Telephones, tablets and browsers of one person. */
const MAX_DEVICES = 100;

export const findPushesOf = (db: Db, account: number): Promise<{ key: number; endpoint: string }[]> =>
  db.all(sql`SELECT s.key, s.endpoint FROM push_subscription s WHERE s.account = ${account}
    ORDER BY s.key DESC LIMIT ${MAX_DEVICES}`);

/** Everybody who has at least one. */
export const findPushed = async (db: Db): Promise<number[]> =>
  (await db.all<{ account: number }>(sql`SELECT DISTINCT account FROM push_subscription`)).map(
    ({ account }) => account,
  );

export const hasPush = async (db: Db, account: number): Promise<boolean> =>
  (await db.one(sql`SELECT key FROM push_subscription WHERE account = ${account} LIMIT 1`)) !== null;

/** One for each program and browser: a new one takes the place of the one before. */
export function putPush(
  holder: PushHolder,
  row: Omit<PushRow, "key" | "locale">,
  nowMs: number,
): readonly Sql[] {
  const consent = "consent" in holder ? holder.consent : null;
  const session = "session" in holder ? holder.session : null;
  return [
    deletePushOf(holder),
    sql`INSERT INTO push_subscription
        (account, consent, session, endpoint, public_key, auth, alerts, policy, standard, token, created)
        VALUES (${row.account}, ${consent}, ${session}, ${row.endpoint}, ${row.publicKey}, ${row.auth}, ${row.alerts},
          ${row.policy}, ${row.standard}, ${row.token}, ${nowMs})`,
  ];
}

export const changePush = (key: number, alerts: string, policy: PushRow["policy"]): Sql =>
  sql`UPDATE push_subscription SET alerts = ${alerts}, policy = ${policy} WHERE key = ${key}`;

export const deletePush = (key: number): Sql => sql`DELETE FROM push_subscription WHERE key = ${key}`;

export const deletePushOf = (holder: PushHolder): Sql =>
  "consent" in holder
    ? sql`DELETE FROM push_subscription WHERE consent = ${holder.consent}`
    : sql`DELETE FROM push_subscription WHERE session = ${holder.session}`;
