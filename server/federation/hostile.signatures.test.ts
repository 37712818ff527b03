/** Hostile input: requests that are not signed, or signed wrongly. */
import { expect, test } from "bun:test";
import { toHttpDate } from "../lib/clock.ts";
import { HOUR_MS } from "../lib/durations.ts";
import { writeContentDigest, writeDigest } from "../signatures/digest.ts";
import { type HostileCase, hostile, type World } from "../testing/hostile.ts";
import { deliver, type Letter, post, type Sealed, sealed, toBytes } from "../testing/letters.ts";
import { changesBetween, snapshotOf } from "../testing/snapshot.ts";

const CAVAGE = ["(request-target)", "host", "date", "digest"];
const RFC9421 = ["@method", "@target-uri", "content-digest"];

const like = (world: World) => world.activity(world.mallory, { type: "Like", object: world.open });

/** A Like of mallory's, put into a request that is changed after it was signed. */
const tampered =
  (change: (request: Sealed, world: World) => void, letter: Partial<Letter> = {}) =>
  async (world: World): Promise<Response> => {
    const request = await sealed(world.app, { by: world.mallory, body: like(world), ...letter });
    change(request, world);
    return deliver(world.app, request);
  };

/** A Like of mallory's, signed in an unusual way. */
const signed =
  (letter: Partial<Letter>) =>
  (world: World): Promise<Response> =>
    post(world.app, { by: world.mallory, body: like(world), ...letter });

const set = (name: string, value: string) => tampered(({ headers }) => headers.set(name, value));
const replaced = (header: string, from: RegExp, to: string, letter: Partial<Letter> = {}) =>
  tampered(({ headers }) => headers.set(header, (headers.get(header) ?? "").replace(from, to)), letter);
const NEW = { scheme: "rfc9421" } as const;

const cavage: readonly HostileCase[] = [
  { name: "a request without a signature is refused", status: 401, send: signed({ by: null }) },
  {
    name: "a request without a signature is refused at a personal inbox too",
    status: 401,
    send: signed({ by: null, path: "/users/alice/inbox" }),
  },
  { name: "an empty Signature is refused", status: 401, send: set("signature", "") },
  {
    name: "a Signature that is no list of parameters is refused",
    status: 401,
    send: set("signature", "trust me"),
  },
  {
    name: "a Signature with an unclosed quotation mark is refused",
    status: 401,
    send: set("signature", 'keyId="https://mallory.test/users/mallory'),
  },
  {
    name: "a Signature of a megabyte of commas is refused",
    status: [401, 413, 431],
    send: set("signature", ",".repeat(1_000_000)),
  },
  {
    name: "a signature of other bytes is refused",
    status: 401,
    send: replaced("signature", /signature="./, 'signature="_'),
  },
  {
    name: "a signature cut in half is refused",
    status: 401,
    send: replaced("signature", /signature="(.{40}).*"/, 'signature="$1"'),
  },
  {
    name: "an empty signature value is refused",
    status: 401,
    send: replaced("signature", /signature=".*"/, 'signature=""'),
  },
  {
    name: "a parameter that is given twice is refused",
    status: 401,
    send: replaced("signature", /^/, 'keyId="x",'),
  },
  {
    name: "a keyId that is no address is refused",
    status: 401,
    send: replaced("signature", /keyId="[^"]*"/, 'keyId="mallory"'),
  },
  {
    name: "a keyId of another scheme is refused",
    status: 401,
    send: replaced("signature", /keyId="[^"]*"/, 'keyId="javascript:alert(1)"'),
  },
  {
    name: "a body that was changed after signing is refused (Mitra 2.9)",
    status: 401,
    send: tampered((request, world) => {
      request.body = toBytes({ ...like(world), type: "Block" });
    }),
  },
  {
    name: "a body that was changed together with its digest is refused",
    status: 401,
    send: tampered((request, world) => {
      request.body = toBytes({ ...like(world), summary: "changed" });
      request.headers.set("digest", writeDigest(request.body));
    }),
  },
  { name: "a wrong Digest is refused", status: 401, send: set("digest", `SHA-256=${"A".repeat(43)}=`) },
  {
    name: "a missing Digest is refused",
    status: 401,
    send: tampered(({ headers }) => headers.delete("digest")),
  },
  {
    name: "a digest of an algorithm that proves nothing is refused",
    status: 401,
    send: signed({ headers: { digest: "MD5=Sd/dVLAcvNLSq16eXua5uQ==" }, covered: CAVAGE }),
  },
  {
    name: "two Digests, one of them wrong, are refused",
    status: 401,
    send: tampered(({ headers }) =>
      headers.set("digest", `${headers.get("digest")},SHA-256=${"A".repeat(43)}=`),
    ),
  },
  {
    name: "a Digest that the signature does not cover is refused",
    status: 401,
    send: signed({ covered: ["(request-target)", "host", "date"] }),
  },
  {
    name: "a signature that does not cover the path is refused (Mitra 4.7)",
    status: 401,
    send: signed({ covered: ["host", "date", "digest"] }),
  },
  {
    name: "a signature that does not cover the host is refused (Mitra 5.4)",
    status: 401,
    send: signed({ covered: ["(request-target)", "date", "digest"] }),
  },
  {
    name: "a signature that covers no time is refused",
    status: 401,
    send: signed({ covered: ["(request-target)", "host", "digest"] }),
  },
  {
    name: "a signature that covers a field twice is refused",
    status: 401,
    send: signed({ covered: [...CAVAGE, "host"] }),
  },
  {
    name: "a signature that covers a field that was not sent is refused",
    status: 401,
    send: tampered(({ headers }) => headers.delete("x-extra"), {
      headers: { "x-extra": "1" },
      covered: [...CAVAGE, "x-extra"],
    }),
  },
  {
    name: "a signature that covers a hundred fields is refused",
    status: 401,
    send: replaced(
      "signature",
      /headers="[^"]*"/,
      `headers="${Array.from({ length: 100 }, (_, i) => `x-${i}`).join(" ")}"`,
    ),
  },
  {
    name: "a signature for another method is refused",
    status: 401,
    send: async (world) => {
      const request = await sealed(world.app, { by: world.mallory, body: like(world), method: "PUT" });
      return deliver(world.app, { ...request, method: "POST" });
    },
  },
  {
    name: "a signature for another path is refused",
    status: 401,
    send: tampered((request) => {
      request.path = "/users/bob/inbox";
    }),
  },
  {
    name: "a signature for another server is refused",
    status: 401,
    send: async (world) => {
      const elsewhere = { ...world.app, origin: "https://other.test", host: "other.test" };
      return deliver(world.app, await sealed(elsewhere, { by: world.mallory, body: like(world) }));
    },
  },
  { name: "a signature of yesterday is refused", status: 401, send: signed({ skewMs: -24 * HOUR_MS }) },
  { name: "a signature of three hours ago is refused", status: 401, send: signed({ skewMs: -3 * HOUR_MS }) },
  { name: "a signature of tomorrow is refused", status: 401, send: signed({ skewMs: 24 * HOUR_MS }) },
  {
    name: "a Date that was made young again is refused",
    status: 401,
    send: async (world) => {
      const request = await sealed(world.app, {
        by: world.mallory,
        body: like(world),
        skewMs: -24 * HOUR_MS,
      });
      request.headers.set("date", toHttpDate(world.app.clock.now()));
      return deliver(world.app, request);
    },
  },
  { name: "a Date that is no date is refused", status: 401, send: set("date", "once upon a time") },
  {
    name: "a signature that has expired is refused",
    status: 401,
    send: replaced("signature", /$/, ",expires=1"),
  },
  {
    name: "an algorithm that the key has not is refused",
    status: 401,
    send: signed({ algorithm: "hmac-sha256" }),
  },
  { name: "the algorithm none is refused", status: 401, send: signed({ algorithm: "none" }) },
  {
    name: "an actor's public key used as a secret is refused",
    status: 401,
    send: replaced("signature", /algorithm="[^"]*"/, 'algorithm="hmac-sha512"'),
  },
];

const rfc9421: readonly HostileCase[] = [
  {
    name: "RFC 9421: a body that was changed after signing is refused",
    status: 401,
    send: tampered((request) => {
      request.body = toBytes({ id: "https://mallory.test/x", actor: "https://mallory.test/users/mallory" });
    }, NEW),
  },
  {
    name: "RFC 9421: a wrong Content-Digest is refused",
    status: 401,
    send: tampered(({ headers }) => headers.set("content-digest", writeContentDigest(toBytes("x"))), NEW),
  },
  {
    name: "RFC 9421: a Content-Digest that is not covered is refused",
    status: 401,
    send: signed({ ...NEW, covered: ["@method", "@target-uri"] }),
  },
  {
    name: "RFC 9421: a signature that does not cover the method is refused",
    status: 401,
    send: signed({ ...NEW, covered: ["@target-uri", "content-digest"] }),
  },
  {
    name: "RFC 9421: a signature that covers the path but not the host is refused",
    status: 401,
    send: signed({ ...NEW, covered: ["@method", "@path", "content-digest"] }),
  },
  {
    name: "RFC 9421: a signature without a time is refused",
    status: 401,
    send: replaced("signature-input", /;created=\d+/, "", NEW),
  },
  {
    name: "RFC 9421: a signature without a keyid is refused",
    status: 401,
    send: replaced("signature-input", /;keyid="[^"]*"/, "", NEW),
  },
  {
    name: "RFC 9421: a signature of yesterday is refused",
    status: 401,
    send: signed({ ...NEW, skewMs: -24 * HOUR_MS }),
  },
  {
    name: "RFC 9421: a signature of tomorrow is refused",
    status: 401,
    send: signed({ ...NEW, skewMs: 24 * HOUR_MS }),
  },
  {
    name: "RFC 9421: two signatures are refused",
    status: 401,
    send: tampered(({ headers }) => {
      headers.set("signature-input", `${headers.get("signature-input")}, sig2=();created=1;keyid="x"`);
    }, NEW),
  },
  {
    name: "RFC 9421: a signature under another label is refused",
    status: 401,
    send: replaced("signature", /^sig1/, "sig2", NEW),
  },
  {
    name: "RFC 9421: a parameter that nobody knows is refused",
    status: 401,
    send: replaced("signature-input", /$/, ';crit="x"', NEW),
  },
  {
    name: "RFC 9421: a signature of another algorithm is refused",
    status: 401,
    send: signed({ ...NEW, algorithm: "hmac-sha256" }),
  },
  {
    name: "RFC 9421: a signature that covers a part of the answer is refused",
    status: 401,
    send: replaced("signature-input", /"@method"/, '"@method" "@status"', NEW),
  },
  {
    name: "RFC 9421: a signature for another path is refused",
    status: 401,
    send: tampered((request) => {
      request.path = "/users/alice/inbox";
    }, NEW),
  },
  {
    name: "RFC 9421: a signature is not looked for in the old header when the new one is bad",
    status: 401,
    send: tampered(({ headers }) => headers.set("signature-input", "sig1=:AAAA:")),
  },
];

hostile("signatures", [...cavage, ...rfc9421], (world) => {
  test.each([
    ["draft-cavage-12 with RSA", {}],
    ["RFC 9421 with RSA", { ...NEW, covered: RFC9421 }],
    ["draft-cavage-12 with Ed25519", { isEd25519: true }],
    ["RFC 9421 with Ed25519", { ...NEW, isEd25519: true }],
  ] as const)("the same Like is taken where it is well signed by %s", async (_, how) => {
    const { app, mallory, fediverse } = world();
    const before = await snapshotOf(app.opened.db);
    const { isEd25519 = false, ...letter } = how as { isEd25519?: boolean } & Partial<Letter>;
    const key = isEd25519 ? { key: mallory.ed25519 } : {};
    const answer = await post(app, { by: mallory, body: like(world()), ...letter, ...key });
    expect(answer.status).toBe(202);
    await fediverse.settle();
    const changes = changesBetween(before, await snapshotOf(app.opened.db)).join("\n");
    expect(changes).toContain(mallory.at("/activities/"));
    await world().post(mallory, {
      type: "Undo",
      object: { type: "Like", actor: mallory.iri, object: world().open },
    });
    await fediverse.settle();
  });
});
