/** Somebody whom their own server suspends (toot:suspended) is out of sight here too, until it says that this is over. */
import { beforeAll, expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import type { JsonObject } from "../lib/json.ts";
import { eachEngine } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { post } from "../testing/letters.ts";
import { type Person, person } from "../testing/people.ts";
import { type Stranger, type StrangerActor, stranger } from "../testing/strangers.ts";

const PATIENCE_MS = 60_000;
const AS = "https://www.w3.org/ns/activitystreams";
const CONTEXT = [AS, { toot: "http://joinmastodon.org/ns#", suspended: "toot:suspended" }];

eachEngine((engine) => {
  let all: Fediverse;
  let alice: Person;
  let tusk: Stranger;
  let mia: StrangerActor;
  let first: string;
  let count = 0;

  const send = async (activity: JsonObject) => {
    const body = { "@context": CONTEXT, id: mia.at(`/does/${++count}`), actor: mia.iri, ...activity };
    expect((await post(alice.app, { by: mia, body })).status).toBe(202);
    await all.settle();
    all.clock.advance(60_000);
  };
  const says = async (content: string): Promise<string> => {
    const id = mia.at(`/notes/${++count}`);
    const to = [PUBLIC];
    await send({ type: "Create", to, object: { id, type: "Note", attributedTo: mia.iri, content, to } });
    return id;
  };
  /** As Mastodon tells it: an Update, and the same at the actor's address. */
  const suspend = async (suspended: boolean) => {
    const document = { ...mia.document, "@context": CONTEXT, ...(suspended ? { suspended, name: "" } : {}) };
    tusk.put("/users/mia", { body: document });
    await send({ type: "Update", to: [PUBLIC], object: document });
  };
  const keyOf = async (iri: string) => (await alice.app.federation.look.find(iri))?.key ?? 0;
  const isSeen = async (iri: string) => (await alice.sees(iri)) !== null;
  const status = async (path: string) => (await alice.page(path)).status;

  beforeAll(async () => {
    all = await fediverse(engine, ["a.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    tusk = stranger(all, "tusk.test");
    mia = await tusk.actor("mia");
    await alice.act({ type: "Follow", object: (await alice.app.federation.look.fetch(mia.iri))?.iri ?? "" });
    await all.settle();
    await send({ type: "Accept", object: { type: "Follow", actor: alice.iri, object: mia.iri } });
    first = await says("first");
  }, PATIENCE_MS);

  test("with all that they wrote, and comes back with it", async () => {
    expect([await isSeen(first), await status("/@mia@tusk.test")]).toEqual([true, 200]);
    await suspend(true);
    expect([await isSeen(first), await status("/@mia@tusk.test")]).toEqual([false, 404]);
    expect(await alice.home()).toEqual([]);
    const later = await says("later");
    expect(await isSeen(later)).toBe(false);
    await suspend(false);
    expect([await isSeen(first), await isSeen(later)]).toEqual([true, true]);
    expect(await status("/@mia@tusk.test")).toBe(200);
    expect((await alice.knows(mia.iri)).following).toBe("yes");
  });

  test("apart from what the staff here decide about them", async () => {
    const { sanctions } = alice.app.peace;
    const given = { kind: "suspend", actor: await keyOf(mia.iri), text: "Because" } as const;
    await suspend(true);
    const decision = await sanctions.impose(alice.key, given);
    await all.settle();
    await sanctions.lift(alice.key, decision);
    await all.settle();
    expect(await isSeen(first)).toBe(false);
    await suspend(false);
    expect(await isSeen(first)).toBe(true);
    const again = await sanctions.impose(alice.key, given);
    await all.settle();
    await suspend(true);
    await suspend(false);
    expect(await isSeen(first)).toBe(false);
    await sanctions.lift(alice.key, again);
    await all.settle();
    expect(await isSeen(first)).toBe(true);
  });

  test("and can still delete what they wrote", async () => {
    await suspend(true);
    await send({ type: "Delete", to: [PUBLIC], object: { id: first, type: "Tombstone" } });
    expect((await alice.app.federation.look.find(first))?.deletedMs).not.toBeNull();
  });

  test("also where nobody here knew them before", async () => {
    const nina = await tusk.actor("nina", { suspended: true });
    expect((await alice.app.federation.look.fetch(nina.iri))?.iri).toBe(nina.iri);
    expect(await status("/@nina@tusk.test")).toBe(404);
  });
});
