/** The consent page: what a program asks for, yes, and no. */
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import { AUTHORIZE, CSRF_FIELD } from "../forms.ts";
import type { PageView } from "../page.ts";
import { authorizePage } from "../pages/authorize.ts";
import { codePage, deniedPage, refusedPage } from "../pages/authorized.ts";
import type { Answer } from "./answer.ts";

export async function authorizeLoad(deps: WebDeps, visit: Visit): Promise<PageView> {
  const { account } = signedIn(visit);
  const asked = await deps.consent.describe(visit.url.searchParams, account);
  if (asked.kind === "refused") return refusedPage(visit.context, asked);
  const page = authorizePage(visit.context, {
    app: asked.client,
    scopes: asked.scopes,
    redirectUri: asked.returnsTo,
    request: Object.fromEntries(asked.fields),
  });
  return { ...page, formTargets: asked.formTarget === null ? [] : [asked.formTarget] };
}

export async function authorizePost(deps: WebDeps, visit: Visit, fields: URLSearchParams): Promise<Answer> {
  const { account } = signedIn(visit);
  const isYes = fields.get(AUTHORIZE.fields.decision) === AUTHORIZE.decisions.allow;
  fields.delete(AUTHORIZE.fields.decision);
  fields.delete(CSRF_FIELD);
  const answered = isYes ? await deps.consent.approve(fields, account) : await deps.consent.deny(fields);
  if (answered.kind === "redirect") return { goTo: answered.to };
  if (answered.kind === "code") return { page: codePage(visit.context, answered.code), status: 200 };
  return { page: deniedPage(visit.context), status: 200 };
}
