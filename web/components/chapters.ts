/** Many sister pages, in chapters: a line of chapters, and below it the pages of the one that is open. */
import { type Html, html } from "../html.ts";
import { tabs } from "./tabs.ts";

export interface Chapter {
  readonly label: string;
  /** Never empty; the chapter leads to the first. */
  readonly pages: readonly { readonly href: string; readonly label: string }[];
}

/** `path` is where the reader is: on one of the pages, or below its address. */
export function chapters(label: string, all: readonly Chapter[], path: string): Html {
  const address = path.split(/[?#]/)[0] ?? path;
  const hrefs = all.flatMap(({ pages }) => pages.map(({ href }) => href));
  const here = hrefs.filter((href) => isAtOrBelow(address, href)).sort((a, b) => b.length - a.length)[0];
  const open = all.find(({ pages }) => pages.some(({ href }) => href === here));
  return html`<div class="chapters">
    ${tabs(
      label,
      all.map((chapter) => ({
        href: chapter.pages[0]?.href ?? address,
        label: chapter.label,
        isHere: chapter === open,
      })),
    )}
    ${
      open !== undefined &&
      open.pages.length > 1 &&
      tabs(
        open.label,
        open.pages.map((page) => ({ ...page, isHere: page.href === here })),
        { isQuiet: true },
      )
    }
  </div>`;
}

const isAtOrBelow = (address: string, href: string): boolean =>
  address === href || address.startsWith(`${href}/`);
