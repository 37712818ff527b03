/** Hostile input: private posts guessed at over every way to read; each looks as if there were none. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { ACTIVITY_JSON } from "../http/negotiate.ts";
import { type HostileCase, hostile, type World } from "../testing/hostile.ts";
import { activityOf, isLastUse } from "../testing/hostile-activities.ts";
import { post } from "../testing/letters.ts";
import type { Person } from "../testing/people.ts";
import type { StrangerActor } from "../testing/strangers.ts";

/** Somebody who may not read what they ask for. */
interface Reader {
  readonly who: string;
  readonly ask: (world: World, path: string) => Promise<Response>;
}

const asDocument = (who: string, headers: (world: World) => Record<string, string>): Reader => ({
  who,
  ask: (world, path) => world.app.ask(path, { headers: { accept: ACTIVITY_JSON, ...headers(world) } }),
});
const signedBy = (who: string, by: (world: World) => StrangerActor): Reader => ({
  who,
  ask: (world, path) =>
    post(world.app, {
      by: by(world),
      body: "",
      path,
      method: "GET",
      headers: { accept: ACTIVITY_JSON },
      covered: ["(request-target)", "host", "date"],
    }),
});
const inBrowser = (who: string, person: (world: World) => Person | null): Reader => ({
  who,
  ask: (world, path) =>
    person(world)?.page(path) ?? world.app.ask(path, { headers: { accept: "text/html" } }),
});

const programs: readonly Reader[] = [
  asDocument("a stranger", () => ({})),
  asDocument("eve's program", (world) => ({ authorization: world.eve.bearer })),
  asDocument("eve's browser", (world) => ({ cookie: world.eve.cookie })),
  asDocument("a program with a token that is none", () => ({ authorization: "Bearer none" })),
  signedBy("a server that follows nobody", (world) => world.mule),
];
const browsers: readonly Reader[] = [
  inBrowser("a visitor", () => null),
  inBrowser("eve", (world) => world.eve),
];

/** The private things, by what their key is in an address. */
const TARGETS = {
  "a post for bob": async (world: World) => world.direct,
  "a post for followers": async (world: World) => world.closed,
  "the making of a post for bob": (world: World) =>
    activityOf(world, "Create", world.alice.iri, world.direct),
  "the making of a post for followers": (world: World) =>
    activityOf(world, "Create", world.alice.iri, world.closed),
} as const;

const keyOf = (iri: string): string => /\d+$/.exec(iri)?.[0] ?? "";
/** A key like it that was never given out. */
const missingKey = (key: string): string => String(Number(key) + 1_000_000);

/** What tells two answers apart: status, words and headers, without the address, the time and this visit's tokens. */
async function trace(response: Response, key: string): Promise<string> {
  const body = (await response.clone().text())
    .replaceAll(key, "KEY")
    // New on each page.
    .replaceAll(/name="(?:csrf|once)" value="[^"]*"/g, "")
    .replaceAll(/<meta name="csrf"[^>]*>/g, "");
  const headers = ["content-type", "cache-control", "vary", "location", "www-authenticate"].map(
    (name) => `${name}: ${response.headers.get(name)?.replaceAll(key, "KEY")}`,
  );
  return [response.status, ...headers, body].join("\n");
}

/** Asks for the private thing and for nothing, and finds no difference. */
const unseen = (
  name: string,
  target: keyof typeof TARGETS,
  { who, ask }: Reader,
  path: (key: string, iri: string) => string,
): HostileCase => ({
  name: `${who} asks for ${name} of ${target} as if it were not there`,
  status: [200, 303, 401, 404],
  allows: isLastUse,
  async send(world) {
    const iri = await TARGETS[target](world);
    const key = keyOf(iri);
    const missing = missingKey(key);
    const answer = await ask(world, path(key, iri));
    const other = await ask(world, path(missing, iri.replace(key, missing)));
    expect(await trace(answer, key)).toBe(await trace(other, missing));
    expect(await answer.clone().text()).not.toMatch(/For bob alone|For my followers/);
    return answer;
  },
});

const objects = ["a post for bob", "a post for followers"] as const;
const activities = ["the making of a post for bob", "the making of a post for followers"] as const;

const documents: readonly HostileCase[] = programs.flatMap((reader) => [
  ...objects.flatMap((target) => [
    unseen("the document", target, reader, (key) => `/objects/${key}`),
    ...["replies", "likes", "shares", "context"].map((name) =>
      unseen(`the ${name}`, target, reader, (key) => `/objects/${key}/${name}`),
    ),
    unseen("a page of the replies", target, reader, (key) => `/objects/${key}/replies?page=1`),
    unseen("the document by its page", target, reader, (key) => `/@alice/${key}`),
  ]),
  ...activities.map((target) => unseen("the document", target, reader, (key) => `/activities/${key}`)),
]);

const pages: readonly HostileCase[] = browsers.flatMap((reader) =>
  objects.flatMap((target) => [
    unseen("the page", target, reader, (key) => `/@alice/${key}`),
    unseen("the page by its address", target, reader, (key) => `/objects/${key}`),
    unseen("the page under another name", target, reader, (key) => `/@bob/${key}`),
    unseen("the page for editing", target, reader, (key) => `/@alice/${key}/edit`),
    unseen("the page for reporting", target, reader, (_, iri) => `/report?object=${encodeURIComponent(iri)}`),
    unseen(
      "the page for following",
      target,
      reader,
      (_, iri) => `/remote-follow?object=${encodeURIComponent(iri)}`,
    ),
    unseen(
      "the page for acting from elsewhere",
      target,
      reader,
      (_, iri) => `/authorize_interaction?uri=${encodeURIComponent(iri)}`,
    ),
    unseen("the search", target, reader, (_, iri) => `/search?q=${encodeURIComponent(iri)}`),
    unseen("the page for writing", target, reader, (_, iri) => `/write?inReplyTo=${encodeURIComponent(iri)}`),
  ]),
);

/** What eve can try to do with a thing whose address she has guessed. */
const deed = (
  name: string,
  target: (typeof objects)[number],
  act: (world: World, iri: string) => Promise<Response>,
): HostileCase => ({
  name: `eve ${name} ${target} as if it were not there`,
  status: [303, 400, 403, 404],
  allows: isLastUse,
  async send(world) {
    const iri = await TARGETS[target](world);
    const key = keyOf(iri);
    const missing = missingKey(key);
    const answer = await act(world, iri);
    const other = await act(world, iri.replace(key, missing));
    expect(await trace(answer, key)).toBe(await trace(other, missing));
    expect(withoutToken(answer)).toEqual(withoutToken(other));
    return answer;
  },
});
const withoutToken = (answer: Response) =>
  answer.headers.getSetCookie().map((cookie) => cookie.replace(/^(__Host-flash=).*?;/, "$1"));

const deeds: readonly HostileCase[] = objects.flatMap((target) => [
  ...["Like", "Announce", "Dislike", "Join", "Delete", "Undo", "Follow"].map((type) =>
    deed(`does ${type} to`, target, (world, object) => world.eve.send({ type, object })),
  ),
  deed("does Update to", target, (world, id) =>
    world.eve.send({ type: "Update", object: { id, type: "Note", content: "x" } }),
  ),
  deed("replies to", target, (world, inReplyTo) =>
    world.eve.send({ type: "Note", content: "x", inReplyTo, to: [PUBLIC] }),
  ),
  deed("fetches by the proxy", target, (world, id) =>
    world.app.ask("/api/c2s/proxy", {
      method: "POST",
      headers: { authorization: world.eve.bearer, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ id }).toString(),
    }),
  ),
  ...["Like", "Announce", "Delete", "Update", "Undo Like", "Add bookmarks", "Flag", "Create Vote"].map(
    (type) =>
      deed(`sends the form ${type} about`, target, (world, object) =>
        world.eve.submit("/act", { type, object, content: "x", choice: "Yes", return: "/" }),
      ),
  ),
  deed("sends the form Create in reply to", target, (world, inReplyTo) =>
    world.eve.submit("/act", { type: "Create", inReplyTo, content: "x", visibility: "public", return: "/" }),
  ),
]);

const LISTS = [
  "/users/alice/outbox?page=1",
  "/users/alice/featured?page=1",
  "/@alice",
  "/@alice/replies",
  "/",
  "/search?q=bob",
];

hostile("secrets", [...documents, ...pages, ...deeds], (world) => {
  test.each([...programs, ...browsers].map((reader) => [reader.who, reader] as const))(
    "%s finds nothing private in any list",
    async (_, { ask }) => {
      for (const path of LISTS) {
        const text = await (await ask(world(), path)).text();
        expect(text, path).not.toMatch(/For bob alone|For my followers/);
        for (const iri of [world().direct, world().closed]) expect(text, path).not.toContain(iri);
      }
    },
  );

  test("a private post that was deleted looks as if there had been none", async () => {
    const { alice, bob, app, eve } = world();
    const iri = await alice.note("For bob alone", { to: [bob.iri] });
    const key = keyOf(iri);
    await alice.act({ type: "Delete", object: iri });
    for (const { ask } of programs) {
      const answer = await ask(world(), `/objects/${key}`);
      const other = await ask(world(), `/objects/${missingKey(key)}`);
      expect(await trace(answer, key)).toBe(await trace(other, missingKey(key)));
    }
    const like = await eve.send({ type: "Like", object: iri });
    const other = await eve.send({ type: "Like", object: iri.replace(key, missingKey(key)) });
    expect(await trace(like, key)).toBe(await trace(other, missingKey(key)));
    expect(app.warnings().filter(({ level }) => level === "error")).toEqual([]);
  });

  test("those who are meant do see it, so that the tables above can fail", async () => {
    const { bob, closed, direct, mallory, app } = world();
    for (const iri of [closed, direct]) {
      const path = iri.replace(app.origin, "");
      expect(await (await bob.read(path)).text()).toMatch(/For bob alone|For my followers/);
      expect(await (await bob.page(path.replace("/objects/", "/@alice/"))).text()).toMatch(
        /For bob alone|For my followers/,
      );
    }
    const path = closed.replace(app.origin, "");
    const answer = await signedBy("mallory", () => mallory).ask(world(), path);
    expect(await answer.text()).toContain("For my followers");
  });
});
