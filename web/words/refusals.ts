/** What is refused, in another language: the parts below the pages say it in English, and know nobody's language. */

/** English sentences and how they are said; `{}` stands for a name or a number that both have, in the same order. */
export type Refusals = Readonly<Record<string, string>>;

/** What the core puts around the reasons of behaviours (`server/core/process.ts`). */
const CANNOT = /^This cannot be done: (.+)\.$/s;

interface Pattern {
  readonly sentence: RegExp;
  readonly said: string;
}

const HOLE = "{}";

/** A function that says what stands in `refusals` as it stands there, and any other sentence as it is. */
export function refusalsIn(refusals: Refusals, cannot: string): (sentence: string) => string {
  const patterns: readonly Pattern[] = Object.entries(refusals)
    .filter(([sentence]) => sentence.includes(HOLE))
    // Where several fit, the one that leaves least open is meant.
    .sort(([one], [other]) => fixed(other) - fixed(one))
    .map(([sentence, said]) => ({ sentence: toPattern(sentence), said }));

  function say(sentence: string): string | null {
    if (Object.hasOwn(refusals, sentence)) return refusals[sentence] ?? null;
    for (const pattern of patterns) {
      const found = pattern.sentence.exec(sentence);
      if (found !== null) return filled(pattern.said, found.slice(1));
    }
    return null;
  }

  /** Some refusals are put together from several: each is said as far as it is known. */
  function sayAll(text: string): string {
    const parts = text.split(/(?<=[.?]) (?=\S)/);
    for (let count = parts.length; count > 0; count--) {
      const said = say(parts.slice(0, count).join(" "));
      if (said === null) continue;
      return count === parts.length ? said : `${said} ${sayAll(parts.slice(count).join(" "))}`;
    }
    return text;
  }

  return (text) => {
    const reason = CANNOT.exec(text)?.[1];
    if (reason === undefined) return sayAll(text);
    const said = say(reason);
    return said === null ? text : filled(cannot, [said]);
  };
}

const fixed = (sentence: string): number => sentence.replaceAll(HOLE, "").length;

const toPattern = (sentence: string): RegExp =>
  new RegExp(`^${sentence.split(HOLE).map(RegExp.escape).join("(.+?)")}$`, "s");

/** The values go in as they are: a name may have `$&` or a hole of its own. */
function filled(said: string, values: readonly string[]): string {
  const [first = "", ...rest] = said.split(HOLE);
  return rest.reduce((text, part, index) => text + (values[index] ?? "") + part, first);
}
