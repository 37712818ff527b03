/** The token endpoint (RFC 6749 §3.2), and what a token stands for. */

import { tellAccessEnded } from "../../accounts/access-ended.ts";
import type { Account } from "../../accounts/account.ts";
import { touchAccount } from "../../accounts/store.ts";
import { OPERATOR_PROGRAM } from "../../accounts/store-factors.ts";
import type { Now } from "../../lib/clock.ts";
import { DAY_MS, HOUR_MS } from "../../lib/durations.ts";
import type { Keys } from "../../lib/id.ts";
import type { Log } from "../../lib/log.ts";
import { isProblem } from "../../lib/problem.ts";
import { newToken, sha256 } from "../../lib/secret.ts";
import { expecting, type Sql } from "../../lib/sql.ts";
import type { Db } from "../../storage/db.ts";
import { GRANT_TYPES } from "./client-metadata.ts";
import type { Clients } from "./clients.ts";
import { oauthProblem } from "./errors.ts";
import { needed, type Parameters } from "./parameters.ts";
import { isVerified } from "./pkce.ts";
import { allows, DEFAULT_SCOPES, givable, parseScopes } from "./scopes.ts";
import {
  deleteAccessTokens,
  findCode,
  findTokenRow,
  holdClient,
  insertConsent,
  insertToken,
  revokeConsent,
  spendCode,
  spendRefreshToken,
  type TokenRow,
  touchConsent,
  trimOwn,
} from "./store.ts";
import { type Client, insertClient } from "./store-clients.ts";

export interface Lifetimes {
  /** Of an access token whose client can refresh it. */
  readonly accessMs: number;
  /** Of a refresh token, from its last use. */
  readonly refreshMs: number;
  /** Of an access token whose client cannot: null for no end, as clients of the Mastodon API expect. */
  readonly lastingMs: number | null;
}

export const LIFETIMES: Lifetimes = {
  accessMs: HOUR_MS,
  refreshMs: 60 * DAY_MS,
  lastingMs: null,
};

/**
 * Of one program in its own name, one for each of its processes and some to spare: those that were not used for longest
 * end first.
 */
export const MAX_OWN_TOKENS = 20;

/** Last use is no more exact than that, so that reading does not write. */
const TOUCH_EVERY_MS = HOUR_MS;

/** RFC 6749 §5.1; `created_at` in seconds, as Mastodon's clients read it. */
export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: "Bearer";
  readonly scope: string;
  readonly created_at: number;
  readonly expires_in?: number;
  readonly refresh_token?: string;
}

/** What an access token stands for. */
export interface TokenHolder {
  readonly consent: number;
  /** Null for no end. */
  readonly expiresMs: number | null;
  readonly scopes: readonly string[];
  readonly client: {
    readonly key: number;
    readonly id: string;
    readonly name: string;
    readonly website: string | null;
  };
  /** Made on the command line of this machine. */
  readonly isByOperator: boolean;
  /** Null when the program speaks for itself. */
  readonly account:
    | (Pick<Account, "key" | "name" | "role" | "locale"> & { readonly hasFactor: boolean })
    | null;
}

export interface Tokens {
  /** A POST to the token endpoint. Throws OAuth's errors. */
  grant(client: Client, parameters: Parameters): Promise<TokenAnswer>;
  /** Null when unknown, expired, revoked, or of an account that is not active. */
  find(token: string): Promise<TokenHolder | null>;
  /** For somebody who has just signed up through this client: what it registered for, as far as they can give it. */
  welcome(client: Client, account: Pick<Account, "key" | "role">): Promise<TokenAnswer>;
  /** For the command line: a token for that person, without asking. */
  create(request: {
    readonly account: Pick<Account, "key" | "role">;
    /** Names separated by spaces. */
    readonly scope: string;
    /** Milliseconds since 1970, or null for no end. */
    readonly expiresMs?: number | null;
  }): Promise<string>;
}

export function createTokens(deps: {
  db: Db;
  now: Now;
  keys: Keys;
  log: Log;
  clients: Clients;
  lifetimes?: Lifetimes;
}): Tokens {
  const { db, now, keys, log, clients, lifetimes = LIFETIMES } = deps;

  /** New tokens of a consent: what the client is told, and the statements that make it true. */
  function issue(
    client: Client,
    consent: number,
    scope: string,
    canRefresh: boolean,
    refreshScope = scope,
  ): { answer: TokenAnswer; statements: readonly Sql[] } {
    const createdMs = now();
    const access = newToken();
    const lifeMs = canRefresh ? lifetimes.accessMs : lifetimes.lastingMs;
    const refresh = canRefresh && client.grantTypes.includes("refresh_token") ? newToken() : null;
    const token = { consent, createdMs };
    return {
      answer: {
        access_token: access,
        token_type: "Bearer",
        scope,
        created_at: Math.floor(createdMs / 1000),
        ...(lifeMs === null ? {} : { expires_in: Math.floor(lifeMs / 1000) }),
        ...(refresh === null ? {} : { refresh_token: refresh }),
      },
      statements: [
        insertToken({
          ...token,
          hash: sha256(access),
          kind: "access",
          scope,
          expiresMs: lifeMs === null ? null : createdMs + lifeMs,
        }),
        ...(refresh === null
          ? []
          : [
              insertToken({
                ...token,
                hash: sha256(refresh),
                kind: "refresh",
                scope: refreshScope,
                expiresMs: createdMs + lifetimes.refreshMs,
              }),
            ]),
      ],
    };
  }

  /** Somebody else has what was used already: everything that came from it ends (RFC 9700 §2.2.2, §4.14). */
  async function endStolen(consent: number, client: Client): Promise<never> {
    await db.batch([revokeConsent(consent, now())]);
    tellAccessEnded(db, { consent });
    log.warn("A code or refresh token came a second time; its consent was ended", { client: client.id });
    throw invalidGrant();
  }

  async function fromCode(client: Client, parameters: Parameters): Promise<TokenAnswer> {
    const hash = sha256(needed(parameters, "code"));
    const code = await findCode(db, hash);
    if (code === null || code.client !== client.key) throw invalidGrant();
    if (code.usedMs !== null) return endStolen(code.consent, client);
    const isGood =
      code.revokedMs === null &&
      code.expiresMs > now() &&
      isSameRedirect(client, code.redirectUri, parameters.get("redirect_uri"));
    if (!isGood || !isProven(code.challenge, parameters.get("code_verifier"))) throw invalidGrant();

    const { answer, statements } = issue(
      client,
      code.consent,
      code.scope,
      client.grantTypes.includes("refresh_token"),
    );
    try {
      await db.batch([expecting(1, spendCode(hash, now()), invalidGrant), ...statements]);
    } catch (error) {
      // Twice in the same moment is twice.
      if (isProblem(error) && error.detail.reason === "invalid_grant") return endStolen(code.consent, client);
      throw error;
    }
    return answer;
  }

  async function fromRefreshToken(client: Client, parameters: Parameters): Promise<TokenAnswer> {
    const hash = sha256(needed(parameters, "refresh_token"));
    const row = await findTokenRow(db, hash);
    if (row === null || row.kind !== "refresh" || row.clientKey !== client.key) throw invalidGrant();
    if (row.usedMs !== null) return endStolen(row.consent, client);
    if (!isAlive(row, now())) throw invalidGrant();

    const scope = narrowed(row.scope, parameters.get("scope"));
    const { answer, statements } = issue(client, row.consent, scope, true, row.scope);
    try {
      await db.batch([
        expecting(1, spendRefreshToken(hash, now()), invalidGrant),
        deleteAccessTokens(row.consent),
        ...statements,
        touchConsent(row.consent, now()),
      ]);
    } catch (error) {
      if (isProblem(error) && error.detail.reason === "invalid_grant") return endStolen(row.consent, client);
      throw error;
    }
    return answer;
  }

  async function forClient(client: Client, parameters: Parameters): Promise<TokenAnswer> {
    const asked = parameters.has("scope") ? parseScopes(parameters.get("scope") ?? "") : DEFAULT_SCOPES;
    const scopes = givable(asked, "member");
    if (scopes.length === 0 || !scopes.every((scope) => allows(client.scopes, scope))) {
      throw oauthProblem("invalid_scope", "The program asks for more than it registered for.");
    }
    const consent = keys.next();
    const scope = scopes.join(" ");
    const { answer, statements } = issue(client, consent, scope, false);
    const given = await db.batch([
      holdClient(client.key),
      insertConsent({ key: consent, client: client.key, account: null, scope, createdMs: now() }),
      ...statements,
      trimOwn(client.key, MAX_OWN_TOKENS),
    ]);
    for (const { key } of given.at(-1) ?? []) tellAccessEnded(db, { consent: Number(key) });
    return answer;
  }

  const served = new Map([
    ["authorization_code", fromCode],
    ["refresh_token", fromRefreshToken],
    ["client_credentials", forClient],
  ]);

  async function touch(row: TokenRow): Promise<void> {
    try {
      // Whoever only uses an app lives here as much as whoever comes by in a browser.
      const person = row.account === null ? [] : [touchAccount(row.account, now())];
      await db.batch([touchConsent(row.consent, now()), ...person]);
    } catch (error) {
      // @NOTE A full disk does not keep a program from reading.
      log.error("When a program was last seen could not be written", error);
    }
  }

  return {
    async grant(client, parameters) {
      const type = needed(parameters, "grant_type");
      const serve = served.get(type);
      if (serve === undefined) {
        // RFC 9700 §2.4: it hands passwords to programs, and goes around a second factor.
        throw oauthProblem(
          "unsupported_grant_type",
          type === "password"
            ? "Passwords are not taken here. Send the person to /oauth/authorize in a browser."
            : `Served are ${GRANT_TYPES.join(", ")}.`,
        );
      }
      if (!client.grantTypes.includes(type) || (type === "client_credentials" && client.secret === null)) {
        throw oauthProblem("unauthorized_client", `This program did not register for ${type}.`);
      }
      return serve(client, parameters);
    },
    async find(token) {
      const row = await findTokenRow(db, sha256(token));
      if (row === null || row.kind !== "access" || !isAlive(row, now())) return null;
      if (now() - (row.seenMs ?? 0) >= TOUCH_EVERY_MS) await touch(row);
      return toHolder(row);
    },
    async welcome(client, account) {
      const consent = keys.next();
      const scope = givable(client.scopes, account.role).join(" ");
      const { answer, statements } = issue(client, consent, scope, false);
      await db.batch([
        insertConsent({ key: consent, client: client.key, account: account.key, scope, createdMs: now() }),
        ...statements,
      ]);
      return answer;
    },
    async create({ account, scope, expiresMs = null }) {
      const scopes = givable(parseScopes(scope), account.role);
      if (scopes.length === 0) throw oauthProblem("invalid_scope", `There is no scope like “${scope}”.`);
      const createdMs = now();
      await db.batch([insertClient(commandLine(keys.next(), createdMs))]);
      const client = await clients.find(OPERATOR_PROGRAM);
      if (client === null)
        throw new Error("the client of the command line is missing just after it was made");
      const consent = keys.next();
      const token = newToken();
      const joined = scopes.join(" ");
      await db.batch([
        insertConsent({ key: consent, client: client.key, account: account.key, scope: joined, createdMs }),
        insertToken({ hash: sha256(token), consent, kind: "access", scope: joined, createdMs, expiresMs }),
      ]);
      return token;
    },
  };
}

/** Used refresh tokens are judged by the caller. */
export const isAlive = (row: TokenRow, nowMs: number): boolean =>
  row.revokedMs === null &&
  (row.expiresMs === null || row.expiresMs > nowMs) &&
  (row.account === null || row.state === "active");

const toHolder = (row: TokenRow): TokenHolder => ({
  consent: row.consent,
  expiresMs: row.expiresMs,
  // Who is no longer of the staff cannot be acted for as if they were.
  scopes: givable(row.scope.split(" "), row.role ?? "member"),
  client: { key: row.clientKey, id: row.clientId, name: row.clientName, website: row.clientWebsite },
  isByOperator: row.clientId === OPERATOR_PROGRAM,
  account:
    row.account === null || row.name === null || row.role === null
      ? null
      : {
          key: row.account,
          name: row.name,
          role: row.role,
          locale: row.locale,
          hasFactor: row.factors !== null && row.factors !== 0,
        },
});

/** RFC 6749 §4.1.3: the one that was asked with; where none was, none or the only one that there is. */
const isSameRedirect = (client: Client, asked: string, given: string | undefined): boolean =>
  asked === "" ? given === undefined || given === client.redirectUris[0] : asked === given;

/** RFC 7636 §4.6; a verifier where there was no challenge is an attack (RFC 9700 §4.8.2). */
const isProven = (challenge: string | null, verifier: string | undefined): boolean =>
  challenge === null ? verifier === undefined : verifier !== undefined && isVerified(verifier, challenge);

/** RFC 6749 §6: no more than before. */
function narrowed(scope: string, asked: string | undefined): string {
  if (asked === undefined) return scope;
  const scopes = parseScopes(asked);
  if (scopes.length === 0 || !scopes.every((name) => allows(scope.split(" "), name))) {
    throw oauthProblem("invalid_scope", "A refresh cannot ask for more than was given.");
  }
  return scopes.join(" ");
}

/** Nothing can be asked for in its name. */
const commandLine = (key: number, createdMs: number): Client => ({
  key,
  id: OPERATOR_PROGRAM,
  secret: null,
  name: "Command line",
  website: null,
  redirectUris: [],
  grantTypes: [],
  scopes: [],
  authMethod: "none",
  softwareId: null,
  softwareVersion: null,
  createdMs,
});

const invalidGrant = (): Error =>
  oauthProblem(
    "invalid_grant",
    "The code or token is not valid, or not any more, or was given to another program.",
  );
