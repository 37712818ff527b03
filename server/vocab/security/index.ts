/** Keys and proofs in documents (security/v1, FEP-521a, FEP-8b32, FEP-2c59). */
import type { Extension } from "../../core/behaviour.ts";

export const security: Extension = {
  name: "security",
  types: {
    Key: { iri: "https://w3id.org/security#Key", kind: "object", extends: "Object" },
    Multikey: { iri: "https://w3id.org/security#Multikey", kind: "object", extends: "Object" },
  },
};
