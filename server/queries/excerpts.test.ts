/** Long texts: the beginning in lists, the whole on the page of the thing. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { eachEngine } from "../testing/engines.ts";
import { fediverse } from "../testing/fediverse.ts";
import { readActorParts, readParts } from "../testing/parts.ts";
import { type Person, person } from "../testing/people.ts";
import { MAX_HTML } from "./rich.ts";

/** Room for the few elements that are open where a text is cut. */
const ENDS = 200;
const MAX_EXCERPT = 20_000 + ENDS;

test("a text is no longer after cleaning than it may be, and ends with a whole character", () => {
  const { contentHtml, isCut } = readParts({ type: "Note", content: `<p>${"&".repeat(900_000)}</p>` });
  expect(isCut).toBe(true);
  expect(contentHtml.length).toBeLessThan(MAX_HTML + ENDS);
  expect(contentHtml).toMatch(/^<p>(?:&amp;)+<\/p>$/);
  expect(readParts({ type: "Note", content: "<p>short</p>" })).toMatchObject({ isCut: false });
});

test("what people say of themselves is no book", () => {
  const long = "&".repeat(200_000);
  const { summaryHtml, fields } = readActorParts({
    type: "Person",
    summary: long,
    attachment: [{ type: "PropertyValue", name: "Web", value: long }],
  });
  expect(summaryHtml.length).toBeLessThan(MAX_EXCERPT);
  expect(fields[0]?.valueHtml.length).toBeLessThan(3000);
});

eachEngine((engine) => {
  const entities = async (reader: Person, path: string) => {
    const text = await (await reader.read(path)).text();
    return { size: text.length, body: JSON.parse(text) };
  };

  test("lists show the beginning of a long text with a link, its own page shows all of it", async () => {
    const world = await fediverse(engine, ["a.test", "b.test"]);
    const alice = await person(world.at("a.test"), "alice", "admin");
    const bob = await person(world.at("b.test"), "bob", "admin");
    const chapter = `<p>${"It was a dark night. ".repeat(5_000)}The end.</p>`;
    const mention = { tag: [{ type: "Mention", href: alice.iri, name: alice.handle }] };
    const iri = await bob.note(chapter, { to: [PUBLIC, alice.iri] }, mention);
    await world.settle();

    const key = (await alice.app.federation.look.find(iri))?.key ?? 0;
    const { queries } = alice.app;
    const whole = async () => (await queries.object(key, alice.key))?.contentHtml ?? "";
    const listed = async () => (await queries.objects([key], alice.key)).get(key);
    for (let again = 0; again < 2; again++) {
      expect(await whole()).toBe(chapter);
      expect((await listed())?.contentHtml.length).toBeLessThan(MAX_EXCERPT);
      expect((await queries.thread(key, alice.key)).replies).toEqual([]);
    }

    const notices = await entities(alice, "/api/v1/notifications");
    expect(notices.size).toBeLessThan(30_000);
    expect(notices.body[0].status.content).toContain(`<a href="${(await listed())?.url}"`);
    expect((await entities(alice, `/api/v1/statuses/${key}`)).body.content).toContain("The end.");
    expect(await (await alice.page((await listed())?.path ?? "")).text()).toContain("The end.");
    expect(await (await alice.page("/notifications")).text()).not.toContain("The end.");
  });
});
