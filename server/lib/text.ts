/** From what a person types to HTML, with the people, hashtags and addresses in it as links. */
import { type Piece, piecesOf } from "./find-links.ts";
import { cleanHtml, escapeHtml, tokensOf, unescapeHtml } from "./html-clean.ts";
import { asLink, hashtagLink, type Mentioned, mentionLink } from "./link-html.ts";

export interface TextLinks {
  /** The person behind `name` or `name@host`, or null: then it stays text. Asked once for each handle. */
  readonly mention?: (handle: string) => Promise<Mentioned | null> | Mentioned | null;
  /** Where a hashtag (without its #) leads, or null: then it stays text. */
  readonly hashtag?: (name: string) => string | null;
}

export interface Written {
  readonly html: string;
  /** People who are linked, each once, in order. */
  readonly mentions: readonly { readonly handle: string; readonly iri: string }[];
  /** Hashtags that are linked, without #, each once whatever its case, as first written. */
  readonly hashtags: readonly string[];
}

/** Each may cost a request to another server; nobody addresses more people by hand. */
const MAX_HANDLES = 50;

/**
 * CommonMark with tables and strikethrough; a line break is a line break. HTML that is typed is shown as text. Nothing
 * inside code or links becomes a link.
 */
export const fromMarkdown = (text: string, links: TextLinks = {}): Promise<Written> =>
  linked(withBreaks(fromMarkdownUnlinked(text)), links);

/** `fromMarkdown` for texts about nobody (rules, help pages): addresses become links, mentions and hashtags do not. */
export const fromMarkdownText = (text: string): string =>
  render(withBreaks(fromMarkdownUnlinked(text)), asLink);

/** Plain text with its paragraphs and line breaks; addresses become links, mentions and hashtags do not. */
export const fromPlain = (text: string): string => render(fromPlainUnlinked(text), asLink);

/** `fromPlain` with mentions and hashtags as links. */
export const fromPlainLinked = (text: string, links: TextLinks): Promise<Written> =>
  linked(fromPlainUnlinked(text), links);

/**
 * Stands for `_` and `~` inside addresses, handles and hashtags while Markdown is read, where they mean emphasis
 * (`@_jen_`, `https://a.test/~x/~y`). Private-use characters have no meaning that could get lost.
 */
const STAND_INS = [
  ["_", "\ue0f0"],
  ["~", "\ue0f1"],
] as const;

function fromMarkdownUnlinked(text: string): string {
  const plain = STAND_INS.reduce((rest, [, standIn]) => rest.replaceAll(standIn, ""), text.toWellFormed());
  const covered = piecesOf(plain)
    .map((piece) => (piece.kind === "text" ? piece.text : cover(piece.text)))
    .join("");
  const html = Bun.markdown.html(covered, {
    tasklists: false, // Its check boxes would be dropped, and with them what is ticked.
    noHtmlBlocks: true,
    noHtmlSpans: true,
    noIndentedCodeBlocks: true, // Pasted lines are not code because they begin with spaces.
  });
  return cleanHtml(uncover(html));
}

const cover = (text: string): string =>
  STAND_INS.reduce((rest, [character, standIn]) => rest.replaceAll(character, standIn), text);

const uncover = (html: string): string =>
  STAND_INS.reduce(
    (rest, [character, standIn]) =>
      rest.replaceAll(standIn, character).replaceAll(encodeURIComponent(standIn), character),
    html,
  );

function fromPlainUnlinked(text: string): string {
  const paragraphs = text
    .replace(/\r\n?/g, "\n")
    .trim()
    .split(/\n{2,}/);
  const html = paragraphs
    .map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll("\n", "<br>")}</p>`)
    .join("");
  return text.trim() === "" ? "" : cleanHtml(html);
}

const BLOCK_TAG = /^<\/?(?:p|h[1-6]|blockquote|pre|ul|ol|li|table|thead|tbody|tr|td|th|hr|br)\b/;

/** Line breaks inside paragraphs become `<br>`, those between blocks go; in `pre` they stay. */
function withBreaks(cleaned: string): string {
  const tokens = tokensOf(cleaned);
  let preformatted = false;
  return tokens
    .map((token, i) => {
      if (token.startsWith("<")) {
        if (/^<\/?pre\b/.test(token)) preformatted = !token.startsWith("</");
        return token;
      }
      if (preformatted) return token;
      let text = token;
      if (BLOCK_TAG.test(tokens[i - 1] ?? "<br>")) text = text.replace(/^\n+/, "");
      if (BLOCK_TAG.test(tokens[i + 1] ?? "<br>")) text = text.replace(/\n{1,100}$/, "");
      return text.replace(/\n/g, "<br>");
    })
    .join("");
}

async function linked(cleaned: string, links: TextLinks): Promise<Written> {
  const people = new Map<string, Mentioned>();
  const hashtags = new Map<string, string>();
  const handles = new Set<string>();
  render(cleaned, (piece) => {
    if (piece.kind === "mention" && handles.size < MAX_HANDLES) handles.add(piece.handle);
    return "";
  });
  await Promise.all(
    [...handles].map(async (handle) => {
      const found = (await links.mention?.(handle)) ?? null;
      if (found !== null) people.set(handle, found);
    }),
  );
  const html = render(cleaned, (piece) => {
    if (piece.kind === "mention") {
      const person = people.get(piece.handle);
      if (person !== undefined) return mentionLink(piece.handle, person);
    }
    if (piece.kind === "hashtag") {
      const href = links.hashtag?.(piece.name) ?? null;
      if (href !== null) {
        const folded = piece.name.normalize("NFKC").toLowerCase();
        if (!hashtags.has(folded)) hashtags.set(folded, piece.name);
        return hashtagLink(piece.name, href);
      }
    }
    return asLink(piece);
  });
  const mentions = [...handles].flatMap((handle) => {
    const iri = people.get(handle)?.iri;
    return iri === undefined ? [] : [{ handle, iri }];
  });
  return { html, mentions, hashtags: [...hashtags.values()] };
}

/** Cleaned HTML with each piece of its text written by `write`, except inside links and code. */
function render(cleaned: string, write: (piece: Piece) => string): string {
  let verbatim = 0;
  let html = "";
  for (const token of tokensOf(cleaned)) {
    if (token.startsWith("<")) {
      if (/^<(?:a|code|pre)\b/.test(token)) verbatim++;
      else if (/^<\/(?:a|code|pre)\b/.test(token)) verbatim--;
      html += token;
    } else html += verbatim > 0 ? token : piecesOf(unescapeHtml(token)).map(write).join("");
  }
  return html;
}
