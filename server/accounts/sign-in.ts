/** Signing in with a name or e-mail address and a password. */
import type { Buckets } from "../lib/buckets.ts";
import { Problem } from "../lib/problem.ts";
import type { Db } from "../storage/db.ts";
import type { Account, Origin } from "./account.ts";
import type { Admission, Admitting } from "./admission.ts";
import type { PasswordHasher } from "./hashing.ts";
import { findForSignIn } from "./store.ts";

export interface SignInRequest {
  /** A name or an e-mail address, as typed. */
  readonly login: string;
  readonly password: string;
}

export interface SignInLimits {
  /** By account and network: somebody who forgot. */
  readonly byBoth: Buckets;
  /** By network, whatever the account: somebody who tries names. */
  readonly byNetwork: Buckets;
  /** By account, whatever the network: many machines that try one account. */
  readonly byAccount: Buckets;
}

export interface SignIn {
  /**
   * Throws Problem `unauthenticated` (wrong, or not yet let in) or `too-many`. Takes as long when there is no
   * such account, and says no more. Where a second factor is asked for, there is no session yet.
   */
  signIn(request: SignInRequest, origin: Origin): Promise<Admission>;
  /** The password alone, for changes that ask for it again. Throws as above. */
  confirm(account: Account, password: string, origin: Origin): Promise<void>;
}

/** Longer than any name or address; limits count by it. */
const MAX_LOGIN_LENGTH = 254;

export function createSignIn(deps: {
  db: Db;
  passwords: PasswordHasher;
  admitting: Admitting;
  limits: SignInLimits;
}): SignIn {
  const { db, passwords, admitting, limits } = deps;

  /** Counts the attempt before the password is looked at; returns how to take the count back. */
  function attempt(login: string, network: string): () => void {
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
  }

  async function verified(login: string, password: string, origin: Origin): Promise<Account> {
    const found = await findForSignIn(db, login);
    // By the account's own name, so that its address does not give as many attempts again.
    const giveBack = attempt(found?.account.name ?? login, origin.addressPrefix);
    if (!(await passwords.verify(password, found?.password ?? null)) || !found) {
      throw new Problem("unauthenticated", "The name or the password is wrong.", {
        field: "password",
        reason: "wrong-password",
      });
    }
    giveBack();
    return found.account;
  }

  return {
    async signIn(request, origin) {
      const login = request.login.trim().replace(/^@/, "").toLowerCase().slice(0, MAX_LOGIN_LENGTH);
      const account = await verified(login, request.password, origin);
      return admitting.admit(account, { how: "password" }, origin);
    },
    async confirm(account, password, origin) {
      await verified(account.name, password, origin);
    },
  };
}
