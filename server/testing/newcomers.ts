/** Newcomers at mallory.test who have mallory's keys: senders that are cheap to make. */
import { isJsonObject, type JsonObject } from "../lib/json.ts";
import type { World } from "./hostile.ts";
import { post } from "./letters.ts";

/** A Like by `actor`, signed by mallory's private key under the name `keyId`. */
export const likeUnder = (world: World, keyId: string, actor: string, id?: string): Promise<Response> =>
  post(world.app, {
    by: null,
    key: { ...world.mallory.rsa, id: keyId },
    body: {
      ...world.activity(world.mallory, { type: "Like", object: world.open }),
      actor,
      ...(id ? { id } : {}),
    },
  });

let count = 0;
/** A number that nobody has had in this run. */
export const another = (): number => ++count;

/** Somebody new at mallory.test, who has mallory's keys and these changes in the document. */
export function newcomer(
  world: World,
  change: (document: JsonObject, iri: string) => JsonObject = (same) => same,
) {
  const name = `fiend-${another()}`;
  const iri = world.mallory.at(`/users/${name}`);
  const document = JSON.parse(
    JSON.stringify(world.mallory.document).replaceAll(world.mallory.iri, iri),
  ) as JsonObject;
  world.fiends.put(`/users/${name}`, { body: change({ ...document, preferredUsername: name }, iri) });
  return { name, iri, keyId: `${iri}#main-key` };
}

/** The key in an actor's document. */
export function keyOf(document: JsonObject): JsonObject {
  return isJsonObject(document.publicKey) ? document.publicKey : {};
}
