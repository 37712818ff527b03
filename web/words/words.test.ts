/** Languages: which one a browser gets, and that none has words that nobody asks for. */
import { describe, expect, test } from "bun:test";
import { SCOPES } from "../../server/oauth/provider/scopes.ts";
import { scopeInWords } from "../components/scopes.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { directionOf, LANGUAGES, preferredLanguage, words } from "./index.ts";
import { counted, isolated, short, sizeInWords } from "./number.ts";

describe("the language of a page", () => {
  test.each([
    [null, "en"],
    ["de-AT,de;q=0.9,en;q=0.5", "de"],
    ["fr,de;q=0.2,en;q=0.8", "en"],
    ["de;q=0", "en"],
    ["xx", "en"],
    ["__proto__,constructor", "en"],
  ])("%p gets %s", (header, language) => expect(preferredLanguage(header)).toBe(language));

  test("a region gets its language, and an unknown language English", () => {
    expect(words("de-CH")).toBe(words("de"));
    expect(words("tlh")).toBe(words("en"));
  });

  test("Arabic reads from right to left", () => {
    expect(directionOf("ar-EG")).toBe("rtl");
    expect(directionOf("de")).toBe("ltr");
  });

  test("every language that can be chosen has a catalogue", () => {
    for (const { code } of LANGUAGES) expect(words(code).shell.home).toBeString();
  });
});

describe("German", () => {
  /** Every word with its place and kind, however deep: `flash.did.Follow: string`. */
  const shape = (catalogue: object, place = ""): readonly string[] =>
    Object.entries(catalogue).flatMap(([name, word]) =>
      typeof word === "object" ? shape(word, `${place}${name}.`) : [`${place}${name}: ${typeof word}`],
    );

  test("has no word that English lacks, and each is of the same kind", () => {
    const english = new Set(shape(en));
    expect(shape(de).filter((word) => !english.has(word))).toEqual([]);
  });

  test("lacks no word that English has", () => {
    const german = new Set(shape(de));
    expect(shape(en).filter((word) => !german.has(word))).toEqual([]);
  });

  test("is what a German page is written in", () => {
    expect(words("de").shell.home).toBe("Start");
  });
});

describe("what an app may do", () => {
  test.each(SCOPES)("%s is said in words of every language", (scope) => {
    for (const { code } of LANGUAGES) expect(words(code).authorize.scopes[scope]).toMatch(/^\p{L}.+[^.]$/u);
  });

  test("something unknown is named as it is, even where it looks like something else", () => {
    for (const scope of ["odd", "constructor"]) expect(scopeInWords(en, scope)).toBe(`use “${scope}”`);
  });
});

describe("numbers and names", () => {
  test("are short, counted and measured as the language does it", () => {
    expect(short("en", 1280)).toBe("1.3K");
    expect(counted("en", 1, { one: "reply", other: "replies" })).toBe("1 reply");
    expect(counted("en", 0, { one: "reply", other: "replies" })).toBe("0 replies");
    expect(sizeInWords("en", 48_300_000)).toBe("48.3 MB");
    expect(sizeInWords("de", 0)).toContain("0");
  });

  test("a name from right to left is kept apart from the sentence around it", () => {
    expect(isolated("نور")).toBe("\u2068نور\u2069");
    expect(isolated("Ada")).toBe("Ada");
  });
});
