/** A public group of ours as the hub of what happens in it, for people here, another of ours, a Lemmy and a Mastodon. */
import { beforeAll, expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { HOUR_MS } from "../lib/durations.ts";
import type { JsonObject } from "../lib/json.ts";
import { readProof } from "../signatures/proof.ts";
import { eachEngine } from "../testing/engines.ts";
import { type GroupHub, groupHub } from "../testing/group-hub.ts";
import { groupOf, proven, toGroup } from "../testing/groups.ts";
import { post } from "../testing/letters.ts";
import { documentAt, jsonOf } from "../testing/people.ts";

const PATIENCE_MS = 60_000;

eachEngine((engine) => {
  let hub: GroupHub;

  beforeAll(async () => {
    hub = await groupHub(engine);
  }, PATIENCE_MS);

  test("its document says what groups of Lemmy's kind say, with a list of moderators in one piece", async () => {
    const { alice, group } = hub;
    const document = await jsonOf(await documentAt(alice.app, group.iri));
    expect(document).toMatchObject({
      type: "Group",
      attributedTo: `${group.iri}/moderators`,
      featured: `${group.iri}/featured`,
    });
    expect(await jsonOf(await documentAt(alice.app, `${group.iri}/moderators`))).toMatchObject({
      type: "OrderedCollection",
      orderedItems: [alice.iri],
    });
  });

  test("what a member here writes is one line for each member here and there, and told in both ways", async () => {
    const { all, alice, arno, bob, group, write, toldTo, shapes, inGroup, lines } = hub;
    const since = all.sent.length;
    const iri = await write(arno, "From arno");
    for (const who of [alice, arno, bob]) {
      expect(await lines(who, "From arno")).toBe(1);
      expect(await inGroup(who, iri)).toBe(true);
    }
    for (const host of ["forum.test", "tusk.test", "b.test"]) {
      const [told, shared] = toldTo(host, since);
      expect(shapes(toldTo(host, since))).toEqual(["Announce of Create", `Announce ${iri}`]);
      expect(shared).toMatchObject({ to: [PUBLIC], cc: [`${group.iri}/followers`] });
      expect(told).toMatchObject({
        object: { actor: arno.iri, object: { id: iri, audience: group.iri, attributedTo: arno.iri } },
      });
      const proof = readProof((told?.object ?? {}) as JsonObject, { nowMs: all.clock.now() });
      expect(proof).not.toBeNull();
    }
  });

  test("what somebody at a Lemmy writes is passed on unmodified, shown here and there, and answered", async () => {
    const { all, alice, arno, bob, group, forum, lena, toldTo, shapes, inGroup, lines, totalAt } = hub;
    const since = all.sent.length;
    const create = forum.page(lena, group.iri, "From lena");
    await forum.send(alice.app, lena, create);
    await all.settle();
    const iri = String(create.object.id);
    expect(toldTo("b.test", since)[0]?.object).toEqual(create);
    for (const who of [alice, arno, bob]) expect(await lines(who, "From lena")).toBe(1);
    const reply = await bob.act({
      type: "Create",
      ...toGroup(group),
      object: { type: "Note", content: "Bob answers", inReplyTo: iri },
    });
    await all.settle();
    expect(await inGroup(alice, reply.object?.iri ?? "")).toBe(true);
    expect(await totalAt(alice, iri, "replies")).toBe(1);
    expect(shapes(toldTo("forum.test", since))).toEqual([
      "Announce of Create",
      `Announce ${iri}`,
      "Announce of Create",
    ]);
  });

  test("with a proof of its author it goes on with the proof, which holds", async () => {
    const { all, alice, bob, group, forum, lena, toldTo, lines } = hub;
    const since = all.sent.length;
    const create = await proven(all, lena, forum.page(lena, group.iri, "With a proof"));
    await forum.send(alice.app, lena, create);
    await all.settle();
    expect(toldTo("b.test", since)[0]?.object).toEqual(create);
    // Who believes it without asking its author's server has verified it.
    const asked = all.sent
      .slice(since)
      .filter(({ from, to, path }) => from === "b.test" && to === "forum.test" && path.startsWith("/post"));
    expect(asked).toEqual([]);
    expect(await lines(bob, "With a proof")).toBe(1);
  });

  test("a status of Mastodon's that mentions the group is in it, and so are answers that do not name it", async () => {
    const { all, alice, arno, bob, mia, say, status, toldTo, shapes, inGroup, lines } = hub;
    const since = all.sent.length;
    const create = await say(mia, status(mia, "From mia"));
    const iri = String((create.object as JsonObject).id);
    expect(await inGroup(alice, iri)).toBe(true);
    expect(await lines(arno, "From mia")).toBe(1);
    expect(await lines(bob, "From mia")).toBe(1);
    const reply = status(mia, "And more", { cc: [mia.followers, arno.iri], inReplyTo: iri, tag: [] });
    const { id } = reply.object;
    await say(mia, reply);
    expect(await inGroup(alice, id)).toBe(true);
    expect(await inGroup(bob, id)).toBe(true);
    expect(await lines(bob, "And more")).toBe(0);
    expect(shapes(toldTo("forum.test", since))).toEqual([
      "Announce of Create",
      `Announce ${iri}`,
      "Announce of Create",
    ]);
  });

  test("votes, changes and the end of a post are told to everybody in the group", async () => {
    const { all, alice, arno, bob, group, forum, lena, write, toldTo, shapes, totalAt } = hub;
    const iri = await write(arno, "To be judged");
    const since = all.sent.length;
    const like = await proven(all, lena, forum.does(lena, "Like", iri, { audience: group.iri }));
    await forum.send(alice.app, lena, like);
    await all.settle();
    expect([await totalAt(alice, iri, "likes"), await totalAt(bob, iri, "likes")]).toEqual([1, 1]);
    await forum.send(
      alice.app,
      lena,
      await proven(all, lena, forum.does(lena, "Undo", like, { audience: group.iri })),
    );
    await all.settle();
    expect([await totalAt(alice, iri, "likes"), await totalAt(bob, iri, "likes")]).toEqual([0, 0]);
    await bob.act({ type: "Like", object: iri });
    await all.settle();
    expect(await totalAt(alice, iri, "likes")).toBe(1);
    await arno.act({ type: "Update", object: { id: iri, type: "Note", content: "Judged anew" } });
    await all.settle();
    expect((await bob.sees(iri))?.contentHtml).toContain("anew");
    await arno.act({ type: "Delete", object: iri });
    await all.settle();
    expect((await bob.sees(iri))?.isDeleted ?? true).toBe(true);
    expect(shapes(toldTo("forum.test", since))).toEqual([
      "Announce of Like",
      "Announce of Undo",
      "Announce of Like",
      "Announce of Update",
      "Announce of Delete",
      "Undo of Announce",
    ]);
  });

  test("whoever comes later finds in its outbox what was written before, as it is passed on", async () => {
    const { alice, arno, group, forum, lena, write } = hub;
    const iri = await write(arno, "Before you came");
    const page = forum.page(lena, group.iri, "Lena before you came");
    await forum.send(alice.app, lena, page);
    await hub.all.settle();
    const outbox = await jsonOf(await documentAt(alice.app, `${group.iri}/outbox?page=1`));
    const items = (outbox.orderedItems as readonly JsonObject[]).filter(
      ({ object }) => typeof object === "object",
    );
    expect(items.slice(0, 2)).toMatchObject([
      {
        type: "Announce",
        actor: group.iri,
        object: { id: page.id, object: { id: page.object.id, name: "Lena before you came" } },
      },
      {
        type: "Announce",
        actor: group.iri,
        object: { actor: arno.iri, object: { id: iri, content: "Before you came" } },
      },
    ]);
  });

  test("two groups that follow each other tell everything once", async () => {
    const { all, arno, bob, group, write, lines } = hub;
    const two = await groupOf(all.at("b.test"), "two", bob);
    const { look, core } = all.at("b.test").federation;
    await core.act(two.key, { type: "Follow", object: (await look.fetch(group.iri))?.iri ?? "" });
    await all.settle();
    await all.at("a.test").federation.core.act(group.key, {
      type: "Follow",
      object: (await all.at("a.test").federation.look.fetch(two.iri))?.iri ?? "",
    });
    await all.settle();
    const since = all.sent.length;
    await write(arno, "Round and round");
    const told = all.sent
      .slice(since)
      .filter(({ method, body }) => method === "POST" && body.includes("Round and round"));
    expect(told.filter(({ from }) => from === "b.test")).toEqual([]);
    expect(await lines(bob, "Round and round")).toBe(1);
  });

  test("where nobody elsewhere is in the group, only what its outbox lists is stored for them", async () => {
    const { alice } = hub;
    const small = await groupOf(alice.app, "small", alice);
    const { object } = await alice.act({
      type: "Create",
      ...toGroup(small),
      object: { type: "Note", content: "Among us" },
    });
    const inReplyTo = object?.iri ?? "";
    await alice.act({
      type: "Create",
      ...toGroup(small),
      object: { type: "Note", content: "Yes", inReplyTo },
    });
    await alice.act({ type: "Like", object: inReplyTo });
    const rows = await alice.app.opened.db.all({
      text: "SELECT key FROM object WHERE owner = $1 AND type = 'Announce'",
      values: [small.key],
    });
    expect(rows).toHaveLength(1);
  });

  test("a crowd of members here gets a post by as many statements as one of them", async () => {
    const { alice } = hub;
    const crowd = await groupOf(alice.app, "crowd", alice);
    const { db } = alice.app.opened;
    const before = await db.all<{ n: number }>({ text: "SELECT count(*) AS n FROM member", values: [] });
    let statements = 0;
    const batch = db.batch.bind(db);
    Object.assign(db, {
      batch: (all: Parameters<typeof batch>[0]) => {
        statements += all.length;
        return batch(all);
      },
    });
    await alice.act({ type: "Create", ...toGroup(crowd), object: { type: "Note", content: "To few" } });
    const few = statements;
    statements = 0;
    const keys = Array.from({ length: 300 }, () => alice.app.opened.keys.next());
    Object.assign(db, { batch });
    await db.batch(
      keys.flatMap((key) => [
        {
          text: "INSERT INTO object (key, iri, host, kind, type, document) VALUES ($1, $2, 0, 'actor', 'Person', '{}')",
          values: [key, `https://a.test/users/m${key}`],
        },
        { text: "INSERT INTO collection (owner, name) VALUES ($1, 'home')", values: [key] },
        {
          text: "INSERT INTO member (collection, item) SELECT key, CAST($1 AS BIGINT) FROM collection WHERE owner = $2 AND name IN ('followers', 'members')",
          values: [key, crowd.key],
        },
      ]),
    );
    Object.assign(db, {
      batch: (all: Parameters<typeof batch>[0]) => {
        statements += all.length;
        return batch(all);
      },
    });
    await alice.act({ type: "Create", ...toGroup(crowd), object: { type: "Note", content: "To many" } });
    Object.assign(db, { batch });
    expect(statements).toBe(few);
    const after = await db.all<{ n: number }>({ text: "SELECT count(*) AS n FROM member", values: [] });
    expect(Number(after[0]?.n) - Number(before[0]?.n)).toBeGreaterThan(900);
  });

  test("when everything has arrived, the texts that were passed on are swept", async () => {
    const { all, alice } = hub;
    const rows = () => alice.app.opened.db.all({ text: "SELECT activity FROM passed_on", values: [] });
    expect((await rows()).length).toBeGreaterThan(0);
    all.clock.advance(25 * HOUR_MS);
    await all.settle();
    const { sweepPassedOn } = await import("./store-groups.ts");
    await alice.app.opened.db.batch([sweepPassedOn(all.clock.now() - 60_000)]);
    expect(await rows()).toEqual([]);
  });

  test("a vote that names nobody is passed on all the same, and with its proof where it has one", async () => {
    const { all, alice, arno, bob, mia, say, write, toldTo, totalAt } = hub;
    const iri = await write(arno, "Liked by mia");
    const since = all.sent.length;
    const like = await say(mia, { type: "Like", object: iri });
    expect(toldTo("forum.test", since).map(({ object }) => object)).toMatchObject([
      { id: like.id, type: "Like", actor: mia.iri, object: iri },
    ]);
    expect([await totalAt(alice, iri, "likes"), await totalAt(bob, iri, "likes")]).toEqual([1, 0]);
    const dislike = { id: mia.at("/dislikes/1"), type: "Dislike", actor: mia.iri, object: iri };
    const body = await proven(all, mia, { "@context": "https://www.w3.org/ns/activitystreams", ...dislike });
    await post(alice.app, { by: mia, body });
    await all.settle();
    expect(toldTo("b.test", since).at(-1)?.object).toEqual(body);
    expect([await totalAt(alice, iri, "dislikes"), await totalAt(bob, iri, "dislikes")]).toEqual([1, 1]);
  });

  test("a group that is deleted is gone everywhere, and what people wrote in it stays theirs", async () => {
    const { all, alice, arno, bob } = hub;
    const brief = await groupOf(alice.app, "brief", alice);
    const theirs = (await bob.app.federation.look.fetch(brief.iri))?.iri ?? "";
    await bob.act({ type: "Follow", object: theirs });
    await all.settle();
    const { object } = await arno.act({
      type: "Create",
      ...toGroup(brief),
      object: { type: "Note", content: "It was nice" },
    });
    await all.settle();
    await alice.app.federation.core.act(
      brief.key,
      { type: "Delete", object: brief.iri, to: [PUBLIC], cc: [`${brief.iri}/followers`] },
      [],
      { by: alice.key, mayLeave: true },
    );
    await all.settle();
    expect((await bob.app.federation.look.find(brief.iri))?.deletedMs).not.toBeNull();
    expect((await documentAt(alice.app, brief.iri)).status).toBe(410);
    expect((await bob.sees(object?.iri ?? ""))?.isDeleted).toBe(false);
    await expect(arno.act({ type: "Follow", object: brief.iri })).rejects.toThrow();
  });
});
