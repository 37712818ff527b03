/** The SQL of who somebody is elsewhere, and of the ways in that an account has. */
import { raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export type IdentityKind = "oidc" | "oauth" | "fediverse";

/** What makes it the same person: nothing else is ever compared. */
export interface IdentityName {
  readonly kind: IdentityKind;
  readonly issuer: string;
  readonly subject: string;
}

export interface IdentityRow extends IdentityName {
  readonly key: number;
  readonly account: number;
  readonly place: string;
  readonly label: string;
  readonly createdMs: number;
  readonly usedMs: number | null;
}

const SELECT = sql`SELECT key, account, kind, issuer, subject, place, label, created AS "createdMs", used AS "usedMs"
  FROM oauth_identity`;

export const findIdentity = (db: Db, { kind, issuer, subject }: IdentityName): Promise<IdentityRow | null> =>
  db.one<IdentityRow>(sql`${SELECT} WHERE kind = ${kind} AND issuer = ${issuer} AND subject = ${subject}`);

/** Oldest first. */
export const listIdentities = (db: Db, account: number): Promise<IdentityRow[]> =>
  db.all<IdentityRow>(sql`${SELECT} WHERE account = ${account} ORDER BY key`);

export const insertIdentity = (identity: Omit<IdentityRow, "usedMs">): Sql => sql`
  INSERT INTO oauth_identity (key, account, kind, issuer, subject, place, label, created)
  VALUES (${identity.key}, ${identity.account}, ${identity.kind}, ${identity.issuer}, ${identity.subject},
    ${identity.place}, ${identity.label}, ${identity.createdMs})`;

/** Touches one row while this identity is one of no more than `most` of its account. */
export const isWithinIdentities = (key: number, account: number, most: number): Sql => sql`
  UPDATE oauth_identity SET label = label WHERE key = ${key}
    AND (SELECT count(*) FROM oauth_identity WHERE account = ${account}) <= ${most}`;

export const useIdentity = (key: number, label: string, nowMs: number): Sql =>
  sql`UPDATE oauth_identity SET used = ${nowMs}, label = ${label} WHERE key = ${key}`;

/** After `holdActor`; touches no row where it is the only way in. */
export const deleteIdentity = (account: number, key: number): Sql => sql`
  DELETE FROM oauth_identity WHERE account = ${account} AND key = ${key}
    AND ${otherWayIn(account, { identity: key })}`;

/**
 * Whether an identity called `other` leads in. An account at a place that the admin has taken away
 * (`oauth/client/store.ts`) stays linked, in case the place comes back, and leads nowhere until then.
 */
const LEADS_IN = raw(`(other.kind = 'fediverse' OR EXISTS (SELECT 1 FROM oauth_provider AS place
  WHERE place.kind = other.kind AND place.issuer = other.issuer))`);

/** Whether the account can be signed in to with something besides what is named. */
export const otherWayIn = (
  account: number,
  without: { readonly passkey?: number; readonly identity?: number; readonly password?: true },
): Sql => sql`(${without.password ? sql`1 = ${0}` : sql`EXISTS (SELECT 1 FROM account WHERE actor = ${account} AND password IS NOT NULL)`}
  OR EXISTS (SELECT 1 FROM passkey AS other WHERE other.account = ${account} AND other.key <> ${without.passkey ?? 0})
  OR EXISTS (SELECT 1 FROM oauth_identity AS other WHERE other.account = ${account} AND other.key <> ${without.identity ?? 0}
    AND ${LEADS_IN}))`;

/** Names of those who came in with an account there, and now with nothing. */
export const findShutOut = (
  db: Db,
  { kind, issuer }: Pick<IdentityName, "kind" | "issuer">,
  limit: number,
): Promise<{ readonly name: string }[]> =>
  db.all(sql`SELECT name FROM account WHERE state = 'active' AND password IS NULL
    AND EXISTS (SELECT 1 FROM oauth_identity AS there
      WHERE there.account = account.actor AND there.kind = ${kind} AND there.issuer = ${issuer})
    AND NOT EXISTS (SELECT 1 FROM passkey WHERE passkey.account = account.actor)
    AND NOT EXISTS (SELECT 1 FROM oauth_identity AS other WHERE other.account = account.actor AND ${LEADS_IN})
    ORDER BY name LIMIT ${limit}`);
