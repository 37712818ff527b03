/** The words of a language; what a language lacks is said in English. */
import { de } from "./de.ts";
import { en, type PartialWords, type Words } from "./en.ts";

const catalogues: Readonly<Record<string, Words>> = { en, de: complete(de) };

/** Languages that can be chosen, with their own names. */
export const LANGUAGES: readonly { readonly code: string; readonly name: string }[] = [
  { code: "en", name: "English" },
  { code: "de", name: "Deutsch" },
];

/** `words("de-AT")`: the nearest language that there is, else English. */
export function words(language: string): Words {
  const code = [language, language.split("-")[0] ?? ""].find((one) => Object.hasOwn(catalogues, one));
  return (code === undefined ? undefined : catalogues[code]) ?? en;
}

/** The first language of an `Accept-Language` header (RFC 9110 §12.5.4) that we speak; English else. */
export function preferredLanguage(acceptLanguage: string | null): string {
  const wanted = (acceptLanguage ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().split(";");
      const quality = parameters.map((text) => /^\s*q=([\d.]+)/.exec(text)?.[1]).find((q) => q !== undefined);
      return { code: tag.toLowerCase().split("-")[0] ?? "", quality: Number(quality ?? 1) };
    })
    .filter(({ code, quality }) => Object.hasOwn(catalogues, code) && quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return wanted[0]?.code ?? "en";
}

/** Languages that are written from right to left. */
const RIGHT_TO_LEFT = new Set(["ar", "he", "fa", "ur", "ckb", "ps", "yi"]);

export const directionOf = (language: string): "ltr" | "rtl" =>
  RIGHT_TO_LEFT.has(language.split("-")[0] ?? "") ? "rtl" : "ltr";

function complete(partial: PartialWords): Words {
  const known = partial as Readonly<Record<string, object | undefined>>;
  const groups = Object.entries(en).map(([group, sentences]) => [group, { ...sentences, ...known[group] }]);
  return Object.fromEntries(groups) as Words;
}
