/** Every statement of the reads finds its rows through an index, and sorts nothing that could be long. */
import { expect, test } from "bun:test";
import { migrations } from "../../migrations/index.ts";
import { createAddresses } from "../core/addresses.ts";
import { PUBLIC } from "../core/object.ts";
import { systemNow } from "../lib/clock.ts";
import { createKeys } from "../lib/id.ts";
import type { Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { migrate } from "../storage/migrate.ts";
import { openDb } from "../storage/open.ts";
import { readingOf } from "../testing/reading.ts";
import { village } from "../testing/village.ts";
import { createGroupReads } from "./groups.ts";
import { createListReads } from "./lists.ts";
import { createPersonal } from "./personal.ts";
import { createSieves } from "./sifting.ts";
import { createTagReads } from "./tags.ts";
import { createTrends } from "./trends.ts";

const A = "https://a.test";

/** Names of sub-selects and walks through conversations, which are short by their LIMIT; and tables with a row for each server, not for each post. */
const SHORT = /^SCAN (?:l|x|n|w|p|t|u|up|thread|peer|\(subquery-\d+\))\b/;

interface Step {
  readonly detail: string;
}

const plan = (db: Db, { text, values }: Sql) => db.all<Step>({ text: `EXPLAIN QUERY PLAN ${text}`, values });

/** The database, and every statement that was read through it. */
function listenedTo(db: Db): { db: Db; heard: Map<string, Sql> } {
  const heard = new Map<string, Sql>();
  const hear = (query: Sql): Sql => {
    heard.set(query.text, query);
    return query;
  };
  return { heard, db: { ...db, all: (query) => db.all(hear(query)), one: (query) => db.one(hear(query)) } };
}

async function everyRead(): Promise<{ db: Db; statements: readonly Sql[] }> {
  const db = await openDb({ url: ":memory:" });
  await migrate({ db, migrations, now: systemNow });
  const town = await village({ [A]: db });
  const house = town.house(A);
  const alice = await house.person("alice");
  const bob = await house.person("bob");
  const note = { type: "Note", content: "x", to: [PUBLIC], tag: [{ type: "Mention", href: bob.iri }] };
  const { object } = await house.core.act(alice.key, note);
  await house.core.act(bob.key, { ...note, inReplyTo: object?.iri ?? "" });
  const club = await house.group("club", alice);
  await house.core.act(bob.key, { type: "Follow", object: club.iri });
  const said = await house.core.act(bob.key, { ...note, to: [PUBLIC, club.iri], audience: club.iri });
  await house.core.act(alice.key, { ...note, inReplyTo: said.object?.iri ?? "" });
  const heard = listenedTo(db);
  const { views, timelines, threads, people, notices, live, collections, arrivals, relationships } =
    readingOf(house, town.clock.now, { db: heard.db });
  const key = object?.key ?? 0;
  const owner = await house.look.byKey(alice.key);
  if (!owner) throw new Error("Alice is not here.");
  for (const page of [{ limit: 5 }, { limit: 5, from: 1 }]) {
    for (const viewer of [bob.key, null]) {
      for (const withReplies of [true, false]) {
        await timelines.profile(alice.key, { viewer }, page, { withReplies });
      }
      await timelines.local({ viewer }, page);
      await timelines.everywhere({ viewer }, page);
      await timelines.tagged(["x"], { viewer }, page);
      await timelines.featured(alice.key, { viewer }, page);
      await views.objects([key], viewer);
      await threads.thread(key, viewer);
      await people.search("al", viewer, 5);
      for (const name of ["outbox", "followers", "liked", "featured"]) {
        await collections.page(owner, name, viewer, page);
      }
    }
    await timelines.home(bob.key, page);
    await timelines.bookmarks(bob.key, page);
    await timelines.liked(bob.key, page);
    await notices.page(bob.key, page);
    await people.list(alice.key, "followers", page);
    await collections.page(owner, "inbox", alice.key, page);
    const post = await house.look.byKey(key);
    for (const name of ["likes", "shares", "replies"]) {
      if (post) await collections.page(post, name, bob.key, page);
    }
  }
  const groups = createGroupReads({
    db: heard.db,
    look: house.look,
    views,
    people,
    timelines,
    sieveFor: createSieves({ now: town.clock.now }),
  });
  for (const page of [{ limit: 5 }, { limit: 5, from: 1 }]) {
    for (const viewer of [bob.key, null]) {
      await groups.groupsHere(viewer, page);
      for (const order of ["newest", "active", "replies"] as const)
        await groups.groupFeed(club.key, viewer, page, order);
      await groups.group(club.key, viewer);
      await groups.pinned(club.key, viewer, 3);
    }
    await groups.joinedGroups(bob.key, page);
    await groups.groupPeople(club.key, "members", page);
    await groups.groupRecord(club.key, bob.key, page, true);
  }
  await groups.groupMarks(club.key, [key]);
  const lists = createListReads({ db: heard.db, views });
  const tags = createTagReads({ db: heard.db, addresses: createAddresses(A), now: town.clock.now });
  for (const page of [{ limit: 5 }, { limit: 5, from: 1 }]) {
    await timelines.ofList(key, bob.key, page);
    await lists.listPeople(key, page);
    await tags.followedTags(bob.key, page);
  }
  await lists.lists(bob.key);
  await lists.listsWith(bob.key, alice.key);
  await tags.tags(["x", "y"], bob.key);
  await groups.searchGroups("club", bob.key, 5);
  await notices.unread(bob.key);
  await notices.unread(bob.key, { kinds: ["mention", "like"] });
  const { now } = town.clock;
  const own = { db: heard.db, now, views, sieveFor: createSieves({ now }) };
  const personal = createPersonal({ ...own, notices }, "en");
  await house.core.act(alice.key, { ...note, to: [bob.iri] });
  for (const page of [{ limit: 5 }, { limit: 5, from: 1 }]) {
    await personal.noticesAsked(bob.key, page, { kinds: ["mention"], filtered: "with" });
    await personal.talks(bob.key, page);
  }
  const { items } = await personal.noticeGroups(bob.key, { limit: 1 }, { together: ["like"] });
  await personal.noticeGroups(bob.key, { limit: 1, before: items[0]?.newest ?? 9 }, { together: ["like"] });
  await personal.noticesByKey(
    bob.key,
    items.map(({ newest }) => newest),
  );
  await personal.noticeSenders(bob.key);
  await personal.markers(bob.key, ["home", "notices"]);
  await personal.talk(bob.key, { object: key });
  const trends = createTrends({ ...own, keys: createKeys({ now }) }, "en");
  await trends.countTrends();
  await trends.trendingTags();
  await trends.trendingPosts(bob.key);
  const crowd = [alice.key, bob.key];
  const shared = await house.core.act(bob.key, { type: "Announce", object: object?.iri ?? "", to: [PUBLIC] });
  await live.happened([said.key, shared.key], true);
  await live.homesWith(shared.key, crowd);
  await live.homesWith(
    shared.key,
    Array.from({ length: 200 }, (_, i) => i),
  );
  await live.homesAbout(key, crowd);
  await live.listsWith(shared.key, crowd);
  await live.talks(key, crowd);
  await live.shownTo(key, [...crowd, null]);
  await live.notices([said.key, shared.key], crowd);
  const line = { at: shared.key, object: said.object?.key ?? 0, sharer: bob.key, isNew: false };
  await live.items(line, [...crowd, null], "home");
  await arrivals.arrivals(key, alice.key);
  await arrivals.arrivalCounts(key, alice.key);
  await arrivals.peers();
  await arrivals.failing();
  await relationships.relationships(bob.key, [alice.key]);
  return { db, statements: [...heard.heard.values()] };
}

test("no read scans a table, and none sorts without end", async () => {
  const { db, statements } = await everyRead();
  expect(statements.length).toBeGreaterThan(50);
  const faults: string[] = [];
  for (const statement of statements) {
    for (const { detail } of await plan(db, statement)) {
      const isScan = /^SCAN /.test(detail) && !SHORT.test(detail) && !/CONSTANT ROW/.test(detail);
      // The two lanes of an inbox are merged from two short pieces.
      const isSort = /TEMP B-TREE FOR ORDER BY/.test(detail) && !/UNION/.test(statement.text);
      if (isScan || isSort) faults.push(`${detail}: ${statement.text.replace(/\s+/g, " ").slice(0, 200)}`);
    }
  }
  expect(faults).toEqual([]);
  await db.stop();
});

test("no column asks EXISTS, for which PostgreSQL would read a whole table", async () => {
  const { db, statements } = await everyRead();
  const columns = statements.map(({ text }) => text.slice(0, text.lastIndexOf("FROM")));
  expect(columns.filter((text) => /\bWHEN\b.*\bEXISTS\b/s.test(text))).toEqual([]);
  await db.stop();
});

test("a statement that scans or sorts would be noticed", async () => {
  const db = await openDb({ url: ":memory:" });
  await migrate({ db, migrations, now: systemNow });
  const details = (
    await plan(db, { text: "SELECT key FROM object o WHERE o.type = 'x' ORDER BY o.fetched", values: [] })
  ).map(({ detail }) => detail);
  expect(details.some((detail) => /^SCAN o/.test(detail) && !SHORT.test(detail))).toBe(true);
  expect(details.some((detail) => /TEMP B-TREE FOR ORDER BY/.test(detail))).toBe(true);
  await db.stop();
});
