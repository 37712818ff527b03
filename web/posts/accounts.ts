/** Claiming, signing up, in and out: forms of people who have no session yet. */
import { originOfRequest, sameConnection } from "../../server/http/connection.ts";
import { isProblem } from "../../server/lib/problem.ts";
import { type Visit, visit as visitOf, type WebDeps } from "../face.ts";
import { type FormState, localReturn, SETUP, SIGN_UP } from "../forms.ts";
import type { Flash, PageContext } from "../page.ts";
import { recoveryPage } from "../pages/settings/recovery.ts";
import { setupPage } from "../pages/setup.ts";
import { signUpPage } from "../pages/sign-up.ts";
import { type Answer, formOf, goTo, orAgain, type Post } from "./answer.ts";
import { sessionCookie } from "./cookies.ts";
import { admitted, answerOf, placesToSignIn } from "./sign-in.ts";

const text = (fields: URLSearchParams, name: string): string => (fields.get(name) ?? "").trim();

/** A session for somebody who has just proven who they are; never for one who waits for approval. */
async function signedInAs(deps: WebDeps, visit: Visit, key: number): Promise<readonly string[]> {
  const session = await deps.accounts.sessions.create(key, originOfRequest(visit.request));
  return [sessionCookie(deps, session)];
}

export const claim: Post = (deps, visit, fields) => {
  const { fields: f } = SETUP;
  const again = (form: Parameters<typeof setupPage>[1]["form"]) =>
    setupPage(visit.context, { token: text(fields, f.token) || null, ...(form ? { form } : {}) });
  const claimed = { kind: "good", text: visit.context.words.flash.claimed } as const;
  const password = fields.get(f.password) ?? "";
  const form = formOf(fields);
  const work = async (): Promise<Answer> => {
    const account = await deps.accounts.claim.claim(text(fields, f.token), {
      name: text(fields, f.name),
      password,
      form,
      displayName: text(fields, f.displayName),
      email: text(fields, f.email),
      locale: visit.context.language,
    });
    const siteName = text(fields, f.siteName);
    if (siteName !== "") await deps.accounts.settings.set({ siteName });
    const cookies = await signedInAs(deps, visit, account.key);
    return goTo("/", claimed, cookies);
  };
  return orAgain(visit, fields, again, () =>
    orAsJoined(deps, visit, { form, password }, work, ["/", claimed]),
  );
};

export const signUp: Post = (deps, visit, fields) => {
  const { fields: f } = SIGN_UP;
  const returnTo = localReturn(fields.get(f.return), "/");
  const welcome = { kind: "good", text: visit.context.words.flash.welcome } as const;
  const again = async (form: Parameters<typeof signUpPage>[1]["form"]) =>
    signUpPage(visit.context, {
      ...(await signUpProps(deps, text(fields, f.invitation))),
      returnTo: fields.get(f.return),
      ...(form ? { form } : {}),
    });
  const form = formOf(fields);
  const request = { name: text(fields, f.name), password: fields.get(f.password) ?? "" };
  const work = async (): Promise<Answer> => {
    const account = await deps.accounts.signUp(
      {
        ...request,
        form,
        displayName: text(fields, f.displayName),
        email: text(fields, f.email),
        reason: text(fields, f.reason),
        invitation: text(fields, f.invitation),
        locale: visit.context.language,
      },
      originOfRequest(visit.request),
    );
    if (account.state === "pending") return waiting(visit);
    return goTo(returnTo, welcome, await signedInAs(deps, visit, account.key));
  };
  const sent = { form, password: request.password };
  return orAgain(visit, fields, again, () => orAsJoined(deps, visit, sent, work, [returnTo, welcome]));
};

/** Whoever has joined by this very form already, where `work` is refused for that, comes in as the first tap lets them. */
async function orAsJoined(
  deps: WebDeps,
  visit: Visit,
  { form, password }: { readonly form: string; readonly password: string },
  work: () => Promise<Answer>,
  [returnTo, flash]: readonly [string, Flash],
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    const joined = isProblem(error) ? await deps.accounts.steps.look("joined", form) : null;
    const account = joined?.account ? await deps.accounts.people.find(joined.account) : null;
    if (account === null) throw error;
    if (account.state === "pending") return waiting(visit);
    // The password is asked for anew, as is whatever else was decided about the account meanwhile.
    const again = { login: account.name, password };
    const admission = await deps.accounts.signIn(again, originOfRequest(visit.request));
    return admitted(deps, admission, returnTo, flash);
  }
}

const waiting = ({ context }: Visit): Answer => ({
  page: signUpPage(context, { isWaiting: true }),
  status: 200,
});

/** The same with a passkey in place of the password. */
export const joinWithPasskey: Post = (deps, visit, fields) => {
  const { fields: f } = SIGN_UP;
  const answer = answerOf(fields);
  const again = async (form: Parameters<typeof signUpPage>[1]["form"]) =>
    signUpPage(visit.context, {
      ...(await signUpProps(deps, text(fields, f.invitation))),
      returnTo: fields.get(f.return),
      withPasskey: true,
      ...(form ? { form } : {}),
    });
  return orAgain(visit, fields, again, async () => {
    const origin = originOfRequest(visit.request);
    const { account, recovery: codes } = await deps.accounts.passkeys.finishJoin(
      answer,
      {
        name: text(fields, f.name),
        displayName: text(fields, f.displayName),
        email: text(fields, f.email),
        reason: text(fields, f.reason),
        invitation: text(fields, f.invitation),
        locale: visit.context.language,
      },
      origin,
    );
    if (account.state === "pending")
      return { page: recoveryPage(visit.context, { codes, returnTo: "/", isNew: true }), status: 200 };
    const session = await deps.accounts.sessions.create(account.key, origin, { how: "passkey" });
    const cookie = sessionCookie(deps, session);
    const returnTo = localReturn(fields.get(f.return), "/");
    const next = await visitWith(deps, visit.request, cookie);
    const page = recoveryPage(next.context, { codes, returnTo, isNew: true });
    return { page, status: 200, cookies: [cookie], visit: next };
  });
};

/** The visit as it goes on with the cookie that its answer sets: the forms of the page belong to the new session. */
function visitWith(deps: WebDeps, request: Request, setCookie: string): Promise<Visit> {
  const [cookie = ""] = setCookie.split(";", 1);
  const headers = new Headers(request.headers);
  // Where a name comes twice the first counts.
  headers.set("cookie", `${cookie}; ${headers.get("cookie") ?? ""}`);
  return visitOf(deps, sameConnection(request, new Request(request.url, { headers })), {});
}

/** What the sign-up page shows besides the form: who invited, which domains, whether there are rules. */
export async function signUpProps(deps: WebDeps, code: string) {
  const invitation = code === "" ? null : await deps.accounts.invitations.find(code);
  const inviter = invitation && (await deps.queries.actor(invitation.creator));
  return {
    invitation: invitation && { code: invitation.code, invitedBy: inviter?.name ?? null },
    domains: deps.accounts.settings.get("allowedDomains"),
    hasRules: deps.accounts.settings.get("rules") !== "",
    places: await placesToSignIn(deps),
  };
}

/** The form of somebody whose invitation is no good (any more): where none is needed they go on without it. */
export function withoutInvitation({ words, site }: PageContext, code: string): FormState {
  const name = SIGN_UP.fields.invitation;
  const isNeeded = site.registration === "invitation";
  const message = isNeeded ? words.signUp.invitationOver : words.signUp.invitationOverFree;
  return { values: isNeeded ? { [name]: code } : {}, problem: { field: name, message } };
}

export const signOut: Post = async (deps, visit) => {
  const token = deps.cookies.session(visit.request);
  if (token !== null) await deps.accounts.sessions.end(token);
  return goTo("/", { kind: "good", text: visit.context.words.flash.signedOut }, [
    deps.cookies.clearSession(),
  ]);
};
