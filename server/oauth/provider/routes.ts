/** `/oauth/token`, `/oauth/revoke`, `/oauth/introspect`, `/oauth/register` and the metadata of RFC 8414 and 9728. */
import { type AnyElysia, Elysia } from "elysia";
import { isJsonObject, parseJson } from "../../lib/json.ts";
import { type ClientMetadata, registrationAnswer } from "./clients.ts";
import { NO_STORE, oauthError, oauthProblem } from "./errors.ts";
import { resourceMetadata, serverMetadata } from "./metadata.ts";
import type { Oauth } from "./oauth.ts";
import { bodyParameters } from "./parameters.ts";

export interface OAuthRoutesDeps {
  readonly oauth: Oauth;
  /** Counts the request; throws Problem `too-many`. */
  readonly limit: (request: Request, name: "oauth-register" | "oauth-token") => void;
}

/** `/oauth/authorize` is a page, and the web's. */
export function routes({ oauth, limit }: OAuthRoutesDeps): AnyElysia {
  const { origin, clients, tokens, revocation } = oauth;
  const answer = (body: unknown, status = 200): Response =>
    Response.json(body, { status, headers: NO_STORE });
  // Bodies are read by hand: names must not come twice, and every client encodes them in its own way.
  const byHand = { parse: "none" } as const;

  return new Elysia({ name: "oauth-provider" })
    .onError(({ error, request }) => oauthError(error, request) ?? undefined)
    .get("/.well-known/oauth-authorization-server", () => Response.json(serverMetadata(origin)))
    .get("/.well-known/oauth-protected-resource", () => Response.json(resourceMetadata(origin)))
    .post(
      "/oauth/token",
      async ({ request }) => {
        limit(request, "oauth-token");
        const parameters = await bodyParameters(request);
        const client = await clients.authenticate(request, parameters);
        return answer(await tokens.grant(client, parameters));
      },
      byHand,
    )
    .post(
      "/oauth/revoke",
      async ({ request }) => {
        limit(request, "oauth-token");
        const parameters = await bodyParameters(request);
        await revocation.byClient(await clients.authenticate(request, parameters), parameters);
        return answer({});
      },
      byHand,
    )
    .post(
      "/oauth/introspect",
      async ({ request }) => {
        limit(request, "oauth-token");
        const parameters = await bodyParameters(request);
        return answer(
          await revocation.introspect(await clients.authenticate(request, parameters), parameters),
        );
      },
      byHand,
    )
    .post(
      "/oauth/register",
      async ({ request }) => {
        limit(request, "oauth-register");
        const metadata = parseJson(await request.text());
        if (!isJsonObject(metadata))
          throw oauthProblem("invalid_client_metadata", "The body is not a JSON object.");
        return answer(registrationAnswer(await clients.register(metadata as ClientMetadata)), 201);
      },
      byHand,
    );
}
