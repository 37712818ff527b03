/** The answer of those who are suspended: they have no session, and show in the way of signing in who they are. */
import { originOfRequest } from "../../server/http/connection.ts";
import { HOUR_MS } from "../../server/lib/durations.ts";
import { isProblem, Problem } from "../../server/lib/problem.ts";
import type { Sanction } from "../../server/moderation/sanction.ts";
import type { Visit, WebDeps } from "../face.ts";
import type { FormState } from "../forms.ts";
import { APPEAL } from "../forms-peace.ts";
import type { PageView } from "../page.ts";
import { appealPage } from "../pages/appeal.ts";
import { goTo, orAgain, type Post } from "./answer.ts";
import { stepCookie } from "./cookies.ts";

/** Time to think, and to write. */
const CLOSED_MS = HOUR_MS;

/** The suspension that somebody may still answer; null where there is none. */
const unanswered = async (deps: WebDeps, account: number): Promise<Sanction | null> =>
  (await deps.sanctions.of(account)).find(
    ({ kind, liftedMs, appealedMs }) => kind === "suspend" && liftedMs === null && appealedMs === null,
  ) ?? null;

/**
 * Lets somebody in who was recognised without a password; where the account is suspended and they have not answered that
 * yet, leads them to where they can.
 */
export async function orAppeal<T>(
  deps: WebDeps,
  account: number | null,
  work: () => Promise<T>,
): Promise<T | { readonly goTo: string }> {
  try {
    return await work();
  } catch (error) {
    const isClosed = isProblem(error) && error.detail.reason === "account-disabled";
    if (!isClosed || account === null || (await unanswered(deps, account)) === null) throw error;
    const step = await deps.accounts.steps.begin("closed", CLOSED_MS, { account });
    return goTo(APPEAL.path, null, [stepCookie(deps, step)]) as { readonly goTo: string };
  }
}

/** Who was led here by `orAppeal` in this browser. */
async function recognised(deps: WebDeps, { request }: Visit): Promise<number | null> {
  const token = deps.cookies.step(request);
  return token === null ? null : ((await deps.accounts.steps.look("closed", token))?.account ?? null);
}

export const appealLoad = async (deps: WebDeps, visit: Visit): Promise<PageView> =>
  appealPage(visit.context, { isRecognised: (await recognised(deps, visit)) !== null });

/** The proof of who it is opens nothing else. */
export const appeal: Post = async (deps, visit, fields) => {
  const { fields: f } = APPEAL;
  const known = await recognised(deps, visit);
  return orAgain(
    visit,
    fields,
    (form: FormState) => appealPage(visit.context, { form, isRecognised: known !== null }),
    async () => {
      const account =
        known ??
        (await closedAccount(deps, visit.request, fields.get(f.name) ?? "", fields.get(f.password) ?? ""));
      const suspension = await unanswered(deps, account);
      if (!suspension)
        throw new Problem("conflict", "You have answered already, or there is nothing to answer.");
      await deps.sanctions.appeal(account, suspension.key, fields.get(f.appeal) ?? "");
      const cookies = known === null ? [] : [deps.cookies.clearStep()];
      return { page: appealPage(visit.context, { isSent: true }), status: 200, cookies };
    },
  );
};

/** Asks for the password in the way of signing in, with all its limits. */
async function closedAccount(
  deps: WebDeps,
  request: Request,
  login: string,
  password: string,
): Promise<number> {
  try {
    await deps.accounts.signIn({ login, password }, originOfRequest(request));
  } catch (error) {
    if (!isProblem(error) || error.detail.reason !== "account-disabled") throw error;
    const name = login.trim().replace(/^@/, "").toLowerCase();
    const account = await deps.accounts.people.findByName(name);
    if (account) return account.key;
    throw new Problem("invalid", "Write your name here, not your e-mail address.", {
      field: APPEAL.fields.name,
    });
  }
  throw new Problem("conflict", "This account is not closed. You can sign in.", {
    field: APPEAL.fields.name,
  });
}
