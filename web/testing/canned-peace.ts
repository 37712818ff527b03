/** Pages of reports, decisions, filters and mutes with canned props. */
import type { Complaint } from "../../server/moderation/report.ts";
import type { FilterMatch } from "../../server/queries/view.ts";
import type { SanctionLine } from "../components/sanctions.ts";
import { adminInvitationsPage } from "../pages/admin/invitations.ts";
import { adminPersonPage } from "../pages/admin/person.ts";
import { adminReportPage, type ShownEvidence } from "../pages/admin/report.ts";
import { type ReportRow, reportsPage } from "../pages/admin/reports.ts";
import { appealPage } from "../pages/appeal.ts";
import type { GroupReport } from "../pages/group-reports.ts";
import { homePage } from "../pages/home.ts";
import { filtersPage } from "../pages/settings/filters.ts";
import { mutesPage } from "../pages/settings/mutes.ts";
import { avoidedServersPage } from "../pages/settings/servers.ts";
import { standingPage } from "../pages/settings/standing.ts";
import type { Canned } from "./canned.ts";
import { ada, ago, hostile, longName, nameless, noor } from "./people.ts";
import { arabic, plain } from "./posts.ts";

const row = (given: Partial<ReportRow>): ReportRow => ({
  key: 1,
  about: longName.key,
  place: null,
  category: "rule",
  state: "open",
  assignee: null,
  outcome: null,
  changedMs: ago(5),
  complaints: 1,
  actor: longName,
  timeMs: ago(50),
  ...given,
});

const rows = [
  row({ key: 1, complaints: 12 }),
  row({ key: 2, category: "illegal", state: "assigned", assignee: ada.key, about: noor.key, actor: noor }),
  row({ key: 3, category: "spam", about: hostile.key, actor: hostile }),
  row({ key: 4, category: "other", about: 0, actor: null }),
];

const sanction = (given: Partial<SanctionLine>): SanctionLine => ({
  key: 7,
  actor: longName.key,
  object: null,
  kind: "limit",
  text: "Three times the same advertisement in one day. Rule 2: No advertising.",
  report: null,
  by: ada.key,
  liftedMs: null,
  erasedAtMs: null,
  appeal: null,
  appealedMs: null,
  answer: null,
  answeredMs: null,
  timeMs: ago(600),
  byActor: ada,
  mayUphold: true,
  ...given,
});

const appealed = sanction({
  key: 8,
  appeal: "It was a book that I wrote myself, and it costs nothing.",
  appealedMs: ago(20),
});
const suspended = sanction({ key: 9, kind: "suspend", erasedAtMs: ago(-60 * 24 * 25) });
const settled = sanction({
  key: 10,
  kind: "warn",
  appeal: "I did not know that.",
  appealedMs: ago(300),
  answer: "Now you do. All is well.",
  answeredMs: ago(200),
  liftedMs: ago(200),
});

const voices: readonly Complaint[] = [
  {
    activity: 100,
    reporter: noor.key,
    category: "rule",
    rule: "Be kind to each other, in every word.",
    comment: "هذا ليس لطيفا",
    wasForwarded: true,
  },
  { activity: 101, reporter: nameless.key, category: "spam", rule: null, comment: "", wasForwarded: false },
];

const evidence: readonly ShownEvidence[] = [
  {
    object: 500,
    iri: "https://madrasa.example/notes/1",
    takenMs: ago(60),
    isDeleted: true,
    isHidden: false,
    content: {
      name: null,
      summary: "Donaudampfschifffahrtsgesellschaftskapitänsmützen",
      content: "",
      media: [],
    },
    contentHtml: "<p>Buy Donaudampfschifffahrtsgesellschaftskapitänsmützen now</p>",
    href: null,
  },
  {
    object: 501,
    iri: "https://madrasa.example/notes/2",
    takenMs: ago(60),
    isDeleted: false,
    isHidden: false,
    content: {
      name: "Offer",
      summary: null,
      content: "",
      media: [{ url: "https://madrasa.example/cap.png", text: "" }],
    },
    contentHtml: "",
    href: "/@noor@madrasa.example/501",
  },
];

const people = new Map([ada, noor, nameless].map((actor) => [actor.key, actor]));

const match = (title: string): FilterMatch => ({
  key: 1,
  title,
  action: "warn",
  contexts: ["home"],
  expiresMs: null,
  phrases: [title],
  isNamed: false,
});

export const groupReports: readonly GroupReport[] = rows.slice(0, 2).map((each) => ({
  ...each,
  comments: ["هذا ليس لطيفا", "Donaudampfschifffahrtsgesellschaftskapitänsmützenverkaufsanzeigen"],
  evidence,
}));

export const peacePages: Readonly<Record<string, Canned>> = {
  "admin-reports": {
    as: "admin",
    path: "/admin/reports",
    page: (c) =>
      reportsPage(c, {
        rows,
        isClosed: false,
        olderHref: "/admin/reports?before=1",
        appeals: [{ ...appealed, actorView: longName }],
      }),
  },
  "admin-reports-empty": {
    as: "admin",
    path: "/admin/reports",
    page: (c) => reportsPage(c, { rows: [], isClosed: true, olderHref: null, appeals: [] }),
  },
  "admin-report": {
    as: "admin",
    path: "/admin/reports/1",
    page: (c) =>
      adminReportPage(c, {
        report: {
          ...row({ state: "assigned", assignee: ada.key }),
          voices,
          evidence,
          notes: [{ key: 102, author: ada.key, text: "I will call her." }],
        },
        about: longName,
        people,
        sanctions: [appealed, settled],
        timeOf: ago,
        mayDecide: true,
        isMine: true,
        form: { values: { text: "" }, problem: { field: "text", message: "Write something first." } },
      }),
  },
  "admin-report-closed": {
    as: "admin",
    path: "/admin/reports/2",
    page: (c) =>
      adminReportPage(c, {
        report: {
          ...row({ state: "resolved", outcome: "We talked to her." }),
          voices,
          evidence: [],
          notes: [],
        },
        about: null,
        people,
        sanctions: [],
        timeOf: ago,
        mayDecide: false,
        isMine: false,
      }),
  },
  "admin-person": {
    as: "admin",
    path: "/admin/people/1",
    page: (c) =>
      adminPersonPage(c, {
        actor: longName,
        account: {
          key: longName.key,
          name: "friederike",
          email: "friederike@sunnyside.example",
          role: "teacher",
          state: "active",
          reason: null,
          note: null,
          invitedBy: null,
          locale: "de",
          createdMs: ago(60 * 24 * 200),
          seenMs: ago(30),
          hasPassword: true,
          isGone: false,
        },
        reports: rows,
        sanctions: [suspended, appealed, settled],
        record: [
          {
            id: 1,
            timeMs: ago(600),
            who: "@ada",
            act: "sanction",
            detail: "limit",
            about: "friederike",
            reason: "Three times the same advertisement",
            isPublic: false,
          },
        ],
        mayDecide: true,
      }),
  },
  "admin-person-elsewhere": {
    as: "admin",
    path: "/admin/people/2",
    page: (c) =>
      adminPersonPage(c, {
        actor: hostile,
        account: null,
        reports: [],
        sanctions: [],
        record: [],
        mayDecide: true,
      }),
  },
  "settings-filters": {
    as: "member",
    path: "/settings/filters",
    page: (c) =>
      filtersPage(c, {
        filters: [
          {
            key: 1,
            title: "Fußballweltmeisterschaftsqualifikationsspielberichterstattung",
            phrases: [
              { key: 11, text: "كرة القدم", isWhole: true },
              { key: 12, text: "football", isWhole: true },
            ],
            objects: [],
            contexts: ["home", "public"],
            action: "warn",
            expiresMs: ago(-60 * 24),
          },
          {
            key: 2,
            title: "Old",
            phrases: [{ key: 21, text: "x", isWhole: false }],
            objects: [],
            contexts: ["home"],
            action: "hide",
            expiresMs: ago(5),
          },
        ],
        edited: null,
      }),
  },
  "settings-filters-wrong": {
    as: "member",
    path: "/settings/filters",
    page: (c) =>
      filtersPage(c, {
        filters: [],
        edited: null,
        form: {
          values: { title: "Exams", phrases: "" },
          problem: { field: "phrases", message: "Write at least one word or phrase." },
        },
      }),
  },
  "settings-mutes": {
    as: "member",
    path: "/settings/mutes",
    page: (c) =>
      mutesPage(c, {
        people: [
          { actor: longName, endsMs: ago(-60 * 48), areNoticesMuted: true },
          { actor: noor, endsMs: null, areNoticesMuted: false },
        ],
        morePeopleHref: "/settings/mutes?before=1",
        threads: [plain, arabic],
        moreThreadsHref: "/settings/mutes?threads=1",
      }),
  },
  "settings-mutes-empty": {
    as: "member",
    path: "/settings/mutes",
    page: (c) => mutesPage(c, { people: [], morePeopleHref: null, threads: [], moreThreadsHref: null }),
  },
  "settings-servers": {
    as: "member",
    path: "/settings/servers",
    page: (c) =>
      avoidedServersPage(c, {
        hosts: [
          { host: 4, name: "noisy.example", sinceMs: ago(100) },
          {
            host: 5,
            name: "grundschullehrerinnenfortbildungszentrum.donaudampfschifffahrt.example",
            sinceMs: ago(100),
          },
        ],
        domain: "loud.example",
      }),
  },
  "settings-standing": {
    as: "member",
    path: "/settings/standing",
    page: (c) => standingPage(c, { sanctions: [sanction({}), appealed, settled] }),
  },
  "settings-standing-empty": {
    as: "member",
    path: "/settings/standing",
    page: (c) => standingPage(c, { sanctions: [] }),
  },
  "home-filtered": {
    as: "member",
    path: "/",
    page: (c) =>
      homePage(c, {
        feed: {
          items: [plain, arabic].map((object, i) => ({
            key: 900 + i,
            object: {
              ...object,
              filtered: [
                match("Fußballweltmeisterschaftsqualifikationsspielberichterstattung"),
                match("كرة القدم"),
              ],
            },
            sharedBy: null,
          })),
          olderHref: null,
        },
      }),
  },
  "settings-invitations": {
    as: "member",
    path: "/settings/invitations",
    page: (c) =>
      adminInvitationsPage(c, {
        areOwn: true,
        olderHref: null,
        rows: [
          {
            id: "1",
            note: "Klassenpflegschaftsversammlungsteilnehmerinnen",
            url: "https://commons.example/sign-up?invitation=abcdefghjkmnpqrstvwxyz",
            used: 3,
            uses: 30,
            expiresMs: ago(-60 * 24 * 3),
            isOpen: true,
          },
        ],
      }),
  },
  appeal: { as: "visitor", path: "/appeal", page: (c) => appealPage(c) },
  "appeal-sent": { as: "visitor", path: "/appeal", page: (c) => appealPage(c, { isSent: true }) },
};
