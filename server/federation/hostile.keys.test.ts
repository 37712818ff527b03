/** Hostile input: keys that are not the sender's, not claimed, not where they say, or not to be had. */
import { expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { toIso } from "../lib/clock.ts";
import { DAY_MS } from "../lib/durations.ts";
import type { JsonObject } from "../lib/json.ts";
import { type HostileCase, hostile, type World } from "../testing/hostile.ts";
import { post } from "../testing/letters.ts";
import { keyOf, likeUnder, newcomer } from "../testing/newcomers.ts";

/** The newcomer signs with the key that the document (so changed) is asked for. */
const newcomerWith =
  (change: (document: JsonObject, iri: string) => JsonObject) =>
  (world: World): Promise<Response> => {
    const { iri, keyId } = newcomer(world, change);
    return likeUnder(world, keyId, iri);
  };

const withKey = (changes: JsonObject) =>
  newcomerWith((document) => ({ ...document, publicKey: { ...keyOf(document), ...changes } }));

const others: readonly HostileCase[] = [
  {
    name: "an activity signed by another actor of the same server is refused",
    status: 403,
    send: (world) =>
      post(world.app, {
        by: world.mule,
        body: world.activity(world.mallory, { type: "Like", object: world.open }),
      }),
  },
  {
    name: "an activity of another server's actor, signed by mallory, is asked of its origin, which knows it not (CVE-2025-54888)",
    status: 202,
    send: (world) =>
      post(world.app, {
        by: world.mallory,
        body: world.activity(world.victor, { type: "Like", object: world.closed }),
      }),
  },
  {
    name: "an activity of somebody here, signed by mallory, is refused",
    status: 403,
    send: (world) => likeUnder(world, world.mallory.rsa.id, world.alice.iri),
  },
  {
    name: "an activity of somebody here with an id of ours, signed by mallory, is refused",
    status: 403,
    send: (world) =>
      likeUnder(world, world.mallory.rsa.id, world.alice.iri, `${world.app.origin}/activities/1`),
  },
  {
    name: "a signature under the name of a key of ours is refused",
    status: 401,
    send: (world) => likeUnder(world, `${world.alice.iri}#main-key`, world.alice.iri),
  },
  {
    name: "a signature by mallory under the name of victor's key is refused",
    status: 401,
    send: (world) => likeUnder(world, world.victor.rsa.id, world.victor.iri),
  },
  {
    name: "a keyId that leads to mallory's actor by another address is refused",
    status: 403,
    send: (world) => likeUnder(world, `${world.mallory.iri}?again#main-key`, world.mallory.iri),
  },
  {
    name: "a key that the actor does not have is refused",
    status: 403,
    send: (world) => likeUnder(world, `${world.mallory.iri}#other-key`, world.mallory.iri),
  },
  {
    name: "an actor that claims the key of another as its own cannot sign with it (Akkoma 2025.03)",
    status: 401,
    send: (world) => {
      const { iri } = newcomer(world, (document) => ({
        ...document,
        publicKey: { ...keyOf(document), id: world.victor.rsa.id },
      }));
      return likeUnder(world, world.victor.rsa.id, iri);
    },
  },
];

const unclaimed: readonly HostileCase[] = [
  {
    name: "a key that names another owner is refused",
    status: 403,
    send: withKey({ owner: "https://mallory.test/users/mule" }),
  },
  {
    name: "a key that names an owner elsewhere is refused",
    status: 403,
    send: withKey({ owner: "https://honest.test/users/victor" }),
  },
  {
    name: "a key that was revoked is refused",
    status: 403,
    send: withKey({ revoked: "2020-01-01T00:00:00Z" }),
  },
  {
    name: "a key that has expired is refused",
    status: 403,
    send: withKey({ expires: "2020-01-01T00:00:00Z" }),
  },
  { name: "a key whose end is no time is refused", status: 403, send: withKey({ expires: "never" }) },
  { name: "a key with no text is refused", status: 401, send: withKey({ publicKeyPem: "" }) },
  {
    name: "a key that is not a key is refused",
    status: 401,
    send: withKey({ publicKeyPem: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----" }),
  },
  {
    name: "a private key in place of a public one is refused",
    status: 401,
    send: withKey({
      publicKeyPem: generateKeyPairSync("ed25519")
        .privateKey.export({ type: "pkcs8", format: "pem" })
        .toString(),
    }),
  },
  {
    name: "a key of a kind that nobody uses is refused",
    status: 401,
    send: withKey({
      publicKeyPem: generateKeyPairSync("ec", { namedCurve: "P-256" })
        .publicKey.export({ type: "spki", format: "pem" })
        .toString(),
    }),
  },
  {
    name: "an RSA key of 512 bits is refused",
    status: 401,
    send: withKey({
      publicKeyPem: generateKeyPairSync("rsa", { modulusLength: 512 })
        .publicKey.export({ type: "spki", format: "pem" })
        .toString(),
    }),
  },
  {
    name: "a key of a megabyte is refused",
    status: [401, 503],
    send: withKey({
      publicKeyPem: `-----BEGIN PUBLIC KEY-----\n${"A".repeat(900_000)}\n-----END PUBLIC KEY-----`,
    }),
  },
  {
    name: "the eleventh key of an actor is not read",
    status: 403,
    send: newcomerWith((document, iri) => ({
      ...document,
      publicKey: [
        ...Array.from({ length: 10 }, (_, i) => ({ ...keyOf(document), id: `${iri}#key-${i}` })),
        keyOf(document),
      ],
    })),
  },
  {
    name: "an actor without keys is refused",
    status: 403,
    send: newcomerWith(({ publicKey: _, ...rest }) => rest),
  },
  {
    name: "an actor document under another id is refused (Fedify 2.3.5)",
    status: [401, 403],
    send: newcomerWith((document) => ({ ...document, id: "https://mallory.test/users/mule" })),
  },
  {
    name: "an actor document under an id elsewhere is refused (CVE-2024-23832)",
    status: 401,
    send: newcomerWith((document) => ({ ...document, id: "https://honest.test/users/victor" })),
  },
];

const farewells: readonly HostileCase[] = [
  {
    name: "a farewell of somebody whom nobody here knows is dropped before any key is fetched",
    status: 202,
    send: (world) => {
      const iri = "https://mallory.test/users/never-seen";
      return post(world.app, {
        by: null,
        body: { id: `${iri}#delete`, type: "Delete", actor: iri, object: iri },
      });
    },
    also: ({ fiends }) => expect(fiends.asked).not.toContain("/users/never-seen"),
  },
  {
    name: "a farewell of somebody who is known, signed by a key that is gone and not theirs, is refused",
    status: 401,
    send: (world) => {
      world.fiends.put("/users/vanished", { status: 410 });
      const { iri } = world.victor;
      return post(world.app, {
        by: null,
        key: { ...world.mallory.rsa, id: "https://mallory.test/users/vanished#main-key" },
        body: { id: "https://mallory.test/bye", type: "Delete", actor: iri, object: iri },
      });
    },
  },
  {
    name: "a Like signed by a key that is gone is refused",
    status: 401,
    send: (world) => {
      world.fiends.put("/users/vanished", { status: 410 });
      return likeUnder(
        world,
        "https://mallory.test/users/vanished#main-key",
        "https://mallory.test/users/vanished",
      );
    },
  },
];

hostile("keys", [...others, ...unclaimed, ...farewells], (world) => {
  test("a newcomer whose key is good is taken, so that the tables above can fail", async () => {
    const { fediverse, app } = world();
    const { iri, keyId, name } = newcomer(world());
    expect((await likeUnder(world(), keyId, iri)).status).toBe(202);
    await fediverse.settle();
    expect((await app.federation.look.find(iri))?.document?.preferredUsername).toBe(name);
  });

  test("a key that is revoked later is not believed for longer than a week", async () => {
    const { fediverse, mallory, fiends } = world();
    const { iri, keyId, name } = newcomer(world());
    expect((await likeUnder(world(), keyId, iri)).status).toBe(202);
    await fediverse.settle();
    const revoked = {
      ...mallory.document,
      id: iri,
      publicKey: { id: keyId, owner: iri, revoked: toIso(fediverse.clock.now()) },
    };
    fiends.put(`/users/${name}`, { body: revoked });
    fediverse.clock.advance(8 * DAY_MS);
    expect((await likeUnder(world(), keyId, iri)).status).toBe(403);
  });
});
