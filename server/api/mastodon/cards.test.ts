/** Where posts lead: the first address, looked at once for everybody, by a job and never while somebody waits. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import type { Fetch } from "../../lib/fetch.ts";
import { upstream } from "../../lib/upstream.ts";
import { testApp } from "../../testing/app.ts";
import { appOf, type Loose } from "../../testing/app-client.ts";
import { onSqlite } from "../../testing/engines.ts";
import { person } from "../../testing/people.ts";

const PAGES: Readonly<Record<string, string>> = {
  "https://news.example/a":
    '<title>News</title><meta property="og:image" content="https://img.example/x.jpg">',
  "https://film.example/1": '<link type="application/json+oembed" href="/more">',
  "https://film.example/more": '{"title":"A film","author_name":"Ada"}',
  "https://file.example/x.pdf": "%PDF",
};

onSqlite((engine) => {
  async function build() {
    const asked: string[] = [];
    const fetch: Fetch = async (url) => {
      asked.push(url);
      const page = PAGES[url];
      if (page === undefined) throw upstream("refused", url);
      const type = url.endsWith(".pdf")
        ? "application/pdf"
        : page.startsWith("{")
          ? "application/json"
          : "text/html";
      return { status: 200, url, headers: new Headers({ "content-type": type }), bytes: Buffer.from(page) };
    };
    const app = await testApp(engine, { fetch });
    const alice = await person(app, "alice", "admin");
    return { app, alice, api: await appOf(alice), asked };
  }
  let built: ReturnType<typeof build> | undefined;
  const house = () => {
    built ??= build();
    return built;
  };

  test("a post that leads somewhere shows what lies there, once a job has looked", async () => {
    const { app, api, asked } = await house();
    const post = await api.post("/api/v1/statuses", {
      status: "See https://news.example/a and https://x.example/",
    });
    expect(post.card).toBeNull();
    expect(asked).toEqual([]);
    await app.worker.drain();
    app.clock.advance(61_000);
    const { card } = await api.get(`/api/v1/statuses/${post.id}`);
    expect(card).toMatchObject({ url: "https://news.example/a", title: "News", type: "link", authors: [] });
    expect(card.image).toStartWith("https://pub.test/media/away/picture/");
    expect(await api.get(`/api/v1/statuses/${post.id}/card`)).toEqual(card);
    const again = await api.post("/api/v1/statuses", { status: "https://news.example/a again" });
    expect(again.card.title).toBe("News");
    await app.worker.drain();
    expect(asked).toEqual(["https://news.example/a"]);
  });

  test("what a page does not say itself is asked where it names oEmbed", async () => {
    const { app, api } = await house();
    const { id } = await api.post("/api/v1/statuses", { status: "https://film.example/1" });
    await app.worker.drain();
    app.clock.advance(61_000);
    expect((await api.get(`/api/v1/statuses/${id}`)).card).toMatchObject({
      title: "A film",
      author_name: "Ada",
    });
  });

  test("people, tags, ourselves, files, private posts and what does not answer have no card, and are asked once", async () => {
    const { app, alice, api, asked } = await house();
    asked.length = 0;
    const made: Loose[] = [];
    for (const [status, visibility] of [
      ["@alice #tag https://pub.test/about", "public"],
      ["https://file.example/x.pdf", "public"],
      ["https://silent.example/", "public"],
      ["https://secret.example/", "private"],
      ["https://secret.example/", "direct"],
    ])
      made.push(await api.post("/api/v1/statuses", { status, visibility }));
    const withPicture = await alice.act({
      type: "Create",
      to: [PUBLIC],
      object: {
        type: "Note",
        content: '<a href="https://secret.example/">x</a>',
        attachment: [{ type: "Image", mediaType: "image/png", url: `${app.origin}/a.png` }],
      },
    });
    made.push({ id: withPicture.object?.key });
    for (let i = 0; i < 3; i++) {
      for (const { id } of made) expect((await api.get(`/api/v1/statuses/${id}`)).card).toBeNull();
      await app.worker.drain();
      app.clock.advance(61_000);
    }
    expect(asked.toSorted()).toEqual(["https://file.example/x.pdf", "https://silent.example/"]);
    expect(app.warnings()).toEqual([]);
  });

  test("strangers make nobody look", async () => {
    const { app, alice, asked } = await house();
    const { object } = await alice.act({
      type: "Create",
      to: [PUBLIC],
      object: { type: "Note", content: '<a href="https://new.example/">x</a>' },
    });
    asked.length = 0;
    await app.ask(`/api/v1/statuses/${object?.key}`);
    await app.worker.drain();
    expect(asked).toEqual([]);
  });
});
