/** Moving house: followers here follow along, where both ends agree, and nobody is led astray. */
import { beforeAll, describe, expect, test } from "bun:test";
import { setRemark } from "../accounts/store-acquaintances.ts";
import { PUBLIC } from "../core/object.ts";
import { setTerms } from "../core/store-lanes.ts";
import { createGrouping } from "../grouping.ts";
import { DAY_MS } from "../lib/durations.ts";
import type { JsonObject } from "../lib/json.ts";
import { onSqlite } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { post } from "../testing/letters.ts";
import { documentAt, jsonOf, type Person, person } from "../testing/people.ts";
import { alike, type Stranger, type StrangerActor, stranger } from "../testing/strangers.ts";

const PATIENCE_MS = 60_000;

onSqlite((engine) => {
  let all: Fediverse;
  let old: Stranger;
  let fresh: Stranger;
  let zoe: StrangerActor;
  let alice: Person;
  let bob: Person;
  let count = 0;

  /** Strangers move from old.test to new.test; alice and bob live at a.test and follow them. */
  beforeAll(async () => {
    all = await fediverse(engine, ["a.test", "b.test"]);
    old = stranger(all, "old.test");
    fresh = stranger(all, "new.test");
    zoe = await old.actor("zoe");
    alice = await person(all.at("a.test"), "alice", "admin");
    bob = await person(all.at("a.test"), "bob");
  }, PATIENCE_MS);

  const send = async (by: StrangerActor, activity: JsonObject) => {
    const answer = await post(alice.app, {
      by,
      body: {
        "@context": "https://www.w3.org/ns/activitystreams",
        id: by.at(`/activities/${++count}`),
        actor: by.iri,
        ...activity,
      },
    });
    await all.settle();
    return answer.status;
  };
  const move = (by: StrangerActor, to: string, object = by.iri) =>
    // As Mastodon writes it: the id is a fragment, and the audience no list.
    send(by, { id: `${by.iri}#moves/${++count}`, type: "Move", object, target: to, to: by.followers });
  const accept = async (follower: Person, who: StrangerActor) => {
    const { activity } = await follower.act({ type: "Follow", object: who.iri });
    await all.settle();
    await send(who, { type: "Accept", object: activity.id ?? "" });
  };
  /** Somebody at old.test whom the people here follow. */
  const followed = async (by: readonly Person[] = [alice, bob], more: JsonObject = {}) => {
    const actor = alike(zoe, old, `old-${++count}`, more);
    for (const each of by) await accept(each, actor);
    return actor;
  };
  const following = async (who: Person, iri: string) => (await who.knows(iri)).following;
  const named = (...iris: readonly string[]) => ({ alsoKnownAs: iris });

  /** Where somebody moves who then moves so many times more: every address, in order. */
  const movesOn = (from: string, times: number): readonly string[] => {
    const names = Array.from({ length: times + 1 }, () => `stop-${++count}`);
    const at = (n: number) => `https://new.test/users/${names[n]}`;
    for (const [n, name] of names.entries())
      alike(zoe, fresh, name, {
        ...named(n === 0 ? from : at(n - 1)),
        ...(n < times ? { movedTo: at(n + 1) } : {}),
      });
    return names.map((_, n) => at(n));
  };

  describe("somebody elsewhere", () => {
    test("is followed where they have moved to, and no longer where they were; followers are told", async () => {
      const from = await followed();
      const to = alike(zoe, fresh, `new-${++count}`, named(from.iri));
      await move(from, to.iri);
      expect([await following(alice, to.iri), await following(alice, from.iri)]).toEqual(["requested", "no"]);
      expect((await alice.notices())[0]).toBe(`moved ${from.name}@old.test`);
      const sent = fresh.received.map(({ body }) => JSON.parse(body));
      expect(sent.filter(({ type, object }) => type === "Follow" && object === to.iri)).toHaveLength(2);
      expect(old.received.some(({ body }) => JSON.parse(body).type === "Undo")).toBe(true);
    });

    test("is believed although their new actor was known before it named the old one", async () => {
      const from = await followed();
      const to = alike(zoe, fresh, `new-${++count}`);
      await alice.app.federation.look.fetch(to.iri);
      all.clock.advance(60_000);
      alike(zoe, fresh, to.name, named(from.iri));
      await move(from, to.iri);
      expect(await following(alice, to.iri)).toBe("requested");
    });

    test("leads nobody to a new actor that does not name the old one", async () => {
      const from = await followed();
      const to = alike(zoe, fresh, `new-${++count}`, named("https://old.test/users/somebody-else"));
      await move(from, to.iri);
      expect(await following(alice, from.iri)).toBe("yes");
      expect((await alice.app.federation.look.find(to.iri))?.document).toMatchObject({ id: to.iri });
    });

    test("is not moved by somebody else", async () => {
      const from = await followed();
      const thief = alike(zoe, fresh, `thief-${++count}`, named(from.iri));
      await move(thief, thief.iri, from.iri);
      await move(thief, thief.at("/users/another"), from.iri);
      expect(await following(alice, from.iri)).toBe("yes");
    });

    test("is moved by their new actor where the old one says so, and both stay followed after a copy", async () => {
      const name = `old-${++count}`;
      const to = alike(zoe, fresh, `new-${count}`, named(`https://old.test/users/${name}`));
      const from = alike(zoe, old, name, { copiedTo: to.iri });
      await accept(alice, from);
      await move(to, to.iri, from.iri);
      expect([await following(alice, to.iri), await following(alice, from.iri)]).toEqual([
        "requested",
        "yes",
      ]);
    });

    test("is followed to the end of a chain", async () => {
      const from = await followed([alice]);
      const end = alike(zoe, fresh, `end-${++count}`, named(`https://new.test/users/middle-${count}`));
      const middle = alike(zoe, fresh, `middle-${count}`, { ...named(from.iri), movedTo: end.iri });
      await move(from, middle.iri);
      expect([await following(alice, end.iri), await following(alice, from.iri)]).toEqual([
        "requested",
        "no",
      ]);
    });

    test("is followed over three more moves, and no further", async () => {
      const arrived: string[] = [];
      for (const moves of [3, 4]) {
        const from = await followed([alice]);
        const [first = "", ...more] = movesOn(from.iri, moves);
        await move(from, first);
        arrived.push(await following(alice, more.at(-1) ?? ""), await following(alice, from.iri));
      }
      expect(arrived).toEqual(["requested", "no", "no", "yes"]);
    });

    test("is not followed in a circle", async () => {
      const from = await followed([alice]);
      const there = alike(zoe, fresh, `there-${++count}`, { ...named(from.iri), movedTo: from.iri });
      await move(from, there.iri);
      expect(await following(alice, from.iri)).toBe("yes");
      await move(from, from.iri);
      expect(await following(alice, from.iri)).toBe("yes");
    });

    test("is not followed again within a week by whoever followed them since", async () => {
      const from = await followed([alice]);
      const first = alike(zoe, fresh, `first-${++count}`, named(from.iri));
      const second = alike(zoe, fresh, `second-${count}`, named(from.iri));
      await move(from, first.iri);
      await accept(bob, from);
      await move(from, second.iri);
      expect(await following(bob, from.iri)).toBe("yes");
      all.clock.advance(8 * DAY_MS);
      await all.settle();
      await move(from, second.iri);
      expect(await following(bob, second.iri)).toBe("requested");
    });

    test("is only left where both were followed already", async () => {
      const from = await followed([alice]);
      const to = alike(zoe, fresh, `new-${++count}`, named(from.iri));
      await accept(alice, to);
      const before = fresh.received.length;
      await move(from, to.iri);
      expect([await following(alice, to.iri), await following(alice, from.iri)]).toEqual(["yes", "no"]);
      expect(fresh.received.slice(before)).toEqual([]);
    });

    test("is in the lists and on the terms in which they were, with what was noted about them", async () => {
      const from = await followed([alice]);
      const to = alike(zoe, fresh, `new-${++count}`, named(from.iri));
      const { db } = alice.app.opened;
      const { look } = alice.app.federation;
      const old = (await look.find(from.iri))?.key ?? 0;
      const { object } = await alice.act({ type: "Create", object: { type: "List", name: "Friends" } });
      await alice.act({ type: "Add", object: from.iri, target: object?.iri ?? "" });
      await db.batch([setTerms(alice.key, old, { shares: false, tells: true, languages: ["de"] })]);
      await db.batch([setRemark(alice.key, old, "from the old school")]);
      await move(from, to.iri);
      expect(await following(alice, from.iri)).toBe("no");
      expect(await alice.knows(to.iri)).toMatchObject({
        following: "requested",
        showsShares: false,
        tellsPosts: true,
        languages: ["de"],
        remark: "from the old school",
      });
      const { items } = await alice.app.queries.listPeople(object?.key ?? 0, { limit: 5 });
      expect(items.map(({ iri }) => iri)).toEqual([to.iri]);
    });

    test("is blocked and muted at the new address by whoever did so at the old one, and they are told", async () => {
      const from = await followed([alice]);
      const carol = await person(alice.app, `carol_${++count}`);
      const dave = await person(alice.app, `dave_${count}`);
      const to = alike(zoe, fresh, `new-${count}`, named(from.iri));
      await carol.act({ type: "Block", object: from.iri });
      await dave.act({ type: "Add", object: from.iri, target: `${dave.iri}/muted` });
      await move(from, to.iri);
      expect(await carol.knows(to.iri)).toMatchObject({ blocking: true });
      expect(await dave.knows(to.iri)).toMatchObject({ muting: true });
      expect(await carol.notices()).toEqual([`moved ${from.name}@old.test`]);
      expect(await dave.notices()).toEqual([`moved ${from.name}@old.test`]);
    });
  });

  test("nobody is led to a server that is blocked here", async () => {
    const { domains } = alice.app.opened;
    const from = await followed([alice]);
    const bad = alike(zoe, stranger(all, "bad.test"), "bad", named(from.iri));
    await alice.app.federation.look.fetch(bad.iri);
    const rule = { ...domains.parse({ domain: "bad.test", level: "block" }), list: null };
    await domains.change(alice.key, { put: [rule], remove: [] });
    await move(from, bad.iri);
    expect([await following(alice, bad.iri), await following(alice, from.iri)]).toEqual(["no", "yes"]);
  });

  test("a group here that is moved stays with its owners, and its members follow the new one; no program moves it", async () => {
    const { groups, actAsGroup } = createGrouping({ ...alice.app, now: all.clock.now });
    const account = await alice.app.opened.accounts.people.getByName("alice");
    const made = await groups.create(account, { name: "readers", displayName: "Readers" });
    const group = `${alice.app.origin}/users/readers`;
    await bob.act({ type: "Follow", object: group });
    await all.settle();
    const there = alike(zoe, fresh, "readers", { type: "Group", ...named(group) });
    const moving = { type: "Move", object: group, target: there.iri };
    for (const by of [bob, alice]) await expect(actAsGroup(by.key, made.key, moving)).rejects.toThrow();
    await alice.app.federation.core.act(made.key, moving, [], { by: alice.key, mayLeave: true });
    await all.settle();
    expect([await following(bob, there.iri), await following(bob, group)]).toEqual(["requested", "no"]);
    expect([await following(alice, there.iri), await following(alice, group)]).toEqual(["requested", "yes"]);
    expect((await alice.app.federation.look.find(group))?.document?.movedTo).toBe(there.iri);
  });

  describe("somebody here", () => {
    let carol: Person;
    let erin: Person;
    let frank: Person;
    let moved: string;

    /** carol moves from a.test to b.test, where she is erin; frank at b.test and alice here follow carol. */
    beforeAll(async () => {
      carol = await person(all.at("a.test"), "carol");
      erin = await person(all.at("b.test"), "erin", "admin");
      frank = await person(all.at("b.test"), "frank");
      await frank.act({ type: "Follow", object: carol.iri });
      await alice.act({ type: "Follow", object: carol.iri });
      await all.settle();
    }, PATIENCE_MS);

    test("cannot move to an actor that does not name them, nor say by hand that they have moved", async () => {
      await carol.app.federation.look.fetch(erin.iri);
      const moving = carol.act({ type: "Move", object: carol.iri, target: erin.iri });
      await expect(moving).rejects.toThrow("does not know the old one");
      const byHand = carol.act({ type: "Update", object: { id: carol.iri, movedTo: erin.iri } });
      await expect(byHand).rejects.toThrow("moved by a Move");
      const [far = ""] = movesOn(carol.iri, 4);
      const chasing = carol.act({ type: "Move", object: carol.iri, target: far });
      await expect(chasing).rejects.toThrow("too many moves follow one another");
    });

    test("takes followers here and elsewhere along", async () => {
      await erin.act({ type: "Update", object: { id: erin.iri, alsoKnownAs: [carol.iri] } });
      all.clock.advance(60_000);
      const { activity } = await carol.act({ type: "Move", object: carol.iri, target: erin.iri });
      moved = activity.id ?? "";
      await all.settle();
      for (const follower of [alice, frank]) {
        expect(await following(follower, erin.iri)).toBe("yes");
        expect(await following(follower, carol.iri)).toBe("no");
      }
      const document = await jsonOf(await documentAt(carol.app, carol.iri));
      expect(document.movedTo).toBe(erin.iri);
      expect((await frank.app.federation.look.find(carol.iri))?.document?.movedTo).toBe(erin.iri);
    });

    test("takes no new followers then, writes nothing, and cannot move again for a month", async () => {
      await bob.act({ type: "Update", object: { id: bob.iri, manuallyApprovesFollowers: false } });
      await expect(bob.act({ type: "Follow", object: carol.iri })).rejects.toThrow("has moved");
      const late = alike(zoe, old, `late-${++count}`);
      await send(late, { type: "Follow", object: carol.iri });
      const answers = old.received.map(({ body }) => JSON.parse(body));
      expect(answers.some(({ type, actor }) => type === "Reject" && actor === carol.iri)).toBe(true);
      await expect(carol.note("still here", { to: [PUBLIC] })).rejects.toThrow("can only be read");
      await expect(carol.act({ type: "Undo", object: moved })).rejects.toThrow("taken back by an Update");
      const again = carol.act({ type: "Move", object: carol.iri, target: erin.iri });
      await expect(again).rejects.toThrow("in the last 30 days");
    });

    test("takes the move back, and writes on", async () => {
      all.clock.advance(60_000);
      await carol.act({ type: "Update", object: { id: carol.iri, movedTo: null } });
      await all.settle();
      expect(await carol.note("back", { to: [PUBLIC] })).toStartWith(carol.app.origin);
      expect((await jsonOf(await documentAt(carol.app, carol.iri))).movedTo).toBeUndefined();
    });
  });
});
