/** Quotes (FEP-044f) with a server that speaks as Mastodon 4.5 does: requests that carry the post, answers that carry the request. */
import { beforeAll, expect, test } from "bun:test";
import { type AsObject, PUBLIC } from "../core/object.ts";
import type { JsonObject } from "../lib/json.ts";
import { onSqlite } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { post } from "../testing/letters.ts";
import { jsonOf, type Person, person } from "../testing/people.ts";
import { type Stranger, type StrangerActor, stranger } from "../testing/strangers.ts";
import { policyFor } from "../vocab/quote/policy.ts";

const PATIENCE_MS = 60_000;
const CONTEXT = [
  "https://www.w3.org/ns/activitystreams",
  {
    QuoteRequest: "https://w3id.org/fep/044f#QuoteRequest",
    QuoteAuthorization: "https://w3id.org/fep/044f#QuoteAuthorization",
    quote: { "@id": "https://w3id.org/fep/044f#quote", "@type": "@id" },
    quoteAuthorization: { "@id": "https://w3id.org/fep/044f#quoteAuthorization", "@type": "@id" },
    gts: "https://gotosocial.org/ns#",
    interactionPolicy: { "@id": "gts:interactionPolicy", "@type": "@id" },
    canQuote: { "@id": "gts:canQuote", "@type": "@id" },
    automaticApproval: { "@id": "gts:automaticApproval", "@type": "@id" },
    manualApproval: { "@id": "gts:manualApproval", "@type": "@id" },
    interactingObject: { "@id": "gts:interactingObject", "@type": "@id" },
    interactionTarget: { "@id": "gts:interactionTarget", "@type": "@id" },
  },
];

onSqlite((engine) => {
  let all: Fediverse;
  let alice: Person;
  let server: Stranger;
  let mona: StrangerActor;

  beforeAll(async () => {
    all = await fediverse(engine, ["a.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    server = stranger(all, "toot.test");
    mona = await server.actor("mona");
  }, PATIENCE_MS);

  const document = (body: JsonObject): JsonObject => ({ "@context": CONTEXT, ...body });
  async function send(body: JsonObject): Promise<void> {
    await post(alice.app, { by: mona, body: document(body) });
    await all.settle();
  }
  const received = (type: string): AsObject[] =>
    server.received
      .map(({ body }) => JSON.parse(body) as AsObject)
      .filter((activity) => activity.type === type);
  const note = (path: string, more: JsonObject): JsonObject => ({
    id: mona.at(path),
    type: "Note",
    attributedTo: mona.iri,
    to: [PUBLIC],
    cc: [mona.followers, alice.iri],
    published: "2023-11-14T22:13:20Z",
    ...more,
  });

  test("their request is answered with consent that they can fetch, and their quote is shown", async () => {
    const original = await alice.note(
      "Worth it",
      { to: [PUBLIC] },
      { interactionPolicy: policyFor("everyone", alice) },
    );
    const quote = note("/statuses/1", {
      content: `<p class="quote-inline">RE: <a href="${original}">${original}</a></p><p>Indeed</p>`,
      quote: original,
      _misskey_quote: original,
      quoteUri: original,
    });
    await send({
      id: mona.at("/statuses/1/quote"),
      type: "QuoteRequest",
      actor: mona.iri,
      object: original,
      instrument: quote,
    });
    const [accept] = received("Accept");
    expect(accept?.object).toMatchObject({
      type: "QuoteRequest",
      id: mona.at("/statuses/1/quote"),
      actor: mona.iri,
      object: original,
    });
    const stamp = String(accept?.result);
    const served = await jsonOf(
      await alice.app.ask(new URL(stamp).pathname, { headers: { accept: "application/activity+json" } }),
    );
    expect(served).toMatchObject({
      type: "QuoteAuthorization",
      interactingObject: mona.at("/statuses/1"),
      interactionTarget: original,
    });
    expect(JSON.stringify(served["@context"])).toContain("https://w3id.org/fep/044f#QuoteAuthorization");

    server.put("/statuses/1", { body: document({ ...quote, quoteAuthorization: stamp }) });
    await send({
      id: mona.at("/statuses/1/activity"),
      type: "Create",
      actor: mona.iri,
      to: [PUBLIC],
      cc: [mona.followers, alice.iri],
      object: { ...quote, quoteAuthorization: stamp },
    });
    const seen = await alice.sees(mona.at("/statuses/1"));
    expect([seen?.quote?.state, seen?.quote?.view?.iri]).toEqual(["shown", original]);
  });

  test("ours is asked for with the post in it, and shown once the consent that their answer names was fetched", async () => {
    const policy = { canQuote: { automaticApproval: [PUBLIC] } };
    await send({
      id: mona.at("/statuses/2/activity"),
      type: "Create",
      actor: mona.iri,
      to: [PUBLIC],
      cc: [mona.followers, alice.iri],
      object: note("/statuses/2", { content: "<p>Quote me</p>", interactionPolicy: policy }),
    });
    expect((await alice.sees(mona.at("/statuses/2")))?.mine.mayQuote).toBe(true);
    const quote = await alice.note(
      "See",
      { to: [PUBLIC], cc: [alice.followers, mona.iri] },
      { quote: mona.at("/statuses/2") },
    );
    await all.settle();
    const [request] = received("QuoteRequest");
    expect(request).toMatchObject({ actor: alice.iri, object: mona.at("/statuses/2"), to: [mona.iri] });
    expect(request?.instrument).toMatchObject({
      type: "Note",
      id: quote,
      attributedTo: alice.iri,
      quote: mona.at("/statuses/2"),
    });

    const stamp = mona.at("/users/mona/quote_authorizations/1");
    // Their answer may be here before the consent can be fetched.
    await send({
      id: mona.at("/accepts/1"),
      type: "Accept",
      actor: mona.iri,
      to: alice.iri,
      object: {
        type: "QuoteRequest",
        id: request?.id ?? "",
        actor: alice.iri,
        object: mona.at("/statuses/2"),
        instrument: quote,
      },
      result: stamp,
    });
    expect((await alice.sees(quote))?.quote?.state).toBe("withheld");
    server.put("/users/mona/quote_authorizations/1", {
      body: document({
        id: stamp,
        type: "QuoteAuthorization",
        attributedTo: mona.iri,
        interactionTarget: mona.at("/statuses/2"),
        interactingObject: quote,
      }),
    });
    all.clock.advance(10 * 60_000);
    await all.settle();
    expect((await alice.sees(quote))?.quote?.state).toBe("shown");
    const [update] = received("Update");
    expect(update?.object).toMatchObject({ id: quote, quoteAuthorization: stamp });

    // They take it back, with the consent in the Delete.
    await send({
      id: `${stamp}#delete`,
      type: "Delete",
      actor: mona.iri,
      to: [PUBLIC],
      object: { type: "QuoteAuthorization", id: stamp, attributedTo: mona.iri },
    });
    expect((await alice.sees(quote))?.quote?.state).toBe("withheld");
    expect(received("Update").at(-1)?.object).not.toHaveProperty("quoteAuthorization");
  });

  test("an answer by somebody who was not asked, or with the consent of another server, changes nothing", async () => {
    const quote = await alice.note(
      "See",
      { to: [PUBLIC], cc: [mona.iri] },
      { quote: mona.at("/statuses/2") },
    );
    await all.settle();
    const request = received("QuoteRequest").at(-1);
    const evil = await stranger(all, "evil.test").actor("mallory");
    const answer = (actor: StrangerActor, result: string, n: number): JsonObject =>
      document({
        id: actor.at(`/accepts/x${n}`),
        type: "Accept",
        actor: actor.iri,
        to: alice.iri,
        object: request?.id ?? "",
        result,
      });
    await post(alice.app, { by: evil, body: answer(evil, evil.at("/stamps/1"), 1) });
    await post(alice.app, { by: mona, body: answer(mona, evil.at("/stamps/1"), 2) });
    await all.settle();
    const stored = await alice.app.federation.look.find(quote);
    expect(stored?.document?.quoteAuthorization).toBeUndefined();
  });
});
