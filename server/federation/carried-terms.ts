/** On what terms somebody is followed, in one line of a list that is taken along: `boosts:no notify:yes languages:de,en`. */

export interface CarriedTerms {
  readonly shares: boolean;
  readonly tells: boolean;
  /** BCP 47, primary languages alone; empty for all. */
  readonly languages: readonly string[];
}

/** As many as people may choose (`accounts/acquaintances.ts`). */
const MAX_LANGUAGES = 20;
const USUAL: CarriedTerms = { shares: true, tells: false, languages: [] };

/** Empty where the terms are the usual ones. */
export const termsText = ({ shares, tells, languages }: CarriedTerms): string =>
  [
    ...(shares ? [] : ["boosts:no"]),
    ...(tells ? ["notify:yes"] : []),
    ...(languages.length > 0 ? [`languages:${languages.join(",")}`] : []),
  ].join(" ");

/** What such a text says; null where it is none. */
export function readTerms(text: string): CarriedTerms | null {
  let terms = USUAL;
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const [name, value = ""] = word.split(/:(.*)/s);
    const isYes = value === "yes";
    if (name === "boosts" && (isYes || value === "no")) terms = { ...terms, shares: isYes };
    else if (name === "notify" && (isYes || value === "no")) terms = { ...terms, tells: isYes };
    else if (name === "languages") terms = { ...terms, languages: languagesIn(value) };
    else return null;
  }
  return terms;
}

/** From the columns of Mastodon's `following_accounts.csv`; what is missing or unknown is as usual. */
export const termsInColumns = (boosts: string, notify: string, languages: string): CarriedTerms => ({
  shares: !/^(false|f|0|no|off)$/i.test(boosts.trim()),
  tells: /^(true|t|1|yes|on)$/i.test(notify.trim()),
  languages: languagesIn(languages),
});

/** `de-AT` is read by whoever reads `de`; what is no code is left out. */
function languagesIn(text: string): readonly string[] {
  const codes = text.split(/[\s,;]+/).map((code) => code.split(/[-_]/)[0]?.toLowerCase() ?? "");
  return [...new Set(codes.filter((code) => /^[a-z]{2,8}$/.test(code)))].slice(0, MAX_LANGUAGES);
}
