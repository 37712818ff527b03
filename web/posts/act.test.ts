/** What people hear after a form has done something: nothing where the button shows it, and else how to take it back. */
import { beforeAll, expect, test } from "bun:test";
import { PUBLIC } from "../../server/core/object.ts";
import { testApp } from "../../server/testing/app.ts";
import { onSqlite } from "../../server/testing/engines.ts";
import { type Person, person } from "../../server/testing/people.ts";
import { ACT, MAX_POST_CHARACTERS, verb } from "../forms.ts";

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
