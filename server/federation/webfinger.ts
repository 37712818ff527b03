/** WebFinger both ways (RFC 7033): names into actors, and actors into names that they really have. */
import { type AsObject, text } from "../core/object.ts";
import type { Fetch } from "../lib/fetch.ts";
import { isJsonObject, type JsonObject, parseJson } from "../lib/json.ts";
import { isProblem } from "../lib/problem.ts";
import { hostOf, normaliseHost } from "../lib/url.ts";
import { type IntentAbout, intentLinks, intentUrl } from "./intents.ts";

/** A JRD of an honest server is a few hundred bytes. */
const MAX_JRD_BYTES = 64 * 1024;

export interface Webfinger {
  /** The actor's address behind `bob@there.example`, or null. @throws Problem `upstream` when nobody answers. */
  actorOf(handle: string): Promise<string | null>;
  /**
   * Where the person behind the handle can do this from home (FEP-3b86, or the `subscribe` template of OStatus 1.0), or
   * null where nobody is found. @throws Problem `upstream`.
   */
  subscribeUrl(handle: string, about: IntentAbout): Promise<string | null>;
  /** `bob@there.example` where that name leads back to this actor (FEP-2c59); null otherwise. */
  handleOf(actor: AsObject): Promise<string | null>;
}

/** No separators, nothing invisible, no half characters. */
const NAME = /^[^@\s/\p{C}]{1,100}$/u;

/** A handle as people write it (`@Bob@There.example`, `bob@there.example`) in normal form, or null. */
export function parseHandle(written: string): { name: string; host: string } | null {
  const [, name, host] = /^@?([^@\s/\p{C}]{1,100})@([^@\s/]{1,255})$/u.exec(written.trim()) ?? [];
  const normal = normaliseHost(host);
  return name === undefined || normal === null ? null : { name: name.toLowerCase(), host: normal };
}

export function createWebfinger(deps: {
  fetch: Fetch;
  /** Test servers federate over plain http, and need not agree with WebFinger (COMMONS_INSECURE_FEDERATION). */
  isInsecure: boolean;
}): Webfinger {
  async function ask(scheme: string, host: string, resource: string) {
    const answer = await deps.fetch(
      `${scheme}://${host}/.well-known/webfinger?resource=${encodeURIComponent(resource)}`,
      {
        headers: { accept: "application/jrd+json, application/json" },
        maxBytes: MAX_JRD_BYTES,
      },
    );
    if (answer.status !== 200) return null;
    const jrd = parseJson(new TextDecoder().decode(answer.bytes));
    return isJsonObject(jrd) ? jrd : null;
  }

  async function linksOf(written: string): Promise<readonly JsonObject[]> {
    const handle = parseHandle(written);
    if (handle === null) return [];
    const jrd = await asked(handle.host, `acct:${handle.name}@${handle.host}`);
    return Array.isArray(jrd?.links) ? jrd.links.filter(isJsonObject) : [];
  }

  const subscribeUrl = async (written: string, about: IntentAbout): Promise<string | null> =>
    intentUrl(await linksOf(written), about);

  async function actorOf(written: string): Promise<string | null> {
    for (const link of await linksOf(written)) {
      if (link.rel !== "self" || typeof link.href !== "string") continue;
      if (typeof link.type === "string" && /activity\+json|ld\+json/.test(link.type)) return link.href;
    }
    return null;
  }

  async function asked(host: string, resource: string) {
    if (!deps.isInsecure) return ask("https", host, resource);
    try {
      return await ask("http", host, resource);
    } catch (error) {
      // @NOTE In a test network a server may speak either.
      if (!isProblem(error, "upstream")) throw error;
      return ask("https", host, resource);
    }
  }

  async function handleOf(actor: AsObject): Promise<string | null> {
    const name = text(actor, "preferredUsername")?.toLowerCase();
    const own = hostOf(actor.id);
    if (!name || own === null || !NAME.test(name)) return null;
    const claimed = parseHandle((text(actor, "webfinger") ?? "").replace(/^acct:/, ""));
    const handle = claimed ? `${claimed.name}@${claimed.host}` : `${name}@${own}`;
    if (deps.isInsecure) return handle;
    try {
      return (await actorOf(handle)) === actor.id ? handle : null;
    } catch (error) {
      // @NOTE An actor without a confirmed name can still be known by its address.
      if (!isProblem(error, "upstream")) throw error;
      return null;
    }
  }

  return { actorOf, subscribeUrl, handleOf };
}

/** What we answer for somebody here; `aliases` begins with the profile page, which Moodle takes. */
export function jrdFor(given: { subject: string; actorIri: string; pageUrl: string; origin: string }) {
  return {
    subject: given.subject,
    aliases: [given.pageUrl, given.actorIri],
    links: [
      { rel: "http://webfinger.net/rel/profile-page", type: "text/html", href: given.pageUrl },
      { rel: "self", type: "application/activity+json", href: given.actorIri },
      {
        rel: "self",
        type: 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
        href: given.actorIri,
      },
      ...intentLinks(given.origin),
    ],
  };
}
