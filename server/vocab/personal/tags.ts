/** Tags as things: what somebody follows, and shows on their page, is the address of the tag's page here. */
import { bareTag } from "../../lib/hashtag.ts";
import { sameOrigin } from "../../lib/url.ts";

/** Longer ones are texts (as `core/apply.ts` indexes them). */
const MAX_TAG = 200;

/** A tag as it is stored; null where it is none. */
export function tagOf(text: string): string | null {
  const bare = bareTag(text);
  return /^[\p{L}\p{M}\p{N}_·・]+$/u.test(bare) && /\P{N}/u.test(bare) && bare.length <= MAX_TAG
    ? bare
    : null;
}

/** The tag whose page here the address is, in its one spelling; null for anything else. `origin` is anything of ours. */
export function tagAt(iri: string, origin: string): string | null {
  if (!sameOrigin(iri, origin)) return null;
  const name = /^https?:\/\/[^/]+\/tags\/([^/?#]+)$/.exec(iri)?.[1];
  if (name === undefined) return null;
  const tag = tagOf(decoded(name));
  return tag !== null && encodeURIComponent(tag) === name ? tag : null;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // @NOTE A name that is badly encoded is no tag.
    return "";
  }
}
