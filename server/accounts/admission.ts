/** Lets somebody in who proved who they are: with a session, or with one more question first. */
import { Problem } from "../lib/problem.ts";
import type { Db } from "../storage/db.ts";
import type { Account, Origin } from "./account.ts";
import type { Factors } from "./factors.ts";
import type { NewSession, Proof, Sessions } from "./sessions.ts";
import type { NewStep, Step, Steps } from "./steps.ts";
import { findAccount } from "./store.ts";
import type { SessionFactor, SessionHow } from "./store-sessions.ts";

/** Time to find the telephone, or the sheet of paper. */
const SECOND_STEP_MS = 10 * 60 * 1000;

export type Admission =
  | { readonly kind: "in"; readonly account: Account; readonly session: NewSession }
  /** What was shown is not enough: `step` is for the browser, until a second factor is shown with it. */
  | { readonly kind: "second"; readonly account: Account; readonly step: NewStep };

/** What the second question may be answered with. */
export interface SecondQuestion {
  readonly account: Account;
  readonly codes: boolean;
  readonly passkeys: boolean;
}

export interface Admitting {
  /** Throws Problem `unauthenticated` for those who wait or were shut out. */
  admit(account: Account, proof: Proof, origin: Origin): Promise<Admission>;
  /** Null when it is over. */
  question(step: string): Promise<SecondQuestion | null>;
  /**
   * With a code of the app or of the sheet. Throws Problem `unauthenticated` at field `code`, `too-many`, or `gone`
   * where the step is over.
   */
  answerCode(step: string, code: string, origin: Origin): Promise<Extract<Admission, { kind: "in" }>>;
  /** With a passkey that was shown: its account. Throws Problem `gone`. */
  answerPasskey(step: string, account: Account, origin: Origin): Promise<Extract<Admission, { kind: "in" }>>;
}

export function createAdmitting(deps: {
  db: Db;
  steps: Steps;
  factors: Factors;
  sessions: Sessions;
}): Admitting {
  const { db, steps, factors, sessions } = deps;

  /** Codes are asked for wherever they are set up; a passkey besides, only where the role needs a second factor. */
  async function asksMore(account: Account, proof: Proof): Promise<boolean> {
    // A passkey is something one has and something one knows or is (WebAuthn §1.2): it is both factors.
    if (proof.how === "passkey" || proof.factor !== undefined) return false;
    const { codes, passkeys } = await factors.of(account.key);
    return codes || (passkeys && factors.isRequired(account.role));
  }

  async function enter(account: Account, proof: Proof, origin: Origin) {
    refuseUnlessActive(account);
    return { kind: "in", account, session: await sessions.create(account.key, origin, proof) } as const;
  }

  async function accountOf(step: Step | null): Promise<{ account: Account; proof: Proof }> {
    const account = step?.account ? await findAccount(db, step.account) : null;
    if (step === null || account === null) throw stepOver();
    return { account, proof: proofOf(step) };
  }

  async function finish(step: string, factor: SessionFactor, origin: Origin) {
    const { account, proof } = await accountOf(await steps.take("second", step));
    return enter(account, { ...proof, factor }, origin);
  }

  return {
    async admit(account, proof, origin) {
      refuseUnlessActive(account);
      if (!(await asksMore(account, proof))) return enter(account, proof, origin);
      const data = { how: proof.how, ...(proof.via === undefined ? {} : { via: proof.via }) };
      const step = await steps.begin("second", SECOND_STEP_MS, { account: account.key, data });
      return { kind: "second", account, step };
    },
    async question(step) {
      const known = await steps.look("second", step);
      const account = known?.account ? await findAccount(db, known.account) : null;
      return account && { account, ...(await factors.of(account.key)) };
    },
    async answerCode(step, code, origin) {
      const { account } = await accountOf(await steps.tried("second", step));
      return finish(step, await factors.spend(account, code), origin);
    },
    async answerPasskey(step, shown, origin) {
      const { account } = await accountOf(await steps.look("second", step));
      if (account.key !== shown.key) {
        throw new Problem("unauthenticated", "This passkey belongs to another account. Choose another one.", {
          reason: "passkey-of-another",
        });
      }
      return finish(step, "passkey", origin);
    },
  };
}

function proofOf({ data }: Step): Proof {
  const { how = "password", via } = (data ?? {}) as { how?: SessionHow; via?: string };
  return { how, ...(via === undefined ? {} : { via }) };
}

/** Throws Problem `unauthenticated` for those who wait or were shut out. */
export function refuseUnlessActive({ state }: Account): void {
  if (state === "pending") {
    throw new Problem(
      "unauthenticated",
      "Your account waits for the people who run this server to let you in.",
      { reason: "account-pending" },
    );
  }
  if (state === "disabled") {
    throw new Problem("unauthenticated", "Your account was closed by the people who run this server.", {
      reason: "account-disabled",
    });
  }
}

const stepOver = (): Problem =>
  new Problem("gone", "That took too long, or there were too many tries. Sign in again.", {
    reason: "step-over",
  });
