/** What the pages need of the rest of the server, and what every request of a browser is made into. */

import type { Account } from "../server/accounts/account.ts";
import type { Accounts } from "../server/accounts/accounts.ts";
import type { Acquaintances } from "../server/accounts/acquaintances.ts";
import type { GroupLinks } from "../server/accounts/group-links.ts";
import type { Groups } from "../server/accounts/groups.ts";
import type { Leaving } from "../server/accounts/leaving.ts";
import type { Once } from "../server/accounts/once.ts";
import { may, type Permission } from "../server/accounts/permissions.ts";
import type { ScheduledPosts } from "../server/accounts/scheduled.ts";
import type { Addresses } from "../server/core/addresses.ts";
import type { Look } from "../server/core/behaviour.ts";
import type { Core } from "../server/core/process.ts";
import type { Archives } from "../server/federation/archive.ts";
import type { Belongings } from "../server/federation/belongings.ts";
import type { IntentAbout } from "../server/federation/intents.ts";
import type { Letters } from "../server/federation/letters.ts";
import type { Moving } from "../server/federation/moving.ts";
import type { Relays } from "../server/federation/relays.ts";
import type { Cookies } from "../server/http/cookies.ts";
import type { Csrf } from "../server/http/csrf.ts";
import type { RateLimits } from "../server/http/rate-limit.ts";
import type { Viewer, Viewers } from "../server/http/viewer.ts";
import type { Now } from "../server/lib/clock.ts";
import type { Log } from "../server/lib/log.ts";
import { Problem } from "../server/lib/problem.ts";
import { newCode } from "../server/lib/secret.ts";
import type { Hub } from "../server/live/hub.ts";
import type { PushSubscriptions } from "../server/live/push-subscriptions.ts";
import type { Media } from "../server/media/upload.ts";
import type { Avoiding } from "../server/moderation/avoiding.ts";
import type { Domains } from "../server/moderation/domains.ts";
import type { Gate } from "../server/moderation/gate.ts";
import type { Lists } from "../server/moderation/lists.ts";
import type { Reports } from "../server/moderation/reports.ts";
import type { Sanctions } from "../server/moderation/sanctions.ts";
import type { AuditRow } from "../server/moderation/store-audit.ts";
import type { Tastes } from "../server/moderation/tastes.ts";
import type { Elsewhere } from "../server/oauth/client/elsewhere.ts";
import type { Authorize } from "../server/oauth/provider/authorize.ts";
import type { Revocation } from "../server/oauth/provider/revoke.ts";
import type { Queries } from "../server/queries/queries.ts";
import type { FeedItem, NoticeView } from "../server/queries/view.ts";
import type { Announcements } from "../server/site/announcements.ts";
import type { CustomEmojis } from "../server/site/emoji.ts";
import { readFlash } from "./flash.ts";
import type { Operations } from "./operations.ts";
import type { PageContext, Theme } from "./page.ts";
import { preferredLanguage, words } from "./words/index.ts";

/** What may be done so often, and then only so often: `look-elsewhere` asks another server, `act` writes. */
export const WEB_RATES = {
  /** Somebody who types names into the search box; each asks another server up to three times. */
  "look-elsewhere": { burst: 30, everyMs: 2_000 },
  /** A class that looks for the same thing behind one address; each is several looks into the index of words. */
  search: { burst: 60, everyMs: 1_000 },
  /** Visitors who say where they live. */
  "remote-follow": { burst: 10, everyMs: 10_000 },
  /** Questions for passkeys: a page for signing in asks for one as it opens, and a school opens it at eight. */
  passkey: { burst: 600, everyMs: 200 },
  /** Setting out to sign in elsewhere and coming back, behind one address of a school; each writes a row. */
  away: { burst: 600, everyMs: 500 },
  /** A lesson's worth of likes and answers at once, then one every two seconds. */
  act: { burst: 120, everyMs: 2_000 },
} as const;

export interface WebDeps {
  readonly origin: string;
  readonly host: string;
  readonly version: string;
  readonly now: Now;
  readonly log: Log;
  readonly isInsecure: boolean;
  readonly core: Core;
  readonly look: Look;
  readonly addresses: Addresses;
  readonly accounts: Accounts;
  /** Signing in with accounts held elsewhere. */
  readonly elsewhere: Elsewhere;
  readonly groups: Groups;
  readonly groupLinks: GroupLinks;
  readonly queries: Queries;
  /** What happens while a page is open. */
  readonly live: Hub<FeedItem, NoticeView>;
  /** Where devices are told of notices while no page is open. */
  readonly push: { readonly publicKey: string; readonly subscriptions: PushSubscriptions };
  readonly viewers: Viewers;
  readonly cookies: Cookies;
  readonly csrf: Csrf;
  /** The actor behind `bob@there.example` or an address, fetched when it is not known. */
  readonly findActor: (handleOrAddress: string) => Promise<number | null>;
  /** Somebody here reads this thing or profile (its key): what other servers have of it is there the next time. */
  readonly reading: (key: number) => Promise<void>;
  /** Consents to a QuoteRequest, by its key, in the name of the quoted author. */
  readonly consentToQuote: (author: number, request: number) => Promise<void>;
  /** Where a person at home elsewhere can act on something here, from their own server's WebFinger. */
  readonly remoteFollowUrl: (handle: string, about: IntentAbout) => Promise<string | null>;
  /** What is decided about other servers, and whether they are let in. */
  readonly domains: Domains;
  readonly gate: Gate;
  readonly lists: Lists;
  /** The log of what staff do, newest first. */
  readonly audit: (asked: {
    readonly isPublic?: boolean;
    /** Only what is about this row. */
    readonly about?: number;
    readonly before: number | null;
    readonly limit: number;
  }) => Promise<{ readonly items: readonly AuditRow[]; readonly older: number | null }>;
  readonly moving: Moving;
  readonly belongings: Belongings;
  readonly archives: Pick<Archives, "state" | "begin" | "find">;
  readonly leaving: Leaving;
  readonly relays: Pick<Relays, "list" | "add" | "remove" | "setLimit">;
  readonly reports: Reports;
  readonly sanctions: Sanctions;
  readonly scheduled: ScheduledPosts;
  readonly announcements: Announcements;
  /** Makes a post (`work` gives its key) once under this name, however often its form is sent. */
  readonly once: Once;
  readonly emoji: CustomEmojis;
  readonly tastes: Tastes;
  readonly avoiding: Avoiding;
  readonly acquaintances: Acquaintances;
  readonly consent: Authorize;
  readonly apps: Pick<Revocation, "list" | "byPerson" | "everyOne">;
  readonly media: Pick<Media, "take">;
  /** Where browsers are led for files of people here, besides this server. */
  readonly mediaOrigin: string | null;
  readonly maxUploadBytes: number;
  readonly operations: Operations;
  /** What is done about posts that do not arrive. */
  readonly letters: Letters;
  readonly limits: RateLimits<keyof typeof WEB_RATES>;
}

/** A request of a browser, with everything that pages and forms ask about it. */
export interface Visit {
  readonly request: Request;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  readonly viewer: Viewer | null;
  readonly account: Account | null;
  readonly context: PageContext;
  /** `Set-Cookie` values that the answer carries. */
  readonly cookies: readonly string[];
}

export async function visit(
  deps: WebDeps,
  request: Request,
  params: Readonly<Record<string, string>>,
): Promise<Visit> {
  const viewer = await deps.viewers.inBrowser(request);
  const account = viewer && (await deps.accounts.people.find(viewer.accountKey));
  return visitBy(deps, request, params, { viewer, account, shown: viewer && (await viewerOf(deps, viewer)) });
}

/** Of somebody who cannot be looked up: asks the database nothing. */
export const visitByAnybody = (deps: WebDeps, request: Request): Visit =>
  visitBy(deps, request, {}, { viewer: null, account: null, shown: null });

function visitBy(
  deps: WebDeps,
  request: Request,
  params: Readonly<Record<string, string>>,
  { viewer, account, shown }: Pick<Visit, "viewer" | "account"> & { readonly shown: PageContext["viewer"] },
): Visit {
  const url = new URL(request.url);
  const { token, setCookie } = deps.csrf.issue(request);
  const flash = readFlash(request);
  // Programs say which language they speak when they send somebody to sign in.
  const asked = [url.searchParams.get("lang"), request.headers.get("accept-language")];
  const language = viewer?.locale ?? preferredLanguage(asked.filter((one) => one !== null).join(", "));
  const context: PageContext = {
    words: words(language),
    language,
    theme: themeOf(request),
    viewer: shown,
    csrf: token,
    once: newCode(),
    site: siteOf(deps),
    path: url.pathname + url.search,
    flash: flash.flash,
    nowMs: deps.now(),
  };
  const cookies = [setCookie, flash.clear].filter((cookie) => cookie !== null);
  return { request, url, params, viewer, account, context, cookies };
}

async function viewerOf(deps: WebDeps, viewer: Viewer): Promise<PageContext["viewer"]> {
  const [actor, unreadNotices, followRequests] = await Promise.all([
    deps.queries.actor(viewer.actorKey),
    deps.queries.unreadNotices(viewer.actorKey),
    deps.queries.countRequests(viewer.actorKey),
  ]);
  return actor && { actor, role: viewer.role, unreadNotices, followRequests };
}

export function siteOf({ accounts, host, maxUploadBytes }: WebDeps): PageContext["site"] {
  const { get } = accounts.settings;
  return {
    name: get("siteName"),
    host,
    description: get("description"),
    accent: get("accent"),
    registration: get("registration"),
    maxUploadBytes,
  };
}

/** Kept in the browser alone: which light one reads in is nobody else's business. */
export const THEME_COOKIE = "theme";

function themeOf(request: Request): Theme {
  const theme = /(?:^|;\s*)theme=(light|dark)(?:;|$)/.exec(request.headers.get("cookie") ?? "")?.[1];
  return theme === "light" || theme === "dark" ? theme : "auto";
}

/** @throws Problem `unauthenticated` for visitors. */
export function signedIn(visit: Visit): { viewer: Viewer; account: Account } {
  if (visit.viewer === null || visit.account === null) throw new Problem("unauthenticated", "Sign in first.");
  return { viewer: visit.viewer, account: visit.account };
}

/** @throws Problem `unauthenticated`, or `forbidden` for those who do not run the server. */
export const staff = (visit: Visit): { viewer: Viewer; account: Account } =>
  permitted(visit, "see-staff-pages");

/** @throws Problem `unauthenticated`, or `forbidden` for those whose role does not have it. */
export function permitted(visit: Visit, permission: Permission): { viewer: Viewer; account: Account } {
  const who = signedIn(visit);
  if (may(who.viewer.role, permission)) return who;
  throw new Problem("forbidden", "This is for the people who run this server. Ask one of them.");
}
