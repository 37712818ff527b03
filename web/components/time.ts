/** When something happened: near times in words, the exact one in `title` and `datetime`. */
import { toIso } from "../../server/lib/clock.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../server/lib/durations.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";

/** Older than this, a date says more than “8 days ago”. */
const NEAR_MS = 7 * DAY_MS;

export function time(context: PageContext, ms: number): Html {
  const iso = toIso(ms);
  const day = dayIn(context.language, ms);
  return html`<time datetime=${iso} title=${`${day}, ${iso.slice(11, 16)} UTC`}>${nearTime(context, ms)}</time>`;
}

/** A moment to the minute; islands put it onto the reader's clock. */
export const momentOf = ({ language }: PageContext, ms: number): Html =>
  html`<time datetime=${toIso(ms)} data-exact>${new Intl.DateTimeFormat(language, {
    dateStyle: "full",
    timeStyle: "short",
    timeZone: "UTC",
  }).format(ms)} UTC</time>`;

/** When something ends: the day, and the time too where that is within a day of now; islands put it onto the reader's clock. */
export const endOf = (context: PageContext, ms: number): Html =>
  isSoon(context, ms)
    ? html`<time datetime=${toIso(ms)} data-exact="medium">${endIn(context, ms)}</time>`
    : dateOf(context, ms);

/** The same as text. */
export const endIn = (context: PageContext, ms: number): string =>
  isSoon(context, ms)
    ? `${new Intl.DateTimeFormat(context.language, {
        dateStyle: "medium",
        timeStyle: "short",
        timeZone: "UTC",
      }).format(ms)} UTC`
    : dayIn(context.language, ms);

export const isSoon = ({ nowMs }: PageContext, ms: number): boolean => Math.abs(ms - nowMs) < DAY_MS;

/** `22 Nov 2026`: days that are known to the day. */
export const dateOf = ({ language }: PageContext, ms: number): Html =>
  html`<time datetime=${toIso(ms)}>${dayIn(language, ms)}</time>`;

/** “5m ago”, or the day where it is long ago. */
export function nearTime({ language, words, nowMs }: PageContext, ms: number): string {
  const ago = nowMs - ms;
  const size = Math.abs(ago);
  if (size < MINUTE_MS) return words.time.justNow;
  if (size < HOUR_MS) return relativeIn(language, -Math.trunc(ago / MINUTE_MS), "minute");
  if (size < DAY_MS) return relativeIn(language, -Math.trunc(ago / HOUR_MS), "hour");
  if (size < NEAR_MS) return relativeIn(language, -Math.trunc(ago / DAY_MS), "day");
  return dayIn(language, ms);
}

/** Formatting costs more than all else on a card, and the same few texts come again and again. */
const texts = new Map<string, string>();
const MAX_TEXTS = 20_000;

function remembered(key: string, make: () => string): string {
  const known = texts.get(key);
  if (known !== undefined) return known;
  if (texts.size >= MAX_TEXTS) texts.clear();
  const text = make();
  texts.set(key, text);
  return text;
}

const relativeIn = (language: string, n: number, unit: "minute" | "hour" | "day"): string =>
  remembered(`${language} ${n} ${unit}`, () =>
    // English is clear when narrow (“5m ago”); other languages lose their words.
    new Intl.RelativeTimeFormat(language, {
      numeric: "auto",
      style: language.startsWith("en") ? "narrow" : "short",
    }).format(n, unit),
  );

/** `22 Nov 2026`, as text. */
export const dayIn = (language: string, ms: number): string =>
  remembered(`${language} ${Math.floor(ms / DAY_MS)}`, () =>
    new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" }).format(ms),
  );
