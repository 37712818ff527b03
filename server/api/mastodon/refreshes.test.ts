/** What is still on its way is told, and clients may ask whether it has come. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import { onSqlite } from "../../testing/engines.ts";
import { fediverse } from "../../testing/fediverse.ts";
import { mastodonSchema } from "../../testing/mastodon.ts";
import { jsonOf, person } from "../../testing/people.ts";

onSqlite((engine) => {
  test("who opens a conversation of another server hears that more of it comes, and when it has", async () => {
    const all = await fediverse(engine, ["a.test", "b.test"]);
    const alice = await person(all.at("a.test"), "alice", "admin");
    const bob = await person(all.at("b.test"), "bob", "admin");
    const root = await alice.note("Who has a boat?", { to: [PUBLIC] });
    const answer = await alice.note("I have", { to: [PUBLIC] }, { inReplyTo: root });
    const key = (await bob.app.federation.look.fetch(answer))?.key;

    const ask = (path: string, bearer = bob.bearer) =>
      bob.app.ask(path, { headers: { authorization: bearer } });
    const context = `/api/v1/statuses/${key}/context`;
    const first = await ask(context);
    expect(await jsonOf(first)).toEqual({ ancestors: [], descendants: [] });
    const header = first.headers.get("mastodon-async-refresh") ?? "";
    expect(header).toMatch(/^id="[\w-]+", retry=5, result_count=0$/);
    expect(first.headers.get("access-control-expose-headers")).toContain("Mastodon-Async-Refresh");

    const path = `/api/v1_alpha/async_refreshes/${/id="([^"]+)"/.exec(header)?.[1]}`;
    const running = await jsonOf(await ask(path));
    expect(running).toMatchObject({ async_refresh: { status: "running", result_count: 0 } });
    expect(mastodonSchema()?.faults("GET", path, 200, running) ?? []).toEqual([]);
    await all.settle();
    expect(await jsonOf(await ask(path))).toMatchObject({ async_refresh: { status: "finished" } });
    const second = await ask(context);
    expect(second.headers.get("mastodon-async-refresh")).toBeNull();
    expect((await jsonOf(second)).ancestors).toHaveLength(1);

    const unknown = await ask("/api/v1_alpha/async_refreshes/guess");
    const visitor = await bob.app.ask(context);
    expect([unknown.status, visitor.headers.get("mastodon-async-refresh")]).toEqual([404, null]);
  });
});
