/** Activity intents (FEP-3b86): where people do at home what they want to do on another site, both ways. */
import type { JsonObject } from "../lib/json.ts";
import { parseHttpUrl } from "../lib/url.ts";

const REL = "https://w3id.org/fep/3b86/";
/** How servers told it before: one page for everything (OStatus 1.0). */
const SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe";
/** Longer templates are of no use to anybody. */
const MAX_TEMPLATE = 2_000;

/** What a visitor wants to do at home. `reply` is a Create that answers. */
export type Intent = "open" | "follow" | "like" | "announce" | "reply";

export interface IntentAbout {
  readonly intent: Intent;
  /** Of the person or post. */
  readonly iri: string;
  /** Where the visitor comes back to. */
  readonly back: string;
}

const TYPES: Readonly<Record<Intent, string>> = {
  open: "Object",
  follow: "Follow",
  like: "Like",
  announce: "Announce",
  reply: "Create",
};

/** The links of WebFinger for somebody who lives here. */
export function intentLinks(origin: string): readonly { readonly rel: string; readonly template: string }[] {
  const back = "on-success={on-success}&on-cancel={on-cancel}";
  const about = (path: string) => `${origin}/intents/${path}?object={object}&${back}`;
  return [
    { rel: SUBSCRIBE, template: `${origin}/authorize_interaction?uri={uri}` },
    { rel: `${REL}Object`, template: `${origin}/authorize_interaction?uri={object}` },
    { rel: `${REL}Follow`, template: about("follow") },
    // A group is joined by following it.
    { rel: `${REL}Join`, template: about("follow") },
    { rel: `${REL}Like`, template: about("like") },
    { rel: `${REL}Announce`, template: about("announce") },
    {
      rel: `${REL}Create`,
      template: `${origin}/intents/create?name={name}&content={content}&inReplyTo={inReplyTo}&${back}`,
    },
  ];
}

/**
 * Where the visitor goes, from the links of their WebFinger: the intent itself, else a page that opens the thing, else
 * the older one; null where there is none of them. What a template names beyond what we know is left empty (§3.2).
 */
export function intentUrl(links: readonly JsonObject[], { intent, iri, back }: IntentAbout): string | null {
  const values: Readonly<Record<string, string>> = {
    uri: iri,
    ...(intent === "reply" ? { inReplyTo: iri } : { object: iri }),
    "on-success": back,
    "on-cancel": back,
  };
  const needed = intent === "reply" ? "inReplyTo" : "object";
  const candidates = [
    { rel: REL + TYPES[intent], needed, values },
    { rel: `${REL}Object`, needed: "object", values: { ...values, object: iri } },
    { rel: SUBSCRIBE, needed: "uri", values },
  ];
  for (const { rel, needed, values } of candidates) {
    for (const link of links) {
      if (link.rel !== rel || typeof link.template !== "string") continue;
      const url = filled(link.template, needed, values);
      if (url !== null) return url;
    }
  }
  return null;
}

function filled(template: string, needed: string, values: Readonly<Record<string, string>>): string | null {
  if (template.length > MAX_TEMPLATE || !template.includes(`{${needed}}`)) return null;
  const url = template.replace(/\{([^{}]*)\}/g, (_, name: string) =>
    Object.hasOwn(values, name) ? encodeURIComponent(values[name] ?? "") : "",
  );
  return parseHttpUrl(url)?.href ?? null;
}
