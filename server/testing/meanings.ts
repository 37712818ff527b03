/** What a strict JSON-LD processor understands of a document: the addresses of its properties and types. */
import type { JsonLdDocument } from "jsonld";
import { loadContext } from "../jsonld/loader.ts";
import { isJsonObject, type Json, type JsonObject } from "../lib/json.ts";

/** The document expanded (JSON-LD 1.1 API §5.1). Throws where a processor refuses it. */
export async function expanded(document: JsonObject): Promise<Json> {
  const { default: jsonld } = await import("jsonld");
  const result = await jsonld.expand(document as JsonLdDocument, { documentLoader: loadContext });
  return result as unknown as Json;
}

/** In alphabetical order. Words that no context defines are left out; schema.org counts as one, however it is written. */
export async function meanings(document: JsonObject): Promise<readonly string[]> {
  const found = new Set<string>();
  collect(await expanded(document), (iri) => {
    if (!iri.startsWith("_:")) found.add(iri.replace(/^https?:\/\/schema\.org[/#]/, "http://schema.org/"));
  });
  return [...found].sort();
}

function collect(value: Json | undefined, add: (iri: string) => void): void {
  if (Array.isArray(value)) for (const item of value) collect(item, add);
  if (!isJsonObject(value)) return;
  for (const [property, inner] of Object.entries(value)) {
    if (property === "@type") for (const type of [inner].flat()) add(String(type));
    if (!property.startsWith("@")) add(property);
    collect(inner, add);
  }
}
