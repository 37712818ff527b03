/** Texts in any script are cut into words that are found again, however somebody types them. */
import { expect, test } from "bun:test";
import { fold, pieceOf, tagWordOf, wordsOf } from "./words.ts";

test.each([
  ["Grüße, ÉTÉ & Ça", ["grusse", "ete", "ca"]],
  ["l’École don't e-mail", ["l", "ecole", "don", "t", "e", "mail"]],
  ["ΌΣΟΣ όσος", ["οσοσ", "οσοσ"]],
  ["مُحَمَّد محمد", ["محمد", "محمد"]],
  ["שָׁלוֹם שלום", ["שלום", "שלום"]],
  ["हिन्दी भाषा", ["हिन्दी", "भाषा"]],
  ["ﬁne Ｆｕｌｌ １２", ["fine", "full", "12"]],
  ["snake_case C++ x²", ["snake", "case", "c", "x2"]],
  ["soft\u00adhyphen zero\u200bwidth", ["softhyphen", "zerowidth"]],
  ["日本語を学ぶ", ["日本", "本語", "語を", "を学", "学ぶ", "ぶ"]],
  ["AI入門 2", ["ai", "入門", "門", "2"]],
  ["한국어", ["한국어"]],
  ["🎉 … ", []],
])("%p", (text, words) => {
  expect(wordsOf(text).map((word) => word.normalize("NFC"))).toEqual(
    words.map((word) => word.normalize("NFC")),
  );
});

test("what is sought is cut as what is stored was, and a lone character of a script without spaces is a beginning", () => {
  expect(pieceOf("日本語")).toEqual({ words: ["日本", "本語"], isBeginning: false });
  expect(pieceOf("語")).toEqual({ words: ["語"], isBeginning: true });
  expect(pieceOf("e-mail")).toEqual({ words: ["e", "mail"], isBeginning: false });
  expect(pieceOf("a")).toEqual({ words: ["a"], isBeginning: false });
  expect(pieceOf("…")).toBeNull();
});

test("words have an end, and nothing is folded twice into something else", () => {
  expect(wordsOf("x".repeat(10_000))).toEqual(["x".repeat(40)]);
  for (const text of ["İstanbul", "ﬀ", "ẞ", "ǰ", "Ἀθῆναι"]) expect(fold(fold(text))).toBe(fold(text));
});

test("a hashtag is one word, whatever joins its parts", () => {
  expect(tagWordOf("#Open_Education")).toBe("openeducation");
  expect(tagWordOf("日本語")).toBe("日本語");
  expect(tagWordOf("#!")).toBe("");
});
