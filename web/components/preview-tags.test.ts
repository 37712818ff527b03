/** What is told to search engines and to places that show previews: never more than everybody may read. */
import { describe, expect, test } from "bun:test";
import type { ObjectView } from "../../server/queries/view.ts";
import { actorPage } from "../pages/actor.ts";
import { objectPage } from "../pages/object.ts";
import { renderDocument } from "../render.ts";
import { cannedContext } from "../testing/canned.ts";
import { ada, noor, objectView } from "../testing/people.ts";

const context = cannedContext({ as: "visitor" });
const home = { ...ada, isIndexable: true };

const post = (given: Partial<ObjectView> = {}): ObjectView =>
  objectView({
    author: home,
    isLocal: true,
    visibility: "public",
    contentHtml: "<p>One</p><p>&lt;two&gt;</p>",
    ...given,
  });
const headOf = (view: ObjectView): string => {
  const page = objectPage(context, { view, ancestors: [], replies: [], arrivals: null });
  return renderDocument(context, page).split("</head>")[0] ?? "";
};
const profileHead = (actor: typeof ada): string => {
  const page = actorPage(context, { actor, relationship: null, tab: "about", feed: null });
  return renderDocument(context, page).split("</head>")[0] ?? "";
};
const said = (head: string, property: string): string | undefined =>
  new RegExp(`<meta (?:property|name)="${property}" content="([^"]*)"`).exec(head)?.[1];
const isListed = (head: string): boolean => said(head, "robots") === undefined;

const picture = {
  kind: "image",
  url: "https://commons.example/media/a.png",
  mediaType: "image/png",
  name: "A <red> cabbage",
  width: 800,
  height: 500,
} as const;

describe("a public post", () => {
  test("tells who said what, in one line, with its picture", () => {
    const head = headOf(post({ attachments: [picture] }));
    expect(said(head, "og:title")).toContain("Ada Okafor");
    expect(said(head, "og:description")).toBe("One &lt;two>");
    expect(said(head, "og:url")).toStartWith("https://");
    expect(said(head, "og:image")).toBe(picture.url);
    expect(said(head, "og:image:alt")).toBe("A &lt;red> cabbage");
    expect([said(head, "og:image:width"), said(head, "og:image:height")]).toEqual(["800", "500"]);
    expect(said(head, "twitter:card")).toBe("summary_large_image");
    expect(said(head, "fediverse:creator")).toBe(`@${ada.handle}@commons.example`);
  });

  test("that is long is cut between words", () => {
    const description = said(
      headOf(post({ contentHtml: `<p>${"word ".repeat(100)}</p>` })),
      "og:description",
    );
    expect(description).toMatch(/^(word )+word…$/);
    expect([...(description ?? "")].length).toBeLessThanOrEqual(200);
  });

  test("behind a warning tells the warning alone, and one with a sensitive picture neither words nor picture", () => {
    const warned = headOf(post({ summary: "Exam answers", isSensitive: true, attachments: [picture] }));
    expect(said(warned, "og:description")).toBe("Exam answers");
    expect(said(warned, "og:image")).toBeUndefined();
    const covered = headOf(post({ isSensitive: true, attachments: [picture] }));
    expect([said(covered, "og:description"), said(covered, "og:image")]).toEqual([undefined, undefined]);
  });
});

test.each(["quiet", "followers", "direct"] as const)(
  "a post for %s tells nothing and is not listed",
  (visibility) => {
    const head = headOf(post({ visibility }));
    expect(head).not.toContain("og:");
    expect(head).not.toContain("canonical");
    expect(isListed(head)).toBe(false);
  },
);

test("what others published, and what was deleted, is theirs to tell", () => {
  for (const view of [post({ isLocal: false, author: noor }), post({ isDeleted: true })]) {
    expect(headOf(view)).not.toContain("og:");
    expect(isListed(headOf(view))).toBe(false);
  }
  expect(profileHead(noor)).not.toContain("og:");
  expect(isListed(profileHead({ ...noor, isIndexable: true }))).toBe(false);
});

test("people and what they say are listed where they want it, materials always", () => {
  expect([isListed(profileHead(home)), isListed(profileHead(ada))]).toEqual([true, false]);
  expect([isListed(headOf(post())), isListed(headOf(post({ author: ada })))]).toEqual([true, false]);
  const material = post({ author: ada, type: "Article", ancestry: ["Article", "Object"] });
  expect(isListed(headOf(material))).toBe(true);
});

test("a profile tells its name, words and picture, listed or not", () => {
  const head = profileHead({ ...ada, summaryHtml: "<p>Physics &amp; maths</p>", iconUrl: picture.url });
  expect(said(head, "og:type")).toBe("profile");
  expect(said(head, "og:title")).toBe(`${ada.name} (@${ada.handle}@commons.example)`);
  expect(said(head, "og:description")).toBe("Physics &amp; maths");
  expect(said(head, "og:image")).toBe(picture.url);
  expect(said(head, "twitter:card")).toBe("summary");
  expect(said(profileHead({ ...ada, iconUrl: "javascript:alert(1)" }), "og:image")).toBeUndefined();
});
