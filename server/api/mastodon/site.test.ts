/** Posts for later, announcements, emoji, trends and translation, as clients read and use them. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import { DAY_MS } from "../../lib/durations.ts";
import type { Fetch } from "../../lib/fetch.ts";
import { testApp } from "../../testing/app.ts";
import { type AppClient, appOf, type Loose } from "../../testing/app-client.ts";
import { onSqlite } from "../../testing/engines.ts";
import { type Person, person } from "../../testing/people.ts";

/** One red pixel. */
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

/** A service that turns everything round; what it was asked stands in `asked`. */
function mirror(): { readonly fetch: Fetch; readonly asked: Loose[] } {
  const asked: Loose[] = [];
  const fetch: Fetch = async (url, options = {}) => {
    const body = JSON.parse(String(options.body));
    asked.push({ url, ...body });
    const turned = body.q.map((text: string) =>
      text.replace(/>([^<]+)</g, (_, inner: string) => `>${inner.toUpperCase()}<`),
    );
    return {
      status: 200,
      headers: new Headers(),
      url,
      bytes: new TextEncoder().encode(
        JSON.stringify({ translatedText: turned, detectedLanguage: { language: "de" } }),
      ),
    };
  };
  return { fetch, asked };
}

onSqlite((engine) => {
  async function build() {
    const service = mirror();
    const app = await testApp(engine, {
      fetch: service.fetch,
      config: { translateUrl: "https://translate.test/?api_key=secret" },
    });
    const admin = await person(app, "ada", "admin");
    return { app, admin, service };
  }
  let built: ReturnType<typeof build> | undefined;
  const house = () => {
    built ??= build();
    return built;
  };
  let counter = 0;
  async function newcomer(): Promise<Person & { readonly api: AppClient }> {
    const made = await person((await house()).app, `person${++counter}`);
    return { ...made, api: await appOf(made) };
  }
  const at = async (ms: number) => new Date((await house()).app.clock.now() + ms).toISOString();

  test("a post for later is published at its time, once, with what it was to have", async () => {
    const { app } = await house();
    const [alice, bob] = [await newcomer(), await newcomer()];
    const first = await bob.note("hello", { to: [PUBLIC] });
    const parent = (await app.federation.look.find(first))?.key ?? 0;
    const made = await alice.api.post("/api/v1/statuses", {
      status: "See you **tomorrow**",
      spoiler_text: "School",
      visibility: "unlisted",
      in_reply_to_id: String(parent),
      scheduled_at: await at(DAY_MS),
    });
    expect(made).toMatchObject({
      scheduled_at: await at(DAY_MS),
      params: {
        text: "See you **tomorrow**",
        visibility: "unlisted",
        spoiler_text: "School",
        in_reply_to_id: parent,
      },
      media_attachments: [],
    });
    expect(await alice.api.get("/api/v1/scheduled_statuses")).toEqual([made]);
    expect(await alice.api.get(`/api/v1/scheduled_statuses/${made.id}`)).toEqual(made);
    expect(await alice.home()).toEqual([]);
    app.clock.advance(DAY_MS);
    await app.worker.drain();
    expect(await alice.api.get("/api/v1/scheduled_statuses")).toEqual([]);
    const [status] = await alice.api.get(`/api/v1/accounts/${alice.key}/statuses`);
    expect(status).toMatchObject({
      spoiler_text: "School",
      visibility: "unlisted",
      in_reply_to_id: String(parent),
      created_at: new Date(app.clock.now()).toISOString(),
    });
    expect(status.content).toContain("<strong>tomorrow</strong>");
  });

  test("media of a post for later are kept until it is published, and the same request twice is one post", async () => {
    const { app } = await house();
    const alice = await newcomer();
    const form = new FormData();
    form.append("file", new File([Buffer.from(PIXEL, "base64")], "dot.png", { type: "image/png" }));
    form.append("description", "A dot");
    const sent = await app.ask("/api/v2/media", {
      method: "POST",
      headers: { authorization: alice.bearer },
      body: form,
    });
    const { id } = (await sent.json()) as Loose;
    const body = { status: "Look", media_ids: [id], scheduled_at: await at(3 * DAY_MS) };
    const post = async () => {
      const answer = await app.ask("/api/v1/statuses", {
        method: "POST",
        headers: {
          authorization: alice.bearer,
          "content-type": "application/json",
          "idempotency-key": "once",
        },
        body: JSON.stringify(body),
      });
      return (await answer.json()) as Loose;
    };
    const made = await post();
    expect(made.media_attachments).toMatchObject([{ id, type: "image", description: "A dot" }]);
    expect(made.params.media_ids).toEqual([id]);
    expect((await post()).id).toBe(made.id);
    expect(await alice.api.get("/api/v1/scheduled_statuses")).toHaveLength(1);
    for (let day = 0; day < 3; day++) {
      app.clock.advance(DAY_MS);
      await app.worker.drain();
    }
    const [status] = await alice.api.get(`/api/v1/accounts/${alice.key}/statuses`);
    expect(status.media_attachments).toMatchObject([{ id, description: "A dot" }]);
    expect((await app.ask(new URL(status.media_attachments[0].url).pathname)).status).toBe(200);
  });

  test("a time that is put off holds, one that is taken back is nothing, and one too soon is refused", async () => {
    const { app } = await house();
    const alice = await newcomer();
    const soon = await alice.api.ask("POST", "/api/v1/statuses", {
      status: "x",
      scheduled_at: await at(60_000),
    });
    expect([soon.status, soon.body.error]).toEqual([422, expect.stringContaining("future")]);
    const never = await alice.api.ask("POST", "/api/v1/statuses", { status: "x", scheduled_at: "soon" });
    expect(never.status).toBe(422);
    const [one, two] = [
      await alice.api.post("/api/v1/statuses", { status: "one", scheduled_at: await at(DAY_MS) }),
      await alice.api.post("/api/v1/statuses", { status: "two", scheduled_at: await at(DAY_MS) }),
    ];
    await alice.api.put(`/api/v1/scheduled_statuses/${one.id}`, { scheduled_at: await at(2 * DAY_MS) });
    expect(await alice.api.delete(`/api/v1/scheduled_statuses/${two.id}`)).toEqual({});
    app.clock.advance(DAY_MS);
    await app.worker.drain();
    expect(await alice.home()).toEqual([]);
    app.clock.advance(DAY_MS);
    await app.worker.drain();
    expect(await alice.home()).toEqual(["one"]);
    const bob = await newcomer();
    expect((await bob.api.ask("DELETE", `/api/v1/scheduled_statuses/${one.id}`)).status).toBe(404);
  });

  test("posts for later are leafed through in both directions without leaving one out", async () => {
    const alice = await newcomer();
    const made: string[] = [];
    for (let i = 0; i < 5; i++)
      made.unshift(
        (await alice.api.post("/api/v1/statuses", { status: "later", scheduled_at: await at(DAY_MS) })).id,
      );
    const idsAt = async (query: string) =>
      (await alice.api.get(`/api/v1/scheduled_statuses?limit=2&${query}`)).map(({ id }: Loose) => id);
    expect(await idsAt(`max_id=${made[1]}`)).toEqual(made.slice(2, 4));
    expect(await idsAt(`min_id=${made[4]}`)).toEqual(made.slice(2, 4));
    expect(await idsAt(`since_id=${made[4]}`)).toEqual(made.slice(0, 2));
  });

  test("a post that can be published no more says why and stays, and a poll lasts as long as it was meant to", async () => {
    const { app } = await house();
    const [alice, bob] = [await newcomer(), await newcomer()];
    const first = await bob.note("hello", { to: [PUBLIC] });
    const parent = String((await app.federation.look.find(first))?.key);
    const answer = { status: "me too", in_reply_to_id: parent, scheduled_at: await at(DAY_MS) };
    await alice.api.post("/api/v1/statuses", answer);
    const poll = { options: ["a", "b"], expires_in: 3600 };
    await alice.api.post("/api/v1/statuses", { status: "Which?", poll, scheduled_at: await at(DAY_MS) });
    const carol = await newcomer();
    await carol.api.post("/api/v1/statuses", { status: "from afar", scheduled_at: await at(DAY_MS) });
    const { people } = app.opened.accounts;
    await people.disable(null, await people.getByName(carol.name));
    await bob.act({ type: "Delete", object: first });
    app.clock.advance(DAY_MS);
    await app.worker.drain();
    const left = await app.peace.reports.count();
    expect(left.open).toBe(0);
    const [status] = await alice.api.get(`/api/v1/accounts/${alice.key}/statuses?exclude_replies=true`);
    expect(status.poll.expires_at).toBe(await at(3600_000));
    expect(await alice.api.get("/api/v1/scheduled_statuses")).toHaveLength(1);
    expect(await carol.home()).toEqual([]);
    expect((await app.offering.scheduled.list(carol.key, { limit: 5 })).items[0]?.failed).toContain("closed");
    expect(app.warnings()).toEqual([]);
  });

  test("an announcement is read, dismissed and reacted to by each for themselves, until it is over", async () => {
    const { app, admin } = await house();
    const [alice, bob] = [await newcomer(), await newcomer()];
    const { announcements } = app.offering;
    const made = await announcements.save(admin.key, {
      text: "School is **closed** on Friday",
      startsMs: null,
      endsMs: app.clock.now() + DAY_MS,
      isAllDay: false,
    });
    const key = made.key;
    const [one] = await alice.api.get("/api/v1/announcements");
    expect(one).toMatchObject({ id: String(key), read: false, reactions: [] });
    expect(one.content).toContain("<strong>closed</strong>");
    await alice.api.put(`/api/v1/announcements/${key}/reactions/${encodeURIComponent("🎉")}`);
    await bob.api.put(`/api/v1/announcements/${key}/reactions/${encodeURIComponent("🎉")}`);
    expect((await alice.api.get("/api/v1/announcements"))[0].reactions).toEqual([
      { name: "🎉", count: 2, me: true },
    ]);
    await alice.api.delete(`/api/v1/announcements/${key}/reactions/${encodeURIComponent("🎉")}`);
    expect((await alice.api.get("/api/v1/announcements"))[0].reactions).toEqual([
      { name: "🎉", count: 1, me: false },
    ]);
    expect((await alice.api.ask("PUT", `/api/v1/announcements/${key}/reactions/party`)).status).toBe(422);
    for (const emoji of ["😀", "😃", "😄", "😁", "😆", "😅", "😂"])
      await alice.api.put(`/api/v1/announcements/${key}/reactions/${encodeURIComponent(emoji)}`);
    const tooMany = await alice.api.ask(
      "PUT",
      `/api/v1/announcements/${key}/reactions/${encodeURIComponent("🙂")}`,
    );
    expect(tooMany.status).toBe(422);
    expect(await alice.api.post(`/api/v1/announcements/${key}/dismiss`)).toEqual({});
    expect(await alice.api.get("/api/v1/announcements")).toEqual([]);
    expect(await alice.api.get("/api/v1/announcements?with_dismissed=true")).toMatchObject([{ read: true }]);
    expect(await bob.api.get("/api/v1/announcements")).toHaveLength(1);
    app.clock.advance(DAY_MS);
    expect(await bob.api.get("/api/v1/announcements")).toEqual([]);
  });

  test("an emoji of this server is offered, stands in posts and names, and leaves with them", async () => {
    const { app, admin } = await house();
    const alice = await newcomer();
    const url = `${app.origin}/media/blob.png`;
    await app.opened.emoji.add(admin.key, {
      shortcode: "owl",
      category: "Birds",
      url,
      mediaType: "image/png",
    });
    expect(await alice.api.get("/api/v1/custom_emojis")).toEqual([
      { shortcode: "owl", url, static_url: url, visible_in_picker: true, category: "Birds" },
    ]);
    const made = await alice.api.post("/api/v1/statuses", { status: "Good night :owl: and :nobody:" });
    expect(made.emojis.map(({ shortcode }: Loose) => shortcode)).toEqual(["owl"]);
    const stored = await app.federation.look.byKey(Number(made.id));
    const tag = {
      id: `${url}#owl`,
      type: "Emoji",
      name: ":owl:",
      icon: { type: "Image", mediaType: "image/png", url },
    };
    expect(stored?.document?.tag).toMatchObject([tag]);
    expect(String(Object(stored?.document?.tag)[0].updated)).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    await alice.act({ type: "Update", object: { id: alice.iri, type: "Person", name: "Alice :owl:" } });
    expect((await alice.api.get("/api/v1/accounts/verify_credentials")).emojis).toHaveLength(1);
    const bob = await newcomer();
    const reactions = `/api/v1/pleroma/statuses/${made.id}/reactions`;
    await bob.api.put(`${reactions}/:owl:`);
    const sent = await app.federation.look.activityAbout("EmojiReact", bob.key, stored?.key ?? 0);
    expect(sent?.document?.tag).toMatchObject([tag]);
    expect((await bob.sees(stored?.iri ?? ""))?.reactions).toMatchObject([
      { emoji: ":owl:", url, isMine: true },
    ]);
    await app.opened.emoji.change(admin.key, app.opened.emoji.find("owl")?.key ?? 0, {
      category: "",
      isOffered: false,
    });
    expect((await alice.api.get("/api/v1/custom_emojis"))[0]).toMatchObject({ visible_in_picker: false });
  });

  test("what several talk about trends, what one says does not, and the staff can hide it", async () => {
    const { app, admin } = await house();
    const [alice, bob, carol] = [await newcomer(), await newcomer(), await newcomer()];
    for (const who of [alice, bob, carol])
      await who.api.post("/api/v1/statuses", { status: "I like #Maths, see https://maths.test/a" });
    await alice.api.post("/api/v1/statuses", { status: "#lonely https://lonely.test/" });
    const loved = await alice.note("loved", { to: [PUBLIC] });
    const hidden = await carol.note("hidden", { to: [carol.followers] });
    for (const who of [bob, carol]) await who.act({ type: "Like", object: loved });
    await carol.act({ type: "Update", object: { id: carol.iri, type: "Person", discoverable: false } });
    expect(hidden).not.toBe("");
    expect(await alice.api.get("/api/v1/trends/tags")).toEqual([]);
    await app.queries.countTrends();
    const [maths, ...others] = await alice.api.get("/api/v1/trends/tags");
    expect([maths.name, maths.history[0].uses, maths.history[0].accounts, maths.history.length]).toEqual([
      "maths",
      "3",
      "3",
      7,
    ]);
    expect(others).toEqual([]);
    expect((await alice.api.get("/api/v1/trends/links")).map(({ url }: Loose) => url)).toEqual([
      "https://maths.test/a",
    ]);
    const link = `/api/v1/timelines/link?url=${encodeURIComponent("https://maths.test/a")}`;
    const linked: Loose[] = await alice.api.get(link);
    expect(linked.map(({ account }) => account.acct)).toEqual([bob.name, alice.name]);
    expect((await alice.api.get(`${link}&max_id=${linked[0]?.id}`)).map(({ id }: Loose) => id)).toEqual([
      linked[1]?.id,
    ]);
    expect((await alice.api.get(`${link}&min_id=${linked[1]?.id}`)).map(({ id }: Loose) => id)).toEqual([
      linked[0]?.id,
    ]);
    expect(await alice.api.get("/api/v1/timelines/link?url=https://lonely.test/")).toEqual([]);
    const posts = await alice.api.get("/api/v1/trends/statuses");
    expect(posts.map(({ content }: Loose) => content)).toEqual(["loved"]);
    expect(await alice.api.get("/api/v1/trends/tags?offset=1")).toEqual([]);
    await app.queries.hideTrend(admin.key, "tag", "maths", true);
    expect(await alice.api.get("/api/v1/trends/tags")).toEqual([]);
  });

  test("a post is translated by the operator's service, and only one that everybody may see is sent there", async () => {
    const { service } = await house();
    const [alice, bob] = [await newcomer(), await newcomer()];
    const made = await alice.api.post("/api/v1/statuses", {
      status: "Guten Tag",
      language: "de",
      poll: { options: ["ja", "nein"], expires_in: 3600 },
    });
    const translated = await bob.api.post(`/api/v1/statuses/${made.id}/translate`, { lang: "en" });
    expect(translated).toMatchObject({
      content: "<p>GUTEN TAG</p>",
      language: "en",
      detected_source_language: "de",
      provider: "LibreTranslate",
      poll: { options: [{ title: "ja" }, { title: "nein" }] },
    });
    await alice.api.post(`/api/v1/statuses/${made.id}/translate`, { lang: "en" });
    expect(service.asked).toHaveLength(1);
    expect(service.asked[0]).toMatchObject({
      url: "https://translate.test/translate",
      source: "de",
      target: "en",
      api_key: "secret",
    });
    const quiet = await alice.api.post("/api/v1/statuses", { status: "Geheim", visibility: "private" });
    await bob.act({ type: "Follow", object: alice.iri });
    expect((await bob.api.ask("POST", `/api/v1/statuses/${quiet.id}/translate`, { lang: "en" })).status).toBe(
      403,
    );
    expect((await bob.api.get("/api/v2/instance")).configuration.translation.enabled).toBe(true);
  });
});
