/** The rows of signing in: pages, forms, and where one comes back from elsewhere. */
import type { Visit, WebDeps } from "./face.ts";
import { PATHS, RESET, SIGN_IN, SIGN_OUT } from "./forms.ts";
import {
  ADMIN_SIGN_IN,
  AWAY,
  CODES,
  CONFIRM,
  FACTORS,
  JOIN,
  PASSKEY,
  RECOVER,
  RECOVERY_FILE,
  SECOND,
} from "./forms-sign-in.ts";
import type { Load } from "./loads/load.ts";
import * as accounts from "./posts/accounts.ts";
import type { Answer, Post } from "./posts/answer.ts";
import * as elsewhere from "./posts/elsewhere.ts";
import * as factors from "./posts/factors.ts";
import { resetLoad } from "./posts/password.ts";
import * as providers from "./posts/providers.ts";
import * as recover from "./posts/recover.ts";
import * as signIn from "./posts/sign-in.ts";

export const SIGN_IN_PAGES: Readonly<Record<string, Load>> = {
  [SIGN_IN.path]: signIn.signInLoad,
  [SIGN_IN.forPrograms]: signIn.signInLoad,
  [RECOVER.path]: recover.recoverLoad,
  [CONFIRM.path]: signIn.confirmLoad,
  [FACTORS.path]: factors.factorsLoad,
  [ADMIN_SIGN_IN.path]: providers.providersLoad,
  [`${ADMIN_SIGN_IN.path}/:key`]: providers.providerLoad,
};

export const SIGN_IN_POSTS: Readonly<Record<string, Post>> = {
  [SIGN_IN.path]: signIn.signIn,
  [SECOND.path]: signIn.second,
  [RECOVER.path]: recover.recover,
  [PASSKEY.path]: signIn.passkey,
  [PASSKEY.options]: signIn.passkeyOptions,
  [PASSKEY.join]: accounts.joinWithPasskey,
  [CONFIRM.path]: signIn.confirm,
  [AWAY.path]: elsewhere.away,
  [JOIN.path]: elsewhere.join,
  [FACTORS.path]: factors.factors,
  [CODES.path]: factors.codes,
  [RECOVERY_FILE.path]: factors.recoveryFile,
  [ADMIN_SIGN_IN.path]: providers.providers,
};

/** Pages that may lead elsewhere, change something before anything is shown, or be over. */
export const ARRIVALS: Readonly<Record<string, (deps: WebDeps, visit: Visit) => Promise<Answer>>> = {
  [SECOND.path]: signIn.secondLoad,
  [JOIN.path]: elsewhere.joinLoad,
  [`${AWAY.back}/:from`]: elsewhere.backLoad,
  [CODES.path]: factors.codesLoad,
  [RESET.path]: resetLoad,
};

/** Where those are led who must have a second factor and have none; afterwards they go on to where they were going. */
export function beforeFactor({ request, context }: Visit): string {
  if (request.method !== "GET" || context.path === PATHS.home) return FACTORS.path;
  return `${FACTORS.path}?${FACTORS.return}=${encodeURIComponent(context.path)}`;
}

/** What they can do before. */
const POSSIBLE: ReadonlySet<string> = new Set([
  FACTORS.path,
  CODES.path,
  CONFIRM.path,
  AWAY.path,
  PASSKEY.path,
  PASSKEY.options,
  RECOVERY_FILE.path,
  SIGN_OUT.path,
]);

/** Whether somebody has to set up a second factor before they do this. */
export function mustSetUp({ viewer, url }: Visit): boolean {
  if (viewer?.mustSetUp !== true) return false;
  const path = url.pathname.replace(/\/$/, "");
  return !POSSIBLE.has(path) && !path.startsWith(`${AWAY.back}/`);
}
