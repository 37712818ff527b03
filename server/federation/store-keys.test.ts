/** Keys and schemes of other servers as the database holds them, on each engine. */
import { expect, test } from "bun:test";
import { sql } from "../lib/sql.ts";
import { eachEngine } from "../testing/engines.ts";
import type { RemoteKey } from "./fetch-key.ts";
import { dropRemoteKey, findPeerByName, findRemoteKey, rememberScheme, saveRemoteKey } from "./store.ts";

const BOB = "https://b.test/users/bob";
const key: RemoteKey = {
  iri: `${BOB}#main-key`,
  actorIri: BOB,
  kind: "rsa",
  publicPem: "pem",
  expiresMs: null,
  fetchedMs: 1_700_000_000_000,
};
const host = sql`INSERT INTO host (key, name) VALUES (1, 'b.test')`;
const bob = sql`INSERT INTO object (key, iri, host) VALUES (7, ${BOB}, 1)`;

eachEngine((engine) => {
  test("a key is stored once its actor is known, and tells so", async () => {
    const db = await engine.freshDb();
    expect(await db.batch([saveRemoteKey(key)])).toEqual([[]]);
    expect(await findRemoteKey(db, key.iri)).toBeNull();
    await db.batch([host, bob]);
    expect((await db.batch([saveRemoteKey(key)]))[0]).toHaveLength(1);
    expect(await findRemoteKey(db, key.iri)).toEqual(key);
  });

  test("a changed key takes the place of the old one, and a dropped one is gone", async () => {
    const db = await engine.freshDb();
    const changed: RemoteKey = { ...key, kind: "ed25519", publicPem: "other", fetchedMs: key.fetchedMs + 1 };
    await db.batch([host, bob, saveRemoteKey(key), saveRemoteKey(changed)]);
    expect(await findRemoteKey(db, key.iri)).toEqual(changed);
    await db.batch([dropRemoteKey(key.iri)]);
    expect(await findRemoteKey(db, key.iri)).toBeNull();
  });

  test("the scheme that a known host accepts is remembered, and the last word counts", async () => {
    const db = await engine.freshDb();
    await db.batch([rememberScheme("b.test", "rfc9421")]);
    expect(await findPeerByName(db, "b.test")).toBeNull();
    await db.batch([host, rememberScheme("b.test", "rfc9421"), rememberScheme("b.test", "cavage")]);
    expect(await findPeerByName(db, "b.test")).toMatchObject({ scheme: "cavage" });
  });
});
