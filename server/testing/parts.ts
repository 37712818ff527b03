/** What is read out of a document alone, with no database: for tests of views. */
import { createAddresses } from "../core/addresses.ts";
import type { AsObject } from "../core/object.ts";
import { createRegistry } from "../core/registry.ts";
import { cleanHtml } from "../lib/html-clean.ts";
import { createKeys } from "../lib/id.ts";
import { actorViewOf } from "../queries/actor-parts.ts";
import { objectPartsOf } from "../queries/object-parts.ts";
import { PLAIN_PICTURES } from "../queries/pictures.ts";
import type { ActorView } from "../queries/view.ts";
import { vocabularies } from "../vocab/index.ts";

/** When everything came here. */
export const CAME_MS = Date.parse("2026-03-01T12:00:00Z");
const key = createKeys({ now: () => CAME_MS }).next();

const registry = createRegistry(vocabularies);
const deps = {
  registry,
  addresses: createAddresses("https://a.test"),
  clean: cleanHtml,
  pictures: PLAIN_PICTURES,
};

/** Of something at `https://b.test/1`; `links` lead from addresses elsewhere to pages here. */
export function readParts(
  document: Record<string, unknown>,
  options: { language?: string; links?: Map<string, string> } = {},
) {
  const type = registry.knownType(document as AsObject);
  const row = {
    ...{ key, iri: "https://b.test/1", host: 1, kind: "object" as const, type, document: "" },
    ...{ updated: null, fetched: CAME_MS },
  };
  const known = { links: options.links ?? new Map<string, string>(), mentions: [], parentKey: null };
  const parts = objectPartsOf(deps, row, document as AsObject, known, options.language ?? "en");
  return { ...parts, ...parts.fixed };
}

/** Of `https://b.test/users/bob`; `handle` as WebFinger confirmed it. */
export function readActorParts(document: Record<string, unknown>, handle: string | null = null): ActorView {
  const row = { key, iri: "https://b.test/users/bob", host: 1, type: "Person", document: "" };
  return actorViewOf(deps, row, document as AsObject, handle);
}
