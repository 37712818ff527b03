/** People who live here: builds the parts of this folder from what they need. */
import type { Notify } from "../core/notify.ts";
import { createBuckets } from "../lib/buckets.ts";
import type { Now } from "../lib/clock.ts";
import { MINUTE_MS } from "../lib/durations.ts";
import type { Keys } from "../lib/id.ts";
import type { Log } from "../lib/log.ts";
import type { Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { type Admitting, createAdmitting } from "./admission.ts";
import { createAttempt } from "./attempts.ts";
import { type Claim, createClaim } from "./claim.ts";
import { createFactors, type Factors } from "./factors.ts";
import { createPasswordHasher, type PasswordHasher } from "./hashing.ts";
import { createIdentities, type Identities } from "./identities.ts";
import { createInvitations, type Invitations } from "./invitations.ts";
import { createPasskeys, type Passkeys } from "./passkeys.ts";
import { createPasswords, type Passwords } from "./password.ts";
import { createPeople, type People } from "./people.ts";
import { type Preferences, preferencesOf, savePreferences } from "./preferences.ts";
import { createRecovery, type Recovery } from "./recovery.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { createSettings, type Settings } from "./settings.ts";
import { createSignIn, type SignIn } from "./sign-in.ts";
import { type CreateActor, createSignUp, type SignUp } from "./sign-up.ts";
import type { RecordStaffAct } from "./staff-act.ts";
import { createSteps, type Steps } from "./steps.ts";
import { sweepSessions } from "./store-sessions.ts";
import { sweepSteps } from "./store-steps.ts";
import { sweepTickets } from "./store-tickets.ts";

/** Accounts made from one network: a class behind one address signs up in one lesson. */
const SIGN_UPS = { burst: 40, everyMs: 3 * MINUTE_MS };
/** Guesses at one account from one network; more than anybody who forgot needs. */
const GUESSES_BY_BOTH = { burst: 10, everyMs: 2 * MINUTE_MS };
/** Guesses from one network at any account: a school mistypes a lot at eight in the morning. */
const GUESSES_BY_NETWORK = { burst: 60, everyMs: MINUTE_MS / 4 };
/** Guesses at one account from anywhere. Its owner may be kept out as well, for two minutes at most. */
const GUESSES_BY_ACCOUNT = { burst: 100, everyMs: 2 * MINUTE_MS };
/** E-mail addresses that one person tries as their own: each answer tells whether somebody here has it. */
const ADDRESSES = { burst: 10, everyMs: 10 * MINUTE_MS };

/** Wrong codes of one account: a million codes, of which three are good at a time. */
const WRONG_CODES = { burst: 10, everyMs: 10 * MINUTE_MS };

export interface Accounts {
  readonly settings: Settings;
  readonly people: People;
  /** How somebody writes when they do not say otherwise, and what of their circle others see. */
  readonly preferences: {
    of(account: number): Promise<Preferences>;
    /** What is not said stays. @throws Problem `invalid` with the field `language`. */
    save(account: number, changes: Partial<Preferences>): Promise<void>;
  };
  readonly signUp: SignUp["signUp"];
  /** Whatever the rules, for the command line. */
  readonly create: SignUp["create"];
  readonly signIn: SignIn["signIn"];
  /** The password alone, for what cannot be undone. */
  readonly confirm: SignIn["confirm"];
  readonly sessions: Sessions;
  /** From a password to a session, with the second question between them. */
  readonly admitting: Admitting;
  readonly factors: Factors;
  readonly recovery: Recovery;
  readonly passkeys: Passkeys;
  readonly identities: Identities;
  /** What begins in one request of a browser and ends in another. */
  readonly steps: Steps;
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
  /** Those who may let people in hear of whoever waits. */
  notify: Notify;
  /** Scheme and host of this server, without a slash at the end. */
  origin: string;
  /** Tests give a cheaper one. */
  hasher?: PasswordHasher;
}): Promise<Accounts> {
  const { db, now, keys, log, createActor, revokeTokens, hasher = createPasswordHasher() } = deps;
  const settings = await createSettings({ db, now, log, record: deps.record });
  const steps = createSteps({ db, now });
  const factors = createFactors({
    db,
    now,
    settings,
    record: deps.record,
    limit: createBuckets({ now, rate: WRONG_CODES }),
    revokeTokens,
  });
  const sessions = createSessions({ db, now, keys, log, isRequired: factors.isRequired });
  const admitting = createAdmitting({ db, steps, factors, sessions });
  const invitations = createInvitations({ db, now, keys, settings });
  const signUp = createSignUp({
    db,
    now,
    passwords: hasher,
    settings,
    invitations,
    createActor,
    steps,
    notify: deps.notify,
    limits: createBuckets({ now, rate: SIGN_UPS }),
  });
  const attempt = createAttempt({
    byBoth: createBuckets({ now, rate: GUESSES_BY_BOTH }),
    byNetwork: createBuckets({ now, rate: GUESSES_BY_NETWORK }),
    byAccount: createBuckets({ now, rate: GUESSES_BY_ACCOUNT }),
  });
  const signIn = createSignIn({ db, passwords: hasher, admitting, attempt });
  return {
    settings,
    sessions,
    admitting,
    factors,
    recovery: createRecovery({ db, now, sessions, attempt }),
    steps,
    passkeys: createPasskeys({
      db,
      now,
      keys,
      steps,
      factors,
      origin: deps.origin,
      siteName: () => settings.get("siteName"),
      signUp,
    }),
    identities: createIdentities({ db, now, keys, admitting, signUp }),
    invitations,
    signUp: signUp.signUp,
    create: signUp.create,
    signIn: signIn.signIn,
    confirm: signIn.confirm,
    preferences: {
      of: (account) => preferencesOf(db, account),
      save: (account, changes) => savePreferences(db, account, changes),
    },
    people: createPeople({
      db,
      now,
      revokeTokens,
      record: deps.record,
      addresses: createBuckets({ now, rate: ADDRESSES }),
    }),
    passwords: createPasswords({
      db,
      now,
      passwords: hasher,
      signIn,
      factors,
      steps,
      revokeTokens,
      record: deps.record,
    }),
    claim: createClaim({ db, now, signUp }),
    sweep: () => [sweepSessions(now()), sweepTickets(now()), sweepSteps(now())],
    stop: () => settings.stop(),
  };
}
