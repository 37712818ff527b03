/** What a thing said before: kept when readers see a difference, shown to whoever may see it, and gone with it. */
import { beforeAll, describe, expect, test } from "bun:test";
import { type AsObject, PUBLIC } from "../core/object.ts";
import { sweepVersions } from "../core/sweep-versions.ts";
import { MAX_VERSIONS } from "../core/versions.ts";
import { MINUTE_MS } from "../lib/durations.ts";
import { eachEngine } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { post } from "../testing/letters.ts";
import { type Person, person } from "../testing/people.ts";
import { type Stranger, type StrangerActor, stranger } from "../testing/strangers.ts";

const PATIENCE_MS = 60_000;

eachEngine((engine) => {
  let all: Fediverse;
  let alice: Person;
  let eve: Person;
  let there: Stranger;
  let mira: StrangerActor;

  beforeAll(async () => {
    all = await fediverse(engine, ["pub.test"]);
    alice = await person(all.at("pub.test"), "alice", "admin");
    eve = await person(all.at("pub.test"), "eve");
    there = stranger(all, "there.test");
    mira = await there.actor("mira");
  }, PATIENCE_MS);

  const versionsOf = async (iri: string, viewer: number | null) => {
    const key = (await alice.app.federation.look.find(iri))?.key ?? 0;
    return alice.app.queries.versions(key, viewer);
  };
  /** Texts, newest first, the present one in front. */
  const textsOf = async (iri: string) => {
    const found = await versionsOf(iri, alice.key);
    return [found?.now, ...(found?.earlier ?? []).map(({ view }) => view)].map((view) =>
      (view?.contentHtml ?? "").replace(/<[^>]*>/g, ""),
    );
  };
  async function edit(iri: string, changes: AsObject): Promise<void> {
    all.clock.advance(MINUTE_MS);
    await alice.act({ type: "Update", object: { id: iri, ...changes } });
  }

  test("each edit keeps what was said before, with the time when it was said", async () => {
    const iri = await alice.note("One", { to: [PUBLIC] });
    const firstMs = all.clock.now();
    await edit(iri, { content: "Two" });
    await edit(iri, { content: "Three", summary: "Numbers" });
    expect(await textsOf(iri)).toEqual(["Three", "Two", "One"]);
    const found = await versionsOf(iri, null);
    expect(found?.earlier.map(({ madeMs }) => madeMs)).toEqual([firstMs + MINUTE_MS, firstMs]);
    expect(found?.earlier.map(({ view }) => view.summary)).toEqual([null, null]);
  });

  test("what readers do not see is no edit", async () => {
    const iri = await alice.note("Same", { to: [PUBLIC] });
    await edit(iri, { content: "Same" });
    await edit(iri, {});
    expect((await versionsOf(iri, alice.key))?.earlier).toEqual([]);
  });

  test("pictures and their descriptions count as much as words", async () => {
    const attachment = (name: string) => [{ type: "Image", url: "https://pub.test/p.png", name }];
    const iri = await alice.note("Look", { to: [PUBLIC] }, { attachment: attachment("A boat") });
    await edit(iri, { attachment: attachment("A ship") });
    const found = await versionsOf(iri, alice.key);
    expect(found?.earlier.map(({ view }) => view.attachments[0]?.name)).toEqual(["A boat"]);
  });

  test("of many edits the newest are kept, and of a book none", async () => {
    const iri = await alice.note("0", { to: [PUBLIC] });
    for (let n = 1; n <= MAX_VERSIONS + 5; n++) await edit(iri, { content: String(n) });
    const texts = await textsOf(iri);
    expect([texts.length, texts.at(-1)]).toEqual([MAX_VERSIONS + 1, "5"]);
    const book = await alice.note("x".repeat(70_000), { to: [PUBLIC] });
    await edit(book, { content: "Short" });
    expect((await versionsOf(book, alice.key))?.earlier).toEqual([]);
  });

  test("of all things together the newest are kept", async () => {
    const iri = await alice.note("a", { to: [PUBLIC] });
    for (const content of ["b", "c", "d"]) await edit(iri, { content });
    const { db, queue } = alice.app.opened;
    await sweepVersions({ db, enqueue: queue.enqueue }, 2);
    expect(await textsOf(iri)).toEqual(["d", "c", "b"]);
    await sweepVersions({ db, enqueue: queue.enqueue }, 2);
    expect(await textsOf(iri)).toEqual(["d", "c", "b"]);
  });

  test("only who may see the thing sees what it said, and nobody once it is deleted", async () => {
    const iri = await alice.note("For me", { to: [alice.followers] });
    await edit(iri, { content: "Still for me" });
    expect(await versionsOf(iri, eve.key)).toBeNull();
    expect(await versionsOf(iri, null)).toBeNull();
    expect((await versionsOf(iri, alice.key))?.earlier.length).toBe(1);
    await alice.act({ type: "Delete", object: iri });
    expect(await versionsOf(iri, alice.key)).toBeNull();
    const left = await alice.app.opened.db.all({ text: "SELECT document FROM version", values: [] });
    expect(JSON.stringify(left)).not.toContain("For me");
  });

  describe("of other servers", () => {
    const note = (name: string, more: AsObject) => ({
      "@context": "https://www.w3.org/ns/activitystreams",
      id: mira.at(`/notes/${name}`),
      type: "Note",
      attributedTo: mira.iri,
      published: "2023-11-14T20:00:00Z",
      to: [PUBLIC],
      ...more,
    });

    test("an Update keeps what was here, its markup made safe", async () => {
      const before = note("one", { content: "<p>Old<script>alert(1)</script></p>" });
      there.put("/notes/one", { body: before as never });
      await alice.app.federation.look.fetch(before.id);
      const object = note("one", { content: "<p>New</p>", updated: "2023-11-14T21:00:00Z" });
      const body = { id: mira.at("/updates/1"), type: "Update", actor: mira.iri, to: [PUBLIC], object };
      await post(alice.app, { by: mira, body: body as never });
      await all.settle();
      const found = await versionsOf(before.id, null);
      expect(found?.earlier.map(({ view }) => view.contentHtml)).toEqual(["<p>Old</p>"]);
      expect(found?.earlier[0]?.madeMs).toBe(Date.parse("2023-11-14T20:00:00Z"));
      expect(found?.madeMs).toBe(Date.parse("2023-11-14T21:00:00Z"));
    });

    test("one that is fetched again and has changed keeps what was here too", async () => {
      const before = note("two", { content: "<p>Old</p>" });
      there.put("/notes/two", { body: before as never });
      await alice.app.federation.look.fetch(before.id);
      there.put("/notes/two", {
        body: note("two", { content: "<p>New</p>", likes: { totalItems: 3 } }) as never,
      });
      await alice.app.federation.resolve.refresh(before.id);
      expect(await textsOf(before.id)).toEqual(["New", "Old"]);
    });
  });

  test("the page of an edited post leads to what it said, in the reader's language", async () => {
    const iri = await alice.note("Before <b>bold</b>", { to: [PUBLIC] });
    await edit(iri, { content: "After" });
    const { path } = (await alice.sees(iri)) ?? { path: "" };
    expect(await (await alice.page(path)).text()).toContain(`href="${path}/versions"`);
    const page = await alice.app.ask(`${path}/versions`, { headers: { "accept-language": "de" } });
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(html).toContain("Erste Fassung");
    expect(html).toContain("Before <b>bold</b>");
    expect(html).toContain("noindex");
    const secret = await alice.note("Psst", { to: [alice.followers] });
    const hidden = (await alice.sees(secret))?.path;
    expect((await eve.page(`${hidden}/versions`)).status).toBe(404);
  });
});
