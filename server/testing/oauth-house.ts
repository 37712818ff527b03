/** A house with an authorization server, for tests: clients register, ask alice, and exchange what they get. */
import type { Account } from "../accounts/account.ts";
import { type OAuthRoutesDeps, routes } from "../oauth/provider/routes.ts";
import type { Db } from "../storage/db.ts";
import { type ResidentOptions, type Residents, residents } from "./residents.ts";

export const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/** RFC 7636 appendix B. */
export const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
export const CALLBACK = "https://app.example/callback?from=pub";

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

export type Fields = Record<string, string>;

export interface OAuthHouse extends Residents {
  readonly alice: Account;
  post(path: string, body: Fields | string, headers?: Fields): Promise<Answer>;
  /** A public client that can refresh, unless `more` says otherwise; its registration as it was answered. */
  register(more?: Record<string, unknown>): Promise<Fields & { readonly client_id: string }>;
  /** Alice says yes; the code. */
  codeFor(client: string, more?: Fields): Promise<string>;
}

/** `db` is freshly migrated. */
export async function oauthHouse(db: Db, options: ResidentOptions = {}): Promise<OAuthHouse> {
  const here = await residents(db, options);
  const alice = await here.person("alice");
  const app = routes({ oauth: here.oauth, ...ALONE });

  async function post(path: string, body: Fields | string, headers: Fields = {}): Promise<Answer> {
    const sent = typeof body === "string" ? body : new URLSearchParams(body);
    const response = await app.handle(
      new Request(`http://localhost${path}`, { method: "POST", headers, body: sent }),
    );
    return { status: response.status, body: await response.json(), headers: response.headers };
  }

  return {
    ...here,
    alice,
    post,
    async register(more = {}) {
      const metadata = {
        client_name: "App",
        redirect_uris: [CALLBACK],
        grant_types: ["authorization_code", "refresh_token"],
        token_endpoint_auth_method: "none",
        scope: "read write",
        ...more,
      };
      const { status, body } = await post("/oauth/register", JSON.stringify(metadata));
      if (status !== 201) throw new Error(JSON.stringify(body));
      return body as Fields & { client_id: string };
    },
    async codeFor(client, more = {}) {
      const answered = await here.oauth.authorize.approve(question(client, more), alice);
      if (answered.kind !== "redirect") throw new Error("no redirect");
      return new URL(answered.to).searchParams.get("code") ?? "";
    },
  };
}

/** A house without limits and without pages; what goes wrong in it fails the test. */
export const ALONE: Omit<OAuthRoutesDeps, "oauth"> = {
  limit: () => {},
  whoAsks: () => Promise.reject(new Error("There is no page about anybody here.")),
  onError: ({ error }) => Promise.reject(error),
};

/** What a client sends people to `/oauth/authorize` with. */
export const question = (client: string, more: Fields = {}): URLSearchParams =>
  new URLSearchParams({
    response_type: "code",
    client_id: client,
    redirect_uri: CALLBACK,
    scope: "read write:statuses",
    state: "a b&c",
    code_challenge: CHALLENGE,
    code_challenge_method: "S256",
    ...more,
  });

/** What it sends to `/oauth/token` with the code. */
export const exchange = (client: string, code: string, more: Fields = {}): Fields => ({
  grant_type: "authorization_code",
  client_id: client,
  code,
  redirect_uri: CALLBACK,
  code_verifier: VERIFIER,
  ...more,
});
