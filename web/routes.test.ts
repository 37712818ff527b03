/** The pages as the whole app serves them: headers that programs and browsers rely on. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../server/core/object.ts";
import { REACHES } from "../server/queries/thread.ts";
import { testApp } from "../server/testing/app.ts";
import { onSqlite } from "../server/testing/engines.ts";
import { person } from "../server/testing/people.ts";
import { ACT, PROFILE } from "./forms.ts";
import { GROUP_NEW } from "./forms-groups.ts";

const COOP = "cross-origin-opener-policy";

onSqlite((engine) => {
  test("a program that opens a window to ask stays in touch with it, also where it asked wrongly", async () => {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    for (const path of ["/sign-in", "/oauth/authorize", "/oauth/authorize?client_id=unknown"]) {
      expect((await app.ask(path)).headers.get(COOP)).toBeNull();
      expect((await alice.page(path)).headers.get(COOP)).toBeNull();
    }
    for (const path of ["/", "/settings", "/@alice"]) {
      expect((await alice.page(path)).headers.get(COOP)).toBe("same-origin");
    }
  });

  test("a text in several languages is shown in that of whoever reads, and so is the name of its kind", async () => {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    const { object } = await alice.act({
      type: "Create",
      to: ["https://www.w3.org/ns/activitystreams#Public"],
      object: {
        type: "Event",
        nameMap: { en: "Fair", de: "Jahrmarkt" },
        startTime: "2026-05-04T18:30:00+02:00",
      },
    });
    const pageIn = async (language: string) =>
      (
        await app.ask(`/@alice/${object?.key}`, {
          headers: { accept: "text/html", "accept-language": language },
        })
      ).text();
    const english = await pageIn("en");
    expect(english).toContain("Fair");
    expect(english).toContain("Monday, May 4, 2026");
    const german = await pageIn("de");
    expect(german).toContain("Jahrmarkt");
    expect(german).toContain("Termin");
    expect(german).toContain("Montag, 4. Mai 2026");
  });

  test("what is refused is said in the language of whoever reads: at a field, after a button, and as a page", async () => {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    const inGerman = { "accept-language": "de" };
    const { fields: f } = GROUP_NEW;
    const taken = { [f.name]: "alice", [f.displayName]: "Chor" };
    const form = await alice.submit(GROUP_NEW.path, taken, undefined, inGerman);
    expect(form.status).toBe(409);
    expect(await form.text()).toContain("Ein Mensch oder eine Gruppe hat diesen Namen schon.");
    const self = { [ACT.fields.type]: "Follow", [ACT.fields.object]: alice.iri };
    const pressed = await alice.submit(ACT.path, self, undefined, inGerman);
    const cookie = pressed.headers.getSetCookie().join("; ");
    const next = await app.ask("/about", { headers: { accept: "text/html", cookie, ...inGerman } });
    expect(await next.text()).toContain("Das geht nicht: Niemand kann sich selbst folgen.");
    const page = await app.ask("/@nobody", { headers: { accept: "text/html", ...inGerman } });
    expect(await page.text()).toContain("Niemand mit diesem Namen ist hier bekannt.");
  });

  test("an address that a document names leads a browser to the page about it, and a program to the document", async () => {
    const app = await testApp(engine);
    const [alice, bob] = [await person(app, "alice", "admin"), await person(app, "bob")];
    const { activity, object } = await alice.act({
      type: "Create",
      to: [PUBLIC],
      object: { type: "Note", content: "Hello", to: [PUBLIC] },
    });
    const secret = await alice.act({ type: "Create", object: { type: "Note", content: "Psst" } });
    const follow = await bob.act({ type: "Follow", object: alice.iri });
    const note = object?.iri ?? "";
    const page = `/@alice/${object?.key}`;
    const ask = async (iri: string, accept: string) => {
      const { status, headers } = await app.ask(iri.replace(app.origin, ""), { headers: { accept } });
      return status === 200 ? headers.get("content-type") : (headers.get("location") ?? status);
    };
    const expected: readonly (readonly [string, string | number])[] = [
      [alice.iri, "/@alice"],
      [`${alice.iri}/outbox`, "/@alice"],
      [`${alice.iri}/featured`, "/@alice"],
      [`${alice.iri}/featured-tags`, "/@alice"],
      [`${alice.iri}/followers`, "/@alice/followers"],
      [`${alice.iri}/following`, "/@alice/following"],
      [note, page],
      [`${note}/context`, page],
      [`${note}/likes`, page],
      [`${note}/replies`, page],
      [`${note}/shares`, page],
      [activity.id ?? "", page],
    ];
    for (const [iri, to] of expected) {
      expect([iri, await ask(iri, "text/html")]).toEqual([iri, to]);
      expect([iri, await ask(iri, "application/activity+json")]).toEqual([iri, "application/activity+json"]);
    }
    const nothing = [
      `${alice.iri}/bookmarks`,
      `${note}/nothing`,
      secret.activity.id ?? "",
      follow.activity.id ?? "",
    ];
    for (const iri of [...nothing, `${app.origin}/activities/x`, `${app.origin}/objects/1`]) {
      expect([iri, await ask(iri, "text/html")]).toEqual([iri, 404]);
    }
  });

  test("a conversation that is longer than a page leads on to the rest of it", async () => {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    const root = await alice.note("What do you think?", { to: [PUBLIC] });
    const { below } = REACHES.page;
    for (let i = 0; i <= below; i++) {
      app.clock.advance(1);
      await alice.note(`Answer ${i}.`, { to: [PUBLIC] }, { inReplyTo: root });
    }
    const read = async (path: string) => (await app.ask(path, { headers: { accept: "text/html" } })).text();
    const key = (await app.federation.look.find(root))?.key;
    const first = await read(`/@alice/${key}`);
    expect(first).toContain(`Answer ${below - 1}.`);
    expect(first).not.toContain(`Answer ${below}.`);
    const [, more = ""] = /href="([^"]*\?after=\d+)"/.exec(first) ?? [];
    const second = await read(more);
    expect(second).toContain(`Answer ${below}.`);
    expect(second).not.toContain("Answer 0.");
    expect(second).not.toContain("?after=");
  });

  test("the address of an activity leads a browser to what it made or shares, or to a page of its own", async () => {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    const leads = async (iri: string | undefined) => {
      const answer = await app.ask(new URL(iri ?? "").pathname, { headers: { accept: "text/html" } });
      return [answer.status, answer.headers.get("location")];
    };
    const draft = { type: "Note", content: "Hello", to: [PUBLIC] };
    const create = await alice.act(draft);
    const page = `/@alice/${create.object?.key}`;
    expect(await leads(create.activity.id)).toEqual([303, page]);
    const object = create.object?.iri ?? "";
    const share = await alice.act({ type: "Announce", object, to: [PUBLIC] });
    expect(await leads(share.activity.id)).toEqual([303, page]);
    const grade = await alice.act({ type: "Grade", actor: alice.iri, object, score: 5, to: [PUBLIC] });
    expect(await leads(grade.activity.id)).toEqual([303, `/@alice/${grade.key}`]);
    const secret = await alice.act({ ...draft, to: [alice.iri] });
    expect((await leads(secret.activity.id))[0]).toBe(404);
  });

  test("a telephone can put the site on its home screen, under its own name", async () => {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    await app.opened.accounts.settings.set({ siteName: "Sunnyside" });
    const page = await (await alice.page("/")).text();
    const href = /<link rel="manifest" href="([^"]+)"/.exec(page)?.[1] ?? "";
    const answer = await app.ask(href);
    expect(answer.headers.get("content-type")).toBe("application/manifest+json");
    const manifest = (await answer.json()) as { name: string; icons: { src: string; type: string }[] };
    expect(manifest).toMatchObject({ name: "Sunnyside", start_url: "/", display: "standalone" });
    const pictures = [
      ...manifest.icons.map(({ src }) => src),
      /<link rel="apple-touch-icon" href="([^"]+)"/.exec(page)?.[1] ?? "",
      "/favicon.ico",
    ];
    for (const src of pictures) {
      const icon = await app.ask(src);
      expect([icon.status, icon.headers.get("content-type")]).toEqual([200, "image/png"]);
    }
    expect(pictures.length).toBe(5);
  });

  test("search engines may read all but pages without end, and list whom they may", async () => {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    const robots = await app.ask("/robots.txt");
    expect(robots.headers.get("content-type")).toContain("text/plain");
    const text = await robots.text();
    expect(text).toStartWith("User-agent: *\nAllow: /\n");
    expect(text).toContain("Disallow: /search\n");
    const isListed = async (path: string) => !(await (await app.ask(path)).text()).includes("noindex");
    const post = new URL(await alice.note("Hello", { to: [PUBLIC] })).pathname.replace(
      "/objects/",
      "/@alice/",
    );
    expect([await isListed("/@alice"), await isListed(post), await isListed("/about")]).toEqual([
      false,
      false,
      true,
    ]);
    const wish = { [PROFILE.fields.displayName]: "Alice", [PROFILE.fields.indexable]: "yes" };
    const both = { ...wish, [PROFILE.fields.discoverable]: "yes" };
    expect((await alice.submit(PROFILE.path, both)).status).toBe(303);
    expect([await isListed("/@alice"), await isListed(post)]).toEqual([true, true]);
    expect(await (await alice.page(PROFILE.path)).text()).toMatch(
      /name="indexable" value="yes"[^>]* checked/,
    );
    expect(await (await app.ask("/")).text()).toContain("Hello");
    // Whoever does not want to be come across is neither listed nor on the front page.
    expect((await alice.submit(PROFILE.path, wish)).status).toBe(303);
    expect(await isListed("/@alice")).toBe(false);
    expect(await (await app.ask("/")).text()).not.toContain("Hello");
  });
});
