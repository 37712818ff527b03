/** When something happened: near times in words, the exact one in `title` and `datetime`. */
import { toIso } from "../../server/lib/clock.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Older than this, a date says more than “8 days ago”. */
const NEAR_MS = 7 * DAY_MS;

export function time(context: PageContext, ms: number): Html {
  const iso = toIso(ms);
  return html`<time datetime=${iso} title=${exactTime(context.language, ms)}>${nearTime(context, ms)}</time>`;
}

/** `22 November 2026 at 12:00 UTC` */
export const exactTime = (language: string, ms: number): string =>
  `${formatsOf(language).exact.format(ms)} UTC`;

function nearTime({ language, words, nowMs }: PageContext, ms: number): string {
  const formats = formatsOf(language);
  const ago = nowMs - ms;
  const size = Math.abs(ago);
  if (size < MINUTE_MS) return words.time.justNow;
  if (size < HOUR_MS) return formats.relative.format(-Math.trunc(ago / MINUTE_MS), "minute");
  if (size < DAY_MS) return formats.relative.format(-Math.trunc(ago / HOUR_MS), "hour");
  if (size < NEAR_MS) return formats.relative.format(-Math.trunc(ago / DAY_MS), "day");
  return formats.date.format(ms);
}

interface Formats {
  readonly relative: Intl.RelativeTimeFormat;
  readonly date: Intl.DateTimeFormat;
  readonly exact: Intl.DateTimeFormat;
}

/** Making these costs more than all their uses on a page. */
const known = new Map<string, Formats>();

function formatsOf(language: string): Formats {
  let formats = known.get(language);
  if (formats === undefined) {
    formats = {
      relative: new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" }),
      date: new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" }),
      exact: new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short", timeZone: "UTC" }),
    };
    known.set(language, formats);
  }
  return formats;
}
