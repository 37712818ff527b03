/** Who may quote a thing, as its author says (FEP-044f, “Advertising a quote policy”). It never proves that a quote is wanted. */
import { isPublic } from "../../core/audience.ts";
import type { Look } from "../../core/behaviour.ts";
import type { Entity } from "../../core/entity.ts";
import { type AsObject, embedded, id, ids, PUBLIC } from "../../core/object.ts";

export const QUOTE_CHOICES = ["everyone", "followers", "nobody"] as const;
export type QuoteChoice = (typeof QUOTE_CHOICES)[number];

interface Policy {
  readonly automatic: readonly string[];
  readonly manual: readonly string[];
}

function policyOf(document: AsObject): Policy | null {
  const policy = embedded(document, "interactionPolicy");
  const canQuote = policy && embedded(policy, "canQuote");
  return (
    canQuote && { automatic: ids(canQuote, "automaticApproval"), manual: ids(canQuote, "manualApproval") }
  );
}

/** `interactionPolicy` for a choice; nobody is said by naming the author alone, because an empty list says nothing. */
export const policyFor = (choice: QuoteChoice, author: { iri: string; followers: string }): AsObject => ({
  canQuote: {
    automaticApproval: [{ everyone: PUBLIC, followers: author.followers, nobody: author.iri }[choice]],
  },
});

/**
 * What `by` may expect of the author, who lives here. What is not for everybody is quoted by its author alone.
 * An author who has said nothing is asked.
 */
export async function verdict(
  look: Look,
  quoted: Entity,
  author: Entity,
  by: Entity,
): Promise<"yes" | "ask" | "no"> {
  if (author.key === by.key) return "yes";
  if (quoted.visibility !== "public" && quoted.visibility !== "quiet") return "no";
  const policy = policyOf(quoted.document ?? {});
  if (policy === null) return "ask";
  const isIn = async (names: readonly string[]): Promise<boolean> => {
    if (names.some(isPublic) || names.includes(by.iri)) return true;
    for (const name of ["followers", "following"]) {
      const list = id(author.document ?? {}, name);
      if (list !== null && names.includes(list) && (await look.isMember(author.key, name, by.key)))
        return true;
    }
    return false;
  };
  if (await isIn(policy.automatic)) return "yes";
  return (await isIn(policy.manual)) ? "ask" : "no";
}
