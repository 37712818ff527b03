/** Programs that never register: their id is the address of what they say of themselves (client id metadata documents, FEP-d8c2). */

import { type AsObject, types } from "../../core/object.ts";
import { createBuckets } from "../../lib/buckets.ts";
import type { Now } from "../../lib/clock.ts";
import { DAY_MS } from "../../lib/durations.ts";
import type { Fetch, Fetched } from "../../lib/fetch.ts";
import type { Keys } from "../../lib/id.ts";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../lib/json.ts";
import { isProblem, Problem } from "../../lib/problem.ts";
import { parseHttpUrl, sameOrigin } from "../../lib/url.ts";
import type { Db } from "../../storage/db.ts";
import { readMetadata } from "./client-metadata.ts";
import { oauthProblem } from "./errors.ts";
import { isLoopback } from "./redirects.ts";
import { type Client, findClientById, findFreshClient, putDocumentClient } from "./store-clients.ts";

/** Twice what draft-ietf-oauth-client-id-metadata-document advises (§6.6); a list of redirect addresses fits many times. */
const MAX_BYTES = 10_000;
/** A person waits for the page. */
const TOTAL_MS = 5_000;
/** As long as the document itself says (draft §4.4), within these bounds. */
const MIN_FRESH_MS = 5 * 60 * 1000;
const MAX_FRESH_MS = DAY_MS;
/** Programs that one person tries; each may cost another server a request. */
const LOOKS = { burst: 20, everyMs: 30_000 };
const ACCEPT =
  'application/json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"; q=0.9, application/activity+json; q=0.9';
/** What another server may call such a document: plain JSON, or a kind of it (draft §4.1). */
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;
const ACTIVITY_TYPE = /^application\/(?:activity|ld)\+json\b/i;
/** FEP-d8c2: what stands for a program is one of these. Whoever may post somewhere can make anything else. */
const PROGRAM_TYPES: readonly string[] = ["Application", "Service"];

export interface ClientDocuments {
  /**
   * The program whose document is at `id`, fetched unless what is known is fresh; null where `id` is no such address.
   * Throws `invalid_client_metadata` where the document cannot be had or is no good, or where the address is ours: what
   * is here was written by anybody. Problem `too-many` where `asker` (key of an account) has made us look too often.
   */
  find(id: string, asker: number): Promise<Client | null>;
}

export function createClientDocuments(deps: {
  db: Db;
  now: Now;
  keys: Keys;
  fetch: Fetch;
  /** Ours. Where it begins with `http:`, such addresses count as well: test networks. */
  origin: string;
}): ClientDocuments {
  const { db, now, keys, fetch, origin } = deps;
  const allowsHttp = origin.startsWith("http:");
  const looks = createBuckets({ now, rate: LOOKS });

  async function look(id: string): Promise<Fetched> {
    try {
      // Draft §4: no redirect is followed, since the document speaks for its own address alone.
      return await fetch(id, {
        headers: { accept: ACCEPT },
        redirect: "none",
        maxBytes: MAX_BYTES,
        totalMs: TOTAL_MS,
      });
    } catch (error) {
      if (isProblem(error, "upstream")) throw unreadable();
      throw error;
    }
  }

  return {
    async find(id, asker) {
      if (!isDocumentAddress(id, allowsHttp)) return null;
      if (sameOrigin(id, origin)) throw ours();
      const known = await findFreshClient(db, id, now());
      if (known !== null) return known;
      const { allowed, retryAfterSeconds } = looks.take(String(asker));
      if (!allowed)
        throw new Problem("too-many", "You tried many programs. Wait a little.", { retryAfterSeconds });
      const fetched = await look(id);
      const document = parseJson(new TextDecoder().decode(fetched.bytes));
      const type = fetched.headers.get("content-type") ?? "";
      if (fetched.status !== 200 || !JSON_TYPE.test(type) || !isJsonObject(document)) throw unreadable();
      const isActivityPub = ACTIVITY_TYPE.test(type) || "@context" in document || !("client_id" in document);
      const createdMs = now();
      const client: Client = {
        ...readMetadata(metadataOf(id, document, isActivityPub), allowsHttp),
        key: keys.next(),
        id,
        secret: null,
        createdMs,
      };
      await db.batch([putDocumentClient(client, createdMs + freshMs(fetched.headers))]);
      return findClientById(db, id);
    },
  };
}

/** Draft §3: https, a path, nothing that could be written in another way, no fragment, no user. */
export function isDocumentAddress(id: string, allowsHttp: boolean): boolean {
  const url = parseHttpUrl(id);
  return url !== null && url.href === id && !id.includes("#") && (url.protocol === "https:" || allowsHttp);
}

/** Draft §4.1: the document names its own address, and holds no secret. */
function metadataOf(id: string, document: JsonObject, isActivityPub: boolean): JsonObject {
  const described = "client_id" in document ? document : fromActivityPub(document);
  if (described.client_id !== id) throw notAbout();
  if (described.client_secret !== undefined) throw unsafe();
  const method = described.token_endpoint_auth_method ?? "none";
  if (method !== "none") throw unsafe();
  if (isActivityPub) requireProgram(id, document, described.redirect_uris);
  return { ...described, token_endpoint_auth_method: "none" };
}

/**
 * On an ActivityPub server many people write objects, with whatever properties they like. So one has to be of a type that
 * stands for programs, and nobody is sent from there to another host with a code.
 */
function requireProgram(id: string, document: JsonObject, redirects: Json | undefined): void {
  if (!types(document as AsObject).some((type) => PROGRAM_TYPES.includes(type))) throw noProgram();
  const elsewhere = Array.isArray(redirects) ? redirects.filter((uri) => !staysAt(id, uri)) : [];
  if (elsewhere.length > 0) throw leadsAway();
}

/** The same origin; or the person's own machine: a scheme of a program's own, or a loopback address. */
const staysAt = (id: string, uri: Json): boolean =>
  typeof uri === "string" && (!/^https?:/i.test(uri) || isLoopback(uri) || sameOrigin(id, uri));

/** FEP-d8c2: an ActivityPub object with `redirectURI`. */
function fromActivityPub({ id, name, redirectURI, summary }: JsonObject): JsonObject {
  const title = typeof name === "string" ? name : typeof summary === "string" ? summary : undefined;
  return {
    ...(id === undefined ? {} : { client_id: id }),
    ...(title === undefined ? {} : { client_name: title }),
    redirect_uris: Array.isArray(redirectURI) ? redirectURI : redirectURI === undefined ? [] : [redirectURI],
  };
}

/** RFC 9111 §5.2.2. */
function freshMs(headers: Headers): number {
  const control = headers.get("cache-control")?.toLowerCase() ?? "";
  if (/\bno-(?:store|cache)\b/.test(control)) return MIN_FRESH_MS;
  const seconds = /\bmax-age\s*=\s*"?(\d{1,9})/.exec(control)?.[1];
  const ms = seconds === undefined ? MIN_FRESH_MS : Number(seconds) * 1000;
  return Math.min(MAX_FRESH_MS, Math.max(MIN_FRESH_MS, ms));
}

const unreadable = (): Error =>
  oauthProblem(
    "invalid_client_metadata",
    "This program says that it is described at its address, but nothing that could be read is there.",
  );

const ours = (): Error =>
  oauthProblem(
    "invalid_client_metadata",
    "A program cannot describe itself on this server. Register it here.",
  );

const noProgram = (): Error =>
  oauthProblem(
    "invalid_client_metadata",
    "An ActivityPub object that describes a program is an Application or a Service.",
  );

const leadsAway = (): Error =>
  oauthProblem(
    "invalid_redirect_uri",
    "A program that an ActivityPub object describes sends people back to the object's own origin, or to their own machine.",
  );

const notAbout = (): Error =>
  oauthProblem("invalid_client_metadata", "What is at the program's address describes another program.");

const unsafe = (): Error =>
  oauthProblem(
    "invalid_client_metadata",
    "A program described at an address has no secret: token_endpoint_auth_method must be none.",
  );
