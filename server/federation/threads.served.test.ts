/** Conversations as others see them: what our posts say they are part of, and what is listed under that address. */
import { beforeAll, describe, expect, test } from "bun:test";
import { type AsObject, ids, PUBLIC } from "../core/object.ts";
import { onSqlite } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { post } from "../testing/letters.ts";
import { documentAt, jsonOf, type Person, person } from "../testing/people.ts";
import { type Stranger, type StrangerActor, stranger } from "../testing/strangers.ts";

const PATIENCE_MS = 60_000;
const OPEN = { to: [PUBLIC] };

onSqlite((engine) => {
  let all: Fediverse;
  let alice: Person;
  let bob: Person;
  let eve: Person;
  let there: Stranger;
  let mira: StrangerActor;

  beforeAll(async () => {
    all = await fediverse(engine, ["pub.test"]);
    const app = all.at("pub.test");
    alice = await person(app, "alice", "admin");
    bob = await person(app, "bob");
    eve = await person(app, "eve");
    there = stranger(all, "there.test");
    mira = await there.actor("mira");
  }, PATIENCE_MS);

  const documentOf = async (iri: string): Promise<AsObject> => jsonOf(await documentAt(alice.app, iri));
  const itemsFor = async (viewer: Person, context: string) => {
    const page = await jsonOf(await viewer.read(`${new URL(context).pathname}?page=1`));
    return ids(page as AsObject, "orderedItems");
  };

  /** Something of mira's that comes here by itself. */
  let count = 0;
  async function miraSays(more: AsObject): Promise<string> {
    const object = {
      id: mira.at(`/notes/${++count}`),
      type: "Note",
      attributedTo: mira.iri,
      content: "Hm",
      ...OPEN,
      ...more,
    };
    const body = { id: mira.at(`/activities/${count}`), type: "Create", actor: mira.iri, ...OPEN, object };
    await post(alice.app, { by: mira, body: body as never, path: "/users/alice/inbox" });
    await all.settle();
    return object.id;
  }

  test("a post begins a conversation below its own address, and answers join it", async () => {
    const root = await alice.note("Who has a boat?", OPEN);
    const answer = await bob.note("I have", OPEN, { inReplyTo: root });
    const further = await alice.note("How large?", OPEN, { inReplyTo: answer });
    expect((await documentOf(root)).context).toBe(`${root}/context`);
    expect((await documentOf(answer)).context).toBe(`${root}/context`);
    expect((await documentOf(further)).context).toBe(`${root}/context`);
  });

  test("the conversation is a collection of its things, attributed to the one who began it", async () => {
    const root = await alice.note("One", OPEN);
    const answer = await bob.note("Two", OPEN, { inReplyTo: root });
    const further = await alice.note("Three", OPEN, { inReplyTo: answer });
    const theirs = await miraSays({ inReplyTo: further });
    const collection = await documentOf(`${root}/context`);
    expect(collection).toMatchObject({
      type: "OrderedCollection",
      attributedTo: alice.iri,
      first: `${root}/context?page=1`,
    });
    const page = await documentOf(`${root}/context?page=1`);
    expect(new Set(ids(page, "orderedItems"))).toEqual(new Set([root, answer, further, theirs]));
  });

  test("only what the one who asks may see is listed", async () => {
    const root = await alice.note("Open", OPEN);
    const secret = await bob.note("For you", { to: [alice.iri] }, { inReplyTo: root });
    const below = await alice.note("And back", { to: [bob.iri] }, { inReplyTo: secret });
    expect(await itemsFor(eve, `${root}/context`)).toEqual([root]);
    expect(ids(await documentOf(`${root}/context?page=1`), "orderedItems")).toEqual([root]);
    expect(new Set(await itemsFor(alice, `${root}/context`))).toEqual(new Set([root, secret, below]));
  });

  test("of a post that may not be seen there is no conversation either", async () => {
    const secret = await alice.note("For bob", { to: [bob.iri] });
    expect((await documentAt(alice.app, `${secret}/context`)).status).toBe(404);
    expect((await eve.read(`${new URL(secret).pathname}/context`)).status).toBe(404);
    expect((await bob.read(`${new URL(secret).pathname}/context`)).status).toBe(200);
  });

  test("a long conversation comes in pages, each thing once", async () => {
    const root = await alice.note("Count", OPEN);
    const made = [root];
    for (let n = 0; n < 45; n++) made.push(await bob.note(String(n), OPEN, { inReplyTo: root }));
    const listed: string[] = [];
    let next: unknown = `${root}/context?page=1`;
    while (typeof next === "string") {
      const page: AsObject = await documentOf(next);
      listed.push(...ids(page, "orderedItems"));
      next = page.next;
    }
    expect(listed.toSorted()).toEqual(made.toSorted());
  });

  describe("answers to others", () => {
    test.each([
      [
        "context, as Mastodon 4.7 and Lemmy say it",
        { context: "https://there.test/contexts/1" },
        "https://there.test/contexts/1",
      ],
      [
        "conversation, as Pleroma said it before",
        { conversation: "https://there.test/contexts/2" },
        "https://there.test/contexts/2",
      ],
    ])("are in their %s", async (_, given, expected) => {
      const theirs = await miraSays({ ...given, tag: [{ type: "Mention", href: alice.iri }] });
      const answer = await alice.note("So it is", OPEN, { inReplyTo: theirs });
      expect((await documentOf(answer)).context).toBe(expected);
    });

    test("begin their own where the other names none that could be asked", async () => {
      const theirs = await miraSays({
        conversation: "tag:there.test,2026:objectId=1:objectType=Conversation",
      });
      const answer = await alice.note("Really", OPEN, { inReplyTo: theirs });
      expect((await documentOf(answer)).context).toBe(`${answer}/context`);
    });
  });

  test("a post goes out with its conversation and its replies", async () => {
    await post(alice.app, {
      by: mira,
      body: { id: mira.at("/follows/1"), type: "Follow", actor: mira.iri, object: alice.iri },
    });
    await all.settle();
    const root = await alice.note("For everybody", { to: [PUBLIC], cc: [alice.followers] });
    await all.settle();
    const sent = there.received.map(({ body }) => JSON.parse(body)).find(({ object }) => object?.id === root);
    expect(sent?.object).toMatchObject({ context: `${root}/context`, replies: `${root}/replies` });
  });

  test("what answers a post that its author may not see is in no list of it", async () => {
    const secret = await alice.note("For bob alone", { to: [bob.iri] });
    const iri = mira.at("/notes/guessed");
    there.put("/notes/guessed", {
      body: { id: iri, type: "Note", attributedTo: mira.iri, content: "Aha", inReplyTo: secret, ...OPEN },
    });
    await alice.app.federation.look.fetch(iri);
    expect(await itemsFor(alice, `${secret}/replies`)).toEqual([]);
    expect(await itemsFor(alice, `${secret}/context`)).toEqual([secret]);
  });
});
