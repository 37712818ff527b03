/** What a person does not want to read is left out of what is shown to them, or stands behind a word (filters). */
import type { Now } from "../lib/clock.ts";
import { toPlainText } from "../lib/html-clean.ts";
import type { FilterContext } from "../moderation/filter.ts";
import { fold, isIn } from "../moderation/matching.ts";
import type { Sifter, Taste } from "../moderation/tastes.ts";
import type { ObjectParts } from "./object-parts.ts";
import type { FilterMatch, ObjectView } from "./view.ts";

/** Of one text; a book is not looked through to the end. */
const MAX_SIFTED = 50_000;

export type TasteOf = (actor: number) => Promise<Taste | null>;

/** For a reader in one place: which things are left out, and what of the others is said first. */
export interface Sieve {
  /** Whether it is from a server of which nothing is shown. */
  isAvoided(host: number | null): boolean;
  /** Whether anything can be left out for what it says. */
  readonly isHiding: boolean;
  isHidden(parts: ObjectParts, owner: number | null): boolean;
  /** The same view, or one that says which filters matched. */
  marked(view: ObjectView, parts: ObjectParts | undefined): ObjectView;
}

const OPEN: Sieve = {
  isAvoided: () => false,
  isHiding: false,
  isHidden: () => false,
  marked: (view) => view,
};

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

function sieveOf({ hosts, hostNames }: Taste, sifters: readonly Sifter[], viewer: number | null): Sieve {
  const hiding = sifters.filter(({ action }) => action === "hide");

  /** What is quoted from a server that is avoided stays away; its address does not. */
  function withoutAvoided(view: ObjectView): ObjectView {
    const host = view.quote?.view?.author?.host;
    return view.quote && host != null && hostNames.has(host)
      ? { ...view, quote: { ...view.quote, state: "unseen", view: null } }
      : view;
  }

  return {
    isAvoided: (host) => host !== null && hosts.has(host),
    isHiding: hiding.length > 0,
    isHidden: (parts, owner) =>
      owner !== viewer &&
      hiding.length > 0 &&
      hiding.some((sifter) => matchOf(sifter, textOf(parts), parts.fixed.key) !== null),
    marked(given, parts) {
      const view = withoutAvoided(given);
      if (parts === undefined || sifters.length === 0 || view.mine.isAuthor) return view;
      const quoted = view.quote?.view;
      const text = quoted ? `${textOf(parts)}\n${foldedOf(quoted, quoted.poll)}` : textOf(parts);
      const found = sifters.flatMap((sifter) => matchOf(sifter, text, view.key) ?? []);
      if (found.length === 0) return view;
      const isCovered = view.attachments.length > 0 && found.some(({ action }) => action === "blur");
      return { ...view, isSensitive: view.isSensitive || isCovered, filtered: found };
    },
  };
}

/** How the filter matches the folded text of the thing of this key, or null. */
function matchOf(sifter: Sifter, text: string, key: number): FilterMatch | null {
  const phrases = sifter.sought.filter((phrase) => isIn(text, phrase));
  const isNamed = sifter.objects.has(key);
  if (phrases.length === 0 && !isNamed) return null;
  return {
    key: sifter.key,
    title: sifter.title,
    action: sifter.action,
    contexts: [...sifter.contexts],
    expiresMs: sifter.expiresMs,
    phrases: phrases.map((phrase) => phrase.text),
    isNamed,
  };
}

function textOf(parts: ObjectParts): string {
  const known = texts.get(parts);
  if (known !== undefined) return known;
  const folded = foldedOf(parts.fixed, parts.poll);
  texts.set(parts, folded);
  return folded;
}

type Texts = Pick<
  ObjectView,
  "name" | "summary" | "contentHtml" | "previewHtml" | "attachments" | "hashtags" | "facts"
>;

/** Everything that a reader sees or hears of it: title, warning, text, choices, descriptions, tags. */
function foldedOf(
  of: Texts,
  poll: { readonly options: readonly { readonly name: string }[] } | null,
): string {
  const said = [
    of.name,
    of.summary,
    toPlainText(of.contentHtml.slice(0, MAX_SIFTED)),
    toPlainText(of.previewHtml.slice(0, MAX_SIFTED)),
    ...(poll?.options ?? []).map(({ name }) => name),
    ...of.attachments.map(({ name }) => name),
    ...of.hashtags.map(({ name }) => name),
    ...of.facts.flatMap(({ values }) => values),
  ];
  // A line between two texts, so that no phrase is found across them.
  return said
    .map((text) => fold(text ?? ""))
    .filter((text) => text !== "")
    .join("\n");
}
