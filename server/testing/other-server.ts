/** One other server, held in memory: an actor with keys, what its addresses answer, and how often they are asked. */
import type { AsObject } from "../core/object.ts";
import { createAuthenticate } from "../federation/authenticate.ts";
import { createFetchKey, type FetchedDocument, type RemoteKey } from "../federation/fetch-key.ts";
import { createKeyring } from "../federation/keyring.ts";
import { heldClock } from "../lib/clock.ts";
import type { JsonObject } from "../lib/json.ts";
import { Problem } from "../lib/problem.ts";
import { generateKeyPair, importPrivatePem } from "../signatures/keys.ts";
import type { RequestParts, Scheme } from "../signatures/request.ts";
import { signRequest } from "../signatures/sign.ts";
import { multibaseFromPem } from "./key-pairs.ts";

export const BOB = "https://b.test/users/bob";
export const MAIN_KEY = `${BOB}#main-key`;
export const MULTIKEY = `${BOB}#ed25519-key`;

/** Made once: an RSA key takes a tenth of a second. */
const pairs = {
  rsa: await generateKeyPair("rsa"),
  rsaNext: await generateKeyPair("rsa"),
  ed25519: await generateKeyPair("ed25519"),
};

export type OtherServer = Awaited<ReturnType<typeof createOtherServer>>;

/** bob at b.test, and our side that is asked to believe him. We are https://a.test and take nothing from evil.test. */
export async function createOtherServer() {
  const clock = heldClock();
  const documents = new Map<string, FetchedDocument | Problem>();
  const stored = new Map<string, RemoteKey>();
  const unknownActors = new Set<string>();
  const fetched: string[] = [];
  const saved: string[] = [];
  const publicKey: JsonObject = { id: MAIN_KEY, owner: BOB, publicKeyPem: pairs.rsa.publicPem };
  const publicKeyMultibase = await multibaseFromPem(pairs.ed25519.publicPem);
  const bob: AsObject = {
    id: BOB,
    type: "Person",
    inbox: `${BOB}/inbox`,
    publicKey,
    assertionMethod: [{ id: MULTIKEY, type: "Multikey", controller: BOB, publicKeyMultibase }],
  };

  async function fetchDocument(iri: string): Promise<FetchedDocument> {
    fetched.push(iri);
    const answer = documents.get(iri) ?? { status: 404, finalUrl: iri, document: null };
    if (answer instanceof Problem) throw answer;
    return answer;
  }

  /** Our side as it is after a start: nothing in memory, the store as it was. */
  function start() {
    const keyring = createKeyring({
      now: clock.now,
      fetchKey: createFetchKey({ fetchDocument, now: clock.now }),
      findKey: async (iri) => stored.get(iri) ?? null,
      saveKey: async (key) => {
        saved.push(key.iri);
        if (unknownActors.has(key.actorIri)) return false;
        stored.set(key.iri, key);
        return true;
      },
      dropKey: async (iri) => void stored.delete(iri),
    });
    const isRefused = async (host: string) => host === "evil.test";
    return {
      keyring,
      authenticate: createAuthenticate({ now: clock.now, keyring, origin: "https://a.test", isRefused }),
    };
  }

  async function post(keyId = MAIN_KEY, pair = pairs.rsa, scheme: Scheme = "cavage"): Promise<RequestParts> {
    const parts: RequestParts = {
      method: "POST",
      url: "https://a.test/inbox",
      headers: new Headers({ "content-type": "application/activity+json" }),
      body: new TextEncoder().encode('{"type":"Like"}'),
    };
    const key = await importPrivatePem(keyId, pair.privatePem);
    const added = await signRequest({ ...parts, key, scheme, nowMs: clock.now() });
    return { ...parts, headers: new Headers({ ...Object.fromEntries(parts.headers), ...added }) };
  }

  const put = (iri: string, document: AsObject | null, status = 200, finalUrl = iri) =>
    documents.set(iri, { status, finalUrl, document });
  put(BOB, bob);
  const first = start();
  return {
    ...pairs,
    ...first,
    start,
    clock,
    bob,
    /** bob with something else in his publicKey. */
    bobWithKey: (change: JsonObject): AsObject => ({ ...bob, publicKey: { ...publicKey, ...change } }),
    documents,
    put,
    stored,
    unknownActors,
    fetched,
    saved,
    post,
    /** What our side says to a request of bob's, or of whoever has that key. */
    ask: async (keyId = MAIN_KEY, pair = pairs.rsa) => first.authenticate.request(await post(keyId, pair)),
  };
}
