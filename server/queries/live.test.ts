/** What many are told at once is what each of them may see, and one and the same for all who see the same. */
import { beforeEach, expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { HOUR_MS } from "../lib/durations.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { eachEngine } from "../testing/engines.ts";
import { type Person, person } from "../testing/people.ts";

eachEngine((engine) => {
  let app: TestApp;
  let alice: Person;
  let bob: Person;
  let carol: Person;
  let dave: Person;
  let people: number[];

  beforeEach(async () => {
    app = await testApp(engine);
    [alice, bob, carol, dave] = [
      await person(app, "alice", "admin"),
      await person(app, "bob"),
      await person(app, "carol"),
      await person(app, "dave"),
    ];
    people = [alice, bob, carol, dave].map(({ key }) => key);
    for (const one of [bob, carol, dave])
      await one.act({ type: "Follow", object: alice.iri, to: [alice.iri] });
  });

  const everybody = (who: Person) => ({ to: [PUBLIC], cc: [who.followers] });
  const made = async (who: Person, content: string, audience: object, more: object = {}) => {
    const { key, object } = await who.act({
      type: "Create",
      ...audience,
      object: { type: "Note", content, ...more },
    });
    return { activity: key, object: object?.key ?? 0, iri: object?.iri ?? "" };
  };
  test("a line is in the homes of those who follow and may see it, and looks the same to them", async () => {
    const reads = app.queries.live;
    await carol.act({ type: "Block", object: alice.iri });
    const { activity, object } = await made(alice, "<p>for followers</p>", { to: [alice.followers] });
    const homes = await reads.homesWith(activity, people);
    expect(homes.toSorted()).toEqual([alice.key, bob.key, dave.key].toSorted());
    const line = { at: activity, object, sharer: null, isNew: true };
    const items = await reads.items(line, homes, "home");
    expect(items.get(bob.key)).toBe(items.get(dave.key) as never);
    expect(items.get(bob.key)).not.toBe(items.get(alice.key) as never);
    expect(items.get(alice.key)?.object.mine.isAuthor).toBe(true);
    expect(items.get(bob.key)?.object).toMatchObject({ visibility: "followers", mine: { isAuthor: false } });
  });

  test("of a thousand who listen the same are found, by whatever way a line came to them", async () => {
    const reads = app.queries.live;
    const strangers = Array.from({ length: 1_000 }, (_, i) => i + 1);
    const find = async (activity: number) =>
      (await reads.homesWith(activity, [...strangers, ...people])).toSorted();
    const lone = await made(carol, "<p>to myself</p>", everybody(carol));
    expect(await find(lone.activity)).toEqual([carol.key]);
    const followed = await made(alice, "<p>to followers</p>", everybody(alice));
    expect(await find(followed.activity)).toEqual(people.toSorted());
    const tag = { type: "Hashtag", name: "#Größe", href: app.opened.addresses.tag("größe") };
    const follow = { method: "POST", headers: { authorization: dave.bearer } };
    expect((await app.ask(`/api/v1/tags/${encodeURIComponent("größe")}/follow`, follow)).status).toBe(200);
    const tagged = await made(carol, "<p>#Größe</p>", everybody(carol), { tag: [tag] });
    expect(await find(tagged.activity)).toEqual([carol.key, dave.key].toSorted());
    const shared = await carol.act({ type: "Announce", object: lone.iri, to: [PUBLIC] });
    expect(await find(shared.key)).toEqual([carol.key]);
  });

  test("an answer to something that only some may see names its author to them alone", async () => {
    const reads = app.queries.live;
    const secret = await made(bob, "<p>between us</p>", { to: [alice.iri, dave.iri] });
    const answer = await made(alice, "<p>I agree</p>", everybody(alice), { inReplyTo: secret.iri });
    const line = { at: answer.object, object: answer.object, sharer: null, isNew: true };
    const items = await reads.items(line, [bob.key, carol.key, dave.key, null], "thread");
    const parents = [bob.key, carol.key, dave.key, null].map(
      (hearer) => items.get(hearer)?.object.inReplyTo?.author?.handle ?? null,
    );
    expect(parents).toEqual(["bob", null, "bob", null]);
    expect(items.get(bob.key)).toBe(items.get(dave.key) as never);
  });

  test("what somebody has done to it is theirs alone in what changes", async () => {
    const reads = app.queries.live;
    const { object, iri } = await made(alice, "<p>liked</p>", everybody(alice));
    await bob.act({ type: "Like", object: iri, to: [alice.iri] });
    await carol.act({ type: "Add", object: iri, target: `${carol.iri}/bookmarks` });
    const line = { at: object, object, sharer: null, isNew: false };
    const items = await reads.items(line, people, "home");
    const marks = people.map((key) => {
      const { mine } = items.get(key)?.object ?? { mine: null };
      return [mine?.hasLiked, mine?.hasBookmarked];
    });
    expect(marks).toEqual([
      [false, false],
      [true, false],
      [false, true],
      [false, false],
    ]);
  });

  test("those whom a filter hides it from get nothing, and those whom it warns a view of their own", async () => {
    const reads = app.queries.live;
    const filter = (who: Person, action: "hide" | "warn") =>
      app.opened.tastes.saveFilter(who.key, {
        title: "Exams",
        phrases: [{ text: "exam", isWhole: true }] as never,
        contexts: ["home"],
        action,
        expiresMs: null,
      });
    await filter(bob, "hide");
    await filter(carol, "warn");
    const { activity, object } = await made(alice, "<p>The exam</p>", everybody(alice));
    const line = { at: activity, object, sharer: null, isNew: true };
    const items = await reads.items(line, people, "home");
    expect([...items.keys()].toSorted()).toEqual([alice.key, carol.key, dave.key].toSorted());
    expect(items.get(carol.key)?.object.filtered).toMatchObject([{ title: "Exams" }]);
    expect(items.get(dave.key)?.object.filtered).toBeUndefined();
  });

  test("public lists show a thing to those who may see it and have not muted its author, strangers among them", async () => {
    const reads = app.queries.live;
    await dave.act({ type: "Add", object: alice.iri, target: `${dave.iri}/muted` });
    await carol.act({ type: "Block", object: alice.iri });
    const open = await made(alice, "<p>open</p>", everybody(alice));
    expect(await reads.shownTo(open.object, [...people, null])).toEqual(new Set([alice.key, bob.key, null]));
    const closed = await made(alice, "<p>closed</p>", { to: [bob.iri] });
    expect(await reads.shownTo(closed.object, [...people, null])).toEqual(new Set([alice.key, bob.key]));
  });

  test("what happened is told by its kind, with tags and what it answers", async () => {
    const reads = app.queries.live;
    const first = await made(alice, "<p>first</p>", everybody(alice));
    const second = await made(bob, "<p>second</p>", everybody(bob), { inReplyTo: first.iri });
    const third = await made(carol, "<p>third</p>", everybody(carol), {
      inReplyTo: second.iri,
      tag: [{ type: "Hashtag", name: "#Maths", href: `${app.origin}/tags/maths` }],
    });
    const shared = await dave.act({ type: "Announce", object: first.iri, to: [PUBLIC] });
    const undone = await dave.act({ type: "Undo", object: shared.activity.id ?? "", to: [PUBLIC] });
    const liked = await dave.act({ type: "Like", object: first.iri, to: [alice.iri] });
    const gone = await carol.act({ type: "Delete", object: third.iri, to: [PUBLIC] });
    const [before] = await reads.happened([second.activity], true);
    expect(before).toMatchObject({ what: "made", isReply: true, isPublic: true, ancestors: [first.object] });
    const told = await reads.happened([shared.key, undone.key, liked.key, gone.key], false);
    expect(told.map(({ what, object }) => [what, object])).toEqual([
      ["shared", first.object],
      ["unshared", shared.key],
      ["other", null],
      ["deleted", third.object],
    ]);
  });

  test("nobody is asked about for nobody", async () => {
    const reads = app.queries.live;
    expect(await reads.happened([], true)).toEqual([]);
    expect(await reads.homesWith(1, [])).toEqual([]);
    expect(await reads.notices([1], [])).toEqual([]);
    expect(await reads.shownTo(1, [])).toEqual(new Set());
  });

  test("a notice is told when it is new, and not once more with what happens to the same actor later", async () => {
    const reads = app.queries.live;
    const { notify, accounts, db } = app.opened;
    const { key } = await accounts.create({ name: "erin", password: null, role: "member", state: "pending" });
    const kinds = async () => (await reads.notices([key], [alice.key])).map(({ notice }) => notice.kind);
    expect(await kinds()).toEqual(["sign-up"]);
    app.clock.advance(HOUR_MS);
    await db.batch(notify(alice.key, "decision", key));
    expect(await kinds()).toEqual(["decision"]);
  });
});
