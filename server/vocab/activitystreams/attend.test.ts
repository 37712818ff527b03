/** Taking part in events across servers, as Mobilizon does. */
import { beforeEach, expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import type { JsonObject } from "../../lib/json.ts";
import { onSqlite } from "../../testing/engines.ts";
import { type Fediverse, fediverse } from "../../testing/fediverse.ts";
import { post } from "../../testing/letters.ts";
import { type Person, person } from "../../testing/people.ts";
import { type Stranger, type StrangerActor, stranger } from "../../testing/strangers.ts";

onSqlite((engine) => {
  let all: Fediverse;
  let alice: Person;
  let mobil: Stranger;
  let mira: StrangerActor;
  let count = 0;

  beforeEach(async () => {
    all = await fediverse(engine, ["a.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    mobil = stranger(all, "mobil.test");
    mira = await mobil.actor("mira");
  });

  const send = async (activity: JsonObject): Promise<string> => {
    const id = mira.at(`/does/${++count}`);
    await post(alice.app, { by: mira, body: { id, actor: mira.iri, ...activity } });
    await all.settle();
    return id;
  };
  async function event(joinMode?: string): Promise<{ iri: string; key: number }> {
    const { object } = await alice.act({
      type: "Create",
      to: [PUBLIC],
      object: {
        type: "Event",
        name: "Party",
        startTime: "2030-01-01T10:00:00Z",
        ...(joinMode ? { joinMode } : {}),
      },
    });
    return object ?? { iri: "", key: 0 };
  }
  const answers = () =>
    mobil.received
      .map(({ body }) => JSON.parse(body) as JsonObject)
      .map(({ type, actor, object }) => ({ type, actor, object }));
  const total = (key: number, list: string) => alice.app.federation.look.totalOf(key, list);

  test.each([undefined, "free"])("whoever joins what is open (%p) is in it, and told so", async (mode) => {
    const party = await event(mode);
    const join = await send({ type: "Join", object: party.iri, participationMessage: "With pleasure" });
    expect(answers()).toMatchObject([
      {
        type: "Accept",
        actor: alice.iri,
        object: { id: join, type: "Join", actor: mira.iri, object: party.iri },
      },
    ]);
    expect([await total(party.key, "members"), await total(party.key, "joining")]).toEqual([1, 0]);
    await send({ type: "Leave", object: party.iri });
    expect(await total(party.key, "members")).toBe(0);
  });

  test("whoever asks to join waits until its owner has decided", async () => {
    const party = await event("restricted");
    const join = await send({ type: "Join", object: party.iri });
    expect([answers(), await total(party.key, "joining")]).toEqual([[], 1]);
    await alice.act({ type: "Accept", object: join, to: [mira.iri] });
    await all.settle();
    expect(answers()).toMatchObject([{ type: "Accept", object: { id: join } }]);
    expect([await total(party.key, "members"), await total(party.key, "joining")]).toEqual([1, 0]);
  });

  test("nobody is told yes by us where the place to join is elsewhere", async () => {
    const party = await event("external");
    await send({ type: "Join", object: party.iri });
    expect(answers()).toEqual([]);
  });
});
