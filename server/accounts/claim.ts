/** The first person: a one-time link, printed at start, makes its holder the admin of a server that has none. */
import type { Now } from "../lib/clock.ts";
import { Problem } from "../lib/problem.ts";
import { newToken, sha256 } from "../lib/secret.ts";
import { expecting } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { Account } from "./account.ts";
import { asked, type SignUp, type SignUpRequest } from "./sign-up.ts";
import { hasAdmin } from "./store.ts";
import { deleteClaims, findTicket, insertTicket, spendTicket } from "./store-tickets.ts";

/** Time to walk to the browser; a restart gives a new one. */
export const CLAIM_MS = 30 * 60 * 1000;

export interface Claim {
  /** Whether nobody has claimed this server yet. */
  isOpen(): Promise<boolean>;
  /** A new link's token (`/setup#token`), in place of any before; null once there is an admin. */
  renew(): Promise<{ readonly token: string; readonly expiresMs: number } | null>;
  /** Whether the token would be taken now. */
  isGood(token: string): Promise<boolean>;
  /** Makes the admin. Throws Problem `invalid` at a field, `forbidden` when the link is over. */
  claim(token: string, request: Omit<SignUpRequest, "invitation" | "reason">): Promise<Account>;
}

export function createClaim(deps: { db: Db; now: Now; signUp: SignUp }): Claim {
  const { db, now, signUp } = deps;
  // Once there is an admin this stays so; the database still has the last word.
  let isClaimed = false;
  const isOpen = async (): Promise<boolean> => {
    isClaimed ||= await hasAdmin(db);
    return !isClaimed;
  };
  return {
    isOpen,
    async renew() {
      if (!(await isOpen())) return null;
      const token = newToken();
      const nowMs = now();
      const expiresMs = nowMs + CLAIM_MS;
      await db.batch([
        deleteClaims(),
        insertTicket({ hash: sha256(token), purpose: "claim", account: null, createdMs: nowMs, expiresMs }),
      ]);
      return { token, expiresMs };
    },
    isGood: async (token) =>
      (await isOpen()) && (await findTicket(db, "claim", sha256(token), now())) !== null,
    async claim(token, request) {
      if ((await findTicket(db, "claim", sha256(token), now())) === null) throw over();
      return signUp.create({
        ...asked(request),
        password: request.password,
        role: "admin",
        state: "active",
        mayBeReserved: true,
        first: [expecting(1, spendTicket("claim", sha256(token), now()), over)],
        after: (key) => signUp.joinedBy(request.form, key),
      });
    },
  };
}

const over = (): Problem =>
  new Problem(
    "forbidden",
    "This link is no good any more. `commons setup-link` prints a new one, unless somebody has claimed the server already.",
    {
      reason: "claim-over",
    },
  );
