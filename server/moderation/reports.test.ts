/** Reports: from here and from every kind of server, grouped, bounded, passed on in nobody's name, and closed. */
import { beforeAll, describe, expect, test } from "bun:test";
import { type AsObject, id } from "../core/object.ts";
import { DAY_MS } from "../lib/durations.ts";
import type { JsonObject } from "../lib/json.ts";
import { eachEngine } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { type Person, person } from "../testing/people.ts";
import { type StrangerActor, stranger } from "../testing/strangers.ts";
import { hasVectors, readVectors } from "../testing/vectors.ts";
import { MAX_REPORTS_A_DAY, MAX_VOICES } from "./reports.ts";

const PUBLIC = "https://www.w3.org/ns/activitystreams#Public";

eachEngine((engine) => {
  let world: Fediverse;
  let staff: Person;
  let alice: Person;
  let bob: Person;
  let carol: Person;
  let office: StrangerActor;

  beforeAll(async () => {
    world = await fediverse(engine, ["a.test", "b.test"]);
    staff = await person(world.at("a.test"), "ruth", "admin");
    alice = await person(world.at("a.test"), "alice");
    carol = await person(world.at("a.test"), "carol");
    bob = await person(world.at("b.test"), "bob");
    office = await stranger(world, "masto.test").actor("office", { type: "Application" });
    await world.at("a.test").federation.look.fetch(office.iri);
  });

  const peace = () => world.at("a.test").peace;
  const reports = () => peace().reports;
  const keyOf = async (iri: string) => (await world.at("a.test").federation.look.find(iri))?.key ?? 0;
  const about = async (iri: string) => {
    const { items } = await reports().list({ about: await keyOf(iri), limit: 40 });
    return Promise.all(items.map(({ key }) => reports().get(key)));
  };
  let counter = 0;
  const comes = async (document: AsObject) => {
    const { core } = world.at("a.test").federation;
    const outcome = await core.receive(
      { id: `https://masto.test/flags/${++counter}`, type: "Flag", actor: office.iri, ...document },
      { sender: office.iri },
    );
    await world.settle();
    return outcome.outcome;
  };
  /** Closes everything, so that each test begins with no open matter. */
  const allClosed = async () => {
    const { items } = await reports().list({ states: ["open", "assigned"], limit: 40 });
    for (const { key } of items)
      await reports().close(staff.key, key, { state: "dismissed", outcome: "", tell: [] });
  };

  test("a report from a page has its reason, its rule, its posts and who sent it", async () => {
    await allClosed();
    const post = await carol.note("Buy <b>this</b>", { to: [PUBLIC] });
    await alice.act({
      type: "Flag",
      object: post,
      content: "Third time today",
      report: { category: "spam", rule: "No advertising" },
    });
    await world.settle();
    const [report] = await about(carol.iri);
    expect(report).toMatchObject({ state: "open", category: "spam", complaints: 1, place: null });
    expect(report?.voices).toMatchObject([
      {
        reporter: alice.key,
        category: "spam",
        rule: "No advertising",
        comment: "Third time today",
        wasForwarded: false,
      },
    ]);
    expect(report?.evidence).toMatchObject([
      { iri: post, isDeleted: false, content: { content: "Buy <b>this</b>" } },
    ]);
  });

  test("what was reported stays readable for the staff after its author deletes it", async () => {
    await allClosed();
    const post = await carol.note("Gone soon", { to: [PUBLIC] });
    await alice.act({ type: "Flag", object: post, content: "" });
    await world.settle();
    await carol.act({ type: "Delete", object: post });
    const [report] = await about(carol.iri);
    expect(report?.evidence).toMatchObject([{ isDeleted: true, content: { content: "Gone soon" } }]);
  });

  test("reports of one person are one matter while it is open, and another one after that", async () => {
    await allClosed();
    const before = (await about(carol.iri)).length;
    for (const who of [alice, staff]) await who.act({ type: "Flag", object: carol.iri, content: who.name });
    await world.settle();
    const [report] = await about(carol.iri);
    expect(report?.voices.map(({ comment }) => comment)).toEqual(["alice", "ruth"]);
    await reports().close(staff.key, report?.key ?? 0, { state: "resolved", outcome: "Talked", tell: [] });
    await alice.act({ type: "Flag", object: carol.iri, content: "again" });
    await world.settle();
    expect(await about(carol.iri)).toHaveLength(before + 2);
  });

  test("nobody named in a report hears of it, and nobody but its author can read it", async () => {
    await allClosed();
    await alice.act({ type: "Flag", object: carol.iri, content: "secret", to: [carol.iri] });
    await comes({ object: [carol.iri], content: "secret", to: carol.iri });
    const seen = await carol.read(`/users/carol/inbox?page=1`);
    expect(await seen.text()).not.toContain("lag");
    expect(await carol.notices()).not.toContain("other alice");
    const { items } = await world.at("a.test").queries.home(carol.key, { limit: 20 });
    expect(JSON.stringify(items)).not.toContain("secret");
    expect(world.sent.filter(({ body }) => body.includes("secret"))).toEqual([]);
  });

  test("a report is passed on only where that is ticked, by the server's own actor, without the reporter's name", async () => {
    const post = await bob.note("From elsewhere", { to: [PUBLIC] });
    await world.at("a.test").federation.look.fetch(post);
    const from = world.sent.length;
    await alice.act({ type: "Flag", object: post, content: "quiet" });
    await world.settle();
    const flags = () => world.sent.slice(from).filter(({ body }) => body.includes('"Flag"'));
    expect(flags()).toEqual([]);
    await alice.act({ type: "Flag", object: post, content: "told", report: { forward: true } });
    await world.settle();
    expect(flags()).toHaveLength(1);
    const sent = JSON.parse(flags()[0]?.body ?? "{}") as JsonObject;
    expect(sent).toMatchObject({
      actor: "https://a.test/users/commons",
      object: [bob.iri, post],
      content: "told",
    });
    expect(flags()[0]?.body).not.toContain("alice");
    const { items } = await world.at("b.test").peace.reports.list({ limit: 5 });
    expect(items).toHaveLength(1);
  });

  test("a program that addresses a report to the other server has it passed on in the same way", async () => {
    await allClosed();
    const from = world.sent.length;
    const answer = await alice.send({
      type: "Flag",
      object: bob.iri,
      content: "by a program",
      to: [bob.iri],
    });
    expect(answer.status).toBe(201);
    await world.settle();
    const flags = world.sent.slice(from).filter(({ body }) => body.includes("by a program"));
    expect(flags.map(({ body }) => (JSON.parse(body) as JsonObject).actor)).toEqual([
      "https://a.test/users/commons",
    ]);
    expect((await about(bob.iri))[0]?.voices).toMatchObject([{ reporter: alice.key, wasForwarded: true }]);
  });

  test("a report from elsewhere is forwarded to nobody, whomever it is addressed to", async () => {
    await allClosed();
    await bob.act({ type: "Follow", object: carol.iri });
    await world.settle();
    const post = await carol.note("Ours", { to: [PUBLIC], cc: [carol.followers] });
    await world.settle();
    const from = world.sent.length;
    expect(await comes({ object: post, content: "for all ears", to: carol.followers, cc: PUBLIC })).toBe(
      "done",
    );
    expect(world.sent.slice(from).filter(({ body }) => body.includes("for all ears"))).toEqual([]);
    expect((await about(carol.iri))[0]?.voices[0]?.comment).toBe("for all ears");
  });

  describe("a Flag in the shape of", () => {
    const shapes: Readonly<Record<string, (post: string, person: string) => AsObject>> = {
      Mastodon: (post, person) => ({ object: [person, post], content: "reason", to: person }),
      "Mastodon, of a person alone": (_, person) => ({ object: person, content: "reason" }),
      "Pleroma, with the posts themselves": (post, person) => ({
        object: [person, { type: "Note", id: post, content: "forged", actor: person }],
        content: "reason",
        cc: [person],
      }),
      Misskey: (_, person) => ({ object: person, content: "reason" }),
      "Misskey, of a list": (post, person) => ({ object: [person, post], content: "reason" }),
      Lemmy: (post) => ({ object: post, summary: "reason", audience: "https://masto.test/c/main" }),
      "Mbin, the author last": (post, person) => ({
        object: [post, person],
        summary: "reason",
        content: "reason",
      }),
      "somebody who writes markup": (post) => ({ object: post, content: "<p>rea<b>son</b></p>" }),
    };
    test.each(Object.entries(shapes))("%s is filed", async (name, shape) => {
      await allClosed();
      const post = await carol.note(`For ${name}`, { to: [PUBLIC] });
      expect(await comes(shape(post, carol.iri))).toBe("done");
      const [report] = await about(carol.iri);
      expect(report?.voices).toMatchObject([
        { reporter: await keyOf(office.iri), comment: "reason", category: "other" },
      ]);
      const hasPost = JSON.stringify(shape("POST", "")).includes("POST");
      expect(report?.evidence.map(({ content }) => content.content)).toEqual(hasPost ? [`For ${name}`] : []);
    });

    const documents = [
      "documents/mastodon/activities/flag.json",
      "documents/mbin/activities/flag.json",
      "documents/lemmy/activities/community/report_page.json",
    ].filter(hasVectors);
    test.each(documents)("%s, as it was published, is read whole", async (path) => {
      const given = readVectors<AsObject>(path);
      await allClosed();
      const post = await carol.note("Published", { to: [PUBLIC] });
      const named = JSON.stringify(given.object).includes("[") ? [carol.iri, post] : post;
      const { content, summary } = given;
      expect(
        await comes({ ...(content ? { content } : {}), ...(summary ? { summary } : {}), object: named }),
      ).toBe("done");
      const [report] = await about(carol.iri);
      expect(report?.voices[0]?.comment).toBe(String(content ?? summary));
    });
  });

  test("posts of others in a report are not looked at, nor those that the reporter may not see", async () => {
    await allClosed();
    const own = await carol.note("Reported", { to: [PUBLIC] });
    const others = await staff.note("By somebody else", { to: [PUBLIC] });
    const secret = await carol.note("Secret", { to: [staff.iri] });
    await alice.act({ type: "Flag", object: [own, others, secret], content: "" });
    await world.settle();
    const [report] = await about(carol.iri);
    expect(report?.evidence.map(({ iri }) => iri)).toEqual([own]);
  });

  test("of nothing that is here no report is made", async () => {
    await allClosed();
    await comes({ object: "https://nowhere.test/users/nobody", content: "x" });
    await comes({ object: [], content: "x" });
    expect((await reports().list({ states: ["open"], limit: 5 })).items).toEqual([]);
  });

  test("a flood from one sender ends with what a person could read in a day, and begins again the next", async () => {
    await allClosed();
    world.clock.advance(DAY_MS * 2);
    for (let i = 0; i <= MAX_REPORTS_A_DAY; i++) {
      await world.at("a.test").federation.core.receive(
        {
          id: `https://masto.test/flood/${i}`,
          type: "Flag",
          actor: office.iri,
          object: carol.iri,
          content: `no ${i}`,
        },
        { sender: office.iri },
      );
    }
    await world.settle();
    expect((await about(carol.iri))[0]?.complaints).toBe(Math.min(MAX_REPORTS_A_DAY, MAX_VOICES));
    world.clock.advance(DAY_MS + 60_000);
    await allClosed();
    await comes({ object: carol.iri, content: "next day" });
    expect((await about(carol.iri))[0]?.voices[0]?.comment).toBe("next day");
  });

  test("staff take a report over, talk about it, close it with a word to the reporter, and open it again", async () => {
    await allClosed();
    await alice.act({ type: "Flag", object: carol.iri, content: "look" });
    await world.settle();
    const [{ key } = { key: 0 }] = await about(carol.iri);
    await reports().assign(staff.key, key, staff.key);
    await reports().note(staff.key, key, "I know her");
    const tell = {
      type: "Create",
      to: [alice.iri],
      object: { type: "Note", content: "Done", to: [alice.iri] },
    };
    await reports().close(staff.key, key, { state: "resolved", outcome: "We talked to her", tell: [tell] });
    await world.settle();
    expect(await reports().get(key)).toMatchObject({
      state: "resolved",
      assignee: staff.key,
      outcome: "We talked to her",
      notes: [{ author: staff.key, text: "I know her" }],
    });
    expect(reports().assign(staff.key, key, null)).rejects.toMatchObject({ code: "conflict" });
    await reports().reopen(staff.key, key);
    expect((await reports().get(key)).state).toBe("open");
    const inbox = await alice.read("/users/alice/inbox?page=1");
    expect(await inbox.text()).toContain("activities");
  });

  test("evidence of closed matters goes after half a year, that of open ones stays", async () => {
    await allClosed();
    const post = await carol.note("Old", { to: [PUBLIC] });
    await alice.act({ type: "Flag", object: post, content: "" });
    await world.settle();
    const [{ key } = { key: 0 }] = await about(carol.iri);
    world.clock.advance(181 * DAY_MS);
    const { db } = world.at("a.test").opened;
    await db.batch(reports().sweep());
    expect((await reports().get(key)).evidence).toHaveLength(1);
    await reports().close(staff.key, key, { state: "dismissed", outcome: "", tell: [] });
    await db.batch(reports().sweep());
    expect((await reports().get(key)).evidence).toEqual([]);
    world.clock.advance(2 * 366 * DAY_MS);
    await db.batch(reports().sweep());
    expect(reports().get(key)).rejects.toMatchObject({ code: "not-found" });
  });

  test("nobody is told of in a word that could run code", async () => {
    await allClosed();
    await comes({ object: carol.iri, content: "<script>alert(1)</script>hello\u0000" });
    expect((await about(carol.iri))[0]?.voices[0]?.comment).toBe("hello");
    expect(id({ object: carol.iri } as AsObject, "object")).toBe(carol.iri);
  });
});
