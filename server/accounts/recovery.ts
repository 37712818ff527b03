/** Coming in with a code on paper, for those who have no password and lost the device with their passkey. */
import type { Now } from "../lib/clock.ts";
import { Problem } from "../lib/problem.ts";
import { expecting } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { Origin } from "./account.ts";
import { type Admission, refuseUnlessActive } from "./admission.ts";
import { type Attempt, plainLogin } from "./attempts.ts";
import { hashOf, plainCode } from "./paper.ts";
import type { Sessions } from "./sessions.ts";
import { findForSignIn } from "./store.ts";
import { isWayIn, spendWayIn } from "./store-factors.ts";

/** No account has this key: for a name that nobody has, the same is asked of the database. */
const NOBODY = 0;

export interface Recovery {
  /**
   * In with a name and a code of the sheet, where there is a passkey and no password: the code stands for the passkey that
   * was lost. Elsewhere codes are asked for after the password, and alone they are worth nothing. Throws Problem
   * `unauthenticated` at field `code`, in the same words and after the same work whatever is wrong; or `too-many`.
   */
  enter(
    request: { readonly login: string; readonly code: string },
    origin: Origin,
  ): Promise<Extract<Admission, { kind: "in" }>>;
}

export function createRecovery(deps: {
  readonly db: Db;
  readonly now: Now;
  readonly sessions: Sessions;
  readonly attempt: Attempt;
}): Recovery {
  const { db, now, sessions, attempt } = deps;
  return {
    async enter(request, origin) {
      const login = plainLogin(request.login);
      const account = (await findForSignIn(db, login))?.account ?? null;
      // By the account's own name, so that its address does not give as many attempts again.
      const giveBack = attempt(account?.name ?? login, origin.addressPrefix);
      const key = account?.key ?? NOBODY;
      const hash = hashOf(key, plainCode(request.code));
      if (!(await isWayIn(db, key, hash)) || account === null) throw wrongCode();
      giveBack();
      refuseUnlessActive(account);
      const { statements, ...session } = sessions.prepare(key, origin, { how: "recovery" });
      await db.batch([expecting(1, spendWayIn(key, hash, now()), wrongCode), ...statements]);
      return { kind: "in", account, session };
    },
  };
}

const wrongCode = (): Problem =>
  new Problem("unauthenticated", "The name or the code is wrong, or the code was used already.", {
    field: "code",
    reason: "wrong-recovery",
  });
