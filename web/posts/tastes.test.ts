/** What somebody does not want to read: filters, mutes with an end, conversations and whole servers. */
import { beforeAll, describe, expect, test } from "bun:test";
import { HOUR_MS } from "../../server/lib/durations.ts";
import { eachEngine } from "../../server/testing/engines.ts";
import { type Fediverse, fediverse } from "../../server/testing/fediverse.ts";
import { type Person, person } from "../../server/testing/people.ts";

const PUBLIC = "https://www.w3.org/ns/activitystreams#Public";

eachEngine((engine) => {
  let world: Fediverse;
  let alice: Person;
  let carol: Person;
  let bob: Person;

  beforeAll(async () => {
    world = await fediverse(engine, ["a.test", "b.test"]);
    await person(world.at("a.test"), "ruth", "admin");
    alice = await person(world.at("a.test"), "alice");
    carol = await person(world.at("a.test"), "carol");
    bob = await person(world.at("b.test"), "bob");
    for (const other of [carol, bob]) {
      await world.at("a.test").federation.look.fetch(other.iri);
      await alice.act({ type: "Follow", object: other.iri });
    }
    await world.settle();
  });

  const app = () => world.at("a.test");
  const says = async (who: Person, content: string, more: Record<string, unknown> = {}) => {
    const made = await who.note(content, { to: [PUBLIC], cc: [who.followers, alice.iri] }, more as never);
    await world.settle();
    return made;
  };
  const lines = async () =>
    (await app().queries.home(alice.key, { limit: 20 })).items.map(({ object }) => ({
      text: object.contentHtml.replace(/<[^>]+>/g, ""),
      filtered: object.filtered?.map(({ title }) => title) ?? [],
    }));
  const filter = (fields: Record<string, string>) =>
    alice.submit("/settings/filters", {
      action: "save",
      title: "Sport",
      phrases: "football\nGoal of the Month",
      whole: "yes",
      "in-home": "yes",
      does: "warn",
      duration: "0",
      ...fields,
    });
  const withoutFilters = async () => {
    for (const { key } of await app().opened.tastes.filters(alice.key))
      await alice.submit("/settings/filters", { action: "remove", filter: String(key) });
  };

  describe("a filter", () => {
    test("that warns puts the post behind its name, for its owner alone", async () => {
      await says(carol, "FOOTBALL tonight");
      expect((await filter({})).status).toBe(303);
      expect((await lines())[0]).toEqual({ text: "FOOTBALL tonight", filtered: ["Sport"] });
      expect(await (await alice.page("/")).text()).toContain("Filtered: Sport");
      const others = await app().queries.profile(carol.key, null, { limit: 5 }, { withReplies: true });
      expect(others.items[0]?.object.filtered).toBeUndefined();
      await withoutFilters();
      expect((await lines())[0]?.filtered).toEqual([]);
    });

    test("that hides leaves the post out, and fills the page", async () => {
      await filter({ does: "hide" });
      expect((await lines()).map(({ text }) => text)).not.toContain("FOOTBALL tonight");
      await withoutFilters();
    });

    const places: Readonly<Record<string, Record<string, unknown>>> = {
      "the warning": { summary: "football", sensitive: true },
      "the title": { name: "football" },
      "a choice of a poll": {
        type: "Question",
        oneOf: [
          { type: "Note", name: "football" },
          { type: "Note", name: "chess" },
        ],
      },
      "the description of a picture": {
        attachment: [
          { type: "Image", url: "https://a.test/p.png", mediaType: "image/png", name: "a football" },
        ],
      },
      "a bold word in two pieces": { content: "<p>foot<b>ball</b></p>" },
    };
    test.each(Object.entries(places))("finds its words in %s", async (_, more) => {
      await filter({});
      await says(carol, "Nothing", more);
      expect((await lines())[0]?.filtered).toEqual(["Sport"]);
      await withoutFilters();
    });

    test("finds its words in what a post quotes", async () => {
      const quoted = await says(carol, "football once more");
      await withoutFilters();
      await says(carol, "Look at this", { quote: quoted });
      expect((await lines())[0]?.filtered).toEqual([]);
      await filter({});
      expect((await lines())[0]).toEqual({ text: "Look at this", filtered: ["Sport"] });
      await withoutFilters();
    });

    test("ends when its time is over", async () => {
      await says(carol, "football again");
      await filter({ duration: "24" });
      expect((await lines())[0]?.filtered).toEqual(["Sport"]);
      world.clock.advance(25 * HOUR_MS);
      expect((await lines())[0]?.filtered).toEqual([]);
      await withoutFilters();
    });

    test("that is changed ends when it did, unless another end is chosen", async () => {
      await filter({ duration: "24" });
      const [before] = await app().opened.tastes.filters(alice.key);
      const edit = `/settings/filters?edit=${before?.key}`;
      const picked = async () => {
        const page = await (await alice.page(edit)).text();
        return /name="duration" value="([^"]*)" checked/.exec(page)?.[1] ?? "";
      };
      expect(await picked()).toBe("keep");
      await filter({ filter: String(before?.key), title: "Sports", duration: "keep" });
      const [after] = await app().opened.tastes.filters(alice.key);
      expect(after).toMatchObject({ title: "Sports", expiresMs: before?.expiresMs });
      world.clock.advance(25 * HOUR_MS);
      expect(await picked()).toBe("0");
      await withoutFilters();
    });

    test("holds in notices, conversations, profiles and public lists only where that was chosen", async () => {
      const post = await says(carol, "football @alice", {
        tag: [{ type: "Mention", href: alice.iri, name: "@alice" }],
      });
      const key = (await app().federation.look.find(post))?.key ?? 0;
      const reply = await says(carol, "football reply", { inReplyTo: post });
      const found = async () => {
        const notices = await app().queries.notices(alice.key, { limit: 5 });
        const thread = await app().queries.thread(key, alice.key);
        const profile = await app().queries.profile(
          carol.key,
          alice.key,
          { limit: 5 },
          { withReplies: true },
        );
        const local = await app().queries.localPublic(alice.key, { limit: 5 });
        return {
          notices: notices.items.some(({ object }) => object?.filtered),
          threads: thread.replies.some(({ view }) => view.iri === reply && view.filtered !== undefined),
          profiles: profile.items.some(({ object }) => object.filtered),
          public: local.items.some(({ object }) => object.filtered),
        };
      };
      for (const context of ["notices", "threads", "profiles", "public"] as const) {
        await filter({ "in-home": "", [`in-${context}`]: "yes" });
        expect(await found()).toEqual({
          notices: false,
          threads: false,
          profiles: false,
          public: false,
          [context]: true,
        });
        await withoutFilters();
      }
    });

    test("that leaves a notice out does not leave its number behind", async () => {
      await filter({ "in-notices": "yes", does: "hide" });
      await says(carol, "football @alice", { tag: [{ type: "Mention", href: alice.iri, name: "@alice" }] });
      const page = await (await alice.page("/notices")).text();
      const upTo = /name="upTo" value="(\d+)"/.exec(page)?.[1] ?? "";
      await alice.submit("/notices", { upTo });
      expect(await app().queries.unreadNotices(alice.key)).toBe(0);
      await withoutFilters();
    });

    test("does not touch one's own posts", async () => {
      await filter({ does: "hide" });
      await alice.note("my football", { to: [PUBLIC], cc: [alice.followers] });
      expect((await lines()).map(({ text }) => text)).toContain("my football");
      await withoutFilters();
    });

    test.each([
      [{ title: "" }, "name"],
      [{ phrases: " \n\u200b" }, "word"],
      [{ phrases: "x".repeat(101) }, "characters"],
      [{ phrases: Array.from({ length: 51 }, (_, i) => `w${i}`).join("\n") }, "at most 50"],
      [{ "in-home": "" }, "where"],
      [{ duration: "13" }, "how long"],
    ])("that is wrong in %j is shown again", async (fields, word) => {
      const answer = await filter(fields as Record<string, string>);
      expect(answer.status).toBe(422);
      expect((await answer.text()).toLowerCase()).toContain(word);
      expect(await app().opened.tastes.filters(alice.key)).toEqual([]);
    });

    test("of somebody else cannot be changed or removed", async () => {
      await filter({});
      const [{ key } = { key: 0 }] = await app().opened.tastes.filters(alice.key);
      expect(
        (await carol.submit("/settings/filters", { action: "remove", filter: String(key) })).status,
      ).toBe(404);
      const stolen = { action: "save", filter: String(key), title: "x", phrases: "x", "in-home": "yes" };
      expect((await carol.submit("/settings/filters", stolen)).status).toBe(404);
      await withoutFilters();
    });

    test("of a text of a hundred thousand hostile characters answers", async () => {
      await filter({ phrases: "aaaaaaaaab\n<script>\n(a+)+$\n%s\n\\" });
      await says(carol, `${"a".repeat(100_000)}`);
      expect((await lines())[0]?.filtered).toEqual([]);
      await withoutFilters();
    });
  });

  describe("a mute", () => {
    const mute = async (fields: Record<string, string>) => {
      const answer = await alice.submit("/settings/mutes", { object: carol.iri, duration: "0", ...fields });
      expect(answer.status).toBe(303);
    };
    const noticed = async () => (await alice.notices()).filter((line) => line.endsWith(" carol")).length;

    test("with an end is over then, and not before", async () => {
      await mute({ duration: "1", notices: "yes" });
      await says(carol, "quiet please");
      expect((await lines()).map(({ text }) => text)).not.toContain("quiet please");
      expect(await (await alice.page("/settings/mutes")).text()).toContain("until");
      world.clock.advance(HOUR_MS - 1000);
      await world.settle();
      expect((await alice.knows(carol.iri)).muting).toBe(true);
      world.clock.advance(2000);
      await world.settle();
      expect((await alice.knows(carol.iri)).muting).toBe(false);
      expect((await lines()).map(({ text }) => text)).toContain("quiet please");
    });

    test("that was made longer does not end at its first end", async () => {
      await mute({ duration: "1" });
      await mute({ duration: "24" });
      world.clock.advance(2 * HOUR_MS);
      await world.settle();
      expect((await alice.knows(carol.iri)).muting).toBe(true);
      await alice.act({ type: "Remove", object: carol.iri, target: `${alice.iri}/muted` });
    });

    test("hides notices only where that is wanted", async () => {
      const before = await noticed();
      await mute({});
      const post = await alice.note("Like this", { to: [PUBLIC] });
      await carol.act({ type: "Like", object: post });
      expect(await noticed()).toBe(before + 1);
      await mute({ notices: "yes" });
      expect(await noticed()).toBe(0);
      await alice.act({ type: "Remove", object: carol.iri, target: `${alice.iri}/muted` });
      expect(await noticed()).toBe(before + 1);
    });

    test("without terms is for ever and for notices too, whatever an earlier one said", async () => {
      await mute({ duration: "1" });
      await alice.act({ type: "Remove", object: carol.iri, target: `${alice.iri}/muted` });
      await alice.act({ type: "Add", object: carol.iri, target: `${alice.iri}/muted` });
      expect(await noticed()).toBe(0);
      world.clock.advance(2 * HOUR_MS);
      await world.settle();
      expect((await alice.knows(carol.iri)).muting).toBe(true);
      await alice.act({ type: "Remove", object: carol.iri, target: `${alice.iri}/muted` });
    });
  });

  test("a muted conversation says nothing more in notices, whoever speaks in it", async () => {
    const first = await alice.note("A long talk", { to: [PUBLIC] });
    const answer = await says(carol, "one", { inReplyTo: first });
    const noticed = async () =>
      (await app().queries.notices(alice.key, { limit: 20 })).items.map(({ object }) => object?.iri);
    expect(await noticed()).toContain(answer);
    expect((await alice.submit("/act", { type: "Add muted-threads", object: answer })).status).toBe(303);
    expect(await noticed()).not.toContain(answer);
    const later = await says(bob, "two", { inReplyTo: answer });
    expect(await noticed()).not.toContain(later);
    expect(await (await alice.page("/settings/mutes")).text()).toContain("A long talk");
    await alice.submit("/act", { type: "Remove muted-threads", object: first });
    expect(await noticed()).toContain(answer);
  });

  describe("a blocked server", () => {
    test("is refused where it is none, or ours", async () => {
      for (const domain of ["", "no server", "a.test", "https://"]) {
        const answer = await alice.submit("/settings/servers", { action: "avoid", domain });
        expect([domain, answer.status]).toEqual([domain, 422]);
      }
    });

    test("is seen nowhere, and followings end on both sides", async () => {
      await bob.act({ type: "Follow", object: alice.iri });
      await world.settle();
      const post = await says(bob, "noise");
      await carol.act({ type: "Announce", object: post, to: [PUBLIC], cc: [carol.followers] });
      expect((await lines()).map(({ text }) => text)).toContain("noise");
      expect(
        (await alice.submit("/settings/servers", { action: "avoid", domain: " @bob@B.TEST. " })).status,
      ).toBe(303);
      await world.settle();
      expect((await lines()).map(({ text }) => text)).not.toContain("noise");
      expect(await alice.knows(bob.iri)).toMatchObject({ following: "no", followedBy: false });
      expect((await alice.notices()).filter((line) => line.includes("b.test"))).toEqual([]);
      const thread = await says(carol, "come all");
      await says(bob, "noise again", { inReplyTo: thread });
      const key = (await app().federation.look.find(thread))?.key ?? 0;
      expect((await app().queries.thread(key, alice.key)).replies).toEqual([]);
      expect(await app().queries.searchPeople("bob@b.test", alice.key, 5)).toEqual([]);
      expect(await (await alice.page("/settings/servers")).text()).toContain("b.test");
    });

    test("has nobody who can follow, like or share what its blocker wrote", async () => {
      const post = await alice.note("Not for them", { to: [PUBLIC] });
      await world.at("b.test").federation.look.fetch(post);
      await bob.act({ type: "Follow", object: alice.iri });
      await bob.act({ type: "Like", object: post });
      await world.settle();
      expect(await alice.knows(bob.iri)).toMatchObject({ followedBy: false, hasRequestedToFollow: false });
      expect((await alice.sees(post))?.counts.likes).toBe(0);
    });

    test("is seen again once it is not blocked any more", async () => {
      const [host] = await app().opened.tastes.hosts(alice.key);
      await alice.submit("/settings/servers", { action: "stop", host: String(host?.host) });
      expect((await lines()).map(({ text }) => text)).toContain("noise");
      expect(await app().opened.tastes.of(alice.key)).toBeNull();
    });
  });
});
