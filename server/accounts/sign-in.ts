/** Signing in with a name or e-mail address and a password. */
import { Problem } from "../lib/problem.ts";
import type { Db } from "../storage/db.ts";
import type { Account, Origin } from "./account.ts";
import type { Admission, Admitting } from "./admission.ts";
import { type Attempt, plainLogin } from "./attempts.ts";
import type { PasswordHasher } from "./hashing.ts";
import { findForSignIn } from "./store.ts";

export interface SignInRequest {
  /** A name or an e-mail address, as typed. */
  readonly login: string;
  readonly password: string;
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

export function createSignIn(deps: {
  db: Db;
  passwords: PasswordHasher;
  admitting: Admitting;
  attempt: Attempt;
}): SignIn {
  const { db, passwords, admitting, attempt } = deps;

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
      const account = await verified(plainLogin(request.login), request.password, origin);
      return admitting.admit(account, { how: "password" }, origin);
    },
    async confirm(account, password, origin) {
      await verified(account.name, password, origin);
    },
  };
}
