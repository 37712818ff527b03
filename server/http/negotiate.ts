/** Document or page: what a request wants of an address that has both (RFC 9110 §12.5.1, AP §3.2). */

export const ACTIVITY_JSON = "application/activity+json";
export const LD_JSON = `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`;

interface Range {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly q: number;
}

/** More ranges than that are no honest wish. */
const MAX_RANGES = 64;

/**
 * The media type of the document to send, or null for the page. Only who names a document's type gets it:
 * wildcards and nothing at all mean a page. Named with the same weight as HTML, the document wins.
 */
export function documentWanted(accept: string | null): typeof ACTIVITY_JSON | typeof LD_JSON | null {
  // The two most common headers there are, without parsing.
  if (accept === null || accept.startsWith("text/html,")) return null;
  if (accept === ACTIVITY_JSON) return ACTIVITY_JSON;
  let best: Range | null = null;
  let html = 0;
  for (const range of parseAccept(accept)) {
    if (range.q === 0) continue;
    if (range.type === "text/html" || range.type === "application/xhtml+xml") html = Math.max(html, range.q);
    else if (isDocument(range) && (best === null || range.q > best.q)) best = range;
  }
  if (best === null || best.q < html) return null;
  return best.type === "application/ld+json" ? LD_JSON : ACTIVITY_JSON;
}

const isDocument = ({ type, parameters }: Range): boolean =>
  type === ACTIVITY_JSON ||
  (type === "application/ld+json" &&
    (parameters.profile === undefined ||
      parameters.profile.split(/\s+/).includes("https://www.w3.org/ns/activitystreams")));

/** Ranges in the order in which they stand; malformed ones are left out. */
export function parseAccept(accept: string): readonly Range[] {
  const ranges: Range[] = [];
  for (const part of splitOutsideQuotes(accept, ",").slice(0, MAX_RANGES)) {
    const [type = "", ...rest] = splitOutsideQuotes(part, ";");
    if (!/^[^\s/]+\/[^\s/]+$/.test(type.trim())) continue;
    const parameters: Record<string, string> = {};
    for (const parameter of rest) {
      const equals = parameter.indexOf("=");
      if (equals < 1) continue;
      const value = parameter
        .slice(equals + 1)
        .trim()
        .replace(/^"(.*)"$/, "$1");
      parameters[parameter.slice(0, equals).trim().toLowerCase()] = value;
    }
    ranges.push({ type: type.trim().toLowerCase(), parameters, q: parseWeight(parameters.q) });
  }
  return ranges;
}

function parseWeight(text: string | undefined): number {
  if (text === undefined) return 1;
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : 0;
}

function splitOutsideQuotes(text: string, separator: string): readonly string[] {
  if (!text.includes('"')) return text.split(separator);
  const parts: string[] = [];
  let from = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (text[at] === separator && !isQuoted) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}
