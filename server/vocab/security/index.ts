/** Keys and proofs in documents (security/v1, FEP-521a, FEP-8b32, FEP-2c59), and what programs can do (FEP-844e). */
import type { Extension } from "../../core/behaviour.ts";

export const security: Extension = {
  name: "security",
  context: {
    implements: { "@id": "https://w3id.org/fep/844e/implements", "@type": "@id", "@container": "@list" },
  },
  types: {
    Key: { iri: "https://w3id.org/security#Key", kind: "object", extends: "Object" },
    Multikey: { iri: "https://w3id.org/security#Multikey", kind: "object", extends: "Object" },
  },
};
