/** The account itself: its e-mail address, and closing it for good. */
import { Problem } from "../../server/lib/problem.ts";
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import { EMPTY_FORM, type FormState, PATHS } from "../forms.ts";
import { ACCOUNT } from "../forms-moving.ts";
import type { PageView } from "../page.ts";
import { accountPage } from "../pages/settings/account.ts";
import { goTo, orAgain, type Post } from "./answer.ts";
import { isProven, proven, toConfirm } from "./proof.ts";

async function accountView(deps: WebDeps, visit: Visit, form: FormState = EMPTY_FORM): Promise<PageView> {
  const { account } = signedIn(visit);
  return accountPage(visit.context, {
    name: account.name,
    email: account.email,
    alone: await deps.leaving.alone(account),
    isUnlocked: isProven(deps, visit),
    form,
  });
}

export const accountLoad = (deps: WebDeps, visit: Visit): Promise<PageView> => accountView(deps, visit);

export const account: Post = (deps, visit, fields) => {
  signedIn(visit);
  const { fields: f, actions, path } = ACCOUNT;
  const said = visit.context.words.leaving;
  if (!isProven(deps, visit)) return Promise.resolve(toConfirm(path));
  return orAgain(
    visit,
    fields,
    (form) => accountView(deps, visit, form),
    async () => {
      const mine = proven(deps, visit);
      switch (fields.get(f.action)) {
        case actions.email:
          await deps.accounts.people.setEmail(mine, fields.get(f.email) ?? "");
          return goTo(path, { kind: "good", text: said.emailSaved });
        case actions.close:
          requireSure(mine.name, fields.get(f.sure) ?? "");
          await deps.leaving.leave(mine);
          return goTo(PATHS.home, { kind: "good", text: said.closed }, [deps.cookies.clearSession()]);
        default:
          throw new Problem("invalid", "The form does not say what to do.");
      }
    },
  );
};

function requireSure(name: string, written: string): void {
  if (written.trim().replace(/^@/, "").toLowerCase() === name) return;
  throw new Problem("invalid", `Type ${name}, your name here, to close your account.`, {
    field: ACCOUNT.fields.sure,
  });
}
