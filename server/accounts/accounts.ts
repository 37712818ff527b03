/** People who live here: builds the parts of this folder from what they need. */
import { createBuckets } from "../lib/buckets.ts";
import type { Now } from "../lib/clock.ts";
import type { Keys } from "../lib/id.ts";
import type { Log } from "../lib/log.ts";
import type { Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { type Claim, createClaim } from "./claim.ts";
import { createPasswordHasher, type PasswordHasher } from "./hashing.ts";
import { createInvitations, type Invitations } from "./invitations.ts";
import { createPasswords, type Passwords } from "./password.ts";
import { createPeople, type People } from "./people.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { createSettings, type Settings } from "./settings.ts";
import { createSignIn, type SignIn } from "./sign-in.ts";
import { type CreateActor, createSignUp, type SignUp } from "./sign-up.ts";
import type { RecordStaffAct } from "./staff-act.ts";
import { sweepSessions } from "./store-sessions.ts";
import { sweepTickets } from "./store-tickets.ts";

const MINUTE_MS = 60_000;
/** Accounts made from one network: a class behind one address signs up in one lesson. */
const SIGN_UPS = { burst: 40, everyMs: 3 * MINUTE_MS };
/** Guesses at one account from one network; more than anybody who forgot needs. */
const GUESSES_BY_BOTH = { burst: 10, everyMs: 2 * MINUTE_MS };
/** Guesses from one network at any account: a school mistypes a lot at eight in the morning. */
const GUESSES_BY_NETWORK = { burst: 60, everyMs: MINUTE_MS / 4 };
/** Guesses at one account from anywhere. Its owner may be kept out as well, for two minutes at most. */
const GUESSES_BY_ACCOUNT = { burst: 100, everyMs: 2 * MINUTE_MS };

export interface Accounts {
  readonly settings: Settings;
  readonly people: People;
  readonly signUp: SignUp["signUp"];
  /** Whatever the rules, for the command line. */
  readonly create: SignUp["create"];
  readonly signIn: SignIn["signIn"];
  /** The password alone, for what cannot be undone. */
  readonly confirm: SignIn["confirm"];
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly invitations: Invitations;
  readonly claim: Claim;
  /** Statements that remove what is over; run them now and then. */
  sweep(): readonly Sql[];
  stop(): void;
}

export async function createAccounts(deps: {
  db: Db;
  now: Now;
  keys: Keys;
  log: Log;
  createActor: CreateActor;
  /** Statements that end every token that programs hold for the account (`oauth/provider`). */
  revokeTokens: (account: number) => readonly Sql[];
  /** The audit log (`moderation/audit.ts`). */
  record: RecordStaffAct;
  /** Tests give a cheaper one. */
  hasher?: PasswordHasher;
}): Promise<Accounts> {
  const { db, now, keys, log, createActor, revokeTokens, hasher = createPasswordHasher() } = deps;
  const settings = await createSettings({ db, now, log, record: deps.record });
  const sessions = createSessions({ db, now, keys, log });
  const invitations = createInvitations({ db, now, keys, settings });
  const signUp = createSignUp({
    db,
    now,
    passwords: hasher,
    settings,
    invitations,
    createActor,
    limits: createBuckets({ now, rate: SIGN_UPS }),
  });
  const signIn = createSignIn({
    db,
    passwords: hasher,
    sessions,
    limits: {
      byBoth: createBuckets({ now, rate: GUESSES_BY_BOTH }),
      byNetwork: createBuckets({ now, rate: GUESSES_BY_NETWORK }),
      byAccount: createBuckets({ now, rate: GUESSES_BY_ACCOUNT }),
    },
  });
  return {
    settings,
    sessions,
    invitations,
    signUp: signUp.signUp,
    create: signUp.create,
    signIn: signIn.signIn,
    confirm: signIn.confirm,
    people: createPeople({ db, now, revokeTokens, record: deps.record }),
    passwords: createPasswords({ db, now, passwords: hasher, signIn, revokeTokens }),
    claim: createClaim({ db, now, signUp }),
    sweep: () => [sweepSessions(now()), sweepTickets(now())],
    stop: () => settings.stop(),
  };
}
