/** From an address to what its page shows. */

import { bareTag } from "../../server/lib/hashtag.ts";
import { parseKey } from "../../server/lib/id.ts";
import type { Page } from "../../server/lib/page.ts";
import { Problem } from "../../server/lib/problem.ts";
import { fromMarkdownText } from "../../server/lib/text.ts";
import type { ActorView, FeedItem } from "../../server/queries/view.ts";
import type { FeedProps } from "../components/feed.ts";
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import { INTERACTION, SIGN_UP } from "../forms.ts";
import { aboutPage, privacyPage, rulesPage } from "../pages/about.ts";
import { type ActorTab, actorPage } from "../pages/actor.ts";
import { appsToTryPage } from "../pages/apps-to-try.ts";
import { bookmarksPage } from "../pages/bookmarks.ts";
import { homePage } from "../pages/home.ts";
import { landingPage } from "../pages/landing.ts";
import { noticesPage } from "../pages/notices.ts";
import { objectPage } from "../pages/object.ts";
import { peopleListPage, requestsPage } from "../pages/people-list.ts";
import { interactionPage, remoteFollowPage } from "../pages/remote.ts";
import { setupPage } from "../pages/setup.ts";
import { signUpPage } from "../pages/sign-up.ts";
import { tagPage } from "../pages/tag.ts";
import { versionsPage } from "../pages/versions.ts";
import { editPage, writePage } from "../pages/write.ts";
import { signUpProps, withoutInvitation } from "../posts/accounts.ts";
import { ask } from "./ask.ts";
import { groundOf, groupAbout, groupPosts, members } from "./groups.ts";
import { type Load, olderHref, pageRequest } from "./load.ts";
import { quotedFor } from "./quotes.ts";

const LANDING_POSTS = 5;
/** As many as somebody here may pin; of others no more are shown. */
const MAX_PINNED = 5;

export const feedOf = (visit: Visit, page: Page<FeedItem>): FeedProps => ({
  items: page.items,
  olderHref: olderHref(visit, page),
  newestHref: visit.url.searchParams.has("before") ? visit.url.pathname : null,
});

export const home: Load = async (deps, visit) => {
  if (visit.viewer === null) return landing(deps, visit);
  const { actorKey } = visit.viewer;
  const [feed, announcements, failedPosts] = await Promise.all([
    deps.queries.home(actorKey, pageRequest(visit)),
    deps.announcements.for(actorKey, false),
    deps.scheduled.countFailed(actorKey),
  ]);
  return homePage(visit.context, { feed: feedOf(visit, feed), announcements, failedPosts });
};

const landing: Load = async (deps, visit) => {
  const [counts, recent] = await Promise.all([
    deps.accounts.people.count(),
    deps.queries.localPublic(null, { limit: LANDING_POSTS * 2 }),
  ]);
  const shown = recent.items.filter(({ object }) => object.author?.isDiscoverable !== false);
  return landingPage(visit.context, { people: counts.active, recent: shown.slice(0, LANDING_POSTS) });
};

/** @throws Problem `not-found`, or `gone` of whoever lived here. */
async function actorIn(deps: WebDeps, visit: Visit): Promise<ActorView> {
  const name = (visit.params.name ?? "").replace(/^@/, "");
  const actor = await deps.queries.actorByHandle(name);
  if (actor !== null) return actor;
  const resident = await deps.look.find(deps.addresses.actor(name));
  if (resident?.deletedMs != null)
    throw new Problem("gone", resident.type === "Group" ? "This group is gone." : "This account is closed.");
  throw new Problem("not-found", "Nobody of this name is known here.");
}

const relationshipTo = async (deps: WebDeps, { viewer }: Visit, actor: ActorView) =>
  viewer === null
    ? null
    : ((await deps.queries.relationships(viewer.actorKey, [actor.key])).get(actor.key) ?? null);

export const actor =
  (tab: ActorTab): Load =>
  async (deps, visit) => {
    const view = await actorIn(deps, visit);
    const viewer = visit.viewer?.actorKey ?? null;
    // A stranger's visit, a robot's say, sends us nowhere.
    if (viewer !== null && !view.isLocal) await deps.reading(view.key);
    if (view.type === "Group") {
      const group = await (tab === "about" ? groupAbout : groupPosts)(deps, visit, view);
      if (group !== null) return group;
    }
    const page =
      tab === "about"
        ? null
        : await deps.queries.profile(view.key, viewer, pageRequest(visit), {
            withReplies: tab === "replies",
          });
    const isTop = tab === "posts" && !visit.url.searchParams.has("before");
    const [relationship, pinned, tags] = await Promise.all([
      relationshipTo(deps, visit, view),
      isTop ? deps.queries.featured(view.key, viewer, { limit: MAX_PINNED }) : null,
      isTop && view.isLocal ? deps.queries.featuredTags(view.key) : [],
    ]);
    return actorPage(visit.context, {
      actor: view,
      relationship,
      pinned: pinned?.items ?? [],
      tags: tags.map(({ name }) => name),
      tab,
      feed: page && feedOf(visit, page),
    });
  };

/** What somebody wrote with a hashtag that they show on their page. */
export const tagged: Load = async (deps, visit) => {
  const view = await actorIn(deps, visit);
  const viewer = visit.viewer?.actorKey ?? null;
  const tag = bareTag(visit.params.tag ?? "");
  const [relationship, page] = await Promise.all([
    relationshipTo(deps, visit, view),
    deps.queries.profile(view.key, viewer, pageRequest(visit), {
      withReplies: true,
      withShares: false,
      all: [tag],
    }),
  ]);
  const feed = feedOf(visit, page);
  return actorPage(visit.context, { actor: view, relationship, tab: "posts", tag, feed });
};

export const peopleOf =
  (which: "followers" | "following"): Load =>
  async (deps, visit) => {
    const of = await actorIn(deps, visit);
    if (of.type === "Group") return members(deps, visit);
    const page = await deps.queries.people(of.key, which, pageRequest(visit), visit.viewer?.actorKey ?? null);
    const known =
      visit.viewer === null
        ? null
        : await deps.queries.relationships(
            visit.viewer.actorKey,
            page.items.map(({ key }) => key),
          );
    return peopleListPage(visit.context, {
      of,
      which,
      people: page.items.map((person) => ({ actor: person, relationship: known?.get(person.key) ?? null })),
      olderHref: olderHref(visit, page),
    });
  };

/** @throws Problem `not-found`, also for what the viewer may not see. */
async function objectIn(deps: WebDeps, visit: Visit) {
  const key = parseKey(visit.params.key);
  const view = key === null ? null : await deps.queries.object(key, visit.viewer?.actorKey ?? null);
  if (view === null) throw new Problem("not-found", "There is no such post, or you may not see it.");
  return view;
}

export const object: Load = async (deps, visit) => {
  const view = await objectIn(deps, visit);
  if (view.isDeleted) throw new Problem("gone", "This post was deleted.");
  const viewer = visit.viewer?.actorKey ?? null;
  if (viewer !== null) await deps.reading(view.key);
  const after = parseKey(visit.url.searchParams.get("after") ?? "");
  const [thread, arrivals, inGroup] = await Promise.all([
    deps.queries.thread(view.key, viewer, after === null ? {} : { after }),
    viewer !== null && view.mine.isAuthor ? arrivalsOf(deps, view.key, viewer) : null,
    groundOf(deps, viewer, view),
  ]);
  const { ancestors, replies, more } = thread;
  const moreRepliesHref = more === null ? null : `${visit.url.pathname}?after=${more}`;
  return objectPage(visit.context, { view, ancestors, replies, moreRepliesHref, arrivals, inGroup });
};

export const edit: Load = async (deps, visit) => {
  signedIn(visit);
  const view = await objectIn(deps, visit);
  if (!view.mine.isAuthor) throw new Problem("forbidden", "Only its author can change this post.");
  return editPage(visit.context, { view });
};

export const versions: Load = async (deps, visit) => {
  const key = parseKey(visit.params.key);
  const found = key === null ? null : await deps.queries.versions(key, visit.viewer?.actorKey ?? null);
  if (found === null) throw new Problem("not-found", "There is no such post, or you may not see it.");
  return versionsPage(visit.context, found);
};

/** Where a post has arrived, for its author. */
async function arrivalsOf({ queries }: WebDeps, object: number, author: number) {
  const [list, counts] = await Promise.all([
    queries.arrivals(object, author),
    queries.arrivalCounts(object, author),
  ]);
  return { list, ...counts };
}

export const write: Load = async (deps, visit) => {
  const { viewer } = signedIn(visit);
  const quoted = visit.url.searchParams.get("quote");
  return writePage(visit.context, {
    to: visit.url.searchParams.get("to"),
    ...(quoted === null ? {} : await quotedFor(deps, viewer.actorKey, quoted)),
  });
};

export const notices: Load = async (deps, visit) => {
  const { viewer } = signedIn(visit);
  const page = await deps.queries.notices(viewer.actorKey, pageRequest(visit));
  return noticesPage(visit.context, {
    notices: page.items,
    olderHref: olderHref(visit, page),
    upTo: visit.url.searchParams.has("before") ? null : page.newer,
  });
};

export const requests: Load = async (deps, visit) => {
  const { viewer } = signedIn(visit);
  const page = await deps.queries.people(viewer.actorKey, "requests", pageRequest(visit));
  return requestsPage(visit.context, { people: page.items, olderHref: olderHref(visit, page) });
};

export const bookmarks: Load = async (deps, visit) => {
  const { viewer } = signedIn(visit);
  return bookmarksPage(visit.context, {
    feed: feedOf(visit, await deps.queries.bookmarks(viewer.actorKey, pageRequest(visit))),
  });
};

export const tag: Load = async (deps, visit) => {
  const name = bareTag(visit.params.name ?? "");
  const viewer = visit.viewer?.actorKey ?? null;
  const [page, [known]] = await Promise.all([
    deps.queries.hashtag(name, viewer, pageRequest(visit)),
    viewer === null ? [] : deps.queries.tags([name], viewer),
  ]);
  const iri = deps.addresses.tag(name);
  return tagPage(visit.context, {
    name,
    iri,
    isFollowed: known?.isFollowed ?? null,
    isFeatured: known?.isFeatured ?? false,
    feed: feedOf(visit, page),
  });
};

export const remoteFollow: Load = async (deps, visit) => {
  const entity = await deps.look.find(visit.url.searchParams.get("object") ?? "");
  const view =
    entity === null || entity.kind === "actor" ? null : await deps.queries.object(entity.key, null);
  const about = entity?.kind === "actor" ? await deps.queries.actor(entity.key) : (view?.author ?? null);
  if (about === null) throw new Problem("not-found", "There is nothing at this address.");
  return remoteFollowPage(visit.context, { actor: about, object: view });
};

/** Where other servers send people who live here (`?uri=acct:…` or an address). */
export const interaction: Load = async (deps, visit) => {
  const { viewer } = signedIn(visit);
  const uri = (visit.url.searchParams.get(INTERACTION.fields.uri) ?? "").replace(/^acct:/, "");
  const found = uri === "" ? null : await ask(deps, visit, uri);
  if (found === null) return interactionPage(visit.context, { found: null });
  if (found.kind !== "actor") {
    const view = await deps.queries.object(found.key, viewer.actorKey);
    return interactionPage(visit.context, { found: view && { object: view } });
  }
  const view = await deps.queries.actor(found.key);
  const relationship = view && (await relationshipTo(deps, visit, view));
  return interactionPage(visit.context, { found: view && { actor: view, relationship } });
};

export const setup: Load = async (deps, visit) =>
  setupPage(visit.context, {
    token: visit.url.searchParams.get("token"),
    isClaimed: !(await deps.accounts.claim.isOpen()),
  });

export const signUp: Load = async (deps, { context, url: { searchParams } }) => {
  const code = searchParams.get(SIGN_UP.fields.invitation) ?? "";
  const props = await signUpProps(deps, code);
  return signUpPage(context, {
    ...props,
    ...(code !== "" && props.invitation === null ? { form: withoutInvitation(context, code) } : {}),
    returnTo: searchParams.get(SIGN_UP.fields.return),
    withPasskey: searchParams.get(SIGN_UP.with.name) === SIGN_UP.with.passkey,
  });
};

export const appsToTry: Load = async (deps, visit) => appsToTryPage(visit.context, { origin: deps.origin });

export const about: Load = async (deps, visit) => {
  const { get } = deps.accounts.settings;
  return aboutPage(visit.context, {
    aboutHtml: fromMarkdownText(get("about")),
    contact: get("contact"),
    version: deps.version,
    sourceUrl: get("sourceUrl"),
    hasRules: get("rules") !== "",
    hasPrivacy: get("privacy") !== "",
  });
};

export const rules: Load = async (deps, visit) =>
  rulesPage(visit.context, {
    rules: deps.accounts.settings
      .get("rules")
      .split("\n")
      .filter((line) => line.trim() !== ""),
  });

export const privacy: Load = async (deps, visit) =>
  privacyPage(visit.context, { privacyHtml: fromMarkdownText(deps.accounts.settings.get("privacy")) });
