/** What the staff do about people and posts: it holds everywhere, can be taken back, and can be appealed once. */
import { beforeAll, describe, expect, test } from "bun:test";
import { HELD } from "../core/entity.ts";
import { hold } from "../core/store-writes.ts";
import { type Engine, onSqlite } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { documentAt, type Person, person } from "../testing/people.ts";
import { createSanctions } from "./sanctions.ts";

const PUBLIC = "https://www.w3.org/ns/activitystreams#Public";

interface World {
  readonly fediverse: Fediverse;
  readonly ruth: Person;
  readonly alice: Person;
  readonly mallory: Person;
  readonly rival: Person;
}

/** ruth runs a.test, where alice and mallory live; rival lives at b.test; alice follows both, and ruth nobody. */
async function worldOf(engine: Engine): Promise<World> {
  const world = await fediverse(engine, ["a.test", "b.test"]);
  const ruth = await person(world.at("a.test"), "ruth", "admin");
  const alice = await person(world.at("a.test"), "alice");
  const mallory = await person(world.at("a.test"), "mallory");
  const rival = await person(world.at("b.test"), "rival");
  for (const other of [mallory, rival]) {
    await world.at("a.test").federation.look.fetch(other.iri);
    await alice.act({ type: "Follow", object: other.iri });
  }
  await world.settle();
  return { fediverse: world, ruth, alice, mallory, rival };
}

onSqlite((engine) => {
  let w: World;
  let posts: { mallory: string; rival: string };
  beforeAll(async () => {
    w = await worldOf(engine);
    const tag = [{ type: "Hashtag", name: "#Maths", href: "https://a.test/tags/maths" }];
    const open = { to: [PUBLIC], cc: [w.mallory.followers] };
    const topic = await w.ruth.note("A topic", { to: [PUBLIC] });
    posts = {
      mallory: await w.mallory.note("Mine #maths", open, { tag, inReplyTo: topic }),
      rival: await w.rival.note("Theirs #maths", { to: [PUBLIC], cc: [w.rival.followers] }, { tag }),
    };
    await w.mallory.note("Plainly mine", open);
    await w.mallory.act({ type: "Like", object: topic });
    await w.alice.act({ type: "Announce", object: posts.mallory, to: [PUBLIC] });
    await w.fediverse.settle();
  });

  const app = () => w.fediverse.at("a.test");
  const sanctions = () => app().peace.sanctions;
  const keyOf = async (iri: string) => (await app().federation.look.find(iri))?.key ?? 0;
  const impose = async (kind: "cover" | "limit" | "suspend" | "warn", who: Person) => {
    const key = await sanctions().impose(w.ruth.key, { kind, actor: await keyOf(who.iri), text: "Because" });
    await w.fediverse.settle();
    return key;
  };
  const lift = async (key: number) => {
    await sanctions().lift(w.ruth.key, key);
    await w.fediverse.settle();
  };

  /** Every place where somebody's things can be met, by what is found there. */
  const places: Readonly<Record<string, (who: Person, post: string) => Promise<boolean>>> = {
    "the post as a document": async (_, post) => (await documentAt(app(), post)).status === 200,
    "the post as a page": async (_, post) => (await w.alice.sees(post)) !== null,
    "the actor's document": async (who) => (await documentAt(app(), who.iri)).status === 200,
    "the outbox": async (who, post) =>
      (await (await documentAt(app(), `${who.iri}/outbox?page=1`)).text()).includes(post),
    "the page of the person": async (who) =>
      (await app().queries.actorByHandle(who.handle.slice(1))) !== null,
    WebFinger: async (who) =>
      (await app().ask(`/.well-known/webfinger?resource=acct:${who.handle.slice(1)}`)).status === 200,
    "the home feed of followers": async () => (await w.alice.home()).some((text) => text.includes("Mine")),
    "the hashtag": async (_, post) => {
      const { items } = await app().queries.hashtag("maths", null, { limit: 20 });
      return items.some(({ object }) => object.iri === post);
    },
    "the list of what people here wrote": async (_, post) => {
      const { items } = await app().queries.profile(
        await keyOf(w.mallory.iri),
        null,
        { limit: 20 },
        { withReplies: true },
      );
      return items.some(({ object }) => object.iri === post);
    },
    "the conversation": async (_, post) => {
      const topic = (await app().queries.profile(w.ruth.key, null, { limit: 5 }, { withReplies: false }))
        .items[0];
      const thread = await app().queries.thread(topic?.object.key ?? 0, null);
      return thread.replies.some(({ view }) => view.iri === post);
    },
    "the replies as a document": async (_, post) => {
      const topic = (await app().queries.profile(w.ruth.key, null, { limit: 5 }, { withReplies: false }))
        .items[0];
      return (await (await documentAt(app(), `${topic?.object.iri}/replies?page=1`)).text()).includes(post);
    },
    "the likes as a document": async () => {
      const topic = (await app().queries.profile(w.ruth.key, null, { limit: 5 }, { withReplies: false }))
        .items[0];
      const path = (topic?.object.iri ?? "").replace(app().origin, "");
      return /activities\/\d+/.test(await (await w.ruth.read(`${path}/likes?page=1`)).text());
    },
    "the list of people whom somebody follows": async (who) => {
      const { items } = await app().queries.people(w.alice.key, "following", { limit: 20 });
      return items.some(({ iri }) => iri === who.iri);
    },
    "the list of followings as a document": async (who) =>
      (await (await documentAt(app(), `${w.alice.iri}/following?page=1`)).text()).includes(who.iri),
    "the search by name": async (who) =>
      (await app().queries.searchPeople(who.name, w.alice.key, 10)).some(({ iri }) => iri === who.iri),
    "the landing page": async () =>
      (await (await app().ask("/", { headers: { accept: "text/html" } })).text()).includes("Plainly mine"),
  };

  test("a suspended person of ours is nowhere, and everywhere again when that is taken back", async () => {
    const seen = async () => {
      const found: Record<string, boolean> = {};
      for (const [name, look] of Object.entries(places)) found[name] = await look(w.mallory, posts.mallory);
      return found;
    };
    const before = await seen();
    expect(Object.entries(before).flatMap(([name, isThere]) => (isThere ? [] : name))).toEqual([]);
    const key = await impose("suspend", w.mallory);
    expect(Object.entries(await seen()).flatMap(([name, isThere]) => (isThere ? name : []))).toEqual([]);
    expect((await app().opened.accounts.people.find(w.mallory.key))?.state).toBe("disabled");
    expect((await w.mallory.page("/settings/blocked")).status).toBe(303);
    await lift(key);
    expect(await seen()).toEqual(before);
    expect((await app().opened.accounts.people.find(w.mallory.key))?.state).toBe("active");
  });

  test("what somebody made takes over a decision bit by bit, however much it is", async () => {
    const busy = await person(app(), "busy");
    const made: string[] = [];
    for (let i = 0; i < 7; i++) made.push(await busy.note(`Post ${i}`, { to: [PUBLIC] }));
    const { db, keys, queue, serverActor, accounts } = app().opened;
    const { look, core } = app().federation;
    const { now } = w.fediverse.clock;
    const given = { db, keys, queue, serverActor, look, core, now, accounts: accounts.people };
    const { jobs } = createSanctions({ ...given, notify: app().federation.notify, rowsAtOnce: 2 });
    await db.batch([hold(busy.key, HELD.limited)]);
    const job = {
      key: 1,
      kind: "hold",
      lane: "",
      payload: { actor: busy.key },
      line: "",
      tries: 0,
      claim: 0,
    };
    await jobs.hold?.run(job, new AbortController().signal);
    const held = await Promise.all(made.map(async (iri) => (await app().federation.look.find(iri))?.held));
    expect(held).toEqual(made.map(() => HELD.limited));
  });

  test("an account that is suspended is not opened without taking the suspension back", async () => {
    const { people } = app().opened.accounts;
    const closed = await person(app(), "closed");
    const key = await impose("suspend", closed);
    const account = await people.find(closed.key);
    if (account) expect(people.enable(null, account)).rejects.toMatchObject({ code: "conflict" });
    const opened = await w.ruth.submit("/admin/people", { action: "enable", account: String(closed.key) });
    expect(opened.status).toBe(303);
    expect((await sanctions().find(key))?.liftedMs).not.toBeNull();
    expect((await people.find(closed.key))?.state).toBe("active");
  });

  test("an account that was closed before its suspension stays closed after it, until somebody opens it", async () => {
    const { people } = app().opened.accounts;
    const pupil = await person(app(), "pupil");
    const stateOf = async () => (await people.find(pupil.key))?.state;
    await people.disable(null, await people.getByName("pupil"), "Has left the school");
    await lift(await impose("suspend", pupil));
    expect(await people.find(pupil.key)).toMatchObject({ state: "disabled", note: "Has left the school" });
    await impose("suspend", pupil);
    expect(await stateOf()).toBe("disabled");
    const open = { action: "enable", account: String(pupil.key) };
    expect((await w.ruth.submit("/admin/people", open)).status).toBe(303);
    expect(await stateOf()).toBe("active");
  });

  test("NodeInfo counts nobody who is suspended, nor what they wrote", async () => {
    const counts = async () => {
      w.fediverse.clock.advance(11 * 60_000);
      const document = (await (await app().ask("/nodeinfo/2.1")).json()) as {
        usage: { users: { total: number }; localPosts: number };
      };
      return [document.usage.users.total, document.usage.localPosts];
    };
    const [people = 0, written = 0] = await counts();
    const key = await impose("suspend", w.mallory);
    expect(await counts()).toEqual([people - 1, written - 2]);
    await lift(key);
    expect(await counts()).toEqual([people, written]);
  });

  test("nothing is taken from somebody elsewhere who is suspended, and what came before is out of sight", async () => {
    const key = await impose("suspend", w.rival);
    expect(await w.alice.sees(posts.rival)).toBeNull();
    expect(await app().queries.actorByHandle("rival@b.test")).toBeNull();
    const late = await w.rival.note("While suspended", { to: [PUBLIC], cc: [w.rival.followers] });
    await w.fediverse.settle();
    expect((await app().federation.look.find(late))?.document ?? null).toBeNull();
    // Fetched in another way it is out of sight as well.
    await app().federation.look.fetch(late);
    expect(await w.alice.sees(late)).toBeNull();
    await lift(key);
    expect(await w.alice.sees(posts.rival)).not.toBeNull();
    expect(await w.alice.sees(late)).not.toBeNull();
  });

  test("nothing is delivered to somebody elsewhere who is suspended", async () => {
    await w.rival.act({ type: "Follow", object: w.alice.iri });
    await w.fediverse.settle();
    const key = await impose("suspend", w.rival);
    const from = w.fediverse.sent.length;
    await w.alice.note("For followers", { to: [w.alice.followers] });
    await w.fediverse.settle();
    expect(w.fediverse.sent.slice(from).filter(({ method }) => method === "POST")).toEqual([]);
    await lift(key);
  });

  test("who is limited is in no public list but for those who follow them", async () => {
    const key = await impose("limit", w.rival);
    const tagged = async (viewer: number | null) =>
      (await app().queries.hashtag("maths", viewer, { limit: 20 })).items.map(({ object }) => object.iri);
    expect(await tagged(null)).not.toContain(posts.rival);
    expect(await tagged(w.ruth.key)).not.toContain(posts.rival);
    expect(await tagged(w.alice.key)).toContain(posts.rival);
    expect(await w.alice.home()).toContain("Theirs #maths");
    expect(await w.ruth.sees(posts.rival)).not.toBeNull();
    const found = await app().queries.searchPeople("riv", w.ruth.key, 10);
    expect(found.map(({ iri }) => iri)).toEqual([]);
    const late = await w.rival.note(
      "Later #maths",
      { to: [PUBLIC], cc: [w.rival.followers] },
      {
        tag: [{ type: "Hashtag", name: "#maths", href: "https://b.test/tags/maths" }],
      },
    );
    await w.fediverse.settle();
    expect(await tagged(null)).not.toContain(late);
    await lift(key);
    expect(await tagged(null)).toEqual(expect.arrayContaining([posts.rival, late]));
  });

  test("media of somebody stand behind a cover until that is taken back", async () => {
    const picture = { type: "Image", url: "https://b.test/p.png", mediaType: "image/png" };
    const post = await w.rival.note(
      "Look",
      { to: [PUBLIC], cc: [w.rival.followers] },
      { attachment: [picture] },
    );
    await w.fediverse.settle();
    expect((await w.alice.sees(post))?.isSensitive).toBe(false);
    const key = await impose("cover", w.rival);
    expect((await w.alice.sees(post))?.isSensitive).toBe(true);
    expect((await w.alice.sees(posts.rival))?.isSensitive).toBe(false);
    await lift(key);
    expect((await w.alice.sees(post))?.isSensitive).toBe(false);
  });

  test("media of ours stand behind a cover on other servers too", async () => {
    const picture = { type: "Image", url: "https://a.test/p.png", mediaType: "image/png" };
    const key = await impose("cover", w.alice);
    const post = await w.alice.note("Look", { to: [PUBLIC] }, { attachment: [picture] });
    expect(await (await documentAt(app(), post)).json()).toMatchObject({ sensitive: true });
    const plain = await w.alice.note("Read", { to: [PUBLIC] });
    expect(await (await documentAt(app(), plain)).json()).not.toHaveProperty("sensitive");
    await lift(key);
    expect(await (await documentAt(app(), post)).json()).not.toHaveProperty("sensitive");
  });

  test("what somebody sent just before a suspension is not delivered any more", async () => {
    const hasty = await person(app(), "hasty");
    await w.rival.act({ type: "Follow", object: hasty.iri });
    await w.fediverse.settle();
    const from = w.fediverse.sent.length;
    await hasty.note("Quick", { to: [hasty.followers] });
    await sanctions().impose(w.ruth.key, { kind: "suspend", actor: hasty.key, text: "Enough" });
    await app().worker.drain();
    w.fediverse.clock.advance(60_000);
    await w.fediverse.settle();
    expect(w.fediverse.sent.slice(from).filter(({ body }) => body.includes("Quick"))).toEqual([]);
  });

  test("a post from elsewhere is hidden and not deleted: its author can still change it, and it comes back", async () => {
    const post = await w.rival.note("Hide me", { to: [PUBLIC], cc: [w.rival.followers] });
    await w.fediverse.settle();
    const actor = await keyOf(w.rival.iri);
    const object = await keyOf(post);
    const key = await sanctions().impose(w.ruth.key, { kind: "hide", actor, object, text: "Rude" });
    expect(await w.alice.sees(post)).toBeNull();
    await w.rival.act({ type: "Update", object: { id: post, content: "Changed" } });
    await w.fediverse.settle();
    await lift(key);
    expect((await w.alice.sees(post))?.contentHtml).toContain("Changed");
    await sanctions().impose(w.ruth.key, { kind: "hide", actor, object, text: "Rude" });
    await w.rival.act({ type: "Delete", object: post });
    await w.fediverse.settle();
    expect((await app().federation.look.find(post))?.deletedMs).not.toBeNull();
  });

  test("a hidden post stays hidden when the suspension of its author ends", async () => {
    const post = await w.rival.note("Twice", { to: [PUBLIC], cc: [w.rival.followers] });
    await w.fediverse.settle();
    const actor = await keyOf(w.rival.iri);
    await sanctions().impose(w.ruth.key, { kind: "hide", actor, object: await keyOf(post), text: "Rude" });
    const key = await impose("suspend", w.rival);
    await lift(key);
    expect(await w.alice.sees(post)).toBeNull();
  });

  test("a post of ours that is hidden is deleted everywhere", async () => {
    const post = await w.mallory.note("Away with it", { to: [PUBLIC], cc: [w.mallory.followers] });
    await sanctions().impose(w.ruth.key, {
      kind: "hide",
      actor: w.mallory.key,
      object: await keyOf(post),
      text: "Rule 1",
    });
    expect((await documentAt(app(), post)).status).toBe(410);
  });

  describe("an appeal", () => {
    test("can be made once, is answered once, and takes the decision back where it is granted", async () => {
      const key = await impose("limit", w.mallory);
      await sanctions().appeal(w.mallory.key, key, "It was a joke");
      expect(sanctions().appeal(w.mallory.key, key, "Again")).rejects.toMatchObject({ code: "conflict" });
      expect((await sanctions().appeals()).map((each) => each.key)).toEqual([key]);
      await sanctions().answer(w.ruth.key, key, { isGranted: true, text: "So it was" });
      expect(await sanctions().appeals()).toEqual([]);
      expect(sanctions().answer(w.ruth.key, key, { isGranted: false, text: "No" })).rejects.toMatchObject({
        code: "conflict",
      });
      expect(await sanctions().find(key)).toMatchObject({ appeal: "It was a joke", answer: "So it was" });
      expect((await sanctions().find(key))?.liftedMs).not.toBeNull();
    });

    test("of somebody else's decision, or of one that was taken back, is not taken", async () => {
      const key = await impose("warn", w.mallory);
      expect(sanctions().appeal(w.alice.key, key, "Not mine")).rejects.toMatchObject({ code: "conflict" });
      await lift(key);
      expect(sanctions().appeal(w.mallory.key, key, "Too late")).rejects.toMatchObject({ code: "conflict" });
    });
  });

  test("the same is not done twice, and nothing without a word", async () => {
    const key = await impose("limit", w.mallory);
    expect(impose("limit", w.mallory)).rejects.toMatchObject({ code: "conflict" });
    await lift(key);
    const bare = { kind: "warn", actor: w.mallory.key, text: "  " } as const;
    expect(sanctions().impose(w.ruth.key, bare)).rejects.toMatchObject({ code: "invalid" });
  });

  test("nobody decides about the actor that stands for this server", async () => {
    const { serverActor } = app().opened;
    for (const kind of ["warn", "cover", "limit", "suspend"] as const)
      expect(
        sanctions().impose(w.ruth.key, { kind, actor: serverActor, text: "Because" }),
      ).rejects.toMatchObject({ code: "forbidden" });
    expect((await documentAt(app(), "/users/commons")).status).toBe(200);
  });

  test("what two of the staff decide in one moment holds until both take it back", async () => {
    const both = await person(app(), "both");
    const given = { kind: "limit", actor: both.key, text: "Twice" } as const;
    const outcomes = await Promise.allSettled([0, 1].map(() => sanctions().impose(w.ruth.key, given)));
    const keys = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? outcome.value : []));
    const held = async () => (await app().federation.look.byKey(both.key))?.held;
    for (const [i, key] of keys.entries()) {
      expect(await held()).toBe(2);
      await lift(key);
      expect(await held()).toBe(i === keys.length - 1 ? 0 : 2);
    }
  });
});
