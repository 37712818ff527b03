/** Searching finds what one may read and its author agrees to, the best first, and nothing else. */
import { beforeAll, describe, expect, test } from "bun:test";
import { type AsObject, PUBLIC } from "../core/object.ts";
import { MINUTE_MS } from "../lib/durations.ts";
import { eachEngine } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { type Group, groupOf, toMembers } from "../testing/groups.ts";
import { type Person, person } from "../testing/people.ts";

const EVERYBODY = { to: [PUBLIC] };

eachEngine((engine) => {
  let world: Fediverse;
  let alice: Person;
  let amir: Person;
  let bob: Person;

  beforeAll(async () => {
    world = await fediverse(engine, ["a.test", "b.test"]);
    alice = await person(world.at("a.test"), "alice", "admin");
    amir = await person(world.at("a.test"), "amir");
    bob = await person(world.at("b.test"), "bob", "admin");
    await alice.act({ type: "Follow", object: bob.iri });
    await settle();
  });

  async function settle(): Promise<void> {
    await world.settle();
    for (const host of ["a.test", "b.test"]) await world.at(host).opened.search.drain();
  }

  /** A post a minute later than the one before. */
  function note(
    by: Person,
    content: string,
    audience: AsObject = EVERYBODY,
    more: AsObject = {},
  ): Promise<string> {
    world.clock.advance(MINUTE_MS);
    return by.note(content, audience, more);
  }

  async function change(who: Person, changes: AsObject): Promise<void> {
    world.clock.advance(MINUTE_MS);
    const document = (await who.app.federation.look.find(who.iri))?.document ?? {};
    await who.act({ type: "Update", object: { ...document, ...changes }, to: [PUBLIC, who.followers] });
    await settle();
  }

  const textOf = (html: string, name: string | null): string => name ?? html.replace(/<[^>]*>/g, "");

  /** What somebody of a.test finds, or a stranger there. */
  async function finds(who: Person | null, text: string): Promise<readonly string[]> {
    const { items } = await world
      .at("a.test")
      .queries.searchPosts(text, who?.key ?? null, { limit: 20, cursor: null });
    return items.map(({ object }) => textOf(object.contentHtml, object.name));
  }

  describe("of people here", () => {
    test("everybody who lives here finds what is for everybody, by any word, without accents or case", async () => {
      await note(alice, "<p>Die Photosynthese der <b>Grünpflanzen</b></p>");
      await note(amir, "<p>Photosynthese &amp; Zellatmung</p>", EVERYBODY, { name: "" });
      await settle();
      const both = ["Photosynthese &amp; Zellatmung", "Die Photosynthese der Grünpflanzen"];
      expect(await finds(amir, "photosynthese")).toEqual(both);
      expect(await finds(alice, "GRUNPFLANZEN photosynthese")).toEqual([both[1] ?? ""]);
      expect(await finds(alice, "photosynthese -zellatmung")).toEqual([both[1] ?? ""]);
      expect(await finds(alice, '"photosynthese der"')).toEqual([both[1] ?? ""]);
      expect(await finds(alice, '"der photosynthese"')).toEqual([]);
    });

    test("strangers find what its author wants to be found, and materials", async () => {
      await note(alice, "Mitochondrien");
      await note(alice, "Text", EVERYBODY, { type: "Article", name: "Mitochondrien im Detail" });
      await settle();
      expect(await finds(null, "mitochondrien")).toEqual(["Mitochondrien im Detail"]);
      await change(alice, { indexable: true });
      expect(await finds(null, "mitochondrien")).toEqual(["Mitochondrien im Detail", "Mitochondrien"]);
      await change(alice, { indexable: false });
      expect(await finds(null, "mitochondrien")).toEqual(["Mitochondrien im Detail"]);
    });

    test("what is not for everybody is found by its author, those addressed, and nobody else", async () => {
      await note(alice, "Ribosom quiet", { to: [alice.followers], cc: [PUBLIC] });
      await note(alice, "Ribosom followers", { to: [alice.followers] });
      await note(alice, "Ribosom direct", { to: [amir.iri] });
      await settle();
      expect(await finds(alice, "ribosom")).toEqual(["Ribosom direct", "Ribosom followers", "Ribosom quiet"]);
      expect(await finds(amir, "ribosom")).toEqual(["Ribosom direct"]);
      expect(await finds(null, "ribosom")).toEqual([]);
    });

    test("an edit changes by what it is found, and what is deleted is found no more", async () => {
      const iri = await note(alice, "Chlorophyl");
      await settle();
      expect(await finds(amir, "chlorophyl")).toEqual(["Chlorophyl"]);
      const document = (await alice.app.federation.look.find(iri))?.document ?? {};
      await alice.act({ type: "Update", object: { ...document, content: "Chlorophyll" } });
      await settle();
      expect(await finds(amir, "chlorophyl -chlorophyll")).toEqual([]);
      expect(await finds(amir, "chlorophyll")).toEqual(["Chlorophyll"]);
      await alice.act({ type: "Delete", object: iri });
      expect(await finds(amir, "chlorophyll")).toEqual([]);
      await settle();
      expect(await finds(amir, "chlorophyll")).toEqual([]);
    });

    test("a block hides, and so does muting", async () => {
      await note(alice, "Plasmodium");
      await settle();
      await amir.act({ type: "Block", object: alice.iri });
      expect(await finds(amir, "plasmodium")).toEqual([]);
      const block = await alice.app.federation.look.activityAbout?.("Block", amir.key, alice.key);
      await amir.act({ type: "Undo", object: block?.iri ?? "" });
      expect(await finds(amir, "plasmodium")).toEqual(["Plasmodium"]);
    });
  });

  describe("of people elsewhere", () => {
    test("those who did not agree are found by those whom it concerns: they liked it, answered it or are named", async () => {
      const liked = await note(bob, "Kettle one", { to: [PUBLIC], cc: [bob.followers] });
      const answered = await note(bob, "Kettle two", { to: [PUBLIC], cc: [bob.followers] });
      await note(
        bob,
        "Kettle three for @amir",
        { to: [PUBLIC, amir.iri], cc: [bob.followers] },
        {
          tag: [{ type: "Mention", href: amir.iri, name: "@amir@a.test" }],
        },
      );
      await settle();
      expect(await finds(alice, "kettle")).toEqual([]);
      expect(await finds(amir, "kettle")).toEqual(["Kettle three for @amir"]);
      const { key } = await alice.act({ type: "Like", object: liked });
      await note(alice, "an answer", EVERYBODY, { inReplyTo: answered });
      await settle();
      expect(await finds(alice, "kettle")).toEqual(["Kettle two", "Kettle one"]);
      expect(await finds(null, "kettle")).toEqual([]);
      await alice.act({ type: "Undo", object: world.at("a.test").opened.addresses.activity(key) });
      await settle();
      expect(await finds(alice, "kettle")).toEqual(["Kettle two"]);
    });

    test("what they agree to is found by everybody, from the moment on that they do, and until they do not", async () => {
      await note(bob, "Teapot", { to: [PUBLIC], cc: [bob.followers] });
      await settle();
      expect(await finds(amir, "teapot")).toEqual([]);
      await change(bob, { indexable: true });
      expect(await finds(amir, "teapot")).toEqual(["Teapot"]);
      expect(await finds(null, "teapot")).toEqual(["Teapot"]);
      await change(bob, { indexable: false });
      expect(await finds(amir, "teapot")).toEqual([]);
      expect(await finds(null, "teapot")).toEqual([]);
    });

    test("nothing of a server that is refused is found", async () => {
      await change(bob, { indexable: true });
      await note(bob, "Samovar", { to: [PUBLIC], cc: [bob.followers] });
      await settle();
      expect(await finds(amir, "samovar")).toEqual(["Samovar"]);
      const { domains } = world.at("a.test").opened;
      const rule = { domain: "b.test", level: "block", noMedia: false, noReports: false } as const;
      const put = [{ ...rule, publicComment: "", privateComment: "", list: null }];
      await domains.change(null, { put, remove: [] });
      expect(await finds(amir, "samovar")).toEqual([]);
      await domains.change(null, { put: [], remove: ["b.test"] });
      expect(await finds(amir, "samovar")).toEqual(["Samovar"]);
    });
  });

  describe("in groups", () => {
    let club: Group;

    test("who is in a private group finds what is said there, and nobody else", async () => {
      club = await groupOf(world.at("a.test"), "club", alice, { access: "private", joining: "open" });
      await amir.act({ type: "Follow", object: club.iri });
      await settle();
      await note(alice, "Knitting in the club", toMembers(club));
      await settle();
      expect(await finds(amir, "knitting")).toEqual(["Knitting in the club"]);
      expect(await finds(amir, "in:club knitting")).toEqual(["Knitting in the club"]);
      expect(await finds(null, "knitting")).toEqual([]);
      const zoe = await person(world.at("a.test"), "zoe");
      expect(await finds(zoe, "in:club knitting")).toEqual([]);
      expect(await finds(zoe, "in:nowhere knitting")).toEqual([]);
    });
  });

  describe("narrowed down", () => {
    beforeAll(async () => {
      const image = {
        type: "Document",
        mediaType: "image/png",
        url: "https://a.test/x.png",
        name: "a walrus",
      };
      await note(alice, "Osprey picture", EVERYBODY, { attachment: [image] });
      await note(alice, '<p>Osprey link <a href="https://c.test/">c</a></p>');
      await note(alice, "Osprey poll", EVERYBODY, {
        type: "Question",
        oneOf: [
          { type: "Note", name: "gannet" },
          { type: "Note", name: "tern" },
        ],
      });
      await note(alice, "Osprey German", EVERYBODY, { contentMap: { de: "Osprey German" } });
      await note(
        amir,
        "Osprey #birds to @alice",
        { to: [PUBLIC, alice.iri] },
        {
          sensitive: true,
          tag: [
            { type: "Hashtag", name: "#Birds", href: "https://a.test/tags/birds" },
            { type: "Mention", href: alice.iri, name: "@alice" },
          ],
        },
      );
      await settle();
    });

    test.each([
      ["osprey has:image", ["Osprey picture"]],
      ["has:media osprey", ["Osprey picture"]],
      ["walrus", ["Osprey picture"]],
      ["osprey has:link", ["Osprey link c"]],
      ["osprey has:poll", ["Osprey poll"]],
      ["gannet", ["Osprey poll"]],
      ["osprey language:de", ["Osprey German"]],
      ["osprey from:amir", ["Osprey #birds to @alice"]],
      ["from:@amir@a.test osprey", ["Osprey #birds to @alice"]],
      ["osprey -from:alice", ["Osprey #birds to @alice"]],
      ["osprey to:alice", ["Osprey #birds to @alice"]],
      ["#birds", ["Osprey #birds to @alice"]],
      ["osprey is:sensitive", ["Osprey #birds to @alice"]],
      ["osprey -is:sensitive -has:poll -has:link -has:image", ["Osprey German"]],
      ["osprey from:nobody", []],
      ["osprey is:reply", []],
      ["osprey after:2100", []],
      ["osprey type:question", ["Osprey poll"]],
    ])("%p", async (text, expected) => {
      expect(await finds(alice, text)).toEqual(expected);
    });

    test("in:library is what concerns oneself, and me is oneself", async () => {
      expect(await finds(amir, "osprey in:library")).toEqual(["Osprey #birds to @alice"]);
      expect(await finds(amir, "osprey from:me")).toEqual(["Osprey #birds to @alice"]);
      expect((await finds(alice, "osprey in:public")).length).toBe(5);
      expect(await finds(null, "osprey from:me")).toEqual([]);
    });
  });

  describe("in order", () => {
    test("titles come before texts, texts before beginnings, the newest of each first, page by page", async () => {
      await note(alice, "one", EVERYBODY, { type: "Article", name: "Bread" });
      await note(alice, "old bread");
      await note(alice, "breadcrumbs");
      await note(alice, "new bread");
      await note(alice, "two", EVERYBODY, { type: "Article", name: "More bread" });
      await settle();
      const expected = ["More bread", "Bread", "new bread", "old bread", "breadcrumbs"];
      expect(await finds(amir, "bread")).toEqual(expected);
      for (const limit of [1, 2, 3, 5]) {
        const { queries } = world.at("a.test");
        const found: string[] = [];
        for (
          let cursor: Parameters<typeof queries.searchPosts>[2]["cursor"] = null, pages = 0;
          pages < 6;
          pages++
        ) {
          const page = await queries.searchPosts("bread", amir.key, { limit, cursor });
          expect(page.items.length).toBeGreaterThan(0);
          found.push(...page.items.map(({ object }) => textOf(object.contentHtml, object.name)));
          cursor = page.next;
          if (cursor === null) break;
        }
        expect(found).toEqual(expected);
      }
    });

    test("newest first is what programs ask for, with both ends", async () => {
      const { queries } = world.at("a.test");
      const page = await queries.searchNewest("bread", amir.key, { limit: 2 }, { author: alice.key });
      expect(page.items.map(({ object }) => textOf(object.contentHtml, object.name))).toEqual([
        "More bread",
        "new bread",
      ]);
      const older = await queries.searchNewest(
        "bread",
        amir.key,
        { limit: 5, before: page.older ?? 0 },
        { author: null },
      );
      expect(older.items.length).toBe(2);
      expect(
        (await queries.searchNewest("bread", amir.key, { limit: 5 }, { author: amir.key })).items,
      ).toEqual([]);
    });
  });

  describe("people, groups and tags", () => {
    const handles = async (text: string, which: "all" | "people" = "all") =>
      (await world.at("a.test").queries.searchPeople(text, alice.key, 10, which)).map(({ handle }) => handle);

    test("people are found by words of their names and of what they say of themselves", async () => {
      await change(bob, { name: "Robert Obermüller", summary: "<p>Teaches <b>astronomy</b></p>" });
      expect(await handles("obermul")).toEqual(["bob@b.test"]);
      expect(await handles("robert ober")).toEqual(["bob@b.test"]);
      expect(await handles("astronomy")).toEqual(["bob@b.test"]);
      expect(await handles("astronomy has:image")).toEqual([]);
      await change(bob, { discoverable: false });
      const asAmir = await world.at("a.test").queries.searchPeople("astronomy", amir.key, 10);
      expect(asAmir).toEqual([]);
    });

    test("groups are found by those who may know of them", async () => {
      const { queries } = world.at("a.test");
      await groupOf(world.at("a.test"), "orchard", alice, { name: "Apple orchard" });
      await groupOf(world.at("a.test"), "hidden", alice, {
        name: "Apple cellar",
        access: "private",
        joining: "invitation",
      });
      await settle();
      const found = async (viewer: Person | null) =>
        (await queries.findGroups("apple", viewer?.key ?? null, 10)).map(({ actor }) => actor.handle).sort();
      expect(await found(alice)).toEqual(["hidden", "orchard"]);
      expect(await found(amir)).toEqual(["orchard"]);
      expect(await handles("apple", "people")).toEqual([]);
      const asAmir = async (text: string) =>
        (await queries.searchPeople(text, amir.key, 10)).map(({ handle }) => handle);
      expect(await asAmir("apple")).toEqual(["orchard"]);
      expect(await asAmir("hidd")).toEqual([]);
      expect(await asAmir("@hidden")).toEqual(["hidden"]);
    });

    test("tags are named where one may see something that carries them", async () => {
      const { queries } = world.at("a.test");
      const tag = (name: string) => ({
        tag: [{ type: "Hashtag", name: `#${name}`, href: "https://a.test/tags/x" }],
      });
      await note(alice, "x", EVERYBODY, tag("Zebra"));
      await note(alice, "x", EVERYBODY, tag("zebrafish"));
      await note(alice, "x", { to: [amir.iri] }, tag("zebrasecret"));
      expect(await queries.searchTags("#ZEB", amir.key, 10)).toEqual(["zebra", "zebrafish"]);
      expect(await queries.searchTags("zebraf", null, 10)).toEqual(["zebrafish"]);
      expect(await queries.searchTags("zeb", null, 1)).toEqual(["zebra"]);
      expect(await queries.searchTags("zz", null, 10)).toEqual([]);
    });
  });

  test("whatever is typed, there is an answer", async () => {
    const hostile = [
      '"'.repeat(10_000),
      "*",
      "NEAR(a b, 2)",
      "a AND",
      "(((",
      "^a",
      "{a}:b",
      "-a",
      "'; --",
      "\0",
      "from:\0",
      "\\",
      ":*",
      "!o",
      "@a",
      "=bread",
      "#\u0000",
      "\ud800",
    ];
    for (const text of hostile) {
      const { queries } = world.at("a.test");
      await queries.searchPosts(text, alice.key, { limit: 5, cursor: null });
      await queries.searchPeople(text, null, 5);
      await queries.findGroups(text, alice.key, 5);
      await queries.searchTags(text, alice.key, 5);
    }
  });

  test("the index made anew holds the same", async () => {
    const { search } = world.at("a.test").opened;
    const before = await finds(alice, "osprey");
    expect(before.length).toBe(5);
    await search.rebuild();
    expect(await finds(alice, "osprey")).toEqual([]);
    let done = 0;
    await search.drain((count) => {
      done = count;
    });
    expect(done).toBeGreaterThan(20);
    expect(await finds(alice, "osprey")).toEqual(before);
  });
});
