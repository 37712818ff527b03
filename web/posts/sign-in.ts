/** Signing in: the password, the second question, passkeys, and showing once more who one is. */
import type { Admission } from "../../server/accounts/admission.ts";
import { originOfRequest } from "../../server/http/connection.ts";
import { isProblem, Problem } from "../../server/lib/problem.ts";
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import { type FormState, localReturn, PATHS, SIGN_IN, SIGN_UP } from "../forms.ts";
import { CONFIRM, FACTORS, PASSKEY, PASSKEY_USES, type PasskeyUse, SECOND } from "../forms-sign-in.ts";
import type { Flash, PageView } from "../page.ts";
import { secondPage } from "../pages/second.ts";
import { confirmPage } from "../pages/settings/confirm.ts";
import { signInPage } from "../pages/sign-in.ts";
import { type Answer, goTo, orAgain, type Post } from "./answer.ts";
import { orAppeal } from "./appeal.ts";
import { sessionCookie, stepCookie } from "./cookies.ts";
import { factorsView, sheetOrSaved } from "./factors.ts";
import { proven } from "./proof.ts";

const text = (fields: URLSearchParams, name: string): string => (fields.get(name) ?? "").trim();

/** In, or to the second question. */
export function admitted(
  deps: WebDeps,
  admission: Admission,
  returnTo: string,
  flash: Flash | null = null,
): Answer {
  if (admission.kind === "in")
    return goTo(returnTo, flash, [sessionCookie(deps, admission.session), deps.cookies.clearStep()]);
  return goTo(`${SECOND.path}?return=${encodeURIComponent(returnTo)}`, null, [
    stepCookie(deps, admission.step),
  ]);
}

export async function signInView(
  deps: WebDeps,
  visit: Visit,
  returnTo: string,
  form?: FormState,
): Promise<PageView> {
  return signInPage(visit.context, {
    returnTo,
    places: await placesToSignIn(deps),
    takesServers: deps.elsewhere.takesServers(),
    ...(form ? { form } : {}),
  });
}

/** Where else people can sign in, for buttons. */
export const placesToSignIn = async (deps: WebDeps) =>
  (await deps.elsewhere.places()).map(({ key, name }) => ({ provider: String(key), place: name }));

export const signInLoad = (deps: WebDeps, visit: Visit): Promise<PageView> =>
  signInView(deps, visit, localReturn(visit.url.searchParams.get(SIGN_IN.fields.return), PATHS.home));

export const signIn: Post = (deps, visit, fields) => {
  const { fields: f } = SIGN_IN;
  const returnTo = localReturn(fields.get(f.return), PATHS.home);
  return orAgain(
    visit,
    fields,
    (form) => signInView(deps, visit, returnTo, form),
    async () => {
      const request = { login: text(fields, f.name), password: fields.get(f.password) ?? "" };
      const admission = await deps.accounts.signIn(request, originOfRequest(visit.request));
      return admitted(deps, admission, returnTo);
    },
  );
};

/** The question that the browser's cookie belongs to; null when it is over. */
const questionOf = async (deps: WebDeps, visit: Visit) => {
  const step = deps.cookies.step(visit.request);
  const question = step === null ? null : await deps.accounts.admitting.question(step);
  return step === null || question === null ? null : { step, ...question };
};

export async function secondLoad(deps: WebDeps, visit: Visit): Promise<Answer> {
  const returnTo = localReturn(visit.url.searchParams.get(SECOND.fields.return), PATHS.home);
  const question = await questionOf(deps, visit);
  if (question === null) return goTo(`${SIGN_IN.path}?return=${encodeURIComponent(returnTo)}`);
  return { page: secondPage(visit.context, { ...question, returnTo }), status: 200 };
}

export const second: Post = async (deps, visit, fields) => {
  const returnTo = localReturn(fields.get(SECOND.fields.return), PATHS.home);
  const question = await questionOf(deps, visit);
  const code = text(fields, SECOND.fields.code);
  return orStartAgain(deps, visit, returnTo, () =>
    orAgain(
      visit,
      fields,
      (form) =>
        secondPage(visit.context, {
          codes: question?.codes ?? true,
          passkeys: question?.passkeys ?? false,
          returnTo,
          form,
        }),
      async () => {
        const step = question?.step ?? "";
        const admission = await deps.accounts.admitting.answerCode(
          step,
          code,
          originOfRequest(visit.request),
        );
        return admitted(deps, admission, returnTo);
      },
    ),
  );
};

/** Where a step is over, one signs in anew, and is told so. */
async function orStartAgain(
  deps: WebDeps,
  visit: Visit,
  returnTo: string,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const answer = await work();
  if (!("page" in answer) || answer.status !== 410) return answer;
  const over = { kind: "warn", text: visit.context.words.second.over } as const;
  const path = visit.viewer === null ? SIGN_IN.path : CONFIRM.path;
  return goTo(`${path}?return=${encodeURIComponent(returnTo)}`, over, [deps.cookies.clearStep()]);
}

/** @throws Problem `invalid`. */
function useOf(fields: URLSearchParams): PasskeyUse {
  const use = PASSKEY_USES.find((one) => one === fields.get(PASSKEY.fields.use));
  if (use === undefined) throw new Problem("invalid", "The form does not say what the passkey is for.");
  return use;
}

/** The question for the device, for the script of the page. */
export const passkeyOptions: Post = async (deps, visit, fields) => {
  deps.limits.take(visit.request, "passkey");
  const { passkeys } = deps.accounts;
  switch (useOf(fields)) {
    case "sign-in":
      return { json: await passkeys.beginSignIn() };
    case "second": {
      const question = await questionOf(deps, visit);
      if (question === null) throw new Problem("gone", "That took too long. Sign in again.");
      return { json: await passkeys.beginAgain(question.account) };
    }
    case "confirm":
      return { json: await passkeys.beginAgain(signedIn(visit).account) };
    case "new":
      return { json: await passkeys.beginNew(proven(deps, visit)) };
    case "join":
      return { json: await orProblem(visit, () => passkeys.beginJoin(text(fields, SIGN_UP.fields.name))) };
  }
};

/** In words for the script of the page, before a device makes something that is good for nothing. */
async function orProblem<T>(
  { context }: Visit,
  work: () => Promise<T>,
): Promise<T | { readonly problem: string }> {
  try {
    return await work();
  } catch (error) {
    if (!isProblem(error)) throw error;
    return { problem: context.words.problem.said(error.message) };
  }
}

/** The device's answer, taken out of the form: good once, so that a form that is shown again is answered anew. */
export function answerOf(fields: URLSearchParams): { readonly token: string; readonly credential: string } {
  const { fields: f } = PASSKEY;
  const answer = { token: fields.get(f.token) ?? "", credential: fields.get(f.credential) ?? "" };
  for (const name of [f.token, f.credential]) fields.delete(name);
  return answer;
}

export const passkey: Post = async (deps, visit, fields) => {
  const { fields: f } = PASSKEY;
  const returnTo = localReturn(fields.get(f.return), PATHS.home);
  const answer = answerOf(fields);
  const origin = originOfRequest(visit.request);
  const { passkeys, admitting, sessions } = deps.accounts;
  switch (useOf(fields)) {
    case "sign-in":
      return orAgain(
        visit,
        fields,
        (form) => signInView(deps, visit, returnTo, form),
        async () => {
          const account = await passkeys.finishSignIn(answer);
          return orAppeal(deps, account.key, async () =>
            admitted(deps, await admitting.admit(account, { how: "passkey" }, origin), returnTo),
          );
        },
      );
    case "second": {
      const question = await questionOf(deps, visit);
      if (question === null) return goTo(SIGN_IN.path);
      return orAgain(
        visit,
        fields,
        (form) => secondPage(visit.context, { ...question, returnTo, form }),
        async () => {
          await passkeys.finishAgain(question.account, answer);
          return admitted(
            deps,
            await admitting.answerPasskey(question.step, question.account, origin),
            returnTo,
          );
        },
      );
    }
    case "confirm": {
      const { account, viewer } = signedIn(visit);
      return orAgain(
        visit,
        fields,
        (form) => confirmView(deps, visit, returnTo, form),
        async () => {
          await passkeys.finishAgain(account, answer);
          await sessions.prove(viewer.sessionKey ?? 0);
          return goTo(returnTo);
        },
      );
    }
    case "join":
      throw new Problem("invalid", "This form goes elsewhere. Load the page again.");
    case "new":
      return orAgain(
        visit,
        fields,
        (form) => factorsView(deps, visit, form),
        async () => {
          const account = proven(deps, visit);
          const name = text(fields, f.name);
          const { recovery } = await passkeys.finishNew(
            account,
            { ...answer, name },
            visit.viewer?.sessionKey ?? 0,
          );
          return sheetOrSaved(visit, recovery, returnTo);
        },
      );
  }
};

export async function confirmView(
  deps: WebDeps,
  visit: Visit,
  returnTo: string,
  form?: FormState,
): Promise<PageView> {
  const { account } = signedIn(visit);
  const [{ passkeys }, places] = await Promise.all([
    deps.accounts.factors.of(account.key),
    deps.elsewhere.placesOf(account.key),
  ]);
  return confirmPage(visit.context, {
    name: account.name,
    hasPassword: account.hasPassword,
    hasPasskeys: passkeys,
    places: places.map(({ key, name }) => ({ provider: String(key), place: name })),
    returnTo,
    ...(form ? { form } : {}),
  });
}

export const confirmLoad = (deps: WebDeps, visit: Visit): Promise<PageView> =>
  confirmView(deps, visit, localReturn(visit.url.searchParams.get(CONFIRM.fields.return), FACTORS.path));

export const confirm: Post = (deps, visit, fields) => {
  const { account, viewer } = signedIn(visit);
  const returnTo = localReturn(fields.get(CONFIRM.fields.return), FACTORS.path);
  return orAgain(
    visit,
    fields,
    (form) => confirmView(deps, visit, returnTo, form),
    async () => {
      try {
        const password = fields.get(CONFIRM.fields.password) ?? "";
        await deps.accounts.confirm(account, password, originOfRequest(visit.request));
      } catch (error) {
        if (!isProblem(error) || error.detail.reason !== "wrong-password") throw error;
        throw new Problem("invalid", "This is not your password.", { field: CONFIRM.fields.password });
      }
      await deps.accounts.sessions.prove(viewer.sessionKey ?? 0);
      return goTo(returnTo);
    },
  );
};
