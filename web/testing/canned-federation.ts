/** The pages about other servers with canned props. */
import { EMPTY_FORM } from "../forms.ts";
import { domainDraftPage } from "../pages/admin/domain-draft.ts";
import { domainListsPage } from "../pages/admin/domain-lists.ts";
import { domainRulePage } from "../pages/admin/domain-rule.ts";
import { federationPage, type RuleRow } from "../pages/admin/federation.ts";
import { adminRecordPage, publicRecordPage, type RecordLine } from "../pages/record.ts";
import { serversPage } from "../pages/servers.ts";
import { severedPage } from "../pages/settings/severed.ts";
import type { Canned } from "./canned.ts";
import { ago } from "./people.ts";

const DAY = 60 * 24;

const rule = (domain: string, more: Partial<RuleRow> = {}): RuleRow => ({
  domain,
  level: "block",
  noMedia: false,
  noReports: false,
  publicComment: "",
  privateComment: "",
  isFromList: false,
  changedMs: ago(DAY * 3),
  ...more,
});

const rules: readonly RuleRow[] = [
  rule("spam.example", {
    publicComment: "Unerwünschte Werbung in großen Mengen, ohne Antwort auf Nachfragen.",
  }),
  rule("madrasa.example", { level: "allow", privateComment: "Ask Noor before changing anything" }),
  rule("loud.example", { level: "limit", noMedia: true, noReports: true, isFromList: true }),
  rule("a-very-long-name-of-a-server-that-does-not-end.and-another-label-below-it.example", {
    level: "none",
    noMedia: true,
  }),
];

const counts = { allow: 1, none: 1, limit: 1, block: 1 };

const line = (id: number, more: Partial<RecordLine>): RecordLine => ({
  id,
  timeMs: ago(DAY * id),
  who: "@ada",
  act: "domain-rule",
  detail: "block",
  about: "spam.example",
  reason: null,
  isPublic: true,
  ...more,
});

const lines: readonly RecordLine[] = [
  line(1, { reason: "Unerwünschte Werbung" }),
  line(2, { detail: "limit no-media", about: "loud.example", who: null }),
  line(3, { act: "federation", detail: "partners", about: null }),
  line(4, { act: "account-role", detail: "moderator", about: "نور", isPublic: false }),
  line(5, {
    act: "domain-list-accept",
    detail: null,
    about: "https://lists.example/blocks.csv",
    isPublic: false,
  }),
];

const path = "/admin/federation";

export const federationPages: Readonly<Record<string, Canned>> = {
  "admin-federation": {
    as: "admin",
    path,
    page: (c) =>
      federationPage(c, {
        mode: "open",
        rules,
        query: "",
        level: "all",
        olderHref: "?after=x",
        counts,
        maySwitch: true,
      }),
  },
  "admin-federation-empty": {
    as: "admin",
    path,
    page: (c) =>
      federationPage(c, {
        mode: "partners",
        rules: [],
        query: "",
        level: "all",
        olderHref: null,
        counts: { allow: 0, none: 0, limit: 0, block: 0 },
        maySwitch: false,
      }),
  },
  "admin-domain-rule": {
    as: "admin",
    path: `${path}/rule`,
    page: (c) => domainRulePage(c, { rule: null, domain: "spam.example", cost: { follows: 41, people: 12 } }),
  },
  "admin-domain-rule-error": {
    as: "admin",
    path: `${path}/rule`,
    page: (c) =>
      domainRulePage(c, {
        rule: null,
        domain: "",
        form: {
          ...EMPTY_FORM,
          values: { domain: "not a domain", level: "limit", noMedia: "yes" },
          problem: { field: "domain", message: "This is not a domain. Write it like school.example." },
        },
      }),
  },
  "admin-domain-lists": {
    as: "admin",
    path: `${path}/lists`,
    page: (c) =>
      domainListsPage(c, {
        lists: [
          {
            id: "1",
            name: "https://lists.example/a/very/long/address/of/a/list/that/somebody/keeps/blocks.csv",
            isSubscription: true,
            acceptsItself: true,
            rules: 412,
            waits: false,
            fetchedMs: ago(300),
            failed: "lists.example took too long to answer. Try again later.",
          },
          {
            id: "2",
            name: "blocked-domains.csv",
            isSubscription: false,
            acceptsItself: false,
            rules: 0,
            waits: true,
            fetchedMs: null,
            failed: null,
          },
        ],
      }),
  },
  "admin-domain-lists-error": {
    as: "admin",
    path: `${path}/lists`,
    page: (c) =>
      domainListsPage(c, {
        lists: [],
        form: {
          ...EMPTY_FORM,
          problem: {
            field: "file",
            message:
              "Nothing was read in. Line 3: “not a domain” is not a domain. Line 9: “maybe” is no severity.",
          },
        },
      }),
  },
  "admin-domain-draft": {
    as: "admin",
    path: `${path}/draft?list=2`,
    page: (c) =>
      domainDraftPage(c, {
        list: "2",
        name: "blocked-domains.csv",
        added: rules,
        changed: [{ before: rule("loud.example", { level: "limit" }), after: rule("loud.example") }],
        removed: [rule("better.example")],
        kept: [rule("madrasa.example", { level: "allow" })],
        obfuscated: 3,
        cost: { follows: 7, people: 2, servers: 31 },
      }),
  },
  "admin-domain-draft-gone": {
    as: "admin",
    path: `${path}/draft?list=2`,
    page: (c) => domainDraftPage(c, null),
  },
  "admin-record": {
    as: "admin",
    path: "/admin/record",
    page: (c) => adminRecordPage(c, { lines, olderHref: "?before=1" }),
  },
  "about-record": {
    as: "visitor",
    path: "/about/record",
    page: (c) => publicRecordPage(c, { lines: lines.filter(({ isPublic }) => isPublic), olderHref: null }),
  },
  "about-record-empty": {
    as: "visitor",
    path: "/about/record",
    page: (c) => publicRecordPage(c, { lines: [], olderHref: null }),
  },
  "about-servers": {
    as: "visitor",
    path: "/about/servers",
    page: (c) =>
      serversPage(c, {
        mode: "open",
        rules: rules.filter(({ level }) => level !== "allow"),
        olderHref: "?after=x",
      }),
  },
  "about-servers-empty": {
    as: "visitor",
    path: "/about/servers",
    page: (c) => serversPage(c, { mode: "partners", rules: [], olderHref: null }),
  },
  "settings-severed": {
    as: "member",
    path: "/settings/severed",
    page: (c) =>
      severedPage(c, {
        lines: [
          {
            id: 1,
            name: "@mallory@spam.example",
            direction: "following",
            domain: "spam.example",
            timeMs: ago(99),
          },
          {
            id: 2,
            name: "@نور@spam.example",
            direction: "follower",
            domain: "spam.example",
            timeMs: ago(99),
          },
        ],
        olderHref: null,
      }),
  },
};
