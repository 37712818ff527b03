/** Canned posts for the gallery and the page tests, one for each shape that a card can take. */
import type { FeedItem, NoticeView, ObjectView } from "../../server/queries/view.ts";
import { ada, ago, group, longName, nameless, noor, objectView } from "./people.ts";

const mine = {
  isAuthor: false,
  hasLiked: false,
  hasShared: false,
  hasBookmarked: false,
  mayShare: true,
  mayQuote: true,
};

const counts = (likes: number, shares: number, replies: number) => ({
  likes,
  shares,
  replies,
  quotes: 0,
  quoteRequests: 0,
});

/** A drawing that the gallery makes itself, so that it needs no network. */
const picture = (hue: number): string => `/picture-${hue}.svg`;

export const plain = objectView({
  contentHtml:
    "<p>My class measured the height of the school with a stick, a shadow and a bit of sun. Three groups, three answers, all within 40 cm.</p><p>The best part was the argument afterwards about <em>why</em> they differ.</p>",
  counts: counts(14, 3, 2),
  mine: { ...mine, hasLiked: true, hasBookmarked: true },
});

export const own = objectView({
  contentHtml:
    "<p>Tomorrow we build water rockets. Does anyone have a list of what goes wrong?</p><ul><li>too little water</li><li>too much hope</li></ul>",
  visibility: "followers",
  source: "Tomorrow we build water rockets. Does anyone have a list of what goes wrong?",
  updatedMs: ago(2),
  publishedMs: ago(12),
  counts: counts(2, 0, 1),
  mine: { ...mine, isAuthor: true, mayShare: false },
});

export const withFiles = objectView({
  ...own,
  key: 8001,
  visibility: "public",
  attachments: [
    { kind: "image", url: picture(30), mediaType: "image/png", name: "", width: 800, height: 500 },
    {
      kind: "file",
      url: "/media/Unterrichtsvorbereitungsblatt-Wasserraketen-Klasse-8.pdf",
      mediaType: "application/pdf",
      name: "A worksheet",
      width: null,
      height: null,
    },
  ],
});

export const arabic = objectView({
  author: noor,
  language: "ar",
  publishedMs: ago(190),
  contentHtml:
    '<p>اليوم صنعنا مؤشر حموضة من الملفوف الأحمر. التلاميذ أرادوا أن يختبروا كل شيء في المطبخ.</p><p><a href="https://madrasa.example/cabbage">madrasa.example/cabbage</a></p>',
  counts: counts(1280, 240, 31),
});

export const article = objectView({
  author: longName,
  type: "Article",
  typeLabel: "Article",
  ancestry: ["Article", "Object"],
  language: "de",
  publishedMs: ago(60 * 26),
  name: "Rechtschreibförderung mit Unterrichtsvorbereitungszeitersparnismaßnahmen",
  summary: "Was wir in zwei Jahren gelernt haben, und was wir nicht noch einmal machen würden.",
  contentHtml: `<p>${"Im ersten Jahr haben wir jede Woche neue Arbeitsblätter geschrieben. Im zweiten Jahr haben wir sie weggelassen und stattdessen jeden Tag zehn Minuten laut gelesen. ".repeat(6)}</p><h2>Was blieb</h2><p>Die Kinder lesen lieber.</p><blockquote><p>Ein Satz am Tag ist besser als ein Blatt in der Woche.</p></blockquote>`,
  counts: counts(8, 5, 0),
});

export const recipe = objectView({
  type: "Recipe",
  typeLabel: "Recipe",
  ancestry: ["Recipe", "Article", "Object"],
  publishedMs: ago(60 * 50),
  name: "Indicator from red cabbage",
  contentHtml:
    "<p>Cut the cabbage small, pour hot water on it, wait ten minutes. The water is your indicator.</p>",
  facts: [
    {
      property: "ingredients",
      label: "You need",
      values: ["half a red cabbage", "hot water", "vinegar and soda to test"],
    },
    { property: "minutes", label: "Time", values: ["20 minutes"] },
  ],
  actions: [{ type: "Cook", label: "I made this", count: 3 }],
});

export const warned = objectView({
  author: nameless,
  summary: "Exam answers, do not read before Friday",
  isSensitive: true,
  contentHtml: "<p>Question 3 is b.</p>",
  publishedMs: ago(60 * 24 * 9),
});

export const photos = objectView({
  author: noor,
  language: "en",
  contentHtml: "<p>Before, and after one drop of vinegar.</p>",
  publishedMs: ago(60 * 7),
  attachments: [
    {
      kind: "image",
      url: picture(265),
      mediaType: "image/png",
      name: "A purple liquid in a glass",
      width: 800,
      height: 500,
    },
    {
      kind: "image",
      url: picture(340),
      mediaType: "image/png",
      name: "The same liquid, now pink",
      width: 800,
      height: 500,
    },
    {
      kind: "file",
      url: "https://madrasa.example/worksheet.pdf",
      mediaType: "application/pdf",
      name: "Worksheet for the cabbage experiment.pdf",
      width: null,
      height: null,
    },
  ],
});

export const hiddenPhoto = objectView({
  author: nameless,
  isSensitive: true,
  contentHtml: "<p>Dissection, seventh lesson.</p>",
  attachments: [
    { kind: "image", url: picture(10), mediaType: "image/png", name: "", width: 800, height: 500 },
  ],
});

export const openPoll = objectView({
  author: noor,
  type: "Question",
  typeLabel: "Question",
  ancestry: ["Question", "Object"],
  contentHtml: "<p>When do you plan your week?</p>",
  poll: {
    isMultiple: false,
    endsMs: ago(-60 * 5),
    hasEnded: false,
    voters: 12,
    options: ["Friday afternoon", "Sunday evening", "On the way to school"].map((name) => ({
      name,
      votes: 4,
      isMine: false,
    })),
  },
});

export const closedPoll = objectView({
  type: "Question",
  typeLabel: "Question",
  ancestry: ["Question", "Object"],
  contentHtml: "<p>Chalk or marker?</p>",
  publishedMs: ago(60 * 24 * 40),
  poll: {
    isMultiple: false,
    endsMs: ago(60 * 24 * 39),
    hasEnded: true,
    voters: 31,
    options: [
      { name: "Chalk", votes: 19, isMine: true },
      { name: "Marker", votes: 12, isMine: false },
    ],
  },
});

export const happening = objectView({
  author: group,
  type: "Event",
  typeLabel: "Event",
  ancestry: ["Event", "Object"],
  name: "Evening of open laboratories :atom:",
  emoji: [{ shortcode: "atom", url: picture(200) }],
  contentHtml: "<p>Bring one experiment that fits on a table.</p>",
  event: {
    startsMs: ago(-60 * 24 * 9),
    endsMs: ago(-60 * 24 * 9 - 120),
    timeZone: "Europe/Berlin",
    isAllDay: false,
    place: "Hauptgebäude der Grundschullehrerinnenfortbildungsstätte, Schulstraße 12, 12345 Neustadt",
    placeUrl: null,
    isCancelled: false,
  },
  hashtags: [
    { name: "#physics", path: "/tags/physics" },
    { name: "#Grundschullehrerinnenfortbildung", path: "/tags/grundschullehrerinnenfortbildung" },
  ],
});

export const callOff = objectView({
  ...happening,
  key: 4_001,
  author: noor,
  name: "Chemistry breakfast",
  event: {
    startsMs: ago(-60 * 24 * 2),
    endsMs: null,
    timeZone: "UTC",
    isAllDay: true,
    place: null,
    placeUrl: "https://madrasa.example/room/7",
    isCancelled: true,
  },
});

export const film = objectView({
  author: noor,
  type: "Video",
  typeLabel: "Video",
  ancestry: ["Video", "Document", "Object"],
  name: "How a lens bends light",
  contentHtml: "<p>Ten minutes, one candle and a glass of water.</p>",
  attachments: [
    {
      kind: "link",
      url: "https://films.example/w/7",
      mediaType: null,
      name: "",
      width: null,
      height: null,
      posterUrl: picture(120),
    },
  ],
  facts: [
    { property: "duration", label: "Length", values: ["10 min, 3 sec"] },
    { property: "licence", label: "Licence", values: ["Attribution - Share Alike"] },
  ],
});

export const brought = objectView({
  author: nameless,
  type: "Page",
  typeLabel: "Page",
  ancestry: ["Page", "Document", "Object"],
  name: "A museum puts its drawings of insects on the web",
  contentHtml: "<p>Free to use in class.</p>",
  attachments: [
    {
      kind: "link",
      url: "https://museum.example/a/very/long/address/of/drawings/of/insects/by/order/and/century",
      mediaType: null,
      name: "",
      width: null,
      height: null,
    },
  ],
});

export const reply = objectView({
  author: nameless,
  contentHtml: "<p>Forgetting to open the nozzle. Every single time.</p>",
  publishedMs: ago(5),
  inReplyTo: { iri: own.iri, key: own.key, path: own.path, author: ada },
  counts: counts(1, 0, 1),
});

export const deleted = objectView({ isDeleted: true, contentHtml: "" });

const item = (object: ObjectView, sharedBy: FeedItem["sharedBy"] = null): FeedItem => ({
  key: object.key,
  object,
  sharedBy,
});

export const feedItems: readonly FeedItem[] = [
  item(own),
  item(plain, group),
  item(photos),
  item(openPoll),
  item(reply),
  item(arabic),
  item(article),
  item(recipe),
  item(warned),
  item(hiddenPhoto),
  item(closedPoll),
  item(happening),
  item(callOff),
  item(film),
  item(brought),
  item(deleted),
];

/** As many as one page ever holds. */
export const fortyItems: readonly FeedItem[] = Array.from({ length: 40 }, (_, index) =>
  item(
    objectView({
      author: [ada, noor, longName, nameless][index % 4] ?? ada,
      contentHtml: `<p>Post number ${index + 1}. ${"A sentence that is long enough to wrap on a telephone. ".repeat(index % 3)}</p>`,
      publishedMs: ago(index * 47),
      counts: counts(index, index % 5, index % 3),
    }),
  ),
);

let noticeKey = 5_000;
const notice = (given: Partial<NoticeView> & Pick<NoticeView, "kind" | "actor">): NoticeView => ({
  key: ++noticeKey,
  object: null,
  quoting: null,
  about: null,
  matter: 0,
  reaction: null,
  isFiltered: false,
  activityType: "",
  isRead: true,
  timeMs: ago(60),
  ...given,
});

export const notices: readonly NoticeView[] = [
  notice({ kind: "follow-request", actor: longName, isRead: false, timeMs: ago(1) }),
  notice({ kind: "reply", actor: nameless, object: reply, isRead: false, timeMs: ago(5) }),
  notice({ kind: "like", actor: noor, object: plain, timeMs: ago(70) }),
  notice({ kind: "share", actor: group, object: recipe, timeMs: ago(60 * 5) }),
  notice({ kind: "follow", actor: noor, timeMs: ago(60 * 24) }),
  notice({ kind: "follow-accepted", actor: group, timeMs: ago(60 * 24 * 2) }),
  notice({ kind: "mention", actor: longName, object: article, timeMs: ago(60 * 24 * 3) }),
  notice({ kind: "poll", actor: ada, object: closedPoll, timeMs: ago(60 * 24 * 39) }),
  notice({ kind: "other", activityType: "Cook", actor: noor, object: recipe, timeMs: ago(60 * 24 * 60) }),
  notice({ kind: "like", actor: nameless, object: deleted, timeMs: ago(60 * 24 * 90) }),
];
