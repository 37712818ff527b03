/** All pages with canned props, to look at: `bun web/testing/gallery.ts [port]`, then `/?theme=dark&lang=de`. */
import { assetResponse } from "../assets/index.ts";
import { html } from "../html.ts";
import { pageResponse } from "../render.ts";
import { type Canned, cannedContext } from "./canned.ts";
import { cannedPages } from "./canned-pages.ts";

/** Answers `/NAME?theme=…&lang=…` with that page, `/` with the list of them. */
export function galleryResponse(request: Request): Response {
  const url = new URL(request.url);
  const asset = assetResponse(url.pathname, request.headers.get("accept-encoding"));
  if (asset !== null) return asset;
  const hue = /^\/picture-(\d+)\.svg$/.exec(url.pathname)?.[1];
  if (hue !== undefined) return new Response(picture(hue), { headers: { "Content-Type": "image/svg+xml" } });
  // Nothing happens here that a page could hear of (HTML §9.2.2: 204 ends it).
  if (url.pathname === "/live") return new Response(null, { status: 204 });
  if (request.method === "POST") return Response.redirect(request.headers.get("referer") ?? "/", 303);
  const canned = cannedPages[url.pathname.slice(1)] ?? listOfPages;
  const theme = url.searchParams.get("theme");
  const context = cannedContext(canned, {
    language: url.searchParams.get("lang") ?? "en",
    theme: theme === "dark" || theme === "light" ? theme : "auto",
  });
  return pageResponse(context, canned.page(context));
}

const picture = (hue: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 500"><rect width="800" height="500" fill="hsl(${hue} 35% 72%)"/><circle cx="600" cy="150" r="70" fill="hsl(${hue} 60% 90%)"/><path d="M0 400 200 250 360 380 520 220 800 420V500H0Z" fill="hsl(${hue} 30% 45%)"/></svg>`;

const listOfPages: Canned = {
  as: "visitor",
  page: () => ({
    title: "Gallery",
    main: html`<h1>Gallery</h1>
      <ul class="sheet sheet-body">${Object.keys(cannedPages).map((name) => html`<li key=${name}><a href=${`/${name}`}>${name}</a></li>`)}</ul>`,
  }),
};

if (import.meta.main) {
  const server = Bun.serve({ port: Number(process.argv[2] ?? 24_680), fetch: galleryResponse });
  console.log(`The gallery is at ${server.url}`);
}
