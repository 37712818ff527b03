/** URL → what to load → page, and URL → what a form does: the whole web face as two tables. */
import { type AnyElysia, Elysia } from "elysia";
import { siteOf, type WebDeps } from "./face.ts";
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
import { LISTS, LISTS_WITH } from "./forms-lists.ts";
import { PUSH, PUSH_WORKER_PATH } from "./forms-live.ts";
import { ACCOUNT, ADMIN_RELAYS, CARRY, MOVING, PUBLIC_LISTS } from "./forms-moving.ts";
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
import { liveStream } from "./live.ts";
import { LIVE_PATH } from "./live-place.ts";
import * as adminLoads from "./loads/admin.ts";
import * as federationLoads from "./loads/federation.ts";
import * as groupLoads from "./loads/groups.ts";
import * as intentLoads from "./loads/intents.ts";
import * as listLoads from "./loads/lists.ts";
import type { Load } from "./loads/load.ts";
import * as movingLoads from "./loads/moving.ts";
import * as loads from "./loads/pages.ts";
import * as peaceLoads from "./loads/peace.ts";
import * as peerLoads from "./loads/peers.ts";
import * as quoteLoads from "./loads/quotes.ts";
import { search } from "./loads/search.ts";
import * as settingsLoads from "./loads/settings.ts";
import * as tasteLoads from "./loads/tastes.ts";
import { account, accountLoad } from "./posts/account.ts";
import * as accounts from "./posts/accounts.ts";
import { act } from "./posts/act.ts";
import * as admin from "./posts/admin.ts";
import { away, type Late, type Post } from "./posts/answer.ts";
import { appeal, appealLoad } from "./posts/appeal.ts";
import * as deliveries from "./posts/deliveries.ts";
import * as federation from "./posts/federation.ts";
import { makeGroup, saveGroup } from "./posts/group-form.ts";
import { groupAct, joinByLink } from "./posts/groups.ts";
import { announceIntent, followIntent, likeIntent } from "./posts/intents.ts";
import { keptDraft } from "./posts/late.ts";
import * as listPosts from "./posts/lists.ts";
import { carry, moving } from "./posts/moving.ts";
import { markNotices } from "./posts/notices.ts";
import { authorizeLoad, authorizePost } from "./posts/oauth.ts";
import { resetPost } from "./posts/password.ts";
import * as peace from "./posts/peace.ts";
import { saveProfile } from "./posts/profile.ts";
import { push } from "./posts/push.ts";
import { answerQuote } from "./posts/quotes.ts";
import { relays } from "./posts/relays.ts";
import { remoteFollow } from "./posts/remote.ts";
import * as settings from "./posts/settings.ts";
import * as tastes from "./posts/tastes.ts";
import { ARRIVALS, SIGN_IN_PAGES, SIGN_IN_POSTS } from "./routes-sign-in.ts";
import { SITE_PAGES, SITE_POSTS } from "./routes-site.ts";
import { arriveAt, asset, download, notFound, show, submit, toActivity, toObject } from "./serving.ts";
import { favicon, MANIFEST_PATH, manifest, pushWorker, robots } from "./site-files.ts";

const PAGES: Readonly<Record<string, Load>> = {
  [PATHS.home]: loads.home,
  "/@:name": loads.actor("posts"),
  "/@:name/replies": loads.actor("replies"),
  "/@:name/about": loads.actor("about"),
  "/@:name/tagged/:tag": loads.tagged,
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
  [LISTS.path]: listLoads.lists,
  [LISTS_WITH.path]: listLoads.listsWith,
  [`${LISTS.path}/:key`]: listLoads.list,
  [`${LISTS.path}/:key/people`]: listLoads.listPeople,
  [`${LISTS.path}/:key/settings`]: listLoads.listSettings,
  [PATHS.write]: loads.write,
  [REPORT.path]: peaceLoads.report,
  [ADMIN_REPORTS.path]: peaceLoads.reports,
  [`${ADMIN_REPORTS.path}/:key`]: peaceLoads.oneReport,
  [`${ADMIN_PEOPLE.path}/:key`]: peaceLoads.person,
  [APPEAL.path]: appealLoad,
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
  [SEARCH.path]: search,
  [INTERACTION.path]: loads.interaction,
  [REMOTE_FOLLOW.path]: loads.remoteFollow,
  [`${INTENTS.path}/follow`]: intentLoads.follow,
  [`${INTENTS.path}/like`]: intentLoads.like,
  [`${INTENTS.path}/announce`]: intentLoads.announce,
  [`${INTENTS.path}/create`]: intentLoads.create,
  [INTENTS.done]: intentLoads.done,
  [SETUP.path]: loads.setup,
  [SIGN_UP.path]: loads.signUp,
  ...SIGN_IN_PAGES,
  ...SITE_PAGES,
  [PROFILE.path]: settingsLoads.profile,
  [APPEARANCE.path]: settingsLoads.appearance,
  [PASSWORD.path]: settingsLoads.password,
  [SESSIONS.path]: settingsLoads.sessions,
  [APPS.path]: settingsLoads.apps,
  [MOVING.path]: movingLoads.moving,
  [ACCOUNT.path]: accountLoad,
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

const POSTS: Readonly<Record<string, Post>> = {
  [ACT.path]: act,
  [QUOTES.path]: answerQuote,
  [LISTS.path]: listPosts.lists,
  [LISTS_WITH.path]: listPosts.listsWith,
  [GROUP_NEW.path]: makeGroup,
  [GROUP_EDIT.path]: saveGroup,
  [GROUP_ACT.path]: groupAct,
  [GROUP_JOIN.path]: joinByLink,
  [SETUP.path]: accounts.claim,
  [SIGN_UP.path]: accounts.signUp,
  ...SIGN_IN_POSTS,
  ...SITE_POSTS,
  [SIGN_OUT.path]: accounts.signOut,
  [RESET.path]: resetPost,
  [PROFILE.path]: saveProfile,
  [APPEARANCE.path]: settings.saveAppearance,
  [PASSWORD.path]: settings.changePassword,
  [SESSIONS.path]: settings.endSessions,
  [APPS.path]: settings.shutOutApp,
  [MOVING.path]: moving,
  [ACCOUNT.path]: account,
  [CARRY.path]: carry,
  [ADMIN_RELAYS.path]: relays,
  [NOTICES.path]: markNotices,
  [PUSH.path]: push,
  [REPORT.path]: peace.report,
  [GROUP_REPORTS.path]: peace.groupReports,
  [ADMIN_REPORTS.path]: peace.reports,
  [ADMIN_SANCTIONS.path]: peace.sanctions,
  [FILTERS.path]: tastes.filters,
  [MUTES.path]: tastes.mutes,
  [AVOIDED.path]: tastes.servers,
  [STANDING.path]: tastes.standing,
  [APPEAL.path]: appeal,
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

/** Forms in which people write at length. */
const LATE: Readonly<Record<string, Late>> = { [ACT.path]: keptDraft };

/** Where a browser sees what is in a collection of somebody here, below their page; a program is given the collection. */
const PAGE_OF_COLLECTION: Readonly<Record<string, string>> = {
  outbox: "",
  featured: "",
  "featured-tags": "",
  followers: "/followers",
  following: "/following",
};
/** Of those of a post its own page tells. */
const COLLECTIONS_ON_PAGE = ["context", "likes", "replies", "shares"] as const;

export function routes(deps: WebDeps): AnyElysia {
  const app = new Elysia({ name: "web" }).get("/assets/*", ({ request }) => asset(request));
  app.get("/robots.txt", robots).get("/favicon.ico", favicon);
  app.get(PUSH_WORKER_PATH, pushWorker).get(LIVE_PATH, ({ request }) => liveStream(deps, request));
  app.get(MANIFEST_PATH, () => manifest(siteOf(deps)));
  app.get("/users/:name", ({ params }) => away(`/@${encodeURIComponent(params.name)}`));
  app.get("/objects/:key", ({ request, params }) => toObject(deps, request, params));
  for (const [name, page] of Object.entries(PAGE_OF_COLLECTION)) {
    app.get(`/users/:name/${name}`, ({ params }) => away(`/@${encodeURIComponent(params.name)}${page}`));
  }
  for (const name of COLLECTIONS_ON_PAGE) {
    app.get(`/objects/:key/${name}`, ({ request, params }) => toObject(deps, request, params));
  }
  app.get("/activities/:key", ({ request, params }) => toActivity(deps, request, params));
  for (const [path, load] of Object.entries(PAGES)) {
    app.get(path, ({ request, params }) => show(deps, request, params, path, load));
  }
  for (const [path, post] of Object.entries(POSTS)) {
    const form = { post, isPage: path in PAGES || path in ARRIVALS, late: LATE[path] ?? null };
    app.post(path, ({ request, params }) => submit(deps, request, params, form), { parse: "none" });
  }
  for (const [path, arrive] of Object.entries(ARRIVALS)) {
    app.get(path, ({ request, params }) => arriveAt(deps, request, params, arrive));
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
