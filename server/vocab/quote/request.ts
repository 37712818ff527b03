/** Asking to quote, the answer, and taking the consent back (FEP-044f). */
import type { Behaviour, Scene } from "../../core/behaviour.ts";
import type { Effect } from "../../core/effects.ts";
import type { Entity } from "../../core/entity.ts";
import { type AsObject, id } from "../../core/object.ts";
import { parseHttpUrl, sameOrigin } from "../../lib/url.ts";
import { verdict } from "./policy.ts";

/** Lists of a thing of ours: what quotes it with consent, and who waits for an answer. */
export const QUOTES = "quotes";
export const QUOTE_REQUESTS = "quote-requests";
/** Quotes to which consent was taken back: asking again is in vain. */
export const QUOTES_WITHDRAWN = "quotes-withdrawn";
/** Quotes that their author asked to be allowed, in vain. */
export const QUOTES_REFUSED = "quotes-refused";

/** Payload of the job `quote`: whatever is missing to show this quote is looked for, or asked for. */
export interface QuotePayload {
  readonly iri: string;
}

/** Payload of the job `quote-answer`: consent to this request, by its key. */
export interface QuoteAnswerPayload {
  readonly request: number;
}

export const quoteRequest: Behaviour = {
  type: "QuoteRequest",
  needsObject: true,
  refuse(scene) {
    const quote = id(scene.activity, "instrument");
    if (quote === null || !sameOrigin(quote, scene.actor.iri))
      return "it does not say in which post it quotes";
    // A share is no post: who quotes their own share of somebody's post quotes that post (GHSA-8h43-rcqj-wpc6).
    if (scene.object?.kind !== "object") return "only a post can be quoted";
    return scene.object.deletedMs === null ? null : "what it quotes is gone";
  },
  async also(scene) {
    const { object, actor, key } = scene;
    const author = object?.isLocal && object.owner !== null ? await scene.look.byKey(object.owner) : null;
    if (object === null || author === null) return [];
    const asked: Effect = { effect: "address", key, to: [author.key] };
    const quote = await scene.look.find(id(scene.activity, "instrument") ?? "");
    const wasWithdrawn =
      quote !== null && (await scene.look.isMember(object.key, QUOTES_WITHDRAWN, quote.key));
    switch (wasWithdrawn ? "no" : await verdict(scene.look, object, author, actor)) {
      case "yes":
        return [asked, { effect: "enqueue", kind: "quote-answer", payload: { request: key } }];
      case "ask":
        return [
          asked,
          { effect: "add", owner: object.key, name: QUOTE_REQUESTS, item: key, cause: key },
          { effect: "notice", to: author.key, kind: "quote-request" },
        ];
      case "no":
        return [
          asked,
          {
            effect: "emit",
            actor: author.key,
            activity: { type: "Reject", object: scene.iri, to: [actor.iri] },
          },
        ];
    }
  },
};

/** The consent goes into the quoting post, which its server sends out anew. */
export const acceptQuote: Behaviour = {
  type: "Accept",
  object: "QuoteRequest",
  async refuse(scene) {
    const reason = await onlyTheQuoted(scene);
    if (reason !== null) return reason;
    const stamp = id(scene.activity, "result");
    return sameOrigin(stamp, scene.actor.iri) ? null : "it brings no consent of its own";
  },
  async also(scene) {
    const asked = scene.object;
    if (asked === null) return [];
    const { quote, author } = await quotingPost(scene, id(asked.document ?? {}, "instrument"));
    const answered: Effect = { effect: "release", cause: asked.key };
    if (quote === null || author?.key !== asked.owner) return [answered];
    const change = { id: quote.iri, quoteAuthorization: id(scene.activity, "result") };
    return [answered, changes(author, change)];
  },
};

export const rejectQuote: Behaviour = {
  type: "Reject",
  object: "QuoteRequest",
  refuse: onlyTheQuoted,
  async also(scene) {
    const asked = scene.object;
    if (asked === null) return [];
    const quoteIri = id(asked.document ?? {}, "instrument");
    const quoted = await scene.look.find(id(asked.document ?? {}, "object") ?? "");
    return [
      { effect: "release", cause: asked.key },
      ...(quoteIri === null || quoted === null ? [] : [isAmong(quoted, QUOTES_REFUSED, quoteIri, scene.key)]),
    ];
  },
};

/**
 * Beside what every Delete does: without consent it is a quote no longer, and whoever reads it is told; and consent to
 * a quote that is gone is gone, too.
 */
export const consentGone: Behaviour = {
  type: "Delete",
  async also(scene) {
    const stamp = scene.object;
    if (stamp?.document?.quoteAuthorization !== undefined) return forgotten(scene, stamp.document);
    if (stamp?.type !== "QuoteAuthorization") return [];
    const quoteIri = id(stamp.document ?? {}, "interactingObject");
    const quoted = await scene.look.find(id(stamp.document ?? {}, "interactionTarget") ?? "");
    const gone: Effect[] = [{ effect: "release", cause: stamp.key }];
    if (quoted !== null && quoteIri !== null)
      gone.push(isAmong(quoted, QUOTES_WITHDRAWN, quoteIri, scene.key));
    const { quote, author } = await quotingPost(scene, quoteIri);
    if (quote === null || author === null || id(quote.document ?? {}, "quoteAuthorization") !== stamp.iri)
      return gone;
    return [...gone, changes(author, { id: quote.iri, quoteAuthorization: null })];
  },
};

/** The address of what it quotes; null also where it has a quotation instead (BookWyrm's `quote` is a text). */
export function quotedIn(post: AsObject): string | null {
  const iri = id(post, "quote");
  return parseHttpUrl(iri) === null ? null : iri;
}

/** Whoever posts a quote, here or elsewhere: consent has to be found, or asked for. */
export const quoting: readonly Behaviour[] = ["Create", "Update"].map((type) => ({
  type,
  also(scene) {
    const post = scene.embedded ?? (type === "Create" ? scene.object?.document : null) ?? null;
    if (post === null || quotedIn(post) === null || typeof post.id !== "string") return [];
    // An edit of ours asks nobody again.
    if (scene.isOurs && type === "Update" && post.quoteAuthorization === undefined) return [];
    return [{ effect: "enqueue", kind: "quote", payload: { iri: post.id } satisfies QuotePayload }];
  },
}));

/** Consent of ours to this post, which names it. */
async function forgotten(scene: Scene, quote: AsObject): Promise<readonly Effect[]> {
  const stamp = await scene.look.find(id(quote, "quoteAuthorization") ?? "");
  if (!stamp?.isLocal || stamp.type !== "QuoteAuthorization" || stamp.deletedMs !== null) return [];
  if (id(stamp.document ?? {}, "interactingObject") !== quote.id) return [];
  return [
    { effect: "bury", key: stamp.key, atMs: scene.nowMs },
    { effect: "release", cause: stamp.key },
  ];
}

async function onlyTheQuoted(scene: Scene): Promise<string | null> {
  if (scene.object?.kind !== "activity" || scene.object.document === null)
    return "what it answers is unknown here";
  const quoted = await scene.look.find(id(scene.object.document, "object") ?? "");
  return quoted !== null && quoted.owner === scene.actor.key ? null : "only the one who was asked may answer";
}

/** A post of ours and its author; nulls for one elsewhere, whose server looks after it. */
async function quotingPost(
  scene: Scene,
  iri: string | null,
): Promise<{ quote: Entity | null; author: Entity | null }> {
  const quote = iri === null ? null : await scene.look.find(iri);
  if (!quote?.isLocal || !quote.document || quote.deletedMs !== null || quote.owner === null)
    return { quote: null, author: null };
  return { quote, author: await scene.look.byKey(quote.owner) };
}

const isAmong = (quoted: Entity, name: string, iri: string, cause: number): Effect => ({
  effect: "add",
  owner: quoted.key,
  name,
  item: { iri },
  cause,
});

const changes = (author: Entity, object: Readonly<Record<string, string | null>>): Effect => ({
  effect: "enqueue",
  kind: "act",
  payload: { actor: author.key, activity: { type: "Update", object } },
});
