/** Profiles of other servers are not empty: what was published before anybody here knew, quietly. */
import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { type AsObject, PUBLIC } from "../core/object.ts";
import { DAY_MS } from "../lib/durations.ts";
import type { Json } from "../lib/json.ts";
import type { TestApp } from "../testing/app.ts";
import { onSqlite } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { post } from "../testing/letters.ts";
import { type Person, person } from "../testing/people.ts";
import { type Stranger, type StrangerActor, stranger } from "../testing/strangers.ts";

const PATIENCE_MS = 60_000;
const AS = "https://www.w3.org/ns/activitystreams";

onSqlite((engine) => {
  let all: Fediverse;
  let app: TestApp;
  let alice: Person;
  let there: Stranger;
  let elsewhere: Stranger;
  let mira: StrangerActor;
  let noam: StrangerActor;
  let count = 0;

  beforeAll(async () => {
    all = await fediverse(engine, ["pub.test"]);
    app = all.at("pub.test");
    alice = await person(app, "alice", "admin");
    there = stranger(all, "there.test");
    elsewhere = stranger(all, "elsewhere.test");
    noam = await elsewhere.actor("noam");
  }, PATIENCE_MS);

  beforeEach(() => {
    all.clock.advance(DAY_MS);
    there.asked.length = 0;
    elsewhere.asked.length = 0;
  });
  const somebodyNew = async () => {
    mira = await there.actor(`mira${++count}`);
  };

  const own = (path: string) => mira.at(`/${count}${path}`);
  const note = (name: string, more: AsObject = {}): AsObject & { id: string } => ({
    id: own(`/notes/${name}`),
    type: "Note",
    attributedTo: mira.iri,
    content: `<p>${name}</p>`,
    published: "2023-11-14T20:00:00Z",
    to: [PUBLIC],
    ...more,
  });
  const created = (object: AsObject): AsObject => ({
    id: `${object.id}/activity`,
    type: "Create",
    actor: mira.iri,
    published: object.published ?? null,
    to: object.to ?? null,
    object,
  });
  const publishes = (items: readonly Json[], list = "outbox") =>
    there.put(`/users/mira${count}/${list}`, {
      body: { "@context": AS, id: `${mira.iri}/${list}`, type: "OrderedCollection", orderedItems: items },
    });

  async function keyOf(): Promise<number> {
    return (await app.federation.look.fetch(mira.iri))?.key ?? 0;
  }
  async function opens(): Promise<readonly string[]> {
    const key = await keyOf();
    expect((await alice.page(`/@mira${count}@there.test`)).status).toBe(200);
    await all.settle();
    const { items } = await app.queries.profile(key, alice.key, { limit: 40 }, { withReplies: true });
    return items.map(({ object }) => object.contentHtml.replace(/<[^>]*>/g, ""));
  }

  describe("what is taken", () => {
    beforeEach(somebodyNew);

    test("whoever opens a profile sees what was published the next time, in its order", async () => {
      const times = ["2023-11-12T08:00:00Z", "2023-11-13T08:00:00Z"];
      const [old, young] = times.map((published, n) =>
        created(note(["old", "young"][n] ?? "", { published })),
      );
      publishes([young as Json, old as Json]);
      expect(await opens()).toEqual(["young", "old"]);
    });

    test("following brings it along, and it enters no feed and tells nobody", async () => {
      publishes([created(note("before", { tag: [] })) as Json]);
      const [feed, notices] = [await alice.home(), await alice.notices()];
      const key = await keyOf();
      await alice.act({ type: "Follow", object: mira.iri });
      await all.settle();
      expect(
        (await app.queries.profile(key, alice.key, { limit: 9 }, { withReplies: true })).items.length,
      ).toBe(1);
      expect([await alice.home(), await alice.notices()]).toEqual([feed, notices]);
    });

    test("what comes after somebody here follows is left to its delivery, which fills the feed", async () => {
      const { activity } = await alice.act({ type: "Follow", object: mira.iri });
      all.clock.advance(60_000);
      const late = created(note("late", { published: new Date(all.clock.now()).toISOString() }));
      publishes([late as Json]);
      await all.settle();
      await post(app, {
        by: mira,
        body: { id: own("/accept"), type: "Accept", actor: mira.iri, object: activity.id ?? "" },
      });
      await post(app, { by: mira, body: late as never });
      await all.settle();
      expect(await alice.home()).toContain("late");
    });

    test("what names somebody here is left to its delivery, which tells them", async () => {
      const named = created(note("named", { cc: [alice.iri], tag: [{ type: "Mention", href: alice.iri }] }));
      publishes([named as Json]);
      expect(await opens()).toEqual([]);
      await post(app, { by: mira, body: named as never });
      await all.settle();
      expect((await alice.notices())[0]).toBe(`mention mira${count}@there.test`);
    });

    test("GoToSocial names what was made, others even the making: each is asked for at its own address", async () => {
      const [one, two] = [note("one"), note("two")];
      for (const each of [one, two, created(two)])
        there.put(new URL(each.id ?? "").pathname, { body: { "@context": AS, ...each } as never });
      publishes([{ ...created(one), object: one.id } as Json, created(two).id ?? null]);
      expect((await opens()).toSorted()).toEqual(["one", "two"]);
    });

    test("answers to somebody here and shares of what they wrote are left to their delivery as well", async () => {
      const ours = await alice.note("Mine", { to: [PUBLIC] });
      const share = {
        id: own("/shares/ours"),
        type: "Announce",
        actor: mira.iri,
        to: [PUBLIC],
        published: "2023-11-14T20:00:00Z",
        object: ours,
      };
      publishes([created(note("answer", { inReplyTo: ours })) as Json, share]);
      expect(await opens()).toEqual([]);
      await post(app, { by: mira, body: share });
      await all.settle();
      expect((await alice.notices())[0]).toBe(`share mira${count}@there.test`);
    });

    test("shares are shown with what they share, of which a few are asked for elsewhere", async () => {
      const shares = Array.from({ length: 9 }, (_, n) => {
        const shared = {
          id: noam.at(`/${count}/${n}`),
          type: "Note",
          attributedTo: noam.iri,
          content: `s${n}`,
          to: [PUBLIC],
        };
        elsewhere.put(`/${count}/${n}`, { body: { "@context": AS, ...shared } });
        return {
          id: own(`/shares/${n}`),
          type: "Announce",
          actor: mira.iri,
          to: [PUBLIC],
          published: `2023-11-14T20:00:0${n}Z`,
          object: shared.id,
        };
      });
      publishes(shares);
      // Three for a server that never asked for it.
      expect((await opens()).toSorted()).toEqual(["s0", "s1", "s2"]);
    });

    test("what is first on the profile is here as well", async () => {
      const pinned = note("pinned");
      there.put(new URL(pinned.id).pathname, { body: { "@context": AS, ...pinned } });
      publishes([]);
      publishes([pinned.id, noam.at("/foreign")], "featured");
      await opens();
      const page = await app.queries.collectionPage(
        (await app.federation.look.find(mira.iri)) as never,
        "featured",
        null,
        {},
      );
      expect(page?.items).toEqual([pinned.id]);
      expect(elsewhere.asked).toEqual([]);
    });

    test("what is first there no more is so here the next time, unless its server cannot say it", async () => {
      const [old, young] = ["old", "young"].map((name) => note(name));
      for (const each of [old, young])
        there.put(new URL(each?.id ?? "").pathname, { body: { "@context": AS, ...each } });
      const first = async () => {
        await opens();
        all.clock.advance(DAY_MS);
        const owner = await app.federation.look.find(mira.iri);
        return (await app.queries.collectionPage(owner as never, "featured", null, {}))?.items;
      };
      publishes([]);
      publishes([old?.id ?? ""], "featured");
      expect(await first()).toEqual([old?.id ?? ""]);
      there.put(`/users/mira${count}/featured`, { status: 503 });
      expect(await first()).toEqual([old?.id ?? ""]);
      publishes([young?.id ?? ""], "featured");
      expect(await first()).toEqual([young?.id ?? ""]);
      publishes([], "featured");
      expect(await first()).toEqual([]);
    });

    test("of a community (Lemmy) the posts that it passed on are there, each from its own server", async () => {
      const group = await there.actor(`maths${count}`, { type: "Group" });
      const page = (by: StrangerActor, name: string): AsObject & { id: string } => ({
        id: by.at(`/${count}/post/${name}`),
        type: "Page",
        attributedTo: by.iri,
        name,
        content: `<p>${name}</p>`,
        to: [group.iri, PUBLIC],
        audience: group.iri,
        published: "2023-11-14T19:00:00Z",
      });
      const passedOn = (by: StrangerActor, object: AsObject) => ({
        id: group.at(`/${count}/announce/${object.name}`),
        type: "Announce",
        actor: group.iri,
        to: [PUBLIC],
        object: {
          id: by.at(`/${count}/create/${object.name}`),
          type: "Create",
          actor: by.iri,
          to: [group.iri, PUBLIC],
          object,
        },
      });
      const [near, far, forged] = [page(mira, "near"), page(noam, "far"), page(noam, "forged")];
      elsewhere.put(`/${count}/post/far`, { body: { "@context": AS, ...far } });
      const items = [passedOn(mira, near), passedOn(noam, far), passedOn(noam, forged)];
      there.put(`/users/maths${count}/outbox`, {
        body: {
          "@context": AS,
          id: `${group.iri}/outbox`,
          type: "OrderedCollection",
          orderedItems: items as never,
        },
      });
      there.put(`/${count}/post/near`, { body: { "@context": AS, ...near } });
      there.put(`/users/maths${count}/featured`, {
        body: { "@context": AS, type: "OrderedCollection", orderedItems: [near as Json, note("stray").id] },
      });
      const key = (await app.federation.look.fetch(group.iri))?.key ?? 0;
      await app.federation.reading(key);
      await all.settle();
      const posts = await app.queries.profile(key, alice.key, { limit: 9 }, { withReplies: true });
      expect(posts.items.map(({ object }) => object.name).toSorted()).toEqual(["far", "near"]);
      expect(await alice.home()).not.toContain("near");
      const first = await app.federation.look.find(group.iri);
      const page1 = await app.queries.collectionPage(first as never, "featured", null, {});
      expect(page1?.items).toEqual([near.id]);
    });

    test("a profile is asked for once a day, however many look at it", async () => {
      publishes([]);
      const asked = () => there.asked.filter((path) => path.endsWith("/outbox")).length;
      await opens();
      await opens();
      expect(asked()).toBe(1);
      all.clock.advance(DAY_MS);
      await opens();
      expect(asked()).toBe(2);
    });
  });

  describe("nothing is taken", () => {
    // Nothing is left of one test that another could meet.
    beforeAll(somebodyNew, PATIENCE_MS);

    test.each<[string, () => Json]>([
      ["that is not for everybody", () => created(note("secret", { to: [mira.followers] })) as Json],
      ["in the name of somebody else", () => ({ ...created(note("forged")), actor: noam.iri }) as Json],
      [
        "whose thing is another's",
        () => created(note("stolen", { id: noam.at("/n"), attributedTo: noam.iri })) as Json,
      ],
      [
        "that does more than publish",
        () => ({
          id: own("/x"),
          type: "Delete",
          actor: mira.iri,
          to: [PUBLIC],
          object: mira.iri,
          published: "2023-11-14T20:00:00Z",
        }),
      ],
      [
        "that was deleted, of which an outbox still tells",
        () => created(note("gone", { type: "Tombstone", formerType: "Note" })) as Json,
      ],
      ["that says not when", () => created(note("timeless", { published: null })) as Json],
      ["that is no activity", () => 42],
    ])("%s", async (_, item) => {
      publishes([item()]);
      expect(await opens()).toEqual([]);
      expect((await app.federation.look.find(mira.iri))?.deletedMs).toBeNull();
    });

    test("from an outbox on another server", async () => {
      elsewhere.put("/outbox", {
        body: { "@context": AS, type: "OrderedCollection", orderedItems: [created(note("x")) as Json] },
      });
      const moved = { ...mira.document, outbox: noam.at("/outbox") };
      for (const document of [moved, mira.document]) {
        there.put(`/users/mira${count}`, { body: document });
        await app.federation.resolve.refresh(mira.iri);
        if (document === moved) expect(await opens()).toEqual([]);
      }
      expect(elsewhere.asked).toEqual([]);
    });

    test("beyond twenty", async () => {
      publishes(Array.from({ length: 200 }, (_, n) => created(note(`n${n}`)) as Json));
      expect((await opens()).length).toBe(20);
    });
  });
});
