/** Web Push through the API: who is told what, in which form, and when a device is told no more. */
import { beforeAll, beforeEach, expect, test } from "bun:test";
import { createDecipheriv, createECDH, createPublicKey, type ECDH, hkdfSync, verify } from "node:crypto";
import { PUBLIC } from "../../core/object.ts";
import type { FetchOptions } from "../../lib/fetch.ts";
import type { JsonObject } from "../../lib/json.ts";
import { upstream } from "../../lib/upstream.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { appOf } from "../../testing/app-client.ts";
import { eachEngine } from "../../testing/engines.ts";
import { type Person, person } from "../../testing/people.ts";

const AUTH = Buffer.alloc(16, 7);
const PATH = "/api/v1/push/subscription";

/** A device with keys of its own, and what it gives to the server. */
function device(endpoint = "https://push.test/send/1") {
  const own = createECDH("prime256v1");
  own.generateKeys();
  const keys = { p256dh: own.getPublicKey().toString("base64url"), auth: AUTH.toString("base64url") };
  return { own, subscription: { endpoint, keys, standard: true } };
}

/** RFC 8188 and RFC 8291 from the other end, apart from the code under test. */
function opened(own: ECDH, body: Buffer): JsonObject {
  const [salt, from] = [body.subarray(0, 16), body.subarray(21, 86)];
  const hkdf = (secret: Buffer, by: Buffer, info: Buffer, bytes: number) =>
    Buffer.from(hkdfSync("sha256", secret, by, info, bytes));
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), own.getPublicKey(), from]);
  const secret = hkdf(own.computeSecret(from), AUTH, info, 32);
  const key = hkdf(secret, salt, Buffer.from("Content-Encoding: aes128gcm\0"), 16);
  const nonce = hkdf(secret, salt, Buffer.from("Content-Encoding: nonce\0"), 12);
  const decipher = createDecipheriv("aes-128-gcm", key, nonce);
  decipher.setAuthTag(body.subarray(-16));
  const plain = Buffer.concat([decipher.update(body.subarray(86, -16)), decipher.final()]);
  return JSON.parse(plain.subarray(0, -1).toString()) as JsonObject;
}

interface Sent {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

eachEngine((engine) => {
  let app: TestApp;
  let alice: Person;
  let bob: Person;
  let bearer: string;
  let sent: Sent[] = [];
  let answer: () => Response = () => new Response(null, { status: 201 });

  beforeAll(async () => {
    app = await testApp(engine, {
      async fetch(url: string, { headers = {}, body = "" }: FetchOptions = {}) {
        if (url.includes("inside")) throw upstream("private-address", url);
        sent.push({ url, headers, body: Buffer.from(body) });
        const { status, headers: said } = answer();
        return { status, headers: said, url, bytes: new Uint8Array() };
      },
    });
    alice = await person(app, "alice", "admin");
    bob = await person(app, "bob");
  });
  beforeEach(async () => {
    await app.worker.drain();
    sent = [];
    answer = () => new Response(null, { status: 201 });
    bearer = await alice.tokenFor("push read");
  });

  const ask = (method: string, body?: unknown, as = bearer) =>
    app.ask(PATH, {
      method,
      headers: { authorization: as, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const mention = (text = "<p>Hello, Alice</p>", more: object = {}) =>
    bob.note(
      text,
      { to: [PUBLIC], cc: [alice.iri] },
      { tag: [{ type: "Mention", href: alice.iri, name: alice.handle }], ...more },
    );

  test("a device is told of what it wants, sealed for it alone, with the server's signed word", async () => {
    const { own, subscription } = device();
    const response = await ask("POST", { subscription, data: { alerts: { mention: true }, policy: "all" } });
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        id: expect.any(Number),
        endpoint: subscription.endpoint,
        standard: true,
        alerts: expect.objectContaining({ mention: true, favourite: false, poll: false, status: false }),
        policy: "all",
        server_key: expect.stringMatching(/^B[\w-]{86}$/),
      } as never,
    ]);
    await mention();
    const iri = await alice.note("<p>mine</p>", { to: [PUBLIC] });
    await bob.act({ type: "Like", object: iri, to: [alice.iri] });
    await app.worker.drain();
    expect(sent.map(({ url }) => url)).toEqual([subscription.endpoint]);
    const [{ headers, body } = { headers: {} as Record<string, string>, body: Buffer.alloc(0) }] = sent;
    expect(headers).toMatchObject({
      "content-encoding": "aes128gcm",
      ttl: "172800",
      urgency: "normal",
      topic: expect.stringMatching(/^[\w-]{1,32}$/) as never,
    });
    expect(opened(own, body)).toEqual({
      access_token: bearer.replace("Bearer ", ""),
      preferred_locale: "en",
      notification_id: expect.any(Number) as never,
      notification_type: "mention",
      icon: expect.stringMatching(/^https:\/\/pub\.test\//) as never,
      title: "bob mentioned you",
      body: "Hello, Alice",
      url: expect.stringMatching(/^https:\/\/pub\.test\/@bob\/\d+$/) as never,
    });
    const [, token = "", key = ""] = /^vapid t=([^,]+), k=(.+)$/.exec(headers.authorization ?? "") ?? [];
    const [head, claims, signature = ""] = token.split(".");
    const point = Buffer.from(key, "base64url");
    const publicKey = createPublicKey({
      format: "jwk",
      key: {
        kty: "EC",
        crv: "P-256",
        x: point.subarray(1, 33).toString("base64url"),
        y: point.subarray(33).toString("base64url"),
      },
    });
    const isGood = verify(
      "sha256",
      Buffer.from(`${head}.${claims}`),
      { key: publicKey, dsaEncoding: "ieee-p1363" },
      Buffer.from(signature, "base64url"),
    );
    expect(isGood).toBe(true);
    expect(JSON.parse(Buffer.from(claims ?? "", "base64url").toString())).toEqual({
      aud: "https://push.test",
      exp: app.clock.now() / 1000 + 12 * 3600,
      sub: "https://pub.test",
    });
    await ask("DELETE");
  });

  test("what was never there is 404, can be changed once it is, and is gone when it is deleted", async () => {
    const missing = await ask("GET");
    expect([missing.status, await missing.json()]).toEqual([404, { error: "Record not found" }]);
    expect((await ask("PUT", { data: { alerts: { follow: true } } })).status).toBe(404);
    const { subscription } = device();
    const form = new URLSearchParams({
      "subscription[endpoint]": subscription.endpoint,
      "subscription[keys][p256dh]": subscription.keys.p256dh,
      "subscription[keys][auth]": subscription.keys.auth,
      "data[alerts][mention]": "1",
    });
    const made = await app.ask(PATH, { method: "POST", headers: { authorization: bearer }, body: form });
    expect(await made.json()).toMatchObject({ alerts: { mention: true }, policy: "all", standard: false });
    const changed = await ask("PUT", { data: { alerts: { follow: true }, policy: "follower" } });
    expect(await changed.json()).toMatchObject({
      alerts: { mention: false, follow: true },
      policy: "follower",
    });
    expect(await (await ask("GET")).json()).toMatchObject({ policy: "follower" });
    const gone = await ask("DELETE");
    expect([gone.status, await gone.json()]).toEqual([200, {}]);
    expect((await ask("GET")).status).toBe(404);
  });

  test("the staff are told of whoever waits to be let in", async () => {
    const { own, subscription } = device();
    await ask("POST", { subscription, data: { alerts: { "admin.sign_up": true } } });
    await app.opened.accounts.create({ name: "waiting", password: null, role: "member", state: "pending" });
    await app.worker.drain();
    expect(sent.map(({ body }) => opened(own, body).notification_type)).toEqual(["admin.sign_up"]);
    await ask("DELETE");
  });

  test("answers are as the published schema has them", async () => {
    const client = await appOf(alice);
    const { subscription } = device();
    const alerts = { mention: true, follow: false };
    await client.post(PATH, { subscription, data: { alerts, policy: "followed" } });
    await client.put(PATH, { data: { alerts: { follow: true } } });
    expect(await client.get(PATH)).toMatchObject({ alerts: { mention: false, follow: true } });
    expect(await client.delete(PATH)).toEqual({});
  });

  test("programs of before the RFC get what they can open", async () => {
    const { subscription } = device();
    const { standard: _, ...older } = subscription;
    await ask("POST", { subscription: older, data: { alerts: { mention: true } } });
    await mention();
    await app.worker.drain();
    expect(sent[0]?.headers).toMatchObject({
      "content-encoding": "aesgcm",
      encryption: expect.stringMatching(/^salt=[\w-]{22}$/) as never,
      "crypto-key": expect.stringMatching(/^dh=[\w-]{87};p256ecdsa=[\w-]{87}$/) as never,
      authorization: expect.stringMatching(/^WebPush [\w-]+\.[\w-]+\.[\w-]+$/) as never,
    });
    await ask("DELETE");
  });

  test("what is no subscription, and what has not the scope, is refused", async () => {
    const { subscription } = device();
    const bad = [
      { ...subscription, endpoint: "no address" },
      { ...subscription, keys: { ...subscription.keys, p256dh: "AAAA" } },
      { ...subscription, keys: { ...subscription.keys, auth: "AAAA" } },
      {},
    ];
    for (const one of bad) expect((await ask("POST", { subscription: one })).status).toBe(422);
    expect((await ask("POST", { subscription }, await alice.tokenFor("read write"))).status).toBe(403);
    expect((await app.ask(PATH)).status).toBe(401);
  });

  test("people whom the policy leaves out are not told of, nor what stands behind a warning", async () => {
    const { own, subscription } = device();
    await ask("POST", { subscription, data: { alerts: { mention: true }, policy: "followed" } });
    await mention();
    await app.worker.drain();
    expect(sent).toEqual([]);
    await alice.act({ type: "Follow", object: bob.iri, to: [bob.iri] });
    await mention("<p>The butler did it</p>", { summary: "Spoilers" });
    await app.worker.drain();
    expect(sent.map(({ body }) => opened(own, body).body)).toEqual(["Spoilers"]);
    await ask("DELETE");
  });

  test("a device that is gone, or an address inside a network, is told once and then no more", async () => {
    for (const [status, endpoint] of [
      [404, "https://push.test/a"],
      [410, "https://push.test/b"],
      [0, "https://inside.test/c"],
    ] as const) {
      answer = () => new Response(null, { status: status || 500 });
      await ask("POST", { subscription: device(endpoint).subscription, data: { alerts: { mention: true } } });
      await mention();
      await app.worker.drain();
      expect([endpoint, sent.length, (await ask("GET")).status]).toEqual([
        endpoint,
        status === 0 ? 0 : 1,
        404,
      ]);
      sent = [];
    }
  });

  test("a push service that is busy is asked again when it says so", async () => {
    answer = () => new Response(null, { status: 429, headers: { "retry-after": "120" } });
    await ask("POST", { subscription: device().subscription, data: { alerts: { mention: true } } });
    await mention();
    await app.worker.drain();
    answer = () => new Response(null, { status: 201 });
    app.clock.advance(119_000);
    await app.worker.drain();
    expect(sent).toHaveLength(1);
    app.clock.advance(2_000);
    await app.worker.drain();
    expect(sent).toHaveLength(2);
    await ask("DELETE");
  });

  test("a program that was shut out is told nothing more, even of what was promised", async () => {
    await ask("POST", { subscription: device().subscription, data: { alerts: { mention: true } } });
    await mention();
    const holder = await app.opened.oauth.tokens.find(bearer.replace("Bearer ", ""));
    await app.opened.oauth.revocation.byPerson(alice.key, holder?.consent ?? 0);
    await app.worker.drain();
    expect(sent).toEqual([]);
  });
});
