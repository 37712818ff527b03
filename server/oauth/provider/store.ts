/** The SQL of consents, codes and tokens. */
import type { Role } from "../../accounts/account.ts";
import { DAY_MS } from "../../lib/durations.ts";
import { holding, type Sql, sql } from "../../lib/sql.ts";
import type { Db } from "../../storage/db.ts";

export interface CodeRow {
  readonly consent: number;
  readonly client: number;
  readonly account: number | null;
  readonly scope: string;
  /** As it was asked with; empty where none was. */
  readonly redirectUri: string;
  readonly challenge: string | null;
  readonly expiresMs: number;
  readonly usedMs: number | null;
  readonly revokedMs: number | null;
}

export interface TokenRow {
  readonly consent: number;
  readonly kind: "access" | "refresh";
  readonly scope: string;
  /** What the person consented to; the token may hold less. */
  readonly consentScope: string;
  readonly createdMs: number;
  readonly expiresMs: number | null;
  readonly usedMs: number | null;
  readonly revokedMs: number | null;
  readonly seenMs: number | null;
  readonly clientKey: number;
  readonly clientId: string;
  readonly clientName: string;
  readonly clientWebsite: string | null;
  /** Null when the program speaks for itself. */
  readonly account: number | null;
  readonly name: string | null;
  readonly role: Role | null;
  readonly locale: string | null;
  readonly state: string | null;
  /** See `accounts/store-factors.ts`. */
  readonly factors: number | null;
}

/** One program that somebody let in. */
export interface ConsentRow {
  readonly key: number;
  readonly clientId: string;
  readonly clientName: string;
  readonly clientWebsite: string | null;
  readonly scope: string;
  readonly createdMs: number;
  readonly seenMs: number | null;
}

export const findCode = (db: Db, hash: string): Promise<CodeRow | null> =>
  db.one<CodeRow>(sql`
    SELECT consent, client, account, scope, redirect_uri AS "redirectUri", challenge, expires AS "expiresMs",
      used AS "usedMs", revoked AS "revokedMs"
    FROM oauth_code JOIN oauth_grant ON oauth_grant.key = oauth_code.consent WHERE hash = ${hash}`);

/** Whatever its state: used, expired and revoked ones too. */
export const findTokenRow = (db: Db, hash: string): Promise<TokenRow | null> =>
  db.one<TokenRow>(sql`
    SELECT oauth_token.consent AS consent, oauth_token.kind AS kind, oauth_token.scope AS scope,
      oauth_grant.scope AS "consentScope", oauth_token.created AS "createdMs", oauth_token.expires AS "expiresMs",
      oauth_token.used AS "usedMs", oauth_grant.revoked AS "revokedMs", oauth_grant.seen AS "seenMs",
      oauth_client.key AS "clientKey", oauth_client.id AS "clientId", oauth_client.name AS "clientName",
      oauth_client.website AS "clientWebsite", oauth_grant.account AS account, account.name AS name,
      account.role AS role, account.locale AS locale, account.state AS state,
      account.factors AS factors
    FROM oauth_token
    JOIN oauth_grant ON oauth_grant.key = oauth_token.consent
    JOIN oauth_client ON oauth_client.key = oauth_grant.client
    LEFT JOIN account ON account.actor = oauth_grant.account
    WHERE oauth_token.hash = ${hash}`);

/** Programs that hold a token of that account, newest first. */
export const listConsents = (db: Db, account: number, nowMs: number): Promise<ConsentRow[]> =>
  db.all<ConsentRow>(sql`
    SELECT oauth_grant.key AS key, oauth_client.id AS "clientId", oauth_client.name AS "clientName",
      oauth_client.website AS "clientWebsite", oauth_grant.scope AS scope, oauth_grant.created AS "createdMs",
      oauth_grant.seen AS "seenMs"
    FROM oauth_grant JOIN oauth_client ON oauth_client.key = oauth_grant.client
    WHERE oauth_grant.account = ${account} AND oauth_grant.revoked IS NULL AND EXISTS
      (SELECT 1 FROM oauth_token WHERE oauth_token.consent = oauth_grant.key AND oauth_token.used IS NULL
        AND (oauth_token.expires IS NULL OR oauth_token.expires > ${nowMs}))
    ORDER BY oauth_grant.key DESC`);

export const insertConsent = (consent: {
  readonly key: number;
  readonly client: number;
  readonly account: number | null;
  readonly scope: string;
  readonly createdMs: number;
}): Sql => sql`
  INSERT INTO oauth_grant (key, client, account, scope, created)
  VALUES (${consent.key}, ${consent.client}, ${consent.account}, ${consent.scope}, ${consent.createdMs})`;

export const insertCode = (code: {
  readonly hash: string;
  readonly consent: number;
  readonly redirectUri: string;
  readonly challenge: string | null;
  readonly createdMs: number;
  readonly expiresMs: number;
}): Sql => sql`
  INSERT INTO oauth_code (hash, consent, redirect_uri, challenge, created, expires)
  VALUES (${code.hash}, ${code.consent}, ${code.redirectUri}, ${code.challenge}, ${code.createdMs}, ${code.expiresMs})`;

/** Touches one row, once. */
export const spendCode = (hash: string, nowMs: number): Sql =>
  sql`UPDATE oauth_code SET used = ${nowMs} WHERE hash = ${hash} AND used IS NULL AND expires > ${nowMs}`;

export const insertToken = (token: {
  readonly hash: string;
  readonly consent: number;
  readonly kind: "access" | "refresh";
  readonly scope: string;
  readonly createdMs: number;
  readonly expiresMs: number | null;
}): Sql => sql`
  INSERT INTO oauth_token (hash, consent, kind, scope, created, expires)
  VALUES (${token.hash}, ${token.consent}, ${token.kind}, ${token.scope}, ${token.createdMs}, ${token.expiresMs})`;

/** Touches one row, once: a refresh token is used up by its use. */
export const spendRefreshToken = (hash: string, nowMs: number): Sql =>
  sql`UPDATE oauth_token SET used = ${nowMs} WHERE hash = ${hash} AND kind = 'refresh' AND used IS NULL`;

/** The access tokens that a refresh replaces: there is one at a time. */
export const deleteAccessTokens = (consent: number): Sql =>
  sql`DELETE FROM oauth_token WHERE consent = ${consent} AND kind = 'access'`;

export const touchConsent = (key: number, nowMs: number): Sql =>
  sql`UPDATE oauth_grant SET seen = ${nowMs} WHERE key = ${key}`;

export const revokeConsent = (key: number, nowMs: number): Sql =>
  sql`UPDATE oauth_grant SET revoked = ${nowMs} WHERE key = ${key} AND revoked IS NULL`;

/** Ends all but the `max` consents of an account that were used, or given, last; gives back their keys. */
export const trimConsents = (account: number, max: number, nowMs: number): Sql => sql`
  UPDATE oauth_grant SET revoked = ${nowMs} WHERE account = ${account} AND revoked IS NULL AND key NOT IN (
    SELECT key FROM oauth_grant WHERE account = ${account} AND revoked IS NULL
    ORDER BY COALESCE(seen, created) DESC, key DESC LIMIT ${max})
  RETURNING key`;

/** First in the batch: whoever gives the same program something at once waits. */
export const holdClient = (client: number): Sql =>
  holding(sql`SELECT key FROM oauth_client WHERE key = ${client}`);

/** All but the `max` that a program was given in its own name, or used, last are gone; gives back their keys. */
export const trimOwn = (client: number, max: number): Sql => sql`
  DELETE FROM oauth_grant WHERE client = ${client} AND account IS NULL AND key NOT IN (
    SELECT key FROM oauth_grant WHERE client = ${client} AND account IS NULL
    ORDER BY COALESCE(seen, created) DESC, key DESC LIMIT ${max})
  RETURNING key`;

/** What programs were given in their own names, and have not used since that moment. */
export const sweepOwn = (beforeMs: number): Sql => sql`
  DELETE FROM oauth_grant WHERE account IS NULL AND COALESCE(seen, created) < ${beforeMs}`;

/** Touches one row when it is a consent of that account. */
export const revokeConsentOf = (account: number, key: number, nowMs: number): Sql =>
  sql`UPDATE oauth_grant SET revoked = ${nowMs} WHERE key = ${key} AND account = ${account} AND revoked IS NULL`;

export const revokeConsentsOf = (account: number, nowMs: number): Sql =>
  sql`UPDATE oauth_grant SET revoked = ${nowMs} WHERE account = ${account} AND revoked IS NULL`;

/** Codes and tokens that are over, then consents that nothing is left of. */
export const sweepOAuth = (nowMs: number): readonly Sql[] => [
  sql`DELETE FROM oauth_code WHERE expires <= ${nowMs}`,
  sql`DELETE FROM oauth_token WHERE expires IS NOT NULL AND expires <= ${nowMs}`,
  sql`DELETE FROM oauth_grant WHERE (revoked IS NOT NULL AND revoked < ${nowMs - KEPT_REVOKED_MS})
    OR (NOT EXISTS (SELECT 1 FROM oauth_code WHERE oauth_code.consent = oauth_grant.key)
      AND NOT EXISTS (SELECT 1 FROM oauth_token WHERE oauth_token.consent = oauth_grant.key))`,
];

/** Long enough to tell a person when a program was shut out. */
const KEPT_REVOKED_MS = 30 * DAY_MS;
