/** What a page is shown with when nobody is there: a viewer, a site, a moment. */
import type { PageContext, PageView } from "../page.ts";
import { words } from "../words/index.ts";
import { ada, NOW_MS } from "./people.ts";

/** What a canned page is shown with, besides its own props. */
export interface Canned {
  readonly as: "visitor" | "member" | "admin";
  readonly path?: string;
  readonly flash?: PageContext["flash"];
  readonly site?: Partial<PageContext["site"]>;
  readonly page: (context: PageContext) => PageView;
}

export function cannedContext(
  canned: Omit<Canned, "page">,
  options: { readonly language?: string; readonly theme?: PageContext["theme"] } = {},
): PageContext {
  const language = options.language ?? "en";
  return {
    words: words(language),
    language,
    theme: options.theme ?? "auto",
    viewer:
      canned.as === "visitor"
        ? null
        : {
            actor: ada,
            role: canned.as === "admin" ? "admin" : "member",
            unreadNotices: 2,
            followRequests: canned.as === "admin" ? 1 : 0,
          },
    csrf: "csrf-token",
    once: "once-code",
    site: {
      name: "Sunnyside Commons",
      host: "commons.example",
      description:
        "A place for the teachers of Sunnyside and their friends: share, ask, and find a worksheet for tomorrow.",
      accent: "teal",
      registration: "invitation",
      maxUploadBytes: 40_000_000,
      ...canned.site,
    },
    path: canned.path ?? "/",
    flash: canned.flash ?? null,
    nowMs: NOW_MS,
  };
}
