/** Ghost, WriteFreely and Plume: long texts, with a picture, a preview or another language. */
import { AS, forAll, type Sample, SECURITY } from "./sample.ts";

const GHOST = "https://paper.test/.ghost/activitypub/users/index";
const WRITER = "https://write.test/api/collections/yun";
const PLUME = "https://plume.test/~/Seeds/";

const CHAPTER = "The hall was loud, so we took the chairs outside. ".repeat(20);

export const blogs: readonly Sample[] = [
  {
    what: "an article with a picture and a preview (Ghost)",
    document: {
      "@context": [AS, { Emoji: "toot:Emoji", toot: "http://joinmastodon.org/ns#" }],
      id: "https://paper.test/.ghost/activitypub/article/5f",
      type: "Article",
      ...forAll(GHOST),
      name: "Lessons outside",
      content: `<p>${CHAPTER}</p><figure class="kg-card"><img src="https://paper.test/chairs.jpg" alt="Chairs"></figure>`,
      image: "https://paper.test/content/images/chairs.jpg",
      preview: {
        id: "https://paper.test/.ghost/activitypub/note/5f",
        type: "Note",
        content: "<p>What a hall taught us.</p>",
      },
      published: "2026-04-02T08:00:00.000Z",
      url: "https://paper.test/lessons-outside/",
    },
    becomes: "Article, public: title, text, preview, picture",
    says: ["Lessons outside", "The hall was loud"],
  },
  {
    what: "a short note of the same program",
    document: {
      "@context": [AS],
      id: "https://paper.test/.ghost/activitypub/note/7a",
      type: "Note",
      ...forAll(GHOST),
      content: "<p>Rain today.</p>",
      attachment: [{ type: "Image", url: "https://paper.test/content/images/rain.jpg" }],
      published: "2026-04-03T08:00:00Z",
      url: "https://paper.test/note/7a",
    },
    becomes: "Post, public: text, picture",
  },
  {
    what: "an article in Korean (WriteFreely)",
    document: {
      "@context": [AS],
      id: "https://write.test/api/posts/q1",
      type: "Article",
      ...forAll(WRITER),
      name: "씨앗",
      content: "<p>봄에 심는다.</p>",
      contentMap: { ko: "<p>봄에 심는다.</p>" },
      tag: [{ type: "Hashtag", href: "https://write.test/yun/tag:garden", name: "#garden" }],
      published: "2026-03-21T00:00:00Z",
      url: "https://write.test/yun/seeds",
    },
    becomes: "Article, public: title, text, tag",
    says: ["봄에 심는다", 'lang="ko"', "#garden"],
  },
  {
    what: "an article by a blog and a person, with a licence (Plume)",
    document: {
      "@context": [
        AS,
        SECURITY,
        { license: { "@id": "schema:license", "@type": "@id" }, schema: "http://schema.org/" },
      ],
      id: `${PLUME}sowing/`,
      type: "Article",
      attributedTo: ["https://plume.test/@/ruth/", PLUME],
      to: ["https://www.w3.org/ns/activitystreams#Public"],
      cc: [`${PLUME}followers`],
      name: "Sowing",
      summary: "When the soil is ready.",
      content: "<p>Wait for the warm night.</p>",
      source: { mediaType: "text/markdown", content: "Wait for the warm night." },
      license: "CC-BY-SA",
      published: "2026-03-22T10:00:00Z",
      tag: [],
    },
    becomes: "Article, public: title, abstract, text",
    says: ["When the soil is ready."],
  },
];
