/** What the pages of settings show of the person who is signed in. */
import { MAX_PAGE_SIZE } from "../../server/lib/page.ts";
import { hostOf } from "../../server/lib/url.ts";
import { deviceOf } from "../device.ts";
import { signedIn } from "../face.ts";
import { appearancePage } from "../pages/settings/appearance.ts";
import { appsPage } from "../pages/settings/apps.ts";
import { blockedPage } from "../pages/settings/blocked.ts";
import { passwordPage } from "../pages/settings/password.ts";
import { profileSettingsPage } from "../pages/settings/profile.ts";
import { sessionsPage } from "../pages/settings/sessions.ts";
import { profileOf } from "../posts/profile.ts";
import { type Load, olderHref, pageRequest } from "./load.ts";

export const profile: Load = async (deps, visit) =>
  profileSettingsPage(visit.context, { profile: await profileOf(deps, signedIn(visit).viewer.actorKey) });

export const appearance: Load = async (_deps, visit) => {
  signedIn(visit);
  return appearancePage(visit.context);
};

export const password: Load = async (_deps, visit) =>
  passwordPage(visit.context, { isFirst: !signedIn(visit).account.hasPassword });

export const sessions: Load = async (deps, visit) => {
  const { account, viewer } = signedIn(visit);
  const [all, apps] = await Promise.all([
    deps.accounts.sessions.list(account.key),
    deps.apps.list(account.key),
  ]);
  return sessionsPage(visit.context, {
    hasApps: apps.length > 0,
    serverKey: deps.push.publicKey,
    sessions: all.map((session) => ({
      id: String(session.key),
      device: deviceOf(session.agent),
      createdMs: session.createdMs,
      lastUsedMs: session.seenMs,
      isThis: session.key === viewer.sessionKey,
      how: session.how,
      via: session.via,
      factor: session.factor,
    })),
  });
};

export const apps: Load = async (deps, visit) => {
  const { account } = signedIn(visit);
  const all = await deps.apps.list(account.key);
  return appsPage(visit.context, {
    apps: all.map((app) => ({
      id: String(app.key),
      name: app.clientName,
      website: app.clientWebsite,
      host: hostOf(app.clientId),
      scopes: app.scopes,
      createdMs: app.createdMs,
      lastUsedMs: app.seenMs,
    })),
  });
};

export const blocked: Load = async (deps, visit) => {
  const { viewer } = signedIn(visit);
  const request = { ...pageRequest(visit), limit: MAX_PAGE_SIZE };
  const page = await deps.queries.people(viewer.actorKey, "blocked", request);
  return blockedPage(visit.context, { blocked: page.items, olderHref: olderHref(visit, page) });
};
