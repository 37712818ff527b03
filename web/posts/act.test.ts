/** What people hear after a form has done something: nothing where the button shows it, and else how to take it back. */
import { beforeAll, expect, test } from "bun:test";
import { PUBLIC } from "../../server/core/object.ts";
import { HOUR_MS } from "../../server/lib/durations.ts";
import { testApp } from "../../server/testing/app.ts";
import { onSqlite } from "../../server/testing/engines.ts";
import { type Person, person } from "../../server/testing/people.ts";
import { ACT, MAX_POST_CHARACTERS, verb } from "../forms.ts";
import { PUBLISH_AT, SCHEDULED } from "../forms-site.ts";

onSqlite((engine) => {
  let alice: Person;
  let bob: Person;
  let post: string;

  beforeAll(async () => {
    const app = await testApp(engine);
    alice = await person(app, "alice", "admin");
    bob = await person(app, "bob");
    post = await alice.note("A post", { to: [PUBLIC] });
  });

  const act = (type: string, object: string) =>
    bob.submit(ACT.path, {
      [ACT.fields.type]: type,
      [ACT.fields.object]: object,
      [ACT.fields.return]: "/@alice",
    });
  const flashIn = (response: Response): string | undefined =>
    response.headers.getSetCookie().find((cookie) => cookie.includes("flash="));

  test.each([
    verb("Like"),
    verb("Undo", "Like"),
    verb("Announce"),
    verb("Undo", "Announce"),
    verb("Add", "bookmarks"),
    verb("Remove", "bookmarks"),
  ])("%s is seen on its button, without a word besides", async (type) => {
    const done = await act(type, post);
    expect(done.status).toBe(303);
    expect(done.headers.get("location")).toBe("/@alice");
    expect(flashIn(done)).toBeUndefined();
  });

  test.each([verb("Follow"), verb("Add", "muted"), verb("Block")])(
    "%s is told, with a way to take it back",
    async (type) => {
      const done = await act(type, alice.iri);
      expect(done.status).toBe(303);
      const cookie = flashIn(done)?.split(";")[0] ?? "";
      const page = await bob.app.ask("/about", { headers: { cookie: `${bob.cookie}; ${cookie}` } });
      const taken = verb(type.startsWith("Add") ? "Remove" : "Undo", type.split(" ").at(-1));
      expect(await page.text()).toContain(`name="type" value="${taken}"`);
    },
  );

  test("a refusal is told, whatever was tried", async () => {
    expect(flashIn(await act(verb("Undo", "Like"), post))).toBeString();
  });

  test("a post that is too long is shown again with everything in it", async () => {
    const content = "x".repeat(MAX_POST_CHARACTERS + 1);
    const refused = await bob.submit(ACT.path, {
      [ACT.fields.type]: "Create",
      [ACT.fields.content]: content,
    });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain(content);
  });

  /** Sends a form of one page; gives the posts and scheduled posts with its words. */
  async function sent(
    content: string,
    ...forms: readonly Record<string, string>[]
  ): Promise<readonly string[]> {
    const base = { [ACT.fields.type]: "Create", [ACT.fields.content]: content, [ACT.fields.once]: "page" };
    const answers = await Promise.all(forms.map((more) => bob.submit(ACT.path, { ...base, ...more })));
    return answers.map(({ status, headers }) => `${status} ${headers.get("location")}`);
  }
  const saidBy = async (page: string, words: string): Promise<number> =>
    (await (await bob.page(page)).text()).split(`<p>${words}</p>`).length - 1;

  test("a form that is sent twice makes one post, at once or later, and both times says that it is there", async () => {
    const back = { [ACT.fields.return]: "/@bob" };
    expect(await sent("Twice at once", back, back)).toEqual(["303 /@bob", "303 /@bob"]);
    expect(await sent("Twice at once", back)).toEqual(["303 /@bob"]);
    expect(await saidBy("/@bob", "Twice at once")).toBe(1);
  });

  test("a page that is come back to says something else, and again what was deleted", async () => {
    await sent("First thought", {});
    await sent("Second thought", {});
    await sent("Second thought", { [ACT.fields.visibility]: "quiet" });
    expect(await saidBy("/@bob", "First thought")).toBe(1);
    expect(await saidBy("/@bob", "Second thought")).toBe(2);
    const [{ id } = { id: "" }] = (await (
      await bob.app.ask("/api/v1/timelines/home", { headers: { authorization: bob.bearer } })
    ).json()) as { id: string }[];
    await bob.act({ type: "Delete", object: bob.app.opened.addresses.object(Number(id)) });
    expect(await saidBy("/@bob", "Second thought")).toBe(1);
    await sent("Second thought", { [ACT.fields.visibility]: "quiet" });
    expect(await saidBy("/@bob", "Second thought")).toBe(2);
  });

  test("another page says the same once more", async () => {
    await sent("Good morning", {}, { [ACT.fields.once]: "another page" });
    expect(await saidBy("/@bob", "Good morning")).toBe(2);
    const codes = await Promise.all(
      [1, 2].map(async () => /name="once" value="([^"]+)"/.exec(await (await bob.page("/")).text())?.[1]),
    );
    expect(codes[0]).toBeString();
    expect(codes[0]).not.toBe(codes[1]);
  });

  test("a form that is sent twice waits once for its time", async () => {
    const inAnHour = new Date(bob.app.clock.now() + HOUR_MS).toISOString().slice(0, 16);
    const later = { [PUBLISH_AT]: inAnHour };
    await sent("See you", later, later);
    expect((await (await bob.page(SCHEDULED.path)).text()).split("See you").length - 1).toBe(1);
  });

  test("whoever is named by an edit alone is told, and may read it", async () => {
    const carol = await person(bob.app, "carol");
    const iri = await alice.note("A post for followers", { to: [alice.followers] });
    expect(await carol.sees(iri)).toBeNull();
    const edited = await alice.submit(ACT.path, {
      [ACT.fields.type]: "Update",
      [ACT.fields.object]: iri,
      [ACT.fields.content]: "A post for followers, and for @carol",
    });
    expect(edited.status).toBe(303);
    expect((await carol.sees(iri))?.visibility).toBe("followers");
    expect(await carol.notices()).toEqual(["mention alice"]);
  });

  test("an edit leaves a post in its language", async () => {
    const more = { contentMap: { de: "<p>Guten Tag</p>" } };
    const iri = await alice.note("<p>Guten Tag</p>", { to: [PUBLIC] }, more);
    await alice.submit(ACT.path, {
      [ACT.fields.type]: "Update",
      [ACT.fields.object]: iri,
      [ACT.fields.content]: "Guten Abend",
    });
    const edited = await bob.sees(iri);
    expect([edited?.contentHtml, edited?.language]).toEqual(["<p>Guten Abend</p>", "de"]);
  });
});
