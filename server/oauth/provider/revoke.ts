/** Ending and looking at tokens: by their client (RFC 7009, RFC 7662), by the person who gave them. */
import { tellAccessEnded } from "../../accounts/access-ended.ts";
import type { Now } from "../../lib/clock.ts";
import { Problem } from "../../lib/problem.ts";
import { sha256 } from "../../lib/secret.ts";
import { expecting, type Sql } from "../../lib/sql.ts";
import type { Db } from "../../storage/db.ts";
import { oauthProblem } from "./errors.ts";
import { needed, type Parameters } from "./parameters.ts";
import {
  type ConsentRow,
  findTokenRow,
  listConsents,
  revokeConsent,
  revokeConsentOf,
  revokeConsentsOf,
} from "./store.ts";
import type { Client } from "./store-clients.ts";
import { isAlive } from "./tokens.ts";

/** One program that somebody let in, as they see it in their settings. */
export interface Consent extends Omit<ConsentRow, "scope"> {
  readonly scopes: readonly string[];
}

export interface Revocation {
  /** RFC 7009 §2: a token that is unknown is gone already. Ends the consent, and with it all its tokens; says nothing. */
  byClient(client: Client, parameters: Parameters): Promise<Record<string, never>>;
  /** RFC 7662 §2: about its own tokens; of others a client learns nothing. */
  introspect(client: Client, parameters: Parameters): Promise<Record<string, unknown>>;
  /** Programs that hold a token of that account, newest first. */
  list(account: number): Promise<readonly Consent[]>;
  /** By the person. Throws Problem `not-found` unless it is theirs. */
  byPerson(account: number, consent: number): Promise<void>;
  /** Signing out everywhere: every program of the account. Open streams close, but for those of one session. */
  everyOne(account: number, exceptSession: number | null): Promise<void>;
  /** Statements that end everything of an account; the caller tells of it. */
  allOf(account: number): readonly Sql[];
}

export function createRevocation(deps: { db: Db; now: Now; origin: string }): Revocation {
  const { db, now, origin } = deps;
  return {
    async byClient(client, parameters) {
      const row = await findTokenRow(db, sha256(needed(parameters, "token")));
      if (row === null || row.clientKey !== client.key) return {};
      await db.batch([revokeConsent(row.consent, now())]);
      tellAccessEnded(db, { consent: row.consent });
      return {};
    },
    async introspect(client, parameters) {
      if (client.secret === null) {
        throw oauthProblem("invalid_client", "Only a program with a secret can look at tokens.");
      }
      const row = await findTokenRow(db, sha256(needed(parameters, "token")));
      const isKnown =
        row !== null && row.clientKey === client.key && row.usedMs === null && isAlive(row, now());
      if (!isKnown) return { active: false };
      return {
        active: true,
        scope: row.scope,
        client_id: row.clientId,
        token_type: row.kind === "access" ? "Bearer" : "refresh_token",
        iat: Math.floor(row.createdMs / 1000),
        ...(row.expiresMs === null ? {} : { exp: Math.floor(row.expiresMs / 1000) }),
        iss: origin,
        ...(row.name === null ? {} : { username: row.name, sub: `${origin}/users/${row.name}` }),
      };
    },
    async list(account) {
      const rows = await listConsents(db, account, now());
      return rows.map(({ scope, ...row }) => ({ ...row, scopes: scope.split(" ") }));
    },
    async byPerson(account, consent) {
      const missing = (): Problem =>
        new Problem("not-found", "This program is shut out already.", { reason: "consent-unknown" });
      await db.batch([expecting(1, revokeConsentOf(account, consent, now()), missing)]);
      tellAccessEnded(db, { consent });
    },
    async everyOne(account, exceptSession) {
      await db.batch([revokeConsentsOf(account, now())]);
      tellAccessEnded(db, { account, ...(exceptSession === null ? {} : { exceptSession }) });
    },
    allOf: (account) => [revokeConsentsOf(account, now())],
  };
}
