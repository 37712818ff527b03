/** Clean HTML from the database, put into a page: the only place where markup is not escaped. */
import { h } from "preact";
import type { Html } from "../html.ts";

/** `cleanHtml` must come from `server/lib/html-clean.ts` (every `…Html` property of a view does). */
export function richText(props: {
  readonly cleanHtml: string;
  readonly language?: string | null;
  readonly class?: string;
}): Html {
  return h("div", {
    class: props.class ? `rich-text ${props.class}` : "rich-text",
    lang: props.language ?? undefined,
    dir: "auto",
    dangerouslySetInnerHTML: { __html: props.cleanHtml },
  });
}
