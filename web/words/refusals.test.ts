/** What is refused: that German pages say it in German, whichever part refuses it. */
import { describe, expect, test } from "bun:test";
import { fileURLToPath } from "node:url";
import { Glob } from "bun";
import { words } from "./index.ts";
import { refusalsIn } from "./refusals.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Parts whose refusals a person reads on a page. */
const READ: readonly string[] = [
  "web/**/*.ts",
  "server/{accounts,media,moderation,site,live,vocab}/**/*.ts",
  "server/oauth/client/*.ts",
  "server/core/{process,prepare,store-writes,apply}.ts",
  "server/federation/{archive,belongings,deliver,letters,moving,quotes,relays}.ts",
  "server/http/{csrf,multipart,problems,rate-limit}.ts",
  "server/lib/upstream.ts",
  "server/queries/personal.ts",
];

/** Of these files a person reads nothing, or it is said in words of the page. */
const NOT_READ =
  /\.test\.ts$|^web\/(words|testing|islands|assets)\/|setting-table|extension|group-outbox|live\/push\.ts/;

/** Sentences that are not said to people on pages. */
const FOR_OTHERS: ReadonlySet<string> = new Set([
  // Faults of ours, for which a page has words of its own.
  "An account has no actor.",
  "The job says nothing.",
  "Something went wrong here. It was written down for those who run this server.",
  // To the log.
  "Words of other nodes may have been lost, so streams are closed; programs open them again.",
  // To other servers.
  "This server exchanges things with its partners alone. Sign the request as one of them.",
  // The frame of the reasons, which are all looked at in it.
  "This cannot be done: {}.",
]);

/** Texts of the program, with `{}` for what is put into them. */
function textsIn(source: string): readonly string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  return [
    ...code.matchAll(/"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\$]|\\.|\$\{[^{}]*\})*)`/g),
  ].map(([, double, single, template]) =>
    (double ?? single ?? template ?? "").replace(/\$\{[^{}]*\}/g, "{}").replace(/\\(["'`])/g, "$1"),
  );
}

const isSentence = (text: string): boolean => /^(?:[“A-Z]|\{\} ).*\s.*[.?]$/.test(text);
/** Reasons of behaviours are said after “This cannot be done:”. */
const isReason = (text: string): boolean => /^[a-z]\w* \S+ [^<>=]*\w$/.test(text);

async function refusals(): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const path of READ.flatMap((files) => [...new Glob(files).scanSync(ROOT)])) {
    if (NOT_READ.test(path)) continue;
    const texts = textsIn(await Bun.file(ROOT + path).text());
    for (const text of texts) {
      if (isSentence(text)) found.add(text);
      if (/vocab|prepare/.test(path) && isReason(text)) found.add(`This cannot be done: ${text}.`);
    }
  }
  return [...found].filter((text) => !FOR_OTHERS.has(text));
}

describe("what is refused", () => {
  const { said } = words("de").problem;

  test("is said in German wherever it comes from", async () => {
    const all = await refusals();
    expect(all.length).toBeGreaterThan(300);
    expect(all.filter((sentence) => said(sentence) === sentence)).toEqual([]);
  });

  test("keeps the names and numbers that are in it", () => {
    expect(said("A link is for 1 to 500 people.")).toBe("Ein Link gilt für 1 bis 500 Menschen.");
    expect(said("Nobody called $& {} was found.")).toBe("Niemand mit dem Namen $& {} wurde gefunden.");
    expect(said("Write a whole number from 1 to 9.")).toBe("Schreib eine ganze Zahl von 1 bis 9.");
  });

  test("is said with its reason, and part by part where it has several", () => {
    expect(said("This cannot be done: you have voted already.")).toBe(
      "Das geht nicht: Du hast schon abgestimmt.",
    );
    expect(said("Nothing was read in. Line 3: a quotation mark is opened and never closed.")).toBe(
      "Nichts wurde eingelesen. Zeile 3: Ein Anführungszeichen wird geöffnet und nie geschlossen.",
    );
  });

  test("stays as it is where nobody has said it yet, and in English", () => {
    expect(said("Nobody has thought of this.")).toBe("Nobody has thought of this.");
    expect(said("constructor")).toBe("constructor");
    expect(said("This cannot be done: no idea.")).toBe("This cannot be done: no idea.");
    expect(words("en").problem.said("Sign in first.")).toBe("Sign in first.");
  });

  test("is said as the sentence that leaves least open", () => {
    const say = refusalsIn(
      { "{} is gone.": "{} ist weg.", "The list {} is gone.": "Liste {} ist weg." },
      "{}",
    );
    expect(say("The list a is gone.")).toBe("Liste a ist weg.");
    expect(say("All is gone.")).toBe("All ist weg.");
  });
});
