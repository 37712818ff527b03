/** Hostile input: ids and objects of other origins, and actors who claim what is not theirs. */
import { expect, test } from "bun:test";
import { type AsObject, PUBLIC } from "../core/object.ts";
import type { JsonObject } from "../lib/json.ts";
import { sql } from "../lib/sql.ts";
import type { TestApp } from "../testing/app.ts";
import { errorsOf, type HostileCase, hostile, type World } from "../testing/hostile.ts";
import { post } from "../testing/letters.ts";
import { likeUnder, newcomer } from "../testing/newcomers.ts";

const FORGED = "Forged";

/** A Like of mallory's with these changes. */
const like =
  (change: AsObject | ((world: World) => AsObject)) =>
  (world: World): Promise<Response> =>
    world.post(world.mallory, {
      type: "Like",
      object: world.open,
      ...(typeof change === "function" ? change(world) : change),
    });

/** A Create of mallory's with this object. */
const create =
  (object: (world: World) => AsObject | string, more: AsObject = {}) =>
  (world: World): Promise<Response> =>
    world.post(world.mallory, { type: "Create", to: [PUBLIC], ...more, object: object(world) });

const forged = (object: AsObject): AsObject => ({ type: "Note", content: FORGED, to: [PUBLIC], ...object });

const ids: readonly HostileCase[] = [
  { name: "an activity without an id is refused", status: 400, send: like({ id: null as never }) },
  { name: "an activity whose id is a number is refused", status: 400, send: like({ id: 7 as never }) },
  { name: "an activity without an actor is refused", status: 400, send: like({ actor: null }) },
  { name: "an activity whose actor is a number is refused", status: 400, send: like({ actor: 7 }) },
  {
    name: "an activity with an id elsewhere is dropped",
    status: 202,
    send: like({ id: "https://honest.test/activities/9" }),
  },
  {
    name: "an activity with an id of ours is dropped",
    status: 202,
    send: like({ id: "https://pub.test/activities/9" }),
  },
  {
    name: "an activity with the id of a post of alice's is dropped",
    status: 202,
    send: like(({ open }) => ({ id: open })),
  },
  {
    name: "an activity with the id of a known post is dropped",
    status: 202,
    send: like(({ mallorys }) => ({ id: mallorys })),
  },
  {
    name: "an activity with an id that is a script is dropped",
    status: 202,
    send: like({ id: "javascript:alert(1)" }),
  },
  {
    name: "an activity with an id that is a path is dropped",
    status: 202,
    send: like({ id: "/activities/9" }),
  },
  {
    name: "an activity with an id below another scheme is dropped",
    status: 202,
    send: like({ id: "http://mallory.test/activities/9" }),
  },
  {
    name: "an activity with an id on another port is dropped",
    status: 202,
    send: like({ id: "https://mallory.test:8443/activities/9" }),
  },
  {
    name: "an activity with an id on a subdomain is dropped",
    status: 202,
    send: like({ id: "https://a.mallory.test/activities/9" }),
  },
  {
    name: "an activity with an id that hides its host behind an @ is dropped",
    status: 202,
    send: like({ id: "https://mallory.test@honest.test/activities/9" }),
  },
  {
    name: "an activity with an id that hides its host behind a backslash is dropped",
    status: 202,
    send: like({ id: "https://mallory.test\\@honest.test/activities/9" }),
  },
  {
    name: "an activity with an id of five thousand letters is dropped",
    status: 202,
    send: like({ id: `https://mallory.test/${"a".repeat(5000)}` }),
  },
  {
    name: "an activity that is not one is dropped",
    status: 202,
    send: like({ type: "Note", content: FORGED }),
  },
  {
    name: "an actor that sends itself is dropped",
    status: 202,
    send: like({ type: "Person", inbox: "https://mallory.test/inbox" }),
  },
  {
    name: "a Like of a post of ours that there never was is dropped",
    status: 202,
    send: like({ object: "https://pub.test/objects/999" }),
  },
  { name: "a Like of nothing is dropped", status: 202, send: like({ object: null }) },
  { name: "a Like of a script is dropped", status: 202, send: like({ object: "javascript:alert(1)" }) },
];

const embeddings: readonly HostileCase[] = [
  {
    name: "a forged post of another server, embedded, is asked of its origin and dropped (GHSA-3fjr-858r-92rw)",
    status: 202,
    send: create((w) => forged({ id: "https://honest.test/notes/forged", attributedTo: w.victor.iri })),
  },
  {
    name: "a forged post of another server attributed to mallory is dropped",
    status: 202,
    send: create((w) => forged({ id: "https://honest.test/notes/forged-2", attributedTo: w.mallory.iri })),
  },
  {
    name: "a forged copy of a post that is stored does not replace it",
    status: 202,
    send: create((w) => forged({ id: w.victors, attributedTo: w.victor.iri })),
  },
  {
    name: "a forged copy of a post that is stored, in mallory's name, does not replace it",
    status: 202,
    send: create((w) => forged({ id: w.victors, attributedTo: w.mallory.iri })),
  },
  {
    name: "a post at mallory's in the name of somebody elsewhere is dropped",
    status: 202,
    send: create((w) => forged({ id: w.mallory.at("/notes/f1"), attributedTo: w.victor.iri })),
  },
  {
    name: "a post at mallory's in the name of somebody here is dropped",
    status: 202,
    send: create((w) => forged({ id: w.mallory.at("/notes/f2"), attributedTo: w.alice.iri })),
  },
  {
    name: "a post in the name of a neighbour is dropped",
    status: 202,
    send: create((w) => forged({ id: w.mallory.at("/notes/f3"), attributedTo: w.mule.iri })),
  },
  {
    name: "a post in the name of somebody here and of mallory is dropped",
    status: 202,
    send: create((w) =>
      forged({ id: w.mallory.at("/notes/f4"), attributedTo: [w.alice.iri, w.mallory.iri] }),
    ),
  },
  {
    name: "a post in the name of mallory and of somebody here is dropped",
    status: 202,
    send: create((w) =>
      forged({ id: w.mallory.at("/notes/f4b"), attributedTo: [w.mallory.iri, w.alice.iri] }),
    ),
  },
  {
    name: "a post in the name of an embedded copy of alice is dropped",
    status: 202,
    send: create((w) =>
      forged({ id: w.mallory.at("/notes/f5"), attributedTo: { id: w.alice.iri, type: "Person" } }),
    ),
  },
  {
    name: "a new post with an id of ours is dropped",
    status: 202,
    send: create((w) => forged({ id: "https://pub.test/objects/1", attributedTo: w.mallory.iri })),
  },
  {
    name: "a post of alice's cannot be created again by mallory",
    status: 202,
    send: create((w) => forged({ id: w.open, attributedTo: w.alice.iri })),
  },
  {
    name: "a post without an id is dropped",
    status: 202,
    send: create((w) => forged({ attributedTo: w.mallory.iri })),
  },
  {
    name: "a post with an id that is a script is dropped",
    status: 202,
    send: create((w) => forged({ id: "javascript:1", attributedTo: w.mallory.iri })),
  },
  {
    name: "a Create of an actor is dropped",
    status: 202,
    send: create((w) => ({ ...w.mallory.document, id: w.mallory.at("/users/made") })),
  },
  {
    name: "a Create of a copy of victor is dropped",
    status: 202,
    send: create((w) => ({ ...w.victor.document, name: FORGED })),
  },
  {
    name: "a Create of an activity is dropped",
    status: 202,
    send: create((w) => ({
      id: w.mallory.at("/activities/made"),
      type: "Accept",
      actor: w.mallory.iri,
      object: w.open,
    })),
  },
  { name: "a Create of nothing is dropped", status: 202, send: create(() => "") },
  {
    name: "a Create of a post of victor's, named only, is dropped",
    status: 202,
    send: create((w) => w.victors),
  },
  {
    name: "an Announce with a forged copy of a stored post shares the stored one (Hollo 0.8.5)",
    status: 202,
    send: (w) =>
      w.post(w.mallory, {
        type: "Announce",
        to: [PUBLIC],
        cc: [w.mallory.followers],
        object: forged({ id: w.victors, attributedTo: w.victor.iri }) as JsonObject,
      }),
    allows: (line) => !line.includes(FORGED) && !line.includes("Victor was here"),
    also: async ({ app, victors }) =>
      expect((await app.federation.look.find(victors))?.document?.content).toBe("<p>Victor was here</p>"),
  },
  {
    name: "an Announce with a forged post of another server shows nothing of it",
    status: 202,
    send: (w) =>
      w.post(w.mallory, {
        type: "Announce",
        to: [PUBLIC],
        object: forged({
          id: "https://honest.test/notes/forged-3",
          attributedTo: w.victor.iri,
        }) as JsonObject,
      }),
  },
];

const actors: readonly HostileCase[] = [
  {
    name: "an actor whose inbox is elsewhere is not stored: nobody is written to who did not ask",
    status: 202,
    send: (w) => {
      const { iri, keyId } = newcomer(w, (d) => ({ ...d, inbox: "https://honest.test/users/victor/inbox" }));
      return likeUnder(w, keyId, iri);
    },
  },
  {
    name: "an actor whose inbox is here is not stored",
    status: 202,
    send: (w) => {
      const { iri, keyId } = newcomer(w, (d) => ({
        ...d,
        inbox: w.app.federation === null ? "" : "https://pub.test/inbox",
      }));
      return likeUnder(w, keyId, iri);
    },
  },
  {
    name: "an actor without an inbox is not stored",
    status: 202,
    send: (w) => {
      const { iri, keyId } = newcomer(w, ({ inbox: _, ...d }) => d);
      return likeUnder(w, keyId, iri);
    },
  },
];

/** What is kept of an actor besides its document; null where it is no actor. */
const storedOf = ({ opened }: TestApp, key: number) =>
  opened.db.one<{ handle: string | null; shared_inbox: string | null }>(
    sql`SELECT handle, shared_inbox FROM actor WHERE key = ${key}`,
  );

hostile("origins", [...ids, ...embeddings, ...actors], (world) => {
  test("a shared inbox elsewhere is not believed", async () => {
    const { app, fediverse } = world();
    const { iri, keyId } = newcomer(world(), (d) => ({
      ...d,
      endpoints: { sharedInbox: "https://honest.test/inbox" },
    }));
    expect((await likeUnder(world(), keyId, iri)).status).toBe(202);
    await fediverse.settle();
    const key = (await app.federation.look.find(iri))?.key ?? 0;
    expect((await storedOf(app, key))?.shared_inbox).toBeNull();
  });

  test("nobody gets the name of somebody else by claiming it (Akkoma 2024.04.1)", async () => {
    const { app, fediverse, victor } = world();
    for (const webfinger of ["victor@honest.test", "alice@pub.test", "acct:victor@honest.test"]) {
      const { iri, keyId } = newcomer(world(), (d) => ({ ...d, preferredUsername: "victor", webfinger }));
      expect((await likeUnder(world(), keyId, iri)).status).toBe(202);
      await fediverse.settle();
      const key = (await app.federation.look.find(iri))?.key ?? 0;
      expect((await storedOf(app, key))?.handle).toBeNull();
    }
    const key = (await app.federation.look.find(victor.iri))?.key ?? 0;
    expect((await storedOf(app, key))?.handle).toBe("victor@honest.test");
  });

  test.each([
    ["half a character", "\ud800"],
    ["a path", "../../alice"],
    ["markup", "<script>1</script>"],
    ["another host", "alice@pub.test"],
    ["letters that turn", "\u202eecila"],
    ["an invisible letter", "ali\u200bce"],
    ["a line break", "alice\r\nx-injected: 1"],
    ["NUL", "alice\u0000"],
    ["a thousand letters", "a".repeat(1000)],
    ["nothing", ""],
    ["a number", 7],
    ["a list", ["alice"]],
    ["an object", { name: "alice" }],
    ["__proto__", "__proto__"],
  ])(
    "an actor whose name is %s is known by its address, and its page answers",
    async (_, preferredUsername) => {
      const { app, alice, fediverse } = world();
      const { iri, keyId } = newcomer(world(), (d) => ({ ...d, preferredUsername }) as JsonObject);
      expect((await likeUnder(world(), keyId, iri)).status).toBe(202);
      await fediverse.settle();
      fediverse.clock.advance(5_000);
      const key = (await app.federation.look.find(iri))?.key ?? 0;
      expect((await storedOf(app, key))?.handle ?? null).toBeNull();
      for (const path of ["/notices", `/search?q=${encodeURIComponent(iri)}`])
        expect((await alice.page(path)).status).toBe(200);
      expect(errorsOf(app)).toEqual([]);
    },
  );

  test("a forwarded activity that was altered on the way is replaced by what its origin says", async () => {
    const { app, fediverse, victor, mallory, friends } = world();
    const note = {
      id: victor.at("/notes/forwarded"),
      type: "Note",
      attributedTo: victor.iri,
      to: [PUBLIC],
      content: "<p>True</p>",
    };
    const activity = world().activity(victor, {
      type: "Create",
      to: [PUBLIC],
      cc: [victor.followers],
      object: note,
    });
    friends.put("/notes/forwarded", { body: note });
    friends.put(new URL(String(activity.id)).pathname, { body: activity });
    const altered = { ...activity, object: { ...note, content: FORGED } };
    expect((await post(app, { by: mallory, body: altered })).status).toBe(202);
    await fediverse.settle();
    expect((await app.federation.look.find(note.id))?.document?.content).toBe("<p>True</p>");
  });
});
