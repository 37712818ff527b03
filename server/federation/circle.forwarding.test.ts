/** Forwarding from the inbox (AP §7.1.2): followers elsewhere get the answers to what they got. */
import { beforeAll, expect, test } from "bun:test";
import { type AsObject, PUBLIC } from "../core/object.ts";
import type { JsonObject } from "../lib/json.ts";
import { createProof } from "../signatures/proof.ts";
import { onSqlite } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { post } from "../testing/letters.ts";
import { type Person, person } from "../testing/people.ts";
import { type Stranger, type StrangerActor, stranger } from "../testing/strangers.ts";

const PATIENCE_MS = 60_000;

onSqlite((engine) => {
  let all: Fediverse;
  let alice: Person;
  let bob: Person;
  let there: Stranger;
  let rita: StrangerActor;
  let count = 0;

  /** bob at b.test and fan at fans.test follow alice at a.test; rita, at replies.test, follows nobody. */
  beforeAll(async () => {
    all = await fediverse(engine, ["a.test", "b.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    bob = await person(all.at("b.test"), "bob", "admin");
    await bob.act({ type: "Follow", object: alice.iri });
    there = stranger(all, "replies.test");
    rita = await there.actor("rita");
    await all.settle();
  }, PATIENCE_MS);

  /** A reply of rita's to a post of alice's, served at its address; with a proof where it is asked for. */
  async function reply(
    to: string,
    audience: AsObject,
    isProven: boolean,
  ): Promise<{ id: string; body: JsonObject }> {
    const id = rita.at(`/notes/${++count}`);
    const object = {
      "@context": "https://www.w3.org/ns/activitystreams",
      id,
      type: "Note",
      attributedTo: rita.iri,
      inReplyTo: to,
      content: `Reply ${count}`,
      ...audience,
    };
    const activity = { id: `${id}/create`, type: "Create", actor: rita.iri, ...audience, object };
    const body: JsonObject = {
      "@context": "https://www.w3.org/ns/activitystreams",
      ...activity,
    } as JsonObject;
    there.put(`/notes/${count}`, { body: object as JsonObject });
    there.put(`/notes/${count}/create`, { body });
    const sent = isProven ? await createProof(body, { key: rita.ed25519, nowMs: all.clock.now() }) : body;
    return { id, body: sent };
  }

  const toFollowers = () => ({ to: [PUBLIC, alice.iri], cc: [alice.followers] });
  const forwardedTo = (host: string, id: string) =>
    all.sent.filter(
      ({ from, to, method, body }) =>
        from === "a.test" && to === host && method === "POST" && body.includes(id),
    );

  async function postOfAlice(): Promise<string> {
    const iri = await alice.note("Discuss", { to: [PUBLIC], cc: [alice.followers] });
    await all.settle();
    return iri;
  }

  test("a reply with a proof reaches alice's followers elsewhere, who need not ask anybody", async () => {
    const { id, body } = await reply(await postOfAlice(), toFollowers(), true);
    expect((await post(alice.app, { by: rita, body })).status).toBe(202);
    await all.settle();
    const [letter, ...more] = forwardedTo("b.test", id);
    expect(more).toEqual([]);
    expect(JSON.parse(letter?.body ?? "")).toEqual(body);
    expect((await bob.sees(id))?.contentHtml).toContain("Reply");
    const asked = all.sent.filter(
      ({ from, to, path }) => from === "b.test" && to === "replies.test" && path.startsWith("/notes"),
    );
    expect(asked).toEqual([]);
  });

  test("a reply without a proof reaches them too, who ask its author's server", async () => {
    const { id, body } = await reply(await postOfAlice(), toFollowers(), false);
    await post(alice.app, { by: rita, body });
    await all.settle();
    expect(forwardedTo("b.test", id)).toHaveLength(1);
    expect((await bob.sees(id))?.contentHtml).toContain("Reply");
    expect(there.asked).toContain(`${new URL(id).pathname}/create`);
  });

  test("a Delete of the reply is forwarded as the reply was", async () => {
    const { id, body } = await reply(await postOfAlice(), toFollowers(), true);
    await post(alice.app, { by: rita, body });
    await all.settle();
    expect(await bob.sees(id)).not.toBeNull();
    const farewell = {
      "@context": "https://www.w3.org/ns/activitystreams",
      id: `${id}/delete`,
      type: "Delete",
      actor: rita.iri,
      ...toFollowers(),
      object: id,
    };
    const proven = await createProof(farewell, { key: rita.ed25519, nowMs: all.clock.now() });
    await post(alice.app, { by: rita, body: proven });
    await all.settle();
    expect((await alice.app.federation.look.find(id))?.deletedMs).not.toBeNull();
    expect((await bob.app.federation.look.find(id))?.deletedMs).not.toBeNull();
  });

  test("a reply that does not name alice's followers is not forwarded", async () => {
    const { id, body } = await reply(await postOfAlice(), { to: [PUBLIC, alice.iri] }, true);
    await post(alice.app, { by: rita, body });
    await all.settle();
    expect(forwardedTo("b.test", id)).toEqual([]);
    expect((await alice.sees(id))?.contentHtml).toContain("Reply");
  });

  test("what is about nothing of ours is not forwarded, whoever it names", async () => {
    const { id, body } = await reply("https://replies.test/notes/none", toFollowers(), true);
    await post(alice.app, { by: rita, body });
    await all.settle();
    expect(forwardedTo("b.test", id)).toEqual([]);
  });

  test("nobody reaches alice's followers by naming alice alone, or by answering somebody else here", async () => {
    const mention = { type: "Mention", href: alice.iri, name: "@alice@a.test" };
    const mentioned = await reply(
      "https://replies.test/notes/none",
      { ...toFollowers(), tag: [mention] },
      true,
    );
    const dora = await person(alice.app, "dora");
    const hers = await dora.note("Mine", { to: [PUBLIC], cc: [dora.followers] });
    const answered = await reply(hers, toFollowers(), true);
    for (const { id, body } of [mentioned, answered]) {
      await post(alice.app, { by: rita, body });
      await all.settle();
      expect(await alice.sees(id)).not.toBeNull();
      expect(forwardedTo("b.test", id)).toEqual([]);
    }
  });

  test("a reply that comes twice is forwarded once", async () => {
    const { id, body } = await reply(await postOfAlice(), toFollowers(), true);
    for (const path of ["/inbox", "/users/alice/inbox", "/inbox"]) {
      await post(alice.app, { by: rita, body, path });
      await all.settle();
    }
    expect(forwardedTo("b.test", id)).toHaveLength(1);
  });

  test("nothing is sent back to the server that it came from", async () => {
    await post(alice.app, {
      by: rita,
      body: { id: rita.at("/follow"), type: "Follow", actor: rita.iri, object: alice.iri },
    });
    await all.settle();
    const { id, body } = await reply(await postOfAlice(), toFollowers(), true);
    await post(alice.app, { by: rita, body });
    await all.settle();
    expect(forwardedTo("replies.test", id)).toEqual([]);
    expect(forwardedTo("b.test", id)).toHaveLength(1);
  });

  test("a forward that cannot be delivered is tried again", async () => {
    const { id, body } = await reply(await postOfAlice(), toFollowers(), true);
    all.trouble("b.test", "refused");
    await post(alice.app, { by: rita, body });
    await all.settle();
    expect(await bob.sees(id)).toBeNull();
    all.trouble("b.test", null);
    all.clock.advance(10 * 60_000);
    await all.settle();
    expect((await bob.sees(id))?.contentHtml).toContain("Reply");
  });

  test("a reply to a post for followers is forwarded to them, and shown to nobody else", async () => {
    const parent = await alice.note("Among us", { to: [alice.followers] });
    await all.settle();
    const { id, body } = await reply(parent, { to: [alice.iri], cc: [alice.followers] }, true);
    await post(alice.app, { by: rita, body });
    await all.settle();
    // rita follows alice since an earlier test, so she may have seen what she answers.
    expect(forwardedTo("b.test", id)).toHaveLength(1);
    const eve = await person(bob.app, `eve${++count}`);
    expect(await eve.sees(id)).toBeNull();
  });

  test("nothing of all that is an error of ours", () => {
    for (const { app } of [alice, bob])
      expect(app.warnings().filter(({ level }) => level === "error")).toEqual([]);
  });
});
