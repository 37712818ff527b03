/** Reactions to a thing, from the totals of its lists. */
import { reactionIn } from "../vocab/litepub/reaction.ts";
import type { Pictures } from "./pictures.ts";
import type { TallyRow } from "./store.ts";
import type { ReactionView } from "./view.ts";

/** The most frequent first; what nobody chose any more is left out. */
export function reactionsOf(tallies: readonly TallyRow[], pictures: Pictures): readonly ReactionView[] {
  const found: ReactionView[] = [];
  for (const { name, total, mine } of tallies) {
    const reaction = total > 0 ? reactionIn(name) : null;
    if (reaction === null) continue;
    const { emoji, url } = reaction;
    found.push({
      name: url === null ? emoji : `${emoji} ${url}`,
      emoji,
      url: url && pictures.shown(url, "emoji", null),
      count: total,
      isMine: mine > 0,
    });
  }
  return found.length === 0 ? NONE : found.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

const NONE: readonly ReactionView[] = [];
