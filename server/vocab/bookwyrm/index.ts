/** BookWyrm's types: books, and what people say about them. */
import type { Extension } from "../../core/behaviour.ts";

/** Documents of BookWyrm use bare names; an address of its own keeps them apart from those of others. */
const BW = "https://joinbookwyrm.com/ns#";

const onBook = (extending: string, facts: readonly string[] = []) => ({
  kind: "object" as const,
  extends: extending,
  display: { title: "name", body: "content", facts, links: ["inReplyToBook"] },
});

const book = {
  kind: "object" as const,
  extends: "Object",
  display: {
    title: "title",
    body: "description",
    facts: ["subtitle", "series", "publishers", "publishedDate", "pages", "isbn13", "languages", "subjects"],
    links: ["authors"],
  },
};

export const bookwyrm: Extension = {
  name: "bookwyrm",
  types: {
    Comment: { iri: `${BW}Comment`, ...onBook("Note", ["readingStatus"]) },
    Quotation: { iri: `${BW}Quotation`, ...onBook("Note", ["quote", "position"]) },
    Review: { iri: `${BW}Review`, ...onBook("Article", ["rating"]) },
    Rating: { iri: `${BW}Rating`, ...onBook("Note", ["rating"]) },
    GeneratedNote: { iri: `${BW}GeneratedNote`, kind: "object", extends: "Note" },
    Work: { iri: `${BW}Work`, ...book },
    Edition: { iri: `${BW}Edition`, ...book },
    Author: {
      iri: `${BW}Author`,
      kind: "object",
      extends: "Object",
      display: { title: "name", body: "bio", facts: ["born", "died"], links: ["website"] },
    },
    Shelf: { iri: `${BW}Shelf`, kind: "collection", extends: "OrderedCollection" },
    BookList: { iri: `${BW}BookList`, kind: "collection", extends: "OrderedCollection" },
  },
  words: {
    en: {
      Review: "Review",
      Quotation: "Quotation",
      Comment: "Comment",
      Rating: "Rating",
      GeneratedNote: "Post",
      Work: "Book",
      Edition: "Book",
      Author: "Author",
      inReplyToBook: "About this book",
      authors: "By this author",
      rating: "Stars (of 5)",
      quote: "Quotation",
      position: "At",
      readingStatus: "Reading",
      subtitle: "Subtitle",
      series: "Series",
      publishers: "Published by",
      publishedDate: "Published",
      pages: "Pages",
      isbn13: "ISBN",
      languages: "Languages",
      subjects: "Subjects",
      born: "Born",
      died: "Died",
      website: "Website",
    },
    de: {
      Review: "Besprechung",
      Quotation: "Zitat",
      Comment: "Kommentar",
      Rating: "Bewertung",
      GeneratedNote: "Beitrag",
      Work: "Buch",
      Edition: "Buch",
      Author: "Autor",
      inReplyToBook: "Zu diesem Buch",
      authors: "Von diesem Autor",
      rating: "Sterne (von 5)",
      quote: "Zitat",
      position: "Stelle",
      readingStatus: "Lesestand",
      subtitle: "Untertitel",
      series: "Reihe",
      publishers: "Verlag",
      publishedDate: "Erschienen",
      pages: "Seiten",
      isbn13: "ISBN",
      languages: "Sprachen",
      subjects: "Themen",
      born: "Geboren",
      died: "Gestorben",
      website: "Website",
    },
  },
};
