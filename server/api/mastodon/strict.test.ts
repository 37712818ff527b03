/** Fields that native apps read without a look: one that is missing or null costs them the whole page. */
import { expect, test } from "bun:test";
import { testApp } from "../../testing/app.ts";
import { appOf, type Loose } from "../../testing/app-client.ts";
import { onSqlite } from "../../testing/engines.ts";
import { person } from "../../testing/people.ts";

/** What is never null or missing, by entity: native apps read it without a look. */
const ALWAYS: Readonly<Record<string, string>> = {
  account: `id username acct display_name note url avatar avatar_static header header_static created_at locked bot emojis
    fields followers_count following_count statuses_count roles`,
  source: "privacy sensitive note fields follow_requests_count",
  status: `id uri created_at account content visibility sensitive spoiler_text media_attachments mentions tags emojis
    replies_count reblogs_count favourites_count favourited reblogged muted bookmarked pinned filtered`,
  medium: "id type url meta",
  mention: "id username acct url",
  tag: "name url",
  poll: "id expired multiple votes_count options emojis own_votes voted",
  relationship: `id following showing_reblogs notifying followed_by blocking blocked_by muting muting_notifications
    requested requested_by domain_blocking endorsed note`,
};
/** Keys that must be there, and may be null. */
const THERE: Readonly<Record<string, string>> = {
  status: "url in_reply_to_id in_reply_to_account_id language edited_at application card poll reblog quote",
  poll: "expires_at voters_count",
  account: "discoverable last_status_at",
};
const NUMBERS = /_count$/;

function expectWhole(kind: string, entity: Loose): void {
  for (const name of (ALWAYS[kind] ?? "").split(/\s+/)) {
    expect([kind, name, entity[name] === undefined || entity[name] === null]).toEqual([kind, name, false]);
    if (NUMBERS.test(name)) expect([name, Number.isInteger(entity[name])]).toEqual([name, true]);
    if (name === "id") expect([kind, typeof entity.id]).toEqual([kind, "string"]);
    if (name === "url" || /^(avatar|header)/.test(name)) expect(entity[name]).toMatch(/^https:\/\/\S+$/);
  }
  for (const name of (THERE[kind] ?? "").split(" ").filter(Boolean))
    expect([kind, name, name in entity]).toEqual([kind, name, true]);
}

function expectWholeStatus(status: Loose): void {
  expectWhole("status", status);
  expectWhole("account", status.account);
  for (const mention of status.mentions) expectWhole("mention", mention);
  for (const tag of status.tags) {
    expectWhole("tag", tag);
    // Ice Cubes: absent, or of its type, and never null.
    expect([tag.following, tag.history]).toEqual([undefined, undefined]);
  }
  for (const medium of status.media_attachments) {
    expectWhole("medium", medium);
    if (medium.type !== "audio") expect(medium.preview_url).toMatch(/^https:/);
  }
  if (status.poll !== null) expectWhole("poll", status.poll);
  if (status.reblog !== null) expectWholeStatus(status.reblog);
  if (status.quote?.quoted_status) expectWholeStatus(status.quote.quoted_status);
}

onSqlite((engine) => {
  test("statuses of every kind are whole, for their author, another reader and a stranger", async () => {
    const app = await testApp(engine);
    const [alice, bob] = [await person(app, "alice", "admin"), await person(app, "bob")];
    const [mine, theirs] = [await appOf(alice), await appOf(bob)];
    const ids: string[] = [];
    const write = async (body: object) => ids.push((await mine.post("/api/v1/statuses", body)).id);
    await write({ status: "plain @bob #tag" });
    await write({ status: "answer", in_reply_to_id: ids[0], spoiler_text: "hm" });
    await write({ status: "ask", poll: { options: ["a", "b"], expires_in: 3600 } });
    await write({ status: "look", quoted_status_id: ids[0] });
    const { object } = await alice.act({
      type: "Create",
      to: ["https://www.w3.org/ns/activitystreams#Public"],
      object: {
        type: "Thing",
        name: "Unknown",
        attachment: [
          { type: "Image", mediaType: "image/png", url: `${app.origin}/x.png` },
          { type: "Video", mediaType: "video/mp4", url: `${app.origin}/x.mp4` },
          { type: "Audio", mediaType: "audio/mpeg", url: `${app.origin}/x.mp3` },
        ],
      },
    });
    ids.push(String(object?.key));
    ids.push((await mine.post(`/api/v1/statuses/${ids[0]}/reblog`)).id);
    await app.worker.drain();
    for (const id of ids) {
      const stranger = (await (await app.ask(`/api/v1/statuses/${id}`)).json()) as Loose;
      for (const status of [
        await mine.get(`/api/v1/statuses/${id}`),
        await theirs.get(`/api/v1/statuses/${id}`),
        stranger,
      ])
        expectWholeStatus(status);
    }
    const context = await theirs.get(`/api/v1/statuses/${ids[0]}/context`);
    expect([Array.isArray(context.ancestors), Array.isArray(context.descendants)]).toEqual([true, true]);
    for (const list of ["timelines/home", `accounts/${alice.key}/statuses`, "timelines/public"])
      for (const status of await mine.get(`/api/v1/${list}`)) expectWholeStatus(status);
    const me = await mine.get("/api/v1/accounts/verify_credentials");
    expectWhole("account", me);
    expectWhole("source", me.source);
    for (const relationship of await mine.get(
      `/api/v1/accounts/relationships?id[]=${bob.key}&id[]=${alice.key}`,
    ))
      expectWhole("relationship", relationship);
    const found = await mine.get("/api/v2/search?q=nothing");
    expect(Object.keys(found).toSorted()).toEqual(["accounts", "hashtags", "statuses"]);
  });

  test("ids sort by length and letters as they do by time", async () => {
    const app = await testApp(engine);
    const api = await appOf(await person(app, "alice", "admin"));
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) {
      app.clock.advance(1_000);
      ids.push((await api.post("/api/v1/statuses", { status: String(i) })).id);
    }
    const padded = (id: string) => id.padStart(30, "0");
    expect(ids.toSorted((a, b) => (padded(a) < padded(b) ? -1 : 1))).toEqual(ids);
    for (const id of ids) expect(id).toMatch(/^\d{1,16}$/);
  });
});
