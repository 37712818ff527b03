/** Now, as something tests can hold. The only place that reads the machine's clock. */

/** Integer milliseconds since 1970 (UTC). */
export type Now = () => number;

export const systemNow: Now = () => Date.now();

/**
 * The same clock for what is counted from one moment to another: where that one is set back, this one goes on from where
 * it was.
 */
export function steady(now: Now): Now {
  let lastMs = Number.NEGATIVE_INFINITY;
  let aheadMs = 0;
  return () => {
    const nowMs = now();
    if (nowMs < lastMs) aheadMs += lastMs - nowMs;
    lastMs = nowMs;
    return nowMs + aheadMs;
  };
}

/**
 * A clock that stands still until it is told to move.
 * For tests and invented data; here because nothing else may know the time.
 */
export function heldClock(startMs = 1_700_000_000_000): { now: Now; advance(ms: number): void } {
  let current = startMs;
  return {
    now: () => current,
    advance(ms) {
      current += ms;
    },
  };
}

/** RFC 3339 with milliseconds only where there are any: `2026-11-22T12:00:00Z`. */
export const toIso = (ms: number): string => new Date(ms).toISOString().replace(".000Z", "Z");

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?)(?:(Z)|([+-]\d\d):?(\d\d))?)?$/i;

/**
 * Milliseconds of an RFC 3339 time from 1970 to 9999, or null where it is none. Peers leave out seconds, the offset (UTC
 * then) or the time of day, and so may everybody.
 */
export function fromIso(text: unknown): number | null {
  const [, day, time = "00:00", , hours, minutes] = (typeof text === "string" && ISO.exec(text)) || [];
  if (day === undefined) return null;
  const ms = Date.parse(`${day}T${time}${hours === undefined ? "Z" : `${hours}:${minutes}`}`);
  return ms >= 0 ? ms : null;
}

/** Clocks of other servers may be fast by so much. */
const SKEW_MS = 5 * 60_000;

/** The same for what has been done already: null too where it lies ahead. */
export function fromPastIso(text: unknown, nowMs: number): number | null {
  const ms = fromIso(text);
  return ms !== null && ms <= nowMs + SKEW_MS ? ms : null;
}

/** IMF-fixdate for `Date` headers (RFC 9110 §5.6.7). */
export const toHttpDate = (ms: number): string => new Date(ms).toUTCString();

/** Milliseconds of an HTTP date in its preferred form (RFC 9110 §5.6.7), or null where it is none. */
export function fromHttpDate(text: string): number | null {
  if (!/^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isFinite(ms) ? ms : null;
}
