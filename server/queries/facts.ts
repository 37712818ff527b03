/** Properties that a vocabulary wants shown, as words: names of things, numbers, times, lengths and places. */
import { type AsObject, idOf, text, values } from "../core/object.ts";
import type { Registry } from "../core/registry.ts";
import { isJsonObject, type Json, wordOf } from "../lib/json.ts";
import { createLru } from "../lib/lru.ts";
import { placeText, readTime, zoneOf } from "./event.ts";
import { oneLine, wholeNumber } from "./plain.ts";
import type { ObjectView } from "./view.ts";

/** More values of one property are a list of its own. */
const MAX_VALUES = 20;
/** A fact is a line, not a text. */
const MAX_FACT = 300;
/** Longer than any film: a year. */
const MAX_SECONDS = 366 * 24 * 3600;

export function factsOf(
  registry: Registry,
  type: string,
  document: AsObject,
  language: string,
): ObjectView["facts"] {
  const facts = new Map<string, { property: string; label: string; values: readonly string[] }>();
  for (const path of registry.display(type).facts ?? []) {
    const words = [
      ...new Set(valuesAt(document, path, language).map((value) => factText(value, path, language))),
    ];
    const said = words.filter((word) => word !== "");
    if (said.length === 0) continue;
    const label = oneLine(registry.word(path, language), MAX_FACT);
    // One thing may be told in an older and in a newer way (`artists`, `artist_credit.artist`): once is enough.
    if (!facts.has(label)) facts.set(label, { property: path, label, values: said });
  }
  return [...facts.values()];
}

/** What stands at the end of a path of properties (`track.album`), through objects and lists of them. */
function valuesAt(document: AsObject, path: string, language: string): readonly (Json | undefined)[] {
  const names = path.split(".");
  const last = names.pop() ?? "";
  let at: readonly AsObject[] = [document];
  for (const name of names) {
    const inner = at.flatMap((object) => values(object, name)).filter(isJsonObject);
    at = inner.slice(0, MAX_VALUES) as readonly AsObject[];
  }
  return at
    .flatMap((object): readonly (Json | undefined)[] => {
      const found = values(object, last);
      // Where only the language map is there, it is one value.
      return found.length > 0 ? found : [text(object, last, language)];
    })
    .slice(0, MAX_VALUES);
}

function factText(value: Json | undefined, path: string, language: string): string {
  const length = /(?:^|\.)duration$/.test(path) ? durationText(value, language) : null;
  if (length !== null) return length;
  if (typeof value === "string") return timeText(value, language) ?? oneLine(value, MAX_FACT);
  if (!isJsonObject(value)) return wordOf(value) ?? "";
  return (
    placeText(value, language) || oneLine(text(value as AsObject, "title", language) ?? idOf(value), MAX_FACT)
  );
}

/** A time as its author meant it, on the clock of the place that it names; null where the text is no time. */
function timeText(value: string, language: string): string | null {
  const time = readTime(value);
  if (time === null) return null;
  const timeZone = zoneOf(time.offset) ?? "UTC";
  const written = formatter(`${language} ${timeZone} ${time.isDay}`, () => {
    const format = new Intl.DateTimeFormat(language, {
      dateStyle: "full",
      ...(time.isDay ? {} : { timeStyle: "short" }),
      timeZone,
    });
    return (ms) => format.format(ms);
  })(time.ms);
  return time.offset === "Z" ? `${written} UTC` : written;
}

/**
 * An `xsd:duration` without years and months (AS2 `duration`), or seconds as Funkwhale gives them; nothing is said of
 * a length of nothing, which live films have. Null where it is another text.
 */
function durationText(value: Json | undefined, language: string): string | null {
  const form = /^P(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?$/.exec(
    typeof value === "string" ? value : "",
  );
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = form
    ? form.slice(1).map((part) => Number(part ?? 0))
    : [];
  const given = form ? ((days * 24 + hours) * 60 + minutes) * 60 + seconds : value;
  const all = wholeNumber(given, MAX_SECONDS);
  if (all === null) return null;
  if (all === 0) return "";
  return formatter(`${language} length`, () => {
    const format = new Intl.DurationFormat(language, { style: "short" });
    return (length) =>
      format.format({
        hours: Math.floor(length / 3600),
        minutes: Math.floor(length / 60) % 60,
        seconds: length % 60,
      });
  })(all);
}

/** Making a formatter takes far longer than using it; a few languages and zones come again and again. */
const formatters = createLru<(value: number) => string>(200);

function formatter(key: string, make: () => (value: number) => string): (value: number) => string {
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = make();
  formatters.set(key, made);
  return made;
}
