/** Groups of notices, those who sent them, conversations, markers and trends, asked of each engine. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { insertNotice } from "../core/store-writes.ts";
import { createKeys } from "../lib/id.ts";
import { isProblem } from "../lib/problem.ts";
import { OPEN_POLICY } from "../moderation/notice-policy.ts";
import { createTastes } from "../moderation/tastes.ts";
import { eachEngine } from "../testing/engines.ts";
import { readingOf } from "../testing/reading.ts";
import { village } from "../testing/village.ts";
import { createNotices } from "./notices.ts";
import { createPersonal } from "./personal.ts";
import { PLAIN_PICTURES } from "./pictures.ts";
import { createSieves } from "./sifting.ts";
import { putMarker } from "./store-notices.ts";
import { createTrends } from "./trends.ts";

const A = "https://a.test";
const HALF_DAY_MS = 12 * 3600_000;

eachEngine((engine) => {
  async function given() {
    const town = await village({ [A]: await engine.freshDb() });
    const a = town.house(A);
    const { now } = town.clock;
    const keys = createKeys({ now });
    const { views } = readingOf(a, now);
    const tastes = await createTastes({ db: a.db, keys, now });
    const sieveFor = createSieves({ tasteOf: tastes.of, now });
    const pictures = PLAIN_PICTURES;
    const notices = createNotices({ db: a.db, now, views, sieveFor, tasteOf: tastes.of, pictures });
    const [alice, bob, carol] = [await a.person("alice"), await a.person("bob"), await a.person("carol")];
    const act = async (by: { key: number }, activity: object) => {
      town.clock.advance(10);
      return a.core.act(by.key, activity as never);
    };
    const note = async (by: { key: number }, content: string, more: object = {}) => {
      const { object } = await act(by, {
        type: "Create",
        to: [PUBLIC],
        object: { type: "Note", content },
        ...more,
      });
      return object as { key: number; iri: string };
    };
    return {
      town,
      a,
      act,
      note,
      alice,
      bob,
      carol,
      tastes,
      personal: createPersonal({ db: a.db, now, notices, views, sieveFor }, "en"),
      trends: createTrends({ db: a.db, keys, now, views, sieveFor }, "en"),
    };
  }

  test("likes of half a day are one group, those of the next another, and pages lead up and down through them", async () => {
    const { town, alice, bob, carol, note, act, personal } = await given();
    const posts = [await note(alice, "one"), await note(alice, "two"), await note(alice, "three")];
    for (const { iri } of posts)
      for (const fan of [bob, carol]) await act(fan, { type: "Like", object: iri });
    const together = { together: ["like"] as const };
    const all = await personal.noticeGroups(alice.key, { limit: 10 }, together);
    expect(all.items.map(({ count, notice }) => [count, notice.object?.contentHtml])).toEqual([
      [2, "three"],
      [2, "two"],
      [2, "one"],
    ]);
    const first = await personal.noticeGroups(alice.key, { limit: 2 }, together);
    const second = await personal.noticeGroups(alice.key, { limit: 2, before: first.older ?? 0 }, together);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(all.items.map(({ id }) => id));
    const up = await personal.noticeGroups(
      alice.key,
      { limit: 1, from: all.items[2]?.newest ?? 0 },
      together,
    );
    expect(up.items.map(({ id }) => id)).toEqual([all.items[1]?.id ?? ""]);
    town.clock.advance(HALF_DAY_MS);
    const [four] = [await note(bob, "four")];
    await act(alice, { type: "Announce", object: four.iri, to: [PUBLIC] });
    await act(bob, { type: "Announce", object: posts[0]?.iri ?? "", to: [PUBLIC] });
    const later = await personal.noticeGroups(alice.key, { limit: 10 }, { together: ["like", "share"] });
    expect(later.items.map(({ kind }) => kind)).toEqual(["share", "like", "like", "like"]);
    const [group] = all.items;
    expect(await personal.noticeGroupActors(alice.key, group?.id ?? "")).toHaveLength(2);
    await personal.dismissNoticeGroup(alice.key, group?.id ?? "");
    expect(await personal.noticeGroup(alice.key, group?.id ?? "")).toBeNull();
    expect(await personal.noticeGroup(bob.key, all.items[1]?.id ?? "")).toBeNull();
  });

  test("more likes than one look takes in hide nothing that is older, and are put away together", async () => {
    const { town, a, alice, bob, note, act, personal } = await given();
    const [old, loved] = [await note(alice, "old"), await note(alice, "loved")];
    await act(bob, { type: "Announce", object: old.iri, to: [PUBLIC] });
    const { key } = await act(bob, { type: "Like", object: loved.iri });
    town.clock.advance(10);
    const keys = createKeys({ now: town.clock.now });
    // What they are about tells them apart, as one person likes a thing once.
    const likes = Array.from({ length: 2_200 }, (_, i) =>
      insertNotice(keys.next(), alice.key, "like", key, i + 1),
    );
    await a.db.batch(likes);
    const asked = { together: ["like", "share"] as const };
    const first = await personal.noticeGroups(alice.key, { limit: 10 }, asked);
    expect(first.items.map(({ kind }) => kind)).toEqual(["like"]);
    const second = await personal.noticeGroups(alice.key, { limit: 10, before: first.older ?? 0 }, asked);
    expect(second.items.map(({ kind }) => kind)).toEqual(["share"]);
    expect(second.older).toBeNull();
    await personal.dismissNoticeGroup(alice.key, first.items[0]?.id ?? "");
    const left = await personal.noticeGroups(alice.key, { limit: 10 }, asked);
    expect(left.items.map(({ kind }) => kind)).toEqual(["share"]);
  });

  test("whose notices are kept back asks once, until accepted, or put aside till there is something new", async () => {
    const { alice, bob, carol, note, act, personal, tastes } = await given();
    await tastes.setPolicy(alice.key, {
      notFollowing: "filter",
      notFollowers: "accept",
      newAccounts: "accept",
      privateMentions: "accept",
      limitedAccounts: "filter",
    });
    const post = await note(alice, "hello");
    await act(bob, { type: "Like", object: post.iri });
    await act(carol, { type: "Like", object: post.iri });
    const waiting = async () => (await personal.noticeSenders(alice.key)).map(({ actor }) => actor.handle);
    expect(await waiting()).toEqual(["carol", "bob"]);
    const [newest] = await personal.noticeSenders(alice.key);
    await tastes.decide(alice.key, [carol.key], "dismissed", newest?.newest ?? 0);
    await tastes.decide(alice.key, [bob.key], "accepted", 0);
    expect(await waiting()).toEqual([]);
    expect(await personal.countNotices(alice.key, {})).toBe(1);
    await act(carol, { type: "Announce", object: post.iri, to: [PUBLIC] });
    expect(await waiting()).toEqual(["carol"]);
  });

  test("whoever is kept back waits, however much others do meanwhile", async () => {
    const { town, a, alice, bob, carol, note, act, personal, tastes } = await given();
    await tastes.setPolicy(alice.key, { ...OPEN_POLICY, notFollowing: "filter" });
    await act(alice, { type: "Follow", object: carol.iri });
    const post = await note(alice, "hello");
    await act(bob, { type: "Like", object: post.iri });
    const { key } = await act(carol, { type: "Like", object: post.iri });
    town.clock.advance(10);
    const keys = createKeys({ now: town.clock.now });
    await a.db.batch(
      Array.from({ length: 1_100 }, (_, i) => insertNotice(keys.next(), alice.key, "like", key, i + 1)),
    );
    const waiting = await personal.noticeSenders(alice.key);
    expect(waiting.map(({ actor, count }) => [actor.handle, count])).toEqual([["bob", 1]]);
  });

  test("a conversation is found by anything in it, pages by what was said last, and ends for one person alone", async () => {
    const { alice, bob, carol, act, personal } = await given();
    const talk = (by: { key: number }, to: readonly { iri: string }[], inReplyTo?: string) =>
      act(by, {
        type: "Create",
        to: to.map(({ iri }) => iri),
        object: { type: "Note", content: "psst", ...(inReplyTo ? { inReplyTo } : {}) },
      });
    const first = await talk(alice, [bob]);
    await talk(alice, [carol]);
    const answer = await talk(bob, [alice, carol], first.object?.iri);
    const page = await personal.talks(alice.key, { limit: 1 });
    expect(page.items.map(({ people }) => people.map(({ handle }) => handle))).toEqual([["bob", "carol"]]);
    const next = await personal.talks(alice.key, { limit: 1, before: page.older ?? 0 });
    expect(next.items.map(({ people, isUnread }) => [people[0]?.handle, isUnread])).toEqual([
      ["carol", false],
    ]);
    const found = await personal.talk(alice.key, { object: answer.object?.key ?? 0 });
    expect(found?.key).toBe(page.items[0]?.key ?? 0);
    await personal.dropTalk(alice.key, found?.key ?? 0);
    expect((await personal.talks(alice.key, { limit: 9 })).items).toHaveLength(1);
    expect((await personal.talks(bob.key, { limit: 9 })).items).toHaveLength(1);
  });

  test("of two programs that move a marker at once one is told", async () => {
    const { a, alice, personal } = await given();
    await personal.putMarkers(alice.key, new Map([["home", 5]]));
    await personal.putMarkers(alice.key, new Map([["home", 7]]));
    expect(await personal.markers(alice.key, ["home"])).toMatchObject([{ position: 7, version: 1 }]);
    const [late] = await a.db.batch([putMarker(alice.key, "home", 6, 0, 1)]);
    expect(late).toEqual([]);
    const both = await Promise.allSettled([
      personal.putMarkers(alice.key, new Map([["home", 8]])),
      personal.putMarkers(alice.key, new Map([["home", 9]])),
    ]);
    for (const each of both)
      if (each.status === "rejected") expect(isProblem(each.reason, "conflict")).toBe(true);
    expect(both.some(({ status }) => status === "fulfilled")).toBe(true);
  });

  test("trends are counted anew without what is old, and keep what the staff hid away", async () => {
    const { town, alice, bob, note, act, trends } = await given();
    const tag = { tag: [{ type: "Hashtag", name: "#Owls" }] };
    const tagged = (by: { key: number }) =>
      act(by, { type: "Create", to: [PUBLIC], object: { type: "Note", content: "hoo", ...tag } });
    await tagged(alice);
    await tagged(bob);
    const liked = await note(alice, "liked");
    for (const by of [alice, bob]) await act(by, { type: "Like", object: liked.iri });
    await trends.countTrends();
    expect((await trends.trendingTags()).map(({ name, days }) => [name, days[0]?.people])).toEqual([
      ["owls", 2],
    ]);
    expect((await trends.trendingPosts(null)).map(({ key }) => key)).toEqual([liked.key]);
    await trends.hideTrend(alice.key, "tag", "owls", true);
    await trends.countTrends();
    expect(await trends.trendingTags()).toEqual([]);
    expect(await trends.trendsForStaff("tag")).toMatchObject([{ isHidden: true }]);
    town.clock.advance(3 * 2 * HALF_DAY_MS);
    await trends.countTrends();
    expect(await trends.trendsForStaff("tag")).toEqual([]);
    expect(await trends.trendingPosts(null)).toEqual([]);
  });
});
