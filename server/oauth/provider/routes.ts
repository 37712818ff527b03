/** `/oauth/token`, `revoke`, `introspect`, `register`, `userinfo`, and the metadata of RFC 8414 and 9728. */
import { type AnyElysia, Elysia } from "elysia";
import { isJsonObject, parseJson } from "../../lib/json.ts";
import type { ClientMetadata } from "./client-metadata.ts";
import { registrationAnswer } from "./clients.ts";
import { NO_STORE, oauthError, oauthProblem } from "./errors.ts";
import { resourceMetadata, serverMetadata } from "./metadata.ts";
import type { Oauth } from "./oauth.ts";
import { type Parameters, requestParameters } from "./parameters.ts";
import type { Client } from "./store-clients.ts";

export interface OAuthRoutesDeps {
  readonly oauth: Oauth;
  /** Counts the request; throws Problem `too-many`. */
  readonly limit: (request: Request, name: "oauth-register" | "oauth-token") => void;
  /** Who a token with the scope `profile` stands for. Throws Problem `unauthenticated` or `forbidden`. */
  readonly whoAsks: (request: Request) => Promise<Profile>;
  /** Says what OAuth has no word for, and writes down bugs: `createFailureHandler` of `http/problems.ts`. */
  readonly onError: (context: { readonly error: unknown; readonly request: Request }) => Promise<Response>;
}

/** What `/oauth/userinfo` tells of a person. */
export interface Profile {
  /** Address of the actor: the same for ever. */
  readonly iri: string;
  readonly name: string;
  readonly displayName: string;
  readonly pageUrl: string;
  readonly pictureUrl: string | null;
}

/** `/oauth/authorize` is a page, and the web's. */
export function routes({ oauth, limit, whoAsks, onError }: OAuthRoutesDeps): AnyElysia {
  const { origin, clients, tokens, revocation } = oauth;
  const answer = (body: unknown, status = 200): Response =>
    Response.json(body, { status, headers: NO_STORE });

  const byClient =
    (serve: (client: Client, parameters: Parameters) => Promise<unknown>): Serve =>
    async (request) => {
      limit(request, "oauth-token");
      const parameters = await requestParameters(request);
      return answer(await serve(await clients.authenticate(request, parameters), parameters));
    };

  const register: Serve = async (request) => {
    limit(request, "oauth-register");
    const metadata = parseJson(await request.text());
    if (!isJsonObject(metadata))
      throw oauthProblem("invalid_client_metadata", "The body is not a JSON object.");
    return answer(registrationAnswer(await clients.register(metadata as ClientMetadata)), 201);
  };

  /** The claims of OpenID Connect Core §5.1 that Mastodon gives. Refusals are those of a resource (RFC 6750 §3). */
  async function userinfo(request: Request): Promise<Response> {
    limit(request, "oauth-token");
    const { iri, name, displayName, pageUrl, pictureUrl } = await whoAsks(request);
    return answer({
      iss: origin,
      sub: iri,
      preferred_username: name,
      name: displayName,
      profile: pageUrl,
      ...(pictureUrl === null ? {} : { picture: pictureUrl }),
    });
  }

  // Bodies are read by hand: names must not come twice, and every client encodes them in its own way.
  const byHand = { parse: "none" } as const;
  const inOAuthWords = (serve: Serve): Serve => answered(serve, oauthError, onError);
  const token = inOAuthWords(byClient(tokens.grant));
  const revoke = inOAuthWords(byClient(revocation.byClient));
  const introspect = inOAuthWords(byClient(revocation.introspect));
  const registration = inOAuthWords(register);
  const me = answered(userinfo, () => null, onError);
  return new Elysia({ name: "oauth-provider" })
    .get("/.well-known/oauth-authorization-server", () => Response.json(serverMetadata(origin)))
    .get("/.well-known/oauth-protected-resource", () => Response.json(resourceMetadata(origin)))
    .post("/oauth/token", ({ request }) => token(request), byHand)
    .post("/oauth/revoke", ({ request }) => revoke(request), byHand)
    .post("/oauth/introspect", ({ request }) => introspect(request), byHand)
    .post("/oauth/register", ({ request }) => registration(request), byHand)
    .get("/oauth/userinfo", ({ request }) => me(request))
    .post("/oauth/userinfo", ({ request }) => me(request), byHand);
}

type Serve = (request: Request) => Promise<Response>;

/** @NOTE No hook of Elysia's: one of the app around this one would come first, and answer in other words. */
const answered =
  (
    serve: Serve,
    inWords: (error: unknown, request: Request) => Response | null,
    otherwise: OAuthRoutesDeps["onError"],
  ): Serve =>
  async (request) => {
    try {
      return await serve(request);
    } catch (error) {
      return inWords(error, request) ?? otherwise({ error, request });
    }
  };
