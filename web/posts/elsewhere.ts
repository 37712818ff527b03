/** Setting out to sign in elsewhere, coming back, and making an account with what was found out there. */

import type { Identity } from "../../server/accounts/identities.ts";
import { MAX_NAME_LENGTH } from "../../server/accounts/names.ts";
import { connectionOf, originOfRequest } from "../../server/http/connection.ts";
import { parseKey } from "../../server/lib/id.ts";
import { isJsonObject } from "../../server/lib/json.ts";
import { isProblem, Problem } from "../../server/lib/problem.ts";
import { sha256 } from "../../server/lib/secret.ts";
import { admittedBy } from "../../server/oauth/client/elsewhere.ts";
import type { Returned } from "../../server/oauth/client/finish.ts";
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import { type FormState, localReturn, PATHS, SIGN_IN } from "../forms.ts";
import { AWAY, AWAY_USES, FACTORS, JOIN } from "../forms-sign-in.ts";
import { joinPage } from "../pages/join.ts";
import { waitingPage } from "../pages/sign-up-ends.ts";
import { type Answer, goTo, orAgain, type Post } from "./answer.ts";
import { orAppeal } from "./appeal.ts";
import { sessionCookie, stepCookie } from "./cookies.ts";
import { factorsView } from "./factors.ts";
import { isProven, proven, toConfirm } from "./proof.ts";
import { admitted, confirmView, signInView } from "./sign-in.ts";

/** Time to choose a name, and to read the rules. */
const ARRIVED_MS = 30 * 60 * 1000;

/** Of the secret that the forms of this browser are tied to, so that nobody else's answer is taken for its own. */
const bindingOf = ({ context }: Visit): string => sha256(`away ${context.csrf}`);

/** The page with the button that was pressed, for when it cannot be done. */
const VIEWS: Readonly<Record<(typeof AWAY_USES)[number], typeof signInView>> = {
  "sign-in": signInView,
  link: (deps, visit, _returnTo, form) => factorsView(deps, visit, form),
  confirm: confirmView,
};

export const away: Post = (deps, visit, fields) => {
  deps.limits.take(visit.request, "away");
  const { fields: f } = AWAY;
  const use = AWAY_USES.find((one) => one === fields.get(f.use)) ?? "sign-in";
  const returnTo = localReturn(fields.get(f.return), PATHS.home);
  if (use === "link" && visit.viewer !== null && !isProven(deps, visit))
    return Promise.resolve(toConfirm(FACTORS.path));
  const account = use === "sign-in" ? null : use === "link" ? proven(deps, visit) : signedIn(visit).account;
  return orAgain(
    visit,
    fields,
    (form) => VIEWS[use](deps, visit, returnTo, form),
    async () => {
      const server = fields.get(f.server);
      const to =
        server === null
          ? ({ kind: "provider", key: parseKey(fields.get(f.provider)) ?? 0 } as const)
          : ({ kind: "server", name: server } as const);
      const address = await deps.elsewhere.start({
        to,
        use,
        binding: bindingOf(visit),
        account: account?.key ?? null,
        session: account === null ? null : (visit.viewer?.sessionKey ?? null),
        returnTo,
        invitation: fields.get(f.invitation),
        network: connectionOf(visit.request).addressPrefix,
      });
      return { goTo: address };
    },
  );
};

export async function backLoad(deps: WebDeps, visit: Visit): Promise<Answer> {
  deps.limits.take(visit.request, "away");
  const returned = await orSignIn(visit, () =>
    deps.elsewhere.finish(visit.params.from ?? "", visit.url.searchParams, bindingOf(visit)),
  );
  if ("goTo" in returned) return returned;
  const { journey, identity } = returned;
  const path = localReturn(journey.returnTo, PATHS.home);
  if (journey.use === "sign-in") {
    const origin = originOfRequest(visit.request);
    const known = await deps.accounts.identities.accountOf(identity);
    const admission = await orSignIn(visit, () =>
      orAppeal(deps, known, async () => ({ found: await deps.accounts.identities.signIn(identity, origin) })),
    );
    if ("goTo" in admission) return admission;
    return admission.found === null ? arrived(deps, returned) : admitted(deps, admission.found, path);
  }
  const { account, viewer } = signedIn(visit);
  if (account.key !== returned.account || viewer.sessionKey !== journey.session)
    throw new Problem("forbidden", "Somebody else is signed in by now. Begin again.");
  return orSettings(visit, path, async () => {
    if (journey.use === "link") {
      await deps.accounts.identities.link(account, identity);
      const said = visit.context.words.factors.linked(identity.place);
      return goTo(FACTORS.path, { kind: "good", text: said });
    }
    if ((await deps.accounts.identities.accountOf(identity)) !== account.key) {
      throw new Problem("forbidden", "That was another account. Choose the one that is linked.");
    }
    await deps.accounts.sessions.prove(viewer.sessionKey ?? 0);
    return goTo(path);
  });
}

/** Whatever was wrong elsewhere is told on the page where one can try again. */
async function orSignIn<T>(visit: Visit, work: () => Promise<T>): Promise<T | { readonly goTo: string }> {
  try {
    return await work();
  } catch (error) {
    if (!isProblem(error)) throw error;
    return goTo(visit.viewer === null ? SIGN_IN.path : FACTORS.path, {
      kind: "bad",
      text: visit.context.words.problem.said(error.message),
    }) as {
      readonly goTo: string;
    };
  }
}

async function orSettings(visit: Visit, path: string, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!isProblem(error)) throw error;
    return goTo(path === PATHS.home ? FACTORS.path : path, {
      kind: "bad",
      text: visit.context.words.problem.said(error.message),
    });
  }
}

/** What waits while somebody chooses a name. */
interface Arrived {
  readonly identity: Identity;
  readonly profile: Returned["profile"];
  readonly verifiedEmail: string | null;
  readonly isAdmitted: boolean;
  readonly invitation: string | null;
  readonly returnTo: string;
}

async function arrived(deps: WebDeps, returned: Returned): Promise<Answer> {
  const { identity, profile, verifiedEmail, provider, journey } = returned;
  const data = {
    identity: { ...identity },
    profile: { ...profile },
    verifiedEmail,
    isAdmitted: admittedBy(provider, verifiedEmail),
    invitation: journey.invitation,
    returnTo: journey.returnTo,
  };
  const step = await deps.accounts.steps.begin("arrived", ARRIVED_MS, { data });
  return goTo(JOIN.path, null, [stepCookie(deps, step)]);
}

async function arrivedIn(deps: WebDeps, visit: Visit): Promise<{ token: string; who: Arrived } | null> {
  const token = deps.cookies.step(visit.request);
  const step = token === null ? null : await deps.accounts.steps.look("arrived", token);
  if (token === null || !isJsonObject(step?.data)) return null;
  return { token, who: step.data as unknown as Arrived };
}

const joinView = (deps: WebDeps, visit: Visit, who: Arrived, form?: FormState) =>
  joinPage(visit.context, {
    place: who.identity.place,
    label: who.identity.label,
    suggested: {
      name: suggestedName(who.profile.name),
      displayName: who.profile.displayName,
      email: who.verifiedEmail ?? who.profile.email ?? "",
    },
    isAdmitted: who.isAdmitted,
    invitation: who.invitation,
    domains: deps.accounts.settings.get("allowedDomains"),
    hasRules: deps.accounts.settings.get("rules") !== "",
    ...(form ? { form } : {}),
  });

/** What can be a name here, as near as possible. */
const suggestedName = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\s.-]+/g, "_")
    .replace(/[^a-z0-9_]/g, "")
    .slice(0, MAX_NAME_LENGTH);

export async function joinLoad(deps: WebDeps, visit: Visit): Promise<Answer> {
  const here = await arrivedIn(deps, visit);
  if (here === null) return goTo(SIGN_IN.path);
  return { page: joinView(deps, visit, here.who), status: 200 };
}

export const join: Post = async (deps, visit, fields) => {
  const here = await arrivedIn(deps, visit);
  const { words } = visit.context;
  if (here === null) return goTo(SIGN_IN.path, { kind: "warn", text: words.second.over });
  const { fields: f } = JOIN;
  const said = (name: string): string => (fields.get(name) ?? "").trim();
  const { who, token } = here;
  return orAgain(
    visit,
    fields,
    (form) => joinView(deps, visit, who, form),
    async () => {
      const email = said(f.email).toLowerCase();
      const account = await deps.accounts.identities.join(
        who.identity,
        {
          name: said(f.name),
          displayName: said(f.displayName),
          email,
          reason: said(f.reason),
          invitation: said(f.invitation),
          locale: visit.context.language,
        },
        { atOnce: who.isAdmitted, verifiedEmail: email === who.verifiedEmail ? who.verifiedEmail : null },
        originOfRequest(visit.request),
      );
      await deps.accounts.steps.take("arrived", token);
      const done = [deps.cookies.clearStep()];
      if (account.state === "pending")
        return { page: waitingPage(visit.context), status: 200, cookies: done };
      const proof = { how: "elsewhere", via: who.identity.place } as const;
      const session = await deps.accounts.sessions.create(account.key, originOfRequest(visit.request), proof);
      return goTo(localReturn(who.returnTo, PATHS.home), { kind: "good", text: words.flash.welcome }, [
        sessionCookie(deps, session),
        ...done,
      ]);
    },
  );
};
