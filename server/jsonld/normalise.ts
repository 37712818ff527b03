/** Any incoming document → the compact form in which the core sees it. */
import { isJsonObject, type JsonObject } from "../lib/json.ts";
import { Problem } from "../lib/problem.ts";
import { createExpand } from "./expand.ts";
import { readPlainly } from "./plain.ts";
import { createTerms, type Vocabulary } from "./terms.ts";

/**
 * A document with `id` and `type` for `@id` and `@type`, short names for every property and type that we know under
 * whatever name (`as:name`, whole IRIs, terms of its own), the full IRI for each spelling of Public, and no empty
 * addresses. Everything unknown is kept as it is, `bto` and `bcc` too; of `@context` what its unknown words mean
 * (`kept.ts`), and nothing else.
 * @throws Problem `invalid` for what is no object, is beyond the limits of `plain.ts`, or uses a forbidden keyword.
 */
export type Normalise = (document: unknown) => Promise<JsonObject>;

/**
 * Nearly every document is plain JSON in names that everybody knows, and is read as such; words of JSON-LD in its body
 * or intricate definitions in its context send it through a processor.
 */
export function createNormalise(vocabularies: readonly Vocabulary[]): Normalise {
  const terms = createTerms(vocabularies);
  const expand = createExpand(vocabularies);

  return async (document) => {
    if (!isJsonObject(document)) throw new Problem("invalid", "Send one JSON object.");
    const read = readPlainly(terms, document);
    if (!read.needsProcessor) return read.document;
    const { kept } = terms.view(document["@context"]);
    const expanded = await expand(document, kept);
    return expanded === null ? read.document : readPlainly(terms, expanded).document;
  };
}
