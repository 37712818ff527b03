/** Quotes and reactions as people meet them: forms, cards and pages. */
import { beforeAll, expect, test } from "bun:test";
import { eachEngine } from "../server/testing/engines.ts";
import { type Fediverse, fediverse } from "../server/testing/fediverse.ts";
import { type Person, person } from "../server/testing/people.ts";

const PATIENCE_MS = 60_000;

eachEngine((engine) => {
  let all: Fediverse;
  let alice: Person;
  let bob: Person;
  let carol: Person;

  beforeAll(async () => {
    all = await fediverse(engine, ["a.test", "b.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    carol = await person(all.at("a.test"), "carol");
    bob = await person(all.at("b.test"), "bob", "admin");
    await bob.act({
      type: "Follow",
      object: (await bob.app.federation.webfinger.actorOf("alice@a.test")) ?? "",
    });
    await all.settle();
  }, PATIENCE_MS);

  const pageOf = async (by: Person, path: string) => (await by.page(path)).text();
  const newest = async (by: Person) =>
    (await by.app.queries.profile(by.key, by.key, { limit: 1 }, { withReplies: true })).items[0]?.object;

  async function posted(by: Person, fields: Readonly<Record<string, string>>) {
    const answer = await by.submit("/act", {
      type: "Create",
      content: "Hello",
      visibility: "public",
      ...fields,
    });
    expect(answer.status).toBe(303);
    await all.settle();
    const view = await newest(by);
    if (!view) throw new Error("Nothing was posted.");
    return view;
  }

  test("a post is quoted from its menu, and its card stands in the quote on both servers", async () => {
    const original = await posted(alice, { content: "What is worth quoting" });
    const there = await bob.sees(original.iri);
    const write = `/write?quote=${encodeURIComponent(original.iri)}`;
    expect(await pageOf(bob, there?.path ?? "")).toContain(write.replaceAll("&", "&amp;"));
    const composer = await pageOf(bob, write);
    expect(composer).toContain("What is worth quoting");
    expect(composer).toContain(`name="quote" value="${original.iri}"`);
    const quote = await posted(bob, { content: "So <true>", quote: original.iri });
    expect(quote.contentHtml).toContain(`<p class="quote-inline">RE: <a href="${original.iri}"`);
    expect(quote.source).toBe("So <true>");
    const page = await pageOf(bob, quote.path);
    expect(page).toContain('class="quoted"');
    expect(page).toContain("What is worth quoting");
    const here = await alice.sees(quote.iri);
    expect(await pageOf(alice, here?.path ?? "")).toContain("What is worth quoting");
    expect(await pageOf(alice, "/notices")).toContain("quoted your post");

    await bob.submit("/act", { type: "Update", object: quote.iri, content: "So it is" });
    await all.settle();
    const edited = await bob.sees(quote.iri);
    expect(edited?.contentHtml).toContain("quote-inline");
    expect(edited?.quote?.state).toBe("shown");
  });

  test("the author sees who quotes, and withdraws consent; nobody else does", async () => {
    const original = await posted(alice, {});
    const quote = await posted(bob, { quote: original.iri });
    const list = await pageOf(alice, `${original.path}/quotes`);
    expect(list).toContain("Withdraw my consent");
    expect((await carol.page(`${original.path}/quotes`)).status).toBe(403);
    const stamp = /name="subject" value="([^"]+)"/.exec(list)?.[1] ?? "";
    expect((await carol.submit("/quotes", { action: "withdraw", subject: stamp })).status).toBe(404);
    expect((await alice.sees(quote.iri))?.quote?.state).toBe("shown");
    expect((await alice.submit("/quotes", { action: "withdraw", subject: stamp })).status).toBe(303);
    await all.settle();
    for (const by of [alice, bob]) expect((await by.sees(quote.iri))?.quote?.state).toBe("withheld");
    expect(await pageOf(bob, quote.path)).toContain("Quoted post not shown");
    expect((await alice.submit("/quotes", { action: "withdraw", subject: stamp })).status).toBe(404);
  });

  test("whoever is asked answers on the page of quotes", async () => {
    const iri = await alice.note("From before there were policies", {
      to: ["https://www.w3.org/ns/activitystreams#Public"],
      cc: [alice.followers],
    });
    await all.settle();
    const original = await alice.sees(iri);
    const quote = await bob.note(
      "<p>Mine <b>is</b></p>",
      { to: ["https://www.w3.org/ns/activitystreams#Public"] },
      { quote: iri },
    );
    await all.settle();
    const list = await pageOf(alice, `${original?.path}/quotes`);
    expect(list).toContain("Waiting for your answer");
    expect(list).toContain("Mine <b>is</b>");
    const request = /name="subject" value="([^"]+)"/.exec(list)?.[1] ?? "";
    expect((await carol.submit("/quotes", { action: "accept", subject: request })).status).not.toBe(303);
    await alice.submit("/quotes", { action: "accept", subject: request });
    await all.settle();
    expect((await bob.sees(quote))?.quote?.state).toBe("shown");
  });

  test("what its author does not let quote, and what is not for everybody, has no button and is not quoted", async () => {
    const closed = await posted(alice, { quotePolicy: "nobody" });
    const small = await posted(alice, { visibility: "followers" });
    for (const { iri, path } of [closed, small]) {
      const there = await bob.sees(iri);
      expect(await pageOf(bob, there?.path ?? path)).not.toContain("/write?quote=");
      expect((await bob.page(`/write?quote=${encodeURIComponent(iri)}`)).status).toBe(403);
    }
    expect(
      (await bob.submit("/act", { type: "Create", content: "x", visibility: "public", quote: small.iri }))
        .status,
    ).not.toBe(303);
    const followers = await posted(alice, { quotePolicy: "followers" });
    expect(await pageOf(carol, `/write?quote=${encodeURIComponent(followers.iri)}`)).toContain(
      "can quote this. Others see no more",
    );
  });

  test("an emoji is chosen, counted on both servers, told, and taken back", async () => {
    const original = await posted(alice, {});
    const there = await bob.sees(original.iri);
    expect(await pageOf(bob, there?.path ?? "")).toContain('value="EmojiReact &#128077;"');
    await bob.submit("/act", { type: "EmojiReact 👍", object: original.iri });
    await bob.submit("/act", { type: "EmojiReact", object: original.iri, content: "❤" });
    await carol.submit("/act", { type: "EmojiReact 👍", object: original.iri });
    await all.settle();
    const seen = await alice.sees(original.iri);
    expect(seen?.reactions.map(({ emoji, count, isMine }) => [emoji, count, isMine])).toEqual([
      ["👍", 2, false],
      ["❤️", 1, false],
    ]);
    expect(seen?.counts.likes).toBe(0);
    expect((await bob.sees(original.iri))?.reactions.find(({ emoji }) => emoji === "👍")).toMatchObject({
      emoji: "👍",
      count: 1,
      isMine: true,
    });
    expect(await pageOf(alice, "/notices")).toContain("reacted to your post");
    const who = await pageOf(alice, `${original.path}/reactions?with=${encodeURIComponent("👍")}`);
    for (const name of ["@bob@b.test", "@carol"]) expect(who).toContain(name);
    await bob.submit("/act", { type: "Undo EmojiReact 👍", object: original.iri });
    await all.settle();
    expect((await alice.sees(original.iri))?.reactions.map(({ count }) => count)).toEqual([1, 1]);
  });

  test("what is no single emoji is refused", async () => {
    const original = await posted(alice, {});
    for (const content of ["", "yes", "👍👍", "<b>", ":nopicture:", "1"]) {
      const answer = await bob.submit("/act", {
        type: "EmojiReact",
        object: original.iri,
        content,
        return: "/home",
      });
      expect(answer.headers.get("location")).toBe("/home");
      await all.settle();
    }
    expect((await alice.sees(original.iri))?.reactions).toEqual([]);
  });

  test("a custom emoji is a picture through this server, and can be joined", async () => {
    const original = await posted(alice, {});
    const url = "https://b.test/emoji/blobcat.png";
    await bob.act({
      type: "EmojiReact",
      object: original.iri,
      content: ":blobcat:",
      tag: [{ type: "Emoji", name: ":blobcat:", icon: { type: "Image", url } }],
    });
    await all.settle();
    const page = await pageOf(carol, original.path);
    expect(page).toContain(`EmojiReact :blobcat: ${url}`);
    expect(page).toMatch(/<img class="emoji" src="\/media\/away\/emoji\//);
    expect(page).not.toContain(`src="${url}"`);
    await carol.submit("/act", { type: `EmojiReact :blobcat: ${url}`, object: original.iri });
    expect((await carol.sees(original.iri))?.reactions).toMatchObject([
      { emoji: ":blobcat:", count: 2, isMine: true },
    ]);
  });
});
