/** Files as apps send them: early, described later, used in a status or let go. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HOUR_MS } from "../../lib/durations.ts";
import type { JsonObject } from "../../lib/json.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { onSqlite } from "../../testing/engines.ts";
import { mastodonSchema } from "../../testing/mastodon.ts";
import { documentAt, jsonOf, type Person, person } from "../../testing/people.ts";

const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
/** Different from all others before it. */
let shade = 0;
async function picture(width = 40, height = 20): Promise<Uint8Array<ArrayBuffer>> {
  shade++;
  return new Uint8Array(
    await new Bun.Image(pixel)
      .resize(width + shade, height, { fit: "fill" })
      .png()
      .bytes(),
  );
}
const schema = mastodonSchema();
const folder = await mkdtemp(join(tmpdir(), "face-media-"));
afterAll(() => rm(folder, { recursive: true }));

onSqlite((engine) => {
  let app: TestApp;
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    const ffmpeg = join(folder, "ffmpeg");
    await Bun.write(ffmpeg, `#!/bin/sh\necho ${pixel.toString("base64")} | /usr/bin/base64 -d\n`);
    await chmod(ffmpeg, 0o755);
    app = await testApp(engine, { config: { uploadLimit: 2_000_000 }, ffmpeg });
    alice = await person(app, "alice", "admin");
    bob = await person(app, "bob");
  });

  /** The answer, held to the published schema. */
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
    const json = (await response.json()) as JsonObject;
    expect(schema?.faults(method, path, response.status, json) ?? []).toEqual([]);
    return { status: response.status, json, headers: response.headers };
  }

  function form(file: Uint8Array<ArrayBuffer> | string, fields: Record<string, string> = {}, name = "x.png") {
    const data = new FormData();
    // The type of the part lies, as that of `requests` does.
    data.append("file", new File([file], name, { type: "text/plain" }));
    for (const [field, value] of Object.entries(fields)) data.append(field, value);
    return data;
  }

  async function upload(fields: Record<string, string> = {}): Promise<string> {
    const { json } = await ask("POST", "/api/v2/media", form(await picture(), fields));
    return String(json.id);
  }

  test("a picture is there at once, with its size, its colours and what is said of it", async () => {
    const body = form(await picture(1_000, 500), { description: "A cabbage", focus: "-0.5,0.25" });
    const { status, json } = await ask("POST", "/api/v2/media", body);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      type: "image",
      description: "A cabbage",
      remote_url: null,
      meta: {
        original: { width: 1_000 + shade, height: 500 },
        small: { width: 640 },
        focus: { x: -0.5, y: 0.25 },
      },
    });
    expect(String(json.blurhash)).toHaveLength(28);
    for (const url of [json.url, json.preview_url]) {
      const file = await app.ask(String(url).replace(app.origin, ""));
      expect([file.status, file.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
      expect(file.headers.get("content-type")).toStartWith("image/");
    }
    expect((await ask("GET", `/api/v1/media/${json.id}`)).json).toEqual(json);
  });

  test("the older method answers the same", async () => {
    const body = form(await picture());
    const [one, two] = [await ask("POST", "/api/v1/media", body), await ask("POST", "/api/v2/media", body)];
    expect([one.status, one.json]).toEqual([200, two.json]);
  });

  test("what is said of it is changed before it is used, also in JSON", async () => {
    const id = await upload({ description: "First", focus: "1,1" });
    const { json } = await ask("PUT", `/api/v1/media/${id}`, { description: "Second" });
    expect(json).toMatchObject({ id, description: "Second", meta: { focus: { x: 1, y: 1 } } });
    const data = new FormData();
    data.append("focus", "0,-1");
    expect((await ask("PUT", `/api/v1/media/${id}`, data)).json).toMatchObject({
      description: "Second",
      meta: { focus: { x: 0, y: -1 } },
    });
  });

  test("there is no newer method to change it, so that clients take the older one", async () => {
    const headers = { authorization: alice.bearer };
    const answer = await app.ask(`/api/v2/media/${await upload()}`, { method: "PUT", headers });
    expect([answer.status, await answer.json()]).toEqual([404, { error: expect.any(String) }]);
  });

  test("what is no form with files is as small as everywhere else", async () => {
    const body = { description: "x".repeat(1_200_000) };
    for (const [method, path] of [
      ["POST", "/api/v2/media"],
      ["PUT", "/api/v1/media/1"],
      ["PATCH", "/api/v1/accounts/update_credentials"],
      ["POST", "/api/c2s/upload"],
    ] as const) {
      const response = await app.ask(path, {
        method,
        headers: { authorization: alice.bearer, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      expect([path, response.status]).toEqual([path, 413]);
    }
  });

  test("a sound gets the cover that is sent with it", async () => {
    const data = form(new Uint8Array(Buffer.from("fLaC\0\0\0\x22".padEnd(60, "\0"))), {}, "song.flac");
    data.append("thumbnail", new File([await picture(900, 900)], "cover.png"));
    const { json } = await ask("POST", "/api/v2/media", data);
    expect(json).toMatchObject({ type: "audio", meta: { small: { width: 640 } } });
    expect(String(json.preview_url)).toEndWith(".webp");
  });

  test("a film is there once its still is, or without one after a while", async () => {
    const film = (n: string) => form(`\0\0\0\x18ftypisom${n}`.padEnd(40, "\0"), {}, "film.mp4");
    const sent = await ask("POST", "/api/v2/media", film("1"));
    expect([sent.status, sent.json.url, sent.json.type]).toEqual([202, null, "video"]);
    expect(sent.json.preview_url).toBe(`${app.origin}/media-still.png`);
    const path = `/api/v1/media/${sent.json.id}`;
    expect((await ask("GET", path)).status).toBe(206);
    await app.worker.drain();
    const { status, json } = await ask("GET", path);
    expect([status, json.url]).toEqual([200, expect.stringContaining(".mp4")]);
    expect(json.preview_url).toStartWith(`${app.origin}/media/`);
    const late = await ask("POST", "/api/v1/media", film("2"));
    expect([late.status, late.json.url]).toEqual([200, expect.stringContaining(".mp4")]);
    app.clock.advance(3 * 60_000);
    expect((await ask("GET", `/api/v1/media/${late.json.id}`)).status).toBe(200);
  });

  test("a film in a status has its still, and the stand-in where there is none", async () => {
    const attached = async (n: string, work: boolean) => {
      const body = form(`\0\0\0\x18ftypisom${n}`.padEnd(40, "\0"), {}, "film.mp4");
      const { json } = await ask("POST", "/api/v2/media", body);
      if (work) await app.worker.drain();
      const status = await ask("POST", "/api/v1/statuses", { media_ids: [json.id] });
      return (status.json.media_attachments as JsonObject[])[0];
    };
    expect(await attached("3", true)).toMatchObject({ type: "video", meta: { small: { width: 1 } } });
    const early = String((await attached("4", false))?.preview_url).replace(app.origin, "");
    expect(early).toMatch(/^\/media\/still\/[0-9a-f]{64}\.mp4$/);
    const soon = await app.ask(early);
    expect([soon.status, soon.headers.get("retry-after")]).toEqual([503, "3"]);
    await app.worker.drain();
    const still = await app.ask(early);
    expect([still.status, still.headers.get("content-type")]).toEqual([200, "image/webp"]);
    expect(still.headers.get("cache-control")).toBe("public, max-age=86400, s-maxage=3600");
  });

  test("a still that never came has one in its place, and of no film there is none", async () => {
    const body = form("\0\0\0\x18ftypisom-late".padEnd(40, "\0"), {}, "film.mp4");
    const { json } = await ask("POST", "/api/v1/media", body);
    app.clock.advance(3 * 60_000);
    const name = String(json.url).split("/").at(-1);
    const standIn = await app.ask(`/media/still/${name}`);
    expect([standIn.status, standIn.headers.get("content-type")]).toEqual([200, "image/png"]);
    for (const other of [`${"0".repeat(64)}.mp4`, "x.mp4", "../x", ""])
      expect((await app.ask(`/media/still/${other}`)).status).toBe(404);
    expect((await app.ask("/media-still.png")).headers.get("content-type")).toBe("image/png");
  });

  test("a document keeps its name, and is offered for saving under it", async () => {
    const { json } = await ask("POST", "/api/v2/media", form("%PDF-1.7 Übung", {}, "Übung 3/x.pdf"));
    expect(json).toMatchObject({ type: "unknown", preview_url: null });
    const file = await app.ask(String(json.url).replace(app.origin, ""));
    expect(file.headers.get("content-type")).toBe("application/pdf");
    expect(file.headers.get("content-disposition")).toEndWith("filename*=UTF-8''%C3%9Cbung%203%20x.pdf");
  });

  describe("whatever is sent is given out as nothing that a browser runs or that stands for a document of ours", () => {
    const SCRIPT = "<script>alert(1)</script>";
    const actor =
      '{"@context":"https://www.w3.org/ns/activitystreams","type":"Person","id":"https://pub.test/users/boss"}';
    const gif = "GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0";
    const frame = "\x21\xf9\x04\0\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
    test.each([
      ["a page", `<!doctype html>${SCRIPT}`, "x.html", "application/octet-stream"],
      ["a page that is called a picture", `<html>${SCRIPT}`, "x.png", "application/octet-stream"],
      [
        "a drawing with a script",
        `<svg xmlns="http://www.w3.org/2000/svg">${SCRIPT}</svg>`,
        "x.svg",
        "application/octet-stream",
      ],
      [
        "a style sheet of a document",
        `<?xml version="1.0"?><x>${SCRIPT}</x>`,
        "x.xml",
        "application/octet-stream",
      ],
      ["an actor", actor, "actor.json", "application/octet-stream"],
      ["an actor as a note", actor, "actor.txt", "text/plain; charset=utf-8"],
      ["a program", "MZ\x90\0\x03".padEnd(80, "\0"), "setup.exe", "application/octet-stream"],
      ["a document that is a page too", `%PDF-1.7 ${SCRIPT}`, "x.html", "application/pdf"],
      ["an archive that is a page too", `PK\x03\x04${SCRIPT}`, "x.html", "application/zip"],
      ["a sound that is a page too", `ID3\x04\0${SCRIPT}`, "x.html", "audio/mpeg"],
      ["a film that is a page too", `\0\0\0\x18ftypisom${SCRIPT}`.padEnd(99, " "), "x.html", "video/mp4"],
      [
        "a moving picture that is a program too",
        `${gif}${frame}${frame};${SCRIPT}=1;alert(1)//`,
        "x.js",
        "image/gif",
      ],
    ] as const)("%s", async (_what, content, name, type) => {
      const { json } = await ask(
        "POST",
        "/api/v1/media",
        form(new Uint8Array(Buffer.from(content, "latin1")), {}, name),
      );
      const url = String(json.url).replace(app.origin, "");
      const accept = "text/html, application/activity+json";
      const file = await app.ask(url, { headers: { accept } });
      expect([file.status, file.headers.get("content-type")]).toEqual([200, type]);
      expect(file.headers.get("content-disposition")).toStartWith(
        /^(?:image|audio|video)/.test(type) ? "inline" : "attachment",
      );
      expect(file.headers.get("x-content-type-options")).toBe("nosniff");
      expect(file.headers.get("content-security-policy")).toMatch(/^default-src 'none';.* sandbox$/);
      if (type === "image/gif") expect(await file.text()).not.toContain("alert");
    });
  });

  test.each([
    ["nothing", new FormData(), 422],
    ["a file that is empty", form(""), 422],
    ["a picture that is damaged", form(new Uint8Array(pixel.subarray(0, 40))), 422],
    ["a photo that cannot be read", form("\0\0\0\x18ftypheic"), 422],
    ["too many words", form("text", { description: "a".repeat(1_501) }), 422],
  ] as const)("%s is refused in words", async (_what, body, status) => {
    const refused = await ask("POST", "/api/v2/media", body);
    expect(refused.status).toBe(status);
    expect(String(refused.json.error).length).toBeGreaterThan(10);
  });

  test("nobody reads, changes or uses what somebody else has sent", async () => {
    const id = await upload();
    for (const [method, path] of [
      ["GET", `/api/v1/media/${id}`],
      ["PUT", `/api/v1/media/${id}`],
      ["DELETE", `/api/v1/media/${id}`],
      ["GET", "/api/v1/media/1"],
      ["GET", "/api/v1/media/x"],
    ] as const)
      expect([path, (await ask(method, path, undefined, bob)).status]).toEqual([path, 404]);
    expect((await ask("POST", "/api/v1/statuses", { status: "Mine", media_ids: [id] }, bob)).status).toBe(
      422,
    );
  });

  describe("a status", () => {
    const post = async (body: object) => (await ask("POST", "/api/v1/statuses", body)).json;

    test("has its files in the order that was named, each with its words, under the ids that they had", async () => {
      const ids = [await upload({ description: "One" }), await upload({ focus: "0.5,0" })];
      const status = await post({ media_ids: [ids[1], ids[0]] });
      expect(status.media_attachments).toMatchObject([
        { id: ids[1], description: null, meta: { focus: { x: 0.5, y: 0 } } },
        { id: ids[0], description: "One" },
      ]);
      const document = await jsonOf(await documentAt(app, String(status.uri)));
      expect(document.attachment).toMatchObject([
        { type: "Image", focalPoint: [0.5, 0], blurhash: expect.any(String) },
        { type: "Image", name: "One" },
      ]);
    });

    test("keeps, describes and leaves out files when it is changed", async () => {
      const [one = "", two = "", three = ""] = [
        await upload({ description: "One" }),
        await upload(),
        await upload(),
      ];
      const { id } = await post({ status: "Files", media_ids: [one, two] });
      const { json } = await ask("PUT", `/api/v1/statuses/${id}`, {
        status: "Files",
        media_ids: [three, one],
        media_attributes: [{ id: one, description: "The first", focus: "0,1" }],
      });
      expect(json.media_attachments).toMatchObject([
        { id: three },
        { id: one, description: "The first", meta: { focus: { x: 0, y: 1 } } },
      ]);
    });
  });

  describe("a deleted status", () => {
    const gone = async (id: string) => {
      await app.worker.drain();
      app.clock.advance(25 * HOUR_MS);
      await app.filing.media.loose.sweep();
      return (await ask("GET", `/api/v1/media/${id}`)).status === 404;
    };
    const posted = async (id: string) =>
      String((await ask("POST", "/api/v1/statuses", { media_ids: [id] })).json.id);

    test("takes its files along after a day", async () => {
      const id = await upload();
      const url = String((await ask("GET", `/api/v1/media/${id}`)).json.url).replace(app.origin, "");
      const status = await posted(id);
      expect(await gone(id)).toBe(false);
      await ask("DELETE", `/api/v1/statuses/${status}`);
      expect((await app.ask(url)).status).toBe(200);
      expect(await gone(id)).toBe(true);
      expect((await app.ask(url)).status).toBe(404);
    });

    test("leaves a file that another status has, or that was posted anew", async () => {
      const [shared, anew] = [await upload(), await upload()];
      await posted(shared);
      await ask("DELETE", `/api/v1/statuses/${await posted(shared)}`);
      await ask("DELETE", `/api/v1/statuses/${await posted(anew)}`);
      await app.worker.drain();
      await posted(anew);
      expect([await gone(shared), await gone(anew)]).toEqual([false, false]);
    });

    test("leaves a file that is used where nobody has looked when it was let go", async () => {
      const id = await upload();
      const status = await posted(id);
      const { json } = await ask("GET", `/api/v1/media/${id}`);
      await ask("DELETE", `/api/v1/statuses/${status}`);
      await app.worker.drain();
      // A program posts its address by itself.
      const attachment = [{ type: "Image", mediaType: "image/png", url: String(json.url) }];
      await alice.send({ type: "Note", content: "By hand", to: ["as:Public"], attachment });
      expect(await gone(id)).toBe(false);
    });

    test("leaves a file that is somebody's face", async () => {
      const id = await upload();
      const status = await posted(id);
      const { url } = (await ask("GET", `/api/v1/media/${id}`)).json;
      const object = { id: alice.iri, type: "Person", icon: { type: "Image", url: String(url) } };
      await app.federation.core.act(alice.key, { type: "Update", object });
      await ask("DELETE", `/api/v1/statuses/${status}`);
      expect(await gone(id)).toBe(false);
    });
  });

  test("what is used stays, what is not goes after a day or when it is let go", async () => {
    const [used = "", forgotten = "", dropped = ""] = [await upload(), await upload(), await upload()];
    await ask("POST", "/api/v1/statuses", { media_ids: [used] });
    const { json } = await ask("GET", `/api/v1/media/${forgotten}`);
    expect((await ask("DELETE", `/api/v1/media/${used}`)).status).toBe(422);
    expect((await ask("DELETE", `/api/v1/media/${dropped}`)).status).toBe(200);
    expect((await ask("GET", `/api/v1/media/${dropped}`)).status).toBe(404);
    await app.filing.media.loose.sweep();
    expect((await ask("GET", `/api/v1/media/${forgotten}`)).status).toBe(200);
    app.clock.advance(25 * HOUR_MS);
    await app.filing.media.loose.sweep();
    expect((await ask("GET", `/api/v1/media/${forgotten}`)).status).toBe(404);
    expect((await app.ask(String(json.url).replace(app.origin, ""))).status).toBe(404);
    expect((await ask("GET", `/api/v1/media/${used}`)).status).toBe(200);
  });
});
