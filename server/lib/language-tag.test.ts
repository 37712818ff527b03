/** Which tags of languages are some, so that nothing that is formatted for them fails. */
import { expect, test } from "bun:test";
import { isLanguageTag } from "./language-tag.ts";

test.each(["de", "de-AT", "zh-Hant-TW", "sl-rozaj", "qq", "gsw"])("%s is a tag", (tag) =>
  expect(isLanguageTag(tag)).toBe(true),
);

test.each(["", "d", "german", "de_AT", "de-at-at", "en-x1", "sl-rozaj-rozaj", "en-a-b", "x-y", "de\n"])(
  "%p is none",
  (tag) => expect(isLanguageTag(tag)).toBe(false),
);
