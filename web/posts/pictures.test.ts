/** Pictures and files as people send them with forms: kept, described, shown, and open to other servers. */
import { beforeAll, describe, expect, test } from "bun:test";
import type { JsonObject } from "../../server/lib/json.ts";
import { type TestApp, testApp } from "../../server/testing/app.ts";
import { onSqlite } from "../../server/testing/engines.ts";
import { documentAt, jsonOf, type Person, person } from "../../server/testing/people.ts";
import { ACT, PROFILE } from "../forms.ts";

const { fields: f } = ACT;
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const picture = async (width: number, height: number): Promise<File> =>
  new File(
    [new Uint8Array(await new Bun.Image(pixel).resize(width, height, { fit: "fill" }).png().bytes())],
    "photo.png",
  );

onSqlite((engine) => {
  let app: TestApp;
  let alice: Person;

  beforeAll(async () => {
    app = await testApp(engine, { config: { uploadLimit: 2_000_000 } });
    alice = await person(app, "alice", "admin");
  });

  /** What is published is kept by the time of its change, and the clock of a test stands still. */
  const send: Person["submit"] = (...form) => {
    app.clock.advance(1_000);
    return alice.submit(...form);
  };
  const create = (fields: Record<string, string>, files: Record<string, File>) =>
    send(ACT.path, { [f.type]: "Create", [f.return]: "/@alice", ...fields }, files);
  /** What a stranger gets of the newest post. */
  async function newest(): Promise<JsonObject> {
    const page = await (await alice.page("/@alice")).text();
    const path = /href="(\/@alice\/\d+)"/.exec(page)?.[1] ?? "";
    return jsonOf(await documentAt(app, path));
  }
  const fileAt = (url: unknown, headers: Record<string, string> = {}) =>
    app.ask(String(url).replace(app.origin, ""), { headers });

  describe("a post", () => {
    test("carries its pictures with size and words, and anybody may fetch them", async () => {
      const done = await create(
        { [f.content]: "Look", [f.fileText(1)]: "A cabbage <b>" },
        { [f.file(1)]: await picture(40, 20), [f.file(2)]: new File(["Hello\n"], "notes.txt") },
      );
      expect(done.status).toBe(303);
      const post = await newest();
      const [first, second] = post.attachment as JsonObject[];
      expect(first).toMatchObject({
        type: "Image",
        mediaType: "image/png",
        name: "A cabbage <b>",
        width: 40,
        height: 20,
      });
      expect(second).toMatchObject({ type: "Document", mediaType: "text/plain" });
      const file = await fileAt(first?.url, { origin: "https://other.example" });
      expect(file.status).toBe(200);
      expect(file.headers.get("content-type")).toBe("image/png");
      expect(file.headers.get("access-control-allow-origin")).toBe("*");
      expect(file.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
      expect(file.headers.get("cache-control")).toContain("immutable");
      const page = await (await app.ask("/@alice")).text();
      expect(page).toMatch(/<img[^>]* alt="A cabbage &lt;b>" width="40" height="20"/);
    });

    test("that a script sends is answered with where to go, and its sentence waits there", async () => {
      const done = await alice.submit(
        ACT.path,
        { [f.type]: "Create", [f.return]: "/write", [f.content]: "By script" },
        { [f.file(1)]: await picture(9, 9) },
        { accept: "application/json" },
      );
      expect([done.status, done.headers.get("content-type")]).toEqual([200, expect.stringContaining("json")]);
      const { goTo } = (await done.json()) as { goTo: string };
      expect(goTo).toMatch(/^\/@alice\/\d+$/);
      expect(done.headers.get("set-cookie")).toContain("flash");
    });

    test("may be a picture alone, but not nothing", async () => {
      expect((await create({}, { [f.file(1)]: await picture(3, 3) })).status).toBe(303);
      expect((await newest()).content).toBe("");
      const nothing = await create({ [f.fileText(1)]: "Words alone" }, { [f.file(1)]: new File([], "") });
      expect(nothing.status).toBe(422);
    });

    test("that cannot be is shown again with its words, and asks for the files once more", async () => {
      const broken = new File([pixel.subarray(0, 40)], "broken.png");
      const refused = await create({ [f.content]: "My words" }, { [f.file(1)]: broken });
      expect(refused.status).toBe(422);
      const page = await refused.text();
      expect(page).toContain("My words");
      expect(page).toContain('id="field-file-1-error"');
      expect(page).toContain("Choose your files again");
    });

    test("keeps its files when it is changed, says other words of them, and lets one go", async () => {
      await create(
        { [f.content]: "Two" },
        { [f.file(1)]: await picture(5, 5), [f.file(2)]: await picture(6, 6) },
      );
      const { id, attachment } = await newest();
      const [one, two] = attachment as JsonObject[];
      const update = (fields: Record<string, string>, files: Record<string, File> = {}) =>
        send(ACT.path, { [f.type]: "Update", [f.object]: String(id), [f.content]: "Two", ...fields }, files);
      await update({});
      expect((await newest()).attachment).toEqual([one, two] as JsonObject[]);
      await update(
        {
          [f.fileUrl(1)]: String(one?.url),
          [f.fileText(1)]: "Gone",
          [f.fileRemove(1)]: "yes",
          [f.fileUrl(2)]: String(two?.url),
          [f.fileText(2)]: "The second",
        },
        { [f.file(3)]: await picture(7, 7) },
      );
      expect((await newest()).attachment).toEqual([
        { ...two, name: "The second" },
        expect.objectContaining({ width: 7, height: 7 }),
      ]);
    });
  });

  describe("a form with files", () => {
    test("is read from nobody who is not signed in, and only from our own pages", async () => {
      const body = new FormData();
      body.append(f.type, "Create");
      body.append(f.file(1), await picture(2, 2));
      const headers = { "sec-fetch-site": "same-origin" };
      expect((await app.ask(ACT.path, { method: "POST", headers, body })).status).toBe(401);
      const forged = await app.ask(ACT.path, {
        method: "POST",
        headers: { ...headers, cookie: alice.cookie },
        body,
      });
      expect(forged.status).toBe(403);
    });

    test("may be larger than other forms, as far as files may be", async () => {
      const big = (size: number) => new File([new Uint8Array(size)], "big.bin");
      expect((await create({ [f.content]: "Big" }, { [f.file(1)]: big(1_500_000) })).status).toBe(303);
      const refused = await create({ [f.content]: "Bigger" }, { [f.file(1)]: big(2_100_000) });
      expect([refused.status, await refused.text()]).toEqual([
        413,
        expect.stringContaining("At most 2 MB are taken here."),
      ]);
      const words = "x".repeat(1_100_000);
      expect((await send(ACT.path, { [f.type]: "Create", [f.content]: words })).status).toBe(413);
    });
  });

  describe("a profile", () => {
    const actor = async (): Promise<JsonObject> => jsonOf(await documentAt(app, alice.iri));
    const save = (fields: Record<string, string>, files?: Record<string, File>) =>
      send(PROFILE.path, { [PROFILE.fields.displayName]: "Alice", ...fields }, files);

    test("gets its pictures no larger than they are shown, and keeps them when other things change", async () => {
      const files = { icon: await picture(900, 600), image: await picture(40, 10) };
      expect((await save({ summary: "I teach **maths**" }, files)).status).toBe(303);
      const { icon, image, summary } = await actor();
      expect(icon).toMatchObject({ type: "Image", mediaType: "image/png", width: 512, height: 341 });
      expect(image).toMatchObject({ width: 40, height: 10 });
      expect(summary).toBe("<p>I teach <strong>maths</strong></p>");
      expect((await fileAt((icon as JsonObject).url)).status).toBe(200);
      await save({ summary: "Other words" });
      expect(await actor()).toMatchObject({ icon, image, summary: "<p>Other words</p>" });
      expect(await (await app.ask("/@alice")).text()).toContain(`src="${(icon as JsonObject).url}"`);
    });

    test("lets one picture go, and changes nothing else", async () => {
      const before = await actor();
      const done = await send(PROFILE.path, { [PROFILE.fields.remove]: "icon" });
      expect(done.status).toBe(303);
      const { icon, image, name } = await actor();
      expect(icon).toBeUndefined();
      expect(JSON.stringify([image, name])).toBe(JSON.stringify([before.image, before.name]));
    });

    test("says the second half of a line in HTML to others, and shows it again as it was typed", async () => {
      const line = {
        [PROFILE.fields.fieldName(1)]: "Web",
        [PROFILE.fields.fieldValue(1)]: "<3 https://a.test/&b",
      };
      await save(line);
      const [field] = (await actor()).attachment as JsonObject[];
      expect(field).toMatchObject({ type: "PropertyValue", name: "Web" });
      expect(field?.value).toMatch(/^&lt;3 <a href="https:\/\/a\.test\/&amp;b"/);
      expect(await (await alice.page(PROFILE.path)).text()).toContain('value="&lt;3 https://a.test/&amp;b"');
      expect(await (await alice.page("/@alice")).text()).toContain('href="https://a.test/&amp;b"');
    });

    test("refuses what is no picture at its field, with everything that was typed", async () => {
      const refused = await save({ summary: "Typed" }, { icon: new File(["text"], "me.png") });
      expect(refused.status).toBe(422);
      const page = await refused.text();
      expect(page).toContain('id="field-icon-error"');
      expect(page).toContain("Typed");
    });
  });
});
