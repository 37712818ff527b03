/** What apps do with the posts of others: like, share, keep, react, vote, quote, and post to groups. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import type { Loose } from "../../testing/app-client.ts";
import { type AppUser, appUsers } from "../../testing/app-users.ts";
import { onSqlite } from "../../testing/engines.ts";

onSqlite((engine) => {
  const { house, newcomer, write } = appUsers(engine);

  test("each verb does and undoes its thing, twice as well as once, and answers with the status", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const { id } = await write(bob, "something", { visibility: "public" });
    const cases: [verb: string, undo: string, field: string][] = [
      ["favourite", "unfavourite", "favourited"],
      ["bookmark", "unbookmark", "bookmarked"],
      ["mute", "unmute", "muted"],
    ];
    for (const [verb, undo, field] of cases) {
      for (const [name, expected] of [
        [verb, true],
        [verb, true],
        [undo, false],
        [undo, false],
      ] as const) {
        const status = await alice.api.post(`/api/v1/statuses/${id}/${name}`);
        expect([name, status[field]]).toEqual([name, expected]);
        expect((await alice.api.get(`/api/v1/statuses/${id}`))[field]).toBe(expected);
      }
    }
  });

  test("what was done with a post is taken back also where its author has blocked since", async () => {
    const [alice, bob, carol] = [await newcomer(), await newcomer(), await newcomer()];
    const { id } = await write(bob, "something", { visibility: "public" });
    const path = `/api/v1/statuses/${id}`;
    const verbs = ["favourite", "bookmark", "reblog", "mute"];
    for (const verb of verbs) await alice.api.post(`${path}/${verb}`);
    for (const reader of [alice, carol]) await bob.api.post(`/api/v1/accounts/${reader.key}/block`);
    for (const verb of verbs) {
      expect([verb, (await alice.api.ask("POST", `${path}/${verb}`)).status]).toEqual([verb, 404]);
      const status = await alice.api.post(`${path}/un${verb}`);
      expect(status).toMatchObject({ id, favourited: false, bookmarked: false, reblogged: false });
      // There is nothing to take back any more, and nobody learns that it is there.
      for (const who of [alice, carol])
        expect((await who.api.ask("POST", `${path}/un${verb}`)).status).toBe(404);
    }
    const counted = await bob.api.get(path);
    expect(counted).toMatchObject({ favourites_count: 0, reblogs_count: 0 });
    const { app } = await house();
    const target = `${app.origin}/users/${carol.name}/bookmarks`;
    const remove = app.federation.core.act(Number(carol.key), {
      ...{ type: "Remove", object: counted.uri, target },
    });
    await expect(remove).rejects.toThrow("cannot be found");
  });

  test("a share is a wrapper around the post, and taking it back answers with the post", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const { id } = await write(bob, "share me");
    const wrapper = await alice.api.post(`/api/v1/statuses/${id}/reblog`);
    expect(wrapper.reblog.id).toBe(id);
    expect(wrapper.id).not.toBe(id);
    // Clients draw anything else as a quote.
    expect(wrapper.content).toBe("");
    expect(wrapper.account.acct).toBe(alice.name);
    expect(wrapper.reblog).toMatchObject({ reblogged: true, reblogs_count: 1 });
    expect((await alice.api.get(`/api/v1/statuses/${wrapper.id}`)).reblog.id).toBe(id);
    expect((await bob.api.get(`/api/v1/statuses/${id}/reblogged_by`))[0].acct).toBe(alice.name);
    // What is done with the wrapper is done with the post.
    expect((await alice.api.post(`/api/v1/statuses/${wrapper.id}/favourite`)).id).toBe(id);
    expect((await bob.api.get(`/api/v1/statuses/${id}/favourited_by`))[0].acct).toBe(alice.name);
    expect((await alice.api.post(`/api/v1/statuses/${id}/reblog`)).id).toBe(wrapper.id);
    const back = await alice.api.post(`/api/v1/statuses/${wrapper.id}/unreblog`);
    expect(back).toMatchObject({ id, reblogged: false, reblogs_count: 0 });
    expect((await alice.api.ask("GET", `/api/v1/statuses/${wrapper.id}`)).status).toBe(404);
  });

  test("a share for followers is told to followers", async () => {
    const [alice, bob, carol] = [await newcomer(), await newcomer(), await newcomer()];
    await carol.api.post(`/api/v1/accounts/${bob.key}/follow`);
    const { id } = await write(alice, "share me quietly");
    const wrapper = await bob.api.post(`/api/v1/statuses/${id}/reblog`, { visibility: "private" });
    const path = `/api/v1/statuses/${id}/reblogged_by`;
    expect((await carol.api.get(path)).map(({ acct }: Loose) => acct)).toEqual([bob.name]);
    const dave = await newcomer();
    expect(await dave.api.get(path)).toEqual([]);
    expect((await dave.api.ask("GET", `/api/v1/statuses/${wrapper.id}`)).status).toBe(404);
  });

  test("a post is reacted to with an emoji, once, and it is taken back", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const { id } = await write(bob, "cheer me up");
    const path = `/api/v1/pleroma/statuses/${id}/reactions`;
    for (let i = 0; i < 2; i++) {
      const { pleroma } = await alice.api.put(`${path}/${encodeURIComponent("🔥")}`);
      expect(pleroma.emoji_reactions).toMatchObject([{ name: "🔥", count: 1, me: true, url: null }]);
    }
    expect((await bob.api.get(path))[0]).toMatchObject({ me: false, accounts: [{ acct: alice.name }] });
    expect((await alice.api.ask("PUT", `${path}/fire`)).status).toBe(422);
    expect((await alice.api.delete(`${path}/${encodeURIComponent("🔥")}`)).pleroma.emoji_reactions).toEqual(
      [],
    );
  });

  test("whoever is blocked, blocks or is muted does not stand among those who liked, shared and reacted, nor in the directory", async () => {
    const [alice, bob, carol, dave, eve] = [
      await newcomer(),
      await newcomer(),
      await newcomer(),
      await newcomer(),
      await newcomer(),
    ];
    const { id } = await write(alice, "something");
    for (const who of [bob, carol, dave, eve]) {
      for (const verb of ["favourite", "reblog"]) await who.api.post(`/api/v1/statuses/${id}/${verb}`);
      await who.api.put(`/api/v1/pleroma/statuses/${id}/reactions/${encodeURIComponent("🔥")}`);
      await write(who, "I am here");
    }
    await eve.api.post(`/api/v1/accounts/${bob.key}/block`);
    await eve.api.post(`/api/v1/accounts/${carol.key}/mute`);
    await dave.api.post(`/api/v1/accounts/${eve.key}/block`);
    const names = (accounts: Loose) => accounts.map(({ acct }: Loose) => acct).toSorted();
    const lists = async (who: AppUser) => [
      names(await who.api.get(`/api/v1/statuses/${id}/favourited_by`)),
      names(await who.api.get(`/api/v1/statuses/${id}/reblogged_by`)),
      names((await who.api.get(`/api/v1/pleroma/statuses/${id}/reactions`))[0].accounts),
      names(await who.api.get("/api/v1/directory")).filter((name: string) =>
        [bob, carol, dave, eve].some((each) => each.name === name),
      ),
    ];
    const all = names([bob, carol, dave, eve].map(({ name: acct }) => ({ acct })));
    expect(await lists(alice)).toEqual([all, all, all, all]);
    expect(await lists(eve)).toEqual([[eve.name], [eve.name], [eve.name], [eve.name]]);
  });

  test("pinned posts stand at the top of the profile", async () => {
    const alice = await newcomer();
    const first = await write(alice, "first");
    await write(alice, "second");
    expect((await alice.api.post(`/api/v1/statuses/${first.id}/pin`)).pinned).toBe(true);
    const pinned = await alice.api.get(`/api/v1/accounts/${alice.key}/statuses?pinned=true`);
    expect(pinned.map(({ id, pinned: is }: Loose) => [id, is])).toEqual([[first.id, true]]);
    expect((await alice.api.post(`/api/v1/statuses/${first.id}/unpin`)).pinned).toBe(false);
  });

  test("votes count once; choices come as texts or numbers", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const poll = { options: ["tea", "coffee"], expires_in: 3600 };
    const { id } = await write(alice, "What?", { poll });
    const before = await bob.api.get(`/api/v1/polls/${id}`);
    expect(before).toMatchObject({ voted: false, own_votes: [], votes_count: 0 });
    const after = await bob.api.post(`/api/v1/polls/${id}/votes`, { choices: ["1"] });
    expect(after).toMatchObject({ voted: true, own_votes: [1], votes_count: 1, voters_count: 1 });
    for (const [who, choices] of [
      [bob, [0]],
      [alice, [0]],
      [await newcomer(), [7]],
      [await newcomer(), []],
      [await newcomer(), [0, 1]],
    ] as const) {
      const refused = await who.api.ask("POST", `/api/v1/polls/${id}/votes`, { choices });
      expect([refused.status, typeof refused.body.error]).toEqual([422, "string"]);
    }
    expect((await alice.api.get(`/api/v1/statuses/${id}`)).poll.votes_count).toBe(1);
  });

  test("a quote is shown with the quoted post, listed, and may be taken back by the quoted author", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const quoted = await write(alice, "Quote me", { quote_approval_policy: "public" });
    const quote = await write(bob, "Look", { quoted_status_id: quoted.id });
    expect(quote.quote.state).toBe("pending");
    await (await house()).app.worker.drain();
    const seen = await bob.api.get(`/api/v1/statuses/${quote.id}`);
    expect(seen.quote).toMatchObject({ state: "accepted", quoted_status: { id: quoted.id } });
    const listed = await alice.api.get(`/api/v1/statuses/${quoted.id}/quotes`);
    expect(listed.map(({ id }: Loose) => id)).toEqual([quote.id]);
    const { quote: revoked } = await alice.api.post(
      `/api/v1/statuses/${quoted.id}/quotes/${quote.id}/revoke`,
    );
    expect(revoked).toEqual({ state: "revoked", quoted_status: null });
    await (await house()).app.worker.drain();
    expect((await bob.api.get(`/api/v1/statuses/${quote.id}`)).quote).toEqual(revoked);
    const closed = await alice.api.put(`/api/v1/statuses/${quoted.id}/interaction_policy`, {
      quote_approval_policy: "nobody",
    });
    expect(closed.quote_approval.automatic).toEqual([]);
    const opened = { status: "Quote me", quote_approval_policy: "followers" };
    const edited = await alice.api.put(`/api/v1/statuses/${quoted.id}`, opened);
    expect(edited.quote_approval.automatic).toEqual(["followers"]);
    await alice.api.put(`/api/v1/statuses/${quoted.id}`, { status: "Quote me not" });
    const again = { status: "Look again", quoted_status_id: quoted.id };
    expect((await bob.api.ask("POST", "/api/v1/statuses", again)).status).toBe(403);
    expect((await alice.api.ask("POST", "/api/v1/statuses", again)).status).toBe(200);
  });

  test("a quote of what was deleted says so, and one that was refused", async () => {
    const { app } = await house();
    const [alice, bob] = [await newcomer(), await newcomer()];
    const [first, second] = [await write(alice, "Quote me"), await write(alice, "Ask me")];
    const quote = await write(bob, "Look", { quoted_status_id: first.id });
    await app.worker.drain();
    await alice.api.delete(`/api/v1/statuses/${first.id}`);
    const stateOf = async (id: string) => (await bob.api.get(`/api/v1/statuses/${id}`)).quote;
    expect(await stateOf(quote.id)).toEqual({ state: "deleted", quoted_status: null });
    // Whoever asks all the same is asked for by hand, and told no.
    const asked = await bob.act({
      type: "Create",
      to: [PUBLIC],
      object: { type: "Note", content: "See this", quote: second.uri },
    });
    await alice.api.put(`/api/v1/statuses/${second.id}/interaction_policy`, {
      quote_approval_policy: "nobody",
    });
    await app.worker.drain();
    expect(await stateOf(String(asked.object?.key))).toEqual({ state: "rejected", quoted_status: null });
  });

  test("a group is followed, and posted to by naming it", async () => {
    const { app, ada } = await house();
    const [alice, bob] = [await newcomer(), await newcomer()];
    const group = `club_${alice.name}`;
    const posted = await ada.submit("/groups/new", {
      name: group,
      displayName: "The Club",
      access: "public",
      joining: "open",
      posting: "members",
    });
    expect(posted.status).toBeLessThan(400);
    const account = await alice.api.get(`/api/v1/accounts/lookup?acct=${group}`);
    expect(account).toMatchObject({ group: true, acct: group });
    for (const who of [alice, bob]) await who.api.post(`/api/v1/accounts/${account.id}/follow`);
    app.clock.advance(1_000);
    const { id } = await write(alice, `@${group} hello everybody`);
    const inGroup = await bob.api.get(`/api/v1/accounts/${account.id}/statuses`);
    expect(inGroup.map((status: Loose) => status.id)).toEqual([id]);
    const home = await bob.api.get("/api/v1/timelines/home");
    expect(home.map((status: Loose) => (status.reblog ?? status).id)).toContain(id);
  });
});
