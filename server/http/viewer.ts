/** Who is asking, and what they may do: from a session cookie or a bearer token. */
import type { Origin, Role } from "../accounts/account.ts";
import type { SignedIn } from "../accounts/sessions.ts";
import { isPassing, isProblem, Problem } from "../lib/problem.ts";
import { originOfRequest } from "./connection.ts";
import type { Cookies } from "./cookies.ts";
import { requireSameSite } from "./csrf.ts";

/** The page on which people set up a second factor. */
const FACTORS_PATH = "/settings/sign-in";

export interface Viewer {
  /** An account has the key of its actor. */
  readonly accountKey: number;
  readonly actorKey: number;
  readonly name: string;
  readonly role: Role;
  /** BCP 47, or null where the browser decides. */
  readonly locale: string | null;
  /** What the person let a program do, or `"session"`: everything that they may do themselves. */
  readonly scopes: readonly string[] | "session";
  /** The browser's session, when it is one. */
  readonly sessionKey: number | null;
  /** When they last proved in this session who they are; absent without one. */
  readonly provedMs?: number;
  /** Their role needs a second factor, and they have none: in this session nothing else is possible before. */
  readonly mustSetUp?: boolean;
  /** The consent behind the token, when it is one: streams close when it is withdrawn. */
  readonly consent: number | null;
  /** When the token ends by itself; absent or null for no end. */
  readonly endsMs?: number | null;
  readonly client: ViewerClient | null;
}

/** The program that a token was given to. */
export interface ViewerClient {
  readonly key: number;
  readonly id: string;
  readonly name: string;
  readonly website: string | null;
}

/** What a token stands for; no account when the program speaks for itself. */
export interface TokenHolder {
  readonly consent: number;
  /** Null for no end. */
  readonly expiresMs: number | null;
  readonly scopes: readonly string[];
  readonly client: ViewerClient;
  /** Made by whoever runs this machine (`commons token create`): good without a second factor. */
  readonly isByOperator: boolean;
  readonly account: {
    readonly key: number;
    readonly name: string;
    readonly role: Role;
    readonly locale: string | null;
    readonly hasFactor: boolean;
  } | null;
}

export interface Viewers {
  /**
   * Null for nobody. Throws Problem `unauthenticated` when a token is given and no good, `forbidden` when a
   * cookie comes with a request that changes something and was not sent by one of our pages.
   */
  find(request: Request): Promise<Viewer | null>;
  /** Throws Problem `unauthenticated` for nobody, `forbidden` where the scope is lacking. */
  require(request: Request, scope: string): Promise<Viewer>;
  /** For what is public, and shows more to those who may: nobody, or a viewer without the scope, is null. */
  optional(request: Request, scope: string): Promise<Viewer | null>;
  /**
   * For pages: who is signed in in this browser. Refuses nobody: without a session, or when the request would
   * change something and was not sent by one of our pages, it is null (and `csrf.check` refuses). Throws what `isPassing`
   * where it cannot be known: nobody is signed out by a database that is away.
   */
  inBrowser(request: Request): Promise<Viewer | null>;
  /** For what sends its token in another way (a WebSocket). Throws Problem `unauthenticated`. */
  fromToken(token: string): Promise<Viewer>;
  /** The program itself or the person behind it (RFC 6749 §4.4). Throws Problem `unauthenticated`. */
  requireClient(request: Request): Promise<TokenHolder>;
}

export function createViewers(deps: {
  readonly origin: string;
  readonly cookies: Cookies;
  /** `accounts.sessions.find`. */
  readonly findSession: (token: string, origin: Origin) => Promise<SignedIn | null>;
  /** `oauth.findToken`. */
  readonly findToken: (token: string) => Promise<TokenHolder | null>;
  /** Whether people of this role must have a second factor. */
  readonly needsFactor: (role: Role) => boolean;
  /** `allows` of `oauth/provider/scopes.ts`. */
  readonly allows: (granted: readonly string[], needed: string) => boolean;
}): Viewers {
  const { origin, cookies, findSession, findToken, needsFactor, allows } = deps;
  const found = new WeakMap<Request, Promise<Viewer | null>>();

  async function look(request: Request): Promise<Viewer | null> {
    const token = bearerToken(request);
    if (token !== null) return fromToken(token);
    const viewer = await lookInCookie(request);
    if (viewer?.mustSetUp !== true) return viewer;
    throw factorMissing();
  }

  async function lookInCookie(request: Request): Promise<Viewer | null> {
    const cookie = cookies.session(request);
    if (cookie === null) return null;
    const session = await findSession(cookie, originOfRequest(request));
    if (session === null) return null;
    // A cookie goes wherever the browser goes, so what it changes must come from our own pages.
    if (!isReading(request)) requireSameSite(request, origin);
    const { sessionKey, account, name, role, locale, provedMs, mustSetUp } = session;
    return {
      accountKey: account,
      actorKey: account,
      name,
      role,
      locale,
      scopes: "session",
      sessionKey,
      provedMs,
      mustSetUp,
      consent: null,
      client: null,
    };
  }

  async function fromToken(token: string): Promise<Viewer> {
    const holder = await holderOf(token);
    if (holder.account === null) {
      throw new Problem("forbidden", "This token is not for a person. Ask somebody for access first.", {
        reason: "client-not-authorized",
      });
    }
    return toViewer(holder, holder.account);
  }

  /** As for sessions: until the person has a second factor, a program may do nothing for them. */
  function toViewer(holder: TokenHolder, account: NonNullable<TokenHolder["account"]>): Viewer {
    if (!account.hasFactor && !holder.isByOperator && needsFactor(account.role)) throw factorMissing();
    return viewerOf(holder, account);
  }

  const factorMissing = (): Problem =>
    new Problem(
      "forbidden",
      `Your role here needs a second factor. Open ${origin}${FACTORS_PATH} in a browser and set one up first.`,
      { reason: "second-factor-missing" },
    );

  async function holderOf(token: string): Promise<TokenHolder> {
    const holder = await findToken(token);
    if (holder !== null) return holder;
    throw new Problem("unauthenticated", "The access token is not valid, or not any more.", {
      reason: "invalid_token",
    });
  }

  function find(request: Request): Promise<Viewer | null> {
    let viewer = found.get(request);
    if (!viewer) {
      viewer = look(request);
      found.set(request, viewer);
    }
    return viewer;
  }

  const mayDo = (viewer: Viewer, scope: string): boolean =>
    viewer.scopes === "session" || allows(viewer.scopes, scope);

  return {
    find,
    fromToken,
    async require(request, scope) {
      const viewer = await find(request);
      if (viewer === null) throw signInFirst();
      if (mayDo(viewer, scope)) return viewer;
      throw new Problem("forbidden", `The token lacks the scope ${scope}. Ask for access again.`, {
        reason: "insufficient_scope",
      });
    },
    async optional(request, scope) {
      const viewer = bearerToken(request) === null ? await find(request) : await personOrNull(request);
      return viewer !== null && mayDo(viewer, scope) ? viewer : null;
    },
    async inBrowser(request) {
      try {
        return await lookInCookie(request);
      } catch (error) {
        if (isProblem(error) && !isPassing(error)) return null;
        throw error;
      }
    },
    async requireClient(request) {
      const token = bearerToken(request);
      if (token === null) throw signInFirst();
      return holderOf(token);
    },
  };

  /** A program's own token reads what is public. */
  async function personOrNull(request: Request): Promise<Viewer | null> {
    const holder = await holderOf(bearerToken(request) ?? "");
    return holder.account === null ? null : toViewer(holder, holder.account);
  }
}

const viewerOf = (holder: TokenHolder, account: NonNullable<TokenHolder["account"]>): Viewer => ({
  accountKey: account.key,
  actorKey: account.key,
  name: account.name,
  role: account.role,
  locale: account.locale,
  scopes: holder.scopes,
  sessionKey: null,
  consent: holder.consent,
  endsMs: holder.expiresMs,
  client: holder.client,
});

/** RFC 6750 §2.1; tokens in the address or the body are not taken. */
export function bearerToken(request: Request): string | null {
  const header = request.headers.get("authorization");
  return header === null ? null : (/^bearer +([\w.~+/=-]+)$/i.exec(header.trim())?.[1] ?? null);
}

/** A WebSocket begins with a GET, and then may say anything. */
const isReading = ({ method, headers }: Request): boolean =>
  (method === "GET" || method === "HEAD" || method === "OPTIONS") && !headers.has("upgrade");

const signInFirst = (): Problem => new Problem("unauthenticated", "Sign in first.", { reason: "sign-in" });
