/** What many talk about these days: tags, posts and links, counted now and then from what is here. */
import type { Now } from "../lib/clock.ts";
import { DAY_MS } from "../lib/durations.ts";
import { type Keys, keyAt, MAX_KEY, timeOfKey } from "../lib/id.ts";
import { isJsonObject, parseJson } from "../lib/json.ts";
import { record } from "../moderation/audit.ts";
import type { Db } from "../storage/db.ts";
import { parseStored } from "./object-parts.ts";
import { oneLine, webUrl } from "./plain.ts";
import type { SieveFor } from "./sifting.ts";
import { findDocuments, findRows } from "./store.ts";
import * as store from "./store-trends.ts";
import type { ActorView, ObjectView } from "./view.ts";
import type { Views } from "./views.ts";

/** Days of which figures are shown. */
const DAYS = 7;
/** What is new: of older things nobody talks "these days". */
const RECENT_MS = 2 * DAY_MS;
/** Posts of one count, the newest; a busy server has them in a day. */
const MAX_COUNTED = 50_000;
/** Posts in whose texts links are looked for. */
const MAX_READ = 2_000;
/** Posts of one look: a few milliseconds. */
const AT_ONCE = 250;
/** Kept of each kind. */
const MAX_TRENDS = 40;
/** Candidates, of whose authors some may not want to be found. */
const MAX_CANDIDATES = 3 * MAX_TRENDS;
/** Posts that are remembered with a link: a page of them. */
const MAX_POSTS = 40;
/** One person alone is no trend. */
const MIN_PEOPLE = 2;
const MAX_TITLE = 200;

export type { TrendKind } from "./store-trends.ts";

export interface TrendDay {
  /** Its beginning (UTC). */
  readonly dayMs: number;
  readonly uses: number;
  readonly people: number;
}

export interface Trend {
  /** The tag without `#`, or the address. */
  readonly name: string;
  /** What a link is called where somebody wrote it; else its address. */
  readonly title: string;
  /** Today first. */
  readonly days: readonly TrendDay[];
}

export interface TrendReads {
  trendingTags(): Promise<readonly Trend[]>;
  trendingLinks(): Promise<readonly Trend[]>;
  trendingPosts(viewer: number | null): Promise<readonly ObjectView[]>;
  /** Posts with a link that many talk about, the newest first; none for any other address. */
  postsWithLink(url: string, viewer: number | null): Promise<readonly ObjectView[]>;
  /** For the staff: names with whether they are hidden. */
  trendsForStaff(
    kind: store.TrendKind,
  ): Promise<readonly { readonly trend: Trend; readonly isHidden: boolean }[]>;
  hideTrend(by: number, kind: store.TrendKind, name: string, isHidden: boolean): Promise<void>;
  /** Counts anew; run it now and then. */
  countTrends(): Promise<void>;
}

interface Use {
  readonly name: string;
  readonly object: number;
  readonly title?: string;
  readonly owner: number;
  readonly atMs: number;
}

export function createTrends(
  deps: { db: Db; keys: Keys; now: Now; views: Views; sieveFor: SieveFor },
  language: string,
): TrendReads {
  const { db, keys, now, views } = deps;

  const read = async (kind: store.TrendKind, withHidden = false): Promise<readonly Trend[]> =>
    (await store.findTrends(db, kind, withHidden)).map(trendOf);

  /** Those of the people who may be shown to others who did not ask for them. */
  async function discoverable(owners: readonly number[]): Promise<ReadonlySet<number>> {
    const actors = await views.actors([...new Set(owners)]);
    return new Set([...actors.values()].filter(isShown).map(({ key }) => key));
  }

  /** What is open to all of the last days, some at a time, so that nobody else waits for long. */
  async function* recent(sinceMs: number): AsyncGenerator<readonly store.OpenRow[]> {
    const after = keyAt(sinceMs);
    let before = MAX_KEY;
    for (let read = 0; read < MAX_COUNTED; read += AT_ONCE) {
      const rows = await store.findOpen(db, { after, before, limit: AT_ONCE });
      if (rows.length > 0) yield rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < AT_ONCE) return;
      before = last.key;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async function count(nowMs: number) {
    const tags: Use[] = [];
    const links: Use[] = [];
    const liked: { readonly object: number; readonly owner: number; readonly total: number }[] = [];
    const newSince = keyAt(nowMs - RECENT_MS);
    let read = 0;
    for await (const rows of recent(nowMs - DAYS * DAY_MS)) {
      const owners = new Map(rows.map(({ key, owner }) => [key, owner]));
      const useOf = (object: number) => ({ object, owner: owners.get(object) ?? 0, atMs: timeOfKey(object) });
      for (const { name, object } of await store.findTagsOf(db, [...owners.keys()]))
        tags.push({ name, ...useOf(object) });
      const fresh = rows.flatMap(({ key }) => (key > newSince ? key : []));
      if (fresh.length === 0) continue;
      for (const { object, total } of await store.findLiked(db, fresh))
        liked.push({ object, total, owner: owners.get(object) ?? 0 });
      if (read >= MAX_READ) continue;
      read += fresh.length;
      for (const row of await findDocuments(db, fresh)) {
        const { content } = parseStored(row);
        if (typeof content !== "string") continue;
        for (const link of linksIn(content)) links.push({ ...link, ...useOf(row.key) });
      }
    }
    const best = liked.toSorted((a, b) => b.total - a.total || b.object - a.object).slice(0, MAX_CANDIDATES);
    const shown = await discoverable(best.map(({ owner }) => owner));
    const posts = best.filter(({ owner }) => shown.has(owner)).slice(0, MAX_TRENDS);
    return {
      tags: ranked(tags, nowMs).map(({ name, title, days }) => ({
        name,
        facts: JSON.stringify({ title, days }),
      })),
      links: ranked(links, nowMs).map(({ name, title, days, objects }) => ({
        name,
        facts: JSON.stringify({ title, days, objects }),
      })),
      posts: posts.map(({ object }) => ({ name: String(object), facts: "{}" })),
    };
  }

  /** Those of these things that the viewer may see and wants to, by people who may be shown to others; in order. */
  async function shownAmong(
    objectKeys: readonly number[],
    viewer: number | null,
  ): Promise<readonly ObjectView[]> {
    const [found, sieve] = await Promise.all([
      findRows(db, objectKeys, viewer),
      deps.sieveFor(viewer, "public"),
    ]);
    const parts = await views.parts(found, language);
    const rows = found.filter((row) => {
      const made = parts.get(row.key);
      return made && row.deleted === null && !sieve.isAvoided(row.host) && !sieve.isHidden(made, row.owner);
    });
    const { objects } = await views.assemble(rows, parts, viewer);
    return objectKeys.flatMap((key) => {
      const view = objects.get(key);
      return view?.author && isShown(view.author) ? sieve.marked(view, parts.get(key)) : [];
    });
  }

  return {
    trendingTags: () => read("tag"),
    trendingLinks: () => read("link"),
    async trendingPosts(viewer) {
      const names = (await store.findTrends(db, "post", false)).map(({ name }) => Number(name));
      return shownAmong(names, viewer);
    },
    async postsWithLink(url, viewer) {
      const known = (await store.findTrends(db, "link", false)).find(({ name }) => name === webUrl(url));
      return known === undefined ? [] : shownAmong(objectsOf(known), viewer);
    },
    async trendsForStaff(kind) {
      const [trends, hidden] = await Promise.all([read(kind, true), store.findHidden(db, kind)]);
      return trends.map((trend) => ({ trend, isHidden: hidden.has(trend.name) }));
    },
    async hideTrend(by, kind, name, isHidden) {
      await db.batch([
        store.hideTrend(kind, name, isHidden),
        record(keys, { by, act: "trend", subject: name, detail: isHidden ? "hidden" : "shown" }),
      ]);
    },
    async countTrends() {
      const { tags, posts, links } = await count(now());
      await db.batch([
        ...store.putTrends("tag", tags),
        ...store.putTrends("post", posts),
        ...store.putTrends("link", links),
      ]);
    },
  };
}

const isShown = ({ isDiscoverable }: ActorView): boolean => isDiscoverable;

/** By how many people used it lately, then how often. */
function ranked(uses: readonly Use[], nowMs: number): readonly (Trend & { objects: readonly number[] })[] {
  const today = Math.floor(nowMs / DAY_MS);
  return [...Map.groupBy(uses, ({ name }) => name)]
    .map(([name, all]) => {
      const recent = all.filter(({ atMs }) => atMs > nowMs - RECENT_MS);
      const days = Array.from({ length: DAYS }, (_, back): TrendDay => {
        const on = all.filter(({ atMs }) => Math.floor(atMs / DAY_MS) === today - back);
        return { dayMs: (today - back) * DAY_MS, uses: on.length, people: peopleIn(on) };
      });
      const title = all.find((use) => use.title)?.title ?? name;
      const objects = recent.map(({ object }) => object).toSorted((a, b) => b - a);
      return {
        name,
        title,
        days,
        people: peopleIn(recent),
        uses: recent.length,
        objects: objects.slice(0, MAX_POSTS),
      };
    })
    .filter(({ people }) => people >= MIN_PEOPLE)
    .sort((a, b) => b.people - a.people || b.uses - a.uses || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_TRENDS)
    .map(({ name, title, days, objects }) => ({ name, title, days, objects }));
}

const peopleIn = (uses: readonly Use[]): number => new Set(uses.map(({ owner }) => owner)).size;

const LINK = /<a\s[^>]{0,2000}>/g;
const HREF = /\shref="(https?:\/\/[^"<>\s]{1,1000})"/;

/** Addresses in a text that are no people and no tags, each once. */
function linksIn(html: string): readonly { readonly name: string; readonly title: string }[] {
  const found = new Map<string, string>();
  for (const [tag] of html.matchAll(LINK)) {
    if (/class="[^"]*(?:mention|hashtag)/.test(tag)) continue;
    const url = webUrl(HREF.exec(tag)?.[1]);
    if (url !== null) found.set(url, oneLine(url.replace(/^https?:\/\/(?:www\.)?/, ""), MAX_TITLE));
  }
  return [...found].map(([name, title]) => ({ name, title }));
}

function trendOf({ name, facts }: store.TrendRow): Trend {
  const parsed = parseJson(facts);
  const { title = name, days = [] } = isJsonObject(parsed) ? parsed : {};
  return { name, title: String(title), days: days as unknown as readonly TrendDay[] };
}

function objectsOf({ facts }: store.TrendRow): readonly number[] {
  const parsed = parseJson(facts);
  const objects = isJsonObject(parsed) ? parsed.objects : null;
  return Array.isArray(objects) ? objects.map(Number) : [];
}
