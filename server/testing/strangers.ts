/** Servers that exist only as what they answer: actors with keys, documents at any address, and what came to them. */
import type { JsonObject } from "../lib/json.ts";
import { generateKeyPair, importPrivatePem, type SignKey } from "../signatures/keys.ts";
import type { Fediverse } from "./fediverse.ts";
import { multibaseFromPem } from "./key-pairs.ts";

/** What an address answers. An object or text is a body; without `type`, an ActivityPub document. */
export interface Answer {
  readonly status?: number;
  readonly type?: string | null;
  readonly body?: JsonObject | string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Letterbox {
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

export interface StrangerActor {
  readonly name: string;
  readonly host: string;
  readonly iri: string;
  readonly followers: string;
  /** As it is served at `iri`. */
  readonly document: JsonObject;
  readonly rsa: SignKey;
  readonly ed25519: SignKey;
  /** An address below the actor's host: `at("/notes/1")`. */
  at(path: string): string;
}

export interface Stranger {
  readonly host: string;
  readonly origin: string;
  /** Makes somebody, serves the document (with `more` in it) and answers WebFinger for the name. */
  actor(name: string, more?: JsonObject): Promise<StrangerActor>;
  /** Answers so at this path, with or without a query, from now on; null for "not found". */
  put(path: string, answer: Answer | ((request: Request) => Answer | Promise<Answer>) | null): void;
  /** POSTs that came, oldest first. */
  readonly received: Letterbox[];
  /** GETs that came, as `path`. */
  readonly asked: string[];
}

const AS_DOCUMENT = "application/activity+json";

/** Pairs are made once: an RSA key takes a tenth of a second. */
const pairs = new Map<string, Promise<{ rsa: Pem; ed25519: Pem }>>();
type Pem = Awaited<ReturnType<typeof generateKeyPair>>;

/** Key pairs by any name; the same name gives the same keys. */
export function keyPairs(name: string): Promise<{ rsa: Pem; ed25519: Pem }> {
  let made = pairs.get(name);
  if (!made) {
    made = (async () => ({ rsa: await generateKeyPair("rsa"), ed25519: await generateKeyPair("ed25519") }))();
    pairs.set(name, made);
  }
  return made;
}

/** Lets one have the keys of another, where nothing hangs on whose they are: making them takes most of a test's time. */
export function shareKeys(from: string, to: string): void {
  pairs.set(to, keyPairs(from));
}

/** Puts a stranger at `host`; inboxes take everything. */
export function stranger(fediverse: Fediverse, host: string, addresses?: readonly string[]): Stranger {
  const origin = `https://${host}`;
  const answers = new Map<string, Answer | ((request: Request) => Answer | Promise<Answer>)>();
  const received: Letterbox[] = [];
  const asked: string[] = [];

  async function answer(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const found = answers.get(pathname + search) ?? answers.get(pathname);
    if (request.method === "POST") {
      received.push({ path: pathname, headers: request.headers, body: await request.clone().text() });
      if (!found) return new Response(null, { status: 202 });
    } else asked.push(pathname + search);
    return toResponse(
      typeof found === "function" ? await found(request) : (found ?? { status: 404, body: "" }),
    );
  }
  fediverse.join(host, answer, addresses);

  async function actor(name: string, more: JsonObject = {}): Promise<StrangerActor> {
    const iri = `${origin}/users/${name}`;
    const { rsa, ed25519 } = await keyPairs(iri);
    const document: JsonObject = {
      "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
      id: iri,
      type: "Person",
      preferredUsername: name,
      name,
      inbox: `${iri}/inbox`,
      outbox: `${iri}/outbox`,
      followers: `${iri}/followers`,
      featured: `${iri}/featured`,
      endpoints: { sharedInbox: `${origin}/inbox` },
      publicKey: { id: `${iri}#main-key`, owner: iri, publicKeyPem: rsa.publicPem },
      assertionMethod: [
        {
          id: `${iri}#ed25519-key`,
          type: "Multikey",
          controller: iri,
          publicKeyMultibase: await multibaseFromPem(ed25519.publicPem),
        },
      ],
      ...more,
    };
    answers.set(`/users/${name}`, { body: document });
    answers.set(`/.well-known/webfinger?resource=${encodeURIComponent(`acct:${name}@${host}`)}`, {
      type: "application/jrd+json",
      body: { subject: `acct:${name}@${host}`, links: [{ rel: "self", type: AS_DOCUMENT, href: iri }] },
    });
    return {
      name,
      host,
      iri,
      followers: `${iri}/followers`,
      document,
      rsa: await importPrivatePem(`${iri}#main-key`, rsa.privatePem),
      ed25519: await importPrivatePem(`${iri}#ed25519-key`, ed25519.privatePem),
      at: (path) => `${origin}${path}`,
    };
  }

  return {
    host,
    origin,
    actor,
    put(path, given) {
      if (given === null) answers.delete(path);
      else answers.set(path, given);
    },
    received,
    asked,
  };
}

/**
 * Somebody else with the keys of `base`, under names of their own: cheap to make, for tests of many. No WebFinger
 * confirms the name.
 */
export function alike(base: StrangerActor, at: Stranger, name: string, more: JsonObject = {}): StrangerActor {
  const iri = `${at.origin}/users/${name}`;
  const text = JSON.stringify(base.document)
    .replaceAll(base.iri, iri)
    .replaceAll(`https://${base.host}/`, `${at.origin}/`);
  const document: JsonObject = { ...JSON.parse(text), preferredUsername: name, name, ...more };
  at.put(`/users/${name}`, { body: document });
  const named = (key: SignKey): SignKey => ({ ...key, id: key.id.replace(base.iri, iri) });
  return {
    name,
    host: at.host,
    iri,
    followers: `${iri}/followers`,
    document,
    rsa: named(base.rsa),
    ed25519: named(base.ed25519),
    at: (path) => `${at.origin}${path}`,
  };
}

function toResponse({ status = 200, type = AS_DOCUMENT, body = "", headers = {} }: Answer): Response {
  const isBytes = typeof body === "string" || body instanceof Uint8Array;
  const sent = isBytes ? (body as string | Uint8Array<ArrayBuffer>) : JSON.stringify(body);
  return new Response(sent, {
    status,
    headers: { ...(type === null ? {} : { "content-type": type }), ...headers },
  });
}
