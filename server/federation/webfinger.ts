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
  /**
   * `bob@there.example` where that name leads back to this actor (FEP-2c59); null otherwise. Names may have another host
   * than addresses: what the actor's own server calls it counts where that host agrees.
   */
  handleOf(actor: AsObject): Promise<string | null>;
}

/** No separators, nothing invisible, no half characters. */
const NAME = /^[^@\s/\p{C}]{1,100}$/u;

interface Name {
  readonly name: string;
  /** In normal form. */
  readonly host: string;
}

/** A handle as people write it (`@Bob@There.example`, `bob@there.example`) in normal form, or null. */
export function parseHandle(written: string): Name | null {
  const given = asWritten(written);
  return given && { ...given, name: given.name.toLowerCase() };
}

/** The same with the name in its own letters, which some servers tell apart (RFC 7565 §4). */
function asWritten(written: string): Name | null {
  const [, name, host] = /^@?([^@\s/\p{C}]{1,100})@([^@\s/]{1,255})$/u.exec(written.trim()) ?? [];
  const normal = normaliseHost(host);
  return name === undefined || normal === null ? null : { name, host: normal };
}

const handleFor = ({ name, host }: Name): string => `${name.toLowerCase()}@${host}`;

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

  /** What that host says of the name: as it is written, else in small letters. */
  async function found({ name, host }: Name): Promise<JsonObject | null> {
    const first = await asked(host, `acct:${name}@${host}`);
    const small = name.toLowerCase();
    return first !== null || small === name ? first : asked(host, `acct:${small}@${host}`);
  }

  async function subscribeUrl(written: string, about: IntentAbout): Promise<string | null> {
    const given = asWritten(written);
    return intentUrl(linksOf(given && (await found(given))), about);
  }

  async function actorOf(written: string): Promise<string | null> {
    const given = asWritten(written);
    return given && selfOf(await found(given));
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
    const name = text(actor, "preferredUsername");
    const own = hostOf(actor.id);
    if (!name || own === null || !NAME.test(name)) return null;
    const claimed = asWritten((text(actor, "webfinger") ?? "").replace(/^acct:/, ""));
    const given = claimed ?? { name, host: own };
    if (deps.isInsecure) return handleFor(given);
    try {
      const said = await found(given);
      if (selfOf(said) !== actor.id) return null;
      const called = claimed ? null : asWritten(String(said?.subject ?? "").replace(/^acct:/, ""));
      const isElsewhere = called !== null && called.host !== own;
      return handleFor(isElsewhere && (await leadsTo(called, actor.id)) ? called : given);
    } catch (error) {
      // @NOTE An actor without a confirmed name can still be known by its address.
      if (!isProblem(error, "upstream")) throw error;
      return null;
    }
  }

  async function leadsTo(name: Name, actor: string): Promise<boolean> {
    try {
      return selfOf(await found(name)) === actor;
    } catch (error) {
      // @NOTE Until that host answers, the name on the actor's own host is good.
      if (!isProblem(error, "upstream")) throw error;
      return false;
    }
  }

  return { actorOf, subscribeUrl, handleOf };
}

const linksOf = (jrd: JsonObject | null): readonly JsonObject[] =>
  Array.isArray(jrd?.links) ? jrd.links.filter(isJsonObject) : [];

/** The address of the actor that it is about. */
function selfOf(jrd: JsonObject | null): string | null {
  for (const link of linksOf(jrd)) {
    if (link.rel !== "self" || typeof link.href !== "string") continue;
    if (typeof link.type === "string" && /activity\+json|ld\+json/.test(link.type)) return link.href;
  }
  return null;
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
