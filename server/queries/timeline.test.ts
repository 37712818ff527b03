/** Feeds show to each viewer what is for them, once, and page after page, on every engine. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import type { Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { eachEngine } from "../testing/engines.ts";
import { readingOf } from "../testing/reading.ts";
import { type House, village } from "../testing/village.ts";
import type { Narrowing } from "./timeline.ts";

const A = "https://a.test";
const B = "https://b.test";

eachEngine((engine) => {
  async function given() {
    const town = await village({ [A]: await engine.freshDb(), [B]: await engine.freshDb() });
    const a = town.house(A);
    const b = town.house(B);
    const alice = await a.person("alice");
    const amir = await a.person("amir");
    const bob = await b.person("bob");
    await b.look.fetch(alice.iri);
    await b.look.fetch(amir.iri);
    for (const followed of [alice, amir]) await b.core.act(bob.key, { type: "Follow", object: followed.iri });
    await town.settle();
    const { timelines } = readingOf(b, town.clock.now);
    return { town, a, b, alice, amir, bob, timelines };
  }

  type Person = { key: number; iri: string };

  async function says(house: House, person: Person, content: string, extra: object = {}) {
    const { object } = await house.core.act(person.key, {
      type: "Note",
      content,
      to: [PUBLIC],
      cc: [`${person.iri}/followers`],
      ...extra,
    });
    return object?.iri ?? "";
  }

  const contents = (page: { items: readonly { object: { contentHtml: string } }[] }) =>
    page.items.map(({ object }) => object.contentHtml);

  /** The database, and the documents that have been read from it. */
  function listening(db: Db): { readonly db: Db; readonly read: string[] } {
    const read: string[] = [];
    return {
      read,
      db: {
        ...db,
        async all<R extends object>(query: Sql) {
          const rows = await db.all<R>(query);
          read.push(...rows.flatMap((row) => ("document" in row ? [String(row.document)] : [])));
          return rows;
        },
      },
    };
  }

  test("of posts from here no text is read where those from elsewhere are wanted, and the other way round", async () => {
    const { town, a, b, alice, bob } = await given();
    await says(a, alice, "from elsewhere");
    await town.settle();
    await says(b, bob, "from here");
    const { db, read } = listening(b.db);
    const { timelines } = readingOf(b, town.clock.now, { db });
    const [here, there] = ["from here", "from elsewhere"];
    const page = async (narrowing: Narrowing) =>
      contents(await timelines.everywhere({ viewer: bob.key }, { limit: 20 }, narrowing));
    expect(await page({ onlyElsewhere: true })).toEqual([there]);
    expect(read.filter((document) => document.includes(here))).toEqual([]);
    read.length = 0;
    expect(await page({ onlyHere: true })).toEqual([here]);
    expect(read.filter((document) => document.includes(there))).toEqual([]);
  });

  test("where media are wanted, texts that have none are not read, and media of every kind are found", async () => {
    const { town, b, bob } = await given();
    const picture = { type: "Image", mediaType: "image/png", url: `${B}/a.png` };
    const page = { type: "Link", href: "https://c.test/" };
    await says(b, bob, "plain");
    await says(b, bob, "attached", { attachment: [picture] });
    await says(b, bob, "covered", { type: "Article", image: picture });
    await says(b, bob, "filmed", { type: "Video", url: `${B}/a.mp4`, mediaType: "video/mp4" });
    await says(b, bob, "linked", { attachment: [page] });
    const { db, read } = listening(b.db);
    const { timelines } = readingOf(b, town.clock.now, { db });
    const looking = { viewer: bob.key };
    const media = ["filmed", "covered", "attached"];
    const request = { limit: 20 };
    expect(contents(await timelines.local(looking, request, { onlyMedia: true }))).toEqual(media);
    expect(read.filter((document) => document.includes("plain"))).toEqual([]);
    const profile = { onlyMedia: true, withReplies: true };
    expect(contents(await timelines.profile(bob.key, looking, request, profile))).toEqual(media);
  });

  test("the home feed has what those one follows wrote and shared, newest first, each once", async () => {
    const { town, a, alice, amir, bob, timelines } = await given();
    const first = await says(a, alice, "one");
    town.clock.advance(5);
    await says(a, alice, "two");
    town.clock.advance(5);
    await a.core.act(amir.key, {
      type: "Announce",
      object: first,
      to: [PUBLIC],
      cc: [`${amir.iri}/followers`],
    });
    await town.settle();
    const page = await timelines.home(bob.key, { limit: 20 });
    expect(contents(page)).toEqual(["one", "two"]);
    expect(page.items.map(({ sharedBy }) => sharedBy?.handle ?? null)).toEqual(["amir@a.test", null]);
    expect(page.older).toBeNull();
  });

  test("pages follow each other without gap or repetition, in both directions", async () => {
    const { town, a, alice, bob, timelines } = await given();
    for (let i = 1; i <= 7; i++) {
      await says(a, alice, String(i));
      town.clock.advance(10);
    }
    await town.settle();
    const first = await timelines.home(bob.key, { limit: 3 });
    expect(contents(first)).toEqual(["7", "6", "5"]);
    const second = await timelines.home(bob.key, { limit: 3, before: first.older ?? 0 });
    expect(contents(second)).toEqual(["4", "3", "2"]);
    const third = await timelines.home(bob.key, { limit: 3, before: second.older ?? 0 });
    expect(contents(third)).toEqual(["1"]);
    expect(third.older).toBeNull();
    const up = await timelines.home(bob.key, { limit: 2, from: third.newer ?? 0 });
    expect(contents(up)).toEqual(["3", "2"]);
    const newest = await timelines.home(bob.key, { limit: 2, after: second.newer ?? 0 });
    expect(contents(newest)).toEqual(["7", "6"]);
  });

  test("whom one has muted or blocked is left out, as author and as sharer, and pages fill up all the same", async () => {
    const { town, a, b, alice, amir, bob, timelines } = await given();
    const kept = await says(a, alice, "kept");
    for (let i = 0; i < 30; i++) {
      town.clock.advance(5);
      await says(a, amir, `noise ${i}`);
    }
    town.clock.advance(5);
    await a.core.act(amir.key, {
      type: "Announce",
      object: kept,
      to: [PUBLIC],
      cc: [`${amir.iri}/followers`],
    });
    await town.settle();
    await b.core.act(bob.key, { type: "Add", object: amir.iri, target: `${bob.iri}/muted` });
    const page = await timelines.home(bob.key, { limit: 5 });
    expect(contents(page)).toEqual(["kept"]);
    expect(page.items[0]?.sharedBy).toBeNull();
    expect(page.older).toBeNull();
    await b.core.act(bob.key, { type: "Remove", object: amir.iri, target: `${bob.iri}/muted` });
    expect(contents(await timelines.home(bob.key, { limit: 5 }))).toEqual([
      "kept",
      "noise 29",
      "noise 28",
      "noise 27",
      "noise 26",
    ]);
    await b.core.act(bob.key, { type: "Block", object: amir.iri });
    expect(contents(await timelines.home(bob.key, { limit: 5 }))).toEqual(["kept"]);
  });

  test("a profile has posts and shares; replies to others only when asked for, one's own threads always", async () => {
    const { town, a, b, alice, amir, bob } = await given();
    const { timelines } = readingOf(a, town.clock.now);
    const first = await says(a, alice, "first");
    town.clock.advance(5);
    const theirs = await says(a, amir, "theirs");
    town.clock.advance(5);
    await says(a, alice, "second", { inReplyTo: first });
    town.clock.advance(5);
    await says(a, alice, "answer", { inReplyTo: theirs });
    town.clock.advance(5);
    await a.core.act(alice.key, {
      type: "Announce",
      object: theirs,
      to: [PUBLIC],
      cc: [`${alice.iri}/followers`],
    });
    await town.settle();
    const read = async (withReplies: boolean, viewer: number | null = null) =>
      contents(await timelines.profile(alice.key, { viewer }, { limit: 20 }, { withReplies }));
    expect(await read(true)).toEqual(["theirs", "answer", "second", "first"]);
    expect(await read(false)).toEqual(["theirs", "second", "first"]);
    await a.core.act(alice.key, { type: "Add", object: amir.iri, target: `${alice.iri}/muted` });
    expect(await read(false, alice.key)).toEqual(["second", "first"]);
    expect(await b.total(alice.iri, "posts")).toBeGreaterThan(0);
    const there = readingOf(b, town.clock.now).timelines;
    const known = await b.look.find(alice.iri);
    const seen = await there.profile(
      known?.key ?? 0,
      { viewer: bob.key },
      { limit: 20 },
      { withReplies: true },
    );
    expect(contents(seen)).toEqual(await read(true));
  });

  test("bookmarks are in the order of keeping, and leave when they are let go", async () => {
    const { town, a, alice } = await given();
    const { timelines } = readingOf(a, town.clock.now);
    const [one, two] = [await says(a, alice, "one"), await says(a, alice, "two")];
    for (const object of [two, one]) {
      town.clock.advance(5);
      await a.core.act(alice.key, { type: "Add", object, target: `${alice.iri}/bookmarks` });
    }
    const page = await timelines.bookmarks(alice.key, { limit: 1 });
    expect(contents(page)).toEqual(["one"]);
    expect(page.items[0]?.object.mine.hasBookmarked).toBe(true);
    expect(contents(await timelines.bookmarks(alice.key, { limit: 1, before: page.older ?? 0 }))).toEqual([
      "two",
    ]);
    await a.core.act(alice.key, { type: "Remove", object: one, target: `${alice.iri}/bookmarks` });
    expect(contents(await timelines.bookmarks(alice.key, { limit: 5 }))).toEqual(["two"]);
  });

  test("votes are counted, and never shown as posts", async () => {
    const { town, a, b, alice, bob, timelines } = await given();
    const question = await says(a, alice, "Which?", {
      type: "Question",
      oneOf: [
        { type: "Note", name: "this" },
        { type: "Note", name: "that" },
      ],
      endTime: new Date(town.clock.now() + 1000).toISOString(),
    });
    await town.settle();
    await b.core.act(bob.key, { type: "Note", name: "that", inReplyTo: question, to: [alice.iri] });
    await town.settle();
    const poll = async (house: House, viewer: number) => {
      const entity = await house.look.find(question);
      const found = await readingOf(house, town.clock.now).views.objects([entity?.key ?? 0], viewer);
      return found.get(entity?.key ?? 0)?.poll;
    };
    expect(await poll(a, alice.key)).toMatchObject({
      voters: 1,
      hasEnded: false,
      options: [
        { name: "this", votes: 0, isMine: false },
        { name: "that", votes: 1, isMine: false },
      ],
    });
    expect((await poll(b, bob.key))?.options[1]).toMatchObject({ votes: 1, isMine: true });
    expect(contents(await timelines.home(bob.key, { limit: 5 }))).toEqual(["Which?"]);
    town.clock.advance(2000);
    expect((await poll(a, alice.key))?.hasEnded).toBe(true);
  });
});
