/** Shares of what nobody here has seen: fetched from its origin, and only where everybody may see it. */
import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { type AsObject, PUBLIC } from "../core/object.ts";
import { HOUR_MS } from "../lib/durations.ts";
import { eachEngine } from "../testing/engines.ts";
import { post } from "../testing/letters.ts";
import { type Talk, talk } from "../testing/talk.ts";

const PATIENCE_MS = 60_000;

eachEngine((engine) => {
  let world: Talk;
  let { all, app, alice, elsewhere, mira, noam, at, answer, says, isHere } = {} as Talk;
  let count = 0;

  /** alice follows mira, who shares what noam wrote. */
  beforeAll(async () => {
    world = await talk(engine);
    ({ all, app, alice, elsewhere, mira, noam, at, answer, says, isHere } = world);
    const { activity } = await alice.act({ type: "Follow", object: mira.iri });
    const accept = { id: mira.at("/accept"), type: "Accept", actor: mira.iri, object: activity.id ?? "" };
    await post(app, { by: mira, body: accept });
    await all.settle();
  }, PATIENCE_MS);

  beforeEach(() => world.begin());

  async function shares(object: string, more: AsObject = {}): Promise<void> {
    const body = {
      id: mira.at(`/shares/${++count}`),
      type: "Announce",
      actor: mira.iri,
      to: [PUBLIC],
      cc: [mira.followers],
      object,
      published: new Date(all.clock.now()).toISOString(),
      ...more,
    };
    await post(app, { by: mira, body: body as never });
    await all.settle();
  }

  test("it comes here with its author, and is one line of the feed", async () => {
    const note = says(noam, "unknown");
    await shares(note.id);
    const { items } = await app.queries.home(alice.key, { limit: 1 });
    expect(items[0]?.object).toMatchObject({ iri: note.id, counts: { shares: 1 } });
    expect(items[0]?.object.author?.handle).toBe("noam@elsewhere.test");
    expect(items[0]?.sharedBy?.iri).toBe(mira.iri);
  });

  test("whoever shares a post again and again is one notice and one share, until they take it back", async () => {
    const mine = await alice.note("often shared", { to: [PUBLIC] });
    const told = async () => (await alice.notices()).filter((notice) => notice.startsWith("share")).length;
    const before = await told();
    for (let i = 0; i < 3; i++) await shares(mine);
    expect([await told(), (await alice.sees(mine))?.counts.shares]).toEqual([before + 1, 1]);
    const undo = {
      id: mira.at("/undo"),
      type: "Undo",
      actor: mira.iri,
      object: mira.at(`/shares/${count - 2}`),
    };
    await post(app, { by: mira, body: undo });
    await all.settle();
    expect([await told(), (await alice.sees(mine))?.counts.shares]).toEqual([before, 0]);
    await shares(mine);
    expect(await told()).toBe(before + 1);
  });

  test("a reply comes with what it answers", async () => {
    const root = says(noam, "root");
    const reply = says(noam, "reply", { inReplyTo: root.id });
    await shares(reply.id);
    const key = (await app.federation.look.find(reply.id))?.key ?? 0;
    await world.opens(key);
    expect(await world.texts(key)).toEqual(["^root"]);
  });

  describe("nothing is shown and nothing is counted", () => {
    test.each<[string, AsObject]>([
      ["of a post for followers", { to: ["https://elsewhere.test/users/noam/followers"] }],
      ["of a direct message", { to: ["https://there.test/users/mira"] }],
      ["of a thing that names another author", { attributedTo: "https://there.test/users/mira" }],
      ["of a thing that names another address", { id: "https://elsewhere.test/other" }],
    ])("%s", async (_, more) => {
      const before = await alice.home();
      says(noam, "hidden", more);
      await shares(at(noam, "/notes/hidden"));
      expect(await alice.home()).toEqual(before);
      const known = await app.federation.look.find(at(noam, "/notes/hidden"));
      expect(known === null || !(await app.federation.look.maySee(alice.key, known.key))).toBe(true);
    });

    test.each([
      ["of what was deleted", { status: 410, body: { type: "Tombstone" } }],
      ["of what is not there", { status: 404, body: "" }],
      ["of what its server refuses", { status: 403, body: "" }],
      ["of what is no post", { body: "<p>Hello</p>", type: "text/html" }],
    ] as const)("%s", async (_, given) => {
      const before = await alice.home();
      answer(noam, "/notes/gone", given as never);
      await shares(at(noam, "/notes/gone"));
      expect([await alice.home(), await isHere(at(noam, "/notes/gone"))]).toEqual([before, false]);
      expect(app.warnings().filter(({ level }) => level === "error")).toEqual([]);
    });

    test("of a post of ours that is for followers, and the one who shares cannot tell that it is there", async () => {
      const secret = await alice.note("Only you", { to: [alice.followers] });
      await shares(secret);
      expect((await alice.sees(secret))?.counts.shares).toBe(0);
    });
  });

  test("what was shared while its server was away comes when it is back", async () => {
    const note = says(noam, "late");
    all.trouble("elsewhere.test", "silent");
    await shares(note.id);
    expect(await isHere(note.id)).toBe(false);
    all.trouble("elsewhere.test", null);
    all.clock.advance(20 * 60_000);
    await all.settle();
    expect((await alice.home())[0]).toBe("late");
  });

  test("what stays away is given up", async () => {
    all.trouble("elsewhere.test", () => new Response(null, { status: 503 }));
    await shares(at(noam, "/notes/never"));
    for (let hour = 0; hour < 12; hour++) {
      all.clock.advance(HOUR_MS);
      await all.settle();
    }
    all.trouble("elsewhere.test", null);
    const left = await app.opened.db.all({ text: "SELECT kind FROM job WHERE kind = 'receive'", values: [] });
    expect(left).toEqual([]);
  });

  test("what it embeds is not believed but asked for", async () => {
    const note = says(noam, "true");
    await shares(note.id, { object: { ...note, content: "<p>forged</p>" } as AsObject });
    expect((await alice.home())[0]).toBe("true");
    expect(elsewhere.asked).toContain(new URL(note.id).pathname);
  });
});
