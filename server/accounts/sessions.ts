/** Browsers that are signed in: made, found on every request, listed, ended. */
import type { Now } from "../lib/clock.ts";
import { DAY_MS } from "../lib/durations.ts";
import type { Keys } from "../lib/id.ts";
import type { Log } from "../lib/log.ts";
import { Problem } from "../lib/problem.ts";
import { newToken, sha256 } from "../lib/secret.ts";
import { expecting, type Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { tellAccessEnded } from "./access-ended.ts";
import type { Origin, Role } from "./account.ts";
import { touchAccount } from "./store.ts";
import {
  deleteSession,
  deleteSessionByHash,
  deleteSessions,
  findLiveSession,
  insertSession,
  type LiveSessionRow,
  listSessions,
  proveSession,
  type SessionFactor,
  type SessionHow,
  type SessionRow,
  touchSession,
  trimSessions,
} from "./store-sessions.ts";

/** Signed in until nobody has come for so long: a summer holiday. */
export const SESSION_IDLE_MS = 60 * DAY_MS;
/** “Last seen” is no more exact than that, so that reading does not write. */
export const TOUCH_EVERY_MS = 15 * 60 * 1000;
/** Browsers of one person; a kiosk that signs in every morning makes a lot of them. */
const MAX_SESSIONS = 50;
/** Enough to tell browsers apart. */
const MAX_AGENT_LENGTH = 300;
/** Whoever proved so lately who they are is not asked again before a change worth guarding. */
export const PROVED_MS = 10 * 60 * 1000;

/** What somebody showed when signing in. */
export interface Proof {
  readonly how: SessionHow;
  /** The place elsewhere, by its name. */
  readonly via?: string;
  readonly factor?: SessionFactor;
}

export interface NewSession {
  readonly key: number;
  /** For the cookie; kept nowhere. */
  readonly token: string;
  readonly expiresMs: number;
}

/** Who is signed in in this browser. */
export interface SignedIn {
  readonly sessionKey: number;
  readonly account: number;
  readonly name: string;
  readonly role: Role;
  readonly locale: string | null;
  /** When the person last proved in this session who they are. */
  readonly provedMs: number;
  /** The role needs a second factor, and the account has none: nothing else is possible before. */
  readonly mustSetUp: boolean;
}

export interface Sessions {
  /** A session as statements for the caller's batch. */
  prepare(
    account: number,
    origin: Origin,
    proof: Proof,
  ): NewSession & { readonly statements: readonly Sql[] };
  /** By password where no proof is named. */
  create(account: number, origin: Origin, proof?: Proof): Promise<NewSession>;
  /** The person has proved once more who they are. */
  prove(key: number): Promise<void>;
  /** Null when the token is unknown, over, or the account is not active. */
  find(token: string, origin?: Origin): Promise<SignedIn | null>;
  /** Most recent first. */
  list(account: number): Promise<readonly SessionRow[]>;
  /** Throws Problem `not-found` unless it is a session of that account. */
  revoke(account: number, key: number): Promise<void>;
  /** All but the one that asks; how many there were. */
  revokeOthers(account: number, exceptKey: number): Promise<number>;
  /** Signing out: no matter whether the token is still known. */
  end(token: string): Promise<void>;
}

export function createSessions(deps: {
  db: Db;
  now: Now;
  keys: Keys;
  log: Log;
  /** Whether people of this role must have a second factor. */
  isRequired: (role: Role) => boolean;
}): Sessions {
  const { db, now, keys, log, isRequired } = deps;

  function prepare(
    account: number,
    origin: Origin,
    proof: Proof,
  ): NewSession & { readonly statements: readonly Sql[] } {
    const nowMs = now();
    const session = { key: keys.next(), token: newToken(), expiresMs: nowMs + SESSION_IDLE_MS };
    const statements = [
      insertSession({
        key: session.key,
        hash: sha256(session.token),
        account,
        agent: origin.agent.toWellFormed().replaceAll("\0", "").slice(0, MAX_AGENT_LENGTH),
        address: origin.addressPrefix,
        createdMs: nowMs,
        seenMs: nowMs,
        expiresMs: session.expiresMs,
        how: proof.how,
        via: proof.via ?? null,
        factor: proof.factor ?? null,
        provedMs: nowMs,
      }),
      trimSessions(account, MAX_SESSIONS),
      touchAccount(account, nowMs),
    ];
    return { ...session, statements };
  }

  async function touch(row: LiveSessionRow, nowMs: number, origin: Origin | undefined): Promise<void> {
    const address = origin?.addressPrefix ?? row.address;
    try {
      await db.batch([
        touchSession(row.key, { seenMs: nowMs, expiresMs: nowMs + SESSION_IDLE_MS, address }),
        touchAccount(row.account, nowMs),
      ]);
    } catch (error) {
      // @NOTE Reading goes on when the disk is full; the session only ends a little earlier.
      log.error("When somebody was last seen could not be written", error);
    }
  }

  return {
    prepare,
    async create(account, origin, proof = { how: "password" }) {
      const { statements, ...session } = prepare(account, origin, proof);
      await db.batch(statements);
      return session;
    },
    async find(token, origin) {
      const nowMs = now();
      const row = await findLiveSession(db, sha256(token), nowMs);
      if (!row) return null;
      if (nowMs - row.seenMs >= TOUCH_EVERY_MS) await touch(row, nowMs, origin);
      const { key: sessionKey, account, name, role, locale, provedMs } = row;
      const mustSetUp = row.factors === 0 && isRequired(role);
      return { sessionKey, account, name, role, locale, provedMs, mustSetUp };
    },
    prove: async (key) => void (await db.batch([proveSession(key, now())])),
    list: (account) => listSessions(db, account, now()),
    async revoke(account, key) {
      const missing = (): Problem =>
        new Problem("not-found", "This browser is signed out already.", { reason: "session-unknown" });
      await db.batch([expecting(1, deleteSession(account, key), missing)]);
      tellAccessEnded(db, { session: key });
    },
    async revokeOthers(account, exceptKey) {
      const [ended = []] = await db.batch([deleteSessions(account, exceptKey)]);
      for (const row of ended) tellAccessEnded(db, { session: Number(row.key) });
      return ended.length;
    },
    async end(token) {
      const [ended = []] = await db.batch([deleteSessionByHash(sha256(token))]);
      for (const row of ended) tellAccessEnded(db, { session: Number(row.key) });
    },
  };
}
