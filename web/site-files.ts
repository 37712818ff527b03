/** Files that browsers and search engines look for by name: the manifest, robots.txt, favicon.ico. */
import { assetPath, assetResponse } from "./assets/index.ts";
import { pushWorkerScript } from "./assets/islands.ts";
import { INTERACTION, REMOTE_FOLLOW, SEARCH } from "./forms.ts";

/** The paper that everything lies on, as `--paper` in the style sheets: browsers paint their own frame with it. */
export const PAPER = { light: "#f6f4ef", dark: "#10151b" } as const;

export const MANIFEST_PATH = "/manifest.webmanifest";

/** Changes with the name of the site. */
const CACHE = "public, max-age=3600";

/** W3C Web Application Manifest: what a telephone puts on its home screen. */
export function manifest(site: { readonly name: string; readonly description: string }): Response {
  const icon = (size: 192 | 512, purpose: "any" | "maskable") => ({
    src: assetPath(`icon-${size}.png`),
    sizes: `${size}x${size}`,
    type: "image/png",
    purpose,
  });
  const body = {
    id: "/",
    name: site.name,
    short_name: site.name,
    ...(site.description === "" ? {} : { description: site.description }),
    start_url: "/",
    scope: "/",
    display: "standalone",
    background_color: PAPER.light,
    theme_color: PAPER.light,
    icons: [icon(192, "any"), icon(512, "any"), icon(512, "maskable")],
  };
  return new Response(JSON.stringify(body), {
    headers: { "content-type": "application/manifest+json", "cache-control": CACHE },
  });
}

/** Pages that lead to others without end, for every post and every word; none of them is worth finding. */
const NOT_TO_FOLLOW: readonly string[] = [SEARCH.path, REMOTE_FOLLOW.path, INTERACTION.path];

/**
 * RFC 9309. Pages that are not to be listed say so themselves (`noindex`), and have to be read for that; what may be
 * found of people they choose in their settings.
 */
export const robots = (): Response =>
  new Response(`User-agent: *\nAllow: /\n${NOT_TO_FOLLOW.map((path) => `Disallow: ${path}\n`).join("")}`, {
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": CACHE },
  });

/** Programs that show a server's picture ask for it here, and take any format. */
export const favicon = (): Response => {
  const file = assetResponse(assetPath("icon-192.png"), null);
  if (file === null) throw new Error("The icon is not among the files");
  file.headers.set("cache-control", CACHE);
  return file;
};

const PUSH_WORKER = pushWorkerScript();

/** Looked at again each day (Service Workers §7.2): what it is may change under its address. */
export const pushWorker = (): Response =>
  new Response(PUSH_WORKER, {
    headers: {
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "no-cache",
      "content-security-policy": "default-src 'none'",
    },
  });
