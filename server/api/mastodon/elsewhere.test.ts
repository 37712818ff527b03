/** What apps read of people and posts of other servers, and what they do with them. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import { appOf, type Loose } from "../../testing/app-client.ts";
import { onSqlite } from "../../testing/engines.ts";
import { fediverse } from "../../testing/fediverse.ts";
import { post } from "../../testing/letters.ts";
import { person } from "../../testing/people.ts";
import { stranger } from "../../testing/strangers.ts";

onSqlite((engine) => {
  async function build() {
    const world = await fediverse(engine, ["a.test", "b.test"]);
    const alice = await person(world.at("a.test"), "alice", "admin");
    const bob = await person(world.at("b.test"), "bob", "admin");
    const api = await appOf(alice);
    const found = await api.get("/api/v2/search?q=@bob@b.test&resolve=true&type=accounts");
    const bobId: string = found.accounts[0].id;
    await api.post(`/api/v1/accounts/${bobId}/follow`);
    await world.settle();
    return { world, alice, bob, api, bobId };
  }
  let built: ReturnType<typeof build> | undefined;
  const houses = () => {
    built ??= build();
    return built;
  };

  /** Bob says it there, and it arrives here. */
  async function arrives(content: string, more: object = {}): Promise<Loose> {
    const { world, alice, bob, api } = await houses();
    world.clock.advance(5_000);
    await bob.act({
      type: "Create",
      to: [PUBLIC],
      cc: [bob.followers, alice.iri],
      object: { type: "Note", content, ...more },
    });
    await world.settle();
    return (await api.get("/api/v1/timelines/home?limit=1"))[0];
  }

  test("somebody elsewhere has a handle with a host, and a page there", async () => {
    const { api, bobId } = await houses();
    const account = await api.get(`/api/v1/accounts/${bobId}`);
    expect(account).toMatchObject({ acct: "bob@b.test", username: "bob", url: "https://b.test/@bob" });
    expect(account.uri).toBe("https://b.test/users/bob");
    expect((await api.get("/api/v1/accounts/lookup?acct=bob@b.test")).id).toBe(bobId);
  });

  test("a mention leads to the same address in the text and beside it", async () => {
    const { alice } = await houses();
    const status = await arrives(
      `<p><span class="h-card"><a href="https://a.test/@alice" class="u-url mention">@<span>alice</span></a></span> hi</p>`,
      { tag: [{ type: "Mention", href: alice.iri, name: "@alice@a.test" }] },
    );
    expect(status.mentions).toEqual([
      { id: String(alice.key), username: "alice", acct: "alice", url: "https://a.test/@alice" },
    ]);
    expect(status.content).toContain(`href="${status.mentions[0].url}"`);
  });

  test("tags lead to pages here, whatever they led to there", async () => {
    const status = await arrives(
      '<p><a href="https://b.test/tags/Tea" class="mention hashtag" rel="tag">#<span>Tea</span></a></p>',
      { tag: [{ type: "Hashtag", href: "https://b.test/tags/Tea", name: "#Tea" }] },
    );
    expect(status.tags).toEqual([{ name: "tea", url: "https://a.test/tags/tea" }]);
    expect(status.content).toContain('href="https://a.test/tags/tea"');
  });

  test("of what says nothing in words that are known there is a link", async () => {
    const listened = await arrives("", { type: "Listening", minutes: 4, url: "https://b.test/heard/4" });
    expect(listened.content).toContain('href="https://b.test/heard/4"');
    const picture = { type: "Image", mediaType: "image/png", url: "https://b.test/x.png" };
    expect((await arrives("", { attachment: [picture] })).content).toBe("");
    expect((await arrives("", { summary: "Warning" })).content).toBe("");
  });

  test("half a character in a tag, a title or a choice costs nobody their timeline", async () => {
    const { world, alice, api } = await houses();
    world.clock.advance(5_000);
    const eve = await stranger(world, "e.test").actor("eve");
    const broken = {
      id: eve.at("/poll"),
      type: "Question",
      attributedTo: eve.iri,
      to: [PUBLIC],
      name: "Half \ud83d",
      oneOf: [{ type: "Note", name: "\ud83d" }],
      tag: [{ type: "Hashtag", name: "#tea\ud83d" }],
    };
    const body = {
      id: eve.at("/create"),
      type: "Create",
      actor: eve.iri,
      to: [PUBLIC],
      cc: [alice.iri],
      object: broken,
    };
    expect((await post(alice.app, { by: eve, body })).status).toBe(202);
    await world.settle();
    const [status] = await api.get("/api/v1/timelines/public?limit=1");
    expect(status).toMatchObject({
      content: expect.stringContaining("<strong>Half \ufffd</strong>"),
      poll: { options: [{ title: "\ufffd" }] },
      tags: [{ name: "tea\ufffd", url: "https://a.test/tags/tea%EF%BF%BD" }],
    });
  });

  test("custom emoji are words in colons, with their pictures beside", async () => {
    const status = await arrives("<p>Hello :blob: &amp; all</p>", {
      tag: [{ type: "Emoji", name: ":blob:", icon: { type: "Image", url: "https://b.test/blob.png" } }],
    });
    expect(status.content).toBe("<p>Hello :blob: &amp; all</p>");
    expect(status.emojis).toMatchObject([{ shortcode: "blob", visible_in_picker: true }]);
    expect(status.emojis[0].url).toStartWith("https://");
  });

  test("pictures come through this server, with words and sizes", async () => {
    const status = await arrives("<p>Look</p>", {
      sensitive: true,
      attachment: [
        {
          type: "Image",
          mediaType: "image/png",
          url: "https://b.test/x.png",
          name: "A cat",
          width: 20,
          height: 10,
        },
      ],
    });
    const [medium] = status.media_attachments;
    expect(medium).toMatchObject({ type: "image", description: "A cat", remote_url: "https://b.test/x.png" });
    expect(medium.url).toStartWith("https://a.test/media/away/");
    expect(medium.meta.original).toMatchObject({ width: 20, height: 10, aspect: 2 });
    expect(status.sensitive).toBe(true);
  });

  test("what is more than a note is told in the text, and leads to its own page", async () => {
    const status = await arrives("<p>Long.</p>", { type: "Article", name: "A title", summary: "In short" });
    expect(status.content).toStartWith("<p><strong>A title</strong></p>");
    for (const words of ["In short", "Long.", `href="${status.url}"`])
      expect(status.content).toContain(words);
    expect(status.spoiler_text).toBe("");
    expect(status.url).toStartWith("https://b.test/");
  });

  test("a vote, a like, a share and an answer go there", async () => {
    const { world, bob, api } = await houses();
    const asked = await arrives("<p>Tea?</p>", {
      type: "Question",
      oneOf: [
        { type: "Note", name: "yes" },
        { type: "Note", name: "no" },
      ],
      endTime: "2030-01-01T00:00:00Z",
    });
    expect(asked.poll.options.map(({ title }: Loose) => title)).toEqual(["yes", "no"]);
    await api.post(`/api/v1/polls/${asked.poll.id}/votes`, { choices: [0] });
    await api.post(`/api/v1/statuses/${asked.id}/favourite`);
    await api.post(`/api/v1/statuses/${asked.id}/reblog`);
    await api.post("/api/v1/statuses", { status: "@bob@b.test always", in_reply_to_id: asked.id });
    await world.settle();
    const there = await bob.sees(asked.uri);
    expect(there?.counts).toMatchObject({ likes: 1, shares: 1, replies: 1 });
    expect(there?.poll?.options.map(({ votes }) => votes)).toEqual([1, 0]);
    await api.post(`/api/v1/statuses/${asked.id}/unfavourite`);
    await world.settle();
    expect((await bob.sees(asked.uri))?.counts.likes).toBe(0);
  });

  test("an answer from there is in the context here", async () => {
    const { world, bob, api } = await houses();
    const { id, uri } = await api.post("/api/v1/statuses", { status: "@bob@b.test anybody there?" });
    await world.settle();
    await bob.act({
      type: "Create",
      to: [PUBLIC],
      cc: ["https://a.test/users/alice"],
      object: { type: "Note", content: "<p>yes</p>", inReplyTo: uri },
    });
    await world.settle();
    const { descendants } = await api.get(`/api/v1/statuses/${id}/context`);
    expect(descendants.map(({ content }: Loose) => content)).toEqual(["<p>yes</p>"]);
    expect(descendants[0].account.acct).toBe("bob@b.test");
  });
});
