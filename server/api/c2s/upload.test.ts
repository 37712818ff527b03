/** Files that clients send, alone and as objects. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import { testApp } from "../../testing/app.ts";
import { onSqlite } from "../../testing/engines.ts";
import { documentAt, jsonOf, type Person, person } from "../../testing/people.ts";

const C180 = "https://w3id.org/fep/c180#";
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

onSqlite((engine) => {
  async function build() {
    const app = await testApp(engine, { config: { uploadLimit: 100_000 } });
    return { app, alice: await person(app, "alice", "admin"), bob: await person(app, "bob") };
  }
  let built: ReturnType<typeof build> | undefined;
  /** One for all tests: keys of actors take long to make. */
  const house = () => {
    built ??= build();
    return built;
  };

  const form = (file: BlobPart | null, object?: unknown, name = "photo.txt"): FormData => {
    const fields = new FormData();
    if (file !== null) fields.set("file", new File([file], name, { type: "text/plain" }));
    if (object !== undefined)
      fields.set("object", typeof object === "string" ? object : JSON.stringify(object));
    return fields;
  };

  const upload = (sender: Person, body: FormData | string, authorization = sender.bearer) =>
    sender.app.ask("/api/c2s/upload", { method: "POST", headers: { authorization }, body });

  test("a file and a shell become an object with an address, as a Create says", async () => {
    const { app, alice } = await house();
    const response = await upload(alice, form(PIXEL, { type: "Image", name: "A pixel", to: PUBLIC }));
    expect(response.status).toBe(201);
    const location = response.headers.get("location") ?? "";
    const object = await jsonOf(await documentAt(app, location));
    expect(object).toMatchObject({
      id: location,
      type: "Image",
      name: "A pixel",
      attributedTo: alice.iri,
      mediaType: "image/png",
      width: 1,
      height: 1,
    });
    expect(await jsonOf(response)).toMatchObject({ id: location, url: object.url ?? "" });
    const file = await app.ask(String(object.url).replace(app.origin, ""));
    expect([file.status, file.headers.get("content-type")]).toEqual([200, "image/png"]);
    expect(file.headers.get("access-control-allow-origin")).toBe("*");
  });

  test("without a shell the file is kept, and described for a post that it belongs to", async () => {
    const { app, alice } = await house();
    const response = await upload(alice, form("a,b\n1,2\n", undefined, "marks.csv"));
    expect(response.status).toBe(201);
    const described = await jsonOf(response);
    expect(described).toMatchObject({ type: "Document", mediaType: "text/csv" });
    expect(response.headers.get("location")).toBe(String(described.url));
    const { "@context": _, ...attachment } = described;
    const posted = await alice.send({ type: "Note", content: "Marks", attachment, to: PUBLIC });
    expect((await jsonOf(posted)).object).toMatchObject({ attachment });
    const file = await app.ask(String(described.url).replace(app.origin, ""));
    expect(file.headers.get("content-disposition")).toStartWith("attachment");
  });

  test("a document of ours that somebody uploads is never served as one", async () => {
    const { app, alice } = await house();
    const forged = JSON.stringify({
      id: `${app.origin}/users/alice`,
      type: "Person",
      inbox: "https://evil.test/",
    });
    const described = await jsonOf(await upload(alice, form(forged, undefined, "actor.jsonld")));
    const path = String(described.url).replace(app.origin, "");
    const file = await app.ask(path, { headers: { accept: "application/activity+json" } });
    expect(file.headers.get("content-type")).toBe("application/octet-stream");
  });

  test("what cannot be taken is refused with the right status and type", async () => {
    const { app, alice } = await house();
    const onlyMedia = await alice.tokenFor("write:media");
    const cases: [name: string, body: FormData | string, token: string, status: number, type: string][] = [
      ["nobody", form(PIXEL), "", 401, "about:blank"],
      ["a token that may only read", form(PIXEL), await alice.tokenFor("read"), 403, "about:blank"],
      [
        "an object from a token that may not post",
        form(PIXEL, { type: "Image" }),
        onlyMedia,
        403,
        "about:blank",
      ],
      ["no file", form(null, { type: "Image" }), alice.bearer, 400, "about:blank"],
      ["no form", "file=x", alice.bearer, 400, "about:blank"],
      ["an empty file", form(""), alice.bearer, 400, "about:blank"],
      ["a damaged picture", form(PIXEL.subarray(0, 40)), alice.bearer, 400, `${C180}unsupported-media-type`],
      ["a shell that is no JSON", form(PIXEL, "{"), alice.bearer, 400, "about:blank"],
      ["an activity as shell", form(PIXEL, { type: "Like" }), alice.bearer, 400, `${C180}unsupported-type`],
      ["an actor as shell", form(PIXEL, { type: "Person" }), alice.bearer, 400, `${C180}unsupported-type`],
      [
        "another author",
        form(PIXEL, { type: "Image", attributedTo: `${app.origin}/users/bob` }),
        alice.bearer,
        400,
        `${C180}principal-actor-mismatch`,
      ],
    ];
    for (const [name, body, token, status, type] of cases) {
      const response = await upload(alice, body, token);
      expect([name, response.status, (await jsonOf(response)).type]).toEqual([name, status, type]);
    }
    expect((await upload(alice, form(PIXEL), onlyMedia)).status).toBe(201);
    const large = await upload(alice, form("x".repeat(200_000)));
    expect(large.status).toBe(413);
    expect(app.warnings()).toEqual([]);
  });
});
