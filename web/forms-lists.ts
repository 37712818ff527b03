/** The contract between pages and handlers of lists of people: where their forms go and what the fields are called. */

/** All of one's lists; one of them is at `/lists/KEY`, who is in it at `/lists/KEY/people`. */
export const LISTS = {
  path: "/lists",
  fields: {
    action: "action",
    /** The key of the list. */
    list: "list",
    title: "title",
    replies: "replies",
    /** `yes`: what is in it is not on the home page. */
    isExclusive: "exclusive",
    /** The address of the person who is put in, or taken out. */
    person: "person",
    /** A name as one writes it: `@bob@there.example`. */
    handle: "handle",
    return: "return",
  },
  actions: { make: "make", save: "save", remove: "remove", add: "add", take: "take" },
} as const;

/**
 * `?person=IRI` shows what one keeps about somebody: in which of one's lists they are (a list that is ticked is sent as
 * `yes`), on what terms one follows them, and a note.
 */
export const LISTS_WITH = {
  path: "/lists/with",
  fields: {
    person: "person",
    list: (key: number) => `list-${key}`,
    /** `yes` each; read only where somebody is followed. */
    shares: "shares",
    tells: "tells",
    note: "note",
    return: "return",
  },
} as const;

/** As many characters as `accounts/acquaintances.ts` takes. */
export const MAX_NOTE_CHARACTERS = 2_000;

/** As long as a heading on a phone. */
export const MAX_LIST_TITLE = 100;

/** Whose answers a list has. */
export const LIST_REPLIES = ["list", "followed", "none"] as const;
