/** Reads for many at once, just after something happened: who is told of it, and how it looks to them. */
import type { Addresses } from "../core/addresses.ts";
import type { Happened, Hearer, Line, LiveReads } from "../core/happened.ts";
import type { Registry } from "../core/registry.ts";
import type { Now } from "../lib/clock.ts";
import { keyAt } from "../lib/id.ts";
import type { FilterContext } from "../moderation/filter.ts";
import type { Db } from "../storage/db.ts";
import type { Notices } from "./notices.ts";
import type { ObjectParts } from "./object-parts.ts";
import type { SieveFor } from "./sifting.ts";
import { findRows, type ObjectRow } from "./store.ts";
import * as store from "./store-live.ts";
import { findQuotes } from "./store-quotes.ts";
import type { FeedItem, NoticeView } from "./view.ts";
import type { Views } from "./views.ts";

/** What those who see the same are called by: themselves for strangers, else what they may see and have done. */
type Class = string;

/** What is shown beside a thing: keys that some may not see, and rows with which they may have done something. */
interface Beside {
  readonly keys: readonly number[];
  readonly quoted: readonly ObjectRow[];
}

/** So many are asked about at once without a look at who may be meant. */
const FEW = 100;

/**
 * Several notices can be about one actor (waiting to be let in, a decision): only one that was just made is told. Whoever
 * tells is never further behind than this, in milliseconds.
 */
const NEW_FOR_MS = 10 * 60_000;

export function createLiveReads(deps: {
  readonly db: Db;
  readonly now: Now;
  readonly addresses: Addresses;
  readonly registry: Registry;
  readonly views: Views;
  readonly notices: Notices;
  readonly sieveFor: SieveFor;
}): LiveReads<FeedItem, NoticeView> {
  const { db, addresses, registry, views, sieveFor } = deps;

  function whatOf(row: store.DoneRow): Happened["what"] {
    const type = row.type ?? "";
    if (row.subject === null) return "other";
    if (registry.isA(type, "Undo")) return isShare(row.subject_type) ? "unshared" : "other";
    if (row.subject_kind !== "object" && row.subject_kind !== "collection") return "other";
    if (registry.isA(type, "Create")) return "made";
    if (registry.isA(type, "Update")) return "changed";
    if (registry.isA(type, "Delete")) return "deleted";
    return isShare(type) ? "shared" : "other";
  }

  const isShare = (type: string | null): boolean =>
    type !== null && !registry.isA(type, "Create") && registry.type(type)?.feed === true;

  async function happened(activities: readonly number[], withAncestors: boolean): Promise<Happened[]> {
    const rows = new Map((await store.findDone(db, activities)).map((row) => [row.key, row]));
    const things = [...rows.values()].flatMap(({ subject }) => subject ?? []);
    const [objects, tags, groups] = await Promise.all([
      findRows(db, [...new Set(things)], null),
      store.findTagsOf(db, things),
      store.findGroupsOf(db, things),
    ]);
    const parts = await views.parts(objects.filter(({ deleted }) => deleted === null));
    const above = withAncestors
      ? await store.findAncestors(db, things, registry.actingAs("Create"))
      : new Map<number, number[]>();
    const found: Happened[] = [];
    for (const key of activities) {
      const row = rows.get(key);
      if (row === undefined || row.actor === null) continue;
      const what = whatOf(row);
      const object = what === "other" ? null : row.subject;
      const made = parts.get(object ?? 0);
      found.push({
        activity: key,
        what,
        actor: row.actor,
        object,
        isPublic: row.subject_visibility === 0,
        isLocal: row.subject_host === 0,
        isReply: made !== undefined && made.parentIri !== null,
        hasMedia: (made?.fixed.attachments.length ?? 0) > 0,
        tags: tags.get(object ?? 0) ?? [],
        groups: groups.get(object ?? 0) ?? [],
        ancestors: [
          ...new Set([...(made?.parentKey ? [made.parentKey] : []), ...(above.get(object ?? 0) ?? [])]),
        ],
      });
    }
    return found;
  }

  /** A thousand who listen are not asked about for each letter from elsewhere that three of them get. */
  async function reachOf(activity: number, most: number): Promise<ReadonlySet<number> | null> {
    const [done] = await store.findDone(db, [activity]);
    const thing = done?.subject ?? 0;
    const tags = (await store.findTagsOf(db, [thing])).get(thing) ?? [];
    return store.findReach(db, activity, tags.map(addresses.tag), most);
  }

  /** Those who see the same thing in the same way, by what tells them apart. */
  async function classesOf(
    line: Line,
    people: readonly number[],
    owner: number | null,
    { keys: beside, quoted }: Beside,
  ) {
    const marks = new Map<number, string[]>(
      people.map((person) => [person, person === owner ? ["author"] : []]),
    );
    const mark = (person: number, word: string) => void marks.get(person)?.push(word);
    if (beside.length > 0) {
      for (const { viewer, key } of await store.findSeen(db, beside, people)) mark(viewer, `sees ${key}`);
      for (const key of beside)
        for (const viewer of await store.findAvoiding(db, key, people)) mark(viewer, `avoids ${key}`);
    }
    if (!line.isNew)
      for (const { viewer, name } of await store.findMine(db, line.object, people)) mark(viewer, name);
    for (const row of quoted) {
      if (row.owner !== null) mark(row.owner, `wrote ${row.key}`);
      for (const { viewer, name } of await store.findMine(db, row.key, people))
        mark(viewer, `${name} ${row.key}`);
    }
    return Map.groupBy(people, (person): Class => (marks.get(person) ?? []).sort().join("\n"));
  }

  /** What stands beside the thing and may be hidden from some: what it answers, what it quotes, and what that answers. */
  async function besideOf(object: number, { parentKey, quoteIri }: ObjectParts, owner: number | null) {
    const quotes = quoteIri === null ? [] : await findQuotes(db, [object]);
    const quoted = await findRows(
      db,
      quotes.map((quote) => quote.quoted),
      owner,
    );
    const above = [...(await views.parts(quoted)).values()].flatMap((made) => made.parentKey ?? []);
    const answered = parentKey === null ? [] : [parentKey];
    return { keys: [...answered, ...quotes.map((quote) => quote.quoted), ...above], quoted };
  }

  async function itemFor(line: Line, viewer: Hearer): Promise<FeedItem | null> {
    const rows = await findRows(db, [line.object], viewer);
    const parts = await views.parts(rows);
    const { objects, actors } = await views.assemble(
      rows,
      parts,
      viewer,
      line.sharer === null ? [] : [line.sharer],
    );
    const object = objects.get(line.object);
    if (object === undefined || object.isDeleted) return null;
    const sharedBy = line.sharer === null ? null : (actors.get(line.sharer) ?? null);
    return { key: line.at, object, sharedBy };
  }

  async function items(
    line: Line,
    hearers: readonly Hearer[],
    context: "home" | "public" | "thread",
  ): Promise<ReadonlyMap<Hearer, FeedItem>> {
    const found = new Map<Hearer, FeedItem>();
    const people = hearers.filter((hearer) => hearer !== null);
    const [row] = await findRows(db, [line.object], people[0] ?? null);
    const made = row && (await views.parts([row])).get(line.object);
    if (row === undefined || made === undefined || made.isVote) return found;
    if (hearers.includes(null)) {
      const item = await itemFor(line, null);
      if (item !== null) found.set(null, item);
    }
    const beside = await besideOf(line.object, made, row.owner);
    for (const alike of (await classesOf(line, people, row.owner, beside)).values()) {
      const item = await itemFor(line, alike[0] ?? null);
      if (item === null) continue;
      for (const person of alike) {
        const sieve = await sieveFor(person, CONTEXTS[context]);
        if (sieve.isAvoided(row.host) || sieve.isHidden(made, row.owner)) continue;
        const object = sieve.marked(item.object, made);
        found.set(person, object === item.object ? item : { ...item, object });
      }
    }
    return found;
  }

  return {
    happened,
    async homesWith(activity, people) {
      const near = people.length > FEW ? await reachOf(activity, people.length) : null;
      const asked = near === null ? people : people.filter((person) => near.has(person));
      return store.findHomesWith(db, activity, asked);
    },
    homesAbout: (object, people) => store.findHomesAbout(db, object, people),
    async shownTo(object, hearers) {
      const people = hearers.filter((hearer) => hearer !== null);
      const shown = new Set<Hearer>(
        people.length === 0 ? [] : await store.findShownInPublic(db, object, people),
      );
      if (hearers.includes(null) && (await store.isShownToStrangers(db, object))) shown.add(null);
      return shown;
    },
    items,
    async notices(activities, people) {
      const fromKey = keyAt(deps.now() - NEW_FOR_MS);
      const rows = await store.findNoticesOf(db, { activities, fromKey }, people);
      const found: { person: number; notice: NoticeView }[] = [];
      // @NOTE One after the other: whoever is told of an activity are few, and each sees it through their own eyes.
      for (const { key, actor } of rows) {
        const range = { before: key + 1, after: key - 1, limit: 1 };
        const page = await deps.notices.page(actor, range, undefined, { filtered: "without" });
        const [notice] = page.items;
        if (notice !== undefined) found.push({ person: actor, notice });
      }
      return found;
    },
    talks: (object, people) => store.findTalksWith(db, object, people),
    listsWith: (activity, lists) => store.findListsWith(db, activity, lists),
  };
}

/** Where filters hold that are made for each place. */
const CONTEXTS: Readonly<Record<"home" | "public" | "thread", FilterContext>> = {
  home: "home",
  public: "public",
  thread: "threads",
};
