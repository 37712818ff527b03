/** Pages of quotes, reactions, intents and pictures of others, with canned props. */
import type { ObjectView, QuoteView, ReactionView } from "../../server/queries/view.ts";
import { adminMediaPage } from "../pages/admin/media.ts";
import { intentDonePage, intentPage } from "../pages/intent.ts";
import { objectPage } from "../pages/object.ts";
import { quotesPage } from "../pages/quotes.ts";
import { reactionsPage } from "../pages/reactions.ts";
import { writePage } from "../pages/write.ts";
import type { Canned } from "./canned.ts";
import { ada, hostile, longName, noor, objectView } from "./people.ts";
import { arabic, hiddenPhoto, photos, plain, warned } from "./posts.ts";

const reactions: readonly ReactionView[] = [
  { name: "👍", emoji: "👍", url: null, count: 12_400, isMine: true },
  { name: "❤️", emoji: "❤️", url: null, count: 31, isMine: false },
  {
    name: ":blobcat: https://there.example/cat.png",
    emoji: ":blobcat:",
    url: "/picture-40.svg",
    count: 2,
    isMine: false,
  },
  { name: ":unseen_word: https://x.example/", emoji: ":unseen_word:", url: null, count: 1, isMine: false },
];

const quoted = (view: ObjectView): QuoteView => ({ iri: view.iri, state: "shown", view });
const quoting = (key: number, quote: QuoteView, more: Partial<ObjectView> = {}): ObjectView =>
  objectView({
    key,
    author: noor,
    contentHtml: `<p class="quote-inline">RE: <a href="${quote.iri}">${quote.iri}</a></p><p>This is how it is done.</p>`,
    quote,
    reactions,
    ...more,
  });

const whole = (view: ObjectView, as: Canned["as"] = "member"): Canned => ({
  as,
  page: (context) => objectPage(context, { view, ancestors: [], replies: [], arrivals: null }),
});

const withReactions: ObjectView = { ...plain, reactions };
const within: ObjectView = {
  ...photos,
  author: longName,
  quote: { iri: "https://elsewhere.example/notes/1", state: "unseen", view: null },
};

const figures = {
  usedBytes: 1_912_000_000,
  quotaBytes: 2_000_000_000,
  files: 21_904,
  droppedFiles: 1_204,
  droppedBytes: 83_000_000,
  freeDiskBytes: 900_000_000,
  hosts: [
    {
      host: "files.very-large-instance-with-a-long-name.social.example",
      files: 15_112,
      bytes: 1_300_000_000,
    },
    { host: "madrasa.example", files: 6_792, bytes: 612_000_000 },
  ],
};

export const quotePages: Readonly<Record<string, Canned>> = {
  quote: whole(quoting(9301, quoted(plain))),
  "quote-photos": whole(quoting(9302, quoted(within))),
  "quote-arabic": whole(quoting(9303, quoted(arabic))),
  "quote-warned": whole(quoting(9304, quoted(warned), { summary: "About school", isSensitive: true })),
  "quote-hidden": whole(quoting(9305, quoted(hiddenPhoto)), "visitor"),
  "quote-withheld": whole(
    quoting(9306, { iri: "https://madrasa.example/notes/1", state: "withheld", view: null }),
  ),
  "quote-unseen": whole(
    quoting(9307, { iri: "https://madrasa.example/notes/2", state: "unseen", view: null }),
    "visitor",
  ),
  "quote-write": { as: "member", page: (context) => writePage(context, { quotes: plain, isHopeless: true }) },
  quotes: {
    as: "member",
    page: (context) =>
      quotesPage(context, {
        view: { ...plain, counts: { ...plain.counts, quotes: 2, quoteRequests: 1 } },
        quotes: [
          {
            stampIri: "https://x.example/1",
            quoteIri: "https://x.example/q1",
            view: quoting(9308, quoted(plain)),
          },
          {
            stampIri: "https://x.example/2",
            quoteIri: "https://gone.example/notes/a-very-long-address-without-any-break-in-it-at-all-12345",
            view: null,
          },
        ],
        asking: [
          {
            request: 1,
            requestIri: "https://x.example/r",
            actor: hostile,
            quoteIri: "https://x.example/q3",
            contentHtml: "<p>May I?</p>",
          },
        ],
        olderHref: "?before=1",
      }),
  },
  "quotes-empty": {
    as: "member",
    page: (context) => quotesPage(context, { view: plain, quotes: [], asking: [], olderHref: null }),
  },
  reactions: {
    as: "member",
    page: (context) =>
      reactionsPage(context, {
        view: withReactions,
        chosen: reactions[0] ?? null,
        people: [ada, noor, longName],
        olderHref: "?before=1",
      }),
  },
  "reactions-none": {
    as: "visitor",
    page: (context) => reactionsPage(context, { view: plain, chosen: null, people: [], olderHref: null }),
  },
  "intent-like": {
    as: "member",
    page: (context) =>
      intentPage(context, {
        type: "like",
        found: { object: plain },
        ways: { success: "https://shop.example/thanks", cancel: null },
      }),
  },
  "intent-follow": {
    as: "member",
    page: (context) =>
      intentPage(context, {
        type: "follow",
        found: { actor: longName },
        ways: { success: null, cancel: null },
      }),
  },
  "intent-done": {
    as: "member",
    page: (context) =>
      intentDonePage(context, {
        isCancelled: false,
        back: "https://shop.example/an/address/that-is-far-too-long-to-fit-into-one-line-of-a-telephone?order=123456789&thanks=yes",
      }),
  },
  "intent-cancelled": {
    as: "member",
    page: (context) => intentDonePage(context, { isCancelled: true, back: "(close)" }),
  },
  "admin-media": {
    as: "admin",
    page: (context) => adminMediaPage(context, { figures, isShown: true, megabytes: 2_000 }),
  },
  "admin-media-none": {
    as: "admin",
    page: (context) =>
      adminMediaPage(context, {
        figures: { ...figures, usedBytes: 0, files: 0, hosts: [], quotaBytes: 0, freeDiskBytes: null },
        isShown: false,
        megabytes: 0,
        form: {
          values: { remoteMediaMegabytes: "-1" },
          problem: { field: "remoteMediaMegabytes", message: "Write a whole number from 0 to 10000000." },
        },
      }),
  },
};
