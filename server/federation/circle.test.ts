/** The whole circle between two servers: following, posting, answering, changing, deleting and parting. */
import { beforeAll, describe, expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { eachEngine } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { documentAt, jsonOf, type Person, person } from "../testing/people.ts";

const PATIENCE_MS = 60_000;
const openly = (by: Person) => ({ to: [PUBLIC], cc: [by.followers] });

eachEngine((engine) => {
  let all: Fediverse;
  let alice: Person;
  let bob: Person;
  let carol: Person;

  /** alice lives at a.test, bob and carol at b.test; bob and alice follow each other. */
  beforeAll(async () => {
    all = await fediverse(engine, ["a.test", "b.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    bob = await person(all.at("b.test"), "bob", "admin");
    carol = await person(all.at("b.test"), "carol");
    await alice.act({
      type: "Follow",
      object: (await alice.app.federation.webfinger.actorOf("bob@b.test")) ?? "",
    });
    await bob.act({ type: "Follow", object: alice.iri });
    await all.settle();
  }, PATIENCE_MS);

  test("whoever signs up in a browser is found and followed from elsewhere", async () => {
    const { app } = bob;
    await app.opened.accounts.settings.set({ registration: "open" });
    const form = await app.ask("/sign-up", { headers: { accept: "text/html" } });
    const cookie = form.headers
      .getSetCookie()
      .map((each) => each.split(";")[0])
      .join("; ");
    const csrf = /name="csrf" value="([^"]+)"/.exec(await form.text())?.[1] ?? "";
    const answer = await app.ask("/sign-up", {
      method: "POST",
      headers: {
        cookie,
        "sec-fetch-site": "same-origin",
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams({
        csrf,
        name: "Nora",
        displayName: "Nora N.",
        password: "a long walk home",
        agree: "yes",
      }).toString(),
    });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/"]);
    const nora = (await alice.app.federation.webfinger.actorOf("@Nora@B.test")) ?? "";
    await alice.act({ type: "Follow", object: nora });
    await all.settle();
    expect(await alice.knows(nora)).toMatchObject({ following: "yes" });
    expect(await (await alice.page("/@nora@b.test")).text()).toContain("Nora N.");
  });

  describe("following", () => {
    test("is accepted by itself, and both sides know it", async () => {
      expect(await alice.knows(bob.iri)).toMatchObject({ following: "yes", followedBy: true });
      expect(await bob.knows(alice.iri)).toMatchObject({ following: "yes", followedBy: true });
      expect(await bob.notices()).toContain("follow alice@a.test");
      const followers = await jsonOf(await documentAt(bob.app, bob.followers));
      expect(followers.totalItems).toBe(1);
    });

    test("waits for consent where the followed wants to be asked, and a refusal ends the wait", async () => {
      await carol.act({ type: "Update", object: { id: carol.iri, manuallyApprovesFollowers: true } });
      await alice.act({ type: "Follow", object: carol.iri });
      await all.settle();
      expect(await alice.knows(carol.iri)).toMatchObject({ following: "requested" });
      expect(await carol.knows(alice.iri)).toMatchObject({ followedBy: false, hasRequestedToFollow: true });

      const { activity } = await alice.act({ type: "Follow", object: carol.iri });
      await all.settle();
      await carol.act({ type: "Reject", object: activity.id ?? "" });
      await all.settle();
      expect(await alice.knows(carol.iri)).toMatchObject({ following: "no" });

      const again = await alice.act({ type: "Follow", object: carol.iri });
      await all.settle();
      await carol.act({ type: "Accept", object: again.activity.id ?? "" });
      await all.settle();
      expect(await alice.knows(carol.iri)).toMatchObject({ following: "yes" });
      expect(await alice.notices()).toContain("follow-accepted carol@b.test");
      await alice.act({ type: "Undo", object: again.activity.id ?? "" });
      await all.settle();
      expect(await carol.knows(alice.iri)).toMatchObject({ followedBy: false, hasRequestedToFollow: false });
    });
  });

  test("a request is answered, and taken back, by what it says without its address", async () => {
    const locked = { type: "Update", object: { id: carol.iri, manuallyApprovesFollowers: true } };
    await carol.act(locked);
    await all.settle();
    const asked = { type: "Follow", actor: alice.iri, object: carol.iri };
    const ask = async () => {
      await alice.act({ type: "Follow", object: carol.iri });
      await all.settle();
    };
    await ask();
    await alice.act({ type: "Undo", object: asked });
    await all.settle();
    expect(await carol.knows(alice.iri)).toMatchObject({ hasRequestedToFollow: false });
    await ask();
    await carol.act({ type: "Accept", object: asked });
    await all.settle();
    expect(await alice.knows(carol.iri)).toMatchObject({ following: "yes" });
    await carol.act({ type: "Reject", object: asked });
    await all.settle();
    expect(await alice.knows(carol.iri)).toMatchObject({ following: "no" });
    await carol.act({ ...locked, object: { id: carol.iri, manuallyApprovesFollowers: false } });
    await all.settle();
  });

  describe("a post", () => {
    test("arrives in the followers' feeds, and its author sees where", async () => {
      const iri = await alice.note("<p>Good morning</p>", openly(alice));
      await all.settle();
      expect((await bob.home())[0]).toBe("Good morning");
      expect(await carol.home()).not.toContain("Good morning");
      const seen = await alice.sees(iri);
      expect(await alice.app.queries.arrivals(seen?.key ?? 0, alice.key)).toMatchObject([
        { host: "b.test", state: "arrived", tries: 1 },
      ]);
      expect(await alice.app.queries.arrivals(seen?.key ?? 0, bob.key + 1)).toEqual([]);
      expect(await (await alice.page(seen?.path ?? "")).text()).toContain("b.test");
      expect(await (await bob.page("/")).text()).toContain("Good morning");
    });

    test("is answered, and both servers show the thread", async () => {
      const question = await alice.note("Who is there?", openly(alice));
      await all.settle();
      const answer = await bob.note(
        "I am",
        { to: [PUBLIC], cc: [alice.iri, bob.followers] },
        { inReplyTo: question },
      );
      await all.settle();
      expect(await alice.notices()).toContain("reply bob@b.test");
      for (const reader of [alice, bob, carol]) {
        const seen = await reader.sees(question);
        expect(seen?.counts.replies).toBe(1);
        const thread = await reader.app.queries.thread(seen?.key ?? 0, reader.key);
        expect(thread.replies.map(({ view }) => view.iri)).toEqual([answer]);
      }
      const replies = await jsonOf(await documentAt(alice.app, `${question}/replies?page=1`));
      expect(JSON.stringify(replies.orderedItems)).toContain(answer);
    });

    test("is liked and shared, and that can be undone", async () => {
      const iri = await alice.note("Like me", openly(alice));
      await all.settle();
      const like = await bob.act({ type: "Like", object: iri });
      const share = await bob.act({ type: "Announce", object: iri, ...openly(bob) });
      await all.settle();
      expect((await alice.sees(iri))?.counts).toMatchObject({ likes: 1, shares: 1 });
      expect((await alice.notices()).slice(0, 2).sort()).toEqual(["like bob@b.test", "share bob@b.test"]);
      for (const { activity } of [like, share]) await bob.act({ type: "Undo", object: activity.id ?? "" });
      await all.settle();
      expect((await alice.sees(iri))?.counts).toMatchObject({ likes: 0, shares: 0 });
      expect((await bob.sees(iri))?.counts).toMatchObject({ likes: 0, shares: 0 });
      expect(await alice.notices()).not.toContain("like bob@b.test");
    });

    test("is no longer liked elsewhere either where the Undo says what it takes back without its address", async () => {
      const iri = await alice.note("Like me no more", openly(alice));
      await all.settle();
      for (const more of [{}, { id: `${bob.iri}/likes/unknown` }]) {
        await bob.act({ type: "Like", object: iri });
        await all.settle();
        expect((await alice.sees(iri))?.counts.likes).toBe(1);
        await bob.act({ type: "Undo", object: { type: "Like", actor: bob.iri, object: iri, ...more } });
        await all.settle();
        expect((await alice.sees(iri))?.counts.likes).toBe(0);
      }
    });

    test("is shared to people whom its author never met", async () => {
      const iri = await bob.note("From b to b by a", openly(bob));
      await all.settle();
      await carol.act({ type: "Follow", object: alice.iri });
      await all.settle();
      await alice.act({ type: "Announce", object: iri, ...openly(alice) });
      await all.settle();
      expect(await carol.home()).toContain("From b to b by a");
      const { activity } = await carol.act({ type: "Follow", object: alice.iri });
      await carol.act({ type: "Undo", object: activity.id ?? "" });
      await all.settle();
    });

    test("is changed, and what is older never comes back", async () => {
      const iri = await alice.note("Frist", openly(alice));
      await all.settle();
      all.clock.advance(60_000);
      await alice.act({ type: "Update", object: { id: iri, content: "First" } });
      await all.settle();
      expect((await bob.sees(iri))?.contentHtml).toContain("First");
      expect((await bob.sees(iri))?.updatedMs).toBe(all.clock.now());
      expect(await jsonOf(await documentAt(alice.app, iri))).toMatchObject({ content: "First" });
    });

    test("is deleted everywhere, and a tombstone stays", async () => {
      const iri = await alice.note("Soon gone", openly(alice));
      await bob.act({ type: "Like", object: iri });
      await all.settle();
      await alice.act({ type: "Delete", object: iri });
      await all.settle();
      expect(await bob.home()).not.toContain("Soon gone");
      expect((await bob.app.federation.look.find(iri))?.deletedMs).toBe(all.clock.now());
      const answer = await documentAt(alice.app, iri);
      expect(answer.status).toBe(410);
      expect(await jsonOf(answer)).toMatchObject({ type: "Tombstone", formerType: "Note" });
    });

    test("for followers is seen by them and by nobody else", async () => {
      const iri = await alice.note("Among us", { to: [alice.followers] });
      await all.settle();
      expect((await bob.home())[0]).toBe("Among us");
      expect(await carol.sees(iri)).toBeNull();
      expect((await documentAt(alice.app, iri)).status).toBe(404);
      expect(await (await bob.app.ask("/@alice@a.test")).text()).not.toContain("Among us");
    });

    test("for one person is in that person's notices and in no feed", async () => {
      const tag = [{ type: "Mention", href: bob.iri, name: "@bob@b.test" }];
      const iri = await alice.note("Between us", { to: [bob.iri] }, { tag });
      await all.settle();
      expect(await bob.notices()).toContain("mention alice@a.test");
      expect((await bob.sees(iri))?.visibility).toBe("direct");
      expect(await carol.sees(iri)).toBeNull();
      expect(all.sent.at(-1)?.path).toBe("/inbox");
    });

    test("to somebody whom this server has never seen reaches them once they were asked for", async () => {
      const dave = await person(all.at("b.test"), "dave");
      const iri = await alice.note("Hello, stranger", { to: [dave.iri], cc: [PUBLIC] });
      await all.settle();
      expect((await dave.sees(iri))?.contentHtml).toContain("Hello, stranger");
    });

    test("of a type that nobody has heard of is delivered, kept and shown", async () => {
      const { object } = await alice.act({
        type: "Create",
        ...openly(alice),
        object: { type: "Sonnet", name: "On servers", content: "<p>Shall I compare thee</p>" },
      });
      await all.settle();
      const seen = await bob.sees(object?.iri ?? "");
      expect(seen).toMatchObject({ type: "Sonnet", name: "On servers" });
      expect(await (await bob.page(seen?.path ?? "")).text()).toContain("Shall I compare thee");
    });

    test("can be met with an activity that nobody has heard of, which arrives and is kept", async () => {
      const iri = await alice.note("Dance with me", openly(alice));
      await all.settle();
      const { activity } = await bob.act({
        type: "Dance",
        actor: bob.iri,
        object: iri,
        to: [alice.iri],
        tempo: 120,
      });
      await all.settle();
      const kept = await alice.app.federation.look.find(activity.id ?? "");
      expect(kept).toMatchObject({ type: "Dance", kind: "activity" });
      expect(kept?.document).toMatchObject({ tempo: 120, object: iri });
      expect((await alice.sees(iri))?.counts).toMatchObject({ likes: 0, shares: 0, replies: 0 });
    });
  });

  test("a poll is voted on elsewhere, and its author's server counts", async () => {
    const oneOf = ["Tea", "Coffee"].map((name) => ({ type: "Note", name }));
    const { object } = await alice.act({
      type: "Create",
      ...openly(alice),
      object: { type: "Question", content: "What?", oneOf, endTime: "2099-01-01T00:00:00Z" },
    });
    const poll = object?.iri ?? "";
    await all.settle();
    await bob.act({
      type: "Create",
      to: [alice.iri],
      object: { type: "Note", name: "Tea", inReplyTo: poll, to: [alice.iri] },
    });
    await all.settle();
    expect((await alice.sees(poll))?.poll).toMatchObject({
      voters: 1,
      options: [
        { name: "Tea", votes: 1 },
        { name: "Coffee", votes: 0 },
      ],
    });
    expect((await bob.sees(poll))?.poll?.options[0]?.isMine).toBe(true);
    expect((await alice.sees(poll))?.counts.replies).toBe(0);
  });

  test("what one does for oneself goes nowhere", async () => {
    const iri = await bob.note("Keep me", openly(bob));
    await all.settle();
    const before = all.sent.length;
    await alice.act({ type: "Add", object: iri, target: `${alice.iri}/bookmarks` });
    await alice.act({ type: "Read", object: iri });
    await all.settle();
    expect(all.sent.length).toBe(before);
    expect((await alice.sees(iri))?.mine.hasBookmarked).toBe(true);
  });

  test("whoever stops following gets nothing more, and a block ends it both ways", async () => {
    const erin = await person(all.at("b.test"), "erin");
    const { activity } = await erin.act({ type: "Follow", object: alice.iri });
    await all.settle();
    expect(await alice.knows(erin.iri)).toMatchObject({ followedBy: true });
    await erin.act({ type: "Undo", object: activity.id ?? "" });
    await all.settle();
    expect(await alice.knows(erin.iri)).toMatchObject({ followedBy: false });
    await alice.note("Without erin", openly(alice));
    await all.settle();
    expect(await erin.home()).not.toContain("Without erin");

    await erin.act({ type: "Follow", object: alice.iri });
    await all.settle();
    const before = all.sent.length;
    await alice.act({ type: "Block", object: erin.iri });
    await all.settle();
    expect(all.sent.slice(before).some(({ body }) => body.includes('"Block"'))).toBe(false);
    expect(await alice.knows(erin.iri)).toMatchObject({ followedBy: false, blocking: true });
    const iri = await alice.note("Not for erin", openly(alice));
    await all.settle();
    await erin.act({ type: "Like", object: iri });
    await erin.note("And yet", { to: [PUBLIC], cc: [alice.iri] }, { inReplyTo: iri });
    await all.settle();
    expect((await alice.sees(iri))?.counts).toMatchObject({ likes: 0, replies: 0 });
    expect(await alice.notices()).not.toContain("like erin@b.test");
  });

  test("no server has written an error into its log by all that", () => {
    for (const { app } of [alice, bob])
      expect(app.warnings().filter(({ level }) => level === "error")).toEqual([]);
  });
});
