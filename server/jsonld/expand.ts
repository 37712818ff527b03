/** The rare documents that need a JSON-LD processor: expanded, then compacted to our own names. */
import type { ContextDefinition, JsonLdDocument } from "jsonld";
import { isJsonObject, type Json, type JsonObject } from "../lib/json.ts";
import {
  ACTIVITYSTREAMS,
  bundledContexts,
  DATA_INTEGRITY,
  loadContext,
  MULTIKEY,
  SECURITY,
} from "./loader.ts";
import type { Vocabulary } from "./terms.ts";

/** A post with attachments is a tenth of that. Processing costs a hundred times what reading does; what is longer is read plainly. */
const MAX_EXPANDED_LENGTH = 32_000;

/**
 * Gives the document in our names, or null where the processor refuses it, or it is too long for that. Words that are
 * not ours are those of `kept`, which comes with it again, or whole addresses.
 * Contexts come from `loader.ts` alone, so that nothing is fetched. The processor is loaded when it is first needed:
 * it takes a tenth of a second and 17 MB, and most servers never need it.
 */
export function createExpand(vocabularies: readonly Vocabulary[]) {
  // Terms of the bundled contexts are left out: some of them may not be defined again.
  const bundled = new Set(bundledContexts().flatMap((context) => Object.keys(context)));
  const added = vocabularies
    .flatMap(({ types = {}, context = {} }) => [
      ...Object.entries(types).map(([name, { iri }]) => [name, iri] as const),
      ...Object.entries(context),
    ])
    .filter(([term]) => !bundled.has(term));
  const ours = [ACTIVITYSTREAMS, SECURITY, DATA_INTEGRITY, MULTIKEY, Object.fromEntries(added)];

  return async (document: JsonObject, kept: Json | undefined): Promise<JsonObject | null> => {
    if (JSON.stringify(document).length > MAX_EXPANDED_LENGTH) return null;
    const source = { "@context": ACTIVITYSTREAMS, ...document };
    const context = { "@context": [...ours, ...[kept].flat().filter(isJsonObject)] };
    try {
      const { default: jsonld } = await import("jsonld");
      const compacted = await jsonld.compact(source as JsonLdDocument, context as ContextDefinition, {
        documentLoader: loadContext,
      });
      const { "@context": _, ...named } = compacted as unknown as JsonObject;
      return kept === undefined ? named : { "@context": kept, ...named };
    } catch {
      // @NOTE A context that contradicts itself is an ordinary thing to be sent; the caller reads it plainly.
      return null;
    }
  };
}
