/** Pictures of other servers on pages, and the page where their room is decided. */
import { beforeAll, expect, test } from "bun:test";
import { PUBLIC } from "../server/core/object.ts";
import type { JsonObject } from "../server/lib/json.ts";
import { onSqlite } from "../server/testing/engines.ts";
import { type Fediverse, fediverse } from "../server/testing/fediverse.ts";
import { post } from "../server/testing/letters.ts";
import { type Person, person } from "../server/testing/people.ts";
import { type Stranger, type StrangerActor, stranger } from "../server/testing/strangers.ts";

const PATIENCE_MS = 60_000;
/** One red point. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
);

onSqlite((engine) => {
  let all: Fediverse;
  let alice: Person;
  let carol: Person;
  let far: Stranger;
  let victor: StrangerActor;
  let key = 0;

  beforeAll(async () => {
    all = await fediverse(engine, ["a.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    carol = await person(all.at("a.test"), "carol");
    far = stranger(all, "far.test");
    victor = await far.actor("victor", {
      icon: { type: "Image", url: "https://far.test/face.png" },
      tag: [],
    });
    for (const path of ["/face.png", "/photo.png", "/cat.png"])
      far.put(path, { type: "image/png", body: new Uint8Array(PNG) });
    const id = victor.at("/notes/1");
    const body: JsonObject = {
      "@context": "https://www.w3.org/ns/activitystreams",
      type: "Create",
      id: `${id}/create`,
      actor: victor.iri,
      to: [PUBLIC],
      cc: [alice.iri],
      object: {
        type: "Note",
        id,
        attributedTo: victor.iri,
        to: [PUBLIC],
        cc: [alice.iri],
        content: "<p>A photo :cat:</p>",
        tag: [{ type: "Emoji", name: ":cat:", icon: { type: "Image", url: "https://far.test/cat.png" } }],
        attachment: [
          { type: "Document", mediaType: "image/png", url: "https://far.test/photo.png", name: "A photo" },
          { type: "Document", mediaType: "video/mp4", url: "https://far.test/film.mp4" },
        ],
      },
    };
    await post(alice.app, { by: victor, body });
    await all.settle();
    key = (await alice.sees(id))?.key ?? 0;
  }, PATIENCE_MS);

  const sources = async () => {
    const page = await (await alice.page(`/@victor@far.test/${key}`)).text();
    return [...page.matchAll(/<(?:img|source)[^>]* src="([^"]+)"/g)].map(([, source]) => source ?? "");
  };

  /** A face, a photo, a film, an emoji. */
  const order = (source: string): number =>
    ["/avatar/", "/picture/", "/film/", "/emoji/"].findIndex((kind) => source.includes(kind));

  test("nothing on a page is loaded from elsewhere, and everything is there", async () => {
    const all = await sources();
    expect(all).toHaveLength(4);
    for (const source of all) expect(source).toStartWith("/media/away/");
    expect(far.asked.filter((path) => path.endsWith(".png"))).toEqual([]);
    for (const source of all.filter((each) => !each.includes("/film/"))) {
      const answer = await alice.app.ask(source);
      expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/webp"]);
    }
    await alice.app.media.settled();
    for (const source of all) await alice.app.ask(source);
    expect(far.asked.filter((path) => path.endsWith(".png")).sort()).toEqual([
      "/cat.png",
      "/face.png",
      "/photo.png",
    ]);
  });

  test("what the staff put out of sight is shown to them alone, until they take that back", async () => {
    const [face = "", photo = "", , emoji = ""] = (await sources()).toSorted((a, b) => order(a) - order(b));
    const { sanctions } = alice.app.peace;
    const actor = (await alice.app.federation.look.find(victor.iri))?.key ?? 0;
    const seenBy = async (source: string) => {
      const asked = [null, carol, alice].map((who) =>
        alice.app.ask(source, { headers: who === null ? {} : { cookie: who.cookie } }),
      );
      return (await Promise.all(asked)).map(({ status }) => status);
    };
    const suspended = await sanctions.impose(alice.key, { kind: "suspend", actor, text: "Because" });
    await all.settle();
    for (const source of [face, photo]) expect(await seenBy(source)).toEqual([404, 404, 200]);
    // It is their server's, and in the posts of others too.
    expect(await seenBy(emoji)).toEqual([200, 200, 200]);
    await sanctions.lift(alice.key, suspended);
    await all.settle();
    for (const source of [face, photo]) expect(await seenBy(source)).toEqual([200, 200, 200]);
    const hidden = await sanctions.impose(alice.key, { kind: "hide", actor, object: key, text: "Because" });
    expect(await seenBy(photo)).toEqual([404, 404, 200]);
    expect(await seenBy(face)).toEqual([200, 200, 200]);
    await sanctions.lift(alice.key, hidden);
    expect(await seenBy(photo)).toEqual([200, 200, 200]);
  });

  test("the page for admins says what they take, and drops them on request", async () => {
    const page = await (await alice.page("/admin/media")).text();
    expect(page).toContain("far.test");
    expect((await carol.page("/admin/media")).status).toBe(403);
    expect((await carol.submit("/admin/media", { action: "clear" })).status).toBe(403);
    await alice.submit("/admin/media", { action: "clear" });
    expect(await (await alice.page("/admin/media")).text()).not.toContain("far.test");
  });

  test("a quota that is no number is refused with a sentence", async () => {
    const answer = await alice.submit("/admin/media", {
      action: "save",
      remoteMedia: "shown",
      remoteMediaMegabytes: "-1",
    });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain("Write a whole number");
  });

  test("where a domain rule takes no media, they are links at once", async () => {
    const { domains } = alice.app.opened;
    const [face = ""] = await sources();
    const rule = domains.parse({ domain: "far.test", level: "none", noMedia: true });
    await domains.change(null, { put: [{ ...rule, list: null }], remove: [] });
    expect(await sources()).toEqual([]);
    expect((await alice.app.ask(face)).status).toBe(404);
    await domains.change(null, { put: [], remove: ["far.test"] });
    expect(await sources()).toHaveLength(4);
  });

  test("no redirect leads to a server that is blocked", async () => {
    const { domains } = alice.app.opened;
    const blocked = stranger(all, "blocked.test");
    blocked.put("/x.png", { type: "image/png", body: new Uint8Array(PNG) });
    far.put("/film.mp4", { status: 302, headers: { location: "https://blocked.test/x.png" } });
    far.put("/photo.png", { status: 302, headers: { location: "https://blocked.test/x.png" } });
    await alice.submit("/admin/media", { action: "clear" });
    const rule = domains.parse({ domain: "blocked.test", level: "block" });
    await domains.change(null, { put: [{ ...rule, list: null }], remove: [] });
    const moved = (await sources()).filter((source) => !/\/(?:emoji|avatar)\//.test(source));
    for (const source of moved) expect((await alice.app.ask(source)).status).toBe(404);
    expect(moved).toHaveLength(2);
    expect(blocked.asked).toEqual([]);
    await domains.change(null, { put: [], remove: ["blocked.test"] });
    for (const source of moved.filter((each) => each.includes("/picture/")))
      expect((await alice.app.ask(source)).status).toBe(200);
  });

  test("with the setting off they are links, and are not served", async () => {
    const [face = ""] = await sources();
    await alice.submit("/admin/media", { action: "save", remoteMedia: "linked", remoteMediaMegabytes: "10" });
    expect(await sources()).toEqual([]);
    const page = await (await alice.page(`/@victor@far.test/${key}`)).text();
    expect(page).toContain('href="https://far.test/photo.png"');
    expect(page).toContain(":cat:");
    expect((await alice.app.ask(face)).status).toBe(404);
    await alice.submit("/admin/media", { action: "save", remoteMedia: "shown", remoteMediaMegabytes: "10" });
    expect(await sources()).toHaveLength(4);
  });
});
