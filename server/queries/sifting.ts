/** What a person does not want to read is left out of what is shown to them, or stands behind a word (filters). */
import type { Now } from "../lib/clock.ts";
import { toPlainText } from "../lib/html-clean.ts";
import type { FilterContext } from "../moderation/filter.ts";
import { fold, isIn } from "../moderation/matching.ts";
import type { Sifter, Taste } from "../moderation/tastes.ts";
import type { ObjectParts } from "./object-parts.ts";
import type { ObjectView } from "./view.ts";

/** Of one text; a book is not looked through to the end. */
const MAX_SIFTED = 50_000;

export type TasteOf = (actor: number) => Promise<Taste | null>;

/** For a reader in one place: which things are left out, and what of the others is said first. */
export interface Sieve {
  /** Whether it is from a server of which nothing is shown. */
  isAvoided(host: number | null): boolean;
  isHidden(parts: ObjectParts, owner: number | null): boolean;
  /** The same view, or one that says which filters matched. */
  marked(view: ObjectView, parts: ObjectParts | undefined): ObjectView;
}

const OPEN: Sieve = { isAvoided: () => false, isHidden: () => false, marked: (view) => view };

/** The text in which is looked, of parts that many readers share. */
const texts = new WeakMap<ObjectParts, string>();

/** No context: what one has kept oneself is not sifted, and only servers are avoided. */
export type SieveFor = (viewer: number | null, context: FilterContext | null) => Promise<Sieve>;

export function createSieves(deps: { readonly tasteOf?: TasteOf | undefined; readonly now: Now }): SieveFor {
  return async (viewer, context) => {
    const taste = viewer === null ? null : ((await deps.tasteOf?.(viewer)) ?? null);
    if (taste === null) return OPEN;
    const nowMs = deps.now();
    const sifters = taste.sifters.filter(
      ({ contexts, expiresMs }) =>
        context !== null && contexts.has(context) && (expiresMs === null || expiresMs > nowMs),
    );
    return sieveOf(taste, sifters, viewer);
  };
}

function sieveOf({ hosts }: Taste, sifters: readonly Sifter[], viewer: number | null): Sieve {
  const hiding = sifters.filter(({ action }) => action === "hide");
  const matching = (parts: ObjectParts, which: readonly Sifter[]) =>
    which.filter(({ sought }) => sought.some((phrase) => isIn(textOf(parts), phrase)));
  return {
    isAvoided: (host) => host !== null && hosts.has(host),
    isHidden: (parts, owner) => owner !== viewer && hiding.length > 0 && matching(parts, hiding).length > 0,
    marked(view, parts) {
      if (parts === undefined || sifters.length === 0 || view.mine.isAuthor) return view;
      const found = matching(parts, sifters);
      if (found.length === 0) return view;
      return { ...view, filtered: found.map(({ title, action }) => ({ title, action })) };
    },
  };
}

/** Everything that a reader sees or hears of it: title, warning, text, choices, descriptions, tags. */
function textOf(parts: ObjectParts): string {
  const known = texts.get(parts);
  if (known !== undefined) return known;
  const { fixed, poll } = parts;
  const said = [
    fixed.name,
    fixed.summary,
    toPlainText(fixed.contentHtml.slice(0, MAX_SIFTED)),
    toPlainText(fixed.previewHtml.slice(0, MAX_SIFTED)),
    ...(poll?.options ?? []).map(({ name }) => name),
    ...fixed.attachments.map(({ name }) => name),
    ...fixed.hashtags.map(({ name }) => name),
    ...fixed.facts.flatMap(({ values }) => values),
  ];
  // A line between two texts, so that no phrase is found across them.
  const folded = said
    .map((text) => fold(text ?? ""))
    .filter((text) => text !== "")
    .join("\n");
  texts.set(parts, folded);
  return folded;
}
