/** What clients post to an outbox: what becomes of it, and what is refused. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import type { JsonObject } from "../../lib/json.ts";
import { sql } from "../../lib/sql.ts";
import { testApp } from "../../testing/app.ts";
import { eachEngine } from "../../testing/engines.ts";
import { fediverse } from "../../testing/fediverse.ts";
import { documentAt, jsonOf, type Person, person } from "../../testing/people.ts";

const LD = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"';
const C180 = "https://w3id.org/fep/c180#";

eachEngine((engine) => {
  async function build() {
    const app = await testApp(engine);
    return { app, alice: await person(app, "alice", "admin"), bob: await person(app, "bob") };
  }
  let built: ReturnType<typeof build> | undefined;
  /** One for all tests: keys of actors take long to make. */
  const house = () => {
    built ??= build();
    return built;
  };

  const countActivities = async ({ app, key }: Person): Promise<number> => {
    const row = await app.opened.db.one<{ total: number }>(
      sql`SELECT count(*) AS total FROM object WHERE kind = 'activity' AND owner = ${key}`,
    );
    return Number(row?.total);
  };

  test("a bare object is wrapped in a Create, and both have addresses from then on", async () => {
    const { app, alice } = await house();
    const response = await alice.send({ type: "Note", content: "Hello", to: PUBLIC });
    expect(response.status).toBe(201);
    expect(response.headers.get("content-type")).toBe("application/activity+json");
    const location = response.headers.get("location") ?? "";
    expect(location).toMatch(/^https:\/\/pub\.test\/activities\/\d+$/);
    const posted = await jsonOf(response);
    expect(posted).toMatchObject({ id: location, type: "Create", actor: alice.iri });
    const { id } = posted.object as { id: string };
    const stored = await jsonOf(await documentAt(app, id));
    expect(stored).toMatchObject({ id, type: "Note", content: "Hello", attributedTo: alice.iri });
    expect(await jsonOf(await documentAt(app, location))).toMatchObject({ type: "Create", object: { id } });
  });

  test("an activity is done as it says, in either media type", async () => {
    const { alice, bob } = await house();
    const note = await bob.note("Hi", { to: [PUBLIC] });
    const like = await alice.send(
      { "@context": "https://www.w3.org/ns/activitystreams", type: "Like", actor: alice.iri, object: note },
      { "content-type": LD, accept: LD },
    );
    expect(like.status).toBe(201);
    expect(like.headers.get("content-type")).toBe(LD);
    const undo = await alice.send({ type: "Undo", object: like.headers.get("location") });
    expect(undo.status).toBe(201);
  });

  test("of several types the known one counts, wherever it stands", async () => {
    const { app, alice } = await house();
    const posted = await alice.send({
      type: ["Nonsense", "Create"],
      object: {
        id: `${alice.iri}/mine`,
        type: ["Nonsense", "Note"],
        content: "<p onclick='x()'>Hi</p>",
        likes: "https://evil.test/likes",
      },
      to: PUBLIC,
    });
    const { type, object } = await jsonOf(posted);
    expect(type).toEqual(["Create", "Nonsense"]);
    expect(object).toMatchObject({ attributedTo: alice.iri, content: "<p>Hi</p>" });
    expect(JSON.stringify(object)).not.toMatch(/mine|evil/);
    const { id } = object as { id: string };
    const edited = await alice.send({
      type: ["Nonsense", "Update"],
      object: { id, content: "<script>x</script>Bye", attributedTo: "https://evil.test/" },
    });
    expect(edited.status).toBe(201);
    expect(await jsonOf(await documentAt(app, id))).toMatchObject({
      attributedTo: alice.iri,
      content: "Bye",
    });
    const pinned = { type: ["Nonsense", "Add"], object: alice.iri, target: `${alice.iri}/featured` };
    expect((await alice.send(pinned)).status).toBe(403);
  });

  test("hidden recipients are in no answer", async () => {
    const { alice, bob } = await house();
    const response = await alice.send({ type: "Note", content: "psst", bto: bob.iri, bcc: [bob.iri] });
    expect(response.status).toBe(201);
    expect(await response.text()).not.toContain(bob.iri);
  });

  test("hidden recipients of what an activity carries are in no answer either, wherever they stand", async () => {
    const { alice, bob } = await house();
    const hidden = { type: "Note", content: "psst", bto: bob.iri, bcc: [bob.iri] };
    for (const body of [
      { type: "Note", content: "x", attachment: [hidden], preview: hidden },
      {
        type: "Offer",
        object: [hidden, { ...hidden, id: "https://b.test/1" }],
        target: hidden,
        instrument: [hidden],
      },
    ]) {
      const response = await alice.send({ ...body, to: PUBLIC });
      expect(response.status).toBe(201);
      const { id, object } = (await response.json()) as { id: string; object: { id?: string } };
      for (const iri of [id, object.id ?? id]) {
        const served = await (await documentAt(alice.app, iri)).text();
        expect(served).toContain("psst");
        expect(served).not.toContain(bob.iri);
      }
    }
  });

  test("an Update puts nothing into the mouth of others by what an activity was about", async () => {
    const { alice, bob } = await house();
    const iri = await bob.note("Bob's own words", { to: [PUBLIC] });
    const posted = await alice.send({ type: "Note", content: "Mine", to: PUBLIC });
    const { id, object } = (await posted.json()) as { id: string; object: { id: string } };
    const forged = { id: iri, type: "Note", attributedTo: bob.iri, content: "Forged" };
    const update = { type: "Update", object: { id, object: forged, target: iri, summary: "a remark" } };
    for (const answer of [await alice.send(update), await documentAt(alice.app, id)])
      expect(await answer.text()).not.toContain("Forged");
    const served = await jsonOf(await documentAt(alice.app, id));
    expect(served).toMatchObject({ summary: "a remark", object: { id: object.id, content: "Mine" } });
    expect(served).not.toHaveProperty("target");
  });

  test("properties that the server gives out are not taken from the client", async () => {
    const { alice } = await house();
    const response = await alice.send({
      id: "https://pub.test/activities/1",
      type: "Create",
      published: "1999-01-01T00:00:00Z",
      object: {
        id: "https://pub.test/objects/1",
        type: "Note",
        content: "x",
        likes: "https://evil.test/likes",
      },
    });
    const text = await response.text();
    expect(response.status).toBe(201);
    expect(text).not.toContain("1999");
    expect(text).not.toContain("evil.test");
    expect(text).not.toMatch(/(activities|objects)\/1"/);
  });

  test("scripts in what is posted go nowhere", async () => {
    const { alice } = await house();
    const response = await alice.send({
      type: "Note",
      content: '<p onclick="x()">Hi<script>alert(1)</script></p>',
      to: PUBLIC,
    });
    const { object } = (await jsonOf(response)) as { object: { content: string } };
    expect(object.content).toBe("<p>Hi</p>");
  });

  test("everything else is refused with the right status and type, and changes nothing", async () => {
    const { app, alice, bob } = await house();
    const bobs = await bob.note("Hi", { to: [PUBLIC] });
    const secret = await bob.note("only mine", { to: [bob.iri] });
    const note = { type: "Note", content: "x", to: [PUBLIC] };
    const reading = await alice.tokenFor("read");
    const cases: [
      name: string,
      body: unknown,
      headers: Record<string, string>,
      status: number,
      type: string,
    ][] = [
      ["nobody", note, { authorization: "" }, 401, "about:blank"],
      ["a token that is none", note, { authorization: "Bearer nonsense" }, 401, "about:blank"],
      ["a token that may only read", note, { authorization: reading }, 403, "about:blank"],
      ["somebody else's token", note, { authorization: bob.bearer }, 403, `${C180}principal-not-authorized`],
      ["plain JSON", note, { "content-type": "application/json" }, 400, `${C180}unsupported-media-type`],
      [
        "JSON-LD of another kind",
        note,
        { "content-type": "application/ld+json" },
        400,
        `${C180}unsupported-media-type`,
      ],
      [
        "a form",
        "type=Note",
        { "content-type": "application/x-www-form-urlencoded" },
        400,
        `${C180}unsupported-media-type`,
      ],
      ["no JSON", "{", {}, 400, "about:blank"],
      ["a list", [note], {}, 400, "about:blank"],
      ["a text", '"Note"', {}, 400, "about:blank"],
      ["deep nesting", `{"type":"Note","a":${"[".repeat(200)}${"]".repeat(200)}}`, {}, 400, "about:blank"],
      ["no type", { content: "x" }, {}, 400, `${C180}unsupported-type`],
      [
        "another actor",
        { type: "Like", actor: bob.iri, object: bobs },
        {},
        400,
        `${C180}principal-actor-mismatch`,
      ],
      ["another author", { ...note, attributedTo: bob.iri }, {}, 400, `${C180}principal-actor-mismatch`],
      [
        "another author inside",
        { type: "Create", object: { ...note, attributedTo: [alice.iri, bob.iri] } },
        {},
        400,
        `${C180}principal-actor-mismatch`,
      ],
      ["an actor", { type: "Person", inbox: "https://x.test/inbox" }, {}, 400, "about:blank"],
      ["an address to create", { type: "Create", object: bobs }, {}, 400, "about:blank"],
      [
        "an object that is not there",
        { type: "Like", object: `${app.origin}/objects/1` },
        {},
        400,
        `${C180}object-does-not-exist`,
      ],
      [
        "an object that is for others",
        { type: "Like", object: secret },
        {},
        400,
        `${C180}object-does-not-exist`,
      ],
      [
        "an update of what is not there",
        { type: "Update", object: { id: `${app.origin}/objects/1`, content: "x" } },
        {},
        400,
        `${C180}object-does-not-exist`,
      ],
      [
        "a change of somebody else's",
        { type: "Update", object: { id: bobs, content: "x" } },
        {},
        403,
        `${C180}actor-not-authorized`,
      ],
      ["deleting somebody else's", { type: "Delete", object: bobs }, {}, 403, `${C180}actor-not-authorized`],
      [
        "adding to somebody else's list",
        { type: "Add", object: bobs, target: `${bob.iri}/featured` },
        {},
        403,
        `${C180}actor-not-authorized`,
      ],
      [
        "adding followers by hand",
        { type: "Add", object: bob.iri, target: `${alice.iri}/followers` },
        {},
        403,
        `${C180}actor-not-authorized`,
      ],
      [
        "a crowd",
        { ...note, to: Array.from({ length: 501 }, (_, i) => `https://x.test/${i}`) },
        {},
        413,
        "about:blank",
      ],
      [
        "a long list",
        { ...note, attachment: Array(201).fill({ type: "Link", href: "https://x.test/" }) },
        {},
        413,
        "about:blank",
      ],
    ];
    const before = [await countActivities(alice), await countActivities(bob)];
    for (const [name, body, headers, status, type] of cases) {
      const response = await alice.send(body, headers);
      const problem = await jsonOf(response);
      expect([name, response.status, problem.type, typeof problem.detail]).toEqual([
        name,
        status,
        type,
        "string",
      ]);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
    }
    expect([await countActivities(alice), await countActivities(bob)]).toEqual(before);
    expect((await alice.send("x".repeat(1_000_001))).status).toBe(413);
    expect(app.warnings()).toEqual([]);
  });

  test("bytes that are no UTF-8 are no document", async () => {
    const { app, alice } = await house();
    const response = await app.ask("/users/alice/outbox", {
      method: "POST",
      headers: { "content-type": LD, authorization: alice.bearer },
      body: new Uint8Array([0x7b, 0xff, 0x7d]),
    });
    expect(response.status).toBe(400);
    expect((await jsonOf(response)).detail).toBe("Send JSON in UTF-8.");
  });

  test("a token for the outbox alone is enough, and whoever posts too often is told to wait", async () => {
    const { app } = await house();
    const carol = await person(app, "carol");
    const authorization = await carol.tokenFor("write:outbox");
    const statuses: number[] = [];
    for (let i = 0; i < 121; i++)
      statuses.push((await carol.send({ type: "View" }, { authorization })).status);
    expect(statuses.slice(0, 120)).not.toContain(429);
    expect(statuses[120]).toBe(429);
  });

  for (const speaks of [true, false]) {
    const there = speaks ? "with the same extension" : "without it";
    test(`a type that came as a file goes from a client to another server ${there}, and back`, async () => {
      const recipes = { "recipes.json": await Bun.file(EXAMPLE).json() };
      const world = await fediverse(engine, ["a.test", "b.test"], {
        extensions: { "a.test": recipes, ...(speaks ? { "b.test": recipes } : {}) },
      });
      const alice = await person(world.at("a.test"), "alice", "admin");
      const bob = await person(world.at("b.test"), "bob", "admin");
      await bob.send({ type: "Follow", object: alice.iri });
      await world.settle();

      const posted = await alice.send({
        "@context": [
          "https://www.w3.org/ns/activitystreams",
          {
            food: "https://recipes.example/ns#",
            Dish: "food:Recipe",
            ingredients: "food:ingredients",
            serves: "food:servings",
          },
        ],
        type: "Dish",
        name: "Shakshuka",
        content: "Fry, then poach.",
        ingredients: ["eggs", "tomatoes"],
        serves: 4,
        to: PUBLIC,
        cc: alice.followers,
      });
      expect(posted.status).toBe(201);
      const recipe = (await jsonOf(posted)).object as { id: string; type: string };
      // Whatever the client calls it, here it has the names of the file.
      expect(recipe).toMatchObject({ type: "Recipe", ingredients: ["eggs", "tomatoes"], servings: 4 });
      const facts = await alice.app.opened.db.all(
        sql`SELECT f.value FROM fact f JOIN object o ON o.key = f.source
            WHERE o.iri = ${recipe.id} AND f.property = 'ingredients' ORDER BY f.value`,
      );
      expect(facts).toEqual([{ value: "eggs" }, { value: "tomatoes" }]);

      await world.settle();
      const inbox = await jsonOf(await bob.read("/users/bob/inbox?page=1"));
      const items = inbox.orderedItems as readonly JsonObject[];
      expect(items.find(({ type }) => type === "Create")).toMatchObject({
        actor: alice.iri,
        object: { id: recipe.id, type: "Recipe", name: "Shakshuka", ingredients: ["eggs", "tomatoes"] },
      });
      const own = await (await alice.page(`/@alice/${recipe.id.split("/").at(-1)}`)).text();
      for (const word of ["Shakshuka", "Ingredients", "eggs", "Servings", "I cooked this"])
        expect(own).toContain(word);
      const seen = await (await bob.page("/")).text();
      expect(seen).toContain("Shakshuka");
      expect(seen.includes("I cooked this")).toBe(speaks);
      expect(seen.includes("Ingredients")).toBe(speaks);

      await bob.send({ type: "Cook", actor: bob.iri, object: recipe.id });
      await world.settle();
      const total = await alice.app.opened.db.one(
        sql`SELECT c.total FROM collection c JOIN object o ON o.key = c.owner
            WHERE o.iri = ${recipe.id} AND c.name = 'cooks'`,
      );
      expect(total).toEqual({ total: 1 });
    });
  }
});

const EXAMPLE = `${import.meta.dir}/../../../docs/examples/recipes.json`;
