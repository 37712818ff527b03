/** Lists of people, and finding them by what one knows of them. */
import { preferencesOf } from "../accounts/preferences.ts";
import type { Addresses } from "../core/addresses.ts";
import { parseKey } from "../lib/id.ts";
import type { Page, PageRequest } from "../lib/page.ts";
import { normaliseHost } from "../lib/url.ts";
import type { Db } from "../storage/db.ts";
import { findClosed } from "./discreet.ts";
import { fillPage } from "./fill.ts";
import * as store from "./store-people.ts";
import type { ActorView } from "./view.ts";
import type { Views } from "./views.ts";

/** Names are compared one by one, so only with this many of those whom the viewer follows: the index may not have them. */
const MAX_NAMES_COMPARED = 500;
/** People here who came last, whom the index may not have yet. */
const MAX_NEWCOMERS = 20;
/** One letter names nobody. */
const MIN_QUERY = 2;
/** Longer than any handle. */
const MAX_QUERY = 200;

/** Lists of an actor that hold people. All but followers and following are the owner's own business. */
export const PEOPLE_LISTS = [
  "followers",
  "following",
  "requests",
  "requested",
  "blocked",
  "muted",
  "endorsements",
  // Of things:
  "likes",
  // Of groups:
  "members",
  "banned",
  "invited",
] as const;
export type PeopleList = (typeof PEOPLE_LISTS)[number];

export interface People {
  /**
   * Newest addition first; the cursor is the activity that added them. Who may ask is for the caller to say; `viewer` is
   * the list's own actor where nobody is named.
   */
  list(actor: number, list: PeopleList, page: PageRequest, viewer?: number | null): Promise<Page<ActorView>>;
  /** The key of an actor by handle in any spelling (`alice`, `@bob@there.example`, `acct:…`), or by `~` and its key. */
  find(handle: string): Promise<number | null>;
  /** By the beginning of a handle, then by a part of a name among people here and those whom the viewer follows. */
  search(query: string, viewer: number | null, limit: number): Promise<readonly ActorView[]>;
}

export function createPeople(deps: { db: Db; addresses: Addresses; views: Views }): People {
  const { db, addresses, views } = deps;
  const ourHost = new URL(addresses.origin).host;

  async function find(text: string): Promise<number | null> {
    if (text.startsWith("~")) {
      const key = parseKey(text.slice(1));
      return key !== null && (await views.actors([key])).has(key) ? key : null;
    }
    const handle = handleOf(text, ourHost);
    return handle === null ? null : store.findByHandle(db, handle);
  }

  return {
    find,
    async list(actor, list, request, viewer = actor) {
      const isCircle = list === "followers" || list === "following";
      if (isCircle && viewer !== actor && (await preferencesOf(db, actor)).hidesCircle)
        return { items: [], older: null, newer: null };
      const page = await fillPage(request, {
        read: (range) => store.findMembers(db, actor, list, range),
        async keep(rows) {
          const shown = rows.filter(({ shown }) => shown === 1);
          if (list !== "following" || viewer === actor) return shown;
          const items = shown.map(({ item }) => item);
          const closed = await findClosed(db, items, viewer);
          return shown.filter(({ item }) => !closed.has(item));
        },
        keyOf: ({ at }) => at,
      });
      const actors = await views.actors(page.items.map(({ item }) => item));
      return { ...page, items: page.items.flatMap(({ item }) => actors.get(item) ?? []) };
    },
    async search(query, viewer, limit) {
      const wanted = query.trim().replace(/^@/, "").toLowerCase().slice(0, MAX_QUERY);
      if (wanted.length < MIN_QUERY) return [];
      const exact = await find(wanted);
      const found = await store.findByHandlePrefix(db, wanted, limit);
      const followed = viewer === null ? [] : await store.findFollowed(db, viewer, MAX_NAMES_COMPARED);
      const near = [...followed, ...(await store.findResidents(db, MAX_NEWCOMERS))];
      const friends = new Set([...followed, viewer, exact]);
      // Without their counts, which take longer than all the rest.
      const { actors: known } = await views.assemble([], new Map(), null, near);
      const named = near.filter((key) => isNamed(known.get(key), wanted));
      const keys = [...new Set([...(exact === null ? [] : [exact]), ...found, ...named])];
      const counted = await views.actors(keys);
      return keys
        .flatMap((key) => counted.get(key) ?? [])
        .filter(({ key, isDiscoverable }) => friends.has(key) || isDiscoverable)
        .slice(0, limit);
    },
  };
}

/** As handles are stored: `alice` for people here, `bob@there.example` in lower case and normal form for others. */
export function handleOf(text: string, ourHost: string): string | null {
  const bare = text
    .trim()
    .replace(/^acct:/i, "")
    .replace(/^@/, "")
    .slice(0, MAX_QUERY);
  const [user = "", host, ...rest] = bare.split("@");
  if (user === "" || rest.length > 0 || /[\s/?#]/.test(user)) return null;
  if (host === undefined) return user.toLowerCase();
  const normal = normaliseHost(host);
  if (normal === null) return null;
  return normal === ourHost ? user.toLowerCase() : `${user.toLowerCase()}@${normal}`;
}

const isNamed = (actor: ActorView | undefined, wanted: string): boolean =>
  actor !== undefined &&
  (actor.name.toLowerCase().includes(wanted) || actor.handle.toLowerCase().includes(wanted));
