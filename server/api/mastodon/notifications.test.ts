/** What clients hear of what happened: one by one, in groups, and only from whom somebody wants to hear. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import { DAY_MS } from "../../lib/durations.ts";
import { testApp } from "../../testing/app.ts";
import { type AppClient, appOf, type Loose } from "../../testing/app-client.ts";
import { onSqlite } from "../../testing/engines.ts";
import { type Person, person } from "../../testing/people.ts";

onSqlite((engine) => {
  async function build() {
    const app = await testApp(engine);
    const admin = await person(app, "ada", "admin");
    return { app, admin };
  }
  let built: ReturnType<typeof build> | undefined;
  const house = () => {
    built ??= build();
    return built;
  };
  let counter = 0;
  /** Somebody new, with a program. */
  async function newcomer(): Promise<Person & { readonly api: AppClient }> {
    const made = await person((await house()).app, `person${++counter}`);
    return { ...made, api: await appOf(made) };
  }
  const typesOf = (notifications: Loose): readonly string[] => notifications.map((one: Loose) => one.type);

  test("each kind of notice has its name, its account and its post", async () => {
    const { app } = await house();
    const [alice, bob] = [await newcomer(), await newcomer()];
    const post = await alice.note("hello", { to: [PUBLIC] });
    const deeds = [
      { type: "Follow", object: alice.iri },
      { type: "Like", object: post },
      { type: "Announce", object: post, to: [PUBLIC] },
      { type: "EmojiReact", object: post, content: "🔥" },
      { type: "Create", to: [PUBLIC], object: { type: "Note", content: "answer", inReplyTo: post } },
    ];
    for (const deed of deeds) {
      app.clock.advance(10);
      await bob.act(deed);
    }
    const all = await alice.api.get(
      "/api/v1/notifications?types[]=mention&types[]=favourite&types[]=reblog&types[]=follow",
    );
    expect(typesOf(all)).toEqual(["mention", "reblog", "favourite", "follow"]);
    expect(all[0].account.acct).toBe(bob.name);
    expect(all[1].status.content).toContain("hello");
    const reaction = await alice.api.ask("GET", "/api/v1/notifications?types[]=pleroma:emoji_reaction");
    expect(reaction.body[0]).toMatchObject({ type: "pleroma:emoji_reaction", emoji: "🔥" });
    expect(await alice.api.get("/api/v1/notifications/unread_count")).toEqual({ count: 5 });
    const one = await alice.api.get(`/api/v1/notifications/${all[0].id}`);
    expect(one.id).toBe(all[0].id);
  });

  test("excluded types and one account's alone are what is asked for, and links keep it so", async () => {
    const { app } = await house();
    const [alice, bob, carol] = [await newcomer(), await newcomer(), await newcomer()];
    const post = await alice.note("hello", { to: [PUBLIC] });
    for (const who of [bob, carol]) {
      await who.act({ type: "Like", object: post });
      app.clock.advance(10);
      await who.act({ type: "Announce", object: post, to: [PUBLIC] });
      app.clock.advance(10);
    }
    expect(typesOf(await alice.api.get("/api/v1/notifications?exclude_types[]=favourite"))).toEqual([
      "reblog",
      "reblog",
    ]);
    const bobs = await alice.api.get(`/api/v1/notifications?account_id=${bob.key}`);
    expect(bobs.map((one: Loose) => one.account.id)).toEqual([String(bob.key), String(bob.key)]);
    const page = await alice.api.ask("GET", "/api/v1/notifications?limit=1&exclude_types[]=favourite");
    const next = /<([^>]+)>; rel="next"/.exec(page.headers.get("link") ?? "")?.[1] ?? "";
    expect(next).toContain("exclude_types%5B%5D=favourite");
    const second = await alice.api.get(next.replace(app.origin, ""));
    expect(second.map((one: Loose) => one.account.acct)).toEqual([bob.name]);
  });

  test("what is dismissed is gone, and clearing leaves nothing", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const post = await alice.note("hello", { to: [PUBLIC] });
    await bob.act({ type: "Like", object: post });
    await bob.act({ type: "Announce", object: post, to: [PUBLIC] });
    const [first, second] = await alice.api.get("/api/v1/notifications");
    expect(await alice.api.post(`/api/v1/notifications/${first.id}/dismiss`)).toEqual({});
    expect((await alice.api.get("/api/v1/notifications")).map((one: Loose) => one.id)).toEqual([second.id]);
    expect((await bob.api.ask("POST", `/api/v1/notifications/${second.id}/dismiss`)).status).toBe(200);
    expect(await alice.api.get("/api/v1/notifications")).toHaveLength(1);
    expect(await alice.api.post("/api/v1/notifications/clear")).toEqual({});
    expect(await alice.api.get("/api/v1/notifications")).toEqual([]);
  });

  test("groups put likes of one post together, name everybody in them, and follow each other page by page", async () => {
    const { app } = await house();
    const alice = await newcomer();
    const one = await alice.note("first", { to: [PUBLIC] });
    const two = await alice.note("second", { to: [PUBLIC] });
    const fans = [];
    for (let i = 0; i < 4; i++) fans.push(await newcomer());
    for (const fan of fans) {
      for (const post of [one, two]) {
        app.clock.advance(10);
        await fan.act({ type: "Like", object: post });
      }
    }
    app.clock.advance(10);
    await fans[0]?.note("hey", { to: [PUBLIC] }, { inReplyTo: one });
    const all = await alice.api.get("/api/v2/notifications");
    const groups = all.notification_groups;
    expect(groups.map((group: Loose) => [group.type, group.notifications_count])).toEqual([
      ["mention", 1],
      ["favourite", 4],
      ["favourite", 4],
    ]);
    expect(groups[1].sample_account_ids).toEqual(fans.map(({ key }) => String(key)).reverse());
    expect(Number.isSafeInteger(groups[1].most_recent_notification_id)).toBe(true);
    const accounts = new Set(all.accounts.map((account: Loose) => account.id));
    const statuses = new Set(all.statuses.map((status: Loose) => status.id));
    for (const group of groups) {
      expect(group.sample_account_ids.every((id: string) => accounts.has(id))).toBe(true);
      expect(statuses.has(group.status_id)).toBe(true);
    }
    // A group whose newest was on an earlier page is not told again, though it goes on below it.
    const first = await alice.api.ask("GET", "/api/v2/notifications?limit=2");
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1] ?? "";
    const second = await alice.api.get(next.replace(app.origin, ""));
    const keys = [...first.body.notification_groups, ...second.notification_groups].map(
      (group: Loose) => group.group_key,
    );
    expect(keys).toEqual(groups.map((group: Loose) => group.group_key));
    expect(second.notification_groups[0].notifications_count).toBe(4);

    const key = groups[1].group_key;
    expect((await alice.api.get(`/api/v2/notifications/${key}`)).notification_groups[0].group_key).toBe(key);
    expect(await alice.api.get(`/api/v2/notifications/${key}/accounts`)).toHaveLength(4);
    const unread = (query = "") => alice.api.get(`/api/v2/notifications/unread_count${query}`);
    expect(await unread()).toEqual({ count: 3 });
    expect(await unread("?limit=2")).toEqual({ count: 2 });
    expect(await unread("?grouped_types[]=follow")).toEqual({ count: 9 });
    expect(await unread("?types[]=mention")).toEqual({ count: 1 });
    expect(await alice.api.get("/api/v1/notifications/unread_count")).toEqual({ count: 9 });
    const newest = { notifications: { last_read_id: String(groups[1].most_recent_notification_id) } };
    await alice.api.post("/api/v1/markers", newest);
    expect(await unread()).toEqual({ count: 1 });
    const partial = await alice.api.get("/api/v2/notifications?expand_accounts=partial_avatars");
    expect(partial.partial_accounts.length + partial.accounts.length).toBe(4);
    const apart = await alice.api.get("/api/v2/notifications?grouped_types[]=follow");
    expect(apart.notification_groups).toHaveLength(9);
    await alice.api.post(`/api/v2/notifications/${key}/dismiss`);
    expect((await alice.api.get("/api/v2/notifications")).notification_groups).toHaveLength(2);
    expect((await alice.api.ask("GET", "/api/v2/notifications/nonsense")).status).toBe(404);
  });

  test("a policy keeps strangers back, and their requests are accepted, or put aside till there is something new", async () => {
    const { app } = await house();
    const [alice, bob, carol] = [await newcomer(), await newcomer(), await newcomer()];
    const post = await alice.note("hello", { to: [PUBLIC] });
    const policy = await alice.api.put("/api/v2/notifications/policy", { for_not_following: "filter" });
    expect(policy).toMatchObject({ for_not_following: "filter", for_limited_accounts: "filter" });
    for (const who of [bob, carol]) await who.act({ type: "Like", object: post });
    expect(await alice.api.get("/api/v1/notifications")).toEqual([]);
    expect(await alice.api.get("/api/v1/notifications/unread_count")).toEqual({ count: 0 });
    expect(await alice.api.get("/api/v1/notifications?include_filtered=true")).toHaveLength(2);
    expect((await alice.api.get("/api/v2/notifications/policy")).summary).toEqual({
      pending_requests_count: 2,
      pending_notifications_count: 2,
    });
    const requests = await alice.api.get("/api/v1/notifications/requests");
    expect(requests.map((one: Loose) => one.account.acct)).toEqual([carol.name, bob.name]);
    expect(requests[0]).toMatchObject({ notifications_count: "1" });
    const pathAbove = "/api/v1/notifications/requests?limit=1&min_id=1";
    expect((await alice.api.get(pathAbove)).map((one: Loose) => one.account.acct)).toEqual([bob.name]);
    await alice.api.post(`/api/v1/notifications/requests/${bob.key}/accept`);
    expect((await alice.api.get("/api/v1/notifications")).map((one: Loose) => one.account.acct)).toEqual([
      bob.name,
    ]);
    await alice.api.post("/api/v1/notifications/requests/dismiss", { id: [String(carol.key)] });
    expect(await alice.api.get("/api/v1/notifications/requests")).toEqual([]);
    app.clock.advance(10);
    await carol.act({ type: "Announce", object: post, to: [PUBLIC] });
    const anew = await alice.api.get("/api/v1/notifications/requests");
    expect(anew).toMatchObject([{ account: { acct: carol.name }, notifications_count: "1" }]);
    await alice.api.post(`/api/v1/notifications/requests/${carol.key}/dismiss`);
    expect(await alice.api.get("/api/v1/notifications/requests")).toEqual([]);
    expect(await alice.api.get("/api/v1/notifications/requests/merged")).toEqual({ merged: true });
    await alice.api.patch("/api/v2/notifications/policy", { for_not_following: "drop" });
    expect(await alice.api.get("/api/v1/notifications?include_filtered=true")).toHaveLength(1);
    expect(
      (await alice.api.ask("PUT", "/api/v2/notifications/policy", { for_new_accounts: "x" })).status,
    ).toBe(422);
    const older = await alice.api.ask("GET", "/api/v1/notifications/policy");
    expect(older.body).toMatchObject({ filter_not_following: true, filter_new_accounts: false });
  });

  test("each aspect of a policy keeps back those whom it means, and nobody else", async () => {
    const { app } = await house();
    const [alice, bob] = [await newcomer(), await newcomer()];
    const post = await alice.note("hello", { to: [PUBLIC] });
    const like = await bob.act({ type: "Like", object: post });
    const count = async () => (await alice.api.get("/api/v1/notifications")).length;
    const only = async (aspect: string) => {
      const none = { for_not_following: "accept", for_not_followers: "accept", for_new_accounts: "accept" };
      await alice.api.put("/api/v2/notifications/policy", { ...none, [aspect]: "filter" });
      return count();
    };
    expect(await only("for_new_accounts")).toBe(0);
    expect(await only("for_not_followers")).toBe(0);
    await bob.act({ type: "Follow", object: alice.iri });
    expect(await only("for_not_followers")).toBe(2);
    expect(await only("for_private_mentions")).toBe(2);
    await bob.act({
      type: "Create",
      to: [alice.iri],
      object: { type: "Note", content: "psst", tag: [{ type: "Mention", href: alice.iri }] },
    });
    expect(await count()).toBe(2);
    app.clock.advance(40 * DAY_MS);
    expect(await only("for_new_accounts")).toBe(2);
    await bob.act({ type: "Undo", object: like.activity.id });
    expect(await count()).toBe(1);
  });

  test("an edit is told to those who shared or quote it, and decisions to whom they are about", async () => {
    const { app, admin } = await house();
    const [alice, bob, carol] = [await newcomer(), await newcomer(), await newcomer()];
    const post = await alice.note("hello", { to: [PUBLIC] });
    await bob.act({ type: "Announce", object: post, to: [PUBLIC] });
    await carol.note("look", { to: [PUBLIC] }, { quote: post });
    await alice.act({ type: "Update", object: { id: post, content: "hello again" } });
    const [edit] = await bob.api.get("/api/v1/notifications?types[]=update");
    expect(edit.status.content).toContain("hello again");
    expect(typesOf(await carol.api.get("/api/v1/notifications?types[]=quoted_update"))).toEqual([
      "quoted_update",
    ]);
    // Nobody is told of what nobody sees.
    await alice.act({ type: "Update", object: { id: post, content: "hello again" } });
    expect(await bob.api.get("/api/v1/notifications?types[]=update")).toHaveLength(1);

    await app.peace.sanctions.impose(admin.key, { kind: "warn", actor: bob.key, text: "Be kind." });
    const [warning] = await bob.api.get("/api/v1/notifications?types[]=moderation_warning");
    expect(warning.moderation_warning).toMatchObject({ action: "none", text: "Be kind.", appeal: null });
  });

  test("a quote is told with the post that quotes, one by one and in groups", async () => {
    const { app } = await house();
    const [alice, bob] = [await newcomer(), await newcomer()];
    const { id } = await alice.api.post("/api/v1/statuses", { status: "mine" });
    await bob.api.post("/api/v1/statuses", { status: "look at this", quoted_status_id: id });
    await app.worker.drain();
    const [quote] = await alice.api.get("/api/v1/notifications?types[]=quote");
    expect(quote).toMatchObject({ account: { acct: bob.name }, status: { quote: { state: "accepted" } } });
    expect(quote.status.content).toContain("look at this");
    const grouped = await alice.api.get("/api/v2/notifications?types[]=quote");
    expect(grouped.notification_groups[0].status_id).toBe(quote.status.id);
    expect(grouped.statuses.map((status: Loose) => status.id)).toEqual([quote.status.id]);
    expect(await (await alice.page("/notices")).text()).toContain("look at this");
  });

  test("whoever asked to hear of somebody's posts is told of each, but not of answers to others", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    await alice.api.post(`/api/v1/accounts/${bob.key}/follow`, { notify: true });
    const hello = await alice.note("hello", { to: [PUBLIC] });
    const post = await bob.note("news", { to: [PUBLIC] });
    await bob.note("indeed", { to: [PUBLIC] }, { inReplyTo: post });
    await bob.note("aha", { to: [PUBLIC] }, { inReplyTo: hello });
    const told = await alice.api.get("/api/v1/notifications?types[]=status");
    expect(told.map(({ status }: Loose) => status.content)).toEqual(["indeed", "news"]);
    await alice.api.post(`/api/v1/accounts/${bob.key}/unfollow`);
    await bob.note("more news", { to: [PUBLIC] });
    expect(await alice.api.get("/api/v1/notifications?types[]=status")).toHaveLength(2);
  });

  test("of what one may not see nothing is told, not even that it is there", async () => {
    const [alice, bob, carol] = [await newcomer(), await newcomer(), await newcomer()];
    await carol.api.post(`/api/v1/accounts/${alice.key}/follow`, { notify: true });
    await alice.note("for bob", { to: [bob.iri] });
    const asked = await carol.note("asked", { to: [PUBLIC] });
    await bob.note("between us", { to: [alice.iri] }, { inReplyTo: asked });
    expect(await carol.api.get("/api/v1/notifications")).toEqual([]);
    expect((await carol.api.get("/api/v1/notifications/unread_count")).count).toBe(0);
    expect(await carol.notices()).toEqual([]);
    await alice.note("for all", { to: [PUBLIC] });
    expect((await carol.api.get("/api/v1/notifications/unread_count")).count).toBe(1);
  });

  test("the staff hear of reports and of whoever waits to be let in", async () => {
    const { app, admin } = await house();
    const [alice, bob] = [await newcomer(), await newcomer()];
    const post = await bob.note("spam", { to: [PUBLIC] });
    const staff = await appOf(admin);
    const key = (await app.federation.look.find(post))?.key ?? 0;
    const report = await alice.api.post("/api/v1/reports", {
      account_id: String(bob.key),
      status_ids: [String(key)],
      comment: "Spam!",
      category: "spam",
    });
    expect(report).toMatchObject({ category: "spam", status_ids: [String(key)], action_taken: false });
    await app.worker.drain();
    const [told] = await staff.get("/api/v1/notifications?types[]=admin.report");
    expect(told.account.acct).toBe(alice.name);
    expect(told.report).toMatchObject({ comment: "Spam!", target_account: { acct: bob.name } });
    expect(await alice.api.get("/api/v1/notifications?types[]=admin.report")).toEqual([]);

    await app.opened.accounts.create({ name: "waiting", password: null, role: "member", state: "pending" });
    const [waiting] = await staff.get("/api/v1/notifications?types[]=admin.sign_up");
    expect(waiting.account.acct).toBe("waiting");
  });

  test("what a filter hides is neither told nor counted", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const post = await alice.note("hello", { to: [PUBLIC] });
    await alice.api.post("/api/v2/filters", {
      title: "Sport",
      context: ["notifications"],
      filter_action: "hide",
      keywords_attributes: [{ keyword: "football", whole_word: true }],
    });
    await bob.note("football!", { to: [PUBLIC] }, { inReplyTo: post });
    await bob.note("chess!", { to: [PUBLIC] }, { inReplyTo: post });
    expect(await alice.api.get("/api/v1/notifications")).toHaveLength(1);
    expect(await alice.api.get("/api/v1/notifications/unread_count")).toEqual({ count: 1 });
    expect(await (await house()).app.queries.unreadNotices(alice.key)).toBe(1);
  });
});
