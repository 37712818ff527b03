/** From the answer in the address to who somebody is: the code exchanged, the ID Token and the profile checked. */
import { createHash } from "node:crypto";
import {
  authorizationCodeGrantRequest,
  getValidatedIdTokenClaims,
  type IDToken,
  processAuthorizationCodeResponse,
  processUserInfoResponse,
  protectedResourceRequest,
  userInfoRequest,
  validateApplicationLevelSignature,
  validateAuthResponse,
} from "oauth4webapi";
import type { Now } from "../../lib/clock.ts";
import { isJsonObject, type JsonObject, parseJson } from "../../lib/json.ts";
import { Problem } from "../../lib/problem.ts";
import type { Journey } from "./store.ts";
import { CLOCK_LEEWAY_SECONDS, type Place, type Wire } from "./wire.ts";

export interface Answer {
  readonly place: Place;
  readonly journey: Journey;
  /** What came in the address, as it came. */
  readonly params: URLSearchParams;
  /** The `state` that was sent. */
  readonly state: string;
  readonly redirectUri: string;
}

export interface Claims {
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Longer than any place gives; OpenID Connect Core §2 allows 255. */
const MAX_SUBJECT_LENGTH = 255;
/** An ID Token is made for this sign-in, which takes no longer than this, in seconds. */
const MAX_TOKEN_AGE_SECONDS = 15 * 60;

/** OpenID Connect Core §3.1.3. Throws what the library throws; `wire.asking` puts it into words. */
export async function openIdClaims(wire: Wire, now: Now, answer: Answer): Promise<Claims> {
  const { place, journey } = answer;
  const { as, client } = place;
  const response = await exchange(wire, answer);
  const tokens = await processAuthorizationCodeResponse(as, client, response, {
    requireIdToken: true,
    ...(journey.nonce === null ? {} : { expectedNonce: journey.nonce }),
  });
  const claims = getValidatedIdTokenClaims(tokens);
  if (claims === undefined || tokens.id_token === undefined) throw new Error("there is no ID Token");
  // Over TLS this could be left out (§3.1.3.7 no. 6). A place behind a broken proxy is a reason not to.
  await validateApplicationLevelSignature(as, response, wire.options);
  checkTimes(claims, now);
  if (journey.freshSinceMs !== null) checkSignedInSince(journey.freshSinceMs, claims, now, place.name);
  checkAccessTokenHash(tokens.id_token, claims, tokens.access_token);
  requireSubject(claims.sub);
  if (as.userinfo_endpoint === undefined) return { subject: claims.sub, claims };
  const asked = await userInfoRequest(as, client, tokens.access_token, wire.options);
  // §5.3.2: the profile is that of the ID Token's subject, or of nobody.
  const profile = await processUserInfoResponse(as, client, claims.sub, asked);
  return { subject: claims.sub, claims: { ...profile, ...claims } };
}

/** Plain OAuth 2: who somebody is is what the place says of the token's owner under `name`. */
export async function profileClaims(wire: Wire, answer: Answer, name: string): Promise<Claims> {
  const { as } = answer.place;
  const token = await plainToken(wire, answer);
  const url = new URL(as.userinfo_endpoint ?? "");
  const claims = await readJson(wire, url, token);
  const given = claims[name];
  const subject = typeof given === "number" ? String(given) : given;
  requireSubject(subject);
  // With its name: another one could have the same values for other people.
  return { subject: `${name}=${subject}`, claims };
}

/** The access token of a plain OAuth 2 answer; an ID Token that nobody asked for is not looked at. */
export async function plainToken(wire: Wire, answer: Answer): Promise<string> {
  const { as, client } = answer.place;
  const response = await exchange(wire, answer);
  const body = parseJson(await response.clone().text());
  const { id_token: _, ...rest } = isJsonObject(body) ? body : {};
  const plain = isJsonObject(body) ? new Response(JSON.stringify(rest), response) : response;
  return (await processAuthorizationCodeResponse(as, client, plain)).access_token;
}

/** What an address answers to a token. */
export async function readJson(wire: Wire, url: URL, token: string): Promise<JsonObject> {
  const headers = new Headers({ accept: "application/json" });
  const response = await protectedResourceRequest(token, "GET", url, headers, undefined, wire.options);
  const body = parseJson(await response.text());
  if (response.status !== 200 || !isJsonObject(body))
    throw new Error(`the profile came with status ${response.status}`);
  return body;
}

/** RFC 6749 §4.1.2, RFC 9207 §2.4 and RFC 7636 §4.5: state, issuer and code verifier. */
async function exchange(
  wire: Wire,
  { place, journey, params, state, redirectUri }: Answer,
): Promise<Response> {
  const { as, client, auth } = place;
  const checked = validateAuthResponse(as, client, params, state);
  return authorizationCodeGrantRequest(
    as,
    client,
    auth,
    checked,
    redirectUri,
    journey.verifier,
    wire.options,
  );
}

function checkTimes({ iat, exp }: IDToken, now: Now): void {
  const nowSeconds = now() / 1000;
  if (iat > nowSeconds + CLOCK_LEEWAY_SECONDS) throw new Error("the ID Token is of a time to come");
  if (iat < nowSeconds - MAX_TOKEN_AGE_SECONDS) throw new Error("the ID Token is too old");
  if (exp <= nowSeconds - CLOCK_LEEWAY_SECONDS) throw new Error("the ID Token is over");
}

/**
 * §2, §3.1.2.1 and §3.1.3.7 no. 13: with `max_age` the place says when the person signed in there, and that was after
 * they set out. Some places keep whoever is signed in and do not tell: that shows nothing.
 */
function checkSignedInSince(sinceMs: number, { auth_time: given }: IDToken, now: Now, place: string): void {
  const [earliest, latest] = [sinceMs / 1000 - CLOCK_LEEWAY_SECONDS, now() / 1000 + CLOCK_LEEWAY_SECONDS];
  if (typeof given === "number" && given >= earliest && given <= latest) return;
  throw new Problem(
    "forbidden",
    `${place} does not say that you signed in there just now. Sign out here and in again, or show in another way who you are.`,
    { reason: "elsewhere-not-fresh" },
  );
}

/** §3.1.3.6 and §3.1.3.8: the left half of the hash that belongs to the signature's algorithm. */
function checkAccessTokenHash(idToken: string, { at_hash: given }: IDToken, accessToken: string): void {
  if (given === undefined) return;
  const header = parseJson(Buffer.from(idToken.split(".")[0] ?? "", "base64url").toString());
  const algorithm = isJsonObject(header) ? String(header.alg) : "";
  const bits = /(?:256|384|512)$/.exec(algorithm)?.[0] ?? "512";
  const hash = createHash(`sha${algorithm === "Ed25519" ? "512" : bits}`)
    .update(accessToken)
    .digest();
  if (hash.subarray(0, hash.length / 2).toString("base64url") !== given)
    throw new Error("at_hash belongs to another access token");
}

function requireSubject(subject: unknown): asserts subject is string {
  if (typeof subject !== "string" || subject === "" || subject.length > MAX_SUBJECT_LENGTH)
    throw new Error("there is no subject");
}
