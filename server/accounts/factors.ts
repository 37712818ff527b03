/** What is asked after the password: codes of an app, codes on paper, and for whom it is a rule. */
import type { Buckets } from "../lib/buckets.ts";
import type { Now } from "../lib/clock.ts";
import { Problem } from "../lib/problem.ts";
import { expecting, type Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { tellAccessEnded } from "./access-ended.ts";
import { type Account, ROLES, type Role } from "./account.ts";
import { hashOf, isOfPaper, newSheet, plainCode } from "./paper.ts";
import { mayManage } from "./permissions.ts";
import type { Settings } from "./settings.ts";
import type { RecordStaffAct } from "./staff-act.ts";
import {
  confirmTotp,
  countFactors,
  countRecoveryCodes,
  deleteRecoveryCodes,
  deleteTotp,
  dropIdleRecoveryCodes,
  FACTOR_CODES,
  FACTOR_PASSKEYS,
  findFactors,
  findTotp,
  putTotp,
  spendRecoveryCode,
  spendTotpStep,
} from "./store-factors.ts";
import { deletePasskeys } from "./store-passkeys.ts";
import { deleteSessions } from "./store-sessions.ts";
import { deleteSteps } from "./store-steps.ts";
import { newTotpSecret, totpAddress, totpStepOf } from "./totp.ts";

/** Time to load an app. A secret that was shown longer ago may have been seen by whoever had the account then. */
const BEGUN_MS = 30 * 60 * 1000;

export interface CodeSetup {
  /** In base32, for typing. */
  readonly secret: string;
  /** For the picture that an app reads. */
  readonly address: string;
}

export interface FactorState {
  /** Since when codes of an app are asked for; null where they are not. */
  readonly codesSinceMs: number | null;
  /** Codes on paper that are left. */
  readonly recoveryLeft: number;
}

export interface Factors {
  state(account: Account): Promise<FactorState>;
  /** Which of them the account has: `codes`, `passkeys`. */
  of(account: number): Promise<{ readonly codes: boolean; readonly passkeys: boolean }>;
  /** Whether people of this role must have one. */
  isRequired(role: Role): boolean;
  /** The roles for which `isRequired` is true. */
  requiring(): readonly Role[];
  /** Begins, or shows again what was begun a moment ago. Throws Problem `conflict` where codes are asked for already. */
  beginCodes(account: Account): Promise<CodeSetup>;
  /** The first code shows that the app works. The sheet of codes on paper where there was none. Throws Problem `invalid`. */
  confirmCodes(account: Account, code: string, sessionKey: number): Promise<readonly string[] | null>;
  removeCodes(account: Account, sessionKey: number): Promise<void>;
  /** A new sheet; the old one is good no more. */
  renewRecovery(account: Account): Promise<readonly string[]>;
  /** Statements for a sheet where there is none, and the sheet. */
  firstRecovery(
    account: number,
  ): Promise<{ readonly statements: readonly Sql[]; readonly codes: readonly string[] | null }>;
  /** Spends a code of the app or of the sheet. Throws Problem `unauthenticated` at field `code`, or `too-many`. */
  spend(account: Account, code: string): Promise<"code" | "recovery">;
  /** By the staff: takes everything away and signs the person out. Throws Problem `forbidden`. */
  reset(by: Account | null, account: Account): Promise<void>;
}

export function createFactors(deps: {
  db: Db;
  now: Now;
  settings: Settings;
  record: RecordStaffAct;
  /** Guesses by account, whatever the network. */
  limit: Buckets;
  /** Statements that end every token that programs hold for the account. */
  revokeTokens: (account: number) => readonly Sql[];
}): Factors {
  const { db, now, settings, record, limit, revokeTokens } = deps;

  const firstRecovery: Factors["firstRecovery"] = async (account) =>
    (await countRecoveryCodes(db, account)) > 0 ? { statements: [], codes: null } : newSheet(account);

  async function byApp(account: Account, code: string): Promise<boolean> {
    const totp = await findTotp(db, account.key);
    if (totp === null || totp.confirmedMs === null) return false;
    const step = totpStepOf(totp.secret, code, now(), totp.lastStep);
    return step !== null && touchedOne(() => spendTotpStep(account.key, step));
  }

  async function touchedOne(statement: () => Sql): Promise<boolean> {
    try {
      await db.batch([expecting(1, statement(), alreadyUsed)]);
      return true;
    } catch (error) {
      if (error instanceof Problem && error.detail.reason === "code-used") return false;
      throw error;
    }
  }

  return {
    firstRecovery,
    isRequired: (role) => requires(settings.get("secondFactor"), role),
    requiring: () => ROLES.filter((role) => requires(settings.get("secondFactor"), role)),
    async of(account) {
      const sum = await findFactors(db, account);
      return { codes: (sum & FACTOR_CODES) !== 0, passkeys: (sum & FACTOR_PASSKEYS) !== 0 };
    },
    async state(account) {
      const [totp, recoveryLeft] = await Promise.all([
        findTotp(db, account.key),
        countRecoveryCodes(db, account.key),
      ]);
      return { codesSinceMs: totp?.confirmedMs ?? null, recoveryLeft };
    },
    async beginCodes(account) {
      const known = await findTotp(db, account.key);
      if (known && known.confirmedMs !== null) throw hasCodes();
      const begun = known !== null && now() - known.createdMs < BEGUN_MS ? known.secret : null;
      const secret = begun ?? newTotpSecret();
      if (begun === null) await db.batch([putTotp(account.key, secret, now())]);
      return { secret, address: totpAddress(secret, settings.get("siteName"), account.name) };
    },
    async confirmCodes(account, code, sessionKey) {
      const totp = await findTotp(db, account.key);
      if (totp === null || totp.confirmedMs !== null) throw hasCodes();
      const step = totpStepOf(totp.secret, plainCode(code), now(), 0);
      if (step === null) throw wrongCode("invalid");
      const sheet = await firstRecovery(account.key);
      await db.batch([
        expecting(1, confirmTotp(account.key, totp.secret, step, now()), hasCodes),
        ...sheet.statements,
        countFactors(account.key),
        deleteSessions(account.key, sessionKey),
      ]);
      tellAccessEnded(db, { account: account.key, exceptSession: sessionKey });
      return sheet.codes;
    },
    async removeCodes(account, sessionKey) {
      await db.batch([
        deleteTotp(account.key),
        countFactors(account.key),
        dropIdleRecoveryCodes(account.key),
        deleteSessions(account.key, sessionKey),
      ]);
      tellAccessEnded(db, { account: account.key, exceptSession: sessionKey });
    },
    async renewRecovery(account) {
      const sheet = newSheet(account.key);
      await db.batch(sheet.statements);
      return sheet.codes;
    },
    async spend(account, given) {
      const code = plainCode(given);
      const taken = limit.take(String(account.key));
      if (!taken.allowed) {
        throw new Problem("too-many", "Too many codes were wrong. Wait a little, then try again.", {
          retryAfterSeconds: taken.retryAfterSeconds,
          reason: "code-limit",
        });
      }
      const isRecovery = isOfPaper(code);
      const isGood = isRecovery
        ? await touchedOne(() => spendRecoveryCode(account.key, hashOf(account.key, code), now()))
        : await byApp(account, code);
      if (!isGood) throw wrongCode("unauthenticated");
      limit.giveBack(String(account.key));
      return isRecovery ? "recovery" : "code";
    },
    async reset(by, account) {
      if (by !== null && !mayManage(by.role, account.role)) {
        throw new Problem("forbidden", "You may not do this to this person. Ask an admin.", {
          reason: "may-not-manage",
        });
      }
      await db.batch([
        deleteTotp(account.key),
        deletePasskeys(account.key),
        deleteRecoveryCodes(account.key),
        countFactors(account.key),
        deleteSteps(account.key),
        deleteSessions(account.key),
        ...revokeTokens(account.key),
        record({ by: by?.key ?? null, act: "factors-reset", about: account.key }),
      ]);
      tellAccessEnded(db, { account: account.key });
    },
  };
}

/** Down to whom the rule reaches; roles are most powerful first. */
const REACHES: Readonly<Record<string, Role>> = {
  admins: "admin",
  staff: "moderator",
  teachers: "teacher",
  everyone: "member",
};

function requires(rule: string, role: Role): boolean {
  const reach = REACHES[rule];
  return reach !== undefined && ROLES.indexOf(role) <= ROLES.indexOf(reach);
}

const wrongCode = (code: "invalid" | "unauthenticated"): Problem =>
  new Problem(code, "This code is not right, or was used already. Wait for the next one.", {
    field: "code",
    reason: "wrong-code",
  });

const alreadyUsed = (): Problem =>
  new Problem("conflict", "This code was used already.", { reason: "code-used" });

const hasCodes = (): Problem =>
  new Problem("conflict", "An app for codes is set up already. Take it away first.", { reason: "has-codes" });
