/** Documents at the door: how they are read when they come in, and dressed when they go out. */
import { createNormalise, type Normalise } from "./normalise.ts";
import { createPublish, type Publish } from "./publish.ts";
import { inEverySpelling, inOneSpelling } from "./spellings.ts";
import type { Vocabulary } from "./terms.ts";

export interface Jsonld {
  readonly normalise: Normalise;
  readonly publish: Publish;
}

/** `vocabularies` are those beyond ActivityStreams and the security contexts; extensions of the core are such. */
export function createJsonld(deps: { readonly vocabularies: readonly Vocabulary[] }): Jsonld {
  const normalise = createNormalise(deps.vocabularies);
  const publish = createPublish(deps.vocabularies);
  return {
    normalise: async (document) => inOneSpelling(await normalise(document)),
    publish: (object) => publish(inEverySpelling(object)),
  };
}
