/** What the staff do with accounts: list, let in, refuse, disable, enable, promote. */
import type { Buckets } from "../lib/buckets.ts";
import type { Now } from "../lib/clock.ts";
import { type Page, toPage } from "../lib/page.ts";
import { Problem } from "../lib/problem.ts";
import { expecting, type Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { tellAccessEnded } from "./access-ended.ts";
import type { Account, AccountState, Role } from "./account.ts";
import { parseEmail } from "./names.ts";
import { may, mayManage, type Permission, rolesThat } from "./permissions.ts";
import type { RecordStaffAct, StaffAct } from "./staff-act.ts";
import {
  changeEmail,
  changeLocale,
  changeRole,
  changeState,
  countAccounts,
  countSeenSince,
  disableAccount,
  findAccount,
  findAccountByName,
  findAccountsByKeys,
  findWithRoles,
  holdAdmins,
  isSuspended,
  letIn,
  listAccounts,
} from "./store.ts";
import { revokeInvitationsOf } from "./store-invitations.ts";
import { deleteSessions } from "./store-sessions.ts";
import { deleteTickets } from "./store-tickets.ts";

/** Members of the staff who are told of one thing; a server has a handful. */
const MAX_TOLD = 200;

const CLOSED_ALREADY = "The account is closed already.";
const LAST_ADMIN = "This is the last admin. Make somebody else one first.";

/** Who does it: an account of the staff, or null for the command line. */
type By = Account | null;

export interface People {
  find(key: number): Promise<Account | null>;
  findByName(name: string): Promise<Account | null>;
  findMany(keys: readonly number[]): Promise<ReadonlyMap<number, Account>>;
  /** Throws Problem `not-found`. */
  getByName(name: string): Promise<Account>;
  /** Newest first. */
  list(request: {
    readonly state?: AccountState;
    readonly role?: Role;
    /** Of the name or the e-mail address, in lower case. */
    readonly part?: string;
    readonly before?: number;
    readonly limit: number;
  }): Promise<Page<Account>>;
  count(): Promise<Record<AccountState, number>>;
  /** Keys of those whose role lets them do this. */
  whoMay(permission: Permission): Promise<readonly number[]>;
  /** Active people seen since then (NodeInfo's `activeMonth`). */
  countSeenSince(ms: number): Promise<number>;
  /** Lets somebody in who waits. */
  approve(by: By, account: Account): Promise<void>;
  /** Says no to somebody who waits. The name stays taken. */
  refuse(by: By, account: Account, note?: string): Promise<void>;
  /** Ends sessions, tokens, links and invitations at once. */
  disable(by: By, account: Account, note?: string): Promise<void>;
  enable(by: By, account: Account): Promise<void>;
  /** Statements that close the account and end its access; none where there is no open account. For `moderation`. */
  closing(key: number, note: string): Promise<readonly Sql[]>;
  /** Statements that open it again, where it was closed with one of these notes. */
  opening(key: number, notes: readonly string[]): Promise<readonly Sql[]>;
  /** After the batch that closed it. */
  closed(key: number): void;
  /** Only admins give roles; the last admin stays one. Ends links for a new password. */
  setRole(by: By, account: Account, role: Role): Promise<void>;
  /** By the person; empty takes it away. Throws Problem `invalid` or `conflict` at field `email`, `too-many`. */
  setEmail(account: Account, email: string): Promise<void>;
  setLocale(account: Account, locale: string | null): Promise<void>;
}

/** All but reads throw Problem `forbidden` (not theirs to do) or `conflict` (not in that state). */
export function createPeople(deps: {
  db: Db;
  now: Now;
  /** Statements that end every token that programs hold for the account. */
  revokeTokens: (account: number) => readonly Sql[];
  readonly record: RecordStaffAct;
  /** E-mail addresses that are tried, by account. */
  readonly addresses: Buckets;
}): People {
  const { db, now, revokeTokens } = deps;
  const line = (
    by: By,
    act: StaffAct["act"],
    about: Account,
    more: Pick<StaffAct, "detail" | "reason"> = {},
  ) => deps.record({ by: by?.key ?? null, act, about: about.key, ...more });

  const endAccess = (account: Account): readonly Sql[] => [
    deleteSessions(account.key),
    deleteTickets(account.key),
    revokeInvitationsOf(account.key, now()),
    ...revokeTokens(account.key),
  ];

  return {
    find: (key) => findAccount(db, key),
    findByName: (name) => findAccountByName(db, name.toLowerCase()),
    findMany: (keys) => findAccountsByKeys(db, keys),
    async getByName(name) {
      const account = await findAccountByName(db, name.trim().replace(/^@/, "").toLowerCase());
      if (account) return account;
      throw new Problem("not-found", `There is no account with the name “${name}” here.`, { field: "name" });
    },
    async list({ limit, ...filter }) {
      return toPage(await listAccounts(db, filter, limit + 1), limit, (account) => account.key);
    },
    count: () => countAccounts(db),
    whoMay: (permission) => findWithRoles(db, rolesThat(permission), MAX_TOLD),
    countSeenSince: (ms) => countSeenSince(db, ms),
    async approve(by, account) {
      requireMayManage(by, account);
      await db.batch([
        expecting(1, letIn(account.key, now()), () => notInThatState("This person does not wait any more.")),
        line(by, "account-approve", account),
      ]);
    },
    async refuse(by, account, note) {
      requireMayManage(by, account);
      const change = changeState(account.key, {
        from: ["pending"],
        to: "disabled",
        note: note?.trim() || null,
        nowMs: now(),
      });
      await db.batch([
        expecting(1, change, () => notInThatState("This person does not wait any more.")),
        line(by, "account-refuse", account, { reason: note ?? null }),
      ]);
    },
    async disable(by, account, note) {
      requireMayManage(by, account);
      await db.batch([
        holdAdmins(),
        expecting(1, disableAccount(account.key, note?.trim() || null, now()), () =>
          notInThatState(
            account.state === "disabled" || account.role !== "admin" ? CLOSED_ALREADY : LAST_ADMIN,
          ),
        ),
        ...endAccess(account),
        line(by, "account-disable", account, { reason: note ?? null }),
      ]);
      tellAccessEnded(db, { account: account.key });
    },
    async enable(by, account) {
      requireMayManage(by, account);
      if (account.isGone)
        throw notInThatState("The account is closed for good: all that was in it is deleted.");
      if (await isSuspended(db, account.key))
        throw notInThatState(
          "This person is suspended. Take that back on their page among Reports and People.",
        );
      const change = changeState(account.key, { from: ["disabled"], to: "active", note: null, nowMs: now() });
      await db.batch([
        expecting(1, change, () => notInThatState("The account is not closed.")),
        line(by, "account-enable", account),
      ]);
    },
    async closing(key, note) {
      const account = await findAccount(db, key);
      if (account === null || account.state === "disabled") return [];
      // They have nothing to close, and are not to come in by a suspension that is taken back.
      if (account.state === "pending") {
        const stays = changeState(key, { from: ["pending"], to: "pending", note: null, nowMs: now() });
        return [expecting(1, stays, () => notInThatState("This person does not wait any more."))];
      }
      return [
        holdAdmins(),
        expecting(1, disableAccount(key, note.trim() || null, now()), () => notInThatState(LAST_ADMIN)),
        ...endAccess(account),
      ];
    },
    async opening(key, notes) {
      const account = await findAccount(db, key);
      if (account?.state !== "disabled" || account.isGone || !notes.includes(account.note ?? "")) return [];
      return [changeState(key, { from: ["disabled"], to: "active", note: null, nowMs: now() })];
    },
    closed: (key) => tellAccessEnded(db, { account: key }),
    async setRole(by, account, role) {
      if (by !== null && !may(by.role, "give-roles")) throw mayNot();
      await db.batch([
        holdAdmins(),
        expecting(1, changeRole(account.key, role, now()), () =>
          notInThatState("There must be one admin. Make somebody else one first."),
        ),
        // Whoever made a link may be one who can make none for the new role.
        deleteTickets(account.key),
        line(by, "account-role", account, { detail: role }),
      ]);
      // A stream that was opened with more rights than are left closes, and opens again with what is right.
      tellAccessEnded(db, { account: account.key });
    },
    async setEmail(account, email) {
      const address = parseEmail(email);
      const { allowed, retryAfterSeconds } = deps.addresses.take(String(account.key));
      if (!allowed) {
        throw new Problem("too-many", "You tried many addresses. Wait a little, then try again.", {
          retryAfterSeconds,
          reason: "email-limit",
        });
      }
      try {
        await db.batch([changeEmail(account.key, address, now())]);
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== "conflict") throw error;
        throw new Problem("conflict", "There is another account with this address.", {
          field: "email",
          reason: "email-taken",
        });
      }
    },
    setLocale: async (account, locale) => {
      await db.batch([changeLocale(account.key, locale, now())]);
    },
  };
}

function requireMayManage(by: By, account: Account): void {
  if (by !== null && !mayManage(by.role, account.role)) throw mayNot();
}

const mayNot = (): Problem =>
  new Problem("forbidden", "You may not do this to this person. Ask an admin.", { reason: "may-not-manage" });

const notInThatState = (sentence: string): Problem =>
  new Problem("conflict", sentence, { reason: "account-state" });
