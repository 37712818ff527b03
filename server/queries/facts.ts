/** Properties that a vocabulary wants shown, as words: names of things, numbers, times and places. */
import { type AsObject, idOf, text, values } from "../core/object.ts";
import type { Registry } from "../core/registry.ts";
import { fromIso } from "../lib/clock.ts";
import { isJsonObject, type Json } from "../lib/json.ts";
import { oneLine } from "./plain.ts";
import type { ObjectView } from "./view.ts";

/** More values of one property are a list of its own. */
const MAX_VALUES = 20;
/** A fact is a line, not a text. */
const MAX_FACT = 300;
/** Parts of a postal address, from the house to the country (schema.org). */
const ADDRESS_PARTS = ["streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry"];

export function factsOf(
  registry: Registry,
  type: string,
  document: AsObject,
  language: string,
): ObjectView["facts"] {
  return (registry.display(type).facts ?? []).flatMap((property) => {
    const found = values(document, property).slice(0, MAX_VALUES);
    // Where only the language map is there, it is one value.
    const given = found.length > 0 ? found : [text(document, property, language)];
    const words = [...new Set(given.map((value) => factText(value, language)).filter((word) => word !== ""))];
    if (words.length === 0) return [];
    return [{ property, label: oneLine(registry.word(property, language), MAX_FACT), values: words }];
  });
}

function factText(value: Json | undefined, language: string): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") return timeText(value, language) ?? oneLine(value, MAX_FACT);
  if (!isJsonObject(value)) return "";
  const document = value as AsObject;
  const name = text(document, "name", language);
  const parts = [name, addressText(document.address)].filter((part) => part);
  return oneLine(parts.length > 0 ? parts.join(", ") : idOf(value), MAX_FACT);
}

function addressText(address: Json | undefined): string | null {
  if (typeof address === "string") return address;
  if (!isJsonObject(address)) return null;
  return ADDRESS_PARTS.map((part) => oneLine(address[part], MAX_FACT))
    .filter((part) => part !== "")
    .join(", ");
}

/** A time as its author meant it, on the clock of the place that it names; null where the text is no time. */
function timeText(value: string, language: string): string | null {
  const form = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(value);
  const ms = form ? fromIso(form[1] && !form[2] ? `${value}Z` : value) : null;
  if (!form || ms === null) return null;
  const zone = form[2] && form[2] !== "Z" ? form[2].replace(/^([+-]\d\d):?(\d\d)$/, "$1:$2") : "UTC";
  try {
    const written = new Intl.DateTimeFormat(language, {
      dateStyle: "full",
      ...(form[1] ? { timeStyle: "short" } : {}),
      timeZone: zone,
    }).format(ms);
    return form[2] === "Z" ? `${written} UTC` : written;
  } catch {
    // @NOTE An offset or language that the platform does not know: the time as it was written says enough.
    return oneLine(value, MAX_FACT);
  }
}
