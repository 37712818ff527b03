/** Mastodon's API as megalodon speaks it, which is in Fedistar and Whalebird: it finds out what we are, and leads through it. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import generator, { detector, type MegalodonInterface } from "megalodon";
import { cleanUp, type Running, runCommons, startCommons } from "./program.ts";

const PASSWORD = "correct horse battery staple";

let server: Running;
let alice: MegalodonInterface;
let bob: MegalodonInterface;
let ids: { readonly alice: string; readonly bob: string };

async function resident(name: string, flags: readonly string[] = []): Promise<MegalodonInterface> {
  const at = { dataDir: server.dataDir, stdin: `${PASSWORD}\n`, flags: ["--origin", server.origin] };
  await runCommons(["user", "create", name, ...flags, "--password-file", "-"], at);
  const made = await runCommons(
    ["token", "create", "--user", name, "--scopes", "read write follow push"],
    at,
  );
  return generator("mastodon", server.origin, made.stdout.trim());
}

beforeAll(async () => {
  server = await startCommons();
  alice = await resident("alice", ["--admin"]);
  bob = await resident("bob");
  const [one, two] = [await alice.verifyAccountCredentials(), await bob.verifyAccountCredentials()];
  ids = { alice: one.data.id, bob: two.data.id };
});
afterAll(cleanUp);

test("it takes this server for one that speaks Mastodon's API", async () => {
  expect(await detector(server.origin)).toBe("mastodon");
  const { data } = await generator("mastodon", server.origin).getInstance();
  expect(data.urls?.streaming_api).toBe(server.origin.replace("http", "ws"));
});

test("an app registers and gets the address at which people say yes", async () => {
  const { client_id, client_secret, url } = await generator("mastodon", server.origin).registerApp("Test", {
    scopes: ["read", "write"],
  });
  expect(client_secret).not.toBe("");
  expect(url).toContain(`client_id=${client_id}`);
});

test("people: follow, relationships, mute, block, notes, lookup, lists", async () => {
  expect((await alice.followAccount(ids.bob, { reblog: true })).data.following).toBe(true);
  expect((await alice.getRelationship(ids.bob)).data.following).toBe(true);
  expect((await alice.getRelationships([ids.bob, ids.alice])).data).toHaveLength(2);
  expect((await alice.lookupAccount("bob")).data.id).toBe(ids.bob);
  expect((await alice.searchAccount("bob", {})).data[0]?.acct).toBe("bob");
  expect((await alice.muteAccount(ids.bob, true)).data.muting).toBe(true);
  expect((await alice.getMutes()).data).toHaveLength(1);
  expect((await alice.unmuteAccount(ids.bob)).data.muting).toBe(false);
  expect((await alice.setAccountNote(ids.bob, "hm")).data.note).toBe("hm");
  expect((await alice.pinAccount(ids.bob)).data.endorsed).toBe(true);
  expect((await alice.getEndorsements()).data).toHaveLength(1);
  expect((await alice.getAccountFollowing(ids.alice)).data[0]?.acct).toBe("bob");
  expect((await alice.getAccountFollowers(ids.bob)).data[0]?.acct).toBe("alice");
  const list = (await alice.createList("Friends")).data;
  await alice.addAccountsToList(list.id, [ids.bob]);
  expect((await alice.getAccountsInList(list.id)).data).toHaveLength(1);
  expect((await alice.getAccountLists(ids.bob)).data[0]?.id).toBe(list.id);
  await alice.deleteAccountsFromList(list.id, [ids.bob]);
  await alice.deleteList(list.id);
  expect((await alice.getLists()).data).toEqual([]);
  await alice.blockDomain("spam.example");
  expect((await alice.getDomainBlocks()).data).toEqual(["spam.example"]);
  await alice.unblockDomain("spam.example");
});

test("a conversation: post, answer, edit, like, share, pin, ask, vote, delete", async () => {
  const post = (await alice.postStatus("Hello #maths", { visibility: "public" })).data;
  const answer = (await bob.postStatus("Hi", { in_reply_to_id: post.id })).data;
  expect((await alice.getStatusContext(post.id)).data.descendants[0]?.id).toBe(answer.id);
  expect((await bob.favouriteStatus(post.id)).data.favourited).toBe(true);
  expect((await bob.reblogStatus(post.id)).data.reblog?.id).toBe(post.id);
  expect((await bob.bookmarkStatus(post.id)).data.bookmarked).toBe(true);
  expect((await alice.pinStatus(post.id)).data.pinned).toBe(true);
  expect((await alice.muteStatus(post.id)).data.muted).toBe(true);
  expect((await alice.getStatusFavouritedBy(post.id)).data[0]?.acct).toBe("bob");
  expect((await alice.getStatusRebloggedBy(post.id)).data[0]?.acct).toBe("bob");
  expect((await bob.unfavouriteStatus(post.id)).data.favourited).toBe(false);
  expect((await bob.unreblogStatus(post.id)).data.reblogged).toBe(false);
  expect((await bob.unbookmarkStatus(post.id)).data.bookmarked).toBe(false);
  expect((await alice.editStatus(post.id, { status: "Hello" })).data.content).toBe("<p>Hello</p>");
  expect((await alice.getStatusSource(post.id)).data.text).toBe("Hello");
  const asked = await alice.postStatus("Tea?", { poll: { options: ["yes", "no"], expires_in: 3600 } });
  const poll = "poll" in asked.data ? asked.data.poll : null;
  expect((await bob.votePoll(poll?.id ?? "", [0])).data.voted).toBe(true);
  expect((await alice.getPoll(poll?.id ?? "")).data.votes_count).toBe(1);
  await alice.deleteStatus(post.id);
  expect(alice.getStatus(post.id)).rejects.toThrow(/404/);
});

test("timelines, favourites, bookmarks, tags", async () => {
  const post = (await bob.postStatus("About #tea", {})).data;
  expect((await alice.getHomeTimeline()).data.map(({ id }) => id)).toContain(post.id);
  expect((await alice.getPublicTimeline()).data.map(({ id }) => id)).toContain(post.id);
  expect((await alice.getLocalTimeline()).data.map(({ id }) => id)).toContain(post.id);
  expect((await alice.getTagTimeline("tea")).data.map(({ id }) => id)).toEqual([post.id]);
  expect((await alice.getAccountStatuses(ids.bob, {})).data[0]?.id).toBe(post.id);
  expect((await alice.getFavourites()).data).toEqual([]);
  expect((await alice.getBookmarks()).data).toEqual([]);
  expect((await alice.getTag("tea")).data.name).toBe("tea");
  expect((await alice.followTag("tea")).data.following).toBe(true);
  expect((await alice.getFollowedTags()).data[0]?.name).toBe("tea");
  expect((await alice.createFeaturedTag("tea")).data.name).toBe("tea");
  expect((await alice.getFeaturedTags()).data).toHaveLength(1);
});

test("notices, conversations, filters, markers, preferences and what the server offers", async () => {
  await bob.postStatus("@alice psst", { visibility: "direct" });
  const notices = (await alice.getNotifications()).data;
  expect(notices[0]).toMatchObject({ type: "mention", account: { acct: "bob" } });
  expect((await alice.getNotification(notices[0]?.id ?? "")).data.id).toBe(notices[0]?.id ?? "");
  await alice.dismissNotification(notices[0]?.id ?? "");
  const talk = (await alice.getConversationTimeline()).data[0];
  expect(talk?.accounts[0]?.acct).toBe("bob");
  expect((await alice.readConversation(talk?.id ?? "")).data.unread).toBe(false);
  await alice.deleteConversation(talk?.id ?? "");
  const filter = (await alice.createFilter("finale", ["home"], { whole_word: true })).data;
  expect((await alice.getFilters()).data).toHaveLength(1);
  expect((await alice.getFilter(filter.id)).data.phrase).toBe("finale");
  await alice.deleteFilter(filter.id);
  await alice.saveMarkers({ home: { last_read_id: "1" } });
  expect((await alice.getMarkers(["home"])).data).toMatchObject({ home: { last_read_id: "1" } });
  expect((await alice.getPreferences()).data["posting:default:visibility"]).toBe("public");
  expect((await alice.getInstanceCustomEmojis()).data).toEqual([]);
  expect((await alice.getInstanceAnnouncements()).data).toEqual([]);
  expect((await alice.getInstancePeers()).data).toEqual([]);
  expect(Array.isArray((await alice.getInstanceTrends()).data)).toBe(true);
  expect((await alice.search("bob", { type: "accounts" })).data.accounts[0]?.acct).toBe("bob");
  expect(alice.getPushSubscription()).rejects.toThrow(/404/);
  const due = new Date(Date.now() + 20 * 60_000).toISOString();
  const planned = (await alice.postStatus("Later", { scheduled_at: due })).data;
  expect((await alice.getScheduledStatuses()).data.map(({ id }) => id)).toEqual([planned.id]);
  await alice.cancelScheduledStatus(planned.id);
});
