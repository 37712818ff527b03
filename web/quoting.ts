/** From the forms of quotes and reactions to what activities say: the quoted post, who may quote, and emoji. */
import type { Look } from "../server/core/behaviour.ts";
import type { Entity } from "../server/core/entity.ts";
import type { AsObject } from "../server/core/object.ts";
import { Problem } from "../server/lib/problem.ts";
import type { Visibility } from "../server/queries/view.ts";
import { emojiOf, listOf, REACTIONS, type Reaction, reactionIn } from "../server/vocab/litepub/reaction.ts";
import { policyFor, QUOTE_CHOICES } from "../server/vocab/quote/policy.ts";
import { ACT } from "./forms.ts";

type Get = (name: string) => string | null;

/** The post that the form quotes, or null. @throws Problem `not-found`, or `invalid` for what is not for everybody. */
export async function quotedIn(look: Look, me: Entity, get: Get): Promise<Entity | null> {
  const iri = get(ACT.fields.quote);
  if (!iri) return null;
  const quoted = await look.find(iri);
  if (!quoted?.document || quoted.kind !== "object" || !(await look.maySee(me.key, quoted.key)))
    throw new Problem("not-found", "The post that you quote is gone.");
  if (quoted.visibility !== "public" && quoted.visibility !== "quiet")
    throw new Problem("invalid", "Only what everybody may see can be quoted.", { field: ACT.fields.quote });
  return quoted;
}

/** Posts that not everybody can see are quoted by nobody. */
export function policyIn(get: Get, visibility: Visibility, me: { iri: string; followers: string }): AsObject {
  const choice = QUOTE_CHOICES.find((each) => each === get(ACT.fields.quotePolicy)) ?? "everyone";
  const isOpen = visibility === "public" || visibility === "quiet";
  return policyFor(isOpen ? choice : "nobody", me);
}

/** `written` is what was typed, or `ReactionView.name`. @throws Problem `invalid` where that is no emoji. */
export function reactionDraft(object: Entity, written: string): AsObject {
  const { emoji, url } = reactionFrom(written);
  return {
    type: "EmojiReact",
    object: object.iri,
    content: emoji,
    ...(url === null ? {} : { tag: [{ type: "Emoji", name: emoji, icon: { type: "Image", url } }] }),
  };
}

/** @throws Problem `not-found` where the person has not reacted so. */
export async function reactionUndone(
  look: Look,
  me: Entity,
  object: Entity,
  written: string,
): Promise<AsObject> {
  const cause = await look.causeOf(object.key, listOf(reactionFrom(written)), me.key);
  const done = cause === null ? null : await look.byKey(cause);
  if (done === null) throw new Problem("not-found", "There is nothing to undo: it was undone already.");
  return { type: "Undo", object: done.iri };
}

function reactionFrom(written: string): Reaction {
  const custom = reactionIn(REACTIONS + written.trim());
  if (custom !== null && custom.url !== null) return custom;
  const emoji = emojiOf(written);
  if (emoji === null) throw new Problem("invalid", "Write one emoji.", { field: ACT.fields.content });
  return { emoji, url: null };
}
