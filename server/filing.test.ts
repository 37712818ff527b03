/** What becomes of files of people here: they stay while something uses them, and no longer than a day after that. */
import { beforeAll, describe, expect, test } from "bun:test";
import { ACT } from "../web/forms.ts";
import { PUBLIC } from "./core/object.ts";
import { sweepVersions } from "./core/sweep-versions.ts";
import { MAX_VERSIONS } from "./core/versions.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "./lib/durations.ts";
import type { JsonObject } from "./lib/json.ts";
import { type TestApp, testApp } from "./testing/app.ts";
import { eachEngine } from "./testing/engines.ts";
import { type Person, person } from "./testing/people.ts";

const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
/** Longer than any post here may be. */
const TOO_LONG = "a".repeat(20_001);

interface Uploaded {
  readonly id: string;
  /** Path of the file on this server. */
  readonly path: string;
}

eachEngine((engine) => {
  let app: TestApp;
  let alice: Person;

  beforeAll(async () => {
    app = await testApp(engine);
    alice = await person(app, "alice", "admin");
  });

  async function ask(method: string, path: string, body?: FormData | object, as = alice) {
    const isForm = body instanceof FormData;
    const response = await app.ask(path, {
      method,
      headers: {
        authorization: as.bearer,
        ...(isForm || !body ? {} : { "content-type": "application/json" }),
      },
      ...(body ? { body: isForm ? body : JSON.stringify(body) } : {}),
    });
    return { status: response.status, json: (await response.json()) as JsonObject };
  }

  /** Different from all others before it. */
  let shade = 0;
  async function picture(): Promise<File> {
    shade++;
    const bytes = await new Bun.Image(pixel)
      .resize(40 + shade, 20, { fit: "fill" })
      .png()
      .bytes();
    return new File([new Uint8Array(bytes)], "photo.png", { type: "image/png" });
  }

  const formWith = (fields: Readonly<Record<string, string | File>>): FormData => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return form;
  };

  const pathOf = (url: unknown): string => String(url).replace(app.origin, "");

  async function upload(as = alice): Promise<Uploaded> {
    const { json } = await ask("POST", "/api/v2/media", formWith({ file: await picture() }), as);
    return { id: String(json.id), path: pathOf(json.url) };
  }

  const post = async (body: object, as = alice): Promise<string> =>
    String((await ask("POST", "/api/v1/statuses", body, as)).json.id);

  /** Everything that is due is done, and a day and an hour go by. */
  async function dayLater(): Promise<void> {
    await app.worker.drain();
    app.clock.advance(DAY_MS + HOUR_MS);
    await app.filing.media.loose.sweep();
  }

  const isThere = async (path: string): Promise<boolean> => (await app.ask(path)).status === 200;

  /** Every file of hers that nothing may remove by itself. */
  async function keptPaths(of = alice): Promise<readonly string[]> {
    const rows = await app.opened.db.all<{ name: string }>({
      text: `SELECT name FROM media WHERE owner = ${of.key} AND expires IS NULL ORDER BY key`,
      values: [],
    });
    return rows.map(({ name }) => `/media/${name}`);
  }

  describe("a file that was sent for something", () => {
    test("is let go where the post is refused", async () => {
      const { id, path } = await upload();
      const refused = await ask("POST", "/api/v1/statuses", { status: TOO_LONG, media_ids: [id] });
      expect(refused.status).toBe(422);
      expect(await keptPaths()).not.toContain(path);
      expect((await ask("DELETE", `/api/v1/media/${id}`)).status).toBe(200);
      expect(await isThere(path)).toBe(false);
    });

    test("is let go where the change of a post is refused", async () => {
      const { id, path } = await upload();
      const status = await post({ status: "Without" });
      const refused = await ask("PUT", `/api/v1/statuses/${status}`, { status: TOO_LONG, media_ids: [id] });
      expect(refused.status).toBe(422);
      await dayLater();
      expect(await isThere(path)).toBe(false);
    });

    test("is let go where it cannot be a face", async () => {
      const before = await keptPaths();
      const text = new File(["not a picture"], "face.txt", { type: "text/plain" });
      const refused = await ask("PATCH", "/api/v1/accounts/update_credentials", formWith({ avatar: text }));
      expect(refused.status).toBe(422);
      expect(await keptPaths()).toEqual(before);
    });

    test("is let go where the object that it was to be is refused", async () => {
      const before = await keptPaths();
      const object = { type: "Image", name: "Not mine", attributedTo: "https://else.test/bob", to: PUBLIC };
      const response = await app.ask("/api/c2s/upload", {
        method: "POST",
        headers: { authorization: alice.bearer },
        body: formWith({ file: await picture(), object: JSON.stringify(object) }),
      });
      expect(response.status).toBe(400);
      expect(await keptPaths()).toEqual(before);
    });

    test("is let go where a page sends it beside one that cannot be read", async () => {
      const before = await keptPaths();
      const damaged = new File([pixel.subarray(0, 20)], "damaged.png", { type: "image/png" });
      const files = { [ACT.fields.file(1)]: await picture(), [ACT.fields.file(2)]: damaged };
      const answer = await alice.submit(ACT.path, { type: "Create", content: "Two", return: "/" }, files);
      expect(answer.status).toBe(422);
      expect(await keptPaths()).toEqual(before);
    });

    test("is there for what is posted in its last minute", async () => {
      const { id, path } = await upload();
      app.clock.advance(DAY_MS - MINUTE_MS);
      const refused = await ask("POST", "/api/v1/statuses", { status: TOO_LONG, media_ids: [id] });
      expect(refused.status).toBe(422);
      app.clock.advance(2 * MINUTE_MS);
      await app.filing.media.loose.sweep();
      await post({ status: "At last", media_ids: [id] });
      await dayLater();
      expect(await isThere(path)).toBe(true);
    });

    test("stays from the moment that something uses it, whichever way it came", async () => {
      const [inPost, forLater] = [await upload(), await upload()];
      await post({ status: "Used", media_ids: [inPost.id] });
      const dueMs = app.clock.now() + 30 * DAY_MS;
      await ask("POST", "/api/v1/statuses", {
        status: "Later",
        media_ids: [forLater.id],
        scheduled_at: new Date(dueMs).toISOString(),
      });
      const face = await ask(
        "PATCH",
        "/api/v1/accounts/update_credentials",
        formWith({ avatar: await picture() }),
      );
      const before = await keptPaths();
      await alice.submit(
        ACT.path,
        { type: "Create", content: "A page", return: "/" },
        { [ACT.fields.file(1)]: await picture() },
      );
      const used = [inPost.path, forLater.path, pathOf(face.json.avatar)];
      expect((await keptPaths()).length).toBe(before.length + 1);
      expect(before).toEqual(expect.arrayContaining(used));
      const kept = await keptPaths();
      await dayLater();
      for (const path of kept) expect([path, await isThere(path)]).toEqual([path, true]);
    });
  });

  describe("a post for later", () => {
    const schedule = async (file: Uploaded): Promise<string> =>
      post({
        status: "Later",
        media_ids: [file.id],
        scheduled_at: new Date(app.clock.now() + 2 * HOUR_MS).toISOString(),
      });

    test("lets its files go when it is taken back", async () => {
      const file = await upload();
      const key = await schedule(file);
      expect((await ask("DELETE", `/api/v1/scheduled_statuses/${key}`)).status).toBe(200);
      await dayLater();
      expect(await isThere(file.path)).toBe(false);
    });

    test("keeps them when it is published", async () => {
      const file = await upload();
      await schedule(file);
      app.clock.advance(3 * HOUR_MS);
      await dayLater();
      await dayLater();
      expect(await isThere(file.path)).toBe(true);
    });

    test("that is taken back leaves what another post has", async () => {
      const file = await upload();
      await post({ status: "Now", media_ids: [file.id] });
      await ask("DELETE", `/api/v1/scheduled_statuses/${await schedule(file)}`);
      await dayLater();
      expect(await isThere(file.path)).toBe(true);
    });
  });

  describe("what is changed", () => {
    const edit = (status: string, ids: readonly string[], text = "Edited") =>
      ask("PUT", `/api/v1/statuses/${status}`, { status: text, media_ids: ids });

    test("keeps a picture that was edited out while its earlier versions can be read, and no longer", async () => {
      const [before, after] = [await upload(), await upload()];
      const status = await post({ status: "With a photo", media_ids: [before.id] });
      await edit(status, [after.id]);
      await dayLater();
      expect([await isThere(before.path), await isThere(after.path)]).toEqual([true, true]);
      await ask("DELETE", `/api/v1/statuses/${status}`);
      await dayLater();
      expect([await isThere(before.path), await isThere(after.path)]).toEqual([false, false]);
    });

    test("lets a picture go with the last version that had it", async () => {
      const { id, path } = await upload();
      const status = await post({ status: "With a photo", media_ids: [id] });
      for (let n = 1; n <= MAX_VERSIONS; n++) await edit(status, [], `Edit ${n}`);
      await dayLater();
      expect(await isThere(path)).toBe(true);
      await edit(status, [], "One more");
      await dayLater();
      expect(await isThere(path)).toBe(false);
    });

    test("lets a picture go at once where nothing is kept of the version before", async () => {
      const { id, path } = await upload();
      // Too long to be kept as a version.
      const { json } = await ask("GET", `/api/v1/media/${id}`);
      const attachment = [{ type: "Image", mediaType: "image/png", url: String(json.url) }];
      const content = "long ".repeat(15_000);
      const note = { type: "Note", content, attachment, to: [PUBLIC] };
      const made = await alice.act({ type: "Create", to: [PUBLIC], object: note });
      await dayLater();
      expect(await isThere(path)).toBe(true);
      const object = { id: made.object?.iri ?? "", type: "Note", content: "Short", attachment: null };
      await alice.act({ type: "Update", object });
      await dayLater();
      expect(await isThere(path)).toBe(false);
    });

    test("lets a picture go with the versions of which there are too many on the whole server", async () => {
      const { id, path } = await upload();
      const status = await post({ status: "With a photo", media_ids: [id] });
      await edit(status, []);
      const { db, queue } = app.opened;
      await sweepVersions({ db, enqueue: queue.enqueue }, 0);
      await dayLater();
      expect(await isThere(path)).toBe(false);
    });

    test("lets a face go that another has taken the place of", async () => {
      const face = async (): Promise<string> => {
        app.clock.advance(MINUTE_MS);
        const form = formWith({ avatar: await picture() });
        return pathOf((await ask("PATCH", "/api/v1/accounts/update_credentials", form)).json.avatar);
      };
      const [first, second] = [await face(), await face()];
      await dayLater();
      expect([await isThere(first), await isThere(second)]).toEqual([false, true]);
    });
  });

  test("somebody who goes for good takes all files along but what others need", async () => {
    const carol = await person(app, "carol");
    const [posted, emoji] = [await upload(carol), await upload(carol)];
    await post({ status: "Two", media_ids: [posted.id, emoji.id] }, carol);
    const url = app.origin + emoji.path;
    await app.opened.emoji.add(alice.key, { shortcode: "carols", category: "", url, mediaType: "image/png" });
    await carol.act({ type: "Delete", object: carol.iri });
    await dayLater();
    expect([await isThere(posted.path), await isThere(emoji.path)]).toEqual([false, true]);
  });
});
