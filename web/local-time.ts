/** Times that people choose on their own clock, which the server does not know. */
import { Problem } from "../server/lib/problem.ts";
import { zoneOf } from "./forms-site.ts";

/** `2026-11-22T18:30`, as browsers send it (HTML §2.3.5.5). */
const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?$/;
/** No clock is farther from UTC than that. */
const MAX_MINUTES = 16 * 60;

/** Milliseconds since 1970; null for an empty field. Without a script it is read as UTC. @throws Problem `invalid`. */
export function timeIn(fields: { get(name: string): string | null }, name: string): number | null {
  const text = (fields.get(name) ?? "").trim();
  if (text === "") return null;
  const minutes = Number(fields.get(zoneOf(name)) ?? 0);
  const ms = LOCAL.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  if (Number.isNaN(ms)) throw new Problem("invalid", "Choose a day and a time.", { field: name });
  return ms + (Math.abs(minutes) <= MAX_MINUTES ? minutes : 0) * 60_000;
}

/** The same way back, in UTC. */
export const localText = (ms: number): string => new Date(ms).toISOString().slice(0, 16);
