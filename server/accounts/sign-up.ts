/** Makes an account and its actor, in one batch: by signing up, by claiming a new server, by the command line. */

import type { Notify } from "../core/notify.ts";
import { holdServer } from "../core/store-writes.ts";
import type { Buckets } from "../lib/buckets.ts";
import type { Now } from "../lib/clock.ts";
import { isProblem, Problem } from "../lib/problem.ts";
import { expecting, type Sql } from "../lib/sql.ts";
import { isWithinDomain } from "../lib/url.ts";
import type { Db } from "../storage/db.ts";
import type { Account, AccountState, Origin, Role } from "./account.ts";
import { checkNewPassword, type PasswordHasher } from "./hashing.ts";
import type { Invitations } from "./invitations.ts";
import { parseDisplayName, parseEmail, parseName } from "./names.ts";
import { rolesThat } from "./permissions.ts";
import type { Settings } from "./settings.ts";
import { FORM_LASTS_MS, type Steps } from "./steps.ts";
import { findWithRoles, insertAccount, isTaken, isWithinPending } from "./store.ts";
import { type Invitation, useInvitation } from "./store-invitations.ts";

/** Makes the actor: its row, keys and collections. Its statements join the batch of the account. */
export type CreateActor = (request: {
  readonly name: string;
  readonly displayName: string;
  readonly type: "Person";
}) => Promise<{ readonly key: number; readonly statements: readonly Sql[] }>;

/** What the form of the sign-up page sends. */
export interface SignUpRequest {
  readonly name: string;
  readonly password: string;
  readonly displayName?: string;
  readonly email?: string;
  /** What the person answers when applying. */
  readonly reason?: string;
  /** An invitation's code. */
  readonly invitation?: string;
  readonly locale?: string;
  /**
   * Says which form of which browser it was, with all that was typed: a secret. For some minutes the step `joined` leads
   * from it to the account.
   */
  readonly form?: string;
}

export interface NewAccountRequest {
  readonly name: string;
  /** Null for an account that cannot sign in with a password (yet). */
  readonly password: string | null;
  readonly displayName?: string;
  readonly email?: string;
  readonly reason?: string;
  readonly locale?: string;
  readonly role: Role;
  readonly state: AccountState;
  readonly invitedBy?: number;
  /** The staff may use names that are kept for the server. */
  readonly mayBeReserved?: boolean;
  /** Run before the account is made, in the same batch. */
  readonly first?: readonly Sql[];
  /** Run after it is made, with its key, in the same batch. */
  readonly after?: (key: number) => readonly Sql[];
}

/** Somebody who is known elsewhere, or has a passkey, joins without a password. */
export type JoinRequest = Omit<SignUpRequest, "password" | "form">;

/** Besides the rules of the setting `registration`, for those whom another place vouches for. */
export interface Admits {
  /** Let in at once, unless nobody can join at all. */
  readonly atOnce: boolean;
  /** An address that the other place has checked; only this one counts for `domain`. */
  readonly verifiedEmail: string | null;
}

/** More applications than staff will read in a week are a flood. */
export const MAX_PENDING = 100;
const MAX_REASON_LENGTH = 1000;

export interface SignUp {
  /**
   * Signs up by the rules of the setting `registration`; the account is `active` or `pending`.
   * Throws Problem `invalid` or `conflict` at a field, `forbidden` when registration is closed, `too-many`.
   */
  signUp(request: SignUpRequest, origin: Origin): Promise<Account>;
  /** Signs up without a password, by the same rules; `after` is what the person signs in with. Throws as `signUp`. */
  join(
    request: JoinRequest,
    admits: Admits,
    origin: Origin,
    after: (key: number) => readonly Sql[],
  ): Promise<Account>;
  /** The name in the form in which it is kept. Throws Problem `invalid` or `conflict` where it cannot be had. */
  freeName(text: string): Promise<string>;
  /** Statements by which this form leads to the account that it has made, while it may be sent again. */
  joinedBy(form: string | undefined, key: number): readonly Sql[];
  /** Makes an account, whatever the rules. Throws Problem `invalid` or `conflict` at a field. */
  create(request: NewAccountRequest): Promise<Account>;
}

export function createSignUp(deps: {
  db: Db;
  now: Now;
  passwords: PasswordHasher;
  settings: Settings;
  invitations: Invitations;
  createActor: CreateActor;
  steps: Steps;
  notify: Notify;
  /** By network. */
  limits: Buckets;
}): SignUp {
  const { db, now, passwords, settings, invitations, createActor, steps, limits } = deps;

  async function create(request: NewAccountRequest): Promise<Account> {
    const name = parseName(request.name, request.mayBeReserved);
    const email = parseEmail(request.email);
    const displayName = parseDisplayName(request.displayName);
    const reason = parseReason(request.reason);
    if (request.password !== null) checkNewPassword(request.password, name);
    if (await isTaken(db, "name", name)) throw nameTaken();
    if (email !== null && (await isTaken(db, "email", email))) throw emailTaken();

    const password = request.password === null ? null : await passwords.hash(request.password);
    const actor = await createActor({ name, displayName, type: "Person" });
    const account = {
      key: actor.key,
      name,
      email,
      role: request.role,
      state: request.state,
      reason,
      invitedBy: request.invitedBy ?? null,
      locale: request.locale ?? null,
      createdMs: now(),
    };
    const isWaiting = account.state === "pending";
    try {
      await db.batch([
        ...(isWaiting ? [holdServer()] : []),
        ...(request.first ?? []),
        ...actor.statements,
        insertAccount({ ...account, password }),
        ...(isWaiting ? [expecting(1, isWithinPending(actor.key, MAX_PENDING), tooManyPending)] : []),
        ...(await tellStaff(account.key, account.state)),
        ...(request.after?.(account.key) ?? []),
      ]);
    } catch (error) {
      throw atItsField(error);
    }
    return { ...account, note: null, seenMs: null, hasPassword: password !== null, isGone: false };
  }

  /** Those who may let people in hear of whoever waits. */
  async function tellStaff(account: number, state: AccountState): Promise<readonly Sql[]> {
    if (state !== "pending") return [];
    const staff = await findWithRoles(db, rolesThat("manage-people"), MAX_PENDING);
    return staff.flatMap((member) => deps.notify(member, "sign-up", account));
  }

  async function admission(
    request: JoinRequest,
    admits: Admits = NOBODY_VOUCHES,
  ): Promise<Pick<NewAccountRequest, "role" | "state" | "first"> & { invitedBy?: number }> {
    const mode = settings.get("registration");
    if (mode === "closed") {
      throw new Problem("forbidden", "Nobody can sign up here at the moment.", {
        reason: "registration-closed",
      });
    }
    if (request.invitation) {
      const invitation = await invitations.find(request.invitation);
      if (!invitation) throw invitationOver();
      return {
        role: invitation.role,
        state: "active",
        invitedBy: invitation.creator,
        first: [spend(invitation, now())],
      };
    }
    if (admits.atOnce) return { role: "member", state: "active" };
    if (mode === "invitation") {
      throw new Problem(
        "invalid",
        "You need an invitation to sign up here. Ask somebody who is here already.",
        {
          field: "invitation",
          reason: "invitation-missing",
        },
      );
    }
    if (mode === "open") return { role: "member", state: "active" };
    const domains = settings.get("allowedDomains");
    if (mode === "domain") {
      if (admits.verifiedEmail !== null && isWithinDomains(admits.verifiedEmail, domains))
        return { role: "member", state: "active" };
      requireDomain(parseEmail(request.email), domains);
    }
    // @NOTE An address proves nothing until a message has reached it: until then the staff decide.
    return { role: "member", state: "pending" };
  }

  /** Counts the account by network; mending a form is not another account, guessing codes and addresses is paid for. */
  async function counted(origin: Origin, work: () => Promise<Account>): Promise<Account> {
    const taken = limits.take(origin.addressPrefix);
    if (!taken.allowed) {
      throw new Problem("too-many", "Too many accounts were made from your network. Try again later.", {
        retryAfterSeconds: taken.retryAfterSeconds,
        reason: "sign-up-limit",
      });
    }
    try {
      return await work();
    } catch (error) {
      const isGuess =
        isProblem(error) && (error.detail.field === "invitation" || error.detail.reason === "email-taken");
      if (isProblem(error) && !isGuess) limits.giveBack(origin.addressPrefix);
      throw error;
    }
  }

  const joinedBy = (form: string | undefined, key: number): readonly Sql[] =>
    form === undefined ? [] : [steps.keep("joined", form, FORM_LASTS_MS, key)];

  return {
    create,
    joinedBy,
    async freeName(text) {
      const name = parseName(text);
      if (await isTaken(db, "name", name)) throw nameTaken();
      return name;
    },
    signUp: (request, origin) =>
      counted(origin, async () =>
        create({
          ...asked(request),
          password: request.password,
          ...(await admission(request)),
          after: (key) => joinedBy(request.form, key),
        }),
      ),
    join: (request, admits, origin, after) =>
      counted(origin, async () =>
        create({ ...asked(request), password: null, ...(await admission(request, admits)), after }),
      ),
  };
}

export const NOBODY_VOUCHES: Admits = { atOnce: false, verifiedEmail: null };

/** Only what a form may say: a body with `role` or `state` in it changes nothing. */
export function asked(request: JoinRequest): Omit<NewAccountRequest, "role" | "state" | "password"> {
  const { name, displayName, email, reason, locale } = request;
  return {
    name,
    ...(displayName === undefined ? {} : { displayName }),
    ...(email === undefined ? {} : { email }),
    ...(reason === undefined ? {} : { reason }),
    ...(locale === undefined ? {} : { locale }),
  };
}

function parseReason(text: string | undefined): string | null {
  const reason = (text ?? "").trim();
  if ([...reason].length > MAX_REASON_LENGTH) {
    throw new Problem("invalid", `Write at most ${MAX_REASON_LENGTH} characters.`, {
      field: "reason",
      reason: "reason-too-long",
    });
  }
  return reason === "" ? null : reason;
}

function requireDomain(email: string | null, domains: readonly string[]): void {
  if (isWithinDomains(email ?? "", domains)) return;
  throw new Problem("invalid", `Use an address at ${domains.join(" or ")}.`, {
    field: "email",
    reason: "email-domain",
  });
}

/** `*.school.example` stands for every name below it. */
export function isWithinDomains(email: string, domains: readonly string[]): boolean {
  const host = email.split("@")[1] ?? "";
  return domains.some((domain) =>
    domain.startsWith("*.")
      ? host !== domain.slice(2) && isWithinDomain(host, domain.slice(2))
      : host === domain,
  );
}

const spend = (invitation: Invitation, nowMs: number): Sql =>
  expecting(1, useInvitation(invitation.key, nowMs), invitationOver);

const invitationOver = (): Problem =>
  new Problem("invalid", "This invitation is no good any more. Ask for a new one.", {
    field: "invitation",
    reason: "invitation-over",
  });

const tooManyPending = (): Problem =>
  new Problem("too-many", "Too many people are waiting to be let in. Try again in some days.", {
    reason: "too-many-pending",
  });

const nameTaken = (): Problem =>
  new Problem("conflict", "Somebody has this name already. Choose another.", {
    field: "name",
    reason: "name-taken",
  });

const emailTaken = (): Problem =>
  new Problem("conflict", "There is an account with this address already. Sign in instead.", {
    field: "email",
    reason: "email-taken",
  });

/** Two people may ask for the same name in the same moment: the database decides, and says by which column. */
function atItsField(error: unknown): unknown {
  if (!isProblem(error, "conflict")) return error;
  const { reason = "" } = error.detail;
  if (reason.includes("identity") || reason.includes("passkey")) {
    return new Problem("conflict", "There is an account here for this already. Sign in with it.", {
      reason: "taken-meanwhile",
    });
  }
  return error.detail.reason?.includes("email") ? emailTaken() : nameTaken();
}
