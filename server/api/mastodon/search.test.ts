/** What apps find: people, posts and tags by words, and what lies elsewhere by its address. */
import { beforeAll, describe, expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import type { Json } from "../../lib/json.ts";
import { onSqlite } from "../../testing/engines.ts";
import { type Fediverse, fediverse } from "../../testing/fediverse.ts";
import { mastodonSchema } from "../../testing/mastodon.ts";
import { type Person, person } from "../../testing/people.ts";

const schema = mastodonSchema();

onSqlite((engine) => {
  let world: Fediverse;
  let alice: Person;
  let amir: Person;
  let bob: Person;
  let bobsPost: string;

  // biome-ignore lint/suspicious/noExplicitAny: an answer is read as its test expects it.
  type Read = any;

  async function ask(who: Person | null, path: string, bearer = who?.bearer) {
    const response = await world
      .at("a.test")
      .ask(path, { headers: bearer === undefined ? {} : { authorization: bearer } });
    const json = (await response.json()) as Json;
    if (response.ok && schema !== null && !path.startsWith("/api/v1/search"))
      expect(schema.faults("GET", path, response.status, json)).toEqual([]);
    return { status: response.status, body: json as Read };
  }

  const search = async (who: Person | null, query: string) =>
    (await ask(who, `/api/v2/search?${query}`)).body;
  const texts = (body: Read): string[] =>
    body.statuses.map(({ content }: Read) => content.replace(/<[^>]*>/g, ""));
  const accts = (accounts: Read): string[] => accounts.map(({ acct }: Read) => acct);

  async function says(who: Person, content: string, more = {}): Promise<string> {
    world.clock.advance(60_000);
    return who.note(content, { to: [PUBLIC], cc: [who.followers] }, more);
  }

  beforeAll(async () => {
    world = await fediverse(engine, ["a.test", "b.test"]);
    alice = await person(world.at("a.test"), "alice", "admin");
    amir = await person(world.at("a.test"), "amir");
    bob = await person(world.at("b.test"), "bob", "admin");
    await says(alice, "First heron");
    await says(amir, "Second heron");
    await says(alice, "Third heron #heronry", {
      tag: [{ type: "Hashtag", name: "#heronry", href: "https://a.test/tags/heronry" }],
    });
    bobsPost = await says(bob, "A heron elsewhere");
    await world.settle();
    await world.at("a.test").opened.search.drain();
  });

  describe("by words", () => {
    test("there are always three lists", async () => {
      for (const query of [
        "q=nothing",
        "q=heron&type=accounts",
        "q=%23&type=hashtags",
        `q=${"%22".repeat(2000)}`,
      ])
        expect(Object.keys(await search(alice, query)).sort()).toEqual(["accounts", "hashtags", "statuses"]);
    });

    test("posts, people and tags are found together, or of one kind alone", async () => {
      const all = await search(alice, "q=heron");
      expect(texts(all)).toEqual(["Third heron #heronry", "Second heron", "First heron"]);
      expect(all.hashtags).toMatchObject([{ name: "heronry", url: "https://a.test/tags/heronry" }]);
      expect(accts((await search(alice, "q=ami")).accounts)).toEqual(["amir"]);
      const tags = await search(alice, "q=%23heron&type=hashtags");
      expect([tags.statuses, tags.accounts, tags.hashtags.length]).toEqual([[], [], 1]);
    });

    test("pages go on by numbers within one kind, or by ids", async () => {
      expect(texts(await search(alice, "q=heron&type=statuses&limit=1&offset=1"))).toEqual(["Second heron"]);
      expect(texts(await search(alice, "q=heron&limit=1&offset=1"))).toEqual(["Third heron #heronry"]);
      const first = await search(alice, "q=heron&type=statuses&limit=1");
      const older = await search(alice, `q=heron&type=statuses&max_id=${first.statuses[0].id}`);
      expect(texts(older)).toEqual(["Second heron", "First heron"]);
      const newer = await search(alice, `q=heron&type=statuses&limit=1&min_id=${older.statuses[1].id}`);
      expect(texts(newer)).toEqual(["Second heron"]);
      expect(texts(await search(alice, `q=heron&account_id=${amir.key}`))).toEqual(["Second heron"]);
      expect((await search(alice, "q=am&type=accounts&offset=1")).accounts).toEqual([]);
    });

    test("without a question there is no answer", async () => {
      expect(await ask(alice, "/api/v2/search")).toMatchObject({
        status: 422,
        body: { error: "param is missing or the value is empty: q" },
      });
    });

    test("strangers find people and tags, and neither leaf nor let ask elsewhere", async () => {
      const found = await search(null, "q=heron");
      expect([found.statuses, found.hashtags.length]).toEqual([[], 1]);
      expect(accts((await search(null, "q=amir")).accounts)).toEqual(["amir"]);
      expect((await ask(null, "/api/v2/search?q=amir&resolve=True")).status).toBe(401);
      expect((await ask(null, "/api/v2/search?q=amir&offset=20")).status).toBe(401);
      expect((await ask(null, "/api/v1/accounts/search?q=amir")).status).toBe(401);
    });

    test("a program that may not search is a stranger", async () => {
      const bearer = await alice.tokenFor("read:statuses");
      expect((await ask(alice, "/api/v2/search?q=heron", bearer)).body.statuses).toEqual([]);
    });

    test("the older endpoint names tags alone", async () => {
      const { body } = await ask(alice, "/api/v1/search?q=heron");
      expect(body.hashtags).toEqual(["heronry"]);
      expect(texts(body).length).toBe(3);
    });
  });

  describe("by the address of a page", () => {
    const at = (who: Person | null, url: string, more = "") =>
      search(who, `q=${encodeURIComponent(url)}${more}`);

    test.each(["", "&resolve=true"])(
      "what an app gives as the address of anything leads back to it%s",
      async (more) => {
        const [status] = (await search(alice, "q=heron")).statuses;
        for (const url of [status.url, status.uri, `${status.url}/`])
          expect((await at(alice, url, more)).statuses.map(({ id }: Read) => id)).toEqual([status.id]);
        for (const url of [
          status.account.url,
          status.account.uri,
          `${status.account.url}/`,
          `${alice.app.origin}/@Alice@a.test`,
        ])
          expect(accts((await at(alice, url, more)).accounts)).toEqual(["alice"]);
      },
    );

    test("what may not be seen is not found by it, nor what is no page", async () => {
      const secret = await alice.note("My heron", { to: [alice.iri] });
      const key = (await alice.app.federation.look.find(secret))?.key;
      expect(texts(await at(alice, `https://a.test/@alice/${key}`))).toEqual(["My heron"]);
      for (const url of [
        `/@alice/${key}`,
        "/@nobody",
        "/@alice/1",
        `/@${"x".repeat(600)}`,
        "/@%ff",
        `/@alice/${alice.key}`,
      ]) {
        const found = await at(amir, `https://a.test${url}`, "&resolve=true");
        expect([found.statuses, found.accounts]).toEqual([[], []]);
      }
    });

    test("pages elsewhere lead to what is here, without asking there", async () => {
      const { object } = await bob.act({
        type: "Create",
        to: [PUBLIC, alice.iri],
        object: { type: "Note", content: "A heron seen" },
      });
      await world.settle();
      const sent = world.sent.length;
      expect(texts(await at(null, `https://b.test/@bob/${object?.key}`))).toEqual(["A heron seen"]);
      expect(accts((await at(null, "https://b.test/@bob")).accounts)).toEqual(["bob@b.test"]);
      expect(texts(await at(null, `https://b.test/@amir/${object?.key}`))).toEqual([]);
      // As this server shows what is elsewhere.
      const [seen] = (await at(alice, object?.iri ?? "")).statuses;
      expect(texts(await at(alice, `https://a.test/@bob@b.test/${seen.id}`))).toEqual(["A heron seen"]);
      expect(accts((await at(alice, "https://a.test/@bob@b.test")).accounts)).toEqual(["bob@b.test"]);
      expect(world.sent.length).toBe(sent);
    });
  });

  describe("elsewhere", () => {
    test("an address leads to the post or person behind it, where that is wanted", async () => {
      const path = `q=${encodeURIComponent(bobsPost)}`;
      expect((await search(alice, path)).statuses).toEqual([]);
      expect(texts(await search(alice, `${path}&resolve=True`))).toEqual(["A heron elsewhere"]);
      expect(texts(await search(amir, path))).toEqual(["A heron elsewhere"]);
      const person = await search(alice, `q=${encodeURIComponent(bob.iri)}&resolve=true`);
      expect([accts(person.accounts), person.statuses]).toEqual([["bob@b.test"], []]);
      expect((await search(alice, "q=https://c.test/nobody&resolve=1")).statuses).toEqual([]);
    });

    test("a handle leads to somebody, and one that nobody has to nobody", async () => {
      expect(accts((await search(alice, "q=@bob@b.test&resolve=true")).accounts)).toEqual(["bob@b.test"]);
      expect((await search(alice, "q=@eve@b.test&resolve=true")).accounts).toEqual([]);
    });
  });

  describe("for those who type a name", () => {
    test("people are given as a list, those followed alone where that is wanted", async () => {
      await alice.act({ type: "Follow", object: amir.iri });
      await world.settle();
      expect(accts((await ask(alice, "/api/v1/accounts/search?q=a&limit=5")).body)).toEqual([]);
      expect(accts((await ask(alice, "/api/v1/accounts/search?q=am")).body)).toEqual(["amir"]);
      expect(accts((await ask(alice, "/api/v1/accounts/search?q=bob&following=true")).body)).toEqual([]);
      expect(accts((await ask(alice, "/api/v1/accounts/search?q=ami&following=true")).body)).toEqual([
        "amir",
      ]);
    });
  });
});
