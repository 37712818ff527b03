/** URL → what to load → page, and URL → what a form does: the whole web face as two tables. */
import { type AnyElysia, Elysia } from "elysia";
import { failureOf } from "../server/http/problems.ts";
import { newCode } from "../server/lib/secret.ts";
import { assetResponse } from "./assets/index.ts";
import { signedIn, siteOf, type Visit, visit, type WebDeps } from "./face.ts";
import { isMultipart, readForm } from "./files.ts";
import {
  ACT,
  ADMIN_INVITATIONS,
  ADMIN_JOBS,
  ADMIN_PEERS,
  ADMIN_PEOPLE,
  ADMIN_SETTINGS,
  APPEARANCE,
  APPS,
  AUTHORIZE,
  CSRF_FIELD,
  DELIVERIES,
  INTERACTION,
  NOTICES,
  OWN_INVITATIONS,
  PASSWORD,
  PATHS,
  PROFILE,
  REMOTE_FOLLOW,
  RESET,
  SEARCH,
  SESSIONS,
  SETUP,
  SIGN_IN,
  SIGN_OUT,
  SIGN_UP,
} from "./forms.ts";
import {
  ADMIN_RECORD,
  DOMAIN_DRAFT,
  DOMAIN_EXPORT,
  DOMAIN_LISTS,
  DOMAIN_RULE,
  FEDERATION,
  PUBLIC_RECORD,
  PUBLIC_RULES,
  SEVERED,
} from "./forms-federation.ts";
import { GROUP_ACT, GROUP_EDIT, GROUP_JOIN, GROUP_NEW, GROUPS } from "./forms-groups.ts";
import { ADMIN_RELAYS, CARRY, MOVING, PUBLIC_LISTS } from "./forms-moving.ts";
import {
  ADMIN_REPORTS,
  ADMIN_SANCTIONS,
  APPEAL,
  AVOIDED,
  FILTERS,
  GROUP_REPORTS,
  MUTES,
  REPORT,
  STANDING,
} from "./forms-peace.ts";
import { ADMIN_MEDIA, INTENTS, QUOTES } from "./forms-quotes.ts";
import * as adminLoads from "./loads/admin.ts";
import * as federationLoads from "./loads/federation.ts";
import * as groupLoads from "./loads/groups.ts";
import * as intentLoads from "./loads/intents.ts";
import * as movingLoads from "./loads/moving.ts";
import type { Load } from "./loads/pages.ts";
import * as loads from "./loads/pages.ts";
import * as peaceLoads from "./loads/peace.ts";
import * as peerLoads from "./loads/peers.ts";
import * as quoteLoads from "./loads/quotes.ts";
import * as settingsLoads from "./loads/settings.ts";
import * as tasteLoads from "./loads/tastes.ts";
import type { PageView } from "./page.ts";
import { problemPage } from "./pages/problem.ts";
import { setupPage } from "./pages/setup.ts";
import * as accounts from "./posts/accounts.ts";
import { act } from "./posts/act.ts";
import * as admin from "./posts/admin.ts";
import { goTo, type Post } from "./posts/answer.ts";
import * as deliveries from "./posts/deliveries.ts";
import * as federation from "./posts/federation.ts";
import { makeGroup, saveGroup } from "./posts/group-form.ts";
import { groupAct, joinByLink } from "./posts/groups.ts";
import { announceIntent, followIntent, likeIntent } from "./posts/intents.ts";
import { carry, moving } from "./posts/moving.ts";
import { authorizeLoad, authorizePost, SIGN_IN_AGAIN, withoutForce } from "./posts/oauth.ts";
import { resetLoad, resetPost } from "./posts/password.ts";
import * as peace from "./posts/peace.ts";
import { saveProfile } from "./posts/profile.ts";
import { answerQuote } from "./posts/quotes.ts";
import { relays } from "./posts/relays.ts";
import { remoteFollow } from "./posts/remote.ts";
import * as settings from "./posts/settings.ts";
import * as tastes from "./posts/tastes.ts";
import { pageResponse } from "./render.ts";
import { favicon, MANIFEST_PATH, manifest, robots } from "./site-files.ts";

const PAGES: Readonly<Record<string, Load>> = {
  [PATHS.home]: loads.home,
  "/@:name": loads.actor("posts"),
  "/@:name/replies": loads.actor("replies"),
  "/@:name/about": loads.actor("about"),
  "/@:name/followers": loads.peopleOf("followers"),
  "/@:name/following": loads.peopleOf("following"),
  "/@:name/members": groupLoads.members,
  "/@:name/banned": groupLoads.keptOut("banned"),
  "/@:name/requests": groupLoads.keptOut("requests"),
  "/@:name/invite": groupLoads.invite,
  "/@:name/record": groupLoads.record,
  "/@:name/reports": peaceLoads.groupReports,
  "/@:name/settings": groupLoads.settings,
  "/@:name/:key": loads.object,
  "/@:name/:key/edit": loads.edit,
  "/@:name/:key/quotes": quoteLoads.quotes,
  "/@:name/:key/reactions": quoteLoads.reactions,
  "/@:name/:key/versions": loads.versions,
  "/tags/:name": loads.tag,
  [GROUPS.path]: groupLoads.groups,
  [GROUP_NEW.path]: groupLoads.newGroup,
  [GROUP_JOIN.path]: groupLoads.joinByLink,
  [PATHS.write]: loads.write,
  [REPORT.path]: peaceLoads.report,
  [ADMIN_REPORTS.path]: peaceLoads.reports,
  [`${ADMIN_REPORTS.path}/:key`]: peaceLoads.oneReport,
  [`${ADMIN_PEOPLE.path}/:key`]: peaceLoads.person,
  [APPEAL.path]: peaceLoads.appeal,
  [FILTERS.path]: tasteLoads.filters,
  [MUTES.path]: tasteLoads.mutes,
  [AVOIDED.path]: tasteLoads.servers,
  [STANDING.path]: tasteLoads.standing,
  [PATHS.requests]: loads.requests,
  [PATHS.bookmarks]: loads.bookmarks,
  [PATHS.blocked]: settingsLoads.blocked,
  [PATHS.about]: loads.about,
  [PATHS.appsToTry]: loads.appsToTry,
  [PATHS.rules]: loads.rules,
  [PATHS.privacy]: loads.privacy,
  [NOTICES.path]: loads.notices,
  [SEARCH.path]: loads.search,
  [INTERACTION.path]: loads.interaction,
  [REMOTE_FOLLOW.path]: loads.remoteFollow,
  [`${INTENTS.path}/follow`]: intentLoads.follow,
  [`${INTENTS.path}/like`]: intentLoads.like,
  [`${INTENTS.path}/announce`]: intentLoads.announce,
  [`${INTENTS.path}/create`]: intentLoads.create,
  [INTENTS.done]: intentLoads.done,
  [SETUP.path]: loads.setup,
  [SIGN_UP.path]: loads.signUp,
  [SIGN_IN.path]: loads.signIn,
  [SIGN_IN.forPrograms]: loads.signIn,
  [RESET.path]: resetLoad,
  [PROFILE.path]: settingsLoads.profile,
  [APPEARANCE.path]: settingsLoads.appearance,
  [PASSWORD.path]: settingsLoads.password,
  [SESSIONS.path]: settingsLoads.sessions,
  [APPS.path]: settingsLoads.apps,
  [MOVING.path]: movingLoads.moving,
  [PUBLIC_LISTS.here]: movingLoads.publicList("here"),
  [PUBLIC_LISTS.everywhere]: movingLoads.publicList("everywhere"),
  [ADMIN_RELAYS.path]: movingLoads.relays,
  [AUTHORIZE.path]: authorizeLoad,
  [PATHS.admin]: adminLoads.overview,
  [PATHS.adminBackup]: adminLoads.backup,
  [PATHS.adminLog]: adminLoads.log,
  [ADMIN_PEOPLE.path]: adminLoads.people,
  [ADMIN_INVITATIONS.path]: adminLoads.invitations,
  [OWN_INVITATIONS.path]: adminLoads.ownInvitations,
  [ADMIN_PEERS.path]: peerLoads.peers,
  [`${ADMIN_PEERS.path}/:host`]: peerLoads.peer,
  [ADMIN_JOBS.path]: adminLoads.jobs,
  [ADMIN_MEDIA.path]: adminLoads.media,
  [ADMIN_SETTINGS.path]: adminLoads.settings,
  [FEDERATION.path]: federationLoads.federation,
  [DOMAIN_RULE.path]: federationLoads.domainRule,
  [DOMAIN_LISTS.path]: federationLoads.domainLists,
  [DOMAIN_DRAFT]: federationLoads.domainDraft,
  [ADMIN_RECORD]: federationLoads.adminRecord,
  [PUBLIC_RECORD]: federationLoads.publicRecord,
  [PUBLIC_RULES]: federationLoads.publicRules,
  [SEVERED]: federationLoads.severed,
};

const markNotices: Post = async (deps, visit, fields) => {
  if (visit.viewer)
    await deps.queries.markNoticesRead(visit.viewer.actorKey, Number(fields.get(NOTICES.fields.upTo)));
  return goTo(NOTICES.path);
};

const POSTS: Readonly<Record<string, Post>> = {
  [ACT.path]: act,
  [QUOTES.path]: answerQuote,
  [GROUP_NEW.path]: makeGroup,
  [GROUP_EDIT.path]: saveGroup,
  [GROUP_ACT.path]: groupAct,
  [GROUP_JOIN.path]: joinByLink,
  [SETUP.path]: accounts.claim,
  [SIGN_UP.path]: accounts.signUp,
  [SIGN_IN.path]: accounts.signIn,
  [SIGN_OUT.path]: accounts.signOut,
  [RESET.path]: resetPost,
  [PROFILE.path]: saveProfile,
  [APPEARANCE.path]: settings.saveAppearance,
  [PASSWORD.path]: settings.changePassword,
  [SESSIONS.path]: settings.endSessions,
  [APPS.path]: settings.shutOutApp,
  [MOVING.path]: moving,
  [CARRY.path]: carry,
  [ADMIN_RELAYS.path]: relays,
  [NOTICES.path]: markNotices,
  [REPORT.path]: peace.report,
  [GROUP_REPORTS.path]: peace.groupReports,
  [ADMIN_REPORTS.path]: peace.reports,
  [ADMIN_SANCTIONS.path]: peace.sanctions,
  [FILTERS.path]: tastes.filters,
  [MUTES.path]: tastes.mutes,
  [AVOIDED.path]: tastes.servers,
  [STANDING.path]: tastes.standing,
  [APPEAL.path]: tastes.appeal,
  [AUTHORIZE.path]: authorizePost,
  [REMOTE_FOLLOW.path]: remoteFollow,
  [`${INTENTS.path}/follow`]: followIntent,
  [`${INTENTS.path}/like`]: likeIntent,
  [`${INTENTS.path}/announce`]: announceIntent,
  [ADMIN_PEOPLE.path]: admin.people,
  [ADMIN_INVITATIONS.path]: admin.invitations,
  [OWN_INVITATIONS.path]: admin.ownInvitations,
  [ADMIN_PEERS.path]: deliveries.peers,
  [DELIVERIES.path]: deliveries.deliveries,
  [ADMIN_JOBS.path]: admin.jobs,
  [ADMIN_MEDIA.path]: admin.media,
  [ADMIN_SETTINGS.path]: admin.settings,
  [FEDERATION.path]: federation.federation,
  [DOMAIN_RULE.path]: federation.domainRule,
  [DOMAIN_LISTS.path]: federation.domainLists,
};

/** Pages that work before the server is claimed: everything else shows how to claim it. */
const BEFORE_CLAIM: ReadonlySet<string> = new Set([SETUP.path]);

/** Programs in a browser open these in a window, and are answered by it. */
const OPENED_BY_PROGRAMS: ReadonlySet<string> = new Set([SIGN_IN.path, SIGN_IN.forPrograms, AUTHORIZE.path]);

export function routes(deps: WebDeps): AnyElysia {
  const app = new Elysia({ name: "web" }).get("/assets/*", ({ request }) => asset(request));
  app.get("/robots.txt", robots).get("/favicon.ico", favicon);
  app.get(MANIFEST_PATH, () => manifest(siteOf(deps)));
  app.get("/users/:name", ({ params }) => away(`/@${encodeURIComponent(params.name)}`));
  app.get("/objects/:key", ({ request, params }) => toObject(deps, request, params));
  for (const [path, load] of Object.entries(PAGES)) {
    app.get(path, ({ request, params }) => show(deps, request, params, path, load));
  }
  for (const [path, post] of Object.entries(POSTS)) {
    app.post(path, ({ request, params }) => submit(deps, request, params, post), { parse: "none" });
  }
  app.get(`${DOMAIN_EXPORT}/:form`, ({ request, params }) =>
    download(deps, request, params, federationLoads.exportRules),
  );
  app.get(`${MOVING.path}/:file`, ({ request, params }) =>
    download(deps, request, params, movingLoads.carriedFile),
  );
  app.get("/*", ({ request }) => notFound(deps, request));
  return app as unknown as AnyElysia;
}

async function show(
  deps: WebDeps,
  request: Request,
  params: object,
  path: string,
  load: Load,
): Promise<Response> {
  const visited = await visit(deps, request, decoded(params));
  return orProblem(deps, visited, async () => {
    if (!BEFORE_CLAIM.has(path) && visited.viewer === null && (await deps.accounts.claim.isOpen())) {
      return answer(deps, visited, setupPage(visited.context, { token: null }), 200);
    }
    const spoken = { ...deps, queries: deps.queries.speaking(visited.context.language) };
    return answer(deps, visited, await load(spoken, visited), 200);
  });
}

async function submit(deps: WebDeps, request: Request, params: object, post: Post): Promise<Response> {
  const visited = await visit(deps, request, decoded(params));
  return orProblem(deps, visited, async () => {
    // Who is nobody here need not be listened to for so long.
    if (isMultipart(request.headers.get("content-type") ?? "")) signedIn(visited);
    const { fields, files } = await readForm(request);
    deps.csrf.check(request, fields.get(CSRF_FIELD));
    const done = await post(deps, visited, fields, files);
    if ("page" in done) return answer(deps, visited, done.page, done.status, done.cookies);
    return away(done.goTo, done.cookies);
  });
}

/** Shows what is wrong as a page; visitors who lack a session are sent to sign in and back. */
async function orProblem(deps: WebDeps, visited: Visit, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    const failure = failureOf(error);
    const isAgain = failure.detail.reason === SIGN_IN_AGAIN;
    const isToSignIn = failure.code === "unauthenticated" && (visited.viewer === null || isAgain);
    if (isToSignIn && visited.request.method === "GET") return away(doorFor(visited.url));
    const reference = failure.code === "bug" ? newCode() : null;
    if (reference !== null)
      deps.log.error("A page failed", error, { path: visited.url.pathname, request: reference });
    const page = problemPage(visited.context, {
      code: failure.code,
      message: failure.code === "bug" ? null : failure.message,
      retryAfterSeconds: failure.detail.retryAfterSeconds ?? null,
      reference,
    });
    const response = answer(deps, visited, page, failure.status);
    const { retryAfterSeconds } = failure.detail;
    if (retryAfterSeconds !== undefined) response.headers.set("retry-after", String(retryAfterSeconds));
    return response;
  }
}

/** The page for signing in, and back to `url`, in the language that a program asked for. */
function doorFor(url: URL): string {
  const isForProgram = pageOf(url) === AUTHORIZE.path;
  const door = `${isForProgram ? SIGN_IN.forPrograms : SIGN_IN.path}?${SIGN_IN.fields.return}=`;
  const language = isForProgram ? url.searchParams.get("lang") : null;
  const spoken = language === null ? "" : `&lang=${encodeURIComponent(language)}`;
  return door + encodeURIComponent(withoutForce(url)) + spoken;
}

/** Addresses end in a slash or not. */
const pageOf = (url: URL): string => url.pathname.replace(/(?<=.)\/$/, "");

function answer(
  deps: WebDeps,
  visited: Visit,
  page: PageView,
  status: number,
  cookies: readonly string[] = [],
): Response {
  const response = pageResponse(visited.context, page, status, {
    allowsHttp: deps.isInsecure,
    keepsOpener: OPENED_BY_PROGRAMS.has(pageOf(visited.url)),
  });
  for (const cookie of [...visited.cookies, ...cookies]) response.headers.append("set-cookie", cookie);
  return response;
}

function away(path: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({ location: path, "cache-control": "no-store" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

function asset(request: Request): Response {
  const path = new URL(request.url).pathname;
  return (
    assetResponse(path, request.headers.get("accept-encoding")) ??
    new Response("There is no such file.\n", { status: 404 })
  );
}

/** The address of an object, opened in a browser, is its page. */
async function toObject(deps: WebDeps, request: Request, params: object): Promise<Response> {
  const visited = await visit(deps, request, decoded(params));
  return orProblem(deps, visited, async () => {
    const view = await deps.queries.object(Number(visited.params.key), visited.viewer?.actorKey ?? null);
    return view === null ? notFound(deps, request) : away(view.path);
  });
}

/** What is saved, not shown; null where there is no such file. */
async function download(
  deps: WebDeps,
  request: Request,
  params: object,
  fileOf: (deps: WebDeps, visit: Visit) => Promise<Response | null>,
): Promise<Response> {
  const visited = await visit(deps, request, decoded(params));
  return orProblem(deps, visited, async () => (await fileOf(deps, visited)) ?? notFound(deps, request));
}

async function notFound(deps: WebDeps, request: Request): Promise<Response> {
  const visited = await visit(deps, request, {});
  return answer(deps, visited, problemPage(visited.context, { code: "not-found" }), 404);
}

function decoded(params: object | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params ?? {}).map(([name, value]) => [name, decodeSafely(String(value))]),
  );
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // @NOTE A path that is badly encoded is looked for as it stands, and not found.
    return text;
  }
}
