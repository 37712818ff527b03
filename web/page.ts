/** What every page is given, and what it gives back. */
import type { Role } from "../server/accounts/account.ts";
import type { ActorView } from "../server/queries/view.ts";
import type { Html } from "./html.ts";
import type { LivePlace } from "./live-place.ts";
import type { Words } from "./words/en.ts";

/** How people come to have an account here. */
export type Registration = "open" | "approval" | "invitation" | "domain" | "closed";

export const ACCENTS = ["teal", "blue", "plum", "brick", "moss"] as const;
/** The one colour of a site; each has light and dark forms with checked contrast in `tokens.css`. */
export type Accent = (typeof ACCENTS)[number];

export type Theme = "auto" | "light" | "dark";

export interface Site {
  readonly name: string;
  /** `commons.example`, as it stands in people's addresses. */
  readonly host: string;
  /** One or two sentences, plain text, possibly empty. */
  readonly description: string;
  readonly accent: Accent;
  readonly registration: Registration;
  /** The most that one form may carry in files. */
  readonly maxUploadBytes: number;
}

/** Who is signed in. */
export interface Viewer {
  readonly actor: ActorView;
  readonly role: Role;
  readonly unreadNotices: number;
  /** People waiting for an answer to their wish to follow. */
  readonly followRequests: number;
}

/** One sentence about what just happened, shown once, with an undo where there is one. */
export interface Flash {
  readonly kind: "good" | "warn" | "bad";
  readonly text: string;
  /** Fields of a `POST /act` that takes it back; `type` is a verb. */
  readonly undo?: Readonly<Record<string, string>>;
}

export interface PageContext {
  readonly words: Words;
  /** BCP 47, as in `<html lang>`. */
  readonly language: string;
  readonly theme: Theme;
  readonly viewer: Viewer | null;
  readonly csrf: string;
  /** Of this one load of the page. */
  readonly once: string;
  readonly site: Site;
  /** Path and query of this page: where forms come back to. */
  readonly path: string;
  readonly flash: Flash | null;
  readonly nowMs: number;
}

export interface PageView {
  /** For the tab and for the history; the heading is part of `main`. */
  readonly title: string;
  readonly main: Html;
  /** Beside the main column where there is room, below it elsewhere. */
  readonly aside?: Html;
  /** `reading` (the default) holds 68 characters, `wide` is for tables, `narrow` for one short form. */
  readonly width?: "narrow" | "reading" | "wide";
  /** What others may add to while it is open. */
  readonly live?: LivePlace;
  /** More for `<head>`: alternate documents, previews. */
  readonly head?: Html;
  /** Where a form on this page may end up besides here: origins or schemes (`https:`) for the CSP, or anywhere. */
  readonly formTargets?: readonly string[] | "anywhere";
  /** Not to be listed by search engines. */
  readonly isPrivate?: boolean;
}
