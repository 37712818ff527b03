/** Clean HTML from the database, put into a page: the only place where markup is not escaped. */
import { h } from "preact";
import type { Html } from "../html.ts";

/** `cleanHtml` must come from `server/lib/html-clean.ts` (every `…Html` property of a view does). */
export function richText(props: {
  readonly cleanHtml: string;
  readonly language?: string | null;
  readonly class?: string;
  /** The level of the heading that it stands under; 1, that of the page, where it is in no card. */
  readonly under?: number;
}): Html {
  return h("div", {
    class: props.class ? `rich-text ${props.class}` : "rich-text",
    lang: props.language ?? undefined,
    dir: "auto",
    dangerouslySetInnerHTML: { __html: asPartOfPage(props.cleanHtml, props.under ?? 1) },
  });
}

/**
 * The text as a part of a page that has more in it: its headings follow the one of level `under` without a gap, whatever
 * levels their author gave them, and what is wider than the page can be moved by keyboard too (WCAG 2.2, 2.1.1).
 */
function asPartOfPage(cleanHtml: string, under: number): string {
  /** Levels, as their author gave them, of the headings that the next one may belong to. */
  const above: number[] = [];
  /** Levels of those that are not closed yet. */
  const open: number[] = [];
  // In clean HTML no attribute contains `<`.
  return cleanHtml.replace(/<(\/?)(pre|h[1-6])(?=[ >])/g, (tag, slash: string, name: string) => {
    if (name === "pre") return slash === "" ? `${tag} tabindex="0"` : tag;
    if (slash !== "") return `</h${open.pop() ?? LOWEST}`;
    const given = Number(name[1]);
    while ((above.at(-1) ?? 0) >= given) above.pop();
    const level = Math.min(under + above.push(given), LOWEST);
    open.push(level);
    return `<h${level}`;
  });
}

/** HTML has no heading below it. */
const LOWEST = 6;
