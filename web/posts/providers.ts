/** The page on which an admin names places to sign in with, and says who needs a second factor. */

import { parseKey } from "../../server/lib/id.ts";
import { Problem } from "../../server/lib/problem.ts";
import type { Provider } from "../../server/oauth/client/store.ts";
import { permitted, staff, type Visit, type WebDeps } from "../face.ts";
import type { FormState } from "../forms.ts";
import { ADMIN_SIGN_IN } from "../forms-sign-in.ts";
import type { PageView } from "../page.ts";
import { providerPage } from "../pages/admin/provider.ts";
import { providersPage } from "../pages/admin/providers.ts";
import { goTo, orAgain, type Post } from "./answer.ts";

async function listView(deps: WebDeps, visit: Visit, form?: FormState): Promise<PageView> {
  const { get } = deps.accounts.settings;
  return providersPage(visit.context, {
    providers: await deps.elsewhere.providers.list(),
    secondFactor: get("secondFactor"),
    fediverseSignIn: get("fediverseSignIn"),
    insideHosts: deps.elsewhere.insideHosts,
    ...(form ? { form } : {}),
  });
}

function oneView(deps: WebDeps, visit: Visit, provider: Provider | null, form?: FormState): PageView {
  return providerPage(visit.context, {
    provider,
    redirectUri: provider === null ? null : `${deps.origin}/sign-in/back/${provider.key}`,
    ...(form ? { form } : {}),
  });
}

export async function providersLoad(deps: WebDeps, visit: Visit): Promise<PageView> {
  staff(visit);
  return listView(deps, visit);
}

export async function providerLoad(deps: WebDeps, visit: Visit): Promise<PageView> {
  permitted(visit, "change-settings");
  const { key = "" } = visit.params;
  if (key === "new") return oneView(deps, visit, null);
  const provider = await deps.elsewhere.providers.find(parseKey(key) ?? 0);
  if (provider === null) throw new Problem("not-found", "There is no such place. It may be gone already.");
  return oneView(deps, visit, provider);
}

export const providers: Post = async (deps, visit, fields) => {
  const { account } = permitted(visit, "change-settings");
  const { fields: f, actions, path } = ADMIN_SIGN_IN;
  const { flash } = visit.context.words;
  const key = parseKey(fields.get(f.provider));
  switch (fields.get(f.action)) {
    case actions.rules:
      return orAgain(
        visit,
        fields,
        (form) => listView(deps, visit, form),
        async () => {
          const names = [f.secondFactor, f.fediverseSignIn];
          const changes = Object.fromEntries(names.map((name) => [name, fields.get(name)]));
          await deps.accounts.settings.set(changes, account.key);
          return goTo(path, { kind: "good", text: flash.saved });
        },
      );
    case actions.remove: {
      const place = await deps.elsewhere.providers.find(key ?? 0);
      await deps.elsewhere.providers.remove(account, key ?? 0);
      const names = place === null ? [] : await deps.accounts.identities.shutOutBy(place);
      if (names.length === 0) return goTo(path, { kind: "good", text: flash.saved });
      return goTo(path, { kind: "warn", text: visit.context.words.adminSignIn.shutOut(names) });
    }
    case actions.save: {
      const before = key === null ? null : await deps.elsewhere.providers.find(key);
      return orAgain(
        visit,
        fields,
        (form) => oneView(deps, visit, before, form),
        async () => {
          await deps.elsewhere.providers.save(account, key, draftOf(fields));
          return goTo(path, { kind: "good", text: flash.saved });
        },
      );
    }
    default:
      throw new Problem("invalid", "The form does not say what to do.");
  }
};

function draftOf(fields: URLSearchParams) {
  const said = (name: string): string => fields.get(name) ?? "";
  const { fields: f } = ADMIN_SIGN_IN;
  return {
    kind: said(f.kind),
    name: said(f.name),
    issuer: said(f.issuer),
    clientId: said(f.clientId),
    clientSecret: said(f.clientSecret),
    scope: said(f.scope),
    authorizationEndpoint: said(f.authorizationEndpoint),
    tokenEndpoint: said(f.tokenEndpoint),
    userinfoEndpoint: said(f.userinfoEndpoint),
    subjectName: said(f.subjectName),
    admits: said(f.admits),
    domains: said(f.domains),
  };
}
