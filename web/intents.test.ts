/** Intents of other sites (FEP-3b86), as somebody's browser meets them: nothing is done, and nobody is sent away, unasked. */
import { beforeAll, expect, test } from "bun:test";
import { PUBLIC } from "../server/core/object.ts";
import { onSqlite } from "../server/testing/engines.ts";
import { type Fediverse, fediverse } from "../server/testing/fediverse.ts";
import { type Person, person } from "../server/testing/people.ts";

const PATIENCE_MS = 60_000;
const BACK = "https://shop.example/thanks?a=1";

onSqlite((engine) => {
  let all: Fediverse;
  let alice: Person;
  let bob: Person;
  let post = "";

  beforeAll(async () => {
    all = await fediverse(engine, ["a.test", "b.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    bob = await person(all.at("b.test"), "bob", "admin");
    post = await alice.note("<p>Fresh bread</p>", { to: [PUBLIC], cc: [alice.followers] });
  }, PATIENCE_MS);

  const query = (more: Readonly<Record<string, string>>) => new URLSearchParams(more).toString();
  const textOf = async (by: Person, path: string) => (await by.page(path)).text();

  test("WebFinger tells where people do what at home", async () => {
    const answer = await bob.app.ask("/.well-known/webfinger?resource=acct:bob@b.test");
    const { links } = (await answer.json()) as { links: { rel: string; template?: string }[] };
    const rels = links.flatMap(({ rel, template }) =>
      template ? [rel.replace("https://w3id.org/fep/3b86/", "")] : [],
    );
    expect(rels).toEqual([
      "http://ostatus.org/schema/1.0/subscribe",
      "Object",
      "Follow",
      "Join",
      "Like",
      "Announce",
      "Create",
    ]);
  });

  test("a visitor signs in first, and comes back to what was asked", async () => {
    const path = `/intents/like?${query({ object: post, "on-success": BACK })}`;
    const answer = await bob.app.ask(path, { headers: { accept: "text/html" } });
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe(`/sign-in?return=${encodeURIComponent(path)}`);
  });

  test("looking at an intent does nothing; saying yes does it, and the way back is shown, not taken", async () => {
    const page = await textOf(
      bob,
      `/intents/like?${query({ object: post, "on-success": BACK, "on-cancel": "https://shop.example/no" })}`,
    );
    expect(page).toContain("Fresh bread");
    expect(page).toContain("/intents/done?on-cancel=https%3A%2F%2Fshop.example%2Fno");
    expect((await bob.sees(post))?.mine.hasLiked).toBe(false);
    const answer = await bob.submit("/intents/like", { object: post, "on-success": BACK });
    expect(answer.headers.get("location")).toBe(`/intents/done?on-success=${encodeURIComponent(BACK)}`);
    expect((await bob.sees(post))?.mine.hasLiked).toBe(true);
    const done = await textOf(bob, answer.headers.get("location") ?? "");
    expect(done).toContain(`href="${BACK}"`);
    expect(done).toContain(`<code>${BACK}</code>`);
    expect(done).not.toContain("http-equiv");
    // Once more is no success: nobody is told so.
    const again = await bob.submit("/intents/like", { object: post, "on-success": BACK });
    expect(again.headers.get("location")).toBe("/intents/done?on-cancel=");
  });

  test("following and boosting go the same way", async () => {
    expect(await textOf(bob, `/intents/follow?${query({ object: "acct:alice@a.test" })}`)).toContain(
      "@alice@a.test",
    );
    await bob.submit("/intents/follow", { object: alice.iri });
    await bob.submit("/intents/announce", { object: post });
    await all.settle();
    expect((await bob.knows(alice.iri)).following).toBe("yes");
    expect((await bob.sees(post))?.mine.hasShared).toBe(true);
  });

  test("a post is begun with what the other site gives, and ends with the way back", async () => {
    const page = await textOf(
      bob,
      `/intents/create?${query({ name: "Bread", content: "<b>so good</b> https://shop.example/bread", "on-success": BACK })}`,
    );
    expect(page).toContain("**Bread**\n\n&lt;b>so good&lt;/b> https://shop.example/bread");
    const back = /name="return" value="([^"]+)"/.exec(page)?.[1] ?? "";
    expect(back).toBe(`/intents/done?on-success=${encodeURIComponent(BACK)}`);
    const answer = await bob.submit("/act", {
      type: "Create",
      content: "Bread",
      visibility: "public",
      return: back,
    });
    expect(answer.headers.get("location")).toBe(back);
    const reply = await textOf(bob, `/intents/create?${query({ inReplyTo: post, content: "Mmh" })}`);
    expect(reply).toContain(`name="inReplyTo" value="${post}"`);
    expect(reply).toContain(">Mmh</textarea>");
  });

  test.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "//evil.example",
    "/admin",
    "https://u:p@evil.example/",
    "evil",
  ])("%s is no way back", async (address) => {
    const page = await textOf(bob, `/intents/done?${query({ "on-success": address })}`);
    expect(page).toContain("Done");
    expect(page).not.toContain("evil");
    expect(page).not.toContain("alert(1)");
    expect(page).not.toContain("Go to");
  });

  test("a window that was opened for it is said to be done", async () => {
    expect(await textOf(bob, `/intents/done?${query({ "on-success": "(close)" })}`)).toContain(
      "You can close this window.",
    );
  });

  test("an intent is not done without the proof that the form is ours", async () => {
    const answer = await bob.app.ask("/intents/follow", {
      method: "POST",
      headers: {
        cookie: bob.cookie,
        "sec-fetch-site": "cross-site",
        "content-type": "application/x-www-form-urlencoded",
      },
      body: query({ object: alice.iri }),
    });
    expect(answer.status).toBe(403);
  });

  test("a visitor here is sent home to do what they chose", async () => {
    const answer = await alice.submit("/remote-follow", {
      handle: "bob@b.test",
      object: post,
      intent: "like",
    });
    const there = new URL(answer.headers.get("location") ?? "");
    expect([there.host, there.pathname, there.searchParams.get("object")]).toEqual([
      "b.test",
      "/intents/like",
      post,
    ]);
    expect(there.searchParams.get("on-success")).toStartWith("https://a.test/@alice/");
    const follow = await alice.submit("/remote-follow", { handle: "bob@b.test", object: alice.iri });
    expect(follow.headers.get("location")).toStartWith("https://b.test/intents/follow?object=");
  });
});
