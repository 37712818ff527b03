/** The contexts that travel inside the program. No context is ever fetched: an unknown one is empty. */
import type { RemoteDocument } from "jsonld/jsonld-spec";
import { isJsonObject, type JsonObject } from "../lib/json.ts";
import activitystreams from "./contexts/activitystreams.json" with { type: "json" };
import dataIntegrityV1 from "./contexts/data-integrity-v1.json" with { type: "json" };
import dataIntegrityV2 from "./contexts/data-integrity-v2.json" with { type: "json" };
import didV1 from "./contexts/did-v1.json" with { type: "json" };
import multikeyV1 from "./contexts/multikey-v1.json" with { type: "json" };
import securityV1 from "./contexts/security-v1.json" with { type: "json" };

export const ACTIVITYSTREAMS = "https://www.w3.org/ns/activitystreams";
export const SECURITY = "https://w3id.org/security/v1";
export const DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2";
export const MULTIKEY = "https://w3id.org/security/multikey/v1";
export const DID = "https://www.w3.org/ns/did/v1";

const BUNDLED: ReadonlyMap<string, JsonObject> = new Map<string, JsonObject>([
  [ACTIVITYSTREAMS, activitystreams["@context"]],
  [SECURITY, securityV1["@context"]],
  ["https://w3id.org/security/data-integrity/v1", dataIntegrityV1["@context"]],
  [DATA_INTEGRITY, dataIntegrityV2["@context"]],
  [MULTIKEY, multikeyV1["@context"]],
  [DID, didV1["@context"]],
]);

const NOTHING: JsonObject = {};

const find = (url: string): JsonObject | undefined =>
  BUNDLED.get(url) ?? BUNDLED.get(url.replace(/^http:/, "https:").replace(/(?:#|\/|\.jsonld)$/, ""));

/**
 * The context of this URL, in any of the ways in which peers write it (http, final `#` or `/`, `.jsonld`); empty for
 * a URL that we do not know, so that its terms stay as they are.
 */
export const contextOf = (url: string): JsonObject => find(url) ?? NOTHING;

export const isBundled = (url: string): boolean => find(url) !== undefined;

/** All contexts that are shipped, ActivityStreams first. */
export const bundledContexts = (): readonly JsonObject[] => [...BUNDLED.values()];

/** Words of security/v1 that stand in the documents of actors; its others (`creator`, `expires`, `dc`) are anybody's. */
const KEY_WORDS = ["publicKey", "publicKeyPem", "owner"];

/** Words that mean the same in every document of ours, so that none of them may be defined again. */
export function fixedWords(): ReadonlySet<string> {
  const contexts = [...BUNDLED].flatMap(([url, context]) => (url === SECURITY ? [] : [context]));
  return new Set([...contexts.flatMap((context) => Object.keys(context)), ...KEY_WORDS]);
}

/** What each of the fixed words means: an address, or a keyword (`@id`). */
export function fixedMeanings(): ReadonlyMap<string, string> {
  const fixed = fixedWords();
  const meanings = new Map<string, string>();
  for (const context of BUNDLED.values()) {
    const idOf = (word: string): string | null => {
      const said = context[word];
      const iri = isJsonObject(said) ? said["@id"] : said;
      return typeof iri === "string" ? iri : null;
    };
    for (const word of Object.keys(context)) {
      const iri = fixed.has(word) && !word.startsWith("@") && !meanings.has(word) ? idOf(word) : null;
      if (iri === null) continue;
      const [prefix = "", ...name] = iri.split(":");
      const space = Object.hasOwn(context, prefix) ? idOf(prefix) : null;
      meanings.set(word, space === null ? iri : space + name.join(":"));
    }
  }
  return meanings;
}

/** The `documentLoader` of the jsonld library. */
export const loadContext = async (url: string): Promise<RemoteDocument> => ({
  documentUrl: url,
  document: { "@context": contextOf(url) } as RemoteDocument["document"],
});
