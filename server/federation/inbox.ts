/** POST to an inbox: verified, not seen before, and taken at once, or a job row and the worker does the rest (AP §7.1). */
import type { Addresses } from "../core/addresses.ts";
import type { Look } from "../core/behaviour.ts";
import { type AsObject, audienceOf, embedded, id, ids, typeOf } from "../core/object.ts";
import type { NewJob, Queue } from "../jobs/queue.ts";
import { isJsonObject, type Json, parseJson } from "../lib/json.ts";
import { Problem } from "../lib/problem.ts";
import { nextTurn } from "../lib/turn.ts";
import { sameOrigin } from "../lib/url.ts";
import type { RequestParts } from "../signatures/request.ts";
import type { Db } from "../storage/db.ts";
import type { Authenticate } from "./authenticate.ts";
import type { HostLimits } from "./flood.ts";
import type { Hosts } from "./hosts.ts";
import type { Proven } from "./receive.ts";
import type { Relayed } from "./relayed.ts";
import type { Knocking } from "./remember.ts";
import { HEADER } from "./synchronise.ts";

/** What the sender is told. Nothing of what we think of an accepted activity goes back. */
export interface InboxAnswer {
  readonly status: 202 | 401 | 403 | 410 | 429 | 503;
  readonly reason: string | null;
  readonly retryAfterSeconds?: number;
}

export interface Inbox {
  /**
   * `recipient` is the owner of a personal inbox, null for the shared one; `network` is where the request came from
   * (`addressPrefix`).
   * @throws Problem `invalid` where the body is no activity.
   */
  post(parts: RequestParts, recipient: number | null, network: string): Promise<InboxAnswer>;
}

const ACCEPTED: InboxAnswer = { status: 202, reason: null };

export function createInbox(deps: {
  db: Db;
  addresses: Addresses;
  look: Look;
  queue: Queue;
  authenticate: Authenticate;
  knocking: Knocking;
  hosts: Pick<Hosts, "heard">;
  normalise: (document: AsObject) => Promise<AsObject>;
  /** Hears which followers the sender counts here (FEP-8fcf). */
  heard: (sender: string, header: string) => Promise<void>;
  /** What to do with what a relay of ours brings. */
  relayed: Pick<Relayed, "judge">;
  /** Host of a normalised address. */
  hostOf: (iri: string) => string | null;
  /** The switch and the domain rules (`moderation/gate.ts`). */
  gate: { mode(): string; refusal(host: string): string | null };
  limits: HostLimits;
  /** Takes it now, without asking any other server; false where that is a job's work (`receive.ts`). */
  takeAtOnce: (given: Proven) => Promise<boolean>;
}): Inbox {
  const { addresses, look, gate, limits } = deps;

  async function post(parts: RequestParts, recipient: number | null, network: string): Promise<InboxAnswer> {
    if (gate.mode() === "closed") return { status: 403, reason: gate.refusal("") };
    const slowed = limits.slowed(parts.headers, network);
    if (slowed > 0) return tooMany(slowed);
    const { raw, document } = read(parts.body);
    const actorIri = id(document, "actor");
    if (typeof document.id !== "string" || actorIri === null) {
      throw new Problem("invalid", "Send an activity with an id and an actor.");
    }
    if (isFarewell(document) && (await look.find(actorIri)) === null) return ACCEPTED;

    const sender = await deps.authenticate.request(parts);
    await nextTurn();
    if (sender.outcome === "refused") return { status: sender.status, reason: sender.reason };
    const sentBy = deps.hostOf(sender.outcome === "gone" ? sender.iri : sender.actorIri) ?? "";
    const waitSeconds = limits.take(sentBy, network);
    if (waitSeconds > 0) return tooMany(waitSeconds);
    if (sender.outcome === "gone") {
      // Of an actor whose key is gone only its own farewell can be believed.
      if (!isFarewell(document) || sender.iri !== actorIri) {
        return { status: 401, reason: "The key that signed this is gone." };
      }
      return accept(document, actorIri, recipient, null);
    }
    await deps.hosts.heard(sentBy);
    if (sender.scheme === "rfc9421") await deps.knocking.understandsRfc9421(sentBy);
    const told = sender.covered.includes(HEADER) ? parts.headers.get(HEADER) : null;
    if (told !== null) await deps.heard(sender.actorIri, told);
    // What its own actor sends is mostly new, and judged at once; a share may be a relay's, which are counted.
    const isMostlyNew = sender.actorIri === actorIri && typeOf(document) !== "Announce";
    if (!isMostlyNew && (await isKnown(document.id))) return ACCEPTED;
    const activity = await deps.normalise(document);
    const relayed = await deps.relayed.judge(activity, sender.actorIri);
    if (relayed.brought === "nothing") return ACCEPTED;
    if (relayed.brought === "job") return carried(document, actorIri, relayed.job);
    if (sender.actorIri === actorIri) return accept(activity, actorIri, recipient, raw);
    return forwarded(document, activity, sender.actorIri, recipient);
  }

  function read(body: Uint8Array): { raw: string; document: AsObject } {
    let raw: string;
    try {
      raw = new TextDecoder("utf-8", { fatal: true }).decode(body);
    } catch {
      // @NOTE Bytes that are no UTF-8 are no JSON (RFC 8259 §8.1).
      throw new Problem("invalid", "Send JSON in UTF-8.");
    }
    const parsed = parseJson(raw);
    if (!isJsonObject(parsed))
      throw new Problem("invalid", "Send one JSON object, nested no deeper than 64 levels.");
    return { raw, document: parsed as AsObject };
  }

  /** Asked only after the sender is verified, or anybody could find out what is stored here. */
  async function isKnown(iri: string): Promise<boolean> {
    const known = await look.find(iri);
    return known !== null && (known.document !== null || known.deletedMs !== null);
  }

  /** Brought by a relay: believed with the author's own proof, else asked of its origin. */
  async function carried(document: AsObject, actorIri: string, job: NewJob): Promise<InboxAnswer> {
    if (gate.refusal(deps.hostOf(actorIri) ?? "") !== null) return ACCEPTED;
    const proven = await deps.authenticate.document(document);
    if (proven?.outcome === "actor" && proven.actorIri === actorIri)
      return accept(await deps.normalise(proven.document), actorIri, null, null, { isRelayed: true });
    await deps.db.batch([deps.queue.enqueue(job)]);
    return ACCEPTED;
  }

  async function accept(
    activity: AsObject,
    sender: string,
    recipient: number | null,
    raw: string | null,
    more: { readonly isRelayed?: boolean } = {},
  ): Promise<InboxAnswer> {
    const payload: Proven = {
      ...more,
      activity: activity as Json,
      sender,
      recipient,
      ...(raw !== null && mayBePassedOn(activity) ? { raw } : {}),
    };
    if ((await deps.takeAtOnce(payload)) || (await isKnown(activity.id ?? ""))) return ACCEPTED;
    await deps.db.batch([
      deps.queue.enqueue({
        kind: "receive",
        lane: sender,
        payload: payload as unknown as Json,
        once: `receive ${activity.id}`,
      }),
    ]);
    return ACCEPTED;
  }

  /** Sent by another than its actor: believed with the actor's own proof, else asked of its origin. */
  async function forwarded(
    document: AsObject,
    activity: AsObject,
    sender: string,
    recipient: number | null,
  ): Promise<InboxAnswer> {
    const actorIri = id(activity, "actor") ?? "";
    if (sameOrigin(sender, actorIri)) return { status: 403, reason: "The key belongs to another actor." };
    // Whoever passes it on did nothing wrong.
    if (gate.refusal(deps.hostOf(actorIri) ?? "") !== null) return ACCEPTED;
    const proven = await deps.authenticate.document(document);
    if (proven?.outcome === "actor" && proven.actorIri === actorIri) {
      return accept(await deps.normalise(proven.document), actorIri, recipient, JSON.stringify(document));
    }
    if (proven?.outcome === "refused") return { status: proven.status, reason: proven.reason };
    if (addresses.isOurs(activity.id ?? "") || !sameOrigin(activity.id, actorIri)) {
      return { status: 403, reason: "The activity's id is of another origin than its actor." };
    }
    await deps.db.batch([
      deps.queue.enqueue({
        kind: "receive",
        lane: actorIri,
        payload: { fetch: activity.id ?? "", recipient },
        once: `receive ${activity.id}`,
      }),
    ]);
    return ACCEPTED;
  }

  /**
   * Only what names somebody here, or their followers, may have to be forwarded or passed on by a group, and only what
   * carries an activity is another's word; and what has a proof and answers something or is about something of ours,
   * because that may be in a group. The rest is not kept twice.
   */
  function mayBePassedOn(activity: AsObject): boolean {
    const inner = embedded(activity, "object");
    if (inner !== null && typeOf(activity) === "Announce") return true;
    const audience = [
      ...audienceOf(activity),
      ...(inner ? audienceOf(inner) : []),
      ...ids(activity, "target"),
    ];
    if (audience.some(addresses.isOurs)) return true;
    if (activity.proof === undefined) return false;
    return inner?.inReplyTo != null || addresses.isOurs(id(activity, "object") ?? "");
  }

  return { post };
}

const tooMany = (retryAfterSeconds: number): InboxAnswer => ({
  status: 429,
  reason: "Your server sends more than this one takes. Wait a little, then go on.",
  retryAfterSeconds,
});

/** An actor that deletes itself; these come in floods from servers that nobody here knows. */
const isFarewell = (document: AsObject): boolean =>
  typeOf(document) === "Delete" && id(document, "object") === id(document, "actor");
