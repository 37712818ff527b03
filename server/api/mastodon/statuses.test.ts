/** What apps do with posts: write, change, delete, like, share, keep, ask, and read around them. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import { testApp } from "../../testing/app.ts";
import { type AppClient, appOf, type Loose } from "../../testing/app-client.ts";
import { onSqlite } from "../../testing/engines.ts";
import { type Person, person } from "../../testing/people.ts";

type Someone = Person & { readonly api: AppClient };

onSqlite((engine) => {
  async function build() {
    const app = await testApp(engine);
    const admin = await person(app, "ada", "admin");
    return { app, ada: { ...admin, api: await appOf(admin) } };
  }
  let built: ReturnType<typeof build> | undefined;
  const house = () => {
    built ??= build();
    return built;
  };
  let counter = 0;
  async function newcomer(): Promise<Someone> {
    const { app } = await house();
    app.clock.advance(1_000);
    const made = await person(app, `person${++counter}`);
    return { ...made, api: await appOf(made) };
  }
  const write = (who: Someone, status: string, more: object = {}): Promise<Loose> =>
    who.api.post("/api/v1/statuses", { status, ...more });

  test("a post has the markup that clients know, with mentions and tags whose addresses are those in the text", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const status = await write(alice, `Hello @${bob.name}, see #Maths and https://a.example/x?y=1&z`);
    // clients.md §4.3
    expect(status.content).toContain('<span class="h-card"');
    expect(status.content).toContain(`@<span>${bob.name}</span>`);
    expect(status.mentions).toEqual([
      { id: String(bob.key), username: bob.name, acct: bob.name, url: `${bob.app.origin}/@${bob.name}` },
    ]);
    expect(status.content).toContain(`href="${status.mentions[0].url}"`);
    expect(status.content).toMatch(
      /<a href="[^"]*\/tags\/Maths"[^>]*class="mention hashtag"[^>]*>#<span>Maths/,
    );
    expect(status.tags).toEqual([{ name: "maths", url: `${bob.app.origin}/tags/maths` }]);
    expect(status.account.acct).toBe(alice.name);
    // clients.md §3: exactly three decimals
    expect(status.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test("visibility, warning and language arrive, and go out as what our own pages make", async () => {
    const { app } = await house();
    const alice = await newcomer();
    const cases = [
      ["public", "public"],
      ["unlisted", "quiet"],
      ["private", "followers"],
      ["direct", "direct"],
    ] as const;
    for (const [visibility, ours] of cases) {
      const status = await write(alice, "x", { visibility, spoiler_text: "careful", language: "de" });
      expect(status).toMatchObject({ visibility, spoiler_text: "careful", sensitive: true, language: "de" });
      const view = await app.queries.object(Number(status.id), alice.key);
      expect(view?.visibility).toBe(ours);
      expect(view?.summary).toBe("careful");
    }
  });

  test("what is sent again under the same key is one post (Idempotency-Key)", async () => {
    const { app } = await house();
    const alice = await newcomer();
    const send = () =>
      app.ask("/api/v1/statuses", {
        method: "POST",
        headers: {
          authorization: alice.bearer,
          "idempotency-key": "one",
          "content-type": "application/json",
        },
        body: JSON.stringify({ status: "once" }),
      });
    const answers = await Promise.all([send(), send()]);
    const bodies = (await Promise.all([...answers, await send()].map((each) => each.json()))) as Loose[];
    expect(new Set(bodies.map(({ id }) => id)).size).toBe(1);
    expect(await alice.api.get(`/api/v1/accounts/${alice.key}/statuses`)).toHaveLength(1);
  });

  test("a post without anything is refused with a sentence, and changes nothing", async () => {
    const alice = await newcomer();
    const cases: [object, RegExp][] = [
      [{ status: " " }, /blank/],
      [{ status: "x".repeat(20_001) }, /20000/],
      [{ status: "x", visibility: "everyone" }, /visibility/],
      [{ status: "x", media_ids: ["999"] }, /file/],
      [{ status: "x", poll: { options: ["a"], expires_in: 3600 } }, /two/],
      [{ status: "x", poll: { options: ["a", "a"], expires_in: 3600 } }, /once/],
      [{ status: "x", poll: { options: ["a", "b"], expires_in: 5 } }, /lasts/],
    ];
    for (const [body, sentence] of cases) {
      const answer = await alice.api.ask("POST", "/api/v1/statuses", body);
      expect(answer.status).toBe(422);
      expect(answer.body.error).toMatch(sentence);
    }
    const answer = await alice.api.ask("POST", "/api/v1/statuses", { status: "x", in_reply_to_id: "1" });
    expect(answer.status).toBe(404);
    expect(await alice.api.get(`/api/v1/accounts/${alice.key}/statuses`)).toEqual([]);
  });

  test("forms, multipart and JSON mean the same (clients.md §3 “Body encodings”)", async () => {
    const { app } = await house();
    const alice = await newcomer();
    const form = new URLSearchParams([
      ["status", "asked"],
      ["poll[options][]", "one"],
      ["poll[options][]", "two"],
      ["poll[expires_in]", "3600"],
      ["poll[multiple]", "true"],
    ]);
    const multipart = new FormData();
    for (const [name, value] of form) multipart.append(name, value);
    const json = JSON.stringify({
      status: "asked",
      poll: { options: ["one", "two"], expires_in: "3600", multiple: true },
    });
    for (const body of [form, multipart, json]) {
      const answer = await app.ask("/api/v1/statuses", {
        method: "POST",
        headers: {
          authorization: alice.bearer,
          ...(typeof body === "string" ? { "content-type": "application/json" } : {}),
        },
        body,
      });
      const { poll } = (await answer.json()) as Loose;
      expect(poll).toMatchObject({ multiple: true, expired: false, voted: true, own_votes: [] });
      expect(poll.options.map(({ title }: Loose) => title)).toEqual(["one", "two"]);
    }
  });

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

  test("a share is a wrapper around the post, and taking it back answers with the post (clients.md §1)", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const { id } = await write(bob, "share me");
    const wrapper = await alice.api.post(`/api/v1/statuses/${id}/reblog`);
    expect(wrapper.reblog.id).toBe(id);
    expect(wrapper.id).not.toBe(id);
    // clients.md §4.3: anything else is drawn as a quote
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

  test("pinned posts stand at the top of the profile", async () => {
    const alice = await newcomer();
    const first = await write(alice, "first");
    await write(alice, "second");
    expect((await alice.api.post(`/api/v1/statuses/${first.id}/pin`)).pinned).toBe(true);
    const pinned = await alice.api.get(`/api/v1/accounts/${alice.key}/statuses?pinned=true`);
    expect(pinned.map(({ id, pinned: is }: Loose) => [id, is])).toEqual([[first.id, true]]);
    expect((await alice.api.post(`/api/v1/statuses/${first.id}/unpin`)).pinned).toBe(false);
  });

  test("an edit changes text and warning, keeps the history, and gives the source to go on with", async () => {
    const { app } = await house();
    const alice = await newcomer();
    const { id } = await write(alice, "*One* #tag");
    app.clock.advance(60_000);
    const edited = await alice.api.put(`/api/v1/statuses/${id}`, { status: "Two", spoiler_text: "hm" });
    expect(edited).toMatchObject({ content: "<p>Two</p>", spoiler_text: "hm", tags: [] });
    expect(edited.edited_at).not.toBeNull();
    expect(await alice.api.get(`/api/v1/statuses/${id}/source`)).toEqual({
      id,
      text: "Two",
      spoiler_text: "hm",
    });
    const history = await alice.api.get(`/api/v1/statuses/${id}/history`);
    expect(history.map(({ content }: Loose) => content.includes("Two"))).toEqual([false, true]);
    const bob = await newcomer();
    expect((await bob.api.ask("PUT", `/api/v1/statuses/${id}`, { status: "Mine" })).status).toBe(404);
  });

  test("deleting gives the source back, and the post is gone", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const { id } = await write(alice, "**Mistake**");
    expect((await bob.api.ask("DELETE", `/api/v1/statuses/${id}`)).status).toBe(404);
    const gone = await alice.api.delete(`/api/v1/statuses/${id}`);
    expect(gone.text).toBe("**Mistake**");
    expect((await alice.api.ask("GET", `/api/v1/statuses/${id}`)).status).toBe(404);
  });

  test("the context has what a post answers and what answers it, in the order of the thread", async () => {
    const { app } = await house();
    const [alice, bob] = [await newcomer(), await newcomer()];
    const first = await write(alice, "first");
    const ids: string[] = [first.id];
    for (const [who, text] of [
      [bob, "second"],
      [alice, "third"],
      [bob, "fourth"],
    ] as const) {
      app.clock.advance(1_000);
      ids.push((await write(who, text, { in_reply_to_id: ids.at(-1) })).id);
    }
    const { ancestors, descendants } = await alice.api.get(`/api/v1/statuses/${ids[1]}/context`);
    expect(ancestors.map(({ id }: Loose) => id)).toEqual([ids[0]]);
    expect(descendants.map(({ id }: Loose) => id)).toEqual([ids[2], ids[3]]);
    expect(descendants[0]).toMatchObject({ in_reply_to_id: ids[1], in_reply_to_account_id: String(bob.key) });
    expect(
      await alice.api.get("/api/v1/statuses?id[]=" + ids[3] + "&id[]=" + ids[0] + "&id[]=1"),
    ).toMatchObject([{ id: ids[3] }, { id: ids[0] }]);
  });

  test("votes count once; choices come as texts or numbers (clients.md §3)", async () => {
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
    await alice.api.post(`/api/v1/statuses/${quoted.id}/quotes/${quote.id}/revoke`);
    expect((await bob.api.get(`/api/v1/statuses/${quote.id}`)).quote.quoted_status).toBeNull();
    const closed = await alice.api.put(`/api/v1/statuses/${quoted.id}/interaction_policy`, {
      quote_approval_policy: "nobody",
    });
    expect(closed.quote_approval.automatic).toEqual([]);
  });

  test("what one may not see is not there, for every way to ask", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const secret = await write(alice, "psst", { visibility: "private" });
    const paths: [string, string][] = [
      ["GET", ""],
      ["GET", "/context"],
      ["GET", "/source"],
      ["GET", "/history"],
      ["GET", "/favourited_by"],
      ["GET", "/reblogged_by"],
      ["GET", "/quotes"],
      ["POST", "/favourite"],
      ["POST", "/reblog"],
      ["POST", "/bookmark"],
      ["POST", "/mute"],
      ["POST", "/pin"],
      ["PUT", ""],
      ["DELETE", ""],
    ];
    for (const [method, path] of paths) {
      const { status, body } = await bob.api.ask(method, `/api/v1/statuses/${secret.id}${path}`);
      expect([method, path, status, body.error]).toEqual([method, path, 404, "Record not found"]);
    }
    expect(
      (await bob.api.ask("POST", "/api/v1/statuses", { status: "x", in_reply_to_id: secret.id })).status,
    ).toBe(404);
    expect(await bob.api.get(`/api/v1/statuses?id[]=${secret.id}`)).toEqual([]);
  });

  test("our own kinds read well: title, facts, place, files and links stand in the text", async () => {
    const { app } = await house();
    const alice = await newcomer();
    const made = await alice.act({
      type: "Create",
      to: [PUBLIC],
      object: {
        type: "Event",
        name: "Open day <3",
        summary: "Come & see",
        content: "<p>All day.</p>",
        startTime: "2026-12-01T09:00:00Z",
        location: { type: "Place", name: "Main hall" },
        attachment: [
          { type: "Document", mediaType: "application/pdf", url: `${app.origin}/x.pdf`, name: "Plan.pdf" },
          { type: "Image", mediaType: "image/png", url: `${app.origin}/x.png`, name: "A map" },
        ],
      },
    });
    const status = await alice.api.get(`/api/v1/statuses/${made.object?.key}`);
    for (const words of [
      "<strong>Open day &lt;3</strong>",
      "Main hall",
      "2026",
      "Come &amp; see",
      "All day.",
    ])
      expect(status.content).toContain(words);
    expect(status.content).toContain(`<a href="${app.origin}/x.pdf"`);
    expect(status.spoiler_text).toBe("");
    expect(status.media_attachments).toHaveLength(1);
    expect(status.media_attachments[0]).toMatchObject({ type: "image", description: "A map" });
  });

  test("a group is followed, and posted to by naming it", async () => {
    const { app, ada } = await house();
    const [alice, bob] = [await newcomer(), await newcomer()];
    const group = `club${counter}`;
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
