/** Hostile input: documents that are not what their address says. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import type { JsonObject } from "../lib/json.ts";
import { type HostileCase, hostile, type World } from "../testing/hostile.ts";
import { another } from "../testing/newcomers.ts";
import type { Answer } from "../testing/strangers.ts";

const note = { type: "Note", content: "Forged", to: [PUBLIC] };

/** A Create of mallory's of an address at mallory.test that answers so. */
const createOf =
  (answer: (document: JsonObject, world: World) => Answer) =>
  (world: World): Promise<Response> => {
    const path = `/notes/fetched-${another()}`;
    const document = {
      id: world.mallory.at(path),
      ...note,
      attributedTo: world.mallory.iri,
    } as JsonObject;
    world.fiends.put(path, answer(document, world));
    return world.post(world.mallory, {
      type: "Create",
      to: [PUBLIC],
      cc: [world.mallory.followers],
      object: world.mallory.at(path),
    });
  };

const documents: readonly HostileCase[] = [
  ...[
    "text/html",
    "application/json",
    "text/plain",
    "application/ld+json",
    "image/png",
    'application/ld+json; profile="https://other.test"',
  ].map(
    (type): HostileCase => ({
      name: `a post that is served as ${type} is dropped (GHSA-jhrq-qvrm-qr36)`,
      status: 202,
      send: createOf((document) => ({ body: document, type })),
    }),
  ),
  {
    name: "a post whose document has another id is dropped",
    status: 202,
    send: createOf((d) => ({ body: { ...d, id: "https://mallory.test/notes/none" } })),
  },
  {
    name: "a post whose document has an id elsewhere is dropped",
    status: 202,
    send: createOf((d, w) => ({
      body: { ...d, id: "https://honest.test/notes/none", attributedTo: w.victor.iri },
    })),
  },
  {
    name: "a post whose document has no id is dropped",
    status: 202,
    send: createOf(({ id: _, ...d }) => ({ body: d })),
  },
  {
    name: "a post whose document is by somebody elsewhere is dropped",
    status: 202,
    send: createOf((d, w) => ({ body: { ...d, attributedTo: w.victor.iri } })),
  },
  {
    name: "a post whose document is by somebody here is dropped",
    status: 202,
    send: createOf((d, w) => ({ body: { ...d, attributedTo: w.alice.iri } })),
  },
  { name: "a post that is not there is dropped", status: 202, send: createOf(() => ({ status: 404 })) },
  {
    name: "a post of two megabytes is dropped",
    status: 202,
    send: createOf((d) => ({ body: { ...d, content: "a".repeat(2_000_000) } })),
  },
  {
    name: "a post of bytes that are no text is dropped",
    status: 202,
    send: createOf(() => ({ body: new Uint8Array([123, 255, 254, 125]) })),
  },
  {
    name: "a post nested a hundred thousand deep is dropped",
    status: 202,
    send: createOf((d) => ({
      body: `${JSON.stringify(d).slice(0, -1)},"tag":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
    })),
  },
  {
    name: "a post that is redirected inside is dropped",
    status: 202,
    send: createOf(() => ({ status: 301, headers: { location: "https://10.0.0.1/" } })),
  },
  {
    name: "a post that is redirected in a circle is dropped",
    status: 202,
    send: createOf((d) => ({ status: 307, headers: { location: String(d.id) } })),
  },
  {
    name: "an open redirect of an honest server makes no post of that server (Akkoma 2024.03)",
    status: 202,
    send: (w) => {
      const fake = "https://honest.test/notes/lent";
      w.fiends.put("/lent", { body: { id: fake, ...note, attributedTo: w.victor.iri } });
      w.friends.put("/notes/lent", { status: 302, headers: { location: "https://mallory.test/lent" } });
      return w.post(w.mallory, { type: "Announce", to: [PUBLIC], object: fake });
    },
  },
  {
    name: "two documents that name each other as their id are dropped",
    status: 202,
    send: (w) => {
      for (const [one, other] of [
        ["a", "b"],
        ["b", "a"],
      ] as const) {
        w.fiends.put(`/loop/${one}`, {
          body: { id: w.mallory.at(`/loop/${other}`), ...note, attributedTo: w.mallory.iri },
        });
      }
      return w.post(w.mallory, { type: "Announce", to: [PUBLIC], object: w.mallory.at("/loop/a") });
    },
  },
];

hostile("documents", documents, (world) => {
  test("a true post, named only, is fetched and taken, so that the tables above can fail", async () => {
    const { app, fediverse } = world();
    await createOf((document) => ({ body: { ...document, content: "<p>True</p>" } }))(world());
    await fediverse.settle();
    expect(await (await app.ask("/@mallory@mallory.test")).text()).toContain("True");
  });
});
