/** Hostile input: tricks of linked data, and proofs that prove nothing (FEP-8b32). */
import { expect, test } from "bun:test";
import { type AsObject, PUBLIC } from "../core/object.ts";
import { DAY_MS } from "../lib/durations.ts";
import type { Json, JsonObject } from "../lib/json.ts";
import { createProof } from "../signatures/proof.ts";
import { type HostileCase, hostile, type World } from "../testing/hostile.ts";
import { post } from "../testing/letters.ts";

const AS = "https://www.w3.org/ns/activitystreams";

let count = 0;
const noteOf = (by: string, origin: string, more: AsObject = {}): JsonObject =>
  ({
    id: `${origin}/notes/linked-${++count}`,
    type: "Note",
    attributedTo: by,
    to: [PUBLIC],
    content: "Linked",
    ...more,
  }) as JsonObject;

/** A post of victor's that mallory passes on, with a proof that was changed. */
const passedOn =
  (change: (proven: JsonObject, world: World) => JsonObject | Promise<JsonObject>) =>
  async (world: World): Promise<Response> => {
    const { victor } = world;
    const note = noteOf(victor.iri, victor.at(""), { content: "Proven" });
    const activity = world.activity(victor, {
      type: "Create",
      to: [PUBLIC],
      cc: [victor.followers],
      object: note,
    });
    const proven = await createProof(activity, { key: victor.ed25519, nowMs: world.app.clock.now() });
    return post(world.app, { by: world.mallory, body: await change(proven, world) });
  };

const withOption = (options: (world: World) => JsonObject) =>
  passedOn((proven, world) => ({ ...proven, proof: { ...(proven.proof as JsonObject), ...options(world) } }));

/** Proven anew after the change, by whoever is named. */
const provenBy = (who: "mallory" | "victor", as: "mallory" | "victor", shiftMs = 0) =>
  passedOn(({ proof: _, ...activity }, world) =>
    createProof(activity, {
      key: { ...world[who].ed25519, id: world[as].ed25519.id },
      nowMs: world.app.clock.now() + shiftMs,
    }),
  );

const proofs: readonly HostileCase[] = [
  {
    name: "a post that was changed after it was proven is refused",
    status: 401,
    send: passedOn((proven) => ({
      ...proven,
      object: { ...(proven.object as JsonObject), content: "Forged" },
    })),
  },
  {
    name: "a proof by another key under victor's name is refused",
    status: 401,
    send: provenBy("mallory", "victor"),
  },
  {
    name: "a proof of mallory's for a post of victor's proves nothing: its origin is asked, and knows it not",
    status: 202,
    send: provenBy("mallory", "mallory"),
  },
  { name: "a proof from the future is refused", status: 401, send: provenBy("victor", "victor", DAY_MS) },
  {
    name: "a proof whose time was changed is refused",
    status: 401,
    send: withOption(() => ({ created: "2020-01-01T00:00:00Z" })),
  },
  {
    name: "a proof that has expired is refused",
    status: 401,
    send: withOption(() => ({ expires: "2020-01-01T00:00:00Z" })),
  },
  {
    name: "a proof for another purpose is refused",
    status: 401,
    send: withOption(() => ({ proofPurpose: "authentication" })),
  },
  {
    name: "a proof for a domain is refused (CVE-2026-46349)",
    status: 401,
    send: withOption(() => ({ domain: "other.test" })),
  },
  { name: "a proof with a challenge is refused", status: 401, send: withOption(() => ({ challenge: "x" })) },
  { name: "a proof of no bytes is refused", status: 401, send: withOption(() => ({ proofValue: "z" })) },
  { name: "a proof that is no text is refused", status: 401, send: withOption(() => ({ proofValue: 1 })) },
  {
    name: "a proof without a key is refused",
    status: 401,
    send: withOption(() => ({ verificationMethod: null })),
  },
  {
    name: "a proof under the name of victor's RSA key is refused",
    status: 401,
    send: withOption((world) => ({ verificationMethod: world.victor.rsa.id })),
  },
  {
    name: "a proof under the name of a key of ours is refused",
    status: 401,
    send: withOption((world) => ({ verificationMethod: `${world.alice.iri}#ed25519-key` })),
  },
  {
    name: "a proof whose contexts were exchanged is refused",
    status: 401,
    send: passedOn((proven) => ({ ...proven, "@context": [AS, { content: "as:summary" }] })),
  },
  {
    name: "a post whose proof was taken off is asked of its origin",
    status: 202,
    send: passedOn(({ proof: _, ...activity }) => activity),
  },
  {
    name: "a proof in a suite that nobody knows proves nothing",
    status: 202,
    send: withOption(() => ({ cryptosuite: "none" })),
  },
  {
    name: "a linked-data signature proves nothing (GHSA-53m7-2wrh-q839, CVE-2022-24307)",
    status: 202,
    send: passedOn(({ proof: _, ...activity }, world) => ({
      ...activity,
      signature: {
        type: "RsaSignature2017",
        creator: world.victor.rsa.id,
        created: "2023-11-14T22:13:20Z",
        signatureValue: "AAAA",
      },
    })),
  },
  {
    name: "a proof of the object proves nothing of the activity around it",
    status: 202,
    send: passedOn(({ proof, ...activity }) => ({
      ...activity,
      object: { ...(activity.object as JsonObject), ...(proof ? { proof } : {}) },
    })),
  },
];

const likeWith = (more: JsonObject) => (world: World) =>
  post(world.app, {
    by: world.mallory,
    body: { ...world.activity(world.mallory, { type: "Like", object: world.open }), ...more },
  });

const forbidden = (name: string, more: JsonObject): HostileCase => ({
  name,
  status: 400,
  send: likeWith(more),
});

const graph: Json = [{ id: "https://honest.test/notes/1", content: "Forged" }];

const keywords: readonly HostileCase[] = [
  forbidden("@graph is refused (CVE-2026-42462)", { "@graph": graph }),
  forbidden("@included is refused", { "@included": graph }),
  forbidden("@reverse is refused", { "@reverse": { object: graph } }),
  forbidden("@graph deep inside is refused", { object: { tag: [{ "@graph": graph }] } }),
  forbidden("a hundred contexts inside are refused", {
    tag: Array.from({ length: 101 }, () => ({ "@context": AS, type: "Note" })),
  }),
];

/** Something said in other words: refused, dropped, or mallory's own business, but nobody else's. */
const reworded = (name: string, activity: (world: World) => JsonObject): HostileCase => ({
  name,
  status: [202, 400],
  send: (world) =>
    post(world.app, {
      by: world.mallory,
      body: { ...world.activity(world.mallory, {}), ...activity(world) },
    }),
  allows: (line) => !line.startsWith("- object") && !/users\/(?:alice|victor|mule)\b/.test(line),
});

const words: readonly HostileCase[] = [
  ...(["@graph", "@included", "@reverse"] as const).map((keyword) =>
    reworded(`${keyword} by another name says nothing of others`, (w) => ({
      "@context": [AS, { g: keyword }],
      type: "View",
      object: w.victors,
      g: keyword === "@reverse" ? { object: graph } : graph,
    })),
  ),
  reworded("a Delete as as:Delete is a Delete of what is another's", (w) => ({
    type: "as:Delete",
    object: w.victors,
  })),
  reworded("a Delete as an IRI is a Delete of what is another's", (w) => ({
    type: `${AS}#Delete`,
    object: w.victors,
  })),
  reworded("a Delete under another name is a Delete of what is another's", (w) => ({
    "@context": [AS, { Greet: "as:Delete" }],
    type: "Greet",
    object: w.victors,
  })),
  reworded("as:object names an object that is another's", (w) => ({
    type: "Delete",
    "as:object": w.victors,
  })),
  reworded("an object under another name is another's", (w) => ({
    "@context": [AS, { it: { "@id": "as:object", "@type": "@id" } }],
    type: "Delete",
    it: w.open,
  })),
  reworded("a second actor under another name is not believed", (w) => ({
    type: "Like",
    object: w.victors,
    "as:actor": w.victor.iri,
    "@context": AS,
  })),
  reworded("a second actor through a processor is not believed", (w) => ({
    "@context": [AS, { by: { "@id": "as:actor", "@type": "@id", "@container": "@set" } }],
    type: "View",
    object: w.victors,
    by: [w.victor.iri],
  })),
  ...(["as:attributedTo", `${AS}#attributedTo`, "by"] as const).flatMap((property) =>
    (["alice", "victor"] as const).map((author) =>
      reworded(`an author ${author} as ${property} is not believed`, (w) => ({
        "@context": [AS, { by: { "@id": "as:attributedTo", "@type": "@id" } }],
        type: "Create",
        to: [PUBLIC],
        object: { ...noteOf(w.mallory.iri, w.mallory.at("")), content: "Forged", [property]: w[author].iri },
      })),
    ),
  ),
  reworded("a second id is not believed", (w) => ({
    type: "Like",
    object: w.victors,
    "@id": "https://honest.test/activities/7",
  })),
  reworded("a base makes nobody a person of another server", () => ({
    "@context": [AS, { "@base": "https://honest.test/" }],
    type: "Update",
    object: { id: "notes/1", type: "Note", attributedTo: "users/victor", content: "Forged" },
  })),
  reworded("a vocabulary of one's own gives no words of ours another meaning", (w) => ({
    "@context": [
      AS,
      { "@vocab": "https://mallory.test/#", object: "https://mallory.test/#x", x: "as:object" },
    ],
    type: "Delete",
    x: w.victors,
  })),
  reworded("a context that contradicts itself is no context", (w) => ({
    "@context": [AS, { a: "b:x", b: "a:x" }, { "@version": 9 }, 7, null],
    type: "Delete",
    object: w.victors,
  })),
];

hostile("linked data", [...proofs, ...keywords, ...words], (world) => {
  test("a post that is proven and was not changed is taken from anybody, so that the tables above can fail", async () => {
    const { app, fediverse } = world();
    let id = "";
    const answer = await passedOn((proven) => {
      id = String((proven.object as JsonObject).id);
      return proven;
    })(world());
    expect(answer.status).toBe(202);
    await fediverse.settle();
    expect((await app.federation.look.find(id))?.document?.content).toBe("Proven");
  });

  test("no context is ever fetched", async () => {
    const { fiends, fediverse, mallory, victors } = world();
    const contexts: JsonObject[] = [
      { "@context": [AS, "https://mallory.test/context"] },
      { "@context": { "@import": "https://mallory.test/context" } },
      { "@context": [AS, { x: { "@id": "as:x", "@context": "https://mallory.test/context" } }], x: { y: 1 } },
    ];
    for (const context of contexts)
      await world().post(mallory, { type: "View", object: victors, ...context });
    await fediverse.settle();
    expect(fiends.asked.filter((path) => path.includes("context"))).toEqual([]);
  });
});
