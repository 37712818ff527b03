/** Kinds of admin settings: what each accepts from a form or from JSON, and the sentence when it does not. */
import { MAX_URL_LENGTH, normaliseHost, parseHttpUrl } from "../lib/url.ts";

export interface AdminSetting<T> {
  readonly kind: "text" | "lines" | "choice" | "number" | "domains" | "languages";
  readonly choices?: readonly string[];
  readonly maxLength?: number;
  readonly fallback: T;
  readonly help: string;
  /** The value, or what is wrong with it. */
  parse(input: unknown): { readonly value: T } | { readonly wrong: string };
}

/** A school district, not a directory. */
const MAX_ITEMS = 200;

export function text(options: {
  readonly fallback: string;
  readonly max: number;
  readonly lines?: boolean;
  readonly help: string;
}): AdminSetting<string> {
  const { fallback, max, lines = false, help } = options;
  return {
    kind: lines ? "lines" : "text",
    maxLength: max,
    fallback,
    help,
    parse(input) {
      if (typeof input !== "string") return { wrong: "This is text." };
      const value = (lines ? input.replaceAll("\r\n", "\n") : input.replace(/\s+/g, " ")).trim();
      return [...value].length > max ? { wrong: `Write at most ${max} characters.` } : { value };
    },
  };
}

/** Empty, or a whole address on the web. */
export function link(options: { readonly help: string }): AdminSetting<string> {
  const line = text({ fallback: "", max: MAX_URL_LENGTH, help: options.help });
  return {
    ...line,
    parse(input) {
      const outcome = line.parse(input);
      if ("wrong" in outcome || outcome.value === "" || parseHttpUrl(outcome.value) !== null) return outcome;
      return { wrong: "Write a whole address, like https://code.example/commons, or leave it empty." };
    },
  };
}

export function choice<const C extends readonly string[]>(options: {
  readonly choices: C;
  readonly fallback: C[number];
  readonly help: string;
}): AdminSetting<C[number]> {
  const { choices, fallback, help } = options;
  return {
    kind: "choice",
    choices,
    fallback,
    help,
    parse(input) {
      const value = choices.find((word) => word === input);
      return value === undefined ? { wrong: `Choose one of ${choices.join(", ")}.` } : { value };
    },
  };
}

/** A whole number, as JSON gives it or as a form writes it. */
export function whole(options: {
  readonly from: number;
  readonly to: number;
  readonly fallback: number;
  readonly help: string;
}): AdminSetting<number> {
  const { from, to, fallback, help } = options;
  return {
    kind: "number",
    fallback,
    help,
    parse(input) {
      const value = typeof input === "string" && /^\s*\d{1,15}\s*$/.test(input) ? Number(input) : input;
      return typeof value === "number" && Number.isSafeInteger(value) && value >= from && value <= to
        ? { value }
        : { wrong: `Write a whole number from ${from} to ${to}.` };
    },
  };
}

/** Normalised domains; a leading `*.` stands for every name below. */
export function domains(options: {
  readonly fallback: readonly string[];
  readonly help: string;
}): AdminSetting<readonly string[]> {
  return {
    kind: "domains",
    ...options,
    parse(input) {
      const found: string[] = [];
      for (const item of items(input)) {
        const below = item.startsWith("*.") ? "*." : "";
        const host = normaliseHost(item.slice(below.length).replace(/^@/, ""));
        if (host === null || !host.includes(".") || host.includes(":")) {
          return { wrong: `“${item}” is not a domain. Write it like school.example.` };
        }
        found.push(below + host);
      }
      return limited(found);
    },
  };
}

export function languages(options: {
  readonly fallback: readonly string[];
  readonly help: string;
}): AdminSetting<readonly string[]> {
  return {
    kind: "languages",
    ...options,
    parse(input) {
      try {
        const found = Intl.getCanonicalLocales([...items(input)]);
        return found.length === 0 ? { wrong: "Name at least one language." } : limited(found);
      } catch {
        // @NOTE RangeError is how Intl says that a tag is malformed.
        return { wrong: "Write languages as codes such as en, de or pt-BR." };
      }
    },
  };
}

function limited(found: readonly string[]): { value: readonly string[] } | { wrong: string } {
  const value = [...new Set(found)];
  return value.length > MAX_ITEMS ? { wrong: `Name at most ${MAX_ITEMS}.` } : { value };
}

/** A list, or text with one item a line (commas and spaces separate as well). */
function items(input: unknown): readonly string[] {
  const list = Array.isArray(input) ? input.map(String) : String(input ?? "").split(/[\s,;]+/);
  return list.map((item) => item.trim()).filter((item) => item !== "");
}
