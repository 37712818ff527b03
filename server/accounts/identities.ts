/** Who people are elsewhere: found by issuer and subject alone, linked, unlinked, and joined with. */
import { holdActor } from "../core/store-writes.ts";
import type { Now } from "../lib/clock.ts";
import type { Keys } from "../lib/id.ts";
import { isProblem, Problem } from "../lib/problem.ts";
import { expecting } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { tellAccessEnded } from "./access-ended.ts";
import type { Account, Origin } from "./account.ts";
import type { Admission, Admitting } from "./admission.ts";
import type { Admits, JoinRequest, SignUp } from "./sign-up.ts";
import { findAccount } from "./store.ts";
import {
  deleteIdentity,
  findIdentity,
  findShutOut,
  type IdentityName,
  type IdentityRow,
  insertIdentity,
  isWithinIdentities,
  listIdentities,
  useIdentity,
} from "./store-identities.ts";
import { deleteSessions } from "./store-sessions.ts";

/** An identity, with what is told beside it and proves nothing. */
export interface Identity extends IdentityName {
  /** The place, as people know it. */
  readonly place: string;
  /** The person there: an address, a handle. */
  readonly label: string;
}

/** More than anybody has; each is a row that signing in looks for. */
const MAX_IDENTITIES = 20;
/** Names in one sentence; more are looked up on the page of people. */
const MAX_SHUT_OUT = 20;

export interface Identities {
  /** Oldest first. */
  list(account: number): Promise<readonly IdentityRow[]>;
  /** Null where nobody here is that person. Throws as `admit` does. */
  signIn(identity: Identity, origin: Origin): Promise<Admission | null>;
  /** Key of the account that it is linked to; null where nobody here is that person. */
  accountOf(identity: IdentityName): Promise<number | null>;
  /** Throws Problem `conflict` where it is somebody's already, `invalid` where there are too many. */
  link(account: Account, identity: Identity): Promise<void>;
  /** Ends other sessions. Throws Problem `conflict` where it is the only way in. */
  unlink(account: Account, key: number, sessionKey: number): Promise<void>;
  /** Names of those who came in with an account at this place, and now with nothing; at most `MAX_SHUT_OUT`. */
  shutOutBy(place: Pick<IdentityName, "kind" | "issuer">): Promise<readonly string[]>;
  /** A new account for somebody who is known elsewhere. Throws as signing up does. */
  join(identity: Identity, request: JoinRequest, admits: Admits, origin: Origin): Promise<Account>;
}

export function createIdentities(deps: {
  db: Db;
  now: Now;
  keys: Keys;
  admitting: Admitting;
  signUp: SignUp;
}): Identities {
  const { db, now, keys, admitting, signUp } = deps;
  const rowOf = (identity: Identity, account: number) => ({
    kind: identity.kind,
    issuer: identity.issuer,
    subject: identity.subject,
    place: identity.place,
    label: identity.label,
    key: keys.next(),
    account,
    createdMs: now(),
  });
  return {
    list: (account) => listIdentities(db, account),
    async signIn(identity, origin) {
      const known = await findIdentity(db, identity);
      const account = known && (await findAccount(db, known.account));
      if (known === null || account === null) return null;
      const admission = await admitting.admit(account, { how: "elsewhere", via: identity.place }, origin);
      await db.batch([useIdentity(known.key, identity.label, now())]);
      return admission;
    },
    accountOf: async (identity) => (await findIdentity(db, identity))?.account ?? null,
    async link(account, identity) {
      const row = rowOf(identity, account.key);
      try {
        await db.batch([
          holdActor(account.key),
          insertIdentity(row),
          expecting(1, isWithinIdentities(row.key, account.key, MAX_IDENTITIES), tooManyIdentities),
        ]);
      } catch (error) {
        if (!isProblem(error, "conflict")) throw error;
        throw new Problem(
          "conflict",
          `Your account at ${identity.place} is linked to an account here already.`,
          {
            reason: "identity-taken",
          },
        );
      }
    },
    async unlink(account, key, sessionKey) {
      await db.batch([
        holdActor(account.key),
        expecting(1, deleteIdentity(account.key, key), onlyWayIn),
        deleteSessions(account.key, sessionKey),
      ]);
      tellAccessEnded(db, { account: account.key, exceptSession: sessionKey });
    },
    shutOutBy: async (place) => (await findShutOut(db, place, MAX_SHUT_OUT)).map(({ name }) => name),
    join: (identity, request, admits, origin) =>
      signUp.join(request, admits, origin, (account) => [insertIdentity(rowOf(identity, account))]),
  };
}

const tooManyIdentities = (): Problem =>
  new Problem("invalid", `You have ${MAX_IDENTITIES} linked accounts. Take one away first.`, {
    reason: "too-many-identities",
  });

const onlyWayIn = (): Problem =>
  new Problem("conflict", "You could not sign in any more. Set a password or add a passkey first.", {
    reason: "only-way-in",
  });
