/** Quotes with consent (FEP-044f) between servers: asked for, given, shown, withdrawn; and what proves nothing. */
import { beforeAll, expect, test } from "bun:test";
import { type AsObject, id, PUBLIC } from "../core/object.ts";
import type { JsonObject } from "../lib/json.ts";
import { eachEngine } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { post } from "../testing/letters.ts";
import { documentAt, jsonOf, type Person, person } from "../testing/people.ts";
import { type Stranger, type StrangerActor, stranger } from "../testing/strangers.ts";
import { policyFor, type QuoteChoice } from "../vocab/quote/policy.ts";

const PATIENCE_MS = 60_000;
const DAY_MS = 24 * 60 * 60_000;
const openly = (by: Person) => ({ to: [PUBLIC], cc: [by.followers] });

eachEngine((engine) => {
  let all: Fediverse;
  let alice: Person;
  let carol: Person;
  let bob: Person;
  let far: Stranger;
  let victor: StrangerActor;
  let mallory: StrangerActor;
  let number = 0;

  /** alice and carol live at a.test, bob at b.test; victor and mallory at servers that only answer. */
  beforeAll(async () => {
    all = await fediverse(engine, ["a.test", "b.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    carol = await person(all.at("a.test"), "carol");
    bob = await person(all.at("b.test"), "bob", "admin");
    far = stranger(all, "far.test");
    victor = await far.actor("victor");
    mallory = await stranger(all, "evil.test").actor("mallory");
    for (const [one, other] of [
      [alice, bob],
      [bob, alice],
    ] as const)
      await one.act({ type: "Follow", object: other.iri });
    await all.settle();
  }, PATIENCE_MS);

  const postOf = (by: Person, policy: QuoteChoice | null, content = "The original") =>
    by.note(content, openly(by), policy === null ? {} : { interactionPolicy: policyFor(policy, by) });
  const quoteBy = async (by: Person, iri: string) => {
    const quote = await by.note("Look at this", openly(by), { quote: iri });
    await all.settle();
    return quote;
  };
  const shown = async (to: Person, iri: string) => (await to.sees(iri))?.quote?.state ?? null;
  const stampOf = async (by: Person, quote: string) =>
    id((await by.app.federation.look.find(quote))?.document ?? {}, "quoteAuthorization");
  const textOf = async (iri: string, by: Person) => (await by.sees(iri))?.quote?.view?.contentHtml ?? null;

  const letter = (by: StrangerActor, body: JsonObject) => post(alice.app, { by, body });

  /** A post of a stranger, served at its address and sent to alice. */
  async function sent(by: StrangerActor, more: AsObject, at: Stranger | null = null): Promise<string> {
    const iri = by.at(`/notes/q${++number}`);
    const note = {
      type: "Note",
      id: iri,
      attributedTo: by.iri,
      content: "Look at that",
      to: [PUBLIC],
      cc: [by.followers, alice.iri],
      ...more,
    } as JsonObject;
    at?.put(`/notes/q${number}`, { body: { "@context": "https://www.w3.org/ns/activitystreams", ...note } });
    await letter(by, {
      "@context": "https://www.w3.org/ns/activitystreams",
      type: "Create",
      id: `${iri}/create`,
      actor: by.iri,
      to: note.to as string[],
      cc: note.cc as string[],
      object: note,
    });
    await all.settle();
    return iri;
  }

  test("a quote that the author allows to everybody is shown on both servers, with its consent in the post", async () => {
    const original = await postOf(alice, "everyone");
    await all.settle();
    const quote = await quoteBy(bob, original);
    const stamp = (await stampOf(bob, quote)) ?? "";
    expect(stamp).toStartWith("https://a.test/objects/");
    const served = await jsonOf(await documentAt(alice.app, stamp));
    expect(served).toMatchObject({
      type: "QuoteAuthorization",
      attributedTo: alice.iri,
      interactingObject: quote,
      interactionTarget: original,
    });
    expect(await textOf(quote, bob)).toContain("The original");
    expect(await textOf(quote, alice)).toContain("The original");
    expect(await alice.notices()).toContain("quote bob@b.test");
    expect((await alice.sees(original))?.counts.quotes).toBe(1);
    const document = await jsonOf(await documentAt(bob.app, quote));
    expect(document).toMatchObject({
      quote: original,
      quoteUrl: original,
      quoteUri: original,
      _misskey_quote: original,
      quoteAuthorization: stamp,
    });
    expect(JSON.stringify(document.tag)).toContain("_misskey_quote");
    // Consent is no edit.
    expect((await alice.sees(quote))?.updatedMs).toBeNull();
  });

  test("people of one server quote each other without a request leaving it", async () => {
    const original = await postOf(alice, "everyone");
    await all.settle();
    const before = all.sent.length;
    const quote = await carol.note("Look", { to: [carol.followers] }, { quote: original });
    await all.settle();
    expect(all.sent.length).toBe(before);
    expect(await shown(carol, quote)).toBe("shown");
  });

  test("whoever is not let quote gets no consent, and shows a link alone", async () => {
    const original = await postOf(alice, "nobody");
    await all.settle();
    const quote = await quoteBy(bob, original);
    expect(await stampOf(bob, quote)).toBeNull();
    expect(await shown(bob, quote)).toBe("withheld");
    expect(await shown(alice, quote)).toBe("withheld");
    expect(await alice.notices()).not.toContain("quote-request bob@b.test");
  });

  test("followers quote where followers may, and nobody else does", async () => {
    const original = await postOf(alice, "followers");
    await all.settle();
    expect(await shown(bob, await quoteBy(bob, original))).toBe("shown");
    expect(await shown(carol, await quoteBy(carol, original))).toBe("withheld");
  });

  test("an author who has said nothing is asked, and decides", async () => {
    const original = await postOf(alice, null);
    await all.settle();
    const quote = await quoteBy(bob, original);
    expect(await shown(bob, quote)).toBe("withheld");
    expect(await alice.notices()).toContain("quote-request bob@b.test");
    expect((await alice.sees(original))?.counts.quoteRequests).toBe(1);
    const { look, quotes } = alice.app.federation;
    const [request] = all.sent.flatMap(({ body }) => {
      const activity = body === "" ? {} : (JSON.parse(body) as AsObject);
      return activity.type === "QuoteRequest" && id(activity, "object") === original ? [activity] : [];
    });
    const asked = await look.find(request?.id ?? "");
    await expect(quotes.consent(carol.key, asked?.key ?? 0)).rejects.toThrow("Only the one who was asked");
    await quotes.consent(alice.key, asked?.key ?? 0);
    await all.settle();
    expect(await shown(bob, quote)).toBe("shown");
    expect((await alice.sees(original))?.counts).toMatchObject({ quotes: 1, quoteRequests: 0 });
    await expect(quotes.consent(alice.key, 1)).rejects.toThrow("answered or taken back");
  });

  test("consent is withdrawn by deleting it, and the quote becomes a link everywhere", async () => {
    const original = await postOf(alice, "everyone");
    await all.settle();
    const quote = await quoteBy(bob, original);
    const stamp = (await stampOf(bob, quote)) ?? "";
    await alice.act({ type: "Delete", object: stamp, to: [bob.iri], cc: [alice.followers] });
    await all.settle();
    expect(await shown(alice, quote)).toBe("withheld");
    expect(await shown(bob, quote)).toBe("withheld");
    expect(await stampOf(bob, quote)).toBeNull();
    expect((await alice.sees(original))?.counts.quotes).toBe(0);
    expect((await documentAt(alice.app, stamp)).status).toBe(410);
  });

  test("a post that was deleted is quoted no more", async () => {
    const original = await postOf(alice, "everyone");
    await all.settle();
    const quote = await quoteBy(bob, original);
    await alice.act({ type: "Delete", object: original });
    await all.settle();
    expect((await alice.sees(quote))?.quote?.view?.contentHtml ?? "").toBe("");
    expect((await bob.sees(quote))?.quote?.view?.contentHtml ?? "").toBe("");
  });

  test("asking again gives the same consent, and none once it was withdrawn", async () => {
    const original = await postOf(alice, "everyone");
    await all.settle();
    const quote = await quoteBy(bob, original);
    const stamp = await stampOf(bob, quote);
    const ask = async () => {
      await bob.act({ type: "QuoteRequest", object: original, instrument: quote, to: [alice.iri] });
      await all.settle();
    };
    await ask();
    expect(await stampOf(bob, quote)).toBe(stamp);
    expect((await alice.sees(original))?.counts.quotes).toBe(1);
    await alice.act({ type: "Delete", object: stamp ?? "", to: [bob.iri] });
    await all.settle();
    await ask();
    expect(await stampOf(bob, quote)).toBeNull();
    expect(await shown(alice, quote)).not.toBe("shown");
    expect(await shown(bob, await quoteBy(bob, original))).toBe("shown");
  });

  test("consent to a quote that was deleted is gone with it", async () => {
    const original = await postOf(alice, "everyone");
    await all.settle();
    const quote = await quoteBy(bob, original);
    const stamp = (await stampOf(bob, quote)) ?? "";
    // Where alice's server has seen the quote with its consent.
    await alice.app.federation.resolve.refresh(quote);
    expect((await alice.sees(original))?.counts.quotes).toBe(1);
    await bob.act({ type: "Delete", object: quote });
    await all.settle();
    expect((await alice.sees(original))?.counts.quotes).toBe(0);
    expect((await documentAt(alice.app, stamp)).status).toBe(410);
  });

  test("what is not for everybody is quoted by nobody else, and shown to nobody who may not see it", async () => {
    const original = await alice.note(
      "For followers",
      { to: [alice.followers] },
      {
        interactionPolicy: policyFor("everyone", alice),
      },
    );
    await all.settle();
    expect(await shown(bob, await quoteBy(bob, original))).not.toBe("shown");
    const own = await alice.note("Mine", openly(alice), { quote: original });
    await all.settle();
    expect(await shown(alice, own)).toBe("shown");
    expect(await shown(carol, own)).toBe("unseen");
  });

  test("nobody reads in a quote whom they have muted", async () => {
    const original = await postOf(alice, "everyone");
    await all.settle();
    const quote = await quoteBy(bob, original);
    const muted = { object: alice.iri, target: `${carol.iri}/muted` };
    await all.settle();
    await carol.app.federation.resolve.refresh(quote);
    expect(await shown(carol, quote)).toBe("shown");
    await carol.act({ type: "Add", ...muted });
    expect(await shown(carol, quote)).toBe("unseen");
    await carol.act({ type: "Remove", ...muted });
    expect(await shown(carol, quote)).toBe("shown");
  });

  /** A consent of victor's at an address of his server. */
  function stamped(path: string, more: AsObject): string {
    far.put(path, {
      body: {
        "@context": "https://www.w3.org/ns/activitystreams",
        id: victor.at(path),
        type: "QuoteAuthorization",
        attributedTo: victor.iri,
        ...more,
      } as JsonObject,
    });
    return victor.at(path);
  }

  test("GHSA-q4g8-82c5-9h33: consent that names another quote, another post, or comes from somebody else proves nothing", async () => {
    const original = await sent(victor, {}, far);
    const other = await sent(victor, {}, far);
    const next = () => mallory.at(`/notes/q${number + 1}`);
    const pair = () => ({ interactingObject: next(), interactionTarget: original });
    const good = stamped("/stamps/good", pair());
    expect(await shown(alice, await sent(mallory, { quote: original, quoteAuthorization: good }))).toBe(
      "shown",
    );

    for (const [path, more] of Object.entries({
      "/stamps/other-quote": { ...pair(), interactingObject: mallory.at("/notes/other") },
      "/stamps/other-post": { ...pair(), interactionTarget: other },
      "/stamps/nobody": { ...pair(), attributedTo: null },
      "/stamps/type": { ...pair(), type: "Note" },
      "/stamps/author": { ...pair(), attributedTo: mallory.iri },
    })) {
      const now = {
        ...more,
        ...("interactingObject" in more && path !== "/stamps/other-quote"
          ? { interactingObject: next() }
          : {}),
      };
      const stamp = stamped(path, now as AsObject);
      expect([
        path,
        await shown(alice, await sent(mallory, { quote: original, quoteAuthorization: stamp })),
      ]).toEqual([path, "withheld"]);
    }
    // Of the quoting server's own making.
    const own = await sent(mallory, {
      quote: original,
      quoteAuthorization: mallory.at("/stamps/mine"),
    });
    expect(await shown(alice, own)).toBe("withheld");
    // A consent for one quote is no consent for the next one.
    const again = await sent(mallory, { quote: original, quoteAuthorization: good });
    expect(await shown(alice, again)).toBe("withheld");
  });

  test("GHSA-8h43-rcqj-wpc6: quoting one's own share of a post shows nothing of the post", async () => {
    const original = await sent(victor, {}, far);
    const share = mallory.at("/shares/1");
    await letter(mallory, {
      "@context": "https://www.w3.org/ns/activitystreams",
      type: "Announce",
      id: share,
      actor: mallory.iri,
      object: original,
      to: [PUBLIC],
      cc: [mallory.followers],
    });
    await all.settle();
    expect(await alice.app.federation.look.find(share)).toMatchObject({ kind: "activity" });
    const quote = await sent(mallory, { quote: share });
    expect((await alice.sees(quote))?.quote).toMatchObject({ state: "unseen", view: null });
    const asked = await letter(mallory, {
      "@context": "https://www.w3.org/ns/activitystreams",
      type: "QuoteRequest",
      id: mallory.at("/requests/1"),
      actor: mallory.iri,
      object: share,
      instrument: quote,
      to: [alice.iri],
    });
    expect(asked.status).toBeLessThan(300);
    await all.settle();
    expect(await alice.app.federation.look.find(mallory.at("/requests/1"))).toBeNull();
  });

  test("CVE-2026-33869: whoever names a quote or its consent first keeps nobody from the honest one", async () => {
    const original = await sent(victor, {}, far);
    const stamp = victor.at("/stamps/late");
    // Before it is there, and for a post that it is not about.
    expect(await shown(alice, await sent(mallory, { quote: original, quoteAuthorization: stamp }))).toBe(
      "withheld",
    );
    const honest = victor.at(`/notes/q${number + 1}`);
    await sent(mallory, { content: honest, inReplyTo: honest, quote: honest });
    await letter(mallory, {
      "@context": "https://www.w3.org/ns/activitystreams",
      type: "Delete",
      id: mallory.at("/deletes/1"),
      actor: mallory.iri,
      object: stamp,
      to: [PUBLIC],
    });
    await all.settle();
    const iri = mallory.at(`/notes/q${number + 1}`);
    stamped("/stamps/late", { interactingObject: iri, interactionTarget: original });
    all.clock.advance(DAY_MS / 4);
    await all.settle();
    expect(await sent(mallory, { quote: original, quoteAuthorization: stamp })).toBe(iri);
    expect(await shown(alice, iri)).toBe("shown");
  });

  test("a policy alone proves nothing, and older spellings are read as quotes without consent", async () => {
    const original = await sent(
      victor,
      { interactionPolicy: { canQuote: { automaticApproval: PUBLIC } } },
      far,
    );
    for (const spelling of ["quote", "quoteUrl", "quoteUri", "_misskey_quote"]) {
      const quote = await sent(mallory, { [spelling]: original });
      expect((await alice.sees(quote))?.quote).toMatchObject({ iri: original, state: "withheld" });
    }
    const linked = await sent(mallory, {
      tag: [
        {
          type: "Link",
          mediaType: 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
          rel: "https://misskey-hub.net/ns#_misskey_quote",
          href: original,
        },
      ],
    });
    expect((await alice.sees(linked))?.quote).toMatchObject({ iri: original, state: "withheld" });
    const own = await sent(victor, { quoteUrl: original }, far);
    expect((await alice.sees(own))?.quote?.state).toBe("shown");
  });

  test("consent that its origin does not show any more is withdrawn when the quote is read again", async () => {
    const original = await sent(victor, {}, far);
    const stamp = stamped("/stamps/gone", {
      interactingObject: mallory.at(`/notes/q${number + 1}`),
      interactionTarget: original,
    });
    const quote = await sent(mallory, { quote: original, quoteAuthorization: stamp });
    expect(await shown(alice, quote)).toBe("shown");
    const key = (await alice.sees(quote))?.key ?? 0;
    const asked = far.asked.length;
    await alice.app.federation.quotes.opened(key);
    await all.settle();
    expect(far.asked.length).toBe(asked);
    far.put("/stamps/gone", { status: 404 });
    all.clock.advance(2 * DAY_MS);
    await alice.app.federation.quotes.opened(key);
    await all.settle();
    expect(await shown(alice, quote)).toBe("withheld");
  });

  test("a quote within a quote is an address, and is not followed", async () => {
    const first = await sent(victor, {}, far);
    const second = await sent(victor, { quote: first }, far);
    const third = await sent(victor, { quote: second }, far);
    const view = (await alice.sees(third))?.quote?.view;
    expect(view?.iri).toBe(second);
    expect(view?.quote).toEqual({ iri: first, state: "unseen", view: null });
  });
});
