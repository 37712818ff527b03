/** Everything that pages load: embedded, named by its content, and served to be kept for ever. */
import { readFileSync } from "node:fs";
import base from "./css/base.css" with { type: "text" };
import cards from "./css/cards.css" with { type: "text" };
import content from "./css/content.css" with { type: "text" };
import controls from "./css/controls.css" with { type: "text" };
import dark from "./css/dark.css" with { type: "text" };
import forms from "./css/forms.css" with { type: "text" };
import groups from "./css/groups.css" with { type: "text" };
import layout from "./css/layout.css" with { type: "text" };
import pages from "./css/pages.css" with { type: "text" };
import people from "./css/people.css" with { type: "text" };
import pollsArrivals from "./css/polls-arrivals.css" with { type: "text" };
import quotes from "./css/quotes.css" with { type: "text" };
import reset from "./css/reset.css" with { type: "text" };
import signIn from "./css/sign-in.css" with { type: "text" };
import tables from "./css/tables.css" with { type: "text" };
import tabs from "./css/tabs.css" with { type: "text" };
import tokens from "./css/tokens.css" with { type: "text" };
import utilities from "./css/utilities.css" with { type: "text" };
import favicon from "./favicon.svg" with { type: "text" };
import icon180 from "./icon-180.png" with { type: "file" };
import icon192 from "./icon-192.png" with { type: "file" };
import icon512 from "./icon-512.png" with { type: "file" };
import icons from "./icons.svg" with { type: "text" };
import { islandScripts } from "./islands.ts";

/** A file that never changes under its address. */
export interface Asset {
  /** `/assets/style-1a2b3c4d.css` */
  readonly path: string;
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Null for what is compressed in itself. */
  readonly gzip: Uint8Array<ArrayBuffer> | null;
}

/** The dark values stand in one file and hold in two cases: the device asks for them, or the person does. */
const darkInBothCases = [
  `@media (prefers-color-scheme: dark) {\n${dark.replaceAll(":root", ':root:not([data-theme="light"])')}}`,
  dark.replaceAll(":root", ':root[data-theme="dark"]'),
].join("\n");

const style = [
  "@layer reset, tokens, base, layout, components, utilities;",
  `@layer reset {\n${reset}}`,
  `@layer tokens {\n${tokens}${darkInBothCases}}`,
  `@layer base {\n${base}}`,
  `@layer layout {\n${layout}}`,
  `@layer components {\n${controls}${tabs}${forms}${cards}${content}${pollsArrivals}${people}${tables}${pages}${quotes}${groups}${signIn}}`,
  `@layer utilities {\n${utilities}}`,
].join("\n");

const CONTENT_TYPES = {
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  js: "text/javascript; charset=utf-8",
  png: "image/png",
} as const;

const assets = new Map<string, Asset>();

/** Keeps the file under a name with its hash in it. */
function keep(name: string, content: string | Uint8Array<ArrayBuffer>): string {
  const isText = typeof content === "string";
  const bytes = isText ? new TextEncoder().encode(content) : content;
  const path = `/assets/${name.replace(/\.(?=[^.]+$)/, `-${Bun.hash(bytes).toString(36)}.`)}`;
  const contentType = CONTENT_TYPES[name.split(".").at(-1) as keyof typeof CONTENT_TYPES];
  assets.set(path, { path, contentType, bytes, gzip: isText ? Bun.gzipSync(bytes) : null });
  return path;
}

/** Inside the compiled program too, a path leads to the bytes. */
const bytesAt = (path: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(path));

const PATHS = {
  "style.css": keep("style.css", withoutComments(style)),
  "icons.svg": keep("icons.svg", icons),
  "favicon.svg": keep("favicon.svg", favicon),
  "icon-180.png": keep("icon-180.png", bytesAt(icon180)),
  "icon-192.png": keep("icon-192.png", bytesAt(icon192)),
  "icon-512.png": keep("icon-512.png", bytesAt(icon512)),
  "islands.js": keep("islands.js", islandScripts(keep)),
} as const;

/** The address of a file, with its content's hash in it. */
export const assetPath = (name: keyof typeof PATHS): string => PATHS[name];

/** Answers `GET /assets/…`; null where there is no such file. */
export function assetResponse(path: string, acceptEncoding: string | null): Response | null {
  const asset = assets.get(path);
  if (asset === undefined) return null;
  const gzip = /\bgzip\b/.test(acceptEncoding ?? "") ? asset.gzip : null;
  return new Response(gzip ?? asset.bytes, {
    headers: {
      "Content-Type": asset.contentType,
      "Cache-Control": "public, max-age=31536000, immutable",
      "X-Content-Type-Options": "nosniff",
      Vary: "Accept-Encoding",
      ...(gzip ? { "Content-Encoding": "gzip" } : {}),
    },
  });
}

function withoutComments(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\n\s+/g, "\n")
    .replace(/\n{2,}/g, "\n");
}
