/** Numbers and names inside sentences: short, with the right form of the noun, in the right direction. */

const shortForms = new Map<string, Intl.NumberFormat>();
const sizes = new Map<string, Intl.NumberFormat>();
const pluralRules = new Map<string, Intl.PluralRules>();

/** `12 345` → `12K`: counts are small and quiet. */
export function short(language: string, n: number): string {
  let format = shortForms.get(language);
  if (format === undefined) {
    format = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
    shortForms.set(language, format);
  }
  return format.format(n);
}

/** `counted("en", 2, { one: "reply", other: "replies" })` → `2 replies`. */
export function counted(
  language: string,
  n: number,
  forms: { readonly other: string } & Partial<Record<Intl.LDMLPluralRule, string>>,
): string {
  let rules = pluralRules.get(language);
  if (rules === undefined) {
    rules = new Intl.PluralRules(language);
    pluralRules.set(language, rules);
  }
  return `${short(language, n)} ${forms[rules.select(n)] ?? forms.other}`;
}

/** `1 536 000` → `1.5 MB`. */
export function sizeInWords(language: string, bytes: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const unit = units[step] ?? "byte";
  let format = sizes.get(`${language} ${unit}`);
  if (format === undefined) {
    const options = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 } as const;
    format = new Intl.NumberFormat(language, options);
    sizes.set(`${language} ${unit}`, format);
  }
  return format.format(bytes / 1000 ** step);
}

/** `4211` → `4,211`. */
export const whole = (language: string, n: number): string => new Intl.NumberFormat(language).format(n);

/** A name inside a sentence of the other direction keeps its own (Unicode UAX #9 §2.4: first strong isolate). */
export const isolated = (name: string): string =>
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(name)
    ? `\u2068${name}\u2069`
    : name;
