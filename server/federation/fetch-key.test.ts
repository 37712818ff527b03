/** Keys of another server are believed where key and actor claim each other on one origin, and nowhere else. */
import { beforeEach, describe, expect, test } from "bun:test";
import type { AsObject } from "../core/object.ts";
import type { JsonObject } from "../lib/json.ts";
import { BOB, createOtherServer, MAIN_KEY, type OtherServer } from "../testing/other-server.ts";

let world: OtherServer;
beforeEach(async () => {
  world = await createOtherServer();
});

const otherKeys = ({ bob }: OtherServer, count: number): JsonObject[] =>
  Array.from({ length: count }, (_, i) => ({ ...(bob.publicKey as JsonObject), id: `${BOB}#key-${i}` }));

const carolAtC = ({ rsa }: OtherServer): AsObject => ({
  id: "https://c.test/users/carol",
  type: "Person",
  publicKey: { id: MAIN_KEY, owner: "https://c.test/users/carol", publicKeyPem: rsa.publicPem },
});

describe("a key is not believed", () => {
  test.each<[string, number, (world: OtherServer) => void]>([
    ["that the actor does not have", 403, (w) => w.put(BOB, { ...w.bob, publicKey: [] })],
    ["whose owner is another", 403, (w) => w.put(BOB, w.bobWithKey({ owner: "https://b.test/users/carol" }))],
    [
      "whose controller is another",
      403,
      (w) => w.put(BOB, w.bobWithKey({ owner: undefined, controller: "https://c.test/x" })),
    ],
    ["that was revoked", 403, (w) => w.put(BOB, w.bobWithKey({ revoked: "2023-11-14T00:00:00Z" }))],
    ["that has expired", 403, (w) => w.put(BOB, w.bobWithKey({ expires: "2023-11-14T00:00:00Z" }))],
    ["whose end is no time", 403, (w) => w.put(BOB, w.bobWithKey({ expires: "soon" }))],
    ["that only is named", 401, (w) => w.put(BOB, { ...w.bob, publicKey: MAIN_KEY })],
    ["that is no key", 401, (w) => w.put(BOB, w.bobWithKey({ publicKeyPem: "-----BEGIN PUBLIC KEY-----" }))],
    [
      "behind ten others",
      403,
      (w) => w.put(BOB, { ...w.bob, publicKey: [...otherKeys(w, 10), w.bob.publicKey ?? null] }),
    ],
    ["of a document of another id", 401, (w) => w.put(BOB, { ...w.bob, id: "https://b.test/users/carol" })],
    ["of a document without id", 401, (w) => w.put(BOB, { type: "Person", publicKey: w.bob.publicKey })],
    ["of a document of another origin", 401, (w) => w.put(BOB, { ...w.bob, id: "https://c.test/users/bob" })],
    [
      "that a redirect to another origin gives",
      403,
      (w) => w.put(BOB, carolAtC(w), 200, "https://c.test/users/carol"),
    ],
    ["of a page", 401, (w) => w.put(BOB, null)],
    ["of nobody", 401, (w) => w.documents.delete(BOB)],
  ])("%s: %d, and nothing is stored", async (_, status, arrange) => {
    arrange(world);
    expect(await world.ask()).toMatchObject({ outcome: "refused", status });
    expect(world.saved).toEqual([]);
  });

  test("whose actor has it from elsewhere: keys and actors share an origin", async () => {
    const iri = "https://c.test/keys/1";
    world.put(BOB, world.bobWithKey({ id: iri }));
    world.put(iri, { id: iri, owner: BOB, publicKeyPem: world.rsa.publicPem });
    expect(await world.ask(iri)).toMatchObject({ outcome: "refused", status: 403 });
    expect(world.fetched).toEqual([iri]);
  });
});

test("a document that says to be of another origin is not followed there", async () => {
  world.put(BOB, { ...world.bob, id: "https://c.test/users/bob" });
  await world.ask();
  expect(world.fetched).toEqual([BOB]);
});

test("a key is believed that names no owner inside the document of its actor", async () => {
  world.put(BOB, world.bobWithKey({ owner: undefined }));
  expect(await world.ask()).toMatchObject({ outcome: "actor", actorIri: BOB });
});

test("a key is believed until the moment at which it expires", async () => {
  world.put(BOB, world.bobWithKey({ expires: "2033-01-01T00:00:00Z" }));
  expect(await world.ask()).toMatchObject({ outcome: "actor" });
});

describe("a key with a document of its own", () => {
  const iri = "https://b.test/keys/1";

  beforeEach(() => {
    world.put(iri, { id: iri, owner: BOB, publicKeyPem: world.rsa.publicPem });
    world.put(BOB, { ...world.bob, publicKey: iri });
  });

  test("is believed where its owner names it", async () => {
    expect(await world.ask(iri)).toMatchObject({ outcome: "actor", actorIri: BOB, keyId: iri });
    expect(world.fetched).toEqual([iri, BOB]);
  });

  test("is not believed where its owner names another", async () => {
    world.put(BOB, world.bob);
    expect(await world.ask(iri)).toMatchObject({ outcome: "refused", status: 403 });
  });

  test("is not believed once it was revoked", async () => {
    world.put(iri, {
      id: iri,
      owner: BOB,
      publicKeyPem: world.rsa.publicPem,
      revoked: "2020-01-01T00:00:00Z",
    });
    expect(await world.ask(iri)).toMatchObject({ outcome: "refused", status: 401 });
  });

  test("is what the owner says that it is", async () => {
    world.put(BOB, world.bobWithKey({ id: iri, publicKeyPem: world.rsaNext.publicPem }));
    expect(await world.ask(iri)).toMatchObject({ outcome: "refused", status: 401 });
    expect(await world.ask(iri, world.rsaNext)).toMatchObject({ outcome: "actor" });
  });

  test("may answer with the actor, which is then asked itself", async () => {
    world.put(iri, world.bobWithKey({ id: iri }));
    world.put(BOB, world.bobWithKey({ id: iri, publicKeyPem: world.rsaNext.publicPem }));
    expect(await world.ask(iri, world.rsaNext)).toMatchObject({ outcome: "actor", actorIri: BOB });
    expect(world.fetched).toEqual([iri, BOB]);
  });
});
