/** What can be taken without asking anybody is taken before it is answered; the rest is a job's, and nothing overtakes. */
import { beforeAll, expect, test } from "bun:test";
import { type AsObject, PUBLIC } from "../core/object.ts";
import { sql } from "../lib/sql.ts";
import { eachEngine } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { post } from "../testing/letters.ts";
import { type Person, person } from "../testing/people.ts";
import { type Stranger, type StrangerActor, stranger } from "../testing/strangers.ts";

const PATIENCE_MS = 60_000;

eachEngine((engine) => {
  let all: Fediverse;
  let alice: Person;
  let there: Stranger;
  let ben: StrangerActor;
  let note: string;
  let count = 0;

  beforeAll(async () => {
    all = await fediverse(engine, ["a.test"]);
    alice = await person(all.at("a.test"), "alice");
    there = stranger(all, "b.test");
    ben = await there.actor("ben");
    note = (
      await alice.act({
        type: "Create",
        to: [PUBLIC],
        object: { type: "Note", content: "Hello", to: [PUBLIC] },
      })
    ).object?.iri as string;
    await alice.app.federation.look.fetch(ben.iri);
  }, PATIENCE_MS);

  /** Sends it signed by ben; gives its id. */
  async function send(activity: AsObject, id = ben.at(`/activities/${++count}`)): Promise<string> {
    const answer = await post(alice.app, {
      by: ben,
      body: { "@context": "https://www.w3.org/ns/activitystreams", id, actor: ben.iri, ...activity },
    });
    expect(answer.status).toBe(202);
    return id;
  }
  const create = (content: string): AsObject => ({
    type: "Create",
    to: [PUBLIC],
    cc: [alice.iri],
    object: { id: ben.at(`/notes/${content}`), type: "Note", attributedTo: ben.iri, content, to: [PUBLIC] },
  });
  const find = (iri: string) => alice.app.federation.look.find(iri);
  const waiting = async () =>
    (await alice.app.opened.db.one<{ n: number }>(sql`SELECT count(*) AS n FROM job WHERE kind = 'receive'`))
      ?.n;

  test("what is answered is stored, with all that it causes, and was no job", async () => {
    const like = await send({ type: "Like", object: note });
    expect((await find(like))?.document).not.toBeNull();
    expect(await waiting()).toBe(0);
    await send(create("bread"));
    expect((await find(ben.at("/notes/bread")))?.document?.content).toBe("bread");
    expect(await waiting()).toBe(0);
  });

  test("what is not wanted is let go, with the same answer and without a job", async () => {
    const stray = await send({ type: "Delete", object: "https://c.test/notes/1" });
    expect(await find(stray)).toBeNull();
    expect(await waiting()).toBe(0);
  });

  test("the same again is nothing new", async () => {
    const first = await send(create("twice"));
    await send(create("thrice"), first);
    expect(await find(ben.at("/notes/thrice"))).toBeNull();
  });

  test("nobody else is asked before the answer: that is left to a job, and what comes next waits for it", async () => {
    const shared = there.origin + "/notes/elsewhere";
    there.put("/notes/elsewhere", {
      body: {
        ...(create("elsewhere").object as AsObject),
        "@context": "https://www.w3.org/ns/activitystreams",
        id: shared,
      },
    });
    there.asked.length = 0;
    const share = await send({ type: "Announce", object: shared, to: [PUBLIC], cc: [alice.iri] });
    const next = await send(create("after"));
    expect(there.asked).toEqual([]);
    expect(await waiting()).toBe(2);
    expect(await find(next)).toBeNull();
    await all.settle();
    expect((await find(share))?.document).not.toBeNull();
    expect((await find(shared))?.document?.content).toBe("elsewhere");
    expect((await find(next))?.document).not.toBeNull();
    expect(await waiting()).toBe(0);
  });

  test("what turns out to need another server while it is judged is left whole to a job", async () => {
    const object = create("by-address").object as AsObject;
    there.put("/notes/by-address", {
      body: { "@context": "https://www.w3.org/ns/activitystreams", ...object },
    });
    there.asked.length = 0;
    const named = await send({
      type: "Create",
      object: ben.at("/notes/by-address"),
      to: [PUBLIC],
      cc: [alice.iri],
    });
    expect(there.asked).toEqual([]);
    expect(await waiting()).toBe(1);
    await all.settle();
    expect((await find(named))?.document).not.toBeNull();
    expect((await find(ben.at("/notes/by-address")))?.document?.content).toBe("by-address");
    expect(await waiting()).toBe(0);
  });

  test("of many at one time each is stored once, whether it found its turn free or not", async () => {
    const names = Array.from({ length: 40 }, (_, i) => `crowd-${i}`);
    await Promise.all([...names, ...names].map((name) => send(create(name), ben.at(`/activities/${name}`))));
    await all.settle();
    const stored = await alice.app.opened.db.all<{ iri: string }>(
      sql`SELECT iri FROM object WHERE iri LIKE ${`${ben.at("/notes/crowd-")}%`} AND document IS NOT NULL`,
    );
    expect(stored.map(({ iri }) => iri).sort()).toEqual(names.map((name) => ben.at(`/notes/${name}`)).sort());
    expect(await waiting()).toBe(0);
  });
});
