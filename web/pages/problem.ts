/** Something could not be done: what happened, that nothing was lost, and what to do. */
import type { ProblemCode } from "../../server/lib/problem.ts";
import type { IconName } from "../assets/icon-names.ts";
import { icon } from "../components/icon.ts";
import { PATHS, pathWithReturn, SIGN_IN } from "../forms.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";
import type { Words } from "../words/en.ts";

export interface ProblemProps {
  /** `bug` for everything that was not thrown on purpose, `late` for forms of a page that is older than the session. */
  readonly code: ProblemCode | "bug" | "late";
  /** The sentence of the `Problem`, where there is one. */
  readonly message?: string | null;
  readonly retryAfterSeconds?: number | null;
  /** A number that is in the log too. */
  readonly reference?: string | null;
}

type Sentence = Exclude<keyof Words["problem"], "retryIn" | "said">;

const SAYINGS: Readonly<
  Record<ProblemProps["code"], { readonly icon: IconName; readonly title: Sentence; readonly text: Sentence }>
> = {
  invalid: { icon: "circle-alert", title: "invalid", text: "invalidText" },
  unauthenticated: { icon: "lock", title: "unauthenticated", text: "unauthenticatedText" },
  forbidden: { icon: "lock", title: "forbidden", text: "forbiddenText" },
  "not-found": { icon: "search", title: "notFound", text: "notFoundText" },
  conflict: { icon: "circle-alert", title: "conflict", text: "conflictText" },
  gone: { icon: "trash-2", title: "gone", text: "goneText" },
  "too-large": { icon: "circle-alert", title: "tooLarge", text: "tooLargeText" },
  "too-many": { icon: "clock", title: "tooMany", text: "tooManyText" },
  full: { icon: "hard-drive", title: "full", text: "fullText" },
  unavailable: { icon: "server", title: "unavailable", text: "unavailableText" },
  upstream: { icon: "server", title: "upstream", text: "upstreamText" },
  late: { icon: "clock", title: "late", text: "lateText" },
  bug: { icon: "triangle-alert", title: "bug", text: "bugText" },
};

/** What may be otherwise once one has signed in. */
const FOR_MEMBERS: ReadonlySet<ProblemProps["code"]> = new Set(["unauthenticated", "forbidden", "late"]);

export function problemPage(context: PageContext, props: ProblemProps): PageView {
  const { words, viewer, path } = context;
  const saying = SAYINGS[props.code];
  const mustSignIn = viewer === null && FOR_MEMBERS.has(props.code);
  const title = words.problem[saying.title];
  const message = props.message && props.message !== title ? props.message : null;
  return {
    title,
    width: "narrow",
    isPrivate: true,
    main: html`<div class="sheet empty">
      ${icon(saying.icon)}
      <h1>${title}</h1>
      ${message && html`<p class="empty-message">${message}</p>`}
      <p>${words.problem[props.code === "late" && mustSignIn ? "lateSignInText" : saying.text]}</p>
      ${props.retryAfterSeconds ? html`<p>${words.problem.retryIn(props.retryAfterSeconds)}</p>` : null}
      ${mustSignIn ? html`<a class="button" href=${pathWithReturn(SIGN_IN.path, path)}>${words.shell.signIn}</a>` : html`<a class="button" href=${PATHS.home}>${words.problem.home}</a>`}
      ${props.reference && html`<p class="small">${words.problem.reference} <code>${props.reference}</code></p>`}
    </div>`,
  };
}
