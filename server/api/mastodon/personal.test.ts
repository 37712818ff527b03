/** Conversations, markers, filters and preferences, as clients read and change them. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import { DAY_MS } from "../../lib/durations.ts";
import { list, sql } from "../../lib/sql.ts";
import { testApp } from "../../testing/app.ts";
import { type AppClient, appOf, type Loose } from "../../testing/app-client.ts";
import { onSqlite } from "../../testing/engines.ts";
import { type Person, person } from "../../testing/people.ts";
import { connect, payloadOf, tokenOf } from "../../testing/stream-client.ts";

onSqlite((engine) => {
  async function build() {
    const app = await testApp(engine);
    await person(app, "ada", "admin");
    return { app };
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
  const mention = (who: Person) => ({ tag: [{ type: "Mention", href: who.iri, name: who.handle }] });
  const idAt = async (iri: string) => String((await (await house()).app.federation.look.find(iri))?.key ?? 0);

  test("answers among those addressed are one conversation, which each of them reads for themselves", async () => {
    const { app } = await house();
    const [alice, bob, carol] = [await newcomer(), await newcomer(), await newcomer()];
    const first = await alice.note("hi", { to: [bob.iri] }, mention(bob));
    app.clock.advance(10);
    await bob.note("hello", { to: [alice.iri] }, { inReplyTo: first, ...mention(alice) });
    app.clock.advance(10);
    await carol.note("psst", { to: [alice.iri] }, mention(alice));
    const talks = await alice.api.get("/api/v1/conversations");
    expect(
      talks.map(({ unread, accounts, last_status }: Loose) => [
        unread,
        accounts.map(({ acct }: Loose) => acct),
        last_status.content,
      ]),
    ).toEqual([
      [true, [carol.name], "psst"],
      [true, [bob.name], "hello"],
    ]);
    const read = await alice.api.post(`/api/v1/conversations/${talks[1].id}/read`);
    expect(read).toMatchObject({ id: talks[1].id, unread: false });
    const [his] = await bob.api.get("/api/v1/conversations");
    expect([his.unread, his.accounts[0].acct]).toEqual([false, alice.name]);
    expect((await bob.api.ask("POST", `/api/v1/conversations/${talks[1].id}/read`)).status).toBe(404);
    expect(await carol.api.get("/api/v1/conversations")).toHaveLength(1);
  });

  test("whoever is blocked begins no conversation, and says nothing more in one", async () => {
    const { app } = await house();
    const [alice, bob] = [await newcomer(), await newcomer()];
    const first = await alice.note("one", { to: [bob.iri] }, mention(bob));
    app.clock.advance(10);
    await bob.note("two", { to: [alice.iri] }, { inReplyTo: first, ...mention(alice) });
    const [talk] = await alice.api.get("/api/v1/conversations");
    await alice.api.post(`/api/v1/conversations/${talk.id}/read`);
    await alice.act({ type: "Block", object: bob.iri });
    const client = await connect(
      app,
      `/api/v1/streaming?access_token=${tokenOf(alice.bearer)}&stream=direct`,
    );
    app.clock.advance(10);
    const mine = await bob.note("three", { to: [alice.iri] }, mention(alice));
    await bob.note("four", { to: [alice.iri] }, { inReplyTo: mine, ...mention(alice) });
    const carol = await newcomer();
    await carol.note("five", { to: [alice.iri] }, mention(alice));
    const talks = await alice.api.get("/api/v1/conversations");
    expect(
      talks.map(({ unread, last_status }: Loose) => [unread, last_status.content.replace(/<[^>]*>/g, "")]),
    ).toEqual([
      [true, "five"],
      [false, "one"],
    ]);
    expect(payloadOf(await client.next())).toMatchObject({ id: talks[0].id });
    client.close();
  });

  test("a conversation that was removed comes back with the next word, and one whose last word is deleted shows the one before", async () => {
    const { app } = await house();
    const [alice, bob] = [await newcomer(), await newcomer()];
    const first = await bob.note("one", { to: [alice.iri] }, mention(alice));
    const [talk] = await alice.api.get("/api/v1/conversations");
    expect(await alice.api.delete(`/api/v1/conversations/${talk.id}`)).toEqual({});
    expect(await alice.api.get("/api/v1/conversations")).toEqual([]);
    app.clock.advance(10);
    const second = await bob.note("two", { to: [alice.iri] }, { inReplyTo: first, ...mention(alice) });
    expect((await alice.api.get("/api/v1/conversations"))[0].last_status.content).toBe("two");
    await bob.act({ type: "Delete", object: second });
    expect((await alice.api.get("/api/v1/conversations"))[0].last_status.content).toBe("one");
    await bob.act({ type: "Delete", object: first });
    expect(await alice.api.get("/api/v1/conversations")).toEqual([]);
  });

  test("conversations of which nothing is left take no room on a page", async () => {
    const { app } = await house();
    const [alice, bob] = [await newcomer(), await newcomer()];
    const oldest = await bob.note("the first", { to: [alice.iri] }, mention(alice));
    const gone: string[] = [];
    for (let i = 0; i < 30; i++) {
      app.clock.advance(1);
      gone.push(await bob.note("and gone", { to: [alice.iri] }, mention(alice)));
    }
    app.clock.advance(1);
    await bob.note("the last", { to: [alice.iri] }, mention(alice));
    for (const object of gone) await bob.act({ type: "Delete", object });
    const talks = await alice.api.get("/api/v1/conversations?limit=2");
    expect(talks.map(({ last_status }: Loose) => last_status.content)).toEqual(["the last", "the first"]);
    await bob.act({ type: "Delete", object: oldest });
    expect(await alice.api.get("/api/v1/conversations")).toHaveLength(1);
    const kept = await app.opened.db.all<{ actor: number }>(
      sql`SELECT actor FROM talk WHERE actor IN ${list([alice.key, bob.key])}`,
    );
    expect(kept).toHaveLength(2);
  });

  test("whoever was addressed in secret stands in nobody else's conversation, and what is for followers is in none", async () => {
    const [alice, bob, carol] = [await newcomer(), await newcomer(), await newcomer()];
    await alice.note("quietly", { to: [bob.iri], bcc: [carol.iri] }, mention(bob));
    await alice.note("to all of you", { to: [alice.followers, bob.iri] }, mention(bob));
    const [talk, none] = await bob.api.get("/api/v1/conversations");
    expect(talk.accounts.map(({ acct }: Loose) => acct)).toEqual([alice.name]);
    expect(none).toBeUndefined();
    expect((await carol.api.get("/api/v1/conversations"))[0].accounts.map(({ acct }: Loose) => acct)).toEqual(
      [alice.name, bob.name],
    );
  });

  test("markers are where they were put, count their versions, and move what our own pages show", async () => {
    const { app } = await house();
    const [alice, bob] = [await newcomer(), await newcomer()];
    expect(await alice.api.get("/api/v1/markers?timeline[]=home&timeline[]=notifications")).toEqual({});
    const post = await alice.note("hello", { to: [PUBLIC] });
    await bob.act({ type: "Like", object: post });
    const [notice] = await alice.api.get("/api/v1/notifications");
    const put = await alice.api.post("/api/v1/markers", {
      notifications: { last_read_id: notice.id },
      home: { last_read_id: "5" },
    });
    expect(put.notifications).toMatchObject({ last_read_id: notice.id, version: 0 });
    expect(await app.queries.unreadNotices(alice.key)).toBe(0);
    const again = await alice.api.post("/api/v1/markers", { home: { last_read_id: "4" } });
    expect(again).toEqual({ home: expect.objectContaining({ last_read_id: "4", version: 1 }) });
    expect(Object.keys(await alice.api.get("/api/v1/markers?timeline=home"))).toEqual(["home"]);
    expect((await alice.api.ask("POST", "/api/v1/markers", { home: { last_read_id: "x" } })).status).toBe(
      404,
    );
  });

  test("a filter is made with words, found in posts with them, and changed word by word", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const made = await alice.api.post("/api/v2/filters", {
      title: "Sport",
      context: ["public", "thread", "account"],
      filter_action: "warn",
      expires_in: "3600",
      keywords_attributes: [
        { keyword: "football", whole_word: "true" },
        { keyword: "goal", whole_word: false },
      ],
    });
    expect(made).toMatchObject({
      title: "Sport",
      filter_action: "warn",
      keywords: [{ keyword: "football" }, {}],
    });
    const post = await bob.note("FOOTBALL and goals", { to: [PUBLIC] });
    const found = async () => {
      const [status] = await alice.api.get(`/api/v1/accounts/${bob.key}/statuses`);
      return status.filtered;
    };
    expect(await found()).toEqual([
      {
        filter: expect.objectContaining({
          id: made.id,
          title: "Sport",
          context: ["thread", "account", "public"],
        }),
        keyword_matches: ["football", "goal"],
        status_matches: null,
      },
    ]);
    const [football, goal] = made.keywords;
    await alice.api.put(`/api/v2/filters/keywords/${goal.id}`, { keyword: "goalkeeper" });
    expect((await found())[0].keyword_matches).toEqual(["football"]);
    expect(await alice.api.get(`/api/v2/filters/keywords/${football.id}`)).toMatchObject({
      whole_word: true,
    });
    await alice.api.put(`/api/v2/filters/${made.id}`, {
      keywords_attributes: [{ id: football.id, _destroy: true }, { keyword: "chess" }],
    });
    expect(await found()).toEqual([]);
    expect(
      (await alice.api.get(`/api/v2/filters/${made.id}/keywords`)).map((one: Loose) => one.keyword),
    ).toEqual(["goalkeeper", "chess"]);
    const named = await alice.api.post(`/api/v2/filters/${made.id}/statuses`, {
      status_id: await idAt(post),
    });
    expect((await found())[0]).toMatchObject({ keyword_matches: null, status_matches: [named.status_id] });
    expect(await alice.api.get(`/api/v2/filters/statuses/${named.id}`)).toEqual(named);
    await alice.api.delete(`/api/v2/filters/statuses/${named.id}`);
    expect(await found()).toEqual([]);
    expect((await bob.api.ask("GET", `/api/v2/filters/${made.id}`)).status).toBe(404);
    expect(await alice.api.delete(`/api/v2/filters/${made.id}`)).toEqual({});
    expect(await alice.api.get("/api/v2/filters")).toEqual([]);
  });

  test("filters of the first version are the phrases of the second", async () => {
    const alice = await newcomer();
    const made = await alice.api.post("/api/v1/filters", {
      phrase: "spoiler",
      context: ["home", "notifications"],
      irreversible: "true",
      whole_word: "1",
    });
    expect(made).toMatchObject({ phrase: "spoiler", irreversible: true, whole_word: true, expires_at: null });
    expect(await alice.api.ask("GET", "/api/v1/filters")).toMatchObject({ body: [made] });
    const [both] = await alice.api.get("/api/v2/filters");
    expect(both).toMatchObject({
      title: "spoiler",
      filter_action: "hide",
      context: ["home", "notifications"],
    });
    const changed = await alice.api.put(`/api/v1/filters/${made.id}`, {
      phrase: "spoilers",
      context: ["public"],
      irreversible: false,
    });
    expect(changed).toMatchObject({
      id: made.id,
      phrase: "spoilers",
      context: ["public"],
      irreversible: false,
    });
    await alice.api.delete(`/api/v1/filters/${made.id}`);
    expect(await alice.api.get("/api/v2/filters")).toEqual([]);
    expect(
      (await alice.api.ask("POST", "/api/v1/filters", { phrase: "x", context: ["nowhere"] })).status,
    ).toBe(422);
    expect((await alice.api.ask("POST", "/api/v1/filters", { context: ["home"] })).status).toBe(422);
  });

  test("whoever is gone leaves nothing that waits, filters or talks, and others keep theirs", async () => {
    const { app } = await house();
    const [alice, bob] = [await newcomer(), await newcomer()];
    const hello = await bob.note("hello", { to: [alice.iri] }, mention(alice));
    await alice.note("hi", { to: [bob.iri] }, { inReplyTo: hello, ...mention(bob) });
    await alice.api.post("/api/v2/filters", { title: "x", context: ["home"] });
    await alice.api.patch("/api/v2/notifications/policy", { for_not_following: "filter" });
    const later = new Date(app.clock.now() + DAY_MS).toISOString();
    await alice.api.post("/api/v1/statuses", { status: "later", scheduled_at: later });
    const { db } = app.opened;
    const left = async (who: Person) => {
      const counts = [];
      for (const table of ["talk", "filter", "notice_policy", "scheduled", "notice"]) {
        const text = `SELECT count(*) AS many FROM ${table} WHERE actor = $1`;
        counts.push((await db.one<{ many: number }>({ text, values: [who.key] }))?.many);
      }
      return counts;
    };
    expect(await left(alice)).toEqual([1, 1, 1, 1, 1]);
    await alice.act({ type: "Delete", object: alice.iri, to: [PUBLIC] });
    await app.worker.drain();
    expect(await left(alice)).toEqual([0, 0, 0, 0, 0]);
    const [talk] = await bob.api.get("/api/v1/conversations");
    expect(talk.last_status.content).toBe("hello");
    expect(talk.accounts.length).toBeGreaterThan(0);
  });

  test("preferences are there for every client", async () => {
    const alice = await newcomer();
    expect(await alice.api.get("/api/v1/preferences")).toMatchObject({
      "posting:default:visibility": "public",
    });
  });
});
