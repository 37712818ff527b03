/** What means nothing is not taken from a client, and the answer says which property is wrong. */
import { expect, test } from "bun:test";
import { type AsObject, PUBLIC } from "../../core/object.ts";
import { testApp } from "../../testing/app.ts";
import { eachEngine } from "../../testing/engines.ts";
import { documentAt, jsonOf, type Person, person } from "../../testing/people.ts";

const LONG = "x".repeat(30_000);

const WRONG: readonly AsObject[] = [
  { alsoKnownAs: ["javascript:1"] },
  { alsoKnownAs: 5 },
  {
    alsoKnownAs: Array.from({ length: 300 }, (_, nth) => `https://far.test/${nth}`)
      .slice(0, 190)
      .concat("foo"),
  },
  { manuallyApprovesFollowers: "yes" },
  { discoverable: 1 },
  { indexable: {} },
  { name: "x".repeat(5_000) },
  { nameMap: { en: LONG } },
  { summary: LONG },
  { icon: { type: "Image", url: "javascript:1" } },
  { image: "data:image/png;base64,AA==" },
  { attachment: [{ type: "PropertyValue", name: "Web", value: LONG }] },
];

const RIGHT: AsObject = {
  name: "Alice",
  summary: "<p>Hello</p>",
  alsoKnownAs: ["https://far.test/users/alice", "did:key:z6Mkabc"],
  manuallyApprovesFollowers: true,
  discoverable: false,
  indexable: null,
  icon: { type: "Image", mediaType: "image/png", url: "https://far.test/a.png" },
  attachment: [{ type: "PropertyValue", name: "Web", value: "https://far.test/" }],
};

eachEngine((engine) => {
  async function build() {
    const app = await testApp(engine);
    return { app, alice: await person(app, "alice", "admin"), bob: await person(app, "bob") };
  }
  let built: ReturnType<typeof build> | undefined;
  const house = () => {
    built ??= build();
    return built;
  };

  const update = (who: Person, changes: AsObject) =>
    who.send({ type: "Update", object: { id: who.iri, type: "Person", ...changes } });

  test("a report names somebody or something else that has an address", async () => {
    const { alice, bob } = await house();
    for (const object of [5, true, "foo", [], {}, "javascript:alert(1)", PUBLIC, alice.iri, [PUBLIC, "foo"]])
      expect((await alice.send({ type: "Flag", object })).status).toBeOneOf([400, 403]);
    for (const object of [bob.iri, [alice.iri, bob.iri]])
      expect((await alice.send({ type: "Flag", object, content: "Look" })).status).toBe(201);
  });

  test("an actor's known properties have the form, the length and the addresses that they should", async () => {
    const { app, alice } = await house();
    for (const changes of WRONG) {
      const answer = await update(alice, changes);
      expect([Object.keys(changes)[0], answer.status]).toEqual([Object.keys(changes)[0], 400]);
      expect(answer.headers.get("content-type")).toStartWith("application/problem+json");
      expect(JSON.stringify(await jsonOf(answer))).toContain(Object.keys(changes)[0] ?? "");
    }
    expect((await update(alice, RIGHT)).status).toBe(201);
    expect(await jsonOf(await documentAt(app, alice.iri))).toMatchObject({
      name: "Alice",
      alsoKnownAs: RIGHT.alsoKnownAs as string[],
      manuallyApprovesFollowers: true,
    });
  });

  test("whom a post is for is said by addresses, and what is none reaches nobody unnoticed", async () => {
    const { alice, bob } = await house();
    for (const [field, value] of [
      ["to", "@bob"],
      ["cc", ["acct:bob@pub.test", bob.iri]],
      ["bto", 5],
      ["audience", { type: "Person", name: "Bob" }],
    ] as const)
      for (const body of [
        { type: "Note", content: "psst", [field]: value },
        { type: "Create", to: bob.iri, object: { type: "Note", content: "psst", [field]: value } },
        { type: "Like", object: bob.iri, [field]: value },
      ]) {
        const refused = await alice.send(body);
        expect(refused.status).toBe(400);
        expect(await refused.json()).toMatchObject({ field });
      }
    const named = {
      type: "Note",
      content: "x",
      to: { type: "Person", id: bob.iri },
      cc: ["as:Public"],
      bcc: null,
    };
    expect((await alice.send(named)).status).toBe(201);
  });

  test("nobody says what is in the things of others who live here, wherever they are embedded", async () => {
    const { app, alice, bob } = await house();
    const words = await bob.note("Bob's own words", { to: [PUBLIC] });
    const forged = (iri: string) => ({ id: iri, type: "Note", attributedTo: bob.iri, content: "Forged" });
    const places = [words, `${words}?x`, `${app.origin}/objects/1`, `${app.origin}/elsewhere`];
    for (const embedded of places.map(forged)) {
      for (const body of [
        {
          type: "Note",
          content: "x",
          inReplyTo: forged(words),
          attachment: [{ type: "Page", preview: embedded }],
        },
        { type: "Offer", object: forged(words), target: embedded, instrument: [embedded, alice.iri] },
        { type: "Update", object: { id: alice.iri, remark: { type: "Page", tag: embedded } } },
      ]) {
        const answer = await alice.send({ ...body, to: PUBLIC });
        expect(answer.status).toBe(201);
        const { id, object } = (await answer.json()) as { id: string; object: string | { id: string } };
        for (const iri of [id, typeof object === "string" ? object : object.id]) {
          const served = await (await documentAt(app, iri)).text();
          expect(served).not.toContain("Forged");
        }
        expect(await (await documentAt(app, id)).text()).toContain(embedded.id);
      }
    }
    const like = await jsonOf(await alice.send({ type: "Like", object: { id: words, type: "Note" } }));
    expect((await alice.send({ type: "Undo", object: like })).status).toBe(201);
  });
});
