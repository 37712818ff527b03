/** The SQL that this face brings along, on each engine. */
import { expect, test } from "bun:test";
import { MAX_A_DAY } from "../../accounts/scheduled.ts";
import { DAY_MS } from "../../lib/durations.ts";
import { testApp } from "../../testing/app.ts";
import { appOf } from "../../testing/app-client.ts";
import { eachEngine } from "../../testing/engines.ts";
import { person } from "../../testing/people.ts";

eachEngine((engine) => {
  test("posts once by their key, marks of threads and pins, previews and names of servers", async () => {
    const page = { status: 200, headers: new Headers({ "content-type": "text/html" }) };
    const app = await testApp(engine, {
      fetch: async (url) => ({ ...page, url, bytes: Buffer.from("<title>News</title>") }),
    });
    const alice = await person(app, "alice", "admin");
    const api = await appOf(alice);
    const send = async () =>
      (
        await app.ask("/api/v1/statuses", {
          method: "POST",
          headers: { authorization: alice.bearer, "idempotency-key": "k" },
          body: new URLSearchParams({ status: "https://news.example/" }),
        })
      ).json() as Promise<{ id: string }>;
    const [{ id }, again] = [await send(), await send()];
    expect(again.id).toBe(id);
    const answer = await api.post("/api/v1/statuses", { status: "answer", in_reply_to_id: id });
    const deep = await api.post("/api/v1/statuses", { status: "deep", in_reply_to_id: answer.id });
    await api.post(`/api/v1/statuses/${deep.id}/mute`);
    await api.post(`/api/v1/statuses/${id}/pin`);
    await app.worker.drain();
    app.clock.advance(61_000);
    const marks = [];
    for (const each of [id, answer.id, deep.id]) {
      const { muted, pinned, card } = await api.get(`/api/v1/statuses/${each}`);
      marks.push([muted, pinned, card?.title]);
    }
    expect(marks).toEqual([
      [true, true, "News"],
      [true, false, undefined],
      [true, false, undefined],
    ]);
    expect(await api.get("/api/v1/instance/peers")).toEqual([]);
    const { stats } = await api.get("/api/v1/instance");
    expect(stats).toEqual({ user_count: 1, status_count: 3, domain_count: 0 });
    expect((await api.get(`/api/v1/accounts/${alice.key}`)).last_status_at).toMatch(/^\d{4}-\d\d-\d\d$/);
    const tags = await api.get("/api/v1/timelines/tag/one?any[]=two&all[]=three&none[]=four&only_media=true");
    expect(tags).toEqual([]);
  });

  test("what may be done once is done once, also at one moment: likes, shares, reactions and votes", async () => {
    const app = await testApp(engine);
    const [alice, bob] = [await person(app, "alice", "admin"), await person(app, "bob")];
    const [author, api] = [await appOf(alice), await appOf(bob)];
    const { id } = await author.post("/api/v1/statuses", { status: "once" });
    const path = `/api/v1/statuses/${id}`;
    const verbs = [
      ["favourite", "unfavourite", "favourited", "favourites_count"],
      ["reblog", "unreblog", "reblogged", "reblogs_count"],
    ] as const;
    for (const [verb, undo, field, count] of verbs) {
      const done = await Promise.all([1, 2, 3].map(() => api.post(`${path}/${verb}`)));
      expect(done.map((status) => (status.reblog ?? status)[field])).toEqual([true, true, true]);
      expect((await author.get(path))[count]).toBe(1);
      expect(await api.post(`${path}/${undo}`)).toMatchObject({ [field]: false, [count]: 0 });
    }
    const fire = `/api/v1/pleroma/statuses/${id}/reactions/${encodeURIComponent("🔥")}`;
    await Promise.all([1, 2, 3].map(() => api.put(fire)));
    expect((await author.get(path)).pleroma.emoji_reactions).toMatchObject([{ name: "🔥", count: 1 }]);
    for (const multiple of [false, true]) {
      const poll = { options: ["Tea", "Coffee", "Water"], expires_in: 3_600, multiple };
      const asked = await author.post("/api/v1/statuses", { status: "What?", poll });
      const choices = multiple ? [0, 0, 0] : [0, 1, 2];
      const answers = await Promise.all(
        choices.map((choice) =>
          app.ask(`/api/v1/polls/${asked.id}/votes`, {
            method: "POST",
            headers: { authorization: bob.bearer },
            body: new URLSearchParams({ "choices[]": String(choice) }),
          }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422]);
      expect((await author.get(`/api/v1/polls/${asked.id}`)).votes_count).toBe(1);
    }
  });

  test("words of a filter that a program sends at once are all in it", async () => {
    const app = await testApp(engine);
    const api = await appOf(await person(app, "alice"));
    const filter = await api.post("/api/v2/filters", { title: "Exams", context: ["home"] });
    const path = `/api/v2/filters/${filter.id}`;
    const words = ["one", "two", "three", "four", "five"];
    const added = await Promise.all([
      ...words.map((keyword) => api.post(`${path}/keywords`, { keyword })),
      api.put(path, { title: "Tests" }),
      api.put(path, { filter_action: "hide" }),
    ]);
    const changed = await api.get(path);
    expect(changed).toMatchObject({ title: "Tests", filter_action: "hide" });
    expect(changed.keywords.map(({ keyword }: { keyword: string }) => keyword).sort()).toEqual(
      words.toSorted(),
    );
    await Promise.all(added.slice(0, 4).map(({ id }) => api.delete(`/api/v2/filters/keywords/${id}`)));
    expect((await api.get(path)).keywords).toMatchObject([{ keyword: "five" }]);
  });

  test("switches of the policy that a program sets at once are all set, and the others stay", async () => {
    const app = await testApp(engine);
    const api = await appOf(await person(app, "alice"));
    const path = "/api/v2/notifications/policy";
    const set = (aspect: string, choice: string) => api.put(path, { [aspect]: choice });
    await Promise.all([set("for_not_following", "filter"), set("for_new_accounts", "drop")]);
    await Promise.all([set("for_not_followers", "drop"), set("for_new_accounts", "filter")]);
    expect(await api.get(path)).toMatchObject({
      for_not_following: "filter",
      for_not_followers: "drop",
      for_new_accounts: "filter",
      for_private_mentions: "accept",
      for_limited_accounts: "filter",
    });
  });

  test("a post for later that is sent again under its key, also at once, is one post", async () => {
    const app = await testApp(engine);
    const alice = await person(app, "alice");
    const api = await appOf(alice);
    const send = async (key: string, more: object = {}) => {
      const answer = await app.ask("/api/v1/statuses", {
        method: "POST",
        headers: {
          authorization: alice.bearer,
          "content-type": "application/json",
          "idempotency-key": key,
        },
        body: JSON.stringify({ status: key, ...more }),
      });
      return { status: answer.status, ...((await answer.json()) as { id?: string; error?: string }) };
    };
    const later = { scheduled_at: new Date(app.clock.now() + DAY_MS).toISOString() };
    const made = await Promise.all(Array.from({ length: 4 }, () => send("a", later)));
    expect(made.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    for (let i = 1; i < MAX_A_DAY - 1; i++) await send(`n${i}`, later);
    // The day takes one more: whoever sends that again at once is told of it, and not that there is no room.
    const last = await Promise.all(Array.from({ length: 4 }, () => send("last", later)));
    expect(new Set(last.map(({ id }) => id)).size).toBe(1);
    expect(await send("a", later)).toMatchObject({ status: 200, id: made[0]?.id });
    expect((await send("one more", later)).status).toBe(429);
    // What is said at once under a key is another matter than what is said later under it.
    expect(await send("a")).toMatchObject({ status: 200, content: "<p>a</p>" });
    expect(await api.delete(`/api/v1/scheduled_statuses/${made[0]?.id}`)).toEqual({});
    expect((await send("a", later)).status).toBe(404);
    expect((await send("one more", later)).status).toBe(200);
  });
});
