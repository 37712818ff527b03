/** Servers tell each other what they can do, and sign accordingly from the first letter on. */
import { beforeAll, expect, test } from "bun:test";
import type { JsonObject } from "../lib/json.ts";
import { onSqlite } from "../testing/engines.ts";
import { type Mail, mail } from "../testing/mail.ts";
import { stranger } from "../testing/strangers.ts";
import { readsRfc9421 } from "./capabilities.ts";

const RFC9421 = "https://datatracker.ietf.org/doc/html/rfc9421";

onSqlite((engine) => {
  let post: Mail;
  let count = 0;
  beforeAll(async () => {
    post = await mail(engine);
  }, 60_000);

  const documentOf = async (path: string): Promise<JsonObject> =>
    (await post.alice.app.ask(path, { headers: { accept: "application/activity+json" } })).json();

  test("the server's own actor and everybody here say that RFC 9421 is read (FEP-844e)", async () => {
    const server = await documentOf("/users/commons");
    expect(server).toMatchObject({ type: "Application", implements: [{ href: RFC9421 }] });
    const alice = await documentOf("/users/alice");
    expect(alice.generator).toMatchObject({ type: "Application", implements: [{ href: RFC9421 }] });
  });

  test("an Update of an actor says so too", async () => {
    const reader = await post.reader();
    await post.alice.act({
      type: "Update",
      object: { id: post.alice.iri, type: "Person", name: "Alice A." },
    });
    await post.all.settle();
    expect(reader.letters()[0]?.object).toMatchObject({ generator: { implements: [{ href: RFC9421 }] } });
    await post.leave(reader);
  });

  test.each([
    ["in its generator", { generator: { type: "Application", implements: [{ href: RFC9421 }] } }],
    ["as an application", { type: "Application", implements: [{ href: RFC9421, name: "x" }] }],
    ["as a bare address", { generator: { type: "Application", implements: RFC9421 } }],
  ] as const)("who says %s that it reads RFC 9421 gets it at first contact", async (_, more) => {
    const there = stranger(post.all, `c${++count}.test`);
    const carol = await there.actor("carol", more as unknown as JsonObject);
    await post.alice.act({ type: "Follow", object: carol.iri, to: [carol.iri] });
    await post.all.settle();
    expect(there.received.map(({ headers }) => headers.has("signature-input"))).toEqual([true]);
  });

  test.each([
    ["nothing", {}],
    ["something else", { generator: { type: "Application", implements: [{ href: "https://x.test/" }] } }],
    ["it as no application", { implements: [{ href: RFC9421 }] }],
    ["it in no list of links", { generator: { type: "Application", implements: { name: RFC9421 } } }],
    ["it of a page", { generator: { type: "Page", implements: [{ href: RFC9421 }] } }],
    ["only where its generator is", { generator: "https://x.test/app" }],
  ] as const)("who says %s is taken to read what everybody reads", (_, more) => {
    expect(readsRfc9421({ id: "https://b.test/x", type: "Person", ...(more as object) })).toBe(false);
  });

  test("whoever is answered 401 is told that RFC 9421 is read (RFC 9421 §5)", async () => {
    const answer = await post.alice.app.ask("/inbox", {
      method: "POST",
      headers: { "content-type": "application/activity+json" },
      body: JSON.stringify({ id: "https://b.test/1", type: "Like", actor: "https://b.test/x", object: "x" }),
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("accept-signature")).toContain('"@target-uri"');
  });
});
