/** The OAuth 2 authorization server: builds the parts of this folder from what they need. */
import type { Now } from "../../lib/clock.ts";
import { DAY_MS } from "../../lib/durations.ts";
import type { Fetch } from "../../lib/fetch.ts";
import type { Keys } from "../../lib/id.ts";
import type { Log } from "../../lib/log.ts";
import type { Sql } from "../../lib/sql.ts";
import type { Db } from "../../storage/db.ts";
import { type Authorize, createAuthorize } from "./authorize.ts";
import { createClientDocuments } from "./client-documents.ts";
import { type Clients, createClients } from "./clients.ts";
import { createRevocation, type Revocation } from "./revoke.ts";
import { sweepOAuth, sweepOwn } from "./store.ts";
import { sweepClients } from "./store-clients.ts";
import { createTokens, type Lifetimes, type Tokens } from "./tokens.ts";

/** Programs that registered and never came back, and what they were given in their own names. */
const UNUSED_MS = 90 * DAY_MS;

export interface Oauth {
  readonly origin: string;
  readonly clients: Clients;
  readonly authorize: Authorize;
  readonly tokens: Tokens;
  readonly revocation: Revocation;
  /** Statements that end every token of an account, for the batch that closes it. */
  revokeTokens(account: number): readonly Sql[];
  /** Statements that remove what is over; run them now and then. */
  sweep(): readonly Sql[];
}

export function createOauth(deps: {
  db: Db;
  now: Now;
  keys: Keys;
  log: Log;
  /** Scheme and host, without a slash at the end: the issuer. */
  origin: string;
  lifetimes?: Lifetimes;
  /** Reads what programs say about themselves at their addresses; without it only registered ones are known. */
  fetch?: Fetch;
}): Oauth {
  const { db, now, keys, log, origin, lifetimes, fetch } = deps;
  const allowsHttp = origin.startsWith("http:");
  const documents = fetch ? createClientDocuments({ db, now, keys, fetch, origin }) : null;
  const clients = createClients({ db, now, keys, allowsHttp, documents });
  const revocation = createRevocation({ db, now, origin });
  return {
    origin,
    clients,
    authorize: createAuthorize({ db, now, keys, clients, origin }),
    tokens: createTokens({ db, now, keys, log, clients, ...(lifetimes ? { lifetimes } : {}) }),
    revocation,
    revokeTokens: revocation.allOf,
    sweep: () => [...sweepOAuth(now()), sweepOwn(now() - UNUSED_MS), sweepClients(now() - UNUSED_MS)],
  };
}
