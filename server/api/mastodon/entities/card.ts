/** What lies behind an address as a `PreviewCard`. */
import type { Preview } from "../../../federation/preview-page.ts";
import type { Pictures } from "../../../queries/pictures.ts";
import { wholeUrl } from "./markup.ts";

export interface Card {
  readonly url: string;
  readonly title: string;
  readonly description: string;
  readonly language: string | null;
  readonly type: "link";
  readonly author_name: string;
  readonly author_url: string;
  readonly authors: readonly object[];
  readonly provider_name: string;
  readonly provider_url: string;
  readonly html: string;
  readonly width: number;
  readonly height: number;
  readonly image: string | null;
  readonly image_description: string;
  readonly embed_url: string;
  readonly blurhash: string | null;
  readonly published_at: string | null;
}

/** `url` is an honest one: clients take it apart without a look. */
export function newCard(
  url: string,
  preview: Preview,
  { origin, pictures }: { readonly origin: string; readonly pictures: Pictures },
): Card {
  const { host, origin: site } = new URL(url);
  const shown = preview.imageUrl && pictures.shown(preview.imageUrl, "picture", host);
  const { author, authorUrl } = preview;
  return {
    url,
    title: preview.title,
    description: preview.description,
    language: preview.language,
    type: "link",
    author_name: author,
    author_url: authorUrl,
    authors: author === "" ? [] : [{ name: author, url: authorUrl, account: null }],
    provider_name: preview.provider || host,
    provider_url: site,
    html: "",
    width: preview.width,
    height: preview.height,
    image: shown ? wholeUrl(shown, origin) : null,
    image_description: preview.imageText,
    embed_url: "",
    blurhash: null,
    published_at: null,
  };
}
