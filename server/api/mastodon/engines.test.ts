/** The SQL that this face brings along, on each engine. */
import { expect, test } from "bun:test";
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
});
