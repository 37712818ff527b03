/** What begins in one request and ends in another of the same browser: kept for minutes, spent once. */
import type { Now } from "../lib/clock.ts";
import { type Json, parseJson } from "../lib/json.ts";
import { newToken, sha256 } from "../lib/secret.ts";
import type { Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { deleteStep, findStep, insertStep, type StepRow, tryStep } from "./store-steps.ts";

/**
 * `second`: the password was right, a code is asked for. `away`: sent to sign in elsewhere. `arrived`: known elsewhere,
 * and not here yet. `closed`: somebody who is suspended, and may answer that. `joined`: a form that has made an account;
 * `renewed`: one that has set a new password by a link.
 * The others are challenges of passkeys: to sign in, to add one, to join with one, to say once more who one is.
 */
export type StepPurpose =
  | "second"
  | "away"
  | "arrived"
  | "closed"
  | "joined"
  | "renewed"
  | "passkey-in"
  | "passkey-new"
  | "passkey-join"
  | "passkey-again";

/** A form is sent again while the answer to the first is on its way: as long as browsers wait for one. */
export const FORM_LASTS_MS = 5 * 60_000;
/** Guesses at one step; whoever mistypes so often begins anew. */
const MAX_TRIES = 5;

export interface Step {
  readonly account: number | null;
  readonly data: Json;
}

export interface NewStep {
  /** For the browser; kept nowhere. */
  readonly token: string;
  readonly expiresMs: number;
}

export interface Steps {
  begin(
    purpose: StepPurpose,
    lastsMs: number,
    about?: { readonly account?: number; readonly data?: Json },
  ): Promise<NewStep>;
  /** Begins one in the caller's batch, with a token that the browser has already. */
  keep(purpose: StepPurpose, token: string, lastsMs: number, account: number): Sql;
  /** Null when it is over. */
  look(purpose: StepPurpose, token: string): Promise<Step | null>;
  /** Counts a try; null when it is over, or was tried too often. */
  tried(purpose: StepPurpose, token: string): Promise<Step | null>;
  /** Spends it; null when it is over, or somebody was first. */
  take(purpose: StepPurpose, token: string): Promise<Step | null>;
  /** Spends it in the caller's batch; wrap it in `expecting(1, …)`. */
  spend(purpose: StepPurpose, token: string): Sql;
}

export function createSteps({ db, now }: { readonly db: Db; readonly now: Now }): Steps {
  async function first(statement: Sql): Promise<Step | null> {
    const [rows = []] = await db.batch([statement]);
    const row = rows[0] as unknown as StepRow | undefined;
    return row === undefined ? null : toStep(row);
  }
  return {
    async begin(purpose, lastsMs, about = {}) {
      const token = newToken();
      const createdMs = now();
      const expiresMs = createdMs + lastsMs;
      const { account = null, data = null } = about;
      await db.batch([
        insertStep({
          purpose,
          hash: sha256(token),
          account,
          data: JSON.stringify(data),
          createdMs,
          expiresMs,
        }),
      ]);
      return { token, expiresMs };
    },
    keep: (purpose, token, lastsMs, account) =>
      insertStep({
        purpose,
        hash: sha256(token),
        account,
        data: "null",
        createdMs: now(),
        expiresMs: now() + lastsMs,
      }),
    async look(purpose, token) {
      const row = await findStep(db, { purpose, hash: sha256(token), nowMs: now() });
      return row && toStep(row);
    },
    tried: (purpose, token) => first(tryStep(purpose, sha256(token), now(), MAX_TRIES)),
    take: (purpose, token) => first(deleteStep(purpose, sha256(token), now())),
    spend: (purpose, token) => deleteStep(purpose, sha256(token), now()),
  };
}

const toStep = ({ account, data }: StepRow): Step => ({ account, data: parseJson(data) });
