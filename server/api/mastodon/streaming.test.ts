/** Streams of the API: who hears what, under which name, and when it is over. */
import { beforeAll, describe, expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { eachEngine } from "../../testing/engines.ts";
import { mastodonSchema } from "../../testing/mastodon.ts";
import { type Person, person } from "../../testing/people.ts";
import { type Client, connect, type Frame, payloadOf, tokenOf } from "../../testing/stream-client.ts";

eachEngine((engine) => {
  let app: TestApp;
  let alice: Person;
  let bob: Person;
  let carol: Person;

  beforeAll(async () => {
    app = await testApp(engine);
    alice = await person(app, "alice", "admin");
    bob = await person(app, "bob");
    carol = await person(app, "carol");
    await bob.act({ type: "Follow", object: alice.iri, to: [alice.iri] });
    await carol.act({ type: "Follow", object: alice.iri, to: [alice.iri] });
  });

  const open = (who: Person, query: string) =>
    connect(app, `/api/v1/streaming?access_token=${tokenOf(who.bearer)}${query}`);
  const post = (who: Person, content: string, more: object = {}, to: readonly string[] = [PUBLIC]) =>
    who.note(content, { to: [...to], cc: [who.followers] }, more as never);
  /** A frame that comes after everything that was told before. */
  const marker = async (client: Client, who: Person, stream: string): Promise<Frame> => {
    client.say({ type: "subscribe", stream });
    await post(who, "<p>marker</p>");
    return client.next();
  };

  describe("who gets in", () => {
    test("a token is taken from the query, the header, or the subprotocol, which comes back", async () => {
      const token = tokenOf(alice.bearer);
      const cases: [string, Record<string, string>, Record<string, string>][] = [
        [`/api/v1/streaming?access_token=${token}`, {}, {}],
        ["/api/v1/streaming", { authorization: alice.bearer }, {}],
        ["/api/v1/streaming/", { "sec-websocket-protocol": token }, { "sec-websocket-protocol": token }],
      ];
      for (const [path, headers, echoed] of cases) {
        const client = await connect(app, path, headers);
        expect([path, client.upgraded]).toEqual([path, echoed]);
        client.close();
      }
    });

    test("no token, a wrong one, or a cookie alone is 401 before anything is upgraded", async () => {
      const cases: [string, Record<string, string>][] = [
        ["/api/v1/streaming?stream=user", {}],
        ["/api/v1/streaming?access_token=no-such-token", {}],
        ["/api/v1/streaming", { "sec-websocket-protocol": "no-such-token" }],
        ["/api/v1/streaming?stream=user", { cookie: alice.cookie, origin: app.origin }],
      ];
      for (const [path, headers] of cases) {
        const { response, upgraded } = await connect(app, path, headers);
        expect([path, response.status, upgraded]).toEqual([path, 401, null]);
        expect(await response.json()).toHaveProperty("error");
      }
    });

    test("streams need their scopes, and what is no stream is said", async () => {
      const bearer = await alice.tokenFor("read:notifications");
      const client = await connect(app, "/api/v1/streaming", { authorization: bearer });
      client.say({ type: "subscribe", stream: "user" });
      expect(await client.next()).toEqual({
        error: "Access token does not have the required scopes",
        status: 401,
      } as Frame);
      for (const stream of ["no-such", ["user"], { toString: 1, valueOf: 1 }]) {
        client.say({ type: "subscribe", stream });
        expect((await client.next()).error).toBe("Unknown channel requested");
      }
      client.close();
    });
  });

  test("a post reaches followers and author at once, with the same text; strangers hear nothing", async () => {
    const [his, hers, own] = await Promise.all([bob, carol, alice].map((who) => open(who, "&stream=user")));
    const dave = await person(app, "dave");
    const stranger = await open(dave, "&stream=user");
    await post(alice, "<p>Hello</p>");
    const frames = await Promise.all([his, hers, own].map((client) => client?.next()));
    for (const frame of frames) {
      expect(frame).toMatchObject({ stream: ["user"], event: "update" });
      expect(payloadOf(frame ?? {})).toMatchObject({ content: "<p>Hello</p>", visibility: "public" });
    }
    expect(frames[0]?.payload).toBe(frames[1]?.payload as string);
    await dave.note("<p>mine</p>", { to: [dave.followers] });
    expect(payloadOf(await stranger.next()).content).toBe("<p>mine</p>");
    for (const client of [his, hers, own, stranger]) client?.close();
  });

  test("what frames carry is as the published schema has it", async () => {
    const client = await open(bob, "&stream=user");
    const tag = [{ type: "Mention", href: bob.iri, name: bob.handle }];
    await post(alice, "<p>Hello, Bob</p>", { tag }, [PUBLIC, bob.iri]);
    const paths: Readonly<Record<string, string>> = {
      update: "/api/v1/statuses/1",
      notification: "/api/v1/notifications/1",
    };
    for (const frame of [await client.next(), await client.next()]) {
      const path = paths[frame.event ?? ""] ?? "";
      expect(mastodonSchema()?.faults("GET", path, 200, payloadOf(frame)) ?? []).toEqual([]);
    }
    client.close();
  });

  test("edits and deletions are told to those who have the post", async () => {
    const client = await open(bob, "&stream=user");
    const iri = await post(alice, "<p>First</p>");
    const made = payloadOf(await client.next());
    await alice.act({
      type: "Update",
      object: { id: iri, type: "Note", content: "<p>Second</p>" },
      to: [PUBLIC],
    });
    const changed = await client.next();
    expect(changed).toMatchObject({ event: "status.update" });
    expect(payloadOf(changed)).toMatchObject({ id: made.id as string, content: "<p>Second</p>" });
    await alice.act({ type: "Delete", object: iri, to: [PUBLIC] });
    expect(await client.next()).toEqual({ stream: ["user"], event: "delete", payload: made.id as string });
    client.close();
  });

  test("a share comes as its own line, and goes when it is taken back", async () => {
    const iri = await post(bob, "<p>worth sharing</p>");
    const client = await open(carol, "&stream=user");
    const { activity } = await alice.act({
      type: "Announce",
      object: iri,
      to: [PUBLIC],
      cc: [alice.followers],
    });
    const shared = payloadOf(await client.next());
    expect(shared).toMatchObject({ account: { acct: "alice" }, reblog: { content: "<p>worth sharing</p>" } });
    await alice.act({ type: "Undo", object: activity.id ?? "", to: [PUBLIC] });
    expect(await client.next()).toEqual({ stream: ["user"], event: "delete", payload: shared.id as string });
    client.close();
  });

  test("several streams on one socket each have their own frames, until they are left", async () => {
    const client = await open(bob, "");
    client.say({ type: "subscribe", stream: "public:local" });
    client.say({ type: "subscribe", stream: "hashtag", tag: "Maths" });
    await post(carol, "<p>#maths</p>", {
      tag: [{ type: "Hashtag", name: "#maths", href: `${app.origin}/tags/maths` }],
    });
    const streams = [await client.next(), await client.next()].map(({ stream }) => stream);
    expect(streams).toContainEqual(["hashtag", "Maths"]);
    expect(streams).toContainEqual(["public:local"]);
    client.say({ type: "unsubscribe", stream: "hashtag", tag: "Maths" });
    client.say({ type: "unsubscribe", stream: "public:local" });
    expect(await marker(client, carol, "public")).toMatchObject({ stream: ["public"] });
    client.close();
  });

  test("what is for followers alone, of somebody blocked, or an answer stands in no public stream", async () => {
    const client = await open(bob, "&stream=public");
    const iri = await post(alice, "<p>seen</p>");
    expect(payloadOf(await client.next()).content).toBe("<p>seen</p>");
    await alice.note("<p>for followers</p>", { to: [alice.followers] });
    await post(carol, "<p>an answer</p>", { inReplyTo: iri });
    await bob.act({ type: "Block", object: carol.iri });
    await post(carol, "<p>blocked</p>");
    await post(alice, "<p>last</p>");
    expect(payloadOf(await client.next()).content).toBe("<p>last</p>");
    client.close();
  });

  test("notices come in the streams of their person, once in each, and need their own scope", async () => {
    const client = await open(alice, "");
    client.say({ type: "subscribe", stream: "user" });
    client.say({ type: "subscribe", stream: "user:notification" });
    const blind = await connect(app, "/api/v1/streaming?stream=user", {
      authorization: await alice.tokenFor("read:statuses"),
    });
    const iri = await post(alice, "<p>to be liked</p>");
    expect((await client.next()).event).toBe("update");
    await bob.act({ type: "Like", object: iri, to: [alice.iri] });
    const told = [await client.next(), await client.next()];
    expect(told.map(({ stream, event }) => `${stream} ${event}`).sort()).toEqual([
      "user notification",
      "user:notification notification",
    ]);
    expect(payloadOf(told[0] ?? {})).toMatchObject({ type: "favourite", account: { acct: "bob" } });
    await post(alice, "<p>last</p>");
    expect([(await blind.next()).event, (await blind.next()).event]).toEqual(["update", "update"]);
    client.close();
    blind.close();
  });

  test("the staff hear of whoever waits to be let in", async () => {
    const staff = await person(app, "head", "admin");
    const client = await open(staff, "&stream=user:notification");
    await app.opened.accounts.create({ name: "waiting", password: null, role: "member", state: "pending" });
    expect(payloadOf(await client.next())).toMatchObject({
      type: "admin.sign_up",
      account: { acct: "waiting" },
    });
    client.close();
  });

  test("what is for those addressed alone comes as a conversation, to them alone", async () => {
    const [his, hers] = [await open(bob, "&stream=direct"), await open(carol, "&stream=direct")];
    const tag = [{ type: "Mention", href: bob.iri, name: bob.handle }];
    await alice.note("<p>Only you</p>", { to: [bob.iri] }, { tag });
    const frame = await his.next();
    expect(frame).toMatchObject({ stream: ["direct"], event: "conversation" });
    expect(payloadOf(frame)).toMatchObject({ unread: true, last_status: { content: "<p>Only you</p>" } });
    await alice.note("<p>And you</p>", { to: [carol.iri] }, { tag: [] });
    expect(payloadOf(await hers.next())).toMatchObject({ last_status: { content: "<p>And you</p>" } });
    his.close();
    hers.close();
  });

  test("filters that change are told to their person's programs", async () => {
    const client = await open(bob, "&stream=user");
    await app.opened.tastes.saveFilter(bob.key, {
      title: "Tests",
      phrases: [{ text: "exam", isWhole: true }] as never,
      contexts: ["home"],
      action: "hide",
      expiresMs: null,
    });
    expect(await client.next()).toEqual({ stream: ["user"], event: "filters_changed" });
    await post(alice, "<p>The exam is near</p>");
    await post(alice, "<p>Something else</p>");
    expect(payloadOf(await client.next()).content).toBe("<p>Something else</p>");
    client.close();
  });

  test("each decision of the staff is told once to whom it is about, and a report to the staff", async () => {
    const [his, hers] = [await open(bob, "&stream=user"), await open(alice, "&stream=user")];
    for (const text of ["Be kind.", "Be kinder."]) {
      await app.peace.sanctions.impose(alice.key, { kind: "warn", actor: bob.key, text });
      expect(payloadOf(await his.next())).toMatchObject({
        type: "moderation_warning",
        moderation_warning: { text },
      });
    }
    await bob.act({ type: "Flag", object: carol.iri, content: "Spam" });
    await app.worker.drain();
    expect(payloadOf(await hers.next())).toMatchObject({ type: "admin.report", report: { comment: "Spam" } });
    his.close();
    hers.close();
  });

  test("what one did with a post that is quoted is told to nobody else", async () => {
    const quoted = await post(alice, "<p>quoted</p>");
    const target = `${bob.iri}/bookmarks`;
    await bob.act({ type: "Add", object: quoted, target });
    await bob.act({ type: "Like", object: quoted });
    const clients = [await open(bob, "&stream=user"), await open(carol, "&stream=user")];
    await post(alice, "<p>quoting</p>", { quote: quoted });
    const told = await Promise.all(clients.map(async (client) => payloadOf(await client.next())));
    const marks = told.map(({ quote }) => {
      const { bookmarked, favourited } = (quote as { quoted_status: Record<string, unknown> }).quoted_status;
      return { bookmarked, favourited };
    });
    expect(marks).toEqual([
      { bookmarked: true, favourited: true },
      { bookmarked: false, favourited: false },
    ]);
    for (const client of clients) client.close();
  });

  test("an announcement, reactions to it, and its end are told to everybody", async () => {
    const client = await open(carol, "&stream=user");
    const { announcements } = app.offering;
    const { key } = await announcements.save(alice.key, {
      text: "Closed on Friday",
      startsMs: null,
      endsMs: null,
      isAllDay: false,
    });
    const told = await client.next();
    expect([told.event, payloadOf(told)]).toMatchObject(["announcement", { id: String(key), reactions: [] }]);
    await announcements.react(carol.key, key, "🎉");
    const reaction = await client.next();
    expect([reaction.event, payloadOf(reaction)]).toEqual([
      "announcement.reaction",
      { name: "🎉", count: 1, announcement_id: String(key) },
    ]);
    // What one has read and said to it is told to nobody else.
    await announcements.dismiss(carol.key, key);
    const other = await open(bob, "&stream=user");
    await announcements.save(
      alice.key,
      { text: "Again", startsMs: null, endsMs: null, isAllDay: false },
      key,
    );
    for (const each of [client, other])
      expect(payloadOf(await each.next())).toMatchObject({
        read: false,
        reactions: [{ name: "🎉", count: 1, me: false }],
      });
    other.close();
    await announcements.remove(alice.key, key);
    expect(await client.next()).toMatchObject({ event: "announcement.delete", payload: String(key) });
    client.close();
  });

  test("a poll that is over is told to those who voted", async () => {
    const closed = new Date(app.clock.now() + 3_600_000).toISOString();
    const choices = ["Yes", "No"].map((name) => ({ type: "Note", name }));
    const { object } = await alice.act({
      type: "Create",
      to: [PUBLIC],
      object: { type: "Question", content: "<p>Shall we?</p>", oneOf: choices, endTime: closed } as never,
    });
    const vote = { type: "Note", name: "Yes", inReplyTo: object?.iri ?? "", to: [alice.iri] };
    await bob.act({ type: "Create", to: [alice.iri], object: vote });
    const client = await open(bob, "&stream=user:notification");
    app.clock.advance(3_700_000);
    await app.worker.drain();
    expect(payloadOf(await client.next())).toMatchObject({ type: "poll", account: { acct: "alice" } });
    client.close();
  });

  test("an account has only so many streams", async () => {
    const clients: Client[] = [];
    const zoe = await person(app, "zoe");
    for (let i = 0; i < 65; i++) clients.push(await open(zoe, "&stream=user"));
    expect(await clients.at(-1)?.closed).toBe(1013);
    for (const client of clients) client.close();
    const again = await open(zoe, "&stream=user");
    await zoe.note("<p>heard</p>", { to: [zoe.followers] });
    expect((await again.next()).event).toBe("update");
    again.close();
  });

  test("a client that says more than any would is let go", async () => {
    const yan = await person(app, "yan");
    const client = await open(yan, "");
    for (let i = 0; i < 200; i++) client.say({ type: "subscribe", stream: "no-such" });
    expect((await client.next()).status).toBe(400);
    client.say({ type: "unsubscribe", stream: "user" });
    expect(await client.closed).toBe(1008);
  });

  test("access that ends closes the socket, and no other one", async () => {
    const eve = await person(app, "eve");
    const first = await connect(app, "/api/v1/streaming?stream=user", { authorization: eve.bearer });
    const second = await connect(app, "/api/v1/streaming?stream=user", {
      authorization: await eve.tokenFor("read"),
    });
    const viewer = await app.opened.oauth.tokens.find(tokenOf(eve.bearer));
    await app.opened.oauth.revocation.byPerson(eve.key, viewer?.consent ?? 0);
    expect(await first.closed).toBe(1008);
    await eve.note("<p>still there</p>", { to: [eve.followers] });
    expect((await second.next()).event).toBe("update");
    const account = await app.opened.accounts.people.find(eve.key);
    if (account !== null) await app.opened.accounts.people.disable(null, account, "");
    expect(await second.closed).toBe(1008);
  });

  test("access that ends while the socket is being opened, or by its own time, closes it as well", async () => {
    const dan = await person(app, "dan");
    const [consent] = await app.opened.oauth.revocation.list(dan.key);
    const late = await connect(app, "/api/v1/streaming?stream=user", { authorization: dan.bearer }, () =>
      app.opened.oauth.revocation.byPerson(dan.key, consent?.key ?? 0),
    );
    expect(await late.closed).toBe(1008);
    const account = await app.opened.accounts.people.getByName("dan");
    const expiresMs = app.clock.now() + 1;
    const brief = await app.opened.oauth.tokens.create({ account, scope: "read", expiresMs });
    const short = await connect(app, "/api/v1/streaming", { authorization: `Bearer ${brief}` });
    expect(await short.closed).toBe(1008);
  });

  test("server-sent events say the same, in their own form", async () => {
    const response = await app.ask("/api/v1/streaming/public/local", {
      headers: { authorization: bob.bearer },
    });
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe(":)\n\n");
    await post(alice, "<p>over the line</p>");
    const text = (await reader?.read())?.value ?? "";
    expect(text).toStartWith("event: update\ndata: {");
    expect(text).toEndWith("}\n\n");
    expect(JSON.parse(text.slice(text.indexOf("{")))).toMatchObject({ content: "<p>over the line</p>" });
    await reader?.cancel();
  });

  test("server-sent events are refused like everything else, and health is open", async () => {
    const statusOf = async (path: string, bearer?: string) =>
      (await app.ask(`/api/v1/streaming/${path}`, bearer ? { headers: { authorization: bearer } } : {}))
        .status;
    expect(await statusOf("health")).toBe(200);
    expect(await statusOf("user")).toBe(401);
    expect(await statusOf("hashtag", bob.bearer)).toBe(400);
    expect(await statusOf("list?list=1", bob.bearer)).toBe(404);
    expect(await statusOf("user", await bob.tokenFor("write"))).toBe(401);
  });
});
