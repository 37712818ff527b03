/** Keeping the peace of a group of ours: taking things out, closing conversations, keeping people out, who may write. */
import { beforeAll, expect, test } from "bun:test";
import { type AsObject, PUBLIC } from "../core/object.ts";
import type { JsonObject } from "../lib/json.ts";
import { isProblem } from "../lib/problem.ts";
import { onSqlite } from "../testing/engines.ts";
import { type GroupHub, groupHub } from "../testing/group-hub.ts";
import { groupOf, toGroup } from "../testing/groups.ts";
import { type Person, person } from "../testing/people.ts";

const PATIENCE_MS = 60_000;

onSqlite((engine) => {
  let hub: GroupHub;

  beforeAll(async () => {
    hub = await groupHub(engine);
  }, PATIENCE_MS);

  test("a moderator takes something out, here or elsewhere: it stays its author's", async () => {
    const { all, alice, arno, bob, group, forum, lena, toldTo, shapes, inGroup, lines } = hub;
    const create = forum.page(lena, group.iri, "Off topic");
    await forum.send(alice.app, lena, create);
    await all.settle();
    const iri = String(create.object.id);
    await expect(arno.act({ type: "Delete", object: iri })).rejects.toThrow("only its owner");
    const since = all.sent.length;
    const removal = await alice.act({ type: "Delete", object: iri, summary: "Not about books" });
    await all.settle();
    for (const who of [alice, bob]) {
      expect(await inGroup(who, iri)).toBe(false);
      expect(await lines(who, "Off topic")).toBe(0);
      expect((await who.sees(iri))?.isDeleted).toBe(false);
    }
    expect(shapes(toldTo("forum.test", since))).toEqual(["Announce of Delete", "Undo of Announce"]);
    await alice.act({ type: "Undo", object: removal.activity.id ?? "" });
    await all.settle();
    for (const who of [alice, bob]) expect(await inGroup(who, iri)).toBe(true);
    await alice.act({
      type: "Add",
      object: bob.iri,
      target: `${group.iri}/moderators`,
      to: [PUBLIC],
      cc: [group.iri],
    });
    await all.settle();
    await bob.act({ type: "Delete", object: iri, audience: group.iri, to: [group.iri] });
    await all.settle();
    for (const who of [alice, bob]) expect(await inGroup(who, iri)).toBe(false);
  });

  test("what is done in the name of the group takes effect elsewhere, and says nobody's name", async () => {
    const { all, alice, arno, bob, group, write, inGroup, totalAt } = hub;
    const iri = await write(arno, "In the group's name");
    const since = all.sent.length;
    const act = async (draft: AsObject) => {
      const done = await alice.app.federation.core.act(group.key, draft, [], { by: alice.key });
      await all.settle();
      return done.activity.id ?? "";
    };
    await act({ type: "Add", object: iri, target: `${group.iri}/featured` });
    expect(await totalAt(bob, group.iri, "featured")).toBe(1);
    const lock = await act({ type: "Lock", object: iri });
    expect(await totalAt(bob, group.iri, "locked")).toBe(1);
    await act({ type: "Undo", object: lock });
    expect(await totalAt(bob, group.iri, "locked")).toBe(0);
    const removal = await act({ type: "Delete", object: iri });
    for (const who of [alice, bob]) expect(await inGroup(who, iri)).toBe(false);
    await act({ type: "Undo", object: removal });
    for (const who of [alice, bob]) expect(await inGroup(who, iri)).toBe(true);
    const cora = await person(bob.app, "cora");
    await cora.act({ type: "Follow", object: group.iri });
    await all.settle();
    expect(await cora.knows(group.iri)).toMatchObject({ following: "yes" });
    await act({ type: "Block", object: cora.iri, target: group.iri, to: [cora.iri] });
    expect(await cora.knows(group.iri)).toMatchObject({ following: "no" });
    const told = all.sent
      .slice(since)
      .filter(({ from, body }) => from === "a.test" && body.includes("alice"));
    expect(told).toEqual([]);
  });

  test("what the group says to everybody is in it, here and elsewhere; what it writes to somebody is not", async () => {
    const { all, alice, arno, bob, group, inGroup, lines } = hub;
    const say = async (content: string, audience: AsObject) => {
      const draft = { type: "Create", ...audience, object: { type: "Note", content } };
      const { object } = await alice.app.federation.core.act(group.key, draft, [], { by: alice.key });
      await all.settle();
      return object?.iri ?? "";
    };
    const word = await say("We are open", { to: [PUBLIC], cc: [`${group.iri}/followers`] });
    for (const who of [arno, bob]) {
      expect(await inGroup(who, word)).toBe(true);
      expect(await lines(who, "We are open")).toBe(1);
    }
    const letter = await say("To arno alone", { to: [arno.iri] });
    expect(await inGroup(arno, letter)).toBe(false);
    expect(await bob.app.federation.look.find(letter)).toBeNull();
  });

  test("only what is in the group can stand at its top", async () => {
    const { alice, group } = hub;
    const elsewhere = await alice.note("Not in it", { to: [PUBLIC] });
    const pin = { type: "Add", object: elsewhere, target: `${group.iri}/featured` };
    await expect(alice.act(pin)).rejects.toThrow("in the group");
  });

  test("a closed conversation takes no replies but those of moderators", async () => {
    const { all, alice, arno, bob, group, forum, lena, write, totalAt } = hub;
    const iri = await write(arno, "To be closed");
    const answer = await write(arno, "First answer", { inReplyTo: iri });
    await alice.act({ type: "Lock", object: iri });
    await all.settle();
    const reply = (by: Person, to: string) =>
      by.act({ type: "Create", ...toGroup(group), object: { type: "Note", content: "More", inReplyTo: to } });
    for (const to of [iri, answer]) await expect(reply(arno, to)).rejects.toThrow("no more replies");
    await reply(alice, iri);
    const comment = forum.comment(lena, group.iri, iri, "Too late");
    await forum.send(alice.app, lena, comment);
    await all.settle();
    expect(await alice.app.federation.look.find(String(comment.object.id))).toBeNull();
    expect(await totalAt(bob, group.iri, "locked")).toBe(1);
  });

  test("who is kept out is refused, and their posts reach nobody", async () => {
    const { all, alice, group, forum, toldTo } = hub;
    const troll = await forum.user("troll");
    await forum.send(alice.app, troll, forum.does(troll, "Follow", group.iri));
    await all.settle();
    await alice.act({ type: "Block", object: troll.iri, target: group.iri, summary: "Spam" });
    await all.settle();
    const since = all.sent.length;
    const create = forum.page(troll, group.iri, "Buy this");
    await forum.send(alice.app, troll, create);
    await forum.send(alice.app, troll, forum.does(troll, "Follow", group.iri));
    await all.settle();
    expect(await alice.app.federation.look.find(String(create.object.id))).toBeNull();
    expect(toldTo("b.test", since)).toEqual([]);
    const { look } = alice.app.federation;
    const lists = await look.listsWith(
      group.key,
      ["banned", "members"],
      (await look.find(troll.iri))?.key ?? 0,
    );
    expect([...lists]).toEqual(["banned"]);
  });

  test("an aside to somebody who wrote in the group is not in it, and needs nobody's leave", async () => {
    const { alice, arno, write, inGroup } = hub;
    const iri = await write(arno, "Anybody?");
    await alice.act({ type: "Lock", object: iri });
    const cleo = await person(alice.app, "cleo");
    const aside = { type: "Note", content: "Psst", inReplyTo: iri, to: [arno.iri] };
    const { object } = await cleo.act(aside);
    expect(await inGroup(arno, object?.iri ?? "")).toBe(false);
    expect(await alice.sees(object?.iri ?? "")).toBeNull();
    await expect(cleo.act({ ...aside, to: [PUBLIC] })).rejects.toThrow("no more replies");
  });

  test("somebody can be kept out for a time, after which they come in again", async () => {
    const { all, alice, group, forum } = hub;
    const rowdy = await forum.user("rowdy");
    await forum.send(alice.app, rowdy, forum.does(rowdy, "Follow", group.iri));
    await all.settle();
    const endTime = new Date(all.clock.now() + 60_000).toISOString();
    await alice.act({ type: "Block", object: rowdy.iri, target: group.iri, endTime });
    await all.settle();
    const { look } = alice.app.federation;
    const isBanned = async () => look.isMember(group.key, "banned", (await look.find(rowdy.iri))?.key ?? 0);
    expect(await isBanned()).toBe(true);
    all.clock.advance(61_000);
    await all.settle();
    expect(await isBanned()).toBe(false);
  });

  test("what moderators do is said as openly as the group is, without their having to say so", async () => {
    const { alice, arno, group, write } = hub;
    const iri = await write(arno, "To be moderated");
    const lock = await alice.act({ type: "Lock", object: iri });
    expect(lock.activity).toMatchObject({ to: [PUBLIC], cc: [group.iri], audience: group.iri });
    const like = await alice.act({ type: "Like", object: iri });
    expect(like.activity).toMatchObject({ to: [arno.iri, group.iri], audience: group.iri });
    const add = await alice.act({ type: "Add", object: iri, target: `${group.iri}/featured` });
    expect(add.activity).toMatchObject({ to: [PUBLIC], cc: [group.iri], audience: group.iri });
    const kept = await alice.act({ type: "Add", object: iri, target: `${alice.iri}/bookmarks` });
    expect(kept.activity.to).toBeUndefined();
  });

  test("somebody can be kept out with everything that they have written there", async () => {
    const { all, alice, bob, group, forum, lines, inGroup, totalAt } = hub;
    const spammer = await forum.user("spammer");
    const pages = ["Spam one", "Spam two"].map((name) => forum.page(spammer, group.iri, name));
    for (const page of pages) await forum.send(alice.app, spammer, page);
    await all.settle();
    const before = (await totalAt(alice, group.iri, "posts")) ?? 0;
    expect(await lines(bob, "Spam")).toBe(2);
    const isPinned = async () => {
      const { items } = await alice.app.queries.featured(group.key, alice.key, { limit: 9 });
      return items.some(({ object }) => object.iri === pages[0]?.object.id);
    };
    const pinned = (await totalAt(alice, group.iri, "featured")) ?? 0;
    const pin = { type: "Add", object: String(pages[0]?.object.id), target: `${group.iri}/featured` };
    await alice.act(pin);
    await all.settle();
    expect(await isPinned()).toBe(true);
    await alice.act({ type: "Block", object: spammer.iri, target: group.iri, removeData: true });
    await all.settle();
    expect([await isPinned(), await totalAt(alice, group.iri, "featured")]).toEqual([false, pinned]);
    for (const who of [alice, bob]) {
      expect(await lines(who, "Spam")).toBe(0);
      for (const page of pages) expect(await inGroup(who, String(page.object.id))).toBe(false);
    }
    expect(await totalAt(alice, group.iri, "posts")).toBe(before - 2);
    expect((await bob.sees(String(pages[0]?.object.id)))?.isDeleted).toBe(false);
  });

  test("who may write is what the group says: anyone, members, or moderators", async () => {
    const { alice, arno } = hub;
    const outsider = await person(alice.app, "outsider");
    const of = async (posting: string) => {
      const strict = await groupOf(alice.app, `g${posting}`, alice, { posting });
      await arno.act({ type: "Follow", object: strict.iri });
      const may = async (by: Person, more: JsonObject = {}) => {
        try {
          const { object } = await by.act({
            type: "Create",
            ...toGroup(strict),
            object: { type: "Note", content: "Hi", ...more },
          });
          return object?.iri ?? "";
        } catch (error) {
          return isProblem(error, "forbidden") ? null : "another fault";
        }
      };
      const first = (await may(alice)) ?? "";
      return [
        first !== "",
        (await may(arno)) !== null,
        (await may(outsider)) !== null,
        (await may(arno, { inReplyTo: first })) !== null,
      ];
    };
    expect(await of("anyone")).toEqual([true, true, true, true]);
    expect(await of("members")).toEqual([true, true, false, true]);
    expect(await of("moderators")).toEqual([true, false, false, true]);
  });
});
