/** Our face to other servers: inboxes, discovery, and documents at the addresses that browsers see as pages. */
import { type AnyElysia, Elysia } from "elysia";
import type { Addresses } from "../core/addresses.ts";
import type { Look } from "../core/behaviour.ts";
import { isOutOfSight } from "../core/entity.ts";
import { Problem } from "../lib/problem.ts";
import { originOf } from "../lib/url.ts";
import { ACCEPT_SIGNATURE } from "../signatures/accept-signature.ts";
import type { RequestParts } from "../signatures/request.ts";
import type { Authenticate } from "./authenticate.ts";
import { signingHost } from "./flood.ts";
import type { Inbox } from "./inbox.ts";
import { isActivityType } from "./media-type.ts";
import type { Nodeinfo, NodeinfoVersion } from "./nodeinfo.ts";
import type { Serve, Served } from "./serve.ts";
import { PARTIAL_FOLLOWERS } from "./synchronise.ts";
import { jrdFor, parseHandle } from "./webfinger.ts";

/** Discovery is asked for over and over by every server that knows somebody here. */
const DISCOVERY_CACHE = "public, max-age=3600";

interface Gate {
  mode(): "open" | "partners" | "closed";
  refusal(host: string): string | null;
}

export interface FederationFace {
  routes(): AnyElysia;
  /** The document at an address, in the media type asked for; for who signs the request or bears a token. */
  document(request: Request, mediaType: string): Promise<Response>;
}

export function createFederationFace(deps: {
  addresses: Addresses;
  look: Look;
  inbox: Inbox;
  serve: Serve;
  nodeinfo: Nodeinfo;
  authenticate: Authenticate;
  /** The part of our name behind the @, and what a problem looks like here. */
  host: string;
  onError: (context: { readonly error: unknown; readonly request: Request }) => Promise<Response>;
  /** The actor behind a bearer token or session, or null. */
  tokenActor: (request: Request) => Promise<number | null>;
  isShown: (actor: number) => Promise<boolean>;
  /** Followers of the actor at this origin, or null (`Synchronise.partial`). */
  partialFollowers: (actor: number, origin: string) => Promise<readonly string[] | null>;
  /** The switch and the domain rules (`moderation/gate.ts`). */
  gate: Gate;
  /** Whom limits are counted for. */
  networkOf: (request: Request) => string;
}): FederationFace {
  const { addresses, look, gate } = deps;

  /** As its sender saw it: our own origin, whatever a proxy made of it. */
  async function partsOf(request: Request): Promise<RequestParts> {
    const url = new URL(request.url);
    const hasBody = request.method === "POST";
    return {
      method: request.method,
      url: `${addresses.origin}${url.pathname}${url.search}`,
      headers: request.headers,
      body: hasBody ? new Uint8Array(await request.arrayBuffer()) : new Uint8Array(),
    };
  }

  async function receive(request: Request, name: string | null): Promise<Response> {
    const type = request.headers.get("content-type");
    if (!isActivityType(type) && !/^application\/json\b/i.test(type ?? "")) {
      throw new Problem("invalid", "Send application/activity+json.", { reason: "unsupported-media-type" });
    }
    const owner = name === null ? null : await localActor(name);
    const answer = await deps.inbox.post(await partsOf(request), owner, deps.networkOf(request));
    return new Response(answer.reason, {
      status: answer.status,
      headers: {
        "content-type": "text/plain; charset=utf-8",
        ...(answer.status === 503 ? { "retry-after": "60" } : {}),
        ...(answer.status === 401 ? { "accept-signature": ACCEPT_SIGNATURE } : {}),
        ...(answer.retryAfterSeconds === undefined
          ? {}
          : { "retry-after": String(answer.retryAfterSeconds) }),
      },
    });
  }

  async function localActor(name: string): Promise<number> {
    const actor = await look.find(addresses.actor(name.toLowerCase()));
    if (actor?.kind !== "actor" || actor.deletedMs !== null || !(await deps.isShown(actor.key))) {
      throw new Problem("not-found", "Nobody of this name lives here.");
    }
    return actor.key;
  }

  /**
   * Who may read documents. Closed: people who live here alone. Partners only: them, and whoever signs as a partner; the
   * actor of the server is given to all, or two servers that meet would each wait for the key of the other. Open:
   * everybody but those who sign as a server that is refused.
   */
  async function admit(request: Request, path: string): Promise<void> {
    const mode = gate.mode();
    if (mode === "open") {
      const host = request.headers.has("signature") ? signingHost(request.headers) : null;
      const reason = host === null ? null : gate.refusal(host);
      if (reason !== null) throw new Problem("forbidden", reason, { reason: "refused" });
      return;
    }
    if (mode === "partners" && path === new URL(addresses.actor(SERVER_ACTOR)).pathname) return;
    if ((await deps.tokenActor(request)) !== null) return;
    if (mode === "partners" && request.headers.has("signature")) {
      const sender = await deps.authenticate.request(await partsOf(request));
      if (sender.outcome === "actor") return;
      throw new Problem("forbidden", sender.outcome === "refused" ? sender.reason : "The key is gone.", {
        reason: "refused",
      });
    }
    throw new Problem("forbidden", gate.refusal("") ?? "", { reason: "refused" });
  }

  /** Names, numbers of people and the like: a partner asks for them without a signature. */
  async function admitDiscovery(request: Request): Promise<void> {
    if (gate.mode() === "closed" && (await deps.tokenActor(request)) === null)
      throw new Problem("forbidden", gate.refusal("") ?? "", { reason: "refused" });
  }

  async function nodeinfo(request: Request, version: NodeinfoVersion): Promise<Response> {
    await admitDiscovery(request);
    const type = `application/json; profile="http://nodeinfo.diaspora.software/ns/schema/${version}#"`;
    return json(await deps.nodeinfo.document(version), type);
  }

  async function webfinger(request: Request, resource: string | undefined): Promise<Response> {
    await admitDiscovery(request);
    if (!resource)
      throw new Problem("invalid", "Say whom you look for: ?resource=acct:name@host.", { field: "resource" });
    const name = nameOf(resource);
    const actor = name === null ? null : await look.find(addresses.actor(name));
    if (
      name === null ||
      actor?.kind !== "actor" ||
      actor.deletedMs !== null ||
      !(await deps.isShown(actor.key))
    ) {
      throw new Problem("not-found", "Nobody of this name lives here.");
    }
    const jrd = jrdFor({
      subject: `acct:${name}@${deps.host}`,
      actorIri: actor.iri,
      pageUrl: `${addresses.origin}/@${name}`,
      origin: addresses.origin,
    });
    return json(jrd, "application/jrd+json");
  }

  /**
   * `acct:alice@host`, the actor's address or its page; and the bare domain, which means the server (FEP-d556). Schemes and
   * hosts are the same in capitals (RFC 3986 §6.2.2.1).
   */
  function nameOf(given: string): string | null {
    const [, handle] = /^acct:(.*)$/is.exec(given) ?? [];
    const account = handle === undefined ? null : parseHandle(handle);
    if (account !== null) {
      if (account.host !== deps.host) return null;
      return account.name === deps.host ? SERVER_ACTOR : account.name;
    }
    const resource = given.replace(/^https?:\/\/[^/?#]*/i, (start) => start.toLowerCase());
    if (resource === addresses.origin || resource === `${addresses.origin}/`) return SERVER_ACTOR;
    const place = addresses.parse(resource);
    if (place?.what === "actor" && place.collection === null) return place.name.toLowerCase();
    const [, page] = resource.startsWith(`${addresses.origin}/@`)
      ? (/\/@([A-Za-z0-9_.-]+)$/.exec(resource) ?? [])
      : [];
    return page?.toLowerCase() ?? null;
  }

  /** Who asks: by signature, else by token. A bad signature is nobody, and so is who is suspended; what is public stays so. */
  async function asker(request: Request): Promise<number | null> {
    if (!request.headers.has("signature")) return deps.tokenActor(request);
    const sender = await deps.authenticate.request(await partsOf(request));
    if (sender.outcome !== "actor") return null;
    // A server that asks in its own name for the first time is met by that.
    const actor = await look.fetch(sender.actorIri);
    return actor === null || isOutOfSight(actor) ? null : actor.key;
  }

  /** The followers at the server that signs the request, and nobody else's (FEP-8fcf). */
  async function partialFollowers(request: Request, name: string): Promise<object> {
    const followed = await localActor(name);
    const sender = await deps.authenticate.request(await partsOf(request));
    const origin = sender.outcome === "actor" ? originOf(sender.actorIri) : null;
    if (origin === null) throw new Problem("unauthenticated", "Sign the request as an actor of your server.");
    const items = await deps.partialFollowers(followed, origin);
    if (items === null) throw new Problem("not-found", "There are too many of them to be listed.");
    return {
      "@context": "https://www.w3.org/ns/activitystreams",
      id: `${addresses.origin}${new URL(request.url).pathname}`,
      type: "OrderedCollection",
      totalItems: items.length,
      orderedItems: items,
    };
  }

  return {
    async document(request, mediaType) {
      const url = new URL(request.url);
      let served: Served;
      try {
        await admit(request, url.pathname);
        const [, followed] = PARTIAL.exec(url.pathname) ?? [];
        if (followed !== undefined)
          return json(await partialFollowers(request, followed), mediaType, "private, no-store");
        served = await deps.serve.get(url.pathname + url.search, () => asker(request));
      } catch (error) {
        return deps.onError({ error, request });
      }
      const headers = {
        "content-type": served.status === 404 ? "application/problem+json" : mediaType,
        vary: "Accept, Signature, Authorization, Cookie",
        "cache-control":
          served.isPublic && gate.mode() === "open" ? "public, max-age=60" : "private, no-store",
      };
      if (request.method !== "HEAD") return new Response(served.body, { status: served.status, headers });
      // Bun would say that it is empty, and a cache that the copy which it has is no longer good (RFC 9111 §4.3.5).
      const length = { "content-length": String(Buffer.byteLength(served.body)) };
      return new Response(null, { status: served.status, headers: { ...headers, ...length } });
    },

    routes() {
      return new Elysia({ name: "federation" })
        .onError(deps.onError)
        .post("/inbox", ({ request }) => receive(request, null), { parse: "none" })
        .post("/users/:name/inbox", ({ request, params }) => receive(request, params.name), { parse: "none" })
        .get("/.well-known/webfinger", ({ request, query }) => webfinger(request, query.resource))
        .get("/.well-known/nodeinfo", async ({ request }) => {
          await admitDiscovery(request);
          return json(deps.nodeinfo.links(), "application/json");
        })
        .get("/nodeinfo/2.0", ({ request }) => nodeinfo(request, "2.0"))
        .get("/nodeinfo/2.1", ({ request }) => nodeinfo(request, "2.1"))
        .get("/.well-known/host-meta", async ({ request }) => {
          await admitDiscovery(request);
          return hostMeta(addresses.origin);
        }) as unknown as AnyElysia;
    },
  };
}

/** The name of the actor that stands for this server. */
export const SERVER_ACTOR = "commons";

const json = (body: object, type: string, cache = DISCOVERY_CACHE): Response =>
  new Response(JSON.stringify(body), { headers: { "content-type": type, "cache-control": cache } });

const PARTIAL = new RegExp(`^/users/([A-Za-z0-9_.-]{1,64})/${PARTIAL_FOLLOWERS}$`);

/** RFC 6415: some servers still look here for the WebFinger address. */
const hostMeta = (origin: string): Response =>
  new Response(
    `<?xml version="1.0" encoding="UTF-8"?>
<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">
  <Link rel="lrdd" template="${origin}/.well-known/webfinger?resource={uri}"/>
</XRD>
`,
    { headers: { "content-type": "application/xrd+xml", "cache-control": DISCOVERY_CACHE } },
  );
