/** Accounts and the authorization server on a test database, with actors that are rows alone and cheap passwords. */

import type { Account, Origin, Role } from "../accounts/account.ts";
import { type Accounts, createAccounts } from "../accounts/accounts.ts";
import type { PasswordHasher } from "../accounts/hashing.ts";
import { LOCAL_HOST } from "../core/entity.ts";
import { insertObject, upsertActor } from "../core/store-writes.ts";
import { heldClock } from "../lib/clock.ts";
import type { Fetch } from "../lib/fetch.ts";
import { createKeys, type Keys } from "../lib/id.ts";
import { createLog, type Log } from "../lib/log.ts";
import { record } from "../moderation/audit.ts";
import { createOauth, type Oauth } from "../oauth/provider/oauth.ts";
import type { Lifetimes } from "../oauth/provider/tokens.ts";
import type { Db } from "../storage/db.ts";
import { quietNotify } from "./notices.ts";

export const ORIGIN = "https://pub.example";
export const PASSWORD = "correct horse battery";

export interface Residents {
  readonly db: Db;
  readonly clock: ReturnType<typeof heldClock>;
  readonly keys: Keys;
  readonly log: Log;
  readonly accounts: Accounts;
  readonly oauth: Oauth;
  /** An active account whose password is `PASSWORD`. */
  person(name: string, role?: Role): Promise<Account>;
}

export const fromSchool: Origin = { addressPrefix: "192.0.2.1", agent: "Firefox" };
export const fromHome: Origin = { addressPrefix: "198.51.100.7", agent: "Safari" };

export interface ResidentOptions {
  readonly lifetimes?: Lifetimes;
  readonly origin?: string;
  /** Where programs describe themselves; nowhere else. */
  readonly fetch?: Fetch;
}

/** `db` is freshly migrated. */
export async function residents(db: Db, options: ResidentOptions = {}): Promise<Residents> {
  const { origin = ORIGIN, lifetimes, fetch } = options;
  const clock = heldClock();
  const { now } = clock;
  const keys = createKeys({ now });
  const log = createLog({ now, level: "error", form: "text", write: console.error });
  const oauth = createOauth({
    db,
    now,
    keys,
    log,
    origin,
    ...(lifetimes ? { lifetimes } : {}),
    ...(fetch ? { fetch } : {}),
  });
  const accounts = await createAccounts({
    db,
    now,
    keys,
    log,
    revokeTokens: oauth.revokeTokens,
    origin,
    record: (act) => record(keys, act),
    notify: quietNotify(keys, log),
    hasher: cheapHasher,
    async createActor({ name, type }) {
      const key = keys.next();
      const iri = `${origin}/users/${name}`;
      return {
        key,
        statements: [
          insertObject({
            key,
            iri,
            host: LOCAL_HOST,
            kind: "actor",
            type,
            owner: null,
            subject: null,
            visibility: "public",
            document: { type, preferredUsername: name },
            updatedMs: null,
            fetchedMs: null,
          }),
          upsertActor(key, { handle: name, inbox: `${iri}/inbox`, sharedInbox: null }),
        ],
      };
    },
  });
  return {
    db,
    clock,
    keys,
    log,
    accounts,
    oauth,
    person: (name, role = "member") => accounts.create({ name, password: PASSWORD, role, state: "active" }),
  };
}

/** For tests alone: argon2id would take most of their time. */
const cheapHasher: PasswordHasher = {
  hash: async (password) => `cheap:${password}`,
  verify: async (password, hash) => hash === `cheap:${password}`,
};
