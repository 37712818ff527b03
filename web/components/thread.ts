/** A conversation around one post: what came before, the post, and the replies, two levels deep and then flat. */
import type { ObjectView } from "../../server/queries/view.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { objectCard } from "./object-card.ts";

/** A reply with the replies to it, oldest first. */
export interface ThreadNode {
  readonly view: ObjectView;
  readonly replies: readonly ThreadNode[];
}

/** The answers below a post; the third level and deeper stand flat and say whom they answer. */
export function replyTree(context: PageContext, nodes: readonly ThreadNode[]): Html {
  return html`<div class="thread">
    ${nodes.map(
      ({ view, replies }) => html`
        ${objectCard(context, { view, as: "reply", showsParent: false })}
        ${
          replies.length > 0 &&
          html`<div key=${`below-${view.key}`} class="thread-nested">
            ${flatten(replies).map(({ view: below, depth }) =>
              objectCard(context, { view: below, as: "reply", showsParent: depth > 0 }),
            )}
          </div>`
        }`,
    )}
  </div>`;
}

/** Replies in reading order, each with how far below the first level it is. */
function flatten(
  nodes: readonly ThreadNode[],
  depth = 0,
): readonly { readonly view: ObjectView; readonly depth: number }[] {
  return nodes.flatMap(({ view, replies }) => [{ view, depth }, ...flatten(replies, depth + 1)]);
}
