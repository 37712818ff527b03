/** Tags of languages as strangers write them. */

/** What people and peers write: a language, and at most three parts more. */
const USUAL = /^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/i;

/** Whether it is a tag in its usual parts, and one that can be formatted for: the platform throws for any other (`de-at-at`). */
export function isLanguageTag(text: string): boolean {
  if (!USUAL.test(text)) return false;
  try {
    return Intl.getCanonicalLocales(text).length > 0;
  } catch {
    // @NOTE A RangeError is how the platform says that a tag is none (ECMA-402 §9.2.1).
    return false;
  }
}
