/** The consent page's logic (RFC 6749 §4.1.1, §4.1.2): what is asked, yes, and no. The page itself is the web's. */
import { tellAccessEnded } from "../../accounts/access-ended.ts";
import type { Account } from "../../accounts/account.ts";
import type { Now } from "../../lib/clock.ts";
import type { Keys } from "../../lib/id.ts";
import { isProblem, Problem } from "../../lib/problem.ts";
import { newToken, sha256 } from "../../lib/secret.ts";
import { hostOf } from "../../lib/url.ts";
import type { Db } from "../../storage/db.ts";
import type { Clients } from "./clients.ts";
import { oauthProblem } from "./errors.ts";
import { needed, type Parameters, readParameters } from "./parameters.ts";
import { isChallenge } from "./pkce.ts";
import { isRegistered, OUT_OF_BAND, targetOf, withParameters } from "./redirects.ts";
import { allows, DEFAULT_SCOPES, givable, parseScopes } from "./scopes.ts";
import { insertCode, insertConsent, trimConsents } from "./store.ts";
import type { Client } from "./store-clients.ts";

/** RFC 6749 §4.1.2: at most ten minutes. */
export const CODE_MS = 10 * 60 * 1000;

/** Programs of one person, one for each time that they signed in: those that were not used for longest end first. */
export const MAX_CONSENTS = 200;

/** What the client sent, from the address or from the form that repeats it. */
export type AuthorizeParams = URLSearchParams;

export type Asked =
  | {
      readonly kind: "ask";
      readonly client: {
        readonly name: string;
        readonly website: string | null;
        /** Where the program describes itself: whoever may write there speaks for it; null for one that registered here. */
        readonly host: string | null;
      };
      readonly scopes: readonly string[];
      /** Where the person goes afterwards: a host, a program's scheme, or empty when the code is shown here. */
      readonly returnsTo: string;
      /** Hidden fields of the form, so that the answer is checked as the question was. */
      readonly fields: readonly (readonly [name: string, value: string])[];
    }
  /**
   * The request is wrong, but the client is known: the page says so and links there. It never sends anybody by
   * itself, since anybody may register an address (RFC 9700 §4.11.2).
   */
  | { readonly kind: "refused"; readonly message: string; readonly to: string | null };

export type Answered =
  | { readonly kind: "redirect"; readonly to: string }
  /** Out of band: shown, to be copied. */
  | { readonly kind: "code"; readonly code: string }
  | { readonly kind: "denied" };

export interface Authorize {
  /**
   * Throws Problem `invalid` when the client or its address is unknown (nobody may be sent anywhere then), `too-many`
   * when the account looked at too many programs that had to be asked for.
   */
  describe(params: AuthorizeParams, account: Pick<Account, "key" | "role">): Promise<Asked>;
  /** Yes. Throws Problem `invalid`. */
  approve(params: AuthorizeParams, account: Pick<Account, "key" | "role" | "state">): Promise<Answered>;
  /** No. Throws Problem `invalid`. */
  deny(params: AuthorizeParams): Promise<Answered>;
}

/** Parameters that are ours; others (`force_login`, `lang`, the form's own) are no part of the question. */
const KNOWN = [
  "response_type",
  "response_mode",
  "client_id",
  "redirect_uri",
  "scope",
  "state",
  "code_challenge",
  "code_challenge_method",
];

interface Request {
  readonly client: Client;
  /** Where the answer goes. */
  readonly redirectUri: string;
  readonly parameters: Parameters;
}

export function createAuthorize(deps: {
  db: Db;
  now: Now;
  keys: Keys;
  clients: Clients;
  /** The issuer (RFC 9207). */
  origin: string;
}): Authorize {
  const { db, now, keys, clients, origin } = deps;

  async function read(
    params: AuthorizeParams,
    find: (id: string) => Promise<Client | null> = clients.find,
  ): Promise<Request> {
    const parameters = readParameters([...params].filter(([name]) => KNOWN.includes(name)));
    const client = await find(needed(parameters, "client_id"));
    if (client === null) {
      throw new Problem("invalid", "This program is not known here. Ask it to sign in anew.", {
        reason: "unknown-client",
      });
    }
    return { client, redirectUri: redirectOf(client, parameters), parameters };
  }

  const back = (request: Request, answer: Readonly<Record<string, string>>): string =>
    withParameters(request.redirectUri, { ...answer, state: request.parameters.get("state"), iss: origin });

  return {
    async describe(params, account) {
      const request = await read(params, (id) => clients.meet(id, account.key));
      const { id, name, website } = request.client;
      try {
        return {
          kind: "ask",
          client: { name, website, host: hostOf(id) },
          scopes: check(request, account).scopes,
          returnsTo: targetOf(request.redirectUri),
          fields: [...request.parameters],
        };
      } catch (error) {
        if (!isProblem(error)) throw error;
        const answer = { error: error.detail.reason ?? "invalid_request", error_description: error.message };
        const to = request.redirectUri === OUT_OF_BAND ? null : back(request, answer);
        return { kind: "refused", message: error.message, to };
      }
    },
    async approve(params, account) {
      const request = await read(params);
      const { scopes, challenge } = check(request, account);
      if (account.state !== "active") throw new Problem("forbidden", "This account is not active.");
      const code = newToken();
      const createdMs = now();
      const consent = keys.next();
      const given = await db.batch([
        insertConsent({
          key: consent,
          client: request.client.key,
          account: account.key,
          scope: scopes.join(" "),
          createdMs,
        }),
        insertCode({
          hash: sha256(code),
          consent,
          redirectUri: request.parameters.get("redirect_uri") ?? "",
          challenge,
          createdMs,
          expiresMs: createdMs + CODE_MS,
        }),
        trimConsents(account.key, MAX_CONSENTS, createdMs),
      ]);
      for (const { key } of given.at(-1) ?? []) tellAccessEnded(db, { consent: Number(key) });
      return request.redirectUri === OUT_OF_BAND
        ? { kind: "code", code }
        : { kind: "redirect", to: back(request, { code }) };
    },
    async deny(params) {
      const request = await read(params);
      if (request.redirectUri === OUT_OF_BAND) return { kind: "denied" };
      const answer = { error: "access_denied", error_description: "The person said no." };
      return { kind: "redirect", to: back(request, answer) };
    },
  };
}

/** Throws Problem `invalid` unless it is one that the client registered; it may be left out when there is one. */
function redirectOf(client: Client, parameters: Parameters): string {
  const given = parameters.get("redirect_uri");
  const only = client.redirectUris.length === 1 ? client.redirectUris[0] : undefined;
  const uri = given ?? only;
  if (uri !== undefined && isRegistered(client.redirectUris, uri)) return uri;
  throw new Problem("invalid", "The program wants to send you to an address that it did not register.", {
    reason: "redirect-mismatch",
  });
}

/** Everything whose mistakes the client may be told of. */
function check(
  { client, parameters }: Request,
  account: Pick<Account, "role">,
): { readonly scopes: readonly string[]; readonly challenge: string | null } {
  if (needed(parameters, "response_type") !== "code") {
    throw oauthProblem("unsupported_response_type", "Only the response type code is served.");
  }
  if ((parameters.get("response_mode") ?? "query") !== "query") {
    throw oauthProblem("invalid_request", "Only the response mode query is served.");
  }
  if (!client.grantTypes.includes("authorization_code")) {
    throw oauthProblem("unauthorized_client", "This program did not register for authorization codes.");
  }
  return { scopes: scopesOf(client, parameters, account), challenge: challengeOf(client, parameters) };
}

function scopesOf(client: Client, parameters: Parameters, account: Pick<Account, "role">): readonly string[] {
  const asked = parameters.has("scope") ? parseScopes(parameters.get("scope") ?? "") : DEFAULT_SCOPES;
  if (!asked.every((scope) => allows(client.scopes, scope))) {
    throw oauthProblem("invalid_scope", "The program asks for more than it registered for.");
  }
  const scopes = givable(asked, account.role);
  if (scopes.length === 0)
    throw oauthProblem("invalid_scope", "The program asks for nothing that you can give.");
  return scopes;
}

/** RFC 7636 §4.3; RFC 9700 §2.1.1: public clients must. */
function challengeOf(client: Client, parameters: Parameters): string | null {
  const challenge = parameters.get("code_challenge");
  if (challenge === undefined) {
    if (client.secret === null || parameters.has("code_challenge_method")) {
      throw oauthProblem(
        "invalid_request",
        "The parameter code_challenge is missing: PKCE with S256 is needed.",
      );
    }
    return null;
  }
  if (parameters.get("code_challenge_method") !== "S256") {
    throw oauthProblem("invalid_request", "The parameter code_challenge_method must be S256.");
  }
  if (!isChallenge(challenge)) throw oauthProblem("invalid_request", "The code_challenge is malformed.");
  return challenge;
}
