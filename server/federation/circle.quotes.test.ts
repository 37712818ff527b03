/** Quotes with consent (FEP-044f) between servers: asked for, given, shown, withdrawn. */
import { beforeAll, expect, test } from "bun:test";
import { type AsObject, id, PUBLIC } from "../core/object.ts";
import { sql } from "../lib/sql.ts";
import { onSqlite } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { documentAt, jsonOf, type Person, person } from "../testing/people.ts";
import { policyFor, type QuoteChoice } from "../vocab/quote/policy.ts";

const PATIENCE_MS = 60_000;
const openly = (by: Person) => ({ to: [PUBLIC], cc: [by.followers] });

onSqlite((engine) => {
  let all: Fediverse;
  let alice: Person;
  let carol: Person;
  let bob: Person;

  /** alice and carol live at a.test, bob at b.test. */
  beforeAll(async () => {
    all = await fediverse(engine, ["a.test", "b.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    carol = await person(all.at("a.test"), "carol");
    bob = await person(all.at("b.test"), "bob", "admin");
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

  test("a quotation (BookWyrm) is a text, which nobody is asked for", async () => {
    for (const words of ["<p>Call me Ishmael.</p>", "https://half\ud800.test/", "\0"]) {
      const iri = await bob.note("A beginning", openly(bob), { type: "Quotation", quote: words });
      await all.settle();
      for (const { app } of [alice, bob]) {
        const seen = await app.federation.look.find(iri);
        expect(seen?.type).toBe("Quotation");
        await app.federation.reading(seen?.key ?? 0);
        expect(await app.opened.db.all(sql`SELECT key FROM job WHERE kind = 'quote'`)).toEqual([]);
      }
    }
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
});
