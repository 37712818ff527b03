/** What a database that is away for a moment costs: the one answer that was asked of it then, and none after it. */
import { expect, test } from "bun:test";
import { createAddresses } from "../core/addresses.ts";
import { createLook } from "../core/look.ts";
import { PUBLIC } from "../core/object.ts";
import { createRegistry } from "../core/registry.ts";
import { createQueue } from "../jobs/queue.ts";
import { createKeys } from "../lib/id.ts";
import { createTastes } from "../moderation/tastes.ts";
import type { Db } from "../storage/db.ts";
import { eachEngine } from "../testing/engines.ts";
import { village } from "../testing/village.ts";
import { vocabularies } from "../vocab/index.ts";
import { createPublisher } from "./publish.ts";
import { createRelocate } from "./relocate.ts";
import { createSigning } from "./signing.ts";

const A = "https://a.test";

eachEngine((engine) => {
  async function given() {
    const town = await village({ [A]: await engine.freshDb() });
    const house = town.house(A);
    const { now } = town.clock;
    const db = awayOnce(house.db);
    const signing = createSigning({ db, now });
    return { house, now, db, signing, alice: await house.person("alice") };
  }

  const twice = async (ask: () => Promise<unknown>) => {
    await expect(ask()).rejects.toThrow("away");
    return ask();
  };

  test("the keys of an actor are read again", async () => {
    const { signing, alice } = await given();
    expect(await twice(() => signing.key(alice.key, "rsa"))).toMatchObject({ kind: "rsa" });
  });

  test("an activity is made ready to go out again", async () => {
    const { house, now, db, alice } = await given();
    const addresses = createAddresses(A);
    const registry = createRegistry(vocabularies);
    const { fetch, refresh } = house.look;
    const publisher = createPublisher({
      addresses,
      look: createLook({ db, addresses, registry, fetch, refresh }),
      registry,
      withCounts: async (_, document) => document,
      signing: createSigning({ db: house.db, now }),
      now,
      passedOn: async () => null,
      deletions: async () => null,
      publish: (object) => ({ ...object }),
    });
    const { activity } = await house.core.act(alice.key, {
      type: "Create",
      to: [PUBLIC],
      object: { type: "Note", content: "Hello" },
    });
    const { key = 0 } = (await house.look.find(activity.id ?? "")) ?? {};
    expect(await twice(() => publisher.activity(key))).toMatchObject({ actor: alice.key });
  });

  test("an inbox that is gone is asked about again, not an hour later", async () => {
    const { house, now, db } = await given();
    const relocate = createRelocate({
      db,
      registry: createRegistry(vocabularies),
      queue: createQueue({ now, keys: createKeys({ now }) }),
      now,
      resolve: { refresh: house.refresh },
      fetchDocument: async (iri) => ({ status: 404, finalUrl: iri, document: null }),
    });
    expect(await twice(() => relocate.newInbox(1, `${A}/inbox`))).toBeNull();
  });

  test("what somebody does not want to read is asked again", async () => {
    const { now, db, alice } = await given();
    const tastes = await createTastes({ db, keys: createKeys({ now }), now });
    expect(await twice(() => tastes.of(alice.key))).toBeNull();
    tastes.stop();
  });
});

/** The same database, whose first read fails. */
function awayOnce(db: Db): Db {
  let isAway = true;
  function come(): void {
    if (!isAway) return;
    isAway = false;
    throw new Error("The database is away.");
  }
  return {
    ...db,
    async all<T extends object>(query: Parameters<Db["all"]>[0]) {
      come();
      return db.all<T>(query);
    },
    async one<T extends object>(query: Parameters<Db["one"]>[0]) {
      come();
      return db.one<T>(query);
    },
  };
}
