/** Requests and documents from a small world of other servers: who is believed, who is not, and what that costs. */
import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { AsObject } from "../core/object.ts";
import { heldClock } from "../lib/clock.ts";
import type { JsonObject } from "../lib/json.ts";
import { Problem } from "../lib/problem.ts";
import { generateKeyPair, importPrivatePem, type KeyPairPem, multibaseFromPem } from "../signatures/keys.ts";
import { createProof } from "../signatures/proof.ts";
import type { RequestParts, Scheme } from "../signatures/request.ts";
import { signRequest } from "../signatures/sign.ts";
import { createAuthenticate } from "./authenticate.ts";
import { createFetchKey, type FetchedDocument, type RemoteKey } from "./fetch-key.ts";
import { createKeyring } from "./keyring.ts";

const BOB = "https://b.test/users/bob";
const MAIN_KEY = `${BOB}#main-key`;
const MULTIKEY = `${BOB}#ed25519-key`;
const MINUTE_MS = 60_000;

let rsa: KeyPairPem;
let rsaNext: KeyPairPem;
let ed25519: KeyPairPem;
let bob: AsObject;
let world: ReturnType<typeof createWorld>;

beforeAll(async () => {
  rsa = await generateKeyPair("rsa");
  rsaNext = await generateKeyPair("rsa");
  ed25519 = await generateKeyPair("ed25519");
});

beforeEach(async () => {
  const publicKeyMultibase = await multibaseFromPem(ed25519.publicPem);
  bob = {
    id: BOB,
    type: "Person",
    inbox: `${BOB}/inbox`,
    publicKey: { id: MAIN_KEY, owner: BOB, publicKeyPem: rsa.publicPem },
    assertionMethod: [{ id: MULTIKEY, type: "Multikey", controller: BOB, publicKeyMultibase }],
  };
  world = createWorld();
  world.put(BOB, bob);
});

/** Documents elsewhere, a store, and a count of what was fetched. */
function createWorld() {
  const clock = heldClock();
  const documents = new Map<string, FetchedDocument | Problem>();
  const stored = new Map<string, RemoteKey>();
  const fetched: string[] = [];
  const saved: string[] = [];
  const unknownActors = new Set<string>();
  const fetchDocument = async (iri: string): Promise<FetchedDocument> => {
    fetched.push(iri);
    const answer = documents.get(iri) ?? { status: 404, finalUrl: iri, document: null };
    if (answer instanceof Problem) throw answer;
    return answer;
  };
  const start = () => {
    const keyring = createKeyring({
      now: clock.now,
      fetchKey: createFetchKey({ fetchDocument, now: clock.now }),
      findKey: async (iri) => stored.get(iri) ?? null,
      saveKey: async (key) => {
        saved.push(key.iri);
        if (unknownActors.has(key.actorIri)) return false;
        stored.set(key.iri, key);
        return true;
      },
    });
    const authenticate = createAuthenticate({
      now: clock.now,
      keyring,
      origin: "https://a.test",
      isRefused: async (host) => host === "evil.test",
    });
    return { keyring, authenticate };
  };
  return {
    ...start(),
    start,
    clock,
    fetched,
    saved,
    unknownActors,
    stored,
    documents,
    put: (iri: string, document: AsObject | null, status = 200, finalUrl = iri) =>
      documents.set(iri, { status, finalUrl, document }),
  };
}

async function post(keyId = MAIN_KEY, pair = rsa, scheme: Scheme = "cavage"): Promise<RequestParts> {
  const parts: RequestParts = {
    method: "POST",
    url: "https://a.test/inbox",
    headers: new Headers({ "content-type": "application/activity+json" }),
    body: new TextEncoder().encode('{"type":"Like"}'),
  };
  const key = await importPrivatePem(keyId, pair.privatePem);
  const added = await signRequest({ ...parts, key, scheme, nowMs: world.clock.now() });
  return { ...parts, headers: new Headers({ ...Object.fromEntries(parts.headers), ...added }) };
}

const ask = async (keyId = MAIN_KEY, pair = rsa) => world.authenticate.request(await post(keyId, pair));

describe("a request", () => {
  test.each(["cavage", "rfc9421"] as const)(
    "signed by %s is its actor's, fetched once and stored once",
    async (scheme) => {
      for (let i = 0; i < 3; i++) {
        const answer = await world.authenticate.request(await post(MAIN_KEY, rsa, scheme));
        expect(answer).toEqual({ outcome: "actor", actorIri: BOB, keyId: MAIN_KEY, scheme });
      }
      expect(world.fetched).toEqual([BOB]);
      expect(world.saved).toEqual([MAIN_KEY]);
    },
  );

  test("may be signed with a Multikey of the actor", async () => {
    expect(await ask(MULTIKEY, ed25519)).toMatchObject({ outcome: "actor", actorIri: BOB, keyId: MULTIKEY });
  });

  test("is believed from the store after a restart, without a fetch", async () => {
    await ask();
    const { authenticate } = world.start();
    expect(await authenticate.request(await post())).toMatchObject({ outcome: "actor" });
    expect(world.fetched).toHaveLength(1);
  });

  test("has its key stored as soon as its actor is known", async () => {
    world.unknownActors.add(BOB);
    await ask();
    expect(world.stored.size).toBe(0);
    world.unknownActors.clear();
    await ask();
    await ask();
    expect(world.stored.get(MAIN_KEY)).toMatchObject({ actorIri: BOB, kind: "rsa" });
    expect(world.saved).toHaveLength(2);
    expect(world.fetched).toHaveLength(1);
  });

  test("that comes a hundred times at once costs one fetch", async () => {
    const parts = await post();
    const answers = await Promise.all(Array.from({ length: 100 }, () => world.authenticate.request(parts)));
    expect(answers.every(({ outcome }) => outcome === "actor")).toBe(true);
    expect(world.fetched).toEqual([BOB]);
  });

  test("without a signature is refused before anything is fetched", async () => {
    const { headers: _, ...parts } = await post();
    const answer = await world.authenticate.request({ ...parts, headers: new Headers() });
    expect(answer).toMatchObject({ outcome: "refused", status: 401 });
    expect(world.fetched).toEqual([]);
  });

  test("with another body is refused before anything is fetched", async () => {
    const answer = await world.authenticate.request({ ...(await post()), body: new Uint8Array([1]) });
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
  ])("signed with %s is refused, and nothing is fetched", async (_, keyId, status) => {
    expect(await ask(keyId)).toMatchObject({ outcome: "refused", status });
    expect(world.fetched).toEqual([]);
  });
});

describe("a key is not believed", () => {
  const CASES: [string, number, (w: typeof world) => void][] = [
    ["that the actor does not have", 403, (w) => w.put(BOB, { ...bob, publicKey: [] })],
    ["whose owner is another", 403, (w) => w.put(BOB, withKey({ owner: "https://b.test/users/carol" }))],
    [
      "whose controller is another",
      403,
      (w) => w.put(BOB, withKey({ owner: undefined, controller: "https://c.test/x" })),
    ],
    ["that was revoked", 403, (w) => w.put(BOB, withKey({ revoked: "2023-11-14T00:00:00Z" }))],
    ["that has expired", 403, (w) => w.put(BOB, withKey({ expires: "2023-11-14T00:00:00Z" }))],
    ["whose end is no time", 403, (w) => w.put(BOB, withKey({ expires: "soon" }))],
    ["that only is named", 401, (w) => w.put(BOB, { ...bob, publicKey: MAIN_KEY })],
    ["that is no key", 401, (w) => w.put(BOB, withKey({ publicKeyPem: "-----BEGIN PUBLIC KEY-----" }))],
    [
      "behind ten others",
      403,
      (w) => w.put(BOB, { ...bob, publicKey: [...otherKeys(10), bob.publicKey ?? null] }),
    ],
    ["of a document of another id", 401, (w) => w.put(BOB, { ...bob, id: "https://b.test/users/carol" })],
    ["of a document without id", 401, (w) => w.put(BOB, { type: "Person", publicKey: bob.publicKey })],
    ["of a document of another origin", 401, (w) => w.put(BOB, { ...bob, id: "https://c.test/users/bob" })],
    [
      "that a redirect to another origin gives",
      403,
      (w) => w.put(BOB, carolAtC(), 200, "https://c.test/users/carol"),
    ],
    ["of a page", 401, (w) => w.put(BOB, null)],
    ["of nobody", 401, (w) => w.documents.delete(BOB)],
  ];
  test.each(CASES)("%s: %d, and nothing is stored", async (_, status, arrange) => {
    arrange(world);
    expect(await ask()).toMatchObject({ outcome: "refused", status });
    expect(world.saved).toEqual([]);
  });

  const withKey = (change: JsonObject): AsObject => ({
    ...bob,
    publicKey: { ...(bob.publicKey as JsonObject), ...change },
  });
  const otherKeys = (count: number): JsonObject[] =>
    Array.from({ length: count }, (_, i) => ({ ...(bob.publicKey as JsonObject), id: `${BOB}#key-${i}` }));
  const carolAtC = (): AsObject => ({
    id: "https://c.test/users/carol",
    type: "Person",
    publicKey: { id: MAIN_KEY, owner: "https://c.test/users/carol", publicKeyPem: rsa.publicPem },
  });

  test("whose actor has it from elsewhere: keys and actors share an origin", async () => {
    const iri = "https://c.test/keys/1";
    world.put(BOB, { ...bob, publicKey: { ...(bob.publicKey as JsonObject), id: iri } });
    world.put(iri, { id: iri, owner: BOB, publicKeyPem: rsa.publicPem });
    expect(await ask(iri)).toMatchObject({ outcome: "refused", status: 403 });
    expect(world.fetched).toEqual([iri]);
  });
});

describe("a key with a document of its own", () => {
  const iri = "https://b.test/keys/1";

  beforeEach(() => {
    world.put(iri, { id: iri, owner: BOB, publicKeyPem: rsa.publicPem });
    world.put(BOB, { ...bob, publicKey: iri });
  });

  test("is believed where its owner names it", async () => {
    expect(await ask(iri)).toMatchObject({ outcome: "actor", actorIri: BOB, keyId: iri });
    expect(world.fetched).toEqual([iri, BOB]);
  });

  test("is not believed where its owner names another", async () => {
    world.put(BOB, bob);
    expect(await ask(iri)).toMatchObject({ outcome: "refused", status: 403 });
  });

  test("is what the owner says that it is", async () => {
    world.put(BOB, { ...bob, publicKey: { id: iri, owner: BOB, publicKeyPem: rsaNext.publicPem } });
    expect(await ask(iri)).toMatchObject({ outcome: "refused", status: 401 });
    expect(await ask(iri, rsaNext)).toMatchObject({ outcome: "actor" });
  });

  test("may answer with the actor, which is then asked itself", async () => {
    world.put(iri, { ...bob, publicKey: { id: iri, owner: BOB, publicKeyPem: rsa.publicPem } });
    world.put(BOB, { ...bob, publicKey: { id: iri, owner: BOB, publicKeyPem: rsaNext.publicPem } });
    expect(await ask(iri, rsaNext)).toMatchObject({ outcome: "actor", actorIri: BOB });
    expect(world.fetched).toEqual([iri, BOB]);
  });
});

describe("when the key has changed", () => {
  const rotate = () =>
    world.put(BOB, {
      ...bob,
      publicKey: { ...(bob.publicKey as JsonObject), publicKeyPem: rsaNext.publicPem },
    });

  test("it is fetched anew, once, and the new one stored", async () => {
    await ask();
    world.clock.advance(MINUTE_MS);
    rotate();
    expect(await ask(MAIN_KEY, rsaNext)).toMatchObject({ outcome: "actor" });
    expect(await ask(MAIN_KEY, rsa)).toMatchObject({ outcome: "refused", status: 401 });
    expect(world.fetched).toEqual([BOB, BOB]);
    expect(world.stored.get(MAIN_KEY)?.publicPem).toBe(rsaNext.publicPem);
  });

  test("bad signatures cost one fetch a minute", async () => {
    await ask();
    world.clock.advance(MINUTE_MS);
    for (let i = 0; i < 20; i++) {
      expect(await ask(MAIN_KEY, rsaNext)).toMatchObject({ outcome: "refused", status: 401 });
    }
    expect(world.fetched).toHaveLength(2);
    world.clock.advance(MINUTE_MS);
    await ask(MAIN_KEY, rsaNext);
    expect(world.fetched).toHaveLength(3);
  });

  test("the actor's keys can be forgotten at once, and the store is asked", async () => {
    await ask();
    world.stored.set(MAIN_KEY, {
      iri: MAIN_KEY,
      actorIri: BOB,
      kind: "rsa",
      publicPem: rsaNext.publicPem,
      fetchedMs: world.clock.now(),
    });
    world.keyring.forget(BOB);
    expect(await ask(MAIN_KEY, rsaNext)).toMatchObject({ outcome: "actor" });
    expect(world.fetched).toHaveLength(1);
  });

  test("an old one is believed for a week, and longer only while its server does not answer", async () => {
    await ask();
    rotate();
    world.clock.advance(7 * 24 * 60 * MINUTE_MS - 1);
    expect(await ask()).toMatchObject({ outcome: "actor" });
    world.documents.set(BOB, new Problem("upstream", "b.test does not answer."));
    world.clock.advance(1);
    expect(await ask()).toMatchObject({ outcome: "actor" });
    rotate();
    world.clock.advance(MINUTE_MS);
    expect(await ask()).toMatchObject({ outcome: "refused", status: 401 });
  });
});

describe("when the key cannot be fetched", () => {
  test("a deleted actor is told apart, and asked for once", async () => {
    world.put(BOB, null, 410);
    for (let i = 0; i < 5; i++) expect(await ask()).toEqual({ outcome: "gone", iri: BOB, keyId: MAIN_KEY });
    expect(world.fetched).toEqual([BOB]);
  });

  test.each([
    ["a server that does not answer", new Problem("upstream", "b.test took too long."), 503, 1],
    ["a server in trouble", { status: 502, finalUrl: BOB, document: null }, 503, 1],
    ["a server that wants to know us first", { status: 401, finalUrl: BOB, document: null }, 503, 1],
    ["an actor that does not exist", { status: 404, finalUrl: BOB, document: null }, 401, 5],
  ])("%s is not asked again at once", async (_, answer, status, minutes) => {
    world.documents.set(BOB, answer);
    for (let i = 0; i < 5; i++) expect(await ask()).toMatchObject({ outcome: "refused", status });
    expect(world.fetched).toHaveLength(1);
    world.put(BOB, bob);
    world.clock.advance(minutes * MINUTE_MS - 1);
    expect(await ask()).toMatchObject({ outcome: "refused", status });
    world.clock.advance(1);
    expect(await ask()).toMatchObject({ outcome: "actor" });
  });

  test("invented keys do not make us knock at one host for ever, and others stay reachable", async () => {
    for (let i = 0; i < 100; i++) await ask(`https://c.test/users/${i}#main-key`);
    expect(world.fetched).toHaveLength(30);
    expect(await ask("https://c.test/users/x#main-key")).toMatchObject({ status: 503 });
    expect(await ask()).toMatchObject({ outcome: "actor" });
  });

  test("a host with many actors is not held back", async () => {
    for (let i = 0; i < 100; i++) {
      const iri = `https://c.test/users/${i}`;
      world.put(iri, {
        id: iri,
        type: "Person",
        publicKey: { id: `${iri}#main-key`, owner: iri, publicKeyPem: rsa.publicPem },
      });
      expect(await ask(`${iri}#main-key`)).toMatchObject({ outcome: "actor", actorIri: iri });
    }
  });

  test("a fault of ours is not taken for one of theirs", async () => {
    const keyring = createKeyring({
      now: world.clock.now,
      fetchKey: createFetchKey({
        now: world.clock.now,
        fetchDocument: async () => {
          throw new TypeError("a bug");
        },
      }),
      findKey: async () => null,
      saveKey: async () => true,
    });
    await expect(keyring.find(MAIN_KEY)).rejects.toThrow("a bug");
  });
});

describe("a document", () => {
  const like: JsonObject = {
    "@context": "https://www.w3.org/ns/activitystreams",
    id: "https://b.test/likes/1",
    type: "Like",
    actor: BOB,
    object: "https://a.test/objects/1",
  };
  const proven = async (keyId = MULTIKEY) =>
    createProof(like, { key: await importPrivatePem(keyId, ed25519.privatePem), nowMs: world.clock.now() });

  test("with a proof is its author's, whoever brings it", async () => {
    const answer = await world.authenticate.document({
      ...(await proven()),
      signature: { type: "RsaSignature2017" },
    });
    expect(answer).toMatchObject({
      outcome: "actor",
      actorIri: BOB,
      keyId: MULTIKEY,
      document: { ...like, "@context": [like["@context"], "https://w3id.org/security/data-integrity/v2"] },
    });
    expect(answer).not.toHaveProperty("document.signature");
    expect(answer).not.toHaveProperty("document.proof");
  });

  test("without a proof is nobody's", async () => {
    expect(await world.authenticate.document(like)).toBeNull();
  });

  test("that was changed is refused", async () => {
    expect(
      await world.authenticate.document({ ...(await proven()), object: "https://a.test/objects/2" }),
    ).toMatchObject({ outcome: "refused", status: 401 });
  });

  test("proven with a key that is not the actor's is refused", async () => {
    expect(await world.authenticate.document(await proven(`${BOB}#other`))).toMatchObject({
      outcome: "refused",
      status: 403,
    });
  });
});
