/** What is private is told by no endpoint: not to strangers, not to those who left a group, not to those who are blocked. */
import { beforeAll, expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import { DAY_MS, HOUR_MS } from "../../lib/durations.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { type AppClient, appOf, type Loose } from "../../testing/app-client.ts";
import { onSqlite } from "../../testing/engines.ts";
import { type Group, groupOf, toMembers } from "../../testing/groups.ts";
import { type Person, person } from "../../testing/people.ts";
import { connect, tokenOf } from "../../testing/stream-client.ts";

/** Stands in every text that is not for everybody. */
const SECRET = "Xyzzykonzept";
const TAG = "xyzzyhush";
const LINK = "https://pages.test/xyzzylink";
const TELLS = /xyzzy/i;
const EVERYTHING = "read write follow push admin:read admin:write";

onSqlite((engine) => {
  let app: TestApp;
  let alice: Person;
  let arno: Person;
  let hers: AppClient;
  let group: Group;
  /** Keys of what is private, by what it is. */
  const keys: Record<string, string> = {};
  let outsiders: Record<string, { readonly authorization?: string }>;

  /** alice (owner) and arno are in the group; exa was, and bloke, whom alice blocks now; otto never was. */
  beforeAll(async () => {
    app = await testApp(engine);
    alice = await person(app, "alice", "admin");
    arno = await person(app, "arno");
    const [exa, bloke, otto] = [
      await person(app, "exa"),
      await person(app, "bloke"),
      await person(app, "otto"),
    ];
    hers = await appOf(alice);
    group = await groupOf(app, "circle", alice, { access: "private" });
    for (const who of [arno, exa, bloke]) await who.act({ type: "Follow", object: group.iri });
    const keyOf = async (iri: string) => String((await app.federation.look.find(iri))?.key ?? 0);
    const post = await alice.act({
      type: "Create",
      ...toMembers(group),
      object: {
        type: "Note",
        name: `Title ${SECRET}`,
        content: `<p>${SECRET} <a href="${LINK}">there</a></p>`,
        attachment: [
          {
            type: "Document",
            mediaType: "image/png",
            url: "https://pages.test/a.png",
            name: `Words ${SECRET}`,
          },
        ],
        tag: [
          { type: "Hashtag", name: `#${TAG}`, href: `${app.origin}/tags/${TAG}` },
          ...[exa, bloke].map((who) => ({ type: "Mention", name: who.handle, href: who.iri })),
        ],
      },
    });
    keys.post = String(post.object?.key);
    keys.create = String(post.key);
    const secret = post.object?.iri ?? "";
    const poll = await alice.act({
      type: "Create",
      ...toMembers(group),
      object: {
        type: "Question",
        content: `Which ${SECRET}?`,
        oneOf: [`${SECRET} one`, `${SECRET} two`].map((name) => ({ type: "Note", name })),
        endTime: new Date(app.clock.now() + DAY_MS).toISOString(),
      },
    });
    keys.poll = String(poll.object?.key);
    // While they are in it they do everything with it.
    for (const who of [exa, bloke]) {
      const client = await appOf(who);
      for (const verb of ["favourite", "bookmark", "mute"])
        await client.post(`/api/v1/statuses/${keys.post}/${verb}`);
      await client.post(`/api/v1/polls/${keys.poll}/votes`, { choices: ["0"] });
      await arno.act({
        type: "Create",
        ...toMembers(group),
        object: {
          type: "Note",
          content: `To ${who.name}: ${SECRET}`,
          inReplyTo: await who.note(`From ${who.name}`, toMembers(group), { inReplyTo: secret }),
          tag: [{ type: "Mention", name: who.handle, href: who.iri }],
        },
      });
    }
    await hers.put(`/api/v1/statuses/${keys.post}`, { status: `Changed ${SECRET}` });
    await exa.act({ type: "Undo", object: { type: "Follow", actor: exa.iri, object: group.iri } });
    await alice.act({ type: "Block", object: bloke.iri, target: group.iri, to: [group.iri] });
    await alice.act({ type: "Block", object: bloke.iri });
    keys.direct = await keyOf(await alice.note(`${SECRET} for arno`, { to: [arno.iri] }));
    keys.followers = await keyOf(await alice.note(`${SECRET} for followers`, { to: [alice.followers] }));
    const open = await arno.note("An open answer", { to: [PUBLIC] }, { inReplyTo: secret });
    keys.open = await keyOf(open);
    for (const [name, path, body] of [
      ["list", "/api/v1/lists", { title: SECRET }],
      [
        "filter",
        "/api/v2/filters",
        { title: SECRET, context: ["home"], keywords_attributes: [{ keyword: SECRET }] },
      ],
      [
        "scheduled",
        "/api/v1/statuses",
        { status: SECRET, scheduled_at: new Date(app.clock.now() + HOUR_MS).toISOString() },
      ],
    ] as const)
      keys[name] = (await hers.ask("POST", path, body)).body.id;
    keys.keyword = (await hers.get(`/api/v2/filters/${keys.filter}/keywords`))[0].id;
    keys.talk = (await hers.get("/api/v1/conversations"))[0].id;
    keys.group = String(group.key);
    keys.alice = String(alice.key);
    keys.arno = String(arno.key);
    await app.opened.search.drain();
    await app.queries.countTrends();
    outsiders = {
      nobody: {},
      otto: { authorization: await otto.tokenFor(EVERYTHING) },
      exa: { authorization: await exa.tokenFor(EVERYTHING) },
      bloke: { authorization: await bloke.tokenFor(EVERYTHING) },
    };
  });

  const reads = (): readonly string[] => {
    const paths = app.routes
      .filter(({ method, path }) => method === "GET" && !path.includes("*") && !path.includes("/streaming"))
      .flatMap(({ path }) =>
        path.includes(":") ? Object.values(keys).map((key) => path.replace(/:\w+/g, key)) : [path],
      );
    const all = Object.values(keys)
      .map((key) => `id[]=${key}`)
      .join("&");
    return [
      ...paths,
      `/api/v1/statuses?${all}`,
      `/api/v1/accounts/relationships?${all}`,
      `/api/v1/timelines/tag/${TAG}`,
      `/api/v1/timelines/link?url=${encodeURIComponent(LINK)}`,
      `/api/v1/accounts/${keys.alice}/statuses?pinned=true`,
      `/api/v1/accounts/${keys.group}/statuses?pinned=true`,
      `/api/v1/accounts/${keys.alice}/statuses?only_media=true`,
      `/api/v1/accounts/${keys.alice}/statuses?tagged=${TAG}`,
      "/api/v1/notifications?include_filtered=true",
      "/api/v2/notifications?include_filtered=true&expand_accounts=partial_avatars",
      `/api/v1/markers?timeline[]=home&timeline[]=notifications`,
      ...[
        "has:media",
        "has:poll",
        "from:alice",
        "from:me",
        "in:circle",
        "in:library",
        "is:reply",
        "to:me",
        "-ab",
      ].map((query) => `/api/v2/search?q=${encodeURIComponent(query)}&type=statuses`),
      ...[keys.alice, keys.arno].map((key) => `/api/v2/search?q=the&account_id=${key}&type=statuses`),
    ];
  };

  /** Where the answer tells something; null where it does not. What was asked for may be said back. */
  async function tellsOf(
    method: string,
    path: string,
    headers: object,
    body?: object,
  ): Promise<string | null> {
    const response = await app.ask(path, {
      method,
      headers: { ...headers, ...(body ? { "content-type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    app.clock.advance(1_200);
    const text = (await response.text()).replaceAll(path, "");
    if (response.status === 429 || response.status >= 500) return `${method} ${path}: ${response.status}`;
    const at = text.search(TELLS);
    return at < 0 ? null : `${method} ${path}: ${text.slice(Math.max(0, at - 80), at + 40)}`;
  }

  test("reading", async () => {
    const told: string[] = [];
    for (const [name, headers] of Object.entries(outsiders))
      for (const path of reads()) {
        const found = await tellsOf("GET", path, headers);
        if (found !== null) told.push(`${name} ${found}`);
      }
    expect(told).toEqual([]);
    // Those for whom it is find it by the very same addresses.
    const member = { authorization: await arno.tokenFor("read") };
    const found = await Promise.all(reads().map((path) => tellsOf("GET", path, member)));
    expect(found.filter((each) => each !== null).length).toBeGreaterThan(40);
  });

  test("streaming, whatever is listened to, also by a socket that was open before somebody was kept out", async () => {
    const late = await person(app, "late");
    await late.act({ type: "Follow", object: group.iri });
    await late.act({ type: "Follow", object: alice.iri, to: [alice.iri] });
    const list = await (await appOf(late)).post("/api/v1/lists", { title: "Mine" });
    await (await appOf(late)).post(`/api/v1/lists/${list.id}/accounts`, {
      account_ids: [keys.alice, keys.group],
    });
    const all = { ...outsiders, late: { authorization: await late.tokenFor(EVERYTHING) } };
    const clients = Object.entries(all).flatMap(([name, { authorization }]) =>
      authorization === undefined ? [] : { name, token: tokenOf(authorization) },
    );
    const open = await Promise.all(
      clients.map(async ({ name, token }) => {
        const client = await connect(app, `/api/v1/streaming?access_token=${token}&stream=public`);
        for (const stream of ["user", "user:notification", "public:local", "public:local:media", "direct"])
          client.say({ type: "subscribe", stream });
        for (const stream of ["hashtag", "hashtag:local"])
          client.say({ type: "subscribe", stream, tag: TAG });
        for (const id of [keys.list, list.id]) client.say({ type: "subscribe", stream: "list", list: id });
        return { name, client };
      }),
    );
    await alice.act({ type: "Block", object: late.iri, target: group.iri, to: [group.iri] });
    await alice.act({ type: "Block", object: late.iri });
    const more = { tag: [{ type: "Hashtag", name: `#${TAG}`, href: `${app.origin}/tags/${TAG}` }] };
    for (const audience of [toMembers(group), { to: [arno.iri] }, { to: [alice.followers] }]) {
      const iri = await alice.note(`${SECRET} live`, audience, more);
      await alice.act({ type: "Update", object: { id: iri, content: `${SECRET} changed` } });
    }
    await hers.put(`/api/v1/statuses/${keys.post}`, { status: `Again ${SECRET}` });
    await arno.note("The end", { to: [PUBLIC] });
    for (const { name, client } of open) {
      for (let isOver = false; !isOver; ) {
        const text = JSON.stringify(await client.next());
        expect([name, text.slice(0, 200), TELLS.test(text.replaceAll(TAG, ""))]).toEqual([
          name,
          text.slice(0, 200),
          false,
        ]);
        isOver = text.includes("The end");
      }
      client.close();
    }
  });

  test("reporting: who wrote what is not told by its number", async () => {
    const authorization = outsiders.otto?.authorization ?? "";
    const response = await app.ask("/api/v1/reports", {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({ account_id: keys.alice, status_ids: [keys.post, keys.direct, keys.followers] }),
    });
    expect([response.status, ((await response.json()) as Loose).status_ids]).toEqual([200, []]);
  });

  test("doing things with it", async () => {
    const body = {
      status: "Mine",
      in_reply_to_id: keys.post,
      quoted_status_id: keys.post,
      status_id: keys.post,
      account_id: keys.alice,
      account_ids: [keys.arno],
      status_ids: [keys.post, keys.direct, keys.followers],
      choices: ["0"],
      title: "Mine",
      keyword: "mine",
      phrase: "mine",
      context: ["home"],
      scheduled_at: new Date(app.clock.now() + 7_200_000).toISOString(),
    };
    const writes = app.routes.filter(
      ({ method, path }) => ["POST", "PUT", "PATCH", "DELETE"].includes(method) && path.startsWith("/api/v"),
    );
    const seen = async () => {
      const { content, replies_count, favourites_count, reblogs_count } = await hers.get(
        `/api/v1/statuses/${keys.post}`,
      );
      const [talk] = await hers.get("/api/v1/conversations");
      return {
        post: { content, replies_count, favourites_count, reblogs_count },
        poll: await hers.get(`/api/v1/polls/${keys.poll}`),
        lists: await hers.get("/api/v1/lists"),
        filters: await hers.get("/api/v2/filters"),
        scheduled: await hers.get("/api/v1/scheduled_statuses"),
        talk: [talk.id, talk.unread, talk.last_status.content],
      };
    };
    const before = await seen();
    const told: string[] = [];
    for (const [name, headers] of Object.entries(outsiders))
      for (const { method, path } of writes)
        for (const key of path.includes(":") ? Object.values(keys) : ["0"]) {
          const found = await tellsOf(method, path.replace(/:\w+/g, key), headers, body);
          if (found !== null) told.push(`${name} ${found}`);
        }
    expect(told).toEqual([]);
    // Those who were in it take back what they had done, and nothing else.
    expect(before.post.favourites_count).toBe(2);
    expect(await seen()).toEqual({ ...before, post: { ...before.post, favourites_count: 0 } });
  });

  test("that there is a group for the invited alone", async () => {
    const object = { id: group.iri, type: "Group", joining: "invitation" };
    await app.federation.core.act(group.key, { type: "Update", object });
    const ask = async (path: string, headers: object) =>
      (await app.ask(path, { headers: { ...headers } })).text();
    await app.opened.accounts.settings.set({ publicLists: "everyone" });
    const paths = [
      "/api/v1/directory?order=new",
      "/api/v1/directory",
      "/api/v1/suggestions",
      "/api/v2/search?q=circl",
      `/api/v1/accounts/${keys.arno}/following`,
    ];
    for (const [name, headers] of Object.entries(outsiders))
      for (const path of paths)
        expect([name, path, (await ask(path, headers)).includes("circle")]).toEqual([name, path, false]);
    expect(await ask("/api/v1/directory?order=new", { authorization: arno.bearer })).toContain("circle");
    await app.opened.accounts.settings.set({ publicLists: "members" });
  });
});
