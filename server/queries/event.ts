/** When and where something takes place (AS2 `startTime`, `endTime`, `location`), in the shapes that calendars send. */
import { type AsObject, embeddedAll, text, values } from "../core/object.ts";
import { fromIso } from "../lib/clock.ts";
import { isJsonObject, type Json } from "../lib/json.ts";
import { createLru } from "../lib/lru.ts";
import { linkedUrl, oneLine } from "./plain.ts";
import type { EventView } from "./view.ts";

/** A place by its name and address fits two lines. */
const MAX_PLACE = 300;
/** More places than an event has. */
const MAX_PLACES = 5;
/** Parts of a postal address, from the house to the country (schema.org). */
const ADDRESS_PARTS = ["streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry"];
/** Where an event says that it does not take place: iCalendar as Mobilizon writes it, and schema.org. */
const STATES = ["ical:status", "status", "eventStatus"];

/** Null where the thing is no event, or does not say when it begins. Never throws. */
export function eventOf(document: AsObject, ancestry: readonly string[], language: string): EventView | null {
  if (!ancestry.includes("Event")) return null;
  const start = readTime(document.startTime);
  if (start === null) return null;
  const end = readTime(document.endTime);
  const places = values(document, "location").slice(0, MAX_PLACES);
  const names = [...new Set(places.map((place) => placeText(place, language)).filter((name) => name !== ""))];
  return {
    startsMs: start.ms,
    endsMs: end !== null && end.ms > start.ms ? end.ms : null,
    timeZone: zoneOf(document.timezone) ?? zoneOf(start.offset) ?? "UTC",
    isAllDay: start.isDay,
    place: oneLine(names.join(" · "), MAX_PLACE) || null,
    placeUrl: places.map(linkedUrl).find((url) => url !== null) ?? null,
    isCancelled: STATES.some((state) => /cancel/i.test(oneLine(document[state], MAX_PLACE))),
  };
}

/** A place by its name and address; a meeting online, or a place that is only named, by that. */
export function placeText(value: Json | undefined, language: string): string {
  if (typeof value === "string") return linkedUrl(value) === null ? oneLine(value, MAX_PLACE) : "";
  if (!isJsonObject(value)) return "";
  const place = value as AsObject;
  const parts = [text(place, "name", language), addressText(place), text(place, "country", language)];
  const said = parts.map((part) => oneLine(part, MAX_PLACE)).filter((part) => part !== "");
  return [...new Set(said)].join(", ");
}

function addressText(place: AsObject): string {
  if (typeof place.address === "string") return place.address;
  const address = embeddedAll(place, "address")[0];
  if (address === undefined) return "";
  return ADDRESS_PARTS.map((part) => oneLine(text(address, part), MAX_PLACE))
    .filter((part) => part !== "")
    .join(", ");
}

interface Time {
  readonly ms: number;
  /** `Z`, `+02:00`, or nothing. */
  readonly offset: string;
  readonly isDay: boolean;
}

/** ISO 8601 with or without a time of day and an offset; without one it is read as UTC. Null where it is no time. */
export function readTime(value: Json | undefined): Time | null {
  if (typeof value !== "string") return null;
  const form = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(value);
  if (form === null) return null;
  const offset = form[2] ?? "";
  const written = value.replace(" ", "T");
  const ms = fromIso(form[1] && offset === "" ? `${written}Z` : written);
  return ms === null
    ? null
    : { ms, offset: offset.replace(/^([+-]\d\d):?(\d\d)$/, "$1:$2"), isDay: !form[1] };
}

/** The zone where the platform knows it; its name is what a stranger wrote. */
export function zoneOf(value: Json | undefined): string | null {
  if (typeof value !== "string" || value === "" || value.length > MAX_ZONE) return null;
  if (value === "Z") return "UTC";
  const known = zones.get(value);
  if (known !== undefined) return known;
  const zone = readZone(value);
  zones.set(value, zone);
  return zone;
}

/** `America/Argentina/ComodRivadavia` is the longest there is. */
const MAX_ZONE = 40;
/** As many as there are; asking the platform takes a tenth of a millisecond. */
const zones = createLru<string | null>(600);

function readZone(value: string): string | null {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    // @NOTE A zone that nobody knows is none.
    return null;
  }
}
