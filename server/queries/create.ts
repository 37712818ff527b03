/** Builds the reads of this folder from what they need. */
import type { Addresses } from "../core/addresses.ts";
import type { Look } from "../core/behaviour.ts";
import type { Registry } from "../core/registry.ts";
import { findKeyByHandle } from "../core/store.ts";
import type { Now } from "../lib/clock.ts";
import { cleanHtml } from "../lib/html-clean.ts";
import type { Db } from "../storage/db.ts";
import type { Queries } from "./queries.ts";
import { createTimelines } from "./timeline.ts";
import { createViews } from "./views.ts";

export function createQueries(deps: {
  db: Db;
  registry: Registry;
  addresses: Addresses;
  now: Now;
  look: Look;
}): Queries {
  const { db, registry, addresses, now } = deps;
  const views = createViews({ db, registry, addresses, now, clean: cleanHtml, language: "en" });
  const timelines = createTimelines({ db, registry, views });
  const host = new URL(addresses.origin).host;
  const nothing = { items: [], older: null, newer: null };

  return {
    actor: async (key) => (await views.actors([key])).get(key) ?? null,
    actors: views.actors,
    async actorByHandle(written) {
      const handle = written.trim().replace(/^@/, "").toLowerCase();
      const own = handle.endsWith(`@${host}`) ? handle.slice(0, -host.length - 1) : handle;
      const key = await findKeyByHandle(db, own);
      return key === null ? null : ((await views.actors([key])).get(key) ?? null);
    },
    object: async (key, viewer) => (await views.objects([key], viewer)).get(key) ?? null,
    home: timelines.home,
    profile: (actor, viewer, page, options) => timelines.profile(actor, { viewer }, page, options),
    localPublic: (viewer, page) => timelines.local({ viewer }, page),
    hashtag: (name, viewer, page) => timelines.tagged(name, { viewer }, page),
    bookmarks: timelines.bookmarks,
    thread: async () => ({ ancestors: [], replies: [] }),
    relationships: async () => new Map(),
    people: async () => nothing,
    searchPeople: async () => [],
    notices: async () => nothing,
    unreadNotices: async () => 0,
    markNoticesRead: async () => {},
    countRequests: async () => 0,
    collectionPage: async () => ({ total: 0, items: [], older: null }),
    arrivals: async () => null,
  };
}
