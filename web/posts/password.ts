/** A new password by a one-time link, which somebody who runs the server hands over. */
import { Problem } from "../../server/lib/problem.ts";
import type { Visit, WebDeps } from "../face.ts";
import { type FormState, RESET } from "../forms.ts";
import type { PageView } from "../page.ts";
import { resetPage } from "../pages/reset.ts";
import { type Answer, goTo, orAgain } from "./answer.ts";

export async function resetLoad(deps: WebDeps, visit: Visit): Promise<PageView> {
  return pageFor(deps, visit, visit.url.searchParams.get(RESET.fields.token) ?? "");
}

async function pageFor(deps: WebDeps, visit: Visit, token: string, form?: FormState): Promise<PageView> {
  const account = await deps.accounts.passwords.findReset(token);
  if (account === null)
    throw new Problem("gone", "This link was used already, or is too old. Ask for a new one.");
  return resetPage(visit.context, { token, name: account.name, ...(form ? { form } : {}) });
}

export function resetPost(deps: WebDeps, visit: Visit, fields: URLSearchParams): Promise<Answer> {
  const token = fields.get(RESET.fields.token) ?? "";
  return orAgain(
    fields,
    (form) => pageFor(deps, visit, token, form),
    async () => {
      await deps.accounts.passwords.reset(token, fields.get(RESET.fields.password) ?? "");
      return goTo("/sign-in", { kind: "good", text: visit.context.words.flash.passwordChanged });
    },
  );
}
