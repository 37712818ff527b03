/** Requests and documents from another server: who is believed, and that refusing costs no fetch. */
import { beforeEach, describe, expect, test } from "bun:test";
import type { JsonObject } from "../lib/json.ts";
import { importPrivatePem } from "../signatures/keys.ts";
import { createProof } from "../signatures/proof.ts";
import { BOB, createOtherServer, MAIN_KEY, MULTIKEY, type OtherServer } from "../testing/other-server.ts";

let world: OtherServer;
beforeEach(async () => {
  world = await createOtherServer();
});

describe("a request", () => {
  test.each(["cavage", "rfc9421"] as const)(
    "signed by %s is its actor's, fetched once and stored once",
    async (scheme) => {
      for (let i = 0; i < 3; i++) {
        const answer = await world.authenticate.request(await world.post(MAIN_KEY, world.rsa, scheme));
        expect(answer).toMatchObject({ outcome: "actor", actorIri: BOB, keyId: MAIN_KEY, scheme });
      }
      expect(world.fetched).toEqual([BOB]);
      expect(world.saved).toEqual([MAIN_KEY]);
    },
  );

  test("may be signed with a Multikey of the actor", async () => {
    const answer = await world.ask(MULTIKEY, world.ed25519);
    expect(answer).toMatchObject({ outcome: "actor", actorIri: BOB, keyId: MULTIKEY });
  });

  test("is believed from the store after a restart, without a fetch", async () => {
    await world.ask();
    const { authenticate } = world.start();
    expect(await authenticate.request(await world.post())).toMatchObject({ outcome: "actor" });
    expect(world.fetched).toHaveLength(1);
  });

  test("has its key stored as soon as its actor is known", async () => {
    world.unknownActors.add(BOB);
    await world.ask();
    expect(world.stored.size).toBe(0);
    world.unknownActors.clear();
    await world.ask();
    await world.ask();
    expect(world.stored.get(MAIN_KEY)).toMatchObject({ actorIri: BOB, kind: "rsa" });
    expect(world.saved).toHaveLength(2);
    expect(world.fetched).toHaveLength(1);
  });

  test("that comes a hundred times at once costs one fetch", async () => {
    const parts = await world.post();
    const answers = await Promise.all(Array.from({ length: 100 }, () => world.authenticate.request(parts)));
    expect(answers.every(({ outcome }) => outcome === "actor")).toBe(true);
    expect(world.fetched).toEqual([BOB]);
  });

  test("without a signature is refused before anything is fetched", async () => {
    const answer = await world.authenticate.request({ ...(await world.post()), headers: new Headers() });
    expect(answer).toMatchObject({ outcome: "refused", status: 401 });
    expect(world.fetched).toEqual([]);
  });

  test("with another body is refused before anything is fetched", async () => {
    const answer = await world.authenticate.request({ ...(await world.post()), body: new Uint8Array([1]) });
    expect(answer).toMatchObject({ outcome: "refused", status: 401 });
    expect(world.fetched).toEqual([]);
  });

  test.each([
    ["a key of ours", "https://a.test/users/alice#main-key", 401],
    ["a key of ours in capitals", "https://A.TEST:443/users/alice#main-key", 401],
    ["a key that is no address", "bob", 401],
    ["a did:key", "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", 401],
    ["an address with a password", "https://u:p@b.test/users/bob#main-key", 401],
    ["a key of a blocked host", "https://evil.test/users/bob#main-key", 403],
    ["a key of a blocked host in capitals", "https://EVIL.test./users/bob#main-key", 403],
  ])("signed with %s is refused, and nothing is fetched", async (_, keyId, status) => {
    expect(await world.ask(keyId)).toMatchObject({ outcome: "refused", status });
    expect(world.fetched).toEqual([]);
  });
});

describe("a document", () => {
  const like: JsonObject = {
    "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v2"],
    id: "https://b.test/likes/1",
    type: "Like",
    actor: BOB,
    object: "https://a.test/objects/1",
  };
  const proven = async (keyId = MULTIKEY) =>
    createProof(like, {
      key: await importPrivatePem(keyId, world.ed25519.privatePem),
      nowMs: world.clock.now(),
    });

  test("with a proof is its author's, whoever brings it", async () => {
    const document = { ...(await proven()), signature: { type: "RsaSignature2017" } };
    const answer = await world.authenticate.document(document);
    expect(answer).toEqual({ outcome: "actor", actorIri: BOB, keyId: MULTIKEY, document: like });
  });

  test("without a proof is nobody's", async () => {
    expect(await world.authenticate.document(like)).toBeNull();
  });

  test("that was changed is refused", async () => {
    const changed = { ...(await proven()), object: "https://a.test/objects/2" };
    expect(await world.authenticate.document(changed)).toMatchObject({ outcome: "refused", status: 401 });
  });

  test("proven with a key that is not the actor's is refused", async () => {
    const answer = await world.authenticate.document(await proven(`${BOB}#other`));
    expect(answer).toMatchObject({ outcome: "refused", status: 403 });
  });
});
