/** What one author writes arrives in the order in which it was written, whatever happens on the way. */
import { beforeAll, expect, test } from "bun:test";
import type { AsObject } from "../core/object.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../lib/durations.ts";
import { onSqlite } from "../testing/engines.ts";
import { type Mail, mail, type Reader } from "../testing/mail.ts";

const PATIENCE_MS = 60_000;

onSqlite((engine) => {
  let post: Mail;
  beforeAll(async () => {
    post = await mail(engine);
  }, PATIENCE_MS);

  const types = (reader: Reader) => reader.letters().map(({ type }) => type);
  const contents = (reader: Reader) =>
    reader.letters().map(({ object }) => (object as { content: string }).content.replace(/<[^>]*>/g, ""));

  async function change(iri: string, content: string): Promise<void> {
    const seen = await post.alice.app.federation.look.find(iri);
    const document: AsObject = { ...seen?.document, id: iri, content };
    await post.alice.act({ type: "Update", object: document, to: document.to ?? [], cc: document.cc ?? [] });
  }

  test("an Update never overtakes its Create, nor a Delete the two, however often the first fails", async () => {
    const reader = await post.reader((_, nth) => ({ status: nth <= 4 ? 500 : 202, body: "" }));
    const iri = await post.say(post.alice, "First");
    await change(iri, "Second");
    await post.all.settle();
    await post.pass(20 * MINUTE_MS, MINUTE_MS);
    expect(types(reader)).toEqual(["Create", "Create", "Create", "Create", "Create", "Update"]);
    await post.alice.act({ type: "Delete", object: iri });
    await post.all.settle();
    expect(types(reader).at(-1)).toBe("Delete");
    await post.leave(reader);
  });

  test("a hundred posts that waited for days arrive once, in order, within the hour", async () => {
    const reader = await post.reader();
    post.all.trouble(reader.host, "refused");
    const names = Array.from({ length: 100 }, (_, i) => `Number ${i}`);
    for (const name of names) await post.say(post.alice, name);
    await post.pass(4 * DAY_MS, 2 * HOUR_MS);
    expect(reader.there.received).toEqual([]);
    post.all.trouble(reader.host, null);
    await post.pass(HOUR_MS + 15 * MINUTE_MS, 5 * MINUTE_MS);
    expect(contents(reader)).toEqual(names);
    await post.leave(reader);
  });

  test("one author's failing letter does not hold back another's", async () => {
    const fails = (request: Request) => request.headers.get("signature")?.includes("/users/alice#") ?? false;
    const reader = await post.reader(
      (request) => ({ status: fails(request) ? 403 : 202, body: "" }),
      [post.alice, post.bob],
    );
    const [first, second] = [await post.say(post.alice, "A1"), await post.say(post.alice, "A2")];
    const other = await post.say(post.bob, "B1");
    await post.all.settle();
    expect(await post.arrival(post.bob, other, reader.host)).toMatchObject({ state: "arrived" });
    expect(await post.arrival(post.alice, first, reader.host)).toMatchObject({ state: "waiting", tries: 1 });
    expect(await post.arrival(post.alice, second, reader.host)).toMatchObject({ state: "waiting", tries: 0 });
    reader.answer(() => ({ status: 202, body: "" }));
    await post.pass(HOUR_MS, 5 * MINUTE_MS);
    expect(contents(reader).slice(-2)).toEqual(["A1", "A2"]);
    await post.leave(reader);
  });

  test("a letter that is given up releases the next", async () => {
    const reader = await post.reader((_, nth) => ({ status: nth === 1 ? 413 : 202, body: "" }));
    const [first, second] = [await post.say(post.alice, "Too long"), await post.say(post.alice, "Short")];
    await post.all.settle();
    expect(await post.arrival(post.alice, first, reader.host)).toMatchObject({ state: "given-up" });
    expect(await post.arrival(post.alice, second, reader.host)).toMatchObject({ state: "arrived" });
    await post.leave(reader);
  });

  test("a letter over which a program stumbles holds its author back for a day where others get through", async () => {
    const stumbles = async (request: Request) => (await request.clone().text()).includes("Poison");
    const reader = await post.reader(undefined, [post.alice, post.bob]);
    for (const path of ["/inbox", "/users/fan/inbox"]) {
      reader.there.put(path, async (request) => ({
        status: (await stumbles(request)) ? 500 : 202,
        body: "",
      }));
    }
    const bad = await post.say(post.alice, "Poison");
    const good = await post.say(post.alice, "Bread");
    await post.all.settle();
    for (let hour = 0; hour < 26; hour++) {
      await post.say(post.bob, `Hour ${hour}`);
      await post.pass(HOUR_MS);
      if (hour === 20)
        expect(await post.arrival(post.alice, bad, reader.host)).toMatchObject({ state: "waiting" });
    }
    expect(await post.arrival(post.alice, bad, reader.host)).toMatchObject({
      state: "given-up",
      lastError: "It answered 500.",
    });
    expect(await post.arrival(post.alice, good, reader.host)).toMatchObject({ state: "arrived" });
    await post.leave(reader);
  });

  test("a letter to several inboxes of a host reaches none of them twice when another fails", async () => {
    const reader = await post.reader();
    const second = await reader.there.actor("second");
    let nth = 0;
    reader.there.put("/users/second/inbox", () => ({ status: ++nth === 1 ? 503 : 202, body: "" }));
    await post.alice.app.federation.look.fetch(second.iri);
    reader.there.received.length = 0;
    await post.alice.act({
      type: "Create",
      to: [post.alice.iri],
      object: { type: "Note", content: "Psst", to: [post.alice.iri], bcc: [reader.fan.iri, second.iri] },
    });
    await post.all.settle();
    await post.pass(10 * MINUTE_MS, MINUTE_MS);
    const paths = reader.there.received.map(({ path }) => path);
    expect(paths.filter((path) => path === "/users/fan/inbox")).toHaveLength(1);
    expect(paths.filter((path) => path === "/users/second/inbox")).toHaveLength(2);
    await post.leave(reader);
  });

  test("nothing of all that is an error of ours", () => {
    expect(post.alice.app.warnings().filter(({ level }) => level === "error")).toEqual([]);
  });
});
