/** Counts attempts to sign in, by account and by network, whatever is shown: a password, or a code on paper. */
import type { Buckets } from "../lib/buckets.ts";
import { Problem } from "../lib/problem.ts";

export interface SignInLimits {
  /** By account and network: somebody who forgot. */
  readonly byBoth: Buckets;
  /** By network, whatever the account: somebody who tries names. */
  readonly byNetwork: Buckets;
  /** By account, whatever the network: many machines that try one account. */
  readonly byAccount: Buckets;
}

/** Counts an attempt before it is looked at; returns how to take the count back. @throws Problem `too-many`. */
export type Attempt = (login: string, network: string) => () => void;

/** Longer than any name or address; limits count by it. */
const MAX_LOGIN_LENGTH = 254;

/** A name or an e-mail address, as typed, in the form in which it is kept and counted. */
export const plainLogin = (typed: string): string =>
  typed.trim().replace(/^@/, "").toLowerCase().slice(0, MAX_LOGIN_LENGTH);

export const createAttempt =
  (limits: SignInLimits): Attempt =>
  (login, network) => {
    const counted: [Buckets, string][] = [
      [limits.byBoth, `${login} ${network}`],
      [limits.byNetwork, network],
      [limits.byAccount, login],
    ];
    const taken: [Buckets, string][] = [];
    const giveBack = (): void => {
      for (const [buckets, key] of taken) buckets.giveBack(key);
    };
    for (const [buckets, key] of counted) {
      const { allowed, retryAfterSeconds } = buckets.take(key);
      if (!allowed) {
        giveBack();
        throw new Problem("too-many", "Too many attempts. Wait a little, then try again.", {
          retryAfterSeconds,
          reason: "sign-in-limit",
        });
      }
      taken.push([buckets, key]);
    }
    return giveBack;
  };
