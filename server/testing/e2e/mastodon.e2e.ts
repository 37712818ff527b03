/** Mastodon's API as real clients speak it, with the compiled program: masto.js and every group of endpoints. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { createECDH, randomBytes } from "node:crypto";
import { createRestAPIClient, type mastodon } from "masto";
import { cleanUp, type Running, runCommons, startCommons } from "./program.ts";

const PASSWORD = "correct horse battery staple";
const SCOPES = "read write follow push admin:read admin:write";

let server: Running;

interface Someone {
  readonly rest: mastodon.rest.Client;
  readonly id: string;
  readonly token: string;
}

async function resident(name: string, flags: readonly string[] = []): Promise<Someone> {
  const at = { dataDir: server.dataDir, stdin: `${PASSWORD}\n`, flags: ["--origin", server.origin] };
  await runCommons(["user", "create", name, ...flags, "--password-file", "-"], at);
  const made = await runCommons(["token", "create", "--user", name, "--scopes", SCOPES], at);
  const token = made.stdout.trim();
  const rest = createRestAPIClient({ url: server.origin, accessToken: token });
  return { rest, token, id: (await rest.v1.accounts.verifyCredentials()).id };
}

let alice: Someone;
let bob: Someone;

beforeAll(async () => {
  server = await startCommons({ env: { COMMONS_INSECURE_FEDERATION: "1" } });
  alice = await resident("alice", ["--admin"]);
  bob = await resident("bob");
});
afterAll(cleanUp);

/** A red square. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC",
  "base64",
);

/** Looks until something is there: what comes by a job is there a moment later. */
async function soon<T>(look: () => Promise<T | null | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found) return found;
    await Bun.sleep(100);
  }
}

test("the instance, its parts, and an app that introduces itself", async () => {
  const anybody = createRestAPIClient({ url: server.origin });
  const v2 = await anybody.v2.instance.fetch();
  expect(v2.configuration.urls.streaming).toBe(server.origin.replace("http", "ws"));
  const v1 = await anybody.v1.instance.fetch();
  expect(v1.urls.streamingApi).toBe(v2.configuration.urls.streaming);
  expect(v1.stats.userCount).toBeGreaterThanOrEqual(2);
  expect(await anybody.v1.instance.languages.list()).toMatchObject([{ code: "en" }]);
  expect((await anybody.v1.instance.extendedDescription.fetch()).content).toBe("");
  expect(await anybody.v1.instance.activity.list()).toEqual([]);
  expect(await alice.rest.v1.instance.peers.list()).toEqual([]);
  expect(await anybody.v1.instance.domainBlocks.fetch()).toEqual([]);
  expect(await anybody.v1.customEmojis.list()).toEqual([]);
  const app = await anybody.v1.apps.create({
    clientName: "Test",
    redirectUris: "urn:ietf:wg:oauth:2.0:oob",
    scopes: "read write",
  });
  expect(app.clientSecret).not.toBe("");
  const stranger = createRestAPIClient({ url: server.origin, accessToken: "x" });
  expect(stranger.v1.accounts.verifyCredentials()).rejects.toThrow(/access token/);
});

test("accounts: profile, lookup, relationships, following with terms, notes, lists of people", async () => {
  const { v1 } = alice.rest;
  const changed = await v1.accounts.updateCredentials({
    displayName: "Alice ★",
    note: "Teaches #maths",
    fieldsAttributes: [{ name: "Web", value: "https://a.example" }],
    source: { privacy: "unlisted", sensitive: false, language: "de" },
  });
  expect(changed).toMatchObject({ displayName: "Alice ★", source: { privacy: "unlisted" } });
  await v1.accounts.updateCredentials({ source: { privacy: "public" } });
  expect((await v1.accounts.lookup({ acct: "bob" })).id).toBe(bob.id);
  expect((await v1.accounts.$select(bob.id).fetch()).acct).toBe("bob");
  expect((await v1.accounts.$select(bob.id).follow({ reblogs: false, notify: true })).following).toBe(true);
  const [known] = await v1.accounts.relationships.fetch({ id: [bob.id] });
  expect(known).toMatchObject({ following: true, showingReblogs: false, notifying: true });
  expect((await v1.accounts.$select(bob.id).note.create({ comment: "From the fair" })).note).toBe(
    "From the fair",
  );
  expect((await v1.accounts.$select(bob.id).followers.list()).map(({ acct }) => acct)).toEqual(["alice"]);
  expect((await v1.accounts.$select(alice.id).following.list()).map(({ acct }) => acct)).toEqual(["bob"]);
  expect((await v1.accounts.search.list({ q: "bob" })).map(({ acct }) => acct)).toEqual(["bob"]);
  expect((await v1.accounts.$select(bob.id).mute({ duration: 3600 })).muting).toBe(true);
  expect((await v1.mutes.list()).map(({ acct }) => acct)).toEqual(["bob"]);
  expect((await v1.accounts.$select(bob.id).unmute()).muting).toBe(false);
  const carol = await resident("carol");
  expect((await v1.accounts.$select(carol.id).block()).blocking).toBe(true);
  expect((await v1.blocks.list()).map(({ acct }) => acct)).toEqual(["carol"]);
  expect((await v1.accounts.$select(carol.id).unblock()).blocking).toBe(false);
  await v1.domainBlocks.create({ domain: "spam.example" });
  expect(await v1.domainBlocks.list()).toEqual(["spam.example"]);
  await v1.domainBlocks.remove({ domain: "spam.example" });
  expect(await v1.endorsements.list()).toEqual([]);
  expect(await v1.preferences.fetch()).toMatchObject({ "posting:default:visibility": "public" });
  expect(Array.isArray(await alice.rest.v2.suggestions.list())).toBe(true);
  expect(Array.isArray(await v1.directory.list())).toBe(true);
});

test("follow requests wait for an answer", async () => {
  await bob.rest.v1.accounts.updateCredentials({ locked: true });
  const dave = await resident("dave");
  const erin = await resident("erin");
  for (const who of [dave, erin])
    expect((await who.rest.v1.accounts.$select(bob.id).follow()).requested).toBe(true);
  expect(await bob.rest.v1.followRequests.list()).toHaveLength(2);
  expect((await bob.rest.v1.followRequests.$select(dave.id).authorize()).followedBy).toBe(true);
  expect((await bob.rest.v1.followRequests.$select(erin.id).reject()).followedBy).toBe(false);
  await bob.rest.v1.accounts.updateCredentials({ locked: false });
});

test("statuses: post, read, change, history, source, context, delete", async () => {
  const { statuses } = alice.rest.v1;
  const first = await statuses.create({ status: "Hello @bob #maths", visibility: "public", language: "en" });
  expect(first.mentions.map(({ acct }) => acct)).toEqual(["bob"]);
  expect(first.tags.map(({ name }) => name)).toEqual(["maths"]);
  const reply = await bob.rest.v1.statuses.create({ status: "Hi", inReplyToId: first.id });
  const { ancestors, descendants } = await statuses.$select(first.id).context.fetch();
  expect([ancestors.length, descendants.map(({ id }) => id)]).toEqual([0, [reply.id]]);
  const edited = await statuses.$select(first.id).update({ status: "Hello again", spoilerText: "x" });
  expect(edited.spoilerText).toBe("x");
  expect((await statuses.$select(first.id).source.fetch()).text).toBe("Hello again");
  expect(await statuses.$select(first.id).history.list()).toHaveLength(2);
  expect((await statuses.fetch({ id: [first.id, reply.id] })).map(({ id }) => id)).toEqual([
    first.id,
    reply.id,
  ]);
  const gone = await statuses.$select(first.id).remove();
  expect(gone.text).toBe("Hello again");
  await expect(statuses.$select(first.id).fetch()).rejects.toThrow(/not found/i);
});

test("interactions, each and back again, with lists of who did", async () => {
  const { id } = await bob.rest.v1.statuses.create({ status: "Look at this" });
  const status = alice.rest.v1.statuses.$select(id);
  expect((await status.favourite()).favourited).toBe(true);
  expect((await status.bookmark()).bookmarked).toBe(true);
  const share = await status.reblog();
  expect(share.reblog?.id).toBe(id);
  expect((await status.favouritedBy.list()).map(({ acct }) => acct)).toEqual(["alice"]);
  expect((await status.rebloggedBy.list()).map(({ acct }) => acct)).toEqual(["alice"]);
  expect((await alice.rest.v1.favourites.list())[0]?.id).toBe(id);
  expect((await alice.rest.v1.bookmarks.list())[0]?.id).toBe(id);
  expect((await status.mute()).muted).toBe(true);
  expect((await status.unmute()).muted).toBe(false);
  expect((await status.unfavourite()).favourited).toBe(false);
  expect((await status.unbookmark()).bookmarked).toBe(false);
  expect((await status.unreblog()).reblogged).toBe(false);
  const own = await alice.rest.v1.statuses.create({ status: "Mine" });
  expect((await alice.rest.v1.statuses.$select(own.id).pin()).pinned).toBe(true);
  const pinned = await alice.rest.v1.accounts.$select(alice.id).statuses.list({ pinned: true });
  expect(pinned.map((each) => each.id)).toEqual([own.id]);
  expect((await alice.rest.v1.statuses.$select(own.id).unpin()).pinned).toBe(false);
});

test("polls, and a quote with its consent", async () => {
  const { id, poll } = await alice.rest.v1.statuses.create({
    status: "Tea?",
    poll: { options: ["yes", "no"], expiresIn: 3600 },
  });
  expect(poll?.options.map(({ title }) => title)).toEqual(["yes", "no"]);
  const voted = await bob.rest.v1.polls.$select(poll?.id ?? "").votes.create({ choices: [1] });
  expect(voted).toMatchObject({ voted: true, ownVotes: [1], votesCount: 1 });
  expect((await alice.rest.v1.polls.$select(poll?.id ?? "").fetch()).votesCount).toBe(1);
  const quote = await bob.rest.v1.statuses.create({ status: "See", quotedStatusId: id });
  const seen = await soon(async () => {
    const now = await bob.rest.v1.statuses.$select(quote.id).fetch();
    return now.quote?.state === "accepted" ? now : null;
  });
  expect((seen.quote as { quotedStatus?: { id: string } }).quotedStatus?.id).toBe(id);
});

test("media: upload, words for it, and a post with it that is changed", async () => {
  const file = new File([PNG], "square.png", { type: "text/plain" });
  const media = await alice.rest.v2.media.create({ file, description: "A square" });
  expect(media).toMatchObject({ type: "image", description: "A square" });
  const described = await alice.rest.v1.media.$select(media.id).update({ description: "A red square" });
  expect(described.description).toBe("A red square");
  const status = await alice.rest.v1.statuses.create({ status: "", mediaIds: [media.id] });
  expect(status.mediaAttachments[0]).toMatchObject({ type: "image", description: "A red square" });
  const edited = await alice.rest.v1.statuses.$select(status.id).update({
    status: "With words",
    mediaIds: [status.mediaAttachments[0]?.id ?? ""],
    mediaAttributes: [{ id: status.mediaAttachments[0]?.id ?? "", description: "Very red" }],
  });
  expect(edited.mediaAttachments[0]?.description).toBe("Very red");
  const picture = await fetch(edited.mediaAttachments[0]?.url ?? "");
  expect(picture.headers.get("content-type")).toStartWith("image/");
  const only = await alice.rest.v1.accounts.$select(alice.id).statuses.list({ onlyMedia: true });
  expect(only.map(({ id }) => id)).toEqual([status.id]);
});

test("timelines, tags followed, and lists", async () => {
  const { id } = await bob.rest.v1.statuses.create({ status: "About #chemistry" });
  const { timelines, tags, lists } = alice.rest.v1;
  expect((await timelines.home.list()).map((each) => each.id)).toContain(id);
  expect((await timelines.public.list({ local: true })).map((each) => each.id)).toContain(id);
  expect((await timelines.tag.$select("chemistry").list()).map((each) => each.id)).toEqual([id]);
  expect((await tags.$select("chemistry").follow()).following).toBe(true);
  expect((await alice.rest.v1.followedTags.list()).map(({ name }) => name)).toEqual(["chemistry"]);
  expect((await tags.$select("chemistry").unfollow()).following).toBe(false);
  const list = await lists.create({ title: "Friends", exclusive: false });
  await lists.$select(list.id).accounts.create({ accountIds: [bob.id] });
  expect((await lists.$select(list.id).accounts.list()).map(({ acct }) => acct)).toEqual(["bob"]);
  expect((await alice.rest.v1.accounts.$select(bob.id).lists.list()).map((each) => each.id)).toEqual([
    list.id,
  ]);
  const later = await bob.rest.v1.statuses.create({ status: "For the list" });
  expect((await timelines.list.$select(list.id).list()).map((each) => each.id)).toContain(later.id);
  expect((await lists.$select(list.id).update({ title: "Colleagues" })).title).toBe("Colleagues");
  await lists.$select(list.id).accounts.remove({ accountIds: [bob.id] });
  await lists.$select(list.id).remove();
  expect(await lists.list()).toEqual([]);
});

test("leafing through by the links that masto.js takes apart", async () => {
  const posted: string[] = [];
  for (let i = 0; i < 5; i++)
    posted.unshift((await bob.rest.v1.statuses.create({ status: `#leaf ${i}` })).id);
  const found: string[] = [];
  for await (const page of alice.rest.v1.timelines.tag.$select("leaf").list({ limit: 2 }))
    found.push(...page.map(({ id }) => id));
  expect(found).toEqual(posted);
});

test("notices, one by one and in groups, with markers and policy", async () => {
  await bob.rest.v1.statuses.create({ status: "@alice are you there?" });
  const all = await alice.rest.v1.notifications.list({ types: ["mention"] });
  expect(all[0]).toMatchObject({ type: "mention", account: { acct: "bob" } });
  const grouped = await alice.rest.v2.notifications.list();
  const groups = grouped.notificationGroups;
  expect(groups.length).toBeGreaterThan(0);
  expect((await alice.rest.v2.notifications.unreadCount.fetch()).count).toBeGreaterThan(0);
  await alice.rest.v1.markers.create({ notifications: { lastReadId: all[0]?.id ?? "" } });
  const markers = await alice.rest.v1.markers.fetch({ timeline: ["notifications"] });
  expect(markers.notifications?.lastReadId).toBe(all[0]?.id ?? "");
  expect((await alice.rest.v2.notifications.policy.fetch()).forNotFollowing).toBe("accept");
  expect(await alice.rest.v1.notifications.requests.list()).toEqual([]);
  await alice.rest.v1.notifications.clear();
  expect(await alice.rest.v1.notifications.list()).toEqual([]);
});

test("conversations, filters, scheduled posts, announcements, trends and search", async () => {
  await bob.rest.v1.statuses.create({ status: "@alice a word", visibility: "direct" });
  const [talk] = await alice.rest.v1.conversations.list();
  expect(talk?.accounts.map(({ acct }) => acct)).toEqual(["bob"]);
  expect((await alice.rest.v1.conversations.$select(talk?.id ?? "").read()).unread).toBe(false);

  const filter = await alice.rest.v2.filters.create({
    title: "No spoilers",
    context: ["home"],
    filterAction: "warn",
    keywordsAttributes: [{ keyword: "finale", wholeWord: true }],
  });
  expect(filter.keywords[0]?.keyword).toBe("finale");
  const spoiler = await bob.rest.v1.statuses.create({ status: "What a finale" });
  const seen = (await alice.rest.v1.timelines.home.list()).find(({ id }) => id === spoiler.id);
  expect(seen?.filtered?.[0]?.filter.title).toBe("No spoilers");
  await alice.rest.v2.filters.$select(filter.id).remove();

  const dueMs = Date.now() + 20 * 60_000;
  const planned = await alice.rest.v1.statuses.create({
    status: "Later",
    scheduledAt: new Date(dueMs).toISOString(),
  });
  const scheduled = await alice.rest.v1.scheduledStatuses.list();
  expect(scheduled.map(({ id }) => id)).toEqual([planned.id]);
  await alice.rest.v1.scheduledStatuses.$select(planned.id).remove();

  expect(await alice.rest.v1.announcements.list()).toEqual([]);
  expect(Array.isArray(await alice.rest.v1.trends.tags.list())).toBe(true);
  expect(Array.isArray(await alice.rest.v1.trends.statuses.list())).toBe(true);
  const results = await soon(async () => {
    const found = await alice.rest.v2.search.list({ q: "finale" });
    return found.statuses.length > 0 ? found : null;
  });
  expect(results.statuses[0]?.id).toBe(spoiler.id);
  expect((await alice.rest.v2.search.list({ q: "@bob", resolve: true })).accounts[0]?.acct).toBe("bob");
});

test("reports come to those who run the server", async () => {
  const { id } = await bob.rest.v1.statuses.create({ status: "Rude words" });
  await alice.rest.v1.reports.create({
    accountId: bob.id,
    statusIds: [id],
    comment: "Rude",
    category: "other",
  });
  const reports = await soon(async () => {
    const found = await alice.rest.v1.admin.reports.list();
    return found.length > 0 ? found : null;
  });
  const [report] = reports;
  expect(report?.targetAccount.username).toBe("bob");
  await alice.rest.v1.admin.reports.$select(report?.id ?? "").resolve();
  expect((await alice.rest.v1.admin.accounts.list({ local: true })).length).toBeGreaterThanOrEqual(2);
  const rule = await alice.rest.v1.admin.domainBlocks.create({ domain: "bad.example", severity: "suspend" });
  expect((await alice.rest.v1.admin.domainBlocks.list()).map(({ domain }) => domain)).toEqual([
    "bad.example",
  ]);
  await alice.rest.v1.admin.domainBlocks.$select(rule.id).remove();
});

test("push is told where to, and none is 404", async () => {
  await expect(alice.rest.v1.push.subscription.fetch()).rejects.toThrow();
  const keys = createECDH("prime256v1");
  const p256dh = keys.generateKeys("base64url");
  const made = await alice.rest.v1.push.subscription.create({
    subscription: {
      endpoint: "https://push.example/x",
      keys: { p256dh, auth: randomBytes(16).toString("base64url") },
    },
    data: { alerts: { mention: true } },
    policy: "all",
  });
  expect(made.endpoint).toBe("https://push.example/x");
  await alice.rest.v1.push.subscription.remove();
});
