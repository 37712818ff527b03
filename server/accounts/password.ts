/** New passwords: changed by their owner, set anew with a link from the staff, set by the command line. */
import { holdActor } from "../core/store-writes.ts";
import type { Now } from "../lib/clock.ts";
import { DAY_MS } from "../lib/durations.ts";
import { Problem } from "../lib/problem.ts";
import { newToken, sha256 } from "../lib/secret.ts";
import { expecting, type Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { tellAccessEnded } from "./access-ended.ts";
import type { Account, Origin } from "./account.ts";
import type { Factors } from "./factors.ts";
import { checkNewPassword, type PasswordHasher } from "./hashing.ts";
import { mayManage } from "./permissions.ts";
import type { SignIn } from "./sign-in.ts";
import type { RecordStaffAct } from "./staff-act.ts";
import { FORM_LASTS_MS, type Steps } from "./steps.ts";
import { changePassword, findWithPassword, removePassword } from "./store.ts";
import { deleteBegunTotp } from "./store-factors.ts";
import { deleteSessions } from "./store-sessions.ts";
import { deleteSteps } from "./store-steps.ts";
import { deleteTickets, findTicket, insertTicket, spendTicket } from "./store-tickets.ts";

/** Long enough to be handed over tomorrow in school. */
export const RESET_LINK_MS = DAY_MS;

export interface Passwords {
  /** Ends every other session and every token. Throws Problem `invalid` at a field, `unauthenticated`, `too-many`. */
  change(
    account: Account,
    request: { readonly current: string; readonly next: string },
    context: { readonly origin: Origin; readonly sessionKey: number },
  ): Promise<void>;
  /**
   * A first password, for somebody who has signed in without one and has just proven who they are. Ends every other
   * session and every token. Throws Problem `invalid` at a field, `conflict`.
   */
  setFirst(account: Account, next: string, sessionKey: number): Promise<void>;
  /**
   * Ends every other session. Gives a sheet of codes to those who sign in with passkeys from now on and have no code left;
   * else null. Throws Problem `conflict` where there is no other way in.
   */
  remove(account: Account, sessionKey: number): Promise<readonly string[] | null>;
  /** The token of a one-time link for somebody who forgot. Throws Problem `forbidden`. */
  createResetLink(by: Account | null, account: Account): Promise<{ token: string; expiresMs: number }>;
  /** Whose password the link sets; null when it is no good any more. */
  findReset(token: string): Promise<Account | null>;
  /**
   * Ends every session and every token. For some minutes the step `renewed` knows the `form` again that has done it.
   * Throws Problem `invalid`.
   */
  reset(token: string, password: string, form?: string): Promise<Account>;
  /** For the command line: no questions asked. Ends every session and every token. */
  set(account: Account, password: string): Promise<void>;
}

export function createPasswords(deps: {
  db: Db;
  now: Now;
  passwords: PasswordHasher;
  signIn: SignIn;
  factors: Factors;
  steps: Steps;
  /** Statements that end every token that programs hold for the account. */
  revokeTokens: (account: number) => readonly Sql[];
  record: RecordStaffAct;
}): Passwords {
  const { db, now, passwords, signIn, factors, steps, revokeTokens } = deps;

  async function put(
    account: Account,
    password: string,
    how: { readonly first?: readonly Sql[]; readonly last?: readonly Sql[]; readonly exceptSession?: number },
  ): Promise<void> {
    checkNewPassword(password, account.name);
    const before = (await findWithPassword(db, account.key))?.password ?? null;
    const after = await passwords.hash(password);
    await db.batch([
      ...(how.first ?? []),
      expecting(1, changePassword(account.key, { before, after, nowMs: now() }), changedMeanwhile),
      deleteSessions(account.key, how.exceptSession),
      // Who typed the old one, and is asked for a code, begins anew.
      deleteSteps(account.key),
      // Who began to set up an app has seen its secret.
      deleteBegunTotp(account.key),
      deleteTickets(account.key),
      ...revokeTokens(account.key),
      ...(how.last ?? []),
    ]);
    tellAccessEnded(db, {
      account: account.key,
      ...(how.exceptSession === undefined ? {} : { exceptSession: how.exceptSession }),
    });
  }

  const find = async (token: string): Promise<Account | null> => {
    const ticket = await findTicket(db, "password", sha256(token), now());
    if (ticket === null || ticket.account === null) return null;
    const found = await findWithPassword(db, ticket.account);
    return found !== null && found.account.state === "active" ? found.account : null;
  };

  return {
    async change(account, request, { origin, sessionKey }) {
      checkNewPassword(request.next, account.name, "next");
      try {
        await signIn.confirm(account, request.current, origin);
      } catch (error) {
        if (error instanceof Problem && error.detail.reason === "wrong-password") {
          throw new Problem("invalid", "This is not your password.", {
            field: "current",
            reason: "wrong-password",
          });
        }
        throw error;
      }
      await put(account, request.next, { exceptSession: sessionKey });
    },
    async setFirst(account, next, sessionKey) {
      checkNewPassword(next, account.name, "next");
      if (account.hasPassword) throw changedMeanwhile();
      await put(account, next, { exceptSession: sessionKey });
    },
    async remove(account, sessionKey) {
      const { passkeys } = await factors.of(account.key);
      const sheet = passkeys ? await factors.firstRecovery(account.key) : { statements: [], codes: null };
      await db.batch([
        holdActor(account.key),
        expecting(1, removePassword(account.key, now()), onlyWayIn),
        ...sheet.statements,
        deleteSessions(account.key, sessionKey),
        deleteTickets(account.key),
      ]);
      tellAccessEnded(db, { account: account.key, exceptSession: sessionKey });
      return sheet.codes;
    },
    async createResetLink(by, account) {
      if (by !== null && !mayManage(by.role, account.role)) {
        throw new Problem("forbidden", "You may not set a password for this person.", {
          reason: "may-not-manage",
        });
      }
      const token = newToken();
      const expiresMs = now() + RESET_LINK_MS;
      await db.batch([
        deleteTickets(account.key),
        insertTicket({
          hash: sha256(token),
          purpose: "password",
          account: account.key,
          createdMs: now(),
          expiresMs,
        }),
        deps.record({ by: by?.key ?? null, act: "password-link", about: account.key }),
      ]);
      return { token, expiresMs };
    },
    findReset: find,
    async reset(token, password, form) {
      const account = await find(token);
      if (!account) throw linkOver();
      await put(account, password, {
        first: [expecting(1, spendTicket("password", sha256(token), now()), linkOver)],
        last: form === undefined ? [] : [steps.keep("renewed", form, FORM_LASTS_MS, account.key)],
      });
      return account;
    },
    set: (account, password) => put(account, password, {}),
  };
}

const onlyWayIn = (): Problem =>
  new Problem("conflict", "You could not sign in any more. Add a passkey or link another account first.", {
    reason: "only-way-in",
  });

const changedMeanwhile = (): Problem =>
  new Problem("conflict", "The password was changed in another place just now. Sign in again.", {
    reason: "password-changed",
  });

const linkOver = (): Problem =>
  new Problem("invalid", "This link is no good any more. Ask for a new one.", { reason: "link-over" });
