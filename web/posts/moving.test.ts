/** Moving house and relays as a browser does it: names, passwords, files that are saved and read in, and who may. */
import { beforeAll, describe, expect, test } from "bun:test";
import { PROVED_MS } from "../../server/accounts/sessions.ts";
import { PUBLIC } from "../../server/core/object.ts";
import { DAY_MS, HOUR_MS } from "../../server/lib/durations.ts";
import { sql } from "../../server/lib/sql.ts";
import { eachEngine } from "../../server/testing/engines.ts";
import { type Fediverse, fediverse } from "../../server/testing/fediverse.ts";
import { PASSWORD, type Person, person } from "../../server/testing/people.ts";
import { PROFILE } from "../forms.ts";
import { ADMIN_RECORD } from "../forms-federation.ts";
import { ADMIN_RELAYS, ARCHIVE_FILE, CARRY, MOVING, PUBLIC_LISTS } from "../forms-moving.ts";
import { CONFIRM } from "../forms-sign-in.ts";

const PATIENCE_MS = 60_000;
/** More than a file may have that is read in (`MAX_CARRIED`). */
const MANY = 10_001;

eachEngine((engine) => {
  let all: Fediverse;
  let alice: Person;
  let bob: Person;
  let carol: Person;

  /** alice and carol live at a.test, bob at b.test. */
  beforeAll(async () => {
    all = await fediverse(engine, ["a.test", "b.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    carol = await person(all.at("a.test"), "carol");
    bob = await person(all.at("b.test"), "bob", "admin");
  }, PATIENCE_MS);

  const { fields: f, actions } = MOVING;
  const show = async (who: Person, path: string) => (await who.page(path)).text();
  const moveTo = (who: Person, target: string) =>
    who.submit(MOVING.path, { [f.action]: actions.move, [f.target]: target });

  describe("moving", () => {
    test("begins with naming the other account, which its profile says then", async () => {
      const answer = await bob.submit(MOVING.path, { [f.action]: actions.add, [f.alias]: "@carol@a.test" });
      expect([answer.status, answer.headers.get("location")]).toEqual([303, MOVING.path]);
      expect(await show(bob, MOVING.path)).toContain("@carol@a.test");
      expect((await bob.app.federation.look.byKey(bob.key))?.document?.alsoKnownAs).toEqual([carol.iri]);
    });

    test.each([
      ["nobody", "@nobody@b.test", "Nobody of this name"],
      ["oneself", "@carol@a.test", "the account that you use now"],
      ["an account that does not name this one", "@alice@a.test", "First name this account"],
    ])("is refused to %s, in words at the field", async (_, target, words) => {
      const answer = await moveTo(carol, target);
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain(words);
    });

    test("is shown on the profile and at home, and can be taken back", async () => {
      expect((await moveTo(carol, "@bob@b.test")).status).toBe(303);
      await all.settle();
      expect(await show(alice, "/@carol")).toContain("has moved");
      expect(await show(carol, "/")).toContain("has moved");
      expect(await show(carol, "/")).not.toContain("<textarea");
      expect(await show(carol, MOVING.path)).toContain("You have moved to");
      const written = await carol.submit("/act", { type: "Create", content: "still here" });
      expect(written.status).toBe(403);
      all.clock.advance(60_000);
      expect((await carol.submit(MOVING.path, { [f.action]: actions.back })).status).toBe(303);
      expect(await show(carol, "/")).not.toContain("has moved");
      expect(await show(carol, MOVING.path)).toContain("You can move again");
    });

    test("is for those who have just shown who they are, whichever way they sign in", async () => {
      const dora = await person(all.at("a.test"), "dora");
      expect(await show(dora, MOVING.path)).toContain(`name="${f.target}"`);
      all.clock.advance(PROVED_MS + 1);
      expect(await show(dora, MOVING.path)).not.toContain(`name="${f.target}"`);
      const answer = await moveTo(dora, "@bob@b.test");
      const toConfirm = `${CONFIRM.path}?return=${encodeURIComponent(MOVING.path)}`;
      expect([answer.status, answer.headers.get("location")]).toEqual([303, toConfirm]);
      await dora.submit(CONFIRM.path, { [CONFIRM.fields.password]: PASSWORD });
      expect(await show(dora, MOVING.path)).toContain(`name="${f.target}"`);
    });

    test("ends with removing the name", async () => {
      await bob.submit(MOVING.path, { [f.action]: actions.remove, [f.alias]: carol.iri });
      expect(await show(bob, MOVING.path)).toContain("No other accounts yet");
      expect((await bob.app.federation.look.byKey(bob.key))?.document?.alsoKnownAs).toBeUndefined();
    });
  });

  describe("a list", () => {
    const file = (text: string) => ({
      [CARRY.fields.file]: new File([text], "list.csv", { type: "text/csv" }),
    });
    const look = (list: string, text: string) =>
      carol.submit(CARRY.path, { [CARRY.fields.list]: list }, file(text));
    const begin = (list: string, values: string) =>
      carol.submit(CARRY.path, { [CARRY.fields.list]: list, [CARRY.fields.values]: values });
    const save = async (name: string) => (await carol.page(`${MOVING.path}/${name}`)).text();

    test("is read as Mastodon writes it, shown first, and done by and by", async () => {
      const draft = await look(
        "following",
        'Account address,Show boosts,Notify on new posts,Languages\r\n@bob@b.test,true,false,\r\nalice@a.test,true,false,"de, en"\r\nno one,,,\r\n',
      );
      const page = await draft.text();
      expect(draft.status).toBe(200);
      for (const words of ["2 new entries", "1 line cannot be read", "bob@b.test\nalice@a.test"])
        expect(page).toContain(words);
      expect(await carol.knows(alice.iri)).toMatchObject({ following: "no" });
      expect((await begin("following", "bob@b.test\nalice@a.test\ncarol@a.test\nnobody@b.test")).status).toBe(
        303,
      );
      expect(await show(carol, MOVING.path)).toContain("4 entries are still being read in");
      await all.settle();
      expect(await carol.knows(bob.iri)).toMatchObject({ following: "yes" });
      expect(await carol.knows(alice.iri)).toMatchObject({ following: "yes" });
      expect(await show(carol, MOVING.path)).not.toContain("being read in");
    });

    test("is saved as Mastodon reads it, and says when read again that nothing is new", async () => {
      const saved = await save("following_accounts.csv");
      expect(saved).toStartWith("Account address,Show boosts,Notify on new posts,Languages\n");
      expect(saved).toContain("bob@b.test,true,false,\n");
      expect(saved).toContain("alice@a.test,true,false,\n");
      expect(await (await look("following", saved)).text()).toContain("nothing new");
    });

    test("of the followed keeps on which terms that was", async () => {
      const fred = await person(all.at("b.test"), "fred");
      const gina = await person(all.at("b.test"), "gina");
      const text =
        'Account address,Show boosts,Notify on new posts,Languages\nfred@b.test,false,true,"de-AT, en"\ngina@b.test,TRUE,,\n';
      const page = await (await look("following", text)).text();
      expect(page).toContain("fred@b.test boosts:no notify:yes languages:de,en\ngina@b.test<");
      await begin(
        "following",
        "fred@b.test boosts:no notify:yes languages:de,en\ngina@b.test\nbob@b.test nonsense:yes",
      );
      await all.settle();
      expect(await carol.knows(fred.iri)).toMatchObject({
        following: "yes",
        showsShares: false,
        tellsPosts: true,
        languages: ["de", "en"],
      });
      expect(await carol.knows(gina.iri)).toMatchObject({ following: "yes" });
      const saved = await save("following_accounts.csv");
      expect(saved).toContain('fred@b.test,false,true,"de, en"\n');
      expect(saved).toContain("gina@b.test,true,false,\n");
      expect(await (await look("following", saved)).text()).toContain("nothing new");
    });

    test("of the blocked, the muted, servers and bookmarks goes there and back", async () => {
      const note = await bob.note("keep me", { to: [PUBLIC] });
      const dora = await person(all.at("b.test"), "dora");
      const emil = await person(all.at("b.test"), "emil");
      await begin("blocked", "dora@b.test");
      await begin("muted", "emil@b.test");
      await begin("domains", "Spam.Example");
      await begin("bookmarks", note);
      await all.settle();
      expect(await save("blocked_accounts.csv")).toBe("dora@b.test\n");
      expect(await save("muted_accounts.csv")).toBe("Account address,Hide notifications\nemil@b.test,true\n");
      expect(await save("blocked_domains.csv")).toBe("spam.example\n");
      expect(await save("bookmarks.csv")).toBe(`${note}\n`);
      expect(await carol.knows(dora.iri)).toMatchObject({ blocking: true });
      expect(await carol.knows(emil.iri)).toMatchObject({ muting: true });
    });

    test("of people in lists makes the lists, and follows whom nobody followed yet", async () => {
      const frida = await person(all.at("b.test"), "frida");
      const file = '"Maths, and more",frida@b.test\nColleagues,frida@b.test\n';
      expect(await (await look("lists", file)).text()).toContain("frida@b.test Maths, and more");
      await begin("lists", "frida@b.test Maths, and more\nfrida@b.test Colleagues");
      await all.settle();
      expect(await carol.knows(frida.iri)).toMatchObject({ following: "yes" });
      const key = (await carol.app.federation.look.find(frida.iri))?.key ?? 0;
      const lists = await carol.app.queries.lists(carol.key);
      expect(lists.map(({ title }) => title)).toEqual(["Colleagues", "Maths, and more"]);
      expect((await carol.app.queries.listsWith(carol.key, key)).size).toBe(2);
      expect(await save("lists.csv")).toBe(file);
      expect(await (await look("lists", file)).text()).toContain("nothing new");
    });

    test("of more people in lists than are read in at once is saved as a whole", async () => {
      const { db } = alice.app.opened;
      const made = await alice.act({ type: "Create", object: { type: "List", name: "Everybody" } });
      const numbers = sql`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY})`;
      await db.batch([
        sql`${numbers} INSERT INTO object (key, iri, host, kind, type, document)
            SELECT i, 'https://c.test/' || i, 0, 'actor', 'Person', '{}' FROM n`,
        sql`${numbers} INSERT INTO member (collection, item) SELECT c.key, i FROM n JOIN collection c
            ON c.owner = ${made.object?.key ?? 0} AND c.name = 'items'`,
      ]);
      const saved = await (await alice.page(`${MOVING.path}/lists.csv`)).text();
      expect(saved.split("\n").filter((line) => line.startsWith("Everybody,"))).toHaveLength(MANY);
    });

    test.each([
      ["no file", "following", null, "Choose a file first"],
      ["a file with nothing in it", "following", "hello\nworld\n", "Nothing in this file can be read"],
      ["a quote that never ends", "blocked", '"a@b.test', "opens a quote"],
      [
        "more lines than are read",
        "blocked",
        Array.from({ length: 10_001 }, (_, n) => `p${n}@b.test`).join("\n"),
        "10000 lines are the most",
      ],
      ["no list of ours", "friends", "a@b.test", "Say which list"],
    ])("is refused where there is %s", async (_, list, text, words) => {
      const answer =
        text === null
          ? await carol.submit(CARRY.path, { [CARRY.fields.list]: list })
          : await look(list, text);
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain(words);
    });

    test("is its owner's alone", async () => {
      const path = `${MOVING.path}/following_accounts.csv`;
      expect((await carol.app.ask(path)).status).toBe(303);
      expect(await (await bob.page(path)).text()).not.toContain("alice");
      expect((await carol.page(`${MOVING.path}/passwords.csv`)).status).toBe(404);
    });

    test("waits for a server that is away, for a day", async () => {
      all.trouble("b.test", "refused");
      const fern = await person(all.at("b.test"), "fern");
      await begin("following", "fern@b.test");
      await all.settle();
      expect(await show(carol, MOVING.path)).toContain("1 entry is still being read in");
      all.trouble("b.test", null);
      all.clock.advance(HOUR_MS);
      await all.settle();
      expect(await carol.knows(fern.iri)).toMatchObject({ following: "yes" });
    });
  });

  test("an archive is made once a day, holds everything, and is its owner's for a week", async () => {
    const make = () => carol.submit(MOVING.path, { [f.action]: actions.archive });
    await carol.note("<p>my words</p>", { to: [carol.followers] });
    const picture = new File([await Bun.file("web/assets/icon-180.png").bytes()], "i.png", {
      type: "image/png",
    });
    await carol.submit(
      PROFILE.path,
      { [PROFILE.fields.displayName]: "Carol" },
      { [PROFILE.fields.icon]: picture },
    );
    expect((await carol.page(`${MOVING.path}/${ARCHIVE_FILE}`)).status).toBe(404);
    expect((await make()).status).toBe(303);
    expect(await show(carol, MOVING.path)).toContain("Your archive is being made");
    await all.settle();
    const answer = await carol.page(`${MOVING.path}/${ARCHIVE_FILE}`);
    expect(answer.headers.get("content-type")).toBe("application/zip");
    const text = Buffer.from(await answer.arrayBuffer()).toString("latin1");
    for (const part of [
      "actor.json",
      "outbox.json",
      "my words",
      "following.csv",
      "bob@b.test,true,false",
      "followers.csv",
      "media/",
      "PNG",
    ])
      expect(text).toContain(part);
    expect(text).not.toContain("Alice writes");
    expect((await bob.page(`${MOVING.path}/${ARCHIVE_FILE}`)).status).toBe(404);
    expect((await make()).status).toBe(429);
    expect(await show(carol, MOVING.path)).toContain("The next can be made");
    all.clock.advance(8 * DAY_MS);
    await all.settle();
    expect((await carol.page(`${MOVING.path}/${ARCHIVE_FILE}`)).status).toBe(404);
  });

  describe("the page of relays", () => {
    const { fields, actions: deeds, path } = ADMIN_RELAYS;

    test("is for those who run the server", async () => {
      expect((await carol.page(path)).status).toBe(403);
      expect((await carol.submit(path, { [fields.action]: deeds.add })).status).toBe(403);
    });

    test("takes a relay in, bounds it, and lets it go", async () => {
      expect(await show(alice, path)).toContain("No relays");
      await alice.submit(path, { [fields.action]: deeds.add, [fields.address]: "https://b.test/inbox" });
      const page = await show(alice, path);
      expect(page).toContain("https://b.test/inbox");
      const relay = /name="relay" value="(\d+)"/.exec(page)?.[1] ?? "";
      await alice.submit(path, {
        [fields.action]: deeds.limit,
        [fields.relay]: relay,
        [fields.perHour]: "7",
      });
      expect(await show(alice, path)).toContain('value="7"');
      await alice.submit(path, { [fields.action]: deeds.remove, [fields.relay]: relay });
      expect(await show(alice, path)).toContain("No relays");
      const record = await show(alice, ADMIN_RECORD);
      for (const words of ["Took part in a relay", "Left a relay"]) expect(record).toContain(words);
    });

    test("says at the field what is wrong with an address", async () => {
      const answer = await alice.submit(path, { [fields.action]: deeds.add, [fields.address]: "relay" });
      expect([answer.status, (await answer.text()).includes("Enter the address of a relay")]).toEqual([
        422,
        true,
      ]);
    });

    test("says who sees the public lists", async () => {
      const visitor = () => alice.app.ask(PUBLIC_LISTS.everywhere, { headers: { accept: "text/html" } });
      expect((await visitor()).status).toBe(303);
      await alice.submit(path, { [fields.action]: deeds.lists, [fields.publicLists]: "everyone" });
      expect((await visitor()).status).toBe(200);
      await alice.submit(path, { [fields.action]: deeds.lists, [fields.publicLists]: "members" });
    });
  });

  test("public lists show what is from here, and what is from everywhere", async () => {
    await alice.note("Alice writes", { to: [PUBLIC] });
    const iri = await bob.note("Bob writes", { to: [PUBLIC], cc: [bob.followers] });
    await alice.app.federation.look.fetch(iri);
    const [here, everywhere] = [
      await show(carol, PUBLIC_LISTS.here),
      await show(carol, PUBLIC_LISTS.everywhere),
    ];
    expect([here.includes("Alice writes"), here.includes("Bob writes")]).toEqual([true, false]);
    expect([everywhere.includes("Alice writes"), everywhere.includes("Bob writes")]).toEqual([true, true]);
  });
});
