/** Lists that are longer than a page: whoever is in them can be found, and taken out. */
import { beforeAll, describe, expect, test } from "bun:test";
import { MAX_PAGE_SIZE } from "../server/lib/page.ts";
import { type TestApp, testApp } from "../server/testing/app.ts";
import { eachEngine } from "../server/testing/engines.ts";
import { groupOf } from "../server/testing/groups.ts";
import { type Person, person } from "../server/testing/people.ts";

const PUBLIC = "https://www.w3.org/ns/activitystreams#Public";
const MANY = MAX_PAGE_SIZE + 5;

eachEngine((engine) => {
  let app: TestApp;
  let alice: Person;
  let others: readonly Person[];

  beforeAll(async () => {
    app = await testApp(engine);
    alice = await person(app, "alice", "admin");
    others = await Promise.all(Array.from({ length: MANY }, (_, n) => person(app, `other${n}`)));
  });

  /** The page, and those behind its links. */
  async function pagesOf(path: string): Promise<readonly string[]> {
    const pages: string[] = [];
    for (let next: string | undefined = path; next !== undefined; ) {
      const page: string = await (await alice.page(next)).text();
      pages.push(page);
      next = /href="([^"]*)" rel="next"/.exec(page)?.[1]?.replaceAll("&amp;", "&");
    }
    return pages;
  }

  const missingIn = (pages: readonly string[]): readonly string[] =>
    others.map(({ name }) => `href="/@${name}"`).filter((link) => !pages.join("").includes(link));

  test("everybody whom one has blocked", async () => {
    for (const { iri } of others) await alice.act({ type: "Block", object: iri });
    const pages = await pagesOf("/settings/blocked");
    expect(pages.length).toBe(2);
    expect(missingIn(pages)).toEqual([]);
    for (const { iri } of others) await alice.submit("/act", { type: "Undo Block", object: iri });
    expect(await pagesOf("/settings/blocked")).toHaveLength(1);
  });

  test("every invitation, so that each can be withdrawn", async () => {
    const { invitations, people } = app.opened.accounts;
    const account = await people.getByName("alice");
    const notes = Array.from({ length: MANY + 20 }, (_, n) => `Class ${n}.`);
    for (const note of notes) await invitations.create(account, { note });
    for (const path of ["/admin/invitations", "/settings/invitations"]) {
      const pages = await pagesOf(path);
      expect(pages.length).toBe(2);
      expect(notes.filter((note) => !pages.join("").includes(note))).toEqual([]);
    }
  });

  describe("of what one has muted", () => {
    test("everybody", async () => {
      for (const { iri } of others)
        await alice.act({ type: "Add", object: iri, target: `${alice.iri}/muted` });
      const pages = await pagesOf("/settings/mutes");
      expect(pages.length).toBe(2);
      expect(missingIn(pages)).toEqual([]);
      for (const { iri } of others)
        await alice.act({ type: "Remove", object: iri, target: `${alice.iri}/muted` });
    });

    test("every conversation", async () => {
      for (let n = 0; n < MANY; n++) {
        const talk = await alice.note(`Talk number ${n}.`, { to: [PUBLIC] });
        await alice.act({ type: "Add", object: talk, target: `${alice.iri}/muted-threads` });
      }
      const pages = await pagesOf("/settings/mutes");
      expect(pages.length).toBe(2);
      for (let n = 0; n < MANY; n++) expect(pages.join("")).toContain(`Talk number ${n}.`);
    });
  });

  test("every hashtag that one follows", async () => {
    const tags = Array.from({ length: MANY }, (_, n) => `subject${n}x`);
    for (const tag of tags)
      await alice.act({
        type: "Add",
        object: `${app.origin}/tags/${tag}`,
        target: `${alice.iri}/followed-tags`,
      });
    const pages = await pagesOf("/lists");
    expect(pages.length).toBe(2);
    expect(tags.filter((tag) => !pages.join("").includes(`#${tag}<`))).toEqual([]);
  });

  test("everybody who was invited into a group and has not come", async () => {
    const group = await groupOf(app, "chess", alice);
    for (const { iri } of others)
      await app.federation.core.act(group.key, { type: "Invite", object: group.iri, target: iri, to: [iri] });
    const pages = await pagesOf("/@chess/invite");
    expect(pages.length).toBe(2);
    expect(missingIn(pages)).toEqual([]);
  });
});
