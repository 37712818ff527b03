/** Groups of other servers, read from here: what they announce is believed as far as it can be, and shown once. */
import { beforeAll, expect, test } from "bun:test";
import { HOUR_MS } from "../lib/durations.ts";
import { eachEngine } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { type Lemmy, lemmy, proven } from "../testing/groups.ts";
import { type Person, person } from "../testing/people.ts";
import type { StrangerActor } from "../testing/strangers.ts";

const PATIENCE_MS = 60_000;

eachEngine((engine) => {
  let all: Fediverse;
  let alice: Person;
  let forum: Lemmy;
  let other: Lemmy;
  let books: StrangerActor;
  let lena: StrangerActor;
  let mod: StrangerActor;
  let olaf: StrangerActor;

  /** alice is in the community books at forum.test, where lena lives; mod and olaf live at other.test. */
  beforeAll(async () => {
    all = await fediverse(engine, ["a.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    forum = lemmy(all, "forum.test");
    other = lemmy(all, "other.test");
    lena = await forum.user("lena");
    olaf = await other.user("olaf");
    mod = await other.user("mod");
    books = await forum.community("books", [mod]);
    const { activity } = await alice.act({
      type: "Follow",
      object: (await alice.app.federation.look.fetch(books.iri))?.iri ?? "",
    });
    await all.settle();
    await send(
      books,
      forum.does(books, "Accept", {
        id: activity.id ?? "",
        type: "Follow",
        actor: alice.iri,
        object: books.iri,
      }),
    );
    await all.settle();
  }, PATIENCE_MS);

  const send = async (by: StrangerActor, activity: Parameters<Lemmy["send"]>[2]) => {
    expect(await forum.send(alice.app, by, activity)).toBe(202);
    await all.settle();
    all.clock.advance(1000);
  };
  const announce = (activity: Parameters<Lemmy["announce"]>[1]) =>
    send(books, forum.announce(books, activity));
  const home = async (text: string) => (await alice.home()).filter((line) => line.includes(text)).length;
  const total = async (iri: string, list: string) => {
    const entity = await alice.app.federation.look.find(iri);
    return entity === null ? null : alice.app.federation.look.totalOf(entity.key, list);
  };
  const isIn = async (iri: string) => {
    const { look } = alice.app.federation;
    const entity = await look.find(iri);
    return entity !== null && (await look.groupsOf(entity.key)).some((group) => group.iri === books.iri);
  };
  const idOf = (activity: { object: { id?: unknown } }) => String(activity.object.id);

  test("who keeps the peace there is known as soon as somebody here is in it", async () => {
    expect(await total(books.iri, "moderators")).toBe(1);
  });

  test("a page by somebody at the group's own server is believed, and is one line however often it is told", async () => {
    const create = forum.page(lena, books.iri, "Page from home");
    await announce(create);
    await announce(idOf(create));
    await announce({ ...create });
    expect(await home("Page from home")).toBe(1);
    expect(await isIn(idOf(create))).toBe(true);
    expect(await total(idOf(create), "shares")).toBe(0);
  });

  test("where the plain share comes first, the activity makes no second line", async () => {
    const create = forum.page(lena, books.iri, "Shared first");
    await announce(idOf(create));
    await announce(create);
    expect(await home("Shared first")).toBe(1);
    expect(await isIn(idOf(create))).toBe(true);
  });

  test("a page by somebody elsewhere is asked of its own server, whatever the copy says", async () => {
    const create = other.page(olaf, books.iri, "What olaf wrote");
    await announce({ ...create, object: { ...create.object, name: "Forged", content: "<p>Forged</p>" } });
    expect(await home("Forged")).toBe(0);
    expect(await home("What olaf wrote")).toBe(1);
    expect((await alice.sees(idOf(create)))?.name).toBe("What olaf wrote");
  });

  test("a page that its own server does not know is nothing, until it does", async () => {
    const create = other.page(olaf, books.iri, "Only claimed");
    const path = new URL(idOf(create)).pathname;
    other.there.put(path, null);
    await announce(create);
    expect(await home("Only claimed")).toBe(0);
    other.there.put(path, {
      body: { "@context": "https://www.w3.org/ns/activitystreams", ...create.object },
    });
    all.clock.advance(10 * 60_000);
    await all.settle();
    expect(await home("Only claimed")).toBe(1);
  });

  test("an announced copy never overwrites what is stored", async () => {
    const create = other.page(olaf, books.iri, "First words");
    await announce(create);
    const changed = { ...create.object, name: "Other words", updated: "2036-01-01T00:00:00Z" };
    await announce(other.does(olaf, "Update", changed));
    expect((await alice.sees(idOf(create)))?.name).toBe("First words");
    other.there.put(new URL(idOf(create)).pathname, {
      body: { "@context": "https://www.w3.org/ns/activitystreams", ...create.object, name: "Better words" },
    });
    await announce(other.does(olaf, "Update", changed));
    expect((await alice.sees(idOf(create)))?.name).toBe("Better words");
  });

  test("votes count from the group's server, with a proof, or once their server says so; else not", async () => {
    const create = forum.page(lena, books.iri, "To be voted on");
    await announce(create);
    const object = idOf(create);
    await announce(forum.does(lena, "Dislike", object));
    expect(await total(object, "dislikes")).toBe(1);
    await announce(other.does(olaf, "Like", object));
    expect(await total(object, "likes")).toBe(0);
    const like = await proven(all, olaf, other.does(olaf, "Like", object, { audience: books.iri }));
    await announce(like);
    expect(await total(object, "likes")).toBe(1);
    await announce(other.does(olaf, "Undo", like));
    expect(await total(object, "likes")).toBe(1);
    await announce(await proven(all, olaf, other.does(olaf, "Undo", like)));
    expect(await total(object, "likes")).toBe(0);
    const told = other.does(mod, "Like", object);
    other.there.put(new URL(String(told.id)).pathname, { body: told });
    all.clock.advance(2 * HOUR_MS);
    await announce(told);
    expect(await total(object, "likes")).toBe(1);
  });

  test("a vote does not count by what its server says elsewhere, nor by what another says where it leads to", async () => {
    const create = forum.page(lena, books.iri, "Voted for by nobody");
    await announce(create);
    const object = idOf(create);
    const pathOf = ({ id }: { id?: unknown }) => new URL(String(id)).pathname;
    const moved = other.does(mod, "Like", object);
    other.there.put(pathOf(moved), { body: { ...moved, id: `${mod.iri}/likes/another` } });
    all.clock.advance(2 * HOUR_MS);
    await announce(moved);
    const led = other.does(mod, "Like", object);
    const location = forum.there.origin + pathOf(led);
    other.there.put(pathOf(led), { status: 302, headers: { location } });
    forum.there.put(pathOf(led), { body: led });
    all.clock.advance(2 * HOUR_MS);
    await announce(led);
    expect(await total(object, "likes")).toBe(0);
  });

  test("several votes in one Announce, as PieFed sends them, count each", async () => {
    const create = forum.page(lena, books.iri, "Voted on by many");
    await announce(create);
    const object = idOf(create);
    const voters = [lena, await forum.user("vera")];
    const votes = voters.map((by) => forum.does(by, "Like", object));
    await announce([...votes, other.does(olaf, "Like", object)]);
    expect(await total(object, "likes")).toBe(2);
  });

  test("a choice in a poll is no post, and what is deleted does not come back by being told again", async () => {
    const poll = forum.page(lena, books.iri, "Which book?", {
      type: "Question",
      oneOf: [
        { type: "Note", name: "This" },
        { type: "Note", name: "That" },
      ],
    });
    await announce(poll);
    const choice = forum.comment(lena, books.iri, idOf(poll), "");
    const { content: _, ...vote } = choice.object;
    await announce({ ...choice, object: { ...vote, name: "This" } });
    expect(await isIn(String(vote.id))).toBe(false);
    const page = forum.page(lena, books.iri, "Gone for good");
    await announce(page);
    await announce(forum.does(lena, "Delete", idOf(page)));
    expect(await isIn(idOf(page))).toBe(true);
    const posts = await total(books.iri, "posts");
    await announce(page);
    expect(await total(books.iri, "posts")).toBe(posts);
    expect(await home("Gone for good")).toBe(0);
  });

  test("a comment enters the group with what it answers, and makes no line of its own", async () => {
    const create = forum.page(lena, books.iri, "To be answered");
    await announce(create);
    const comment = other.comment(olaf, books.iri, idOf(create), "An answer");
    await announce(comment);
    expect(await isIn(idOf(comment))).toBe(true);
    expect(await total(idOf(create), "replies")).toBe(1);
    expect(await home("An answer")).toBe(0);
  });

  test("what its author deleted is gone once its own server says so", async () => {
    const create = other.page(olaf, books.iri, "To be deleted");
    await announce(create);
    const gone = other.does(olaf, "Delete", idOf(create), { audience: books.iri });
    await announce(gone);
    expect((await alice.sees(idOf(create)))?.isDeleted).toBe(false);
    other.there.put(new URL(idOf(create)).pathname, { status: 410, body: "" });
    await announce({ ...gone, id: `${gone.id}/again` });
    expect((await alice.sees(idOf(create)))?.isDeleted).toBe(true);
  });

  test("a moderator takes a page out of the group, and puts it back; nobody else does", async () => {
    const create = forum.page(lena, books.iri, "To be taken out");
    await announce(create);
    const byOlaf = other.does(olaf, "Delete", idOf(create), { audience: books.iri });
    await announce(byOlaf);
    expect(await isIn(idOf(create))).toBe(true);
    const byMod = other.does(mod, "Delete", idOf(create), { audience: books.iri, summary: "Off topic" });
    await announce(byMod);
    expect(await isIn(idOf(create))).toBe(false);
    expect(await home("To be taken out")).toBe(0);
    expect((await alice.sees(idOf(create)))?.isDeleted).toBe(false);
    expect(await total(books.iri, "removed")).toBe(1);
    await announce(other.does(mod, "Undo", byMod, { audience: books.iri }));
    expect(await isIn(idOf(create))).toBe(true);
    expect(await total(books.iri, "removed")).toBe(0);
  });

  test("a moderator closes a conversation, keeps somebody out, names another moderator and pins a page", async () => {
    const create = forum.page(lena, books.iri, "To be locked");
    await announce(create);
    await announce(other.does(olaf, "Lock", idOf(create), { audience: books.iri }));
    expect(await total(books.iri, "locked")).toBe(0);
    const lock = other.does(mod, "Lock", idOf(create), { audience: books.iri });
    await announce(lock);
    expect(await total(books.iri, "locked")).toBe(1);
    await announce(other.does(mod, "Undo", lock, { audience: books.iri }));
    expect(await total(books.iri, "locked")).toBe(0);
    await announce(
      other.does(mod, "Block", olaf.iri, { target: books.iri, audience: books.iri, removeData: true }),
    );
    expect(await total(books.iri, "banned")).toBe(1);
    await announce(
      other.does(mod, "Add", olaf.iri, { target: `${books.iri}/moderators`, audience: books.iri }),
    );
    expect(await total(books.iri, "moderators")).toBe(2);
    await announce(
      other.does(mod, "Add", idOf(create), { target: books.document.featured ?? "", audience: books.iri }),
    );
    expect(await total(books.iri, "featured")).toBe(1);
    await announce(
      other.does(olaf, "Add", idOf(create), { target: `${lena.iri}/featured`, audience: books.iri }),
    );
    expect(await total(lena.iri, "featured")).toBe(0);
  });

  test("nobody but a group passes on what others did, and no group what it did not hear", async () => {
    const create = forum.page(lena, books.iri, "Through a person");
    await send(lena, {
      ...forum.announce(books, create),
      id: lena.at("/activities/announce/x"),
      actor: lena.iri,
    });
    expect(await home("Through a person")).toBe(0);
    const strange = await other.community("strange");
    const page = forum.page(lena, books.iri, "Through a strange group");
    await other.send(alice.app, strange, other.announce(strange, page));
    await all.settle();
    expect(await alice.app.federation.look.find(idOf(page))).toBeNull();
    const inOurName = { id: `${alice.iri}/likes/1`, type: "Like", actor: alice.iri, object: idOf(create) };
    await announce(inOurName);
    expect(await total(idOf(create), "likes")).toBe(null);
    await announce(forum.announce(strange, forum.announce(books, create)));
    expect(await home("Through a person")).toBe(0);
  });

  test("a vote on what was never told here fetches nothing", async () => {
    const create = forum.page(lena, books.iri, "Years ago");
    const before = forum.there.asked.length;
    await announce(forum.does(lena, "Like", idOf(create)));
    expect(forum.there.asked.slice(before)).toEqual([]);
    expect(await alice.app.federation.look.find(idOf(create))).toBeNull();
  });

  test("a change of the group by one of its moderators is asked of the group's own server", async () => {
    const { name: _, ...rest } = books.document;
    forum.there.put("/users/books", { body: { ...rest, name: "Better books" } });
    await announce(other.does(mod, "Update", { ...rest, name: "Forged books" }));
    expect((await alice.app.federation.look.find(books.iri))?.document?.name).toBe("Better books");
  });

  test("a group of another origin takes nothing out of this one", async () => {
    const create = forum.page(lena, books.iri, "Stays where it is");
    await announce(create);
    const foreign = await other.community("foreign", [mod]);
    const { activity } = await alice.act({
      type: "Follow",
      object: (await alice.app.federation.look.fetch(foreign.iri))?.iri ?? "",
    });
    await other.send(alice.app, foreign, other.does(foreign, "Accept", activity.id ?? ""));
    await all.settle();
    for (const type of ["Delete", "Lock"]) {
      const act = other.does(mod, type, idOf(create), { audience: foreign.iri });
      await other.send(alice.app, foreign, other.announce(foreign, act));
      await all.settle();
    }
    expect(await isIn(idOf(create))).toBe(true);
    expect(await total(foreign.iri, "locked")).toBe(0);
  });

  test("a group says of its moderators only what they did in it", async () => {
    const { look } = alice.app.federation;
    const at = (path: string) => mod.at(path);
    const block = {
      "@context": "https://www.w3.org/ns/activitystreams",
      id: at("/b/1"),
      type: "Block",
      actor: mod.iri,
      object: alice.iri,
    };
    expect(await other.send(alice.app, mod, block)).toBe(202);
    await all.settle();
    const modKey = (await look.find(mod.iri))?.key ?? 0;
    expect(await look.isMember(modKey, "blocked", alice.key)).toBe(true);
    await announce(other.does(mod, "Undo", block));
    expect(await look.isMember(modKey, "blocked", alice.key)).toBe(true);
    await announce(other.does(mod, "Block", lena.iri));
    expect(await look.isMember(modKey, "blocked", (await look.find(lena.iri))?.key ?? 0)).toBe(false);
    const create = forum.page(lena, books.iri, "Not to be pinned by mod");
    await announce(create);
    await announce(other.does(mod, "Add", idOf(create), { target: `${mod.iri}/featured` }));
    expect(await total(mod.iri, "featured")).toBe(0);
  });

  test("what somebody here writes in it goes there, is seen here at once, and is one line when it comes back", async () => {
    const { activity, object } = await alice.act({
      type: "Create",
      to: [books.iri, "https://www.w3.org/ns/activitystreams#Public"],
      audience: books.iri,
      object: { type: "Note", content: "From alice" },
    });
    await all.settle();
    const letter = forum.there.received.find(({ body }) => body.includes("From alice"));
    expect(JSON.parse(letter?.body ?? "{}")).toMatchObject({
      type: "Create",
      audience: books.iri,
      object: { audience: books.iri, attributedTo: alice.iri },
    });
    expect(await home("From alice")).toBe(1);
    expect(await isIn(object?.iri ?? "")).toBe(true);
    await announce(JSON.parse(letter?.body ?? "{}"));
    await announce(object?.iri ?? "");
    expect(await home("From alice")).toBe(1);
    expect(activity.id).toBeDefined();
    await announce(other.does(mod, "Delete", object?.iri ?? "", { audience: books.iri }));
    expect(await isIn(object?.iri ?? "")).toBe(false);
    expect((await alice.sees(object?.iri ?? ""))?.isDeleted).toBe(false);
  });

  test("an answer to what is in it goes there, though its author does not say so", async () => {
    const create = forum.page(lena, books.iri, "Answered by alice");
    await announce(create);
    const before = forum.there.received.length;
    const { object } = await alice.act({
      type: "Create",
      to: ["https://www.w3.org/ns/activitystreams#Public"],
      object: { type: "Note", content: "Alice answers", inReplyTo: idOf(create) },
    });
    await all.settle();
    const letter = forum.there.received.slice(before).find(({ body }) => body.includes("Alice answers"));
    expect(JSON.parse(letter?.body ?? "{}")).toMatchObject({
      cc: [books.iri],
      object: { audience: books.iri },
    });
    expect(await isIn(object?.iri ?? "")).toBe(true);
  });

  test("whoever leaves is shown no more of it", async () => {
    const key = (await alice.app.federation.look.find(books.iri))?.key ?? 0;
    const cause = await alice.app.federation.look.causeOf(key, "members", alice.key);
    const follow = await alice.app.federation.look.byKey(cause ?? 0);
    await alice.act({ type: "Undo", object: follow?.iri ?? "" });
    await all.settle();
    expect(await total(books.iri, "members")).toBe(0);
    const create = forum.page(lena, books.iri, "After she left");
    await announce(create);
    expect(await alice.app.federation.look.find(idOf(create))).toBeNull();
  });
});
