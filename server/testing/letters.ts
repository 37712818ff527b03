/** Activities put into signed requests by strangers: well, or with anything wrong that a test wishes. */
import { toHttpDate } from "../lib/clock.ts";
import type { JsonObject } from "../lib/json.ts";
import { cavageBase, writeCavage } from "../signatures/cavage.ts";
import { writeContentDigest, writeDigest } from "../signatures/digest.ts";
import { type SignKey, signBytes } from "../signatures/keys.ts";
import { ALGORITHM_NAMES, isFault, type RequestParts, type Scheme } from "../signatures/request.ts";
import { rfc9421Base, rfc9421Input, writeRfc9421 } from "../signatures/rfc9421.ts";
import { signRequest } from "../signatures/sign.ts";
import type { TestApp } from "./app.ts";
import type { StrangerActor } from "./strangers.ts";

/** What is sent, and how it is signed. */
export interface Letter {
  /** Who signs, unless `key` says otherwise; null for nobody. */
  readonly by: StrangerActor | null;
  readonly body: JsonObject | string | Uint8Array<ArrayBuffer>;
  /** `/inbox` where nothing is said. */
  readonly path?: string;
  readonly method?: string;
  readonly scheme?: Scheme;
  readonly key?: SignKey;
  /** What the signature covers, in the words of its scheme; what is usual where nothing is said. */
  readonly covered?: readonly string[];
  /** How far the signer's clock is off, in milliseconds. */
  readonly skewMs?: number;
  /** What the signature says that its algorithm is. */
  readonly algorithm?: string;
  /** Set before the signature is made. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that can still be tampered with. */
export interface Sealed {
  method: string;
  path: string;
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
}

export const toBytes = (body: Letter["body"]): Uint8Array<ArrayBuffer> =>
  body instanceof Uint8Array
    ? body
    : new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));

/** The request as it leaves the stranger. */
export async function sealed(app: TestApp, letter: Letter): Promise<Sealed> {
  const { method = "POST", path = "/inbox" } = letter;
  const body = toBytes(letter.body);
  const headers = new Headers({ "content-type": "application/activity+json", ...letter.headers });
  const key = letter.key ?? letter.by?.rsa;
  if (key) {
    const request = { method, url: `${app.origin}${path}`, headers, body, key };
    const nowMs = app.clock.now() + (letter.skewMs ?? 0);
    for (const [name, value] of Object.entries(await signature(letter, request, nowMs)))
      headers.set(name, value);
  }
  headers.set("host", app.host);
  return { method, path, headers, body };
}

export const deliver = (app: TestApp, { method, path, headers, body }: Sealed): Promise<Response> =>
  app.ask(path, { method, headers, ...(method === "GET" ? {} : { body }) });

/** Sends a well signed activity, or one with something wrong, and gives the answer. */
export const post = async (app: TestApp, letter: Letter): Promise<Response> =>
  deliver(app, await sealed(app, letter));

async function signature(
  letter: Letter,
  request: RequestParts & { readonly key: SignKey },
  nowMs: number,
): Promise<Record<string, string>> {
  const { scheme = "cavage", covered } = letter;
  if (!covered && !letter.algorithm) return signRequest({ ...request, scheme, nowMs });
  return scheme === "cavage" ? cavage(letter, request, nowMs) : rfc9421(letter, request, nowMs);
}

async function cavage(letter: Letter, request: RequestParts & { readonly key: SignKey }, nowMs: number) {
  const { key } = request;
  const covered = letter.covered ?? ["(request-target)", "host", "date", "digest"];
  const added = {
    date: toHttpDate(nowMs),
    digest: request.headers.get("digest") ?? writeDigest(request.body),
  };
  const headers = new Headers({ ...Object.fromEntries(request.headers), ...added });
  const base = cavageBase({ ...request, headers }, covered) ?? "";
  const algorithm = letter.algorithm ?? ALGORITHM_NAMES.cavage[key.kind][0];
  const made = await signBytes(key, new TextEncoder().encode(base));
  return { ...added, signature: writeCavage({ keyId: key.id, algorithm, covered, signature: made }) };
}

async function rfc9421(letter: Letter, request: RequestParts & { readonly key: SignKey }, nowMs: number) {
  const { key } = request;
  const added = { "content-digest": writeContentDigest(request.body) };
  const headers = new Headers({ ...Object.fromEntries(request.headers), ...added });
  const input = rfc9421Input({
    covered: letter.covered ?? ["@method", "@target-uri", "content-digest"],
    createdMs: nowMs,
    keyId: key.id,
    algorithm: letter.algorithm ?? ALGORITHM_NAMES.rfc9421[key.kind][0],
  });
  const base = rfc9421Base({ ...request, headers }, input);
  if (isFault(base)) throw new Error(base.reason);
  const made = await signBytes(key, new TextEncoder().encode(base.text));
  const written = writeRfc9421(input, made);
  return { ...added, "signature-input": written.signatureInput, signature: written.signature };
}
