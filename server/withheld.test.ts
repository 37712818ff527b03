/** Files of people and posts that the staff put out of sight: for the staff alone, until that is taken back. */
import { beforeAll, describe, expect, test } from "bun:test";
import { GROUP_NEW } from "../web/forms-groups.ts";
import { PUBLIC } from "./core/object.ts";
import { DAY_MS, HOUR_MS } from "./lib/durations.ts";
import type { JsonObject } from "./lib/json.ts";
import { type TestApp, testApp } from "./testing/app.ts";
import { eachEngine } from "./testing/engines.ts";
import { type Person, person } from "./testing/people.ts";

const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

interface Uploaded {
  readonly id: string;
  readonly url: string;
  readonly previewUrl: string;
}

eachEngine((engine) => {
  let app: TestApp;
  let ruth: Person;
  let bob: Person;
  beforeAll(async () => {
    app = await testApp(engine);
    ruth = await person(app, "ruth", "moderator");
    bob = await person(app, "bob");
  });

  /** Different from all others before it, and large enough for a preview that is different too. */
  let height = 0;
  async function picture(): Promise<File> {
    height += 5;
    const bytes = await new Bun.Image(pixel).resize(800, height, { fit: "fill" }).png().bytes();
    return new File([new Uint8Array(bytes)], "photo.png", { type: "image/png" });
  }

  async function upload(by: Person, file?: File): Promise<Uploaded> {
    const body = new FormData();
    body.set("file", file ?? (await picture()));
    const response = await app.ask("/api/v2/media", {
      method: "POST",
      headers: { authorization: by.bearer },
      body,
    });
    const { id, url, preview_url } = (await response.json()) as JsonObject;
    return { id: String(id), url: String(url), previewUrl: String(preview_url) };
  }

  const post = (by: Person, ...files: Uploaded[]): Promise<string> =>
    by.note(
      "Look",
      { to: [PUBLIC] },
      {
        attachment: files.map(({ url }) => ({ type: "Image", mediaType: "image/png", url })),
      },
    );

  const fetched = (url: string, headers: Record<string, string> = {}, method = "GET"): Promise<Response> =>
    app.ask(url.replace(app.origin, ""), { method, headers });
  const statusFor = async (who: Person | null, url: string): Promise<number> =>
    (await fetched(url, who === null ? {} : { cookie: who.cookie })).status;
  /** For a stranger, for somebody who lives here, and for the staff. */
  const seenBy = async (url: string) =>
    [await statusFor(null, url), await statusFor(bob, url), await statusFor(ruth, url)] as const;

  const suspend = (who: Person) =>
    app.peace.sanctions.impose(ruth.key, { kind: "suspend", actor: who.key, text: "Because" });
  const keyOf = async (iri: string) => (await app.federation.look.find(iri))?.key ?? 0;
  async function report(iri: string): Promise<void> {
    await bob.act({ type: "Flag", object: iri, content: "Look at this" });
    await app.worker.drain();
  }
  async function hide(by: Person, iri: string): Promise<void> {
    const object = await keyOf(iri);
    await app.peace.sanctions.impose(ruth.key, { kind: "hide", actor: by.key, object, text: "Because" });
    await app.worker.drain();
  }
  async function daysLater(days: number): Promise<void> {
    await app.worker.drain();
    for (let day = 0; day < days; day++) {
      app.clock.advance(DAY_MS + HOUR_MS);
      await app.filing.media.loose.sweep();
    }
  }

  describe("somebody who is suspended", () => {
    test("leaves files that the staff alone can see, until that is taken back", async () => {
      const mallory = await person(app, "mallory");
      const file = await upload(mallory);
      await post(mallory, file);
      for (const url of [file.url, file.previewUrl]) expect(await seenBy(url)).toEqual([200, 200, 200]);
      const etag = (await fetched(file.url)).headers.get("etag") ?? "";
      const key = await suspend(mallory);
      for (const url of [file.url, file.previewUrl]) expect(await seenBy(url)).toEqual([404, 404, 200]);
      expect((await fetched(file.url, {}, "HEAD")).status).toBe(404);
      expect((await fetched(file.url, { "if-none-match": etag })).status).toBe(404);
      expect((await fetched(file.url)).headers.get("cache-control")).toBe("no-store");
      const shown = await fetched(file.url, { cookie: ruth.cookie });
      expect(shown.headers.get("cache-control")).toBe("private, no-store");
      await app.peace.sanctions.lift(ruth.key, key);
      for (const url of [file.url, file.previewUrl]) expect(await seenBy(url)).toEqual([200, 200, 200]);
    });

    test("takes nothing from somebody else who has the same file", async () => {
      const [nora, file] = [await person(app, "nora"), await picture()];
      const [hers, his] = [await upload(nora, file), await upload(bob, file)];
      expect(hers.url).toBe(his.url);
      await suspend(nora);
      expect(await statusFor(null, his.url)).toBe(200);
    });

    test("takes nothing from a group, nor from the emoji of everybody", async () => {
      const trent = await person(app, "trent", "teacher");
      const emoji = await upload(trent);
      const { opened } = app;
      await opened.emoji.add(ruth.key, {
        shortcode: "tree",
        category: "",
        url: emoji.url,
        mediaType: "image/png",
      });
      const { fields: f } = GROUP_NEW;
      const wishes = { [f.access]: "public", [f.joining]: "open", [f.posting]: "members" };
      const made = { [f.name]: "garden", [f.displayName]: "Garden", ...wishes };
      await trent.submit(GROUP_NEW.path, made, { [f.icon]: await picture() });
      const group = await app.federation.look.find(opened.addresses.actor("garden"));
      const face = (group?.document?.icon as JsonObject | undefined)?.url;
      expect(face).toBeString();
      await suspend(trent);
      expect(await statusFor(null, emoji.url)).toBe(200);
      expect(await statusFor(null, String(face))).toBe(200);
    });
  });

  test("somebody who goes for good takes their files out of sight at once", async () => {
    const gone = await person(app, "gone");
    const file = await upload(gone);
    await post(gone, file);
    await gone.act({ type: "Delete", object: gone.iri });
    expect(await seenBy(file.url)).toEqual([404, 404, 200]);
  });

  describe("a file of a post", () => {
    let carol: Person;
    beforeAll(async () => {
      carol = await person(app, "carol");
    });

    test("that the staff took away is out of sight at once, and gone in a day", async () => {
      const file = await upload(carol);
      await hide(carol, await post(carol, file));
      for (const url of [file.url, file.previewUrl]) expect(await seenBy(url)).toEqual([404, 404, 200]);
      await daysLater(1);
      expect(await seenBy(file.url)).toEqual([404, 404, 404]);
    });

    test("that was reported is kept for the staff alone, as long as the evidence is", async () => {
      const [taken, deleted] = [await upload(carol), await upload(carol)];
      const posts = [await post(carol, taken), await post(carol, deleted)];
      for (const iri of posts) await report(iri);
      await hide(carol, posts[0] ?? "");
      await carol.act({ type: "Delete", object: posts[1] ?? "" });
      await app.worker.drain();
      for (const { url } of [taken, deleted]) expect(await seenBy(url)).toEqual([404, 404, 200]);
      await daysLater(3);
      for (const { url } of [taken, deleted]) expect(await seenBy(url)).toEqual([404, 404, 200]);
      await app.opened.db.batch([{ text: "DELETE FROM evidence", values: [] }]);
      await daysLater(1);
      for (const { url } of [taken, deleted]) expect(await statusFor(ruth, url)).toBe(404);
    });

    test("that is evidence stays for the staff, also where who sent it sends it anew and takes it back", async () => {
      const photo = await picture();
      const file = await upload(carol, photo);
      const first = await post(carol, file);
      await report(first);
      await carol.act({ type: "Delete", object: first });
      await app.worker.drain();
      for (const isSentAnew of [false, true]) {
        if (isSentAnew) await upload(carol, photo);
        const headers = { authorization: carol.bearer };
        const removed = await app.ask(`/api/v1/media/${file.id}`, { method: "DELETE", headers });
        expect([isSentAnew, removed.status]).toEqual([isSentAnew, 200]);
        expect([isSentAnew, ...(await seenBy(file.url))]).toEqual([isSentAnew, 404, 404, 200]);
      }
    });

    test("is everybody's again where another post has it", async () => {
      const file = await upload(carol);
      const first = await post(carol, file);
      await report(first);
      await carol.act({ type: "Delete", object: first });
      await app.worker.drain();
      expect(await statusFor(null, file.url)).toBe(404);
      await post(carol, file);
      expect(await statusFor(null, file.url)).toBe(200);
      await daysLater(2);
      expect(await statusFor(null, file.url)).toBe(200);
    });

    test("that its author deleted can be seen for a day: it may be written anew", async () => {
      const file = await upload(carol);
      await carol.act({ type: "Delete", object: await post(carol, file) });
      await app.worker.drain();
      expect(await statusFor(null, file.url)).toBe(200);
      await daysLater(1);
      expect(await statusFor(ruth, file.url)).toBe(404);
    });
  });

  test("no cache keeps a file for longer than a day, and none that many share for longer than an hour", async () => {
    const { url } = await upload(bob);
    expect((await fetched(url)).headers.get("cache-control")).toBe(
      "public, max-age=86400, s-maxage=3600, immutable",
    );
  });
});
