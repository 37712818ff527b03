/** Builds the reads of this folder from what they need. */
import type { Addresses } from "../core/addresses.ts";
import type { Look } from "../core/behaviour.ts";
import type { Listeners } from "../core/listeners.ts";
import type { Registry } from "../core/registry.ts";
import { findTotals, releaseParsed } from "../core/store.ts";
import type { Now } from "../lib/clock.ts";
import { cleanHtml } from "../lib/html-clean.ts";
import type { Keys } from "../lib/id.ts";
import type { Log } from "../lib/log.ts";
import { createLru } from "../lib/lru.ts";
import type { Db } from "../storage/db.ts";
import { createArrivals } from "./arrivals.ts";
import { createCircleReads } from "./circles.ts";
import { createCollections } from "./collection.ts";
import { createGroupReads } from "./groups.ts";
import { createKeptPages } from "./kept-pages.ts";
import { createListReads } from "./lists.ts";
import { createLiveReads } from "./live.ts";
import { createMarkReads } from "./marks.ts";
import { createNotices } from "./notices.ts";
import { createPeople } from "./people.ts";
import { createPersonal } from "./personal.ts";
import { type Pictures, PLAIN_PICTURES } from "./pictures.ts";
import type { Queries } from "./queries.ts";
import { createQuoting } from "./quoting.ts";
import { createRelationships } from "./relationship.ts";
import { createSearchQueries } from "./searching.ts";
import { createSieves, type TasteOf } from "./sifting.ts";
import { createTagReads } from "./tags.ts";
import { createThreads } from "./thread.ts";
import { createTimelines } from "./timeline.ts";
import { createTrends } from "./trends.ts";
import { createVersions } from "./versions.ts";
import { createViews } from "./views.ts";

/** Of programs, which do not say what they read. */
const DEFAULT_LANGUAGE = "en";
/** In which the same reads are kept; a person may ask for any. */
const MAX_LANGUAGES = 50;

export function createQueries(deps: {
  db: Db;
  registry: Registry;
  addresses: Addresses;
  keys: Keys;
  now: Now;
  log: Log;
  look: Look;
  /** What happens here: whoever does something is read anew. */
  listeners: Listeners;
  /** Nothing where every address is shown as it is. */
  pictures?: Pictures;
  /** What people do not want to read; without it everybody takes everything. */
  tastes?: { readonly of: TasteOf };
}): Queries {
  const { db, registry, addresses, now, pictures = PLAIN_PICTURES } = deps;
  const views = createViews({
    db,
    registry,
    addresses,
    now,
    log: deps.log,
    pictures,
    clean: cleanHtml,
    language: DEFAULT_LANGUAGE,
  });
  deps.listeners.listen(({ actor }) => views.forget(actor));
  const sieveFor = createSieves({ tasteOf: deps.tastes?.of, now });
  const timelines = createTimelines({ db, registry, views, sieveFor });
  const people = createPeople({ db, addresses, views });
  const threads = createThreads({ db, views, sieveFor });
  const { versions } = createVersions({ db, registry, addresses, pictures, clean: cleanHtml, views });
  const notices = createNotices({ db, now, views, sieveFor, tasteOf: deps.tastes?.of, pictures });

  const quoting = createQuoting({ db, views, clean: cleanHtml });
  const pages = createKeptPages({ db, now });
  const arrivals = createArrivals({ db, registry, now });
  const { relationships } = createRelationships({ db });
  const marks = createMarkReads({ db });
  const collections = createCollections({ db });
  const circles = createCircleReads({ db, views });
  const lists = createListReads({ db, views });
  const tags = createTagReads({ db, addresses, now });

  const live = createLiveReads({ db, now, addresses, registry, views, notices, sieveFor });

  const searching = createSearchQueries({ db, views, people, timelines, tasteOf: deps.tastes?.of });
  const groupDeps = { db, look: deps.look, views, people, timelines, sieveFor };

  const spoken = createLru<Queries>(MAX_LANGUAGES);
  const speaking = (language: string): Queries => {
    const known = spoken.get(language);
    if (known) return known;
    const queries = inLanguage(language);
    spoken.set(language, queries);
    return queries;
  };

  const inLanguage = (language: string): Queries => {
    const personal = createPersonal({ db, now, notices, views, sieveFor }, language);
    return {
      speaking,
      releaseMemory() {
        pages.releaseMemory();
        views.releaseMemory();
        releaseParsed();
      },
      live,
      actor: async (key) => (await views.actors([key])).get(key) ?? null,
      actors: views.actors,
      actorsForStaff: async (keys) => (await views.assemble([], new Map(), null, keys)).actors,
      async actorByHandle(handle) {
        const key = await people.find(handle);
        return key === null ? null : ((await views.actors([key])).get(key) ?? null);
      },
      object: async (key, viewer) => (await views.objects([key], viewer, language, "whole")).get(key) ?? null,
      objects: (keys, viewer) => views.objects(keys, viewer, language),
      home: (viewer, page) =>
        pages.keep("home", [viewer, page, language], () => timelines.home(viewer, page, language)),
      ofList: (list, viewer, page) =>
        pages.keep("list", [list, viewer, page, language], () =>
          timelines.ofList(list, viewer, page, language),
        ),
      profile: (actor, viewer, page, options) =>
        pages.keep("profile", [actor, viewer, page, options, language], () =>
          timelines.profile(actor, { viewer, language }, page, options),
        ),
      localPublic: (viewer, page, narrowing) =>
        pages.keep("local", [viewer, page, narrowing, language], () =>
          timelines.local({ viewer, language }, page, narrowing),
        ),
      everywhere: (viewer, page, narrowing) =>
        pages.keep("everywhere", [viewer, page, narrowing, language], () =>
          timelines.everywhere({ viewer, language }, page, narrowing),
        ),
      hashtag: (name, viewer, page, narrowing) =>
        timelines.tagged([name].flat(), { viewer, language }, page, narrowing),
      liked: (viewer, page) => timelines.liked(viewer, page, language),
      featured: (actor, viewer, page) => timelines.featured(actor, { viewer, language }, page),
      mutedThreads: (viewer, page) => timelines.mutedThreads(viewer, page, language),
      bookmarks: (viewer, page) => timelines.bookmarks(viewer, page, language),
      thread: async (key, viewer, request) =>
        (await threads.thread(key, viewer, { ...request, language })) ?? {
          ancestors: [],
          replies: [],
          more: null,
        },
      versions: (key, viewer) => versions(key, viewer, language),
      relationships,
      people: people.list,
      notices: (viewer, page) =>
        pages.keep("notices", [viewer, page, language], () => notices.page(viewer, page, language)),
      async unreadNotices(viewer) {
        const { count } = await pages.keep("unread", [viewer], async () => ({
          count: await notices.unread(viewer),
        }));
        return count;
      },
      markNoticesRead: notices.markRead,
      async countRequests(viewer) {
        const totals = await findTotals(db, [viewer], ["requests"]);
        return totals.get(viewer)?.get("requests") ?? 0;
      },
      collectionPage: collections.page,
      ...createGroupReads(groupDeps, language),
      ...searching(language, createGroupReads(groupDeps, language)),
      ...personal,
      noticesAsked: (viewer, page, asked) =>
        pages.keep("notices asked", [viewer, page, asked, language], () =>
          personal.noticesAsked(viewer, page, asked),
        ),
      ...createTrends({ db, keys: deps.keys, now, views, sieveFor }, language),
      ...arrivals,
      ...circles,
      ...lists,
      ...quoting,
      ...marks,
      ...tags,
    };
  };
  return speaking(DEFAULT_LANGUAGE);
}
