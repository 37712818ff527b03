/** Phrases in texts: found whatever their spelling, whole where that is asked for, and never slowly. */
import { describe, expect, test } from "bun:test";
import { effortOf } from "../testing/effort.ts";
import { fold, isIn, type Phrase, seek } from "./matching.ts";

const finds = (phrase: Phrase, text: string): boolean => {
  const sought = seek(phrase);
  return sought !== null && isIn(fold(text), sought);
};
const part = (text: string): Phrase => ({ text, isWhole: false });
const whole = (text: string): Phrase => ({ text, isWhole: true });

describe("a phrase", () => {
  test.each<[Phrase, string, boolean]>([
    [part("exam"), "EXAMPLE", true],
    [whole("exam"), "an example", false],
    [whole("exam"), "The exam, at last", true],
    [whole("exam"), "exam", true],
    [whole("exam"), "example exam", true],
    [whole("exam"), "exam_2", false],
    [whole("exam"), "exam2 or preexam", false],
    [part("straße"), "STRASSE", true],
    [part("ΟΔΟΣ"), "η οδός".normalize("NFC").replace("ό", "ο"), true],
    [part("café"), "cafe\u0301", true],
    [part("spam"), "s\u00adp\u200bam", true],
    [part("ｆｕｌｌ"), "full", true],
    [part("two words"), "two \n\t words", true],
    [whole("数学"), "今日は数学の試験", true],
    [whole("#maths"), "I like #maths.", true],
    [whole("c++"), "c++ is a language", true],
    [whole("🎉"), "hurray🎉now", true],
    [whole("naïve"), "naïveté", false],
    [part(" "), "anything", false],
  ])("%j in %j: %p", (phrase, text, expected) => expect(finds(phrase, text)).toBe(expected));
});

test("a text that is eight times as long takes about eight times as long, however hostile it is", async () => {
  const phrases = Array.from({ length: 5 }, () => whole("a".repeat(99))).flatMap((p) => seek(p) ?? []);
  expect(phrases).toHaveLength(5);
  const search = (length: number) => {
    const text = fold("a".repeat(length));
    return effortOf(() => phrases.map((phrase) => isIn(text, phrase)));
  };
  const [short, long] = [await search(4_000), await search(32_000)];
  expect(long / Math.max(short, 0.1)).toBeLessThan(24);
});
