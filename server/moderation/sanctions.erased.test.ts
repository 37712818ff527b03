/** What becomes of everything of somebody who stays suspended. */
import { beforeAll, expect, test } from "bun:test";
import { ACTIVITY_JSON } from "../http/negotiate.ts";
import { DAY_MS } from "../lib/durations.ts";
import { onSqlite } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { documentAt, PASSWORD, type Person, person } from "../testing/people.ts";
import { ERASED_AFTER_MS } from "./sanctions.ts";

const PUBLIC = "https://www.w3.org/ns/activitystreams#Public";

onSqlite((engine) => {
  let world: Fediverse;
  let ruth: Person;

  beforeAll(async () => {
    world = await fediverse(engine, ["a.test", "b.test"]);
    ruth = await person(world.at("a.test"), "ruth", "admin");
  });

  const app = () => world.at("a.test");
  const sanctions = () => app().peace.sanctions;
  const suspend = async (who: Person) => {
    const actor = (await app().federation.look.find(who.iri))?.key ?? 0;
    const key = await sanctions().impose(ruth.key, { kind: "suspend", actor, text: "Because" });
    await world.settle();
    return key;
  };

  test("a month after a suspension everything of the account is deleted, and not a day before", async () => {
    const doomed = await person(app(), "doomed");
    const post = await doomed.note("Last words", { to: [PUBLIC] });
    await suspend(doomed);
    world.clock.advance(ERASED_AFTER_MS - 1000);
    await world.settle();
    expect((await app().federation.look.find(post))?.deletedMs).toBeNull();
    world.clock.advance(2000);
    await world.settle();
    expect((await app().federation.look.find(post))?.deletedMs).not.toBeNull();
    const answer = await app().ask(doomed.iri.replace(app().origin, ""), {
      headers: { accept: ACTIVITY_JSON },
    });
    expect([404, 410]).toContain(answer.status);
  });

  test("of the account nothing stays but its name, and its e-mail address is free again", async () => {
    const { accounts } = app().opened;
    const email = "erased@school.example";
    const account = await accounts.create({
      name: "erased",
      password: PASSWORD,
      email,
      reason: "I teach.",
      locale: "de",
      role: "member",
      state: "active",
    });
    const given = { kind: "suspend", actor: account.key, text: "Because" } as const;
    await sanctions().impose(ruth.key, given);
    await sanctions().erase(ruth.key, account.key);
    await world.settle();
    expect(await accounts.people.find(account.key)).toMatchObject({
      name: "erased",
      isGone: true,
      email: null,
      hasPassword: false,
      reason: null,
      note: null,
      locale: null,
    });
    const next = { name: "next", password: PASSWORD, email, role: "member", state: "active" } as const;
    expect(await accounts.create(next)).toMatchObject({ email });
  });

  test("what is kept of somebody elsewhere goes a month after their suspension; they stay known, and suspended", async () => {
    const distant = await person(world.at("b.test"), "distant");
    await app().federation.look.fetch(distant.iri);
    const post = await distant.note("Kept for a while", { to: [PUBLIC] });
    await app().federation.look.fetch(post);
    await suspend(distant);
    world.clock.advance(ERASED_AFTER_MS + 1000);
    await world.settle();
    expect((await app().federation.look.find(post))?.document).not.toHaveProperty("content");
    expect((await app().federation.look.find(distant.iri))?.deletedMs).toBeNull();
    expect(await app().queries.actorByHandle("distant@b.test")).toBeNull();
  });

  test("nothing is deleted while an appeal waits for its answer", async () => {
    const patient = await person(app(), "patient");
    const post = await patient.note("Wait for it", { to: [PUBLIC] });
    const key = await suspend(patient);
    await sanctions().appeal(patient.key, key, "Not me");
    world.clock.advance(ERASED_AFTER_MS + 1000);
    await world.settle();
    expect((await app().federation.look.find(post))?.deletedMs).toBeNull();
    await sanctions().answer(ruth.key, key, { isGranted: false, text: "It was" });
    world.clock.advance(DAY_MS);
    await world.settle();
    expect((await app().federation.look.find(post))?.deletedMs).not.toBeNull();
  });

  test("a suspension that is taken back in time deletes nothing", async () => {
    const spared = await person(app(), "spared");
    const post = await spared.note("Still here", { to: [PUBLIC] });
    await sanctions().lift(ruth.key, await suspend(spared));
    await world.settle();
    world.clock.advance(ERASED_AFTER_MS + 1000);
    await world.settle();
    expect((await documentAt(app(), post)).status).toBe(200);
  });
});
