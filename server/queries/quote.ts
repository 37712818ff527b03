/** What a document says about quotes: what it quotes, and who may quote it. */
import { isPublic } from "../core/audience.ts";
import type { VisibilityName } from "../core/entity.ts";
import { type AsObject, embedded, id, ids } from "../core/object.ts";
import { webUrl } from "./plain.ts";
import type { ActorView, ObjectView } from "./view.ts";

/** Whom a policy names: more than a few are a list of its own. */
const MAX_NAMED = 20;

/** The address of what it quotes, where it is one at all (BookWyrm's `quote` is a text), and not itself. */
export function quoteIriOf(document: AsObject, own: string): string | null {
  const iri = id(document, "quote");
  return iri === own || webUrl(iri) === null ? null : iri;
}

/** Everybody whose quotes are let through, or looked at; null where the document says nothing of it. */
export function approvalsOf(document: AsObject): readonly string[] | null {
  const policy = embedded(document, "interactionPolicy");
  const canQuote = policy && embedded(policy, "canQuote");
  if (canQuote === null) return null;
  return [...ids(canQuote, "automaticApproval"), ...ids(canQuote, "manualApproval")].slice(0, MAX_NAMED);
}

/** A hint for the button, no more: consent is the author's (FEP-044f). Servers that say nothing give none. */
export function mayQuote(
  of: {
    readonly parts: {
      readonly quotableBy: readonly string[] | null;
      readonly fixed: { readonly isLocal: boolean };
    };
    readonly visibility: VisibilityName;
    readonly author: ActorView | null;
    readonly viewer: number | null;
  },
  isAuthor: boolean,
): boolean {
  if (of.viewer === null || (of.visibility !== "public" && of.visibility !== "quiet")) return false;
  const { quotableBy, fixed } = of.parts;
  if (isAuthor) return true;
  if (quotableBy === null) return fixed.isLocal;
  return quotableBy.some((iri) => isPublic(iri) || iri !== of.author?.iri);
}

/** The nearest choice of the form to what the document says. */
export function policyOf(
  quotableBy: readonly string[] | null,
  author: ActorView | null,
): ObjectView["quotePolicy"] {
  if (quotableBy === null) return null;
  if (quotableBy.some(isPublic)) return "everyone";
  return quotableBy.some((iri) => iri !== author?.iri) ? "followers" : "nobody";
}
