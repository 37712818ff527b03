/** A program that acts for a person: signs in by OAuth with PKCE, then speaks ActivityPub (AP §6). */
import { createHash, randomBytes } from "node:crypto";

export const PUBLIC = "https://www.w3.org/ns/activitystreams#Public";
const TYPE = "application/activity+json";

// biome-ignore lint/suspicious/noExplicitAny: documents are read by tests, which say what they expect in them.
export type Document = any;

export interface Client {
  readonly actor: string;
  readonly token: string;
  /** Posts to the outbox; gives the status, and the address of the activity. */
  post(activity: object): Promise<{ status: number; location: string | null; body: Document }>;
  /** Posts, and gives the document of the activity. Throws where it is not taken. */
  act(activity: object): Promise<Document>;
  /** Reads an address as the person. */
  get(iri: string): Promise<{ status: number; body: Document }>;
  /** Activities in the inbox, newest first, all pages. */
  inbox(): Promise<readonly Document[]>;
  /** Looks at the inbox until an activity is there that fits. */
  waitFor(fits: (activity: Document) => boolean): Promise<Document>;
}

/** How soon a program looks again. The server lets it for a quarter of a minute. */
const LOOK_AGAIN_MS = 100;

export function client(origin: string, name: string, token: string, lookAgainMs = LOOK_AGAIN_MS): Client {
  const actor = `${origin}/users/${name}`;
  const headers = { authorization: `Bearer ${token}`, accept: TYPE };

  async function get(iri: string) {
    const response = await fetch(iri, { headers });
    return { status: response.status, body: await response.json().catch(() => null) };
  }

  async function post(activity: object) {
    const response = await fetch(`${actor}/outbox`, {
      method: "POST",
      headers: { ...headers, "content-type": TYPE },
      body: JSON.stringify({ "@context": "https://www.w3.org/ns/activitystreams", ...activity }),
    });
    return {
      status: response.status,
      location: response.headers.get("location"),
      body: await response.json().catch(() => null),
    };
  }

  async function read(iri: string): Promise<Document> {
    const { status, body } = await get(iri);
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)} for ${iri}`);
    return body;
  }

  async function inbox(): Promise<readonly Document[]> {
    const items: Document[] = [];
    for (let next: string | undefined = (await read(`${actor}/inbox`)).first; next; ) {
      const page: Document = await read(next);
      items.push(...(page.orderedItems ?? []));
      next = page.next;
    }
    return items;
  }

  return {
    actor,
    token,
    get,
    post,
    inbox,
    async act(activity) {
      const { status, body } = await post(activity);
      if (status !== 201)
        throw new Error(`${status} ${JSON.stringify(body)} for ${JSON.stringify(activity)}`);
      return body;
    },
    async waitFor(fits) {
      for (;;) {
        const found = (await inbox()).find(fits);
        if (found) return found;
        await Bun.sleep(lookAgainMs);
      }
    },
  };
}

/** Asks for an address as a browser does, with its cookies; `fields` posts a form. Redirects are given back. */
export type Browse = (address: string, fields?: URLSearchParams) => Promise<Response>;

/** A browser that has never been there. */
export function newBrowse(origin: string, ca?: string): Browse {
  const cookies = new Map<string, string>();
  return async (address, fields) => {
    const response = await fetch(new URL(address, origin), {
      redirect: "manual",
      ...(ca === undefined ? {} : { tls: { ca } }),
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        origin,
        "sec-fetch-site": "same-origin",
        accept: "text/html",
      },
      ...(fields ? { method: "POST", body: fields } : {}),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";");
      cookies.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
    return response;
  };
}

/** The hidden fields of a form, as a browser would send them. */
const hiddenFields = (html: string): URLSearchParams =>
  new URLSearchParams(
    [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
      ([, name = "", value = ""]) => [name, value.replaceAll("&amp;", "&").replaceAll("&quot;", '"')],
    ),
  );

/** The hidden fields of the first form or card behind which `words` stand on a page, as a person would find it. */
export function formOf(html: string, words: string): URLSearchParams {
  const at = html.indexOf(words);
  const card = html.lastIndexOf("<article", at);
  const form = html.lastIndexOf("<form", at);
  return hiddenFields(at < 0 ? "" : html.slice(Math.max(card, form), html.indexOf("</form>", at)));
}

/** Opens `page`, and posts a form of it to `path` with these fields. */
export async function submit(
  browse: Browse,
  page: string,
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<Response> {
  const html = await (await browse(page)).text();
  const csrf = /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
  return browse(path, new URLSearchParams({ csrf, ...fields }));
}

/** Signs in on the page; `page` is where that leads afterwards. */
export async function signInByForm(
  origin: string,
  person: { readonly name: string; readonly password: string },
  page = "/sign-in",
): Promise<Browse> {
  const browse = newBrowse(origin);
  const form = hiddenFields(await (await browse(page)).text());
  form.set("name", person.name);
  form.set("password", person.password);
  await browse("/sign-in", form);
  return browse;
}

/**
 * The authorization code flow with PKCE (RFC 7636) of a program that registers itself (RFC 7591), found through the
 * server's metadata (RFC 8414); the person signs in and says yes on the pages.
 */
export async function signInByOauth(
  origin: string,
  person: { readonly name: string; readonly password: string; readonly scope: string },
): Promise<{
  access_token: string;
  refresh_token: string;
  scope: string;
  tokenEndpoint: string;
  clientId: string;
}> {
  const metadata: Document = await (await fetch(`${origin}/.well-known/oauth-authorization-server`)).json();
  const redirect = "http://127.0.0.1:9/callback";
  const registered: Document = await (
    await fetch(metadata.registration_endpoint, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        client_name: "A test program",
        redirect_uris: [redirect],
        grant_types: ["authorization_code", "refresh_token"],
        token_endpoint_auth_method: "none",
        scope: person.scope,
      }),
    })
  ).json();
  const verifier = randomBytes(32).toString("base64url");
  const asked = new URLSearchParams({
    response_type: "code",
    client_id: registered.client_id,
    redirect_uri: redirect,
    scope: person.scope,
    state: "xyz",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const code = await consent(origin, `${metadata.authorization_endpoint}?${asked}`, person);
  const answer: Document = await (
    await fetch(metadata.token_endpoint, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "authorization_code",
        code,
        redirect_uri: redirect,
        client_id: registered.client_id,
        code_verifier: verifier,
      }),
    })
  ).json();
  return { ...answer, tokenEndpoint: metadata.token_endpoint, clientId: registered.client_id };
}

async function consent(
  origin: string,
  page: string,
  person: { readonly name: string; readonly password: string },
): Promise<string> {
  const browse = await signInByForm(origin, person);
  const html = await (await browse(page)).text();
  const answer = hiddenFields(/<form[^>]*action="\/oauth\/authorize"[\s\S]*?<\/form>/.exec(html)?.[0] ?? "");
  answer.set("decision", "allow");
  const back = new URL((await browse("/oauth/authorize", answer)).headers.get("location") ?? "");
  if (back.searchParams.get("state") !== "xyz") throw new Error("The state did not come back.");
  return back.searchParams.get("code") ?? "";
}
