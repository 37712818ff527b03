/** The consent page: what a program asks for, yes, and no. */
import { Problem } from "../../server/lib/problem.ts";
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import { AUTHORIZE, CSRF_FIELD } from "../forms.ts";
import type { PageView } from "../page.ts";
import { authorizePage } from "../pages/authorize.ts";
import { codePage, deniedPage, refusedPage } from "../pages/authorized.ts";
import type { Answer } from "./answer.ts";

export async function authorizeLoad(deps: WebDeps, visit: Visit): Promise<PageView> {
  const { account } = signedIn(visit);
  if (isForced(visit.url.searchParams))
    throw new Problem("unauthenticated", "Sign in.", { reason: SIGN_IN_AGAIN });
  const asked = await deps.consent.describe(visit.url.searchParams, account);
  if (asked.kind === "refused") return refusedPage(visit.context, asked);
  return authorizePage(visit.context, {
    app: asked.client,
    scopes: asked.scopes,
    returnsTo: asked.returnsTo,
    request: asked.fields,
  });
}

/** The reason of a refusal that leads to the page for signing in, whoever is signed in. */
export const SIGN_IN_AGAIN = "sign-in-again";
/** Mastodon's: a program wants somebody to sign in whatever browser this is, as for a second account. */
const FORCED = "force_login";

const isForced = (params: URLSearchParams): boolean =>
  /^(?:1|t|true|on|yes)$/i.test(params.get(FORCED) ?? "");

/** Where who has signed in comes back to, without being asked to once more. */
export function withoutForce(url: URL): string {
  if (!url.searchParams.has(FORCED)) return url.pathname + url.search;
  const query = new URLSearchParams(url.searchParams);
  query.delete(FORCED);
  return `${url.pathname}?${query}`;
}

export async function authorizePost(deps: WebDeps, visit: Visit, fields: URLSearchParams): Promise<Answer> {
  const { account } = signedIn(visit);
  deps.limits.take(visit.request, "act", account.key);
  const isYes = fields.get(AUTHORIZE.fields.decision) === AUTHORIZE.decisions.allow;
  fields.delete(AUTHORIZE.fields.decision);
  fields.delete(CSRF_FIELD);
  const answered = isYes ? await deps.consent.approve(fields, account) : await deps.consent.deny(fields);
  if (answered.kind === "redirect") return { goTo: answered.to };
  if (answered.kind === "code") return { page: codePage(visit.context, answered.code), status: 200 };
  return { page: deniedPage(visit.context), status: 200 };
}
