/** BookWyrm: books, and what people say about them. */
import type { JsonObject } from "../../lib/json.ts";
import { AS, forAll, type Sample } from "./sample.ts";

const HOST = "https://worms.test";
const LENA = `${HOST}/user/lena`;
const BOOK = `${HOST}/book/12/s/the-quiet-ship`;

const status = (kind: string, more: JsonObject): JsonObject => ({
  id: `${LENA}/${kind.toLowerCase()}/9`,
  type: kind,
  published: "2026-03-01T18:00:00.350343+00:00",
  ...forAll(LENA),
  sensitive: false,
  inReplyToBook: BOOK,
  attachment: [{ type: "Document", url: `${HOST}/images/covers/ship.jpg`, name: "Ida Berg: The Quiet Ship" }],
  tag: [],
  replies: { id: `${LENA}/${kind.toLowerCase()}/9/replies`, type: "OrderedCollection", totalItems: 0 },
  "@context": AS,
  ...more,
});

export const bookwyrm: readonly Sample[] = [
  {
    what: "a review with stars",
    document: status("Review", {
      name: "Slow, and worth it",
      content: "<p>It takes a hundred pages to leave the harbour.</p>",
      rating: 4,
    }),
    becomes: "Review, public: title, text, picture, link, Stars (of 5)",
    says: ["Slow, and worth it", "hundred pages", "About this book"],
  },
  {
    what: "a quotation with a remark",
    document: status("Quotation", {
      content: "<p>I had to put it down here.</p>",
      quote: "<p>The sea was a page that nobody had written on.</p>",
      position: 41,
      positionMode: "PG",
    }),
    becomes: "Quotation, public: text, picture, link, Quotation, At",
    says: ["The sea was a page", "41"],
  },
  {
    what: "a remark on a book that is being read",
    document: status("Comment", {
      content: "<p>Still in the harbour.</p>",
      summary: "Spoilers for chapter two",
      sensitive: true,
      readingStatus: "reading",
    }),
    becomes: "Comment, public: warning, text, picture, link, Reading, sensitive",
    says: ["Spoilers for chapter two"],
  },
  {
    what: "stars without words",
    document: status("Rating", { rating: 3.5 }),
    becomes: "Rating, public: picture, link, Stars (of 5)",
    says: ["3.5"],
  },
  {
    what: "a line that the program wrote",
    document: status("GeneratedNote", {
      content: `wants to read <a href="${BOOK}"><i>The Quiet Ship</i></a>`,
      inReplyToBook: null,
      attachment: [],
    }),
    becomes: "Post, public: text",
  },
  {
    what: "an edition",
    document: {
      "@context": AS,
      id: BOOK,
      type: "Edition",
      title: "The Quiet Ship",
      subtitle: "A journey",
      description: "A harbour, a storm.\r\n\r\nAnd then nothing for a long time.",
      authors: [`${HOST}/author/4`],
      publishers: ["Anchor & Sons"],
      publishedDate: "2019-09-15T00:00:00+00:00",
      pages: 272,
      isbn13: "9780000000002",
      languages: ["English"],
      series: "",
      subjects: [],
      work: `${HOST}/book/11`,
      to: ["https://www.w3.org/ns/activitystreams#Public"],
      cover: { type: "Document", url: `${HOST}/images/covers/ship.jpg`, name: "Ida Berg: The Quiet Ship" },
    },
    becomes: "Book, public: title, text, link, Subtitle, Published by, Published, Pages, ISBN, Languages",
    says: ["The Quiet Ship", "A harbour, a storm.", "272", "Anchor"],
  },
];
