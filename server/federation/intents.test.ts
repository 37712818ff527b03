/** Activity intents (FEP-3b86): which template is taken, and what is put into it. */
import { expect, test } from "bun:test";
import { intentLinks, intentUrl } from "./intents.ts";

const REL = "https://w3id.org/fep/3b86/";
const back = "https://a.test/@alice/1";
const iri = "https://a.test/objects/1?x=1&y=2";
const old = { rel: "http://ostatus.org/schema/1.0/subscribe", template: "https://b.test/old?uri={uri}" };
const like = {
  rel: `${REL}Like`,
  template: "https://b.test/like?id={object}&then={on-success}&else={on-cancel}&x={strange}",
};
const open = { rel: `${REL}Object`, template: "https://b.test/open?id={object}" };

test("the intent itself comes first, with every value encoded, and what nobody knows left empty", () => {
  expect(intentUrl([old, open, like], { intent: "like", iri, back })).toBe(
    `https://b.test/like?id=${encodeURIComponent(iri)}&then=${encodeURIComponent(back)}&else=${encodeURIComponent(back)}&x=`,
  );
});

test("where it is not offered, the thing is opened; and else the older way is taken", () => {
  expect(intentUrl([old, open], { intent: "announce", iri, back })).toStartWith("https://b.test/open?id=");
  expect(intentUrl([old], { intent: "announce", iri, back })).toBe(
    `https://b.test/old?uri=${encodeURIComponent(iri)}`,
  );
  expect(
    intentUrl([{ ...like, template: "https://b.test/like" }, old], { intent: "like", iri, back }),
  ).toStartWith("https://b.test/old");
  expect(intentUrl([], { intent: "like", iri, back })).toBeNull();
});

test("an answer names what it answers, and nothing else as the thing", () => {
  const create = { rel: `${REL}Create`, template: "https://b.test/w?o={object}&r={inReplyTo}&c={content}" };
  expect(intentUrl([create], { intent: "reply", iri, back })).toBe(
    `https://b.test/w?o=&r=${encodeURIComponent(iri)}&c=`,
  );
  expect(
    intentUrl([{ ...create, template: "https://b.test/share?text={content}" }, open], {
      intent: "reply",
      iri,
      back,
    }),
  ).toStartWith("https://b.test/open");
});

test.each([
  "javascript:alert('{object}')",
  "{object}",
  "//b.test/{object}",
  "data:,{object}",
  `https://b.test/{object}${"x".repeat(3_000)}`,
])("%s leads nowhere", (template) => {
  expect(
    intentUrl([{ rel: `${REL}Like`, template }], { intent: "like", iri: "https://a.test/1", back }),
  ).toBeNull();
});

test("ours are understood by ours", () => {
  for (const intent of ["open", "follow", "like", "announce", "reply"] as const) {
    const url = new URL(intentUrl([...intentLinks("https://b.test")], { intent, iri, back }) ?? "");
    expect([...url.searchParams.values()]).toContain(iri);
    if (intent !== "open") expect(url.searchParams.get("on-success")).toBe(back);
  }
});
