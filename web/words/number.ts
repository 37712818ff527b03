/** Numbers in words: short, and with the right form of the noun. */

const shortForms = new Map<string, Intl.NumberFormat>();
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
