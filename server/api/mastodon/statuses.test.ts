/** What apps do with posts: write, change, delete, and read around them. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import type { Loose } from "../../testing/app-client.ts";
import { appUsers } from "../../testing/app-users.ts";
import { onSqlite } from "../../testing/engines.ts";

onSqlite((engine) => {
  const { house, newcomer, write } = appUsers(engine);

  test("a post has the markup that clients know, with mentions and tags whose addresses are those in the text", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const status = await write(alice, `Hello @${bob.name}, see #Maths and https://a.example/x?y=1&z`);
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
    // Exactly three decimals: some clients read no other form.
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
      [{ status: "x", visibility: "constructor" }, /visibility/],
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

  test("forms, multipart and JSON mean the same", async () => {
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

  test("a warning with nothing below it is the text", async () => {
    const alice = await newcomer();
    const status = await write(alice, "", { spoiler_text: "Only @nobody's 1<2 warning" });
    const bare = { content: "<p>Only @nobody's 1&lt;2 warning</p>", spoiler_text: "", sensitive: false };
    expect(status).toMatchObject(bare);
    const path = `/api/v1/statuses/${status.id}`;
    expect(await alice.api.get(`${path}/source`)).toMatchObject({
      text: "Only @nobody's 1<2 warning",
      spoiler_text: "",
    });
    expect(await alice.api.put(path, { status: "", spoiler_text: "Another" })).toMatchObject({
      content: "<p>Another</p>",
      spoiler_text: "",
    });
    const poll = { options: ["one", "two"], expires_in: 3600 };
    expect(await write(alice, "", { spoiler_text: "Which?", poll })).toMatchObject({
      content: "<p>Which?</p>",
      spoiler_text: "",
    });
  });

  test("people here get a conversation whole, strangers as much as a page of it", async () => {
    const { app } = await house();
    const [alice, bob] = [await newcomer(), await newcomer()];
    const root = await write(alice, "0");
    let last = root;
    for (let i = 1; i <= 60; i++) {
      app.clock.advance(1);
      last = await write(alice, String(i), { in_reply_to_id: last.id });
    }
    const down = await bob.api.get(`/api/v1/statuses/${root.id}/context`);
    expect(down.descendants.map(({ content }: Loose) => content)).toEqual(
      Array.from({ length: 60 }, (_, i) => `<p>${i + 1}</p>`),
    );
    const up = await bob.api.get(`/api/v1/statuses/${last.id}/context`);
    expect(up.ancestors).toHaveLength(60);
    expect(up.ancestors[0].id).toBe(root.id);
    const stranger = await app.ask(`/api/v1/statuses/${last.id}/context`);
    expect(((await stranger.json()) as Loose).ancestors).toHaveLength(40);
  });

  test("a warning comes back as it was written, whatever it looks like", async () => {
    const alice = await newcomer();
    for (const warning of ["If a<b and b>c then?", "<b>bold</b> & brave", "AT&amp;T"]) {
      const { id, spoiler_text } = await write(alice, "x", { spoiler_text: warning });
      expect(spoiler_text).toBe(warning);
      expect(await alice.api.get(`/api/v1/statuses/${id}/source`)).toMatchObject({ spoiler_text: warning });
    }
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

  test("an edit leaves what was asked, titles and abstracts, and changes nothing of others", async () => {
    const alice = await newcomer();
    const poll = { options: ["tea", "coffee"], expires_in: 3600 };
    const { id } = await write(alice, "What?", { poll });
    const same = await alice.api.put(`/api/v1/statuses/${id}`, { status: "What now?", poll });
    expect(same.poll.options.map(({ title }: Loose) => title)).toEqual(poll.options);
    const other = { ...poll, options: ["tea", "water"] };
    expect((await alice.api.ask("PUT", `/api/v1/statuses/${id}`, { status: "x", poll: other })).status).toBe(
      422,
    );
    const made = await alice.act({
      type: "Create",
      to: [PUBLIC],
      object: { type: "Article", name: "Title", summary: "In short", content: "<p>Long</p>" },
    });
    const path = `/api/v1/statuses/${made.object?.key}`;
    const source = await alice.api.get(`${path}/source`);
    const edited = await alice.api.put(path, {
      status: `${source.text} more`,
      spoiler_text: source.spoiler_text,
    });
    for (const words of ["Title", "In short", "Long more"]) expect(edited.content).toContain(words);
    expect(edited.sensitive).toBe(false);
  });

  test("deleting gives the source back, and the post is gone", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const { id } = await write(alice, "**Mistake**");
    expect((await bob.api.ask("DELETE", `/api/v1/statuses/${id}`)).status).toBe(404);
    const gone = await alice.api.delete(`/api/v1/statuses/${id}`);
    expect(gone.text).toBe("**Mistake**");
    expect((await alice.api.ask("GET", `/api/v1/statuses/${id}`)).status).toBe(404);
  });

  test("the context has nothing of a post that was deleted", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const first = await write(alice, "first");
    const second = await write(bob, "second", { in_reply_to_id: first.id });
    const third = await write(alice, "third", { in_reply_to_id: second.id });
    await bob.api.delete(`/api/v1/statuses/${second.id}`);
    for (const { id } of [first, third])
      expect(await alice.api.get(`/api/v1/statuses/${id}/context`)).toEqual({
        ancestors: [],
        descendants: [],
      });
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

  test("an event in a language that nobody can format for is shown, with what stands beside it", async () => {
    const alice = await newcomer();
    for (const language of ["de-at-at", "en-x1"]) {
      const said = { contentMap: { [language]: "<p>Come.</p>" }, startTime: "2026-12-01T09:00:00Z" };
      const { object } = await alice.act({
        type: "Create",
        to: [PUBLIC],
        object: { type: "Event", ...said },
      });
      const all = await alice.api.get(`/api/v1/accounts/${alice.key}/statuses`);
      expect(all[0]).toMatchObject({ id: String(object?.key), language: null });
    }
  });
});
