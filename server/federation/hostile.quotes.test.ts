/** Quotes without honest consent (FEP-044f): what proves nothing, by the numbers of the advisories. */
import { beforeAll, expect, test } from "bun:test";
import { type AsObject, PUBLIC } from "../core/object.ts";
import { DAY_MS } from "../lib/durations.ts";
import type { JsonObject } from "../lib/json.ts";
import { onSqlite } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { post } from "../testing/letters.ts";
import { type Person, person } from "../testing/people.ts";
import { type Stranger, type StrangerActor, stranger } from "../testing/strangers.ts";

const PATIENCE_MS = 60_000;

onSqlite((engine) => {
  let all: Fediverse;
  let alice: Person;
  let far: Stranger;
  let victor: StrangerActor;
  let mallory: StrangerActor;
  let number = 0;

  /** alice lives at a.test, victor and mallory at servers that only answer. */
  beforeAll(async () => {
    all = await fediverse(engine, ["a.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    far = stranger(all, "far.test");
    victor = await far.actor("victor");
    mallory = await stranger(all, "evil.test").actor("mallory");
  }, PATIENCE_MS);

  const shown = async (to: Person, iri: string) => (await to.sees(iri))?.quote?.state ?? null;
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
