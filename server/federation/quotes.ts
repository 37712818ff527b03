/** What quotes need of the network: the quoted post and its author's consent are fetched, asked for, given and looked at again. */
import type { Addresses } from "../core/addresses.ts";
import type { Look } from "../core/behaviour.ts";
import type { Entity } from "../core/entity.ts";
import { LOCAL_HOST } from "../core/entity.ts";
import type { Notify } from "../core/notify.ts";
import { type AsObject, id } from "../core/object.ts";
import type { Core } from "../core/process.ts";
import type { Resolve } from "../core/resolve.ts";
import * as write from "../core/store-writes.ts";
import { backOff, type Job, type JobKind } from "../jobs/job.ts";
import type { Queue } from "../jobs/queue.ts";
import { finish } from "../jobs/store.ts";
import type { Now } from "../lib/clock.ts";
import { HOUR_MS, MINUTE_MS } from "../lib/durations.ts";
import type { Keys } from "../lib/id.ts";
import { isProblem, Problem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import { sameOrigin } from "../lib/url.ts";
import type { Db } from "../storage/db.ts";
import { QUOTES, type QuoteAnswerPayload, type QuotePayload, quotedIn } from "../vocab/quote/request.ts";
import type { FetchDocument } from "./fetch-key.ts";

/** Consent that is asked for and not there yet may be a minute later; after a day it is read without. */
const ASK_FOR_MS = 24 * HOUR_MS;
/** How long consent is believed before its origin is asked again whether it still stands (FEP-044f). */
const BELIEVED_MS = 24 * HOUR_MS;
/** After a minute, 3, 9, 27, 81 and 243. */
const MAX_TRIES = 6;
const AT_ONCE = 4;

export interface Quotes {
  /**
   * Consents to a QuoteRequest in the name of the quoted author; `also` joins the batch.
   * @throws Problem `not-found` where nobody asks (any more), `forbidden` where somebody else was asked.
   */
  consent(author: number, request: number, also?: readonly Sql[]): Promise<void>;
  /** Somebody here looks at this quote: consent that is missing or old is looked for, later. Asks nobody itself. */
  opened(quote: number): Promise<void>;
  readonly jobs: Readonly<Record<"quote" | "quote-answer", JobKind>>;
}

export function createQuotes(deps: {
  readonly db: Db;
  readonly core: Core;
  readonly look: Look;
  readonly resolve: Resolve;
  readonly queue: Queue;
  readonly addresses: Addresses;
  readonly keys: Keys;
  readonly notify: Notify;
  readonly now: Now;
  readonly fetchDocument: FetchDocument;
}): Quotes {
  const { db, core, look, resolve, queue, addresses, keys, now } = deps;
  const retry = backOff({ firstMs: MINUTE_MS, factor: 3, maxMs: 6 * HOUR_MS, giveUpAfterMs: ASK_FOR_MS });

  async function consent(author: number, request: number, also: readonly Sql[] = []): Promise<void> {
    const asked = await look.byKey(request);
    const document = asked?.document;
    const quote = document ? id(document, "instrument") : null;
    const quoted = document ? await look.find(id(document, "object") ?? "") : null;
    const person = asked?.owner == null ? null : await look.byKey(asked.owner);
    if (!asked || asked.deletedMs !== null || quote === null || quoted?.deletedMs !== null || person === null)
      throw new Problem("not-found", "This was answered or taken back already.");
    if (quoted.owner !== author) throw new Problem("forbidden", "Only the one who was asked may answer.");
    const before = await givenBefore(quoted.key, quote);
    const answer = (result: string) => ({ type: "Accept", object: asked.iri, result, to: [person.iri] });
    if (before !== null) {
      // Asked again, as servers do that have lost the answer.
      await core.act(author, answer(before.iri), also);
      return;
    }
    const key = keys.next();
    const iri = addresses.object(key);
    const owner = await look.byKey(author);
    const stamp: AsObject = {
      id: iri,
      type: "QuoteAuthorization",
      attributedTo: owner?.iri ?? "",
      interactingObject: quote,
      interactionTarget: quoted.iri,
    };
    const statements = [
      write.insertObject({
        key,
        iri,
        host: LOCAL_HOST,
        kind: "object",
        type: "QuoteAuthorization",
        owner: author,
        ownerIri: owner?.iri ?? null,
        subject: null,
        // For everybody who asks for it, and in no list.
        visibility: "quiet",
        document: stamp,
        updatedMs: null,
        fetchedMs: null,
      }),
      write.insertAddress(keys.next(), quote, person.host),
      write.insertLink(key, "interactingObject", { iri: quote }),
      write.insertLink(key, "interactionTarget", quoted.key),
      write.ensureCollection(quoted.key, QUOTES),
      ...write.addMember(quoted.key, QUOTES, { iri: quote }, key),
      // For the author to see what they consented to.
      ...(person.host === LOCAL_HOST ? [] : [queue.enqueue({ kind: "fetch", payload: { iri: quote } })]),
      ...(author === person.key ? [] : deps.notify(author, "quote", request)),
    ];
    await core.act(author, answer(iri), [...statements, ...also]);
  }

  /** Consent to this very pair, where it stands. */
  async function givenBefore(quoted: number, quote: string): Promise<Entity | null> {
    const known = await look.find(quote);
    const cause = known === null ? null : await look.causeOf(quoted, QUOTES, known.key);
    const stamp = cause === null ? null : await look.byKey(cause);
    return stamp?.deletedMs === null ? stamp : null;
  }

  async function answer(job: Job): Promise<readonly Sql[] | "finished"> {
    const { request } = job.payload as unknown as QuoteAnswerPayload;
    const asked = await look.byKey(request);
    const quoted = asked?.document ? await look.find(id(asked.document, "object") ?? "") : null;
    if (quoted?.owner == null) return [];
    try {
      await consent(quoted.owner, request, [finish(job)]);
      return "finished";
    } catch (error) {
      // @NOTE Taken back meanwhile, or one of the two is gone: there is nothing to answer any more.
      if (isProblem(error, "not-found") || isProblem(error, "forbidden") || isProblem(error, "gone"))
        return [];
      throw error;
    }
  }

  /** One quote, made ready to be shown: its own quotes are not followed further. */
  async function ready(job: Job): Promise<readonly Sql[] | "finished"> {
    const { iri } = job.payload as unknown as QuotePayload;
    const quote = await look.find(iri);
    const quotedIri = quote?.document ? quotedIn(quote.document) : null;
    if (!quote?.document || quote.deletedMs !== null || quotedIri === null) return [];
    const quoted = await look.fetch(quotedIri);
    if (!quoted?.document) return addresses.isOurs(quotedIri) ? [] : notYet(job, quotedIri);
    if (quoted.kind !== "object" || quoted.owner === null || quoted.owner === quote.owner) return [];
    const stamp = id(quote.document, "quoteAuthorization");
    if (stamp !== null) return checked(job, stamp);
    return quote.isLocal && quote.owner !== null ? ask(job, quote, quote.owner, quoted) : [];
  }

  async function ask(
    job: Job,
    quote: Entity,
    by: number,
    quoted: Entity,
  ): Promise<"finished" | readonly Sql[]> {
    const author = quoted.owner === null ? null : await look.byKey(quoted.owner);
    if (author === null) return [];
    const isOpen = quote.visibility === "public" || quote.visibility === "quiet";
    try {
      await core.act(
        by,
        {
          type: "QuoteRequest",
          object: quoted.iri,
          // What is not for everybody is not told to somebody whom its author has not named.
          instrument: isOpen ? (quote.document as AsObject) : quote.iri,
          to: [author.iri],
        },
        [finish(job)],
      );
      return "finished";
    } catch (error) {
      // @NOTE Whoever is blocked, or whose author is gone, gets no consent: the quote stays a link.
      if (isProblem(error, "forbidden") || isProblem(error, "not-found") || isProblem(error, "gone"))
        return [];
      throw error;
    }
  }

  /** Known, or known to be gone, and asked for not long ago. */
  const isFresh = (stamp: Entity | null | undefined): boolean =>
    stamp?.deletedMs != null || (stamp?.document != null && (stamp.fetchedMs ?? 0) > now() - BELIEVED_MS);

  /** Consent is what its origin shows now, under its own address; and what is not there any more is withdrawn. */
  async function checked(job: Job, stamp: string): Promise<readonly Sql[]> {
    if (addresses.isOurs(stamp)) return [];
    const known = await look.find(stamp);
    if (isFresh(known)) return [];
    if (known?.document) {
      const { status, finalUrl } = await deps.fetchDocument(stamp);
      if ((status === 404 || status === 410) && sameOrigin(finalUrl, stamp))
        return [
          write.buryObject(known.key, now()),
          ...write.clearIndex(known.key),
          ...write.releaseCause(known.key),
        ];
    }
    const fetched = await resolve.refresh(stamp);
    return fetched?.document ? [] : notYet(job, stamp);
  }

  /** Tried again for some hours; after that it is an ordinary thing, and nobody's trouble. */
  function notYet({ tries }: Job, iri: string): readonly Sql[] {
    if (tries >= MAX_TRIES) return [];
    throw new Problem("upstream", `${iri} cannot be fetched.`);
  }

  return {
    consent,
    async opened(key) {
      const quote = await look.byKey(key);
      const quotedIri = quote?.document ? quotedIn(quote.document) : null;
      if (!quote?.document || quote.isLocal || quotedIri === null) return;
      const stamp = id(quote.document, "quoteAuthorization");
      const rows = await look.findMany([quotedIri, ...(stamp === null ? [] : [stamp])]);
      const isReady = stamp === null || addresses.isOurs(stamp) || isFresh(rows.get(stamp));
      if (isReady && rows.get(quotedIri)?.document) return;
      const payload = { iri: quote.iri } satisfies QuotePayload;
      await db.batch([queue.enqueue({ kind: "quote", payload, once: `quote ${key}` })]);
    },
    jobs: {
      quote: { run: ready, retry, concurrency: AT_ONCE },
      "quote-answer": { run: answer, retry, concurrency: AT_ONCE },
    },
  };
}
