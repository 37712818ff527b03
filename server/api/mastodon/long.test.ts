/** Lists that are longer than a page: whoever asks for all of one, or for a long page of it, gets that. */
import { beforeAll, expect, test } from "bun:test";
import { insertObject } from "../../core/store-writes.ts";
import type { Json } from "../../lib/json.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { crowd, putInto } from "../../testing/crowd.ts";
import { eachEngine } from "../../testing/engines.ts";
import { type Person, person } from "../../testing/people.ts";

/** More than any answer had before, and than are read at one time. */
const IN_LIST = 1_100;
/** The same of rules. */
const RULES = 5_100;

eachEngine((engine) => {
  let app: TestApp;
  let alice: Person;

  beforeAll(async () => {
    app = await testApp(engine);
    alice = await person(app, "alice", "admin");
  });

  async function get(path: string, body?: object): Promise<Json[]> {
    const sent = body && { method: "POST", body: JSON.stringify(body) };
    const headers = { authorization: alice.bearer, "content-type": "application/json" };
    return (await (await app.ask(path, { ...sent, headers })).json()) as Json[];
  }
  const lengths = (paths: readonly string[]) =>
    Promise.all(paths.map(async (path) => [path, (await get(path)).length] as const));

  test("of people, notices and tags a page is as long as it was asked for", async () => {
    const people = await crowd(app.opened, "crowd.test", 90);
    for (const list of ["followers", "following", "blocked"])
      await putInto(app.opened, alice.key, list, people);
    const { db, keys, addresses } = app.opened;
    const tags = Array.from({ length: 120 }, (_, n) => ({ key: keys.next(), iri: addresses.tag(`t${n}`) }));
    const about = { host: 0, owner: null, subject: null, updatedMs: null, fetchedMs: null } as const;
    await db.batch(
      tags.map(({ key, iri }) =>
        insertObject({
          ...about,
          key,
          iri,
          kind: "object",
          type: "Hashtag",
          visibility: "public",
          document: { id: iri, type: "Hashtag" },
        }),
      ),
    );
    await putInto(
      app.opened,
      alice.key,
      "followed-tags",
      tags.map(({ key }) => key),
    );
    expect(
      await lengths([
        `/api/v1/accounts/${alice.key}/followers?limit=80`,
        `/api/v1/accounts/${alice.key}/following?limit=999`,
        "/api/v1/blocks?limit=80",
        "/api/v1/followed_tags?limit=200",
      ]),
    ).toEqual([
      [`/api/v1/accounts/${alice.key}/followers?limit=80`, 80],
      [`/api/v1/accounts/${alice.key}/following?limit=999`, 80],
      ["/api/v1/blocks?limit=80", 80],
      ["/api/v1/followed_tags?limit=200", 120],
    ]);
  });

  test("a list of people is given whole where all of it is asked for", async () => {
    const { id } = (await get("/api/v1/lists", { title: "Everybody" })) as unknown as { id: string };
    await putInto(app.opened, Number(id), "items", await crowd(app.opened, "list.test", IN_LIST));
    const all = (await get(`/api/v1/lists/${id}/accounts?limit=0`)) as { id: string }[];
    expect([all.length, new Set(all.map((each) => each.id)).size]).toEqual([IN_LIST, IN_LIST]);
  });

  test("everything is told that is decided about other servers", async () => {
    const { domains } = app.opened;
    const put = Array.from({ length: RULES }, (_, n) => ({
      ...domains.parse({ domain: `n${n}.test`, level: n % 2 === 0 ? "block" : "limit" }),
      list: null,
    }));
    await domains.change(null, { put, remove: [] });
    const told = (await get("/api/v1/instance/domain_blocks")) as { domain: string }[];
    expect(new Set(told.map(({ domain }) => domain)).size).toBe(RULES);
  });
});
