/** A place elsewhere where people sign in (OpenID Connect), for tests: says what a test wants, bent where it wants that. */
import { createHash } from "node:crypto";

export interface Bending {
  /** In place of what belongs there; undefined leaves a claim out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Signs with it, or (`none`) not at all. */
  readonly algorithm?: "RS256" | "ES256" | "HS256" | "none";
  /** Signs with a key that it does not publish, under the name of one that it does. */
  readonly otherKey?: boolean;
  /** From now on it has a new key, under a new name. */
  readonly rotates?: boolean;
  readonly userinfo?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Comes back in the address. */
  readonly params?: Readonly<Record<string, string>>;
  readonly noIdToken?: boolean;
}

export interface Person {
  readonly sub: string;
  readonly [claim: string]: unknown;
}

export interface IdentityProvider {
  readonly origin: string;
  readonly clientId: string;
  readonly clientSecret: string;
  answer(request: Request): Promise<Response>;
  /** The person signs in there, and is sent back: the address, with `bent` for everything that comes of it. */
  signIn(address: string, person: Person, bent?: Bending): Promise<string>;
  /** How often its keys were asked for. */
  keysAsked(): number;
}

interface Pending {
  readonly person: Person;
  readonly asked: URLSearchParams;
  readonly bent: Bending;
}

const base64url = (data: string | Uint8Array): string => Buffer.from(data).toString("base64url");

/** `nowSeconds` is its clock. */
export async function identityProvider(host: string, nowSeconds: () => number): Promise<IdentityProvider> {
  const origin = `https://${host}`;
  const [clientId, clientSecret] = ["pub-client", "a secret & more"];
  const pending = new Map<string, Pending>();
  const rsa = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const ec = { name: "ECDSA", namedCurve: "P-256" };
  const newRsa = () => crypto.subtle.generateKey(rsa, true, ["sign", "verify"]) as Promise<CryptoKeyPair>;
  const ecKey = (await crypto.subtle.generateKey(ec, true, ["sign", "verify"])) as CryptoKeyPair;
  let key = { pair: await newRsa(), kid: "first" };
  let [codes, keysAsked] = [0, 0];
  let metadata: Readonly<Record<string, unknown>> = {};

  async function sign(claims: object, accessToken: string, bent: Bending): Promise<string> {
    const { algorithm = "RS256" } = bent;
    if (bent.rotates) key = { pair: await newRsa(), kid: `${key.kid}+` };
    const header = {
      alg: algorithm,
      typ: "JWT",
      ...(algorithm === "none" ? {} : { kid: algorithm === "ES256" ? "ec" : key.kid }),
    };
    const hash = createHash("sha256").update(accessToken).digest().subarray(0, 16).toString("base64url");
    const body = { at_hash: hash, ...claims, ...bent.claims };
    const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(body))}`;
    return `${input}.${base64url(await signature(Buffer.from(input), algorithm, bent))}`;
  }

  async function signature(
    input: Uint8Array<ArrayBuffer>,
    algorithm: string,
    bent: Bending,
  ): Promise<Uint8Array> {
    if (algorithm === "none") return new Uint8Array();
    if (algorithm === "HS256") {
      const { n = "" } = await crypto.subtle.exportKey("jwk", key.pair.publicKey);
      const secret = bent.otherKey ? n : clientSecret;
      const mac = await crypto.subtle.importKey(
        "raw",
        Buffer.from(secret),
        { name: "HMAC", hash: "SHA-256" },
        false,
        ["sign"],
      );
      return new Uint8Array(await crypto.subtle.sign("HMAC", mac, input));
    }
    if (algorithm === "ES256")
      return new Uint8Array(await crypto.subtle.sign({ ...ec, hash: "SHA-256" }, ecKey.privateKey, input));
    const { privateKey } = bent.otherKey ? await newRsa() : key.pair;
    return new Uint8Array(await crypto.subtle.sign(rsa, privateKey, input));
  }

  async function token(request: Request): Promise<Response> {
    const body = new URLSearchParams(await request.text());
    const basic = Buffer.from((request.headers.get("authorization") ?? "").slice(6), "base64").toString();
    const given =
      basic === ""
        ? [body.get("client_id"), body.get("client_secret")]
        : basic.split(":").map((part) => decodeURIComponent(part.replaceAll("+", " ")));
    if (given[0] !== clientId || given[1] !== clientSecret)
      // RFC 6749 §5.2: who came with the header is told so by a header.
      return Response.json(
        { error: "invalid_client" },
        { status: 401, headers: basic === "" ? {} : { "www-authenticate": 'Basic realm="idp"' } },
      );
    const code = body.get("code") ?? "";
    const waiting = pending.get(code);
    pending.delete(code);
    const challenge = createHash("sha256")
      .update(body.get("code_verifier") ?? "")
      .digest("base64url");
    if (
      waiting?.asked.get("code_challenge") !== challenge ||
      body.get("redirect_uri") !== waiting.asked.get("redirect_uri")
    )
      return Response.json({ error: "invalid_grant" }, { status: 400 });
    const { person, asked, bent } = waiting;
    const accessToken = `token of ${person.sub}`.replaceAll(" ", "-");
    pending.set(accessToken, waiting);
    const claims = {
      iss: origin,
      aud: clientId,
      sub: person.sub,
      iat: Math.floor(nowSeconds()),
      exp: Math.floor(nowSeconds()) + 300,
      ...(asked.has("max_age") ? { auth_time: Math.floor(nowSeconds()) } : {}),
      ...(asked.has("nonce") ? { nonce: asked.get("nonce") } : {}),
    };
    const idToken = bent.noIdToken ? {} : { id_token: await sign(claims, accessToken, bent) };
    return Response.json({ access_token: accessToken, token_type: "Bearer", expires_in: 300, ...idToken });
  }

  function userinfo(request: Request): Response {
    const waiting = pending.get((request.headers.get("authorization") ?? "").replace(/^bearer /i, ""));
    if (waiting === undefined) return new Response(null, { status: 401 });
    return Response.json({ ...waiting.person, ...waiting.bent.userinfo });
  }

  async function jwks(): Promise<Response> {
    keysAsked++;
    const publicKey = await crypto.subtle.exportKey("jwk", key.pair.publicKey);
    const ecPublic = await crypto.subtle.exportKey("jwk", ecKey.publicKey);
    const keys = [
      { kty: publicKey.kty, n: publicKey.n, e: publicKey.e, kid: key.kid, use: "sig", alg: "RS256" },
      { kty: ecPublic.kty, crv: ecPublic.crv, x: ecPublic.x, y: ecPublic.y, kid: "ec", use: "sig" },
    ];
    return Response.json({ keys });
  }

  return {
    origin,
    clientId,
    clientSecret,
    keysAsked: () => keysAsked,
    async answer(request) {
      switch (new URL(request.url).pathname) {
        case "/page/.well-known/openid-configuration":
          return new Response("<html>", { headers: { "content-type": "text/html" } });
        case "/.well-known/openid-configuration":
        case "/other/.well-known/openid-configuration":
          return Response.json({
            issuer: origin,
            authorization_endpoint: `${origin}/authorize`,
            token_endpoint: `${origin}/token`,
            userinfo_endpoint: `${origin}/me`,
            jwks_uri: `${origin}/keys`,
            response_types_supported: ["code"],
            subject_types_supported: ["public"],
            id_token_signing_alg_values_supported: ["RS256", "ES256", "HS256", "none"],
            authorization_response_iss_parameter_supported: true,
            ...metadata,
          });
        case "/token":
          return token(request);
        case "/me":
          return userinfo(request);
        case "/keys":
          return jwks();
        default:
          return new Response(null, { status: 404 });
      }
    },
    async signIn(address, person, bent = {}) {
      metadata = bent.metadata ?? metadata;
      const asked = new URL(address).searchParams;
      const code = `code${codes++}`;
      pending.set(code, { person, asked, bent });
      const back = new URL(asked.get("redirect_uri") ?? "");
      const params = { code, state: asked.get("state") ?? "", iss: origin, ...bent.params };
      for (const [name, value] of Object.entries(params))
        if (value !== "") back.searchParams.set(name, value);
      return back.href;
    },
  };
}
