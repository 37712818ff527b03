/** Where posts lead: the first address in each, and what lies behind it. */
import type { Preview } from "../../federation/preview-page.ts";
import { unescapeHtml } from "../../lib/html-clean.ts";
import { parseHttpUrl } from "../../lib/url.ts";
import type { ObjectView } from "../../queries/view.ts";
import { isMedium } from "./entities/attachment.ts";
import { type Card, newCard } from "./entities/card.ts";
import type { Face } from "./face.ts";

const addresses = new WeakMap<ObjectView, string | null>();
const made = new WeakMap<Preview, { readonly version: string; readonly card: Card }>();

/** By the key of the post; what leads nowhere that is known is left out. `isReader` is somebody who is signed in. */
export async function cardsOf(
  face: Pick<Face, "previews" | "pictures" | "origin">,
  views: readonly ObjectView[],
  isReader: boolean,
): Promise<ReadonlyMap<number, Card>> {
  const urls = new Map<number, string>();
  for (const view of views) {
    const url = addressOf(view);
    if (url !== null) urls.set(view.key, url);
  }
  const cards = new Map<number, Card>();
  if (urls.size === 0) return cards;
  const previews = await face.previews.of([...urls.values()], isReader);
  for (const [key, url] of urls) {
    const preview = previews.get(url);
    if (preview) cards.set(key, cardOf(face, url, preview));
  }
  return cards;
}

function cardOf(face: Pick<Face, "pictures" | "origin">, url: string, preview: Preview): Card {
  const version = face.pictures.version();
  const known = made.get(preview);
  if (known?.version === version) return known.card;
  const card = newCard(url, preview, face);
  made.set(preview, { version, card });
  return card;
}

/** Null where it leads nowhere, is not for everybody, or has something of its own to look at. */
function addressOf(view: ObjectView): string | null {
  const known = addresses.get(view);
  if (known !== undefined) return known;
  const isOpen = view.visibility === "public" || view.visibility === "quiet";
  const hasOwn = view.quote !== null || view.attachments.some(isMedium);
  const url = !isOpen || hasOwn || view.isDeleted ? null : firstAddress(view);
  addresses.set(view, url);
  return url;
}

const LINK = /<a\s([^>]*)>/g;
/** People and tags are no addresses, and neither is the line that stands for a quote. */
const NO_ADDRESS = /\sclass="[^"]*\b(?:mention|hashtag|u-url)\b|\srel="[^"]*\btag\b/;

function firstAddress({ attachments, contentHtml }: ObjectView): string | null {
  const attached = attachments.find(({ kind }) => kind === "link")?.url;
  const text = contentHtml.replace(/<p class="quote-inline">.*?<\/p>/s, "");
  for (const candidate of [attached, ...hrefsIn(text)]) {
    const url = parseHttpUrl(candidate);
    if (url !== null) return url.href;
  }
  return null;
}

function* hrefsIn(html: string): Generator<string> {
  for (const [, attributes = ""] of html.matchAll(LINK)) {
    if (NO_ADDRESS.test(` ${attributes}`)) continue;
    const href = /\bhref="([^"]*)"/.exec(attributes)?.[1];
    if (href !== undefined) yield unescapeHtml(href);
  }
}
