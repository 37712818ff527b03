/** A private group of ours: its members read, here and elsewhere; by no other way does anybody. */
import { beforeAll, describe, expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import type { JsonObject } from "../lib/json.ts";
import { eachEngine } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { type Group, groupOf, type Lemmy, lemmy, toMembers } from "../testing/groups.ts";
import { post, sealed } from "../testing/letters.ts";
import { documentAt, jsonOf, type Person, person } from "../testing/people.ts";
import { type Stranger, type StrangerActor, stranger } from "../testing/strangers.ts";

const PATIENCE_MS = 60_000;
const SECRET = "Our secret words";

eachEngine((engine) => {
  let all: Fediverse;
  let alice: Person;
  let arno: Person;
  let otto: Person;
  let bob: Person;
  let brit: Person;
  let group: Group;
  let spies: Stranger;
  let spy: StrangerActor;
  let forum: Lemmy;
  let secret: { iri: string; create: string };
  let theirs: string;

  /** alice (owner) and arno at a.test and bob at b.test are in it; otto (a.test), brit (b.test) and spy are not. */
  beforeAll(async () => {
    all = await fediverse(engine, ["a.test", "b.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    arno = await person(all.at("a.test"), "arno");
    otto = await person(all.at("a.test"), "otto");
    bob = await person(all.at("b.test"), "bob", "admin");
    brit = await person(all.at("b.test"), "brit");
    group = await groupOf(all.at("a.test"), "circle", alice, { access: "private" });
    await arno.act({ type: "Follow", object: group.iri });
    const there = (await bob.app.federation.look.fetch(group.iri))?.iri ?? "";
    await bob.act({ type: "Follow", object: there });
    await brit.act({ type: "Follow", object: (await brit.app.federation.look.fetch(alice.iri))?.iri ?? "" });
    await otto.act({ type: "Follow", object: alice.iri });
    spies = stranger(all, "spies.test");
    spy = await spies.actor("spy");
    await post(alice.app, {
      by: spy,
      body: {
        "@context": "https://www.w3.org/ns/activitystreams",
        id: spy.at("/f/1"),
        type: "Follow",
        actor: spy.iri,
        object: alice.iri,
      },
    });
    forum = lemmy(all, "forum.test");
    await all.settle();
    const made = await alice.act({
      type: "Create",
      ...toMembers(group),
      object: {
        type: "Note",
        content: SECRET,
        tag: [{ type: "Hashtag", name: "#hush", href: "https://a.test/tags/hush" }],
      },
    });
    await all.settle();
    secret = { iri: made.object?.iri ?? "", create: made.activity.id ?? "" };
    const reply = await bob.act({
      type: "Create",
      ...toMembers(group),
      object: { type: "Note", content: `Bob knows ${SECRET}`, inReplyTo: secret.iri },
    });
    theirs = reply.object?.iri ?? "";
    await arno.act({ type: "Like", object: secret.iri });
    await all.settle();
  }, PATIENCE_MS);

  const readsAt = async (who: Person, iri: string) =>
    (await who.read(iri.replace(`https://${who.app.host}`, ""))).text();

  test("members read it, here and elsewhere, as one line, with its answers", async () => {
    for (const who of [alice, arno, bob]) {
      expect((await who.sees(secret.iri))?.contentHtml).toContain(SECRET);
      expect((await who.sees(theirs))?.contentHtml).toContain("Bob knows");
      expect((await who.home()).filter((line) => line === SECRET)).toHaveLength(1);
    }
    const at = all.at("b.test").federation.look;
    const key = (await at.find(secret.iri))?.key ?? 0;
    expect(await at.totalOf(key, "replies")).toBe(1);
    expect(await at.totalOf(key, "likes")).toBe(1);
  });

  test("it left for servers of members only", () => {
    const hosts = new Set(
      all.sent.flatMap(({ method, body, to }) => (method === "POST" && body.includes(SECRET) ? [to] : [])),
    );
    expect([...hosts].toSorted()).toEqual(["a.test", "b.test"]);
  });

  describe("those who are not in it find it by no address", () => {
    const paths = (): readonly string[] => {
      const key = new URL(secret.iri).pathname;
      return [
        key,
        new URL(secret.create).pathname,
        `/@alice/${key.split("/").at(-1)}`,
        ...["replies", "likes", "shares", "context"].map((name) => `${key}/${name}?page=1`),
        "/users/alice/outbox?page=1",
        ...[
          "outbox",
          "followers",
          "members",
          "moderators",
          "owners",
          "featured",
          "posts",
          "removed",
          "banned",
          "invited",
          "requests",
          "locked",
          "inbox",
        ].map((name) => `/users/circle/${name}?page=1`),
      ];
    };
    const tells = /secret words|Bob knows|users\/(?:bob|arno)/;

    test("as a document, for a stranger, a neighbour and somebody at a server without members", async () => {
      for (const path of paths()) {
        const signedRequest = await sealed(alice.app, {
          by: spy,
          body: "",
          method: "GET",
          path,
          headers: { accept: "application/activity+json" },
        });
        const answers = [
          await documentAt(alice.app, path),
          await otto.read(path),
          await alice.app.ask(path, { headers: signedRequest.headers }),
        ];
        for (const answer of answers) expect(`${path} ${await answer.text()}`).not.toMatch(tells);
      }
    });

    test("as a page, with its preview, for a stranger and a neighbour", async () => {
      const pages = [
        `/@alice/${secret.iri.split("/").at(-1)}`,
        "/@alice",
        "/@circle",
        "/tags/hush",
        "/",
        "/@circle?page=2",
        "/@arno",
      ];
      for (const path of pages) {
        for (const headers of [{}, { cookie: otto.cookie }]) {
          const answer = await alice.app.ask(path, { headers: { accept: "text/html", ...headers } });
          expect(`${path} ${await answer.text()}`).not.toMatch(/secret words|Bob knows/);
        }
      }
    });

    test("what is there and what is not get the same answer", async () => {
      const nothing = secret.iri.replace(/\d+$/, (key) => String(Number(key) + 7));
      for (const ask of [
        (iri: string) => documentAt(alice.app, iri),
        (iri: string) => otto.read(new URL(iri).pathname),
      ]) {
        const [there, not] = [await ask(secret.iri), await ask(nothing)];
        expect([there.status, await there.text()]).toEqual([not.status, await not.text()]);
      }
    });
  });

  test("those who are not in it are shown it in no list, here nor at a member's server", async () => {
    for (const who of [otto, brit]) {
      expect(await who.sees(secret.iri)).toBeNull();
      expect(await who.sees(theirs)).toBeNull();
      expect((await who.home()).join()).not.toContain("ecret words");
      expect((await who.notices()).join()).not.toContain("bob");
      const { queries } = who.app;
      const tagged = await queries.hashtag("hush", who.key, { limit: 20 });
      expect(tagged.items).toEqual([]);
      const found = await who.app.federation.look.find(group.iri);
      const profile = await queries.profile(found?.key ?? 0, who.key, { limit: 20 }, { withReplies: true });
      for (const feed of [
        await queries.localPublic(who.key, { limit: 20 }),
        await queries.everywhere(who.key, { limit: 20 }),
      ])
        expect(feed.items.filter(({ object }) => object.contentHtml.includes("ecret words"))).toEqual([]);
      expect(profile.items).toEqual([]);
    }
  });

  test("nobody outside answers, likes or shares it, and inside nobody shares it out", async () => {
    for (const draft of [
      { type: "Like", object: secret.iri },
      { type: "Announce", object: secret.iri, to: [PUBLIC] },
      { type: "Note", content: "I guess", inReplyTo: secret.iri, to: [PUBLIC] },
    ]) {
      const refusal = await otto.act(draft).then(
        () => "done",
        (error: Error) => error.message,
      );
      expect(refusal).toContain("cannot be found");
      expect(refusal).not.toMatch(/group|circle|member/);
    }
    await expect(arno.act({ type: "Announce", object: secret.iri, to: [PUBLIC] })).rejects.toThrow(
      "can be shared",
    );
    await expect(bob.act({ type: "Announce", object: secret.iri, to: [PUBLIC] })).rejects.toThrow(
      "can be shared",
    );
    const like = {
      "@context": "https://www.w3.org/ns/activitystreams",
      id: spy.at("/l/1"),
      type: "Like",
      actor: spy.iri,
      object: secret.iri,
    };
    expect((await post(alice.app, { by: spy, body: like })).status).toBe(202);
    await all.settle();
    expect(await alice.app.federation.look.find(spy.at("/l/1"))).toBeNull();
  });

  test("an answer that names nobody is for the group alone", async () => {
    const { object } = await arno.act({ type: "Note", content: "Hushed answer", inReplyTo: secret.iri });
    await all.settle();
    expect((await bob.sees(object?.iri ?? ""))?.contentHtml).toContain("Hushed");
    expect(await otto.sees(object?.iri ?? "")).toBeNull();
  });

  test("what is said in it to others besides is refused", async () => {
    const write = (audience: JsonObject) =>
      arno.act({ type: "Create", audience: group.iri, ...audience, object: { type: "Note", content: "Hm" } });
    await expect(write({ to: [group.iri, PUBLIC] })).rejects.toThrow("members alone");
    await expect(write({ to: [group.iri, otto.iri] })).rejects.toThrow("members alone");
    await expect(write({ to: [group.iri], bcc: [otto.iri] })).rejects.toThrow("members alone");
    await expect(write({ to: [group.iri], cc: [arno.followers] })).rejects.toThrow("members alone");
    await write({ to: [group.iri, alice.iri] });
  });

  test("somebody who is not in it cannot write in it, here or from elsewhere", async () => {
    await expect(
      otto.act({ type: "Create", ...toMembers(group), object: { type: "Note", content: "Let me in" } }),
    ).rejects.toThrow("only members");
    const note = {
      id: spy.at("/notes/9"),
      type: "Note",
      attributedTo: spy.iri,
      content: "Psst",
      to: [group.iri],
    };
    const body = {
      "@context": "https://www.w3.org/ns/activitystreams",
      id: spy.at("/notes/9/create"),
      type: "Create",
      actor: spy.iri,
      to: [group.iri],
      object: note,
    };
    await post(alice.app, { by: spy, body });
    await all.settle();
    expect(await alice.app.federation.look.find(note.id)).toBeNull();
  });

  test("a program that fetches for a person here brings nothing that the person may not read", async () => {
    const answer = await brit.app.ask("/api/c2s/proxy", {
      method: "POST",
      headers: { authorization: brit.bearer, "content-type": "application/x-www-form-urlencoded" },
      body: `id=${encodeURIComponent(secret.iri)}`,
    });
    expect(await answer.text()).not.toContain(SECRET);
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });

  test("a member's server may fetch what is said in it, in its own name; a server without members may not", async () => {
    const { fetchDocument } = bob.app.federation;
    expect((await fetchDocument(secret.iri)).document).toMatchObject({ content: SECRET });
    const spying = await spies.actor("spies", { type: "Application" });
    for (const path of [new URL(secret.iri).pathname, `${new URL(secret.iri).pathname}/replies?page=1`]) {
      const asked = await sealed(alice.app, { by: spying, body: "", method: "GET", path });
      const answer = await alice.app.ask(path, { headers: asked.headers });
      expect([answer.status, (await answer.text()).includes(SECRET)]).toEqual([404, false]);
    }
  });

  test("a server whose only member is suspended here fetches nothing until that is taken back", async () => {
    const { sanctions } = alice.app.peace;
    const actor = (await alice.app.federation.look.find(bob.iri))?.key ?? 0;
    const key = await sanctions.impose(alice.key, { kind: "suspend", actor, text: "Because" });
    const { fetchDocument } = bob.app.federation;
    expect((await fetchDocument(secret.iri)).status).toBe(404);
    await sanctions.lift(alice.key, key);
    expect((await fetchDocument(secret.iri)).document).toMatchObject({ content: SECRET });
  });

  test("a member's server is told who keeps the peace, another server is not", async () => {
    const { fetchDocument } = bob.app.federation;
    expect((await fetchDocument(`${group.iri}/moderators`)).document).toMatchObject({
      orderedItems: [alice.iri],
    });
    expect((await documentAt(alice.app, `${group.iri}/moderators`)).status).toBe(404);
    expect(await readsAt(arno, `${group.iri}/members?page=1`)).toContain(bob.iri);
    expect(await readsAt(otto, `${group.iri}/members?page=1`)).not.toContain(bob.iri);
    expect(await jsonOf(await documentAt(alice.app, group.iri))).toMatchObject({
      type: "Group",
      access: "private",
    });
  });

  test("a group that forges membership of ours, or passes on what was private, finds no ear", async () => {
    const thief = await forum.community("thief");
    const note = { id: secret.iri, type: "Note", attributedTo: alice.iri, content: "Forged", to: [PUBLIC] };
    const create = { id: `${secret.create}x`, type: "Create", actor: alice.iri, to: [PUBLIC], object: note };
    await forum.send(bob.app, thief, forum.announce(thief, create));
    await forum.send(bob.app, thief, forum.announce(thief, secret.iri));
    await all.settle();
    expect((await bob.sees(secret.iri))?.contentHtml).toContain(SECRET);
    expect(await brit.sees(secret.iri)).toBeNull();
  });

  test("whoever is sent away, or leaves, reads it no longer; what comes after never reaches their server", async () => {
    const visitor = await person(all.at("b.test"), "visitor");
    await visitor.act({ type: "Follow", object: group.iri });
    await all.settle();
    expect(await visitor.sees(secret.iri)).not.toBeNull();
    const { look, core } = alice.app.federation;
    const there = await look.find(visitor.iri);
    const cause = await look.causeOf(group.key, "members", there?.key ?? 0);
    const follow = await look.byKey(cause ?? 0);
    await core.act(group.key, { type: "Reject", object: follow?.iri ?? "", to: [visitor.iri] }, [], {
      by: alice.key,
    });
    await all.settle();
    expect(await visitor.sees(secret.iri)).toBeNull();
    const mine = await bob.app.federation.look.find(group.iri);
    const joined = await bob.app.federation.look.causeOf(mine?.key ?? 0, "members", bob.key);
    await bob.act({ type: "Undo", object: (await bob.app.federation.look.byKey(joined ?? 0))?.iri ?? "" });
    await all.settle();
    expect(await bob.sees(secret.iri)).toBeNull();
    const since = all.sent.length;
    await alice.act({
      type: "Create",
      ...toMembers(group),
      object: { type: "Note", content: "After they left" },
    });
    await all.settle();
    expect(all.sent.slice(since).filter(({ body }) => body.includes("After they left"))).toEqual([]);
  });
});
