/** Lists of people, hashtags and pinned posts in a browser: made, kept and read by forms alone. */
import { beforeAll, expect, test } from "bun:test";
import { PUBLIC } from "../../server/core/object.ts";
import { type TestApp, testApp } from "../../server/testing/app.ts";
import { onSqlite } from "../../server/testing/engines.ts";
import { type Person, person } from "../../server/testing/people.ts";
import { ACT, PROFILE } from "../forms.ts";
import { LISTS, LISTS_WITH } from "../forms-lists.ts";

onSqlite((engine) => {
  let app: TestApp;
  let ada: Person;
  let ben: Person;

  beforeAll(async () => {
    app = await testApp(engine);
    ada = await person(app, "ada", "admin");
    ben = await person(app, "ben");
    await ada.act({ type: "Follow", object: ben.iri });
  });

  const F = LISTS.fields;
  const bodyOf = async (who: Person, path: string) => (await who.page(path)).text();
  const says = (who: Person, content: string, more = {}) =>
    who.note(content, { to: [PUBLIC], cc: [who.followers] }, more);

  async function newList(title: string): Promise<string> {
    const made = await ada.submit(LISTS.path, { [F.action]: LISTS.actions.make, [F.title]: title });
    expect(made.status).toBe(303);
    return made.headers.get("location")?.match(/\d+/)?.[0] ?? "";
  }

  test("a list is made, somebody is put into it, and it shows what they write", async () => {
    const key = await newList("Colleagues");
    expect(await bodyOf(ada, LISTS.path)).toContain("Colleagues");
    const added = { [F.action]: LISTS.actions.add, [F.list]: key, [F.handle]: "@ben" };
    expect((await ada.submit(LISTS.path, added)).headers.get("location")).toBe(`${LISTS.path}/${key}/people`);
    await says(ben, "the minutes");
    expect(await bodyOf(ada, `${LISTS.path}/${key}`)).toContain("the minutes");
    expect(await bodyOf(ada, `${LISTS.path}/${key}/people`)).toContain("@ben");
    await ada.submit(LISTS.path, { [F.action]: LISTS.actions.take, [F.list]: key, [F.person]: ben.iri });
    expect(await bodyOf(ada, `${LISTS.path}/${key}`)).not.toContain("the minutes");
  });

  test("a list is given another name, and deleted", async () => {
    const key = await newList("Temporary");
    const saved = {
      [F.action]: LISTS.actions.save,
      [F.list]: key,
      [F.title]: "Lasting",
      [F.isExclusive]: "yes",
    };
    await ada.submit(LISTS.path, saved);
    expect(await bodyOf(ada, `${LISTS.path}/${key}/settings`)).toContain("Lasting");
    expect(await app.queries.list(Number(key), ada.key)).toMatchObject({ isExclusive: true });
    await ada.submit(LISTS.path, { [F.action]: LISTS.actions.remove, [F.list]: key });
    expect((await ada.page(`${LISTS.path}/${key}`)).status).toBe(404);
  });

  test("what is wrong stands at its field, with what was typed", async () => {
    const nameless = await ada.submit(LISTS.path, { [F.action]: LISTS.actions.make, [F.title]: " " });
    expect(nameless.status).toBe(422);
    const key = await newList("Strict");
    const nobody = { [F.action]: LISTS.actions.add, [F.list]: key, [F.handle]: "@nobody" };
    const answer = await ada.submit(LISTS.path, nobody);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('value="@nobody"');
    const stranger = await person(app, "stranger");
    const unknown = { ...nobody, [F.handle]: "@stranger" };
    expect((await ada.submit(LISTS.path, unknown)).status).toBe(403);
    expect((await stranger.page(`${LISTS.path}/${key}`)).status).toBe(404);
    expect((await stranger.submit(LISTS.path, { ...nobody, [F.action]: LISTS.actions.remove })).status).toBe(
      404,
    );
  });

  test("somebody is put into several lists from their page", async () => {
    const [one, two] = [await newList("One"), await newList("Two")];
    const query = new URLSearchParams({
      [LISTS_WITH.fields.person]: ben.iri,
      [LISTS_WITH.fields.return]: "/@ben",
    });
    expect(await bodyOf(ada, "/@ben")).toContain(LISTS_WITH.path);
    expect(await bodyOf(ada, `${LISTS_WITH.path}?${query}`)).toContain("Two");
    const done = await ada.submit(LISTS_WITH.path, {
      [LISTS_WITH.fields.person]: ben.iri,
      [LISTS_WITH.fields.list(Number(one))]: "yes",
      [LISTS_WITH.fields.list(Number(two))]: "yes",
      [LISTS_WITH.fields.return]: "/@ben",
    });
    expect(done.headers.get("location")).toBe("/@ben");
    expect(await app.queries.listsWith(ada.key, ben.key)).toEqual(new Set([Number(one), Number(two)]));
    await ada.submit(LISTS_WITH.path, {
      [LISTS_WITH.fields.person]: ben.iri,
      [LISTS_WITH.fields.list(Number(two))]: "yes",
    });
    expect(await app.queries.listsWith(ada.key, ben.key)).toEqual(new Set([Number(two)]));
  });

  test("what one keeps about somebody is a note, and on what terms one follows them", async () => {
    const { fields: f } = LISTS_WITH;
    const kept = { [f.person]: ben.iri, [f.note]: "plays the cello", [f.tells]: "yes" };
    await ada.submit(LISTS_WITH.path, kept);
    expect(await ada.knows(ben.iri)).toMatchObject({
      remark: "plays the cello",
      tellsPosts: true,
      showsShares: false,
    });
    const query = new URLSearchParams({ [f.person]: ben.iri });
    expect(await bodyOf(ada, `${LISTS_WITH.path}?${query}`)).toContain("plays the cello");
    const long = await ada.submit(LISTS_WITH.path, { ...kept, [f.note]: "x".repeat(2_001) });
    expect(long.status).toBe(422);
    await ben.submit(LISTS_WITH.path, { [f.person]: ada.iri, [f.shares]: "yes" });
    expect(await ben.knows(ada.iri)).toMatchObject({ following: "no", remark: "" });
  });

  test("a circle that is hidden is counted, and not shown", async () => {
    const carol = await person(app, "carol");
    await ben.act({ type: "Follow", object: carol.iri });
    expect(await bodyOf(ada, "/@carol/followers")).toContain("@ben");
    await carol.submit(PROFILE.path, { displayName: "Carol", hidesCircle: "yes" });
    expect(await bodyOf(ada, "/@carol/followers")).not.toContain("@ben");
    expect(await bodyOf(carol, "/@carol/followers")).toContain("@ben");
    await carol.submit(PROFILE.path, { displayName: "Carol" });
    expect(await bodyOf(ada, "/@carol/followers")).toContain("@ben");
  });

  test("a hashtag is followed on its page, and no more", async () => {
    const tag = app.opened.addresses.tag("physik");
    const before = await bodyOf(ada, "/tags/physik");
    expect(before).toContain("Add followed-tags");
    await ada.submit(ACT.path, { type: "Add followed-tags", object: tag });
    expect(await bodyOf(ada, "/tags/physik")).toContain("Remove followed-tags");
    const stranger = await person(app, "tagger");
    await says(stranger, "experiment", { tag: [{ type: "Hashtag", name: "#Physik", href: tag }] });
    expect(await ada.home()).toContain("experiment");
    await ada.submit(ACT.path, { type: "Remove followed-tags", object: tag });
    expect(await ada.home()).not.toContain("experiment");
    expect(await (await app.ask("/tags/physik", { headers: { accept: "text/html" } })).text()).not.toContain(
      "followed-tags",
    );
  });

  test("a hashtag on somebody's page leads to what they wrote with it", async () => {
    const tag = app.opened.addresses.tag("optik");
    const marked = { tag: [{ type: "Hashtag", name: "#Optik", href: tag }] };
    await says(ada, "about lenses", marked);
    await says(ada, "about lunch");
    await says(ben, "somebody else's lenses", marked);
    await ada.submit(ACT.path, { type: "Add featured-tags", object: tag });
    expect(await bodyOf(ben, "/@ada")).toContain("/@ada/tagged/optik");
    const page = await bodyOf(ben, "/@ada/tagged/optik");
    expect(page).toContain("about lenses");
    expect(page).not.toContain("about lunch");
    expect(page).not.toContain("somebody else");
    expect(await bodyOf(ada, "/tags/optik")).toContain("Remove featured-tags");
    await ada.submit(ACT.path, { type: "Remove featured-tags", object: tag });
    expect(await bodyOf(ben, "/@ada")).not.toContain("/tagged/");
  });

  test("a pinned post stands at the top of its author's page, once", async () => {
    const first = await says(ada, "read me first");
    await says(ada, "something newer");
    await ada.submit(ACT.path, { type: "Add featured", object: first });
    const page = await bodyOf(ben, "/@ada");
    expect(page.indexOf("read me first")).toBeLessThan(page.indexOf("something newer"));
    expect(page.split("read me first")).toHaveLength(2);
    expect(page).not.toContain("Remove featured");
    expect(await bodyOf(ada, "/@ada")).toContain("Remove featured");
    await ada.submit(ACT.path, { type: "Remove featured", object: first });
    const after = await bodyOf(ben, "/@ada");
    expect(after.indexOf("read me first")).toBeGreaterThan(after.indexOf("something newer"));
  });
});
