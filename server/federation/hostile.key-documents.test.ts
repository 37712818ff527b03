/** Hostile input: documents of keys that are not what they say, and addresses where no key is asked for. */
import { expect, test } from "bun:test";
import type { JsonObject } from "../lib/json.ts";
import { type HostileCase, hostile, type World } from "../testing/hostile.ts";
import { another, keyOf, likeUnder, newcomer } from "../testing/newcomers.ts";
import type { Answer } from "../testing/strangers.ts";

/** A newcomer whose key has an address of its own, which gives this. */
const keyAt =
  (answer: (key: JsonObject, iri: string, world: World) => Answer, isClaimed = true) =>
  (world: World): Promise<Response> => {
    const path = `/keys/${another()}`;
    const keyId = world.mallory.at(path);
    const { iri } = newcomer(world, (document) => (isClaimed ? { ...document, publicKey: keyId } : document));
    const key = {
      id: keyId,
      type: "Key",
      owner: iri,
      publicKeyPem: String(keyOf(world.mallory.document).publicKeyPem),
    };
    world.fiends.put(path, answer(key, iri, world));
    return likeUnder(world, keyId, iri);
  };

const redirect = (to: string): Answer => ({ status: 302, headers: { location: to } });

const apart: readonly HostileCase[] = [
  {
    name: "a key document that its actor does not claim is refused",
    status: 403,
    send: keyAt((key) => ({ body: key }), false),
  },
  {
    name: "a key document that names an owner elsewhere is refused",
    status: 403,
    send: keyAt((key, _, world) => ({ body: { ...key, owner: world.victor.iri } })),
  },
  {
    name: "a key document that names another owner, who does not claim it, is refused",
    status: 403,
    send: keyAt((key, _, world) => ({ body: { ...key, owner: world.mule.iri } })),
  },
  {
    name: "a key document that names no owner is refused",
    status: 403,
    send: keyAt(({ owner: _, ...key }) => ({ body: key })),
  },
  {
    name: "a key document with another id is refused",
    status: 401,
    send: keyAt((key) => ({ body: { ...key, id: "https://mallory.test/keys/none" } })),
  },
  {
    name: "a key document with an id elsewhere is refused",
    status: 401,
    send: keyAt((key) => ({ body: { ...key, id: "https://honest.test/keys/1" } })),
  },
  {
    name: "a key document that is a web page is refused (CVE-2024-25623)",
    status: 401,
    send: keyAt((key) => ({ body: key, type: "text/html" })),
  },
  {
    name: "a key document that somebody uploaded as JSON is refused (Akkoma 2024.03)",
    status: 401,
    send: keyAt((key) => ({ body: key, type: "application/json" })),
  },
  {
    name: "a key document of another profile is refused",
    status: 401,
    send: keyAt((key) => ({ body: key, type: 'application/ld+json; profile="https://example.org/"' })),
  },
  {
    name: "a key document without a media type is refused",
    status: 401,
    send: keyAt((key) => ({ body: JSON.stringify(key), type: null })),
  },
  { name: "a key document that is no JSON is refused", status: 401, send: keyAt(() => ({ body: "{" })) },
  {
    name: "a key document that is a list is refused",
    status: 401,
    send: keyAt((key) => ({ body: `[${JSON.stringify(key)}]` })),
  },
  { name: "a key that is not there is refused", status: 401, send: keyAt(() => ({ status: 404 })) },
  {
    name: "a key that is gone proves nothing but a farewell",
    status: 401,
    send: keyAt(() => ({ status: 410 })),
  },
  {
    name: "a key whose server fails is to be tried again",
    status: 503,
    send: keyAt(() => ({ status: 500 })),
  },
  {
    name: "a key document of two megabytes is not read",
    status: 503,
    send: keyAt(() => ({ body: " ".repeat(2_000_000) })),
  },
  {
    name: "a key that is redirected in a circle is refused (CVE-2026-34148)",
    status: 503,
    send: keyAt((key) => redirect(String(key.id))),
  },
  {
    name: "a key that is redirected to this machine is refused (CVE-2025-23221)",
    status: 503,
    send: keyAt(() => redirect("https://127.0.0.1/key")),
  },
  {
    name: "a key that is redirected to an address inside is refused (CVE-2026-22245)",
    status: 503,
    send: keyAt(() => redirect("https://[::ffff:10.0.0.1]/key")),
  },
  {
    name: "a key that is redirected to a name that leads inside is refused (CVE-2026-77632)",
    status: 503,
    send: keyAt((_key, _iri, { fediverse }) => {
      fediverse.join("inside.test", async () => new Response("secret"), ["192.168.1.1"]);
      return redirect("https://inside.test/key");
    }),
    also: ({ fediverse }) => expect(fediverse.sent.filter(({ to }) => to === "inside.test")).toEqual([]),
  },
  {
    name: "a key that is redirected to plain http is refused",
    status: 503,
    send: keyAt(() => redirect("http://mallory.test/key")),
  },
  {
    name: "a key that is redirected to another port is refused",
    status: 503,
    send: keyAt(() => redirect("https://mallory.test:8443/key")),
  },
  {
    name: "a key that is redirected to a file is refused",
    status: 503,
    send: keyAt(() => redirect("file:///etc/passwd")),
  },
  {
    name: "an open redirect of an honest server lends nobody its origin (CVE-2024-23832)",
    status: 403,
    send: (world) => {
      const keyId = "https://honest.test/go#main-key";
      const { iri } = newcomer(world, (document) => ({
        ...document,
        publicKey: { ...keyOf(document), id: keyId },
      }));
      world.friends.put("/go", redirect(iri));
      return likeUnder(world, keyId, iri);
    },
  },
  {
    name: "an open redirect of an honest server makes nobody a person of it",
    status: 403,
    send: (world) => {
      const forged = {
        ...world.victor.document,
        publicKey: {
          ...keyOf(world.mallory.document),
          id: "https://honest.test/to#key",
          owner: world.victor.iri,
        },
      };
      world.fiends.put("/forged-victor", { body: forged });
      world.friends.put("/to", redirect("https://mallory.test/forged-victor"));
      return likeUnder(world, "https://honest.test/to#key", world.victor.iri);
    },
  },
];

const nowhere = [
  "https://127.0.0.1/users/x#main-key",
  "https://[::1]/users/x#main-key",
  "https://0.0.0.0/users/x#main-key",
  "https://169.254.169.254/latest/meta-data/",
  "https://2130706433/users/x#main-key",
  "https://0x7f.1/users/x#main-key",
  "https://[64:ff9b::7f00:1]/users/x#main-key",
  "https://[::7f00:1]/users/x#main-key",
  "https://localhost/users/x#main-key",
  "https://mallory.test:22/users/mallory#main-key",
  "http://mallory.test/users/mallory#main-key",
  "https://mallory@mallory.test/users/mallory#main-key",
  "https://nobody-there.test/users/x#main-key",
  "ftp://mallory.test/users/mallory#main-key",
  "data:application/activity+json,{}",
  "acct:mallory@mallory.test",
].map(
  (keyId): HostileCase => ({
    name: `a key at ${keyId} is not fetched`,
    status: [401, 503],
    send: (world) => likeUnder(world, keyId, world.mallory.iri),
    also: ({ fediverse }) => {
      const last = fediverse.sent.at(-1);
      expect(last === undefined || ["pub.test", "mallory.test", "honest.test"].includes(last.to)).toBe(true);
    },
  }),
);

hostile("key documents", [...apart, ...nowhere], (world) => {
  test("a key with an address of its own is taken where its actor claims it", async () => {
    const answer = await keyAt((key) => ({ body: key }))(world());
    expect(answer.status).toBe(202);
  });
});
