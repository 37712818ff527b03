/** A new password by a one-time link, which somebody who runs the server hands over. */
import { isProblem } from "../../server/lib/problem.ts";
import type { Visit, WebDeps } from "../face.ts";
import { type FormState, RESET } from "../forms.ts";
import type { PageView } from "../page.ts";
import { resetOverPage, resetPage } from "../pages/reset.ts";
import { type Answer, formOf, goTo, orAgain } from "./answer.ts";

export async function resetLoad(deps: WebDeps, visit: Visit): Promise<Answer> {
  const page = await pageFor(deps, visit, visit.url.searchParams.get(RESET.fields.token) ?? "");
  return page === null ? over(visit) : { page, status: 200 };
}

/** Null where the link was used, or is too old. */
async function pageFor(
  deps: WebDeps,
  visit: Visit,
  token: string,
  form?: FormState,
): Promise<PageView | null> {
  const account = await deps.accounts.passwords.findReset(token);
  return account && resetPage(visit.context, { token, name: account.name, ...(form ? { form } : {}) });
}

const over = ({ context }: Visit): Answer => ({ page: resetOverPage(context), status: 410 });

export async function resetPost(deps: WebDeps, visit: Visit, fields: URLSearchParams): Promise<Answer> {
  const token = fields.get(RESET.fields.token) ?? "";
  const form = formOf(fields);
  const done = goTo("/sign-in", { kind: "good", text: visit.context.words.flash.passwordChanged });
  const isDone = async () => (await deps.accounts.steps.look("renewed", form)) !== null;
  if ((await deps.accounts.passwords.findReset(token)) === null) return (await isDone()) ? done : over(visit);
  return orAgain(
    visit,
    fields,
    async (form) => (await pageFor(deps, visit, token, form)) ?? resetOverPage(visit.context),
    async () => {
      try {
        await deps.accounts.passwords.reset(token, fields.get(RESET.fields.password) ?? "", form);
      } catch (error) {
        if (!isProblem(error) || !(await isDone())) throw error;
      }
      return done;
    },
  );
}
