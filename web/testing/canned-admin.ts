/** The pages of the administration with canned props. */

import type { PageContext } from "../page.ts";
import { adminBackupPage } from "../pages/admin/backup.ts";
import { adminInvitationsPage } from "../pages/admin/invitations.ts";
import { adminJobsPage } from "../pages/admin/jobs.ts";
import { adminLogPage } from "../pages/admin/log.ts";
import { type OverviewProps, overviewPage } from "../pages/admin/overview.ts";
import { adminPeerPage } from "../pages/admin/peer.ts";
import { adminPeersPage, type PeerRow } from "../pages/admin/peers.ts";
import { type AccountRow, adminPeoplePage } from "../pages/admin/people.ts";
import { adminSettingsPage } from "../pages/admin/settings.ts";
import type { Canned } from "./canned.ts";
import { ago } from "./people.ts";

const figures: OverviewProps["figures"] = {
  people: 37,
  activePeople: 29,
  posts: 4211,
  peers: 812,
  peersFailing: 3,
  jobsWaiting: 12,
  oldestJobMs: ago(2),
  databaseBytes: 48_300_000,
  freeDiskBytes: 21_000_000_000,
  lastBackupMs: ago(1),
};

const account = (given: Partial<AccountRow> & Pick<AccountRow, "name">): AccountRow => ({
  id: given.name,
  displayName: given.name,
  path: `/@${given.name}`,
  email: `${given.name}@sunnyside.example`,
  role: "member",
  state: "active",
  joinedMs: ago(60 * 24 * 100),
  lastSeenMs: ago(90),
  reason: null,
  isSelf: false,
  ...given,
});

const peer = (given: Partial<PeerRow> & Pick<PeerRow, "host" | "state">): PeerRow => ({
  software: null,
  waiting: 0,
  lastArrivedMs: null,
  nextTryMs: null,
  lastError: null,
  failures: 0,
  failingSinceMs: null,
  heldMs: null,
  receivedMs: null,
  scheme: null,
  ...given,
});

const PEERS: readonly PeerRow[] = [
  peer({
    host: "madrasa.example",
    software: "Mastodon 4.5",
    state: "fine",
    lastArrivedMs: ago(3),
    receivedMs: ago(1),
    scheme: "rfc9421",
  }),
  peer({
    host: "gemeinschaftsschule-am-langen-feld.bildung.example",
    state: "slow",
    waiting: 14,
    lastArrivedMs: ago(60 * 24),
    nextTryMs: ago(-20),
    lastError: "It answered 503.",
    failures: 2,
    failingSinceMs: ago(30),
    scheme: "cavage",
  }),
  peer({
    host: "silent.example",
    software: "GoToSocial 0.20",
    state: "dead",
    waiting: 1_000,
    nextTryMs: ago(-40),
    lastError: "silent.example does not accept connections. Try again later.",
    failures: 71,
    failingSinceMs: ago(60 * 70),
  }),
  peer({
    host: "gone.example",
    state: "gone",
    waiting: 90,
    nextTryMs: ago(-60 * 20),
    lastError: "The name gone.example leads nowhere. Check how it is written, or try again later.",
    failures: 380,
    failingSinceMs: ago(60 * 24 * 17),
  }),
  peer({ host: "held.example", state: "held", waiting: 3, heldMs: ago(60 * 5), lastArrivedMs: ago(60 * 6) }),
];

export const adminPages: Readonly<Record<string, Canned>> = {
  admin: {
    as: "admin",
    path: "/admin",
    page: (c) =>
      overviewPage(c, {
        troubles: [],
        isInsecure: false,
        peopleWaiting: 2,
        reportsWaiting: 3,
        figures,
        version: "0.1.0",
        startedMs: ago(60 * 30),
      }),
  },
  "admin-trouble": {
    as: "admin",
    path: "/admin",
    page: (c) =>
      overviewPage(c, {
        troubles: [
          { text: "There is no backup. Set COMMONS_REPLICA_URL.", href: "/admin/backup", isBad: true },
          { text: "Less than 2 GB are free on the disk.", href: null, isBad: false },
        ],
        isInsecure: true,
        peopleWaiting: 0,
        reportsWaiting: 0,
        figures: { ...figures, lastBackupMs: null, databaseBytes: null, freeDiskBytes: null },
        version: "0.1.0",
        startedMs: ago(3),
      }),
  },
  "admin-people": {
    as: "admin",
    path: "/admin/people",
    page: (c) =>
      adminPeoplePage(c, {
        query: "",
        state: "all",
        olderHref: "/admin/people?before=1",
        newPassword: { name: "Noor", password: "correct-horse-battery" },
        rows: [
          account({ name: "ada", displayName: "Ada Okafor", role: "admin", isSelf: true }),
          account({
            name: "friederike",
            displayName: "Friederike Donaudampfschifffahrtsgesellschaftskapitänswitwe",
            state: "waiting",
            lastSeenMs: null,
            reason: "I teach at the school next door.",
          }),
          account({ name: "noor", displayName: "نور الهاشمي", email: null }),
          account({ name: "sam", state: "disabled" }),
        ],
      }),
  },
  "admin-people-empty": {
    as: "admin",
    path: "/admin/people",
    page: (c) => adminPeoplePage(c, { query: "zz", state: "disabled", olderHref: null, rows: [] }),
  },
  "admin-invitations": {
    as: "admin",
    path: "/admin/invitations",
    page: (c) =>
      adminInvitationsPage(c, {
        olderHref: "/admin/invitations?before=1",
        rows: [
          {
            id: "1",
            note: "New staff",
            url: "https://commons.example/sign-up?invitation=7fK2mQ9xTz",
            used: 2,
            uses: 10,
            expiresMs: ago(-60 * 24 * 10),
            isOpen: true,
          },
          { id: "2", note: "", url: null, used: 1, uses: 1, expiresMs: null, isOpen: false },
        ],
      }),
  },
  "admin-peers": {
    as: "admin",
    path: "/admin/peers",
    page: (c) => adminPeersPage(c, { olderHref: null, isTroubled: false, rows: PEERS }),
  },
  "admin-peers-trouble": {
    as: "admin",
    path: "/admin/peers?state=trouble",
    page: (c) => adminPeersPage(c, { olderHref: null, isTroubled: true, rows: [] }),
  },
  ...Object.fromEntries(
    PEERS.map((peer) => [
      `admin-peer-${peer.state}`,
      {
        as: "admin",
        path: `/admin/peers/${peer.host}`,
        page: (c: PageContext) => adminPeerPage(c, { peer }),
      } satisfies Canned,
    ]),
  ),
  "admin-jobs": {
    as: "admin",
    path: "/admin/jobs",
    page: (c) =>
      adminJobsPage(c, {
        kinds: [
          { kind: "deliver", waiting: 12, running: 2, failed: 1, oldestMs: ago(2) },
          { kind: "fetch", waiting: 0, running: 0, failed: 0, oldestMs: null },
        ],
        failed: [
          {
            id: "9",
            kind: "deliver",
            subject: "https://gone.example/inbox",
            error: "The name leads nowhere.",
            tries: 14,
            timeMs: ago(60 * 5),
          },
        ],
      }),
  },
  "admin-jobs-empty": {
    as: "admin",
    path: "/admin/jobs",
    page: (c) => adminJobsPage(c, { kinds: [], failed: [] }),
  },
  "admin-backup": {
    as: "admin",
    path: "/admin/backup",
    page: (c) =>
      adminBackupPage(c, {
        state: "fine",
        target: "s3://backups.example/commons",
        lastError: null,
        lastCopyMs: ago(0),
        lastFullMs: ago(60 * 9),
        lastDrillMs: ago(60 * 24 * 4),
        lastCheckMs: ago(60 * 9),
        restoreCommand: "commons backup restore --at 2026-11-22T12:00:00Z",
      }),
  },
  "admin-backup-off": {
    as: "admin",
    path: "/admin/backup",
    page: (c) =>
      adminBackupPage(c, {
        state: "off",
        target: null,
        lastError: null,
        lastCopyMs: null,
        lastFullMs: null,
        lastDrillMs: null,
        lastCheckMs: null,
        restoreCommand: "",
      }),
  },
  "admin-log": {
    as: "admin",
    path: "/admin/log",
    page: (c) =>
      adminLogPage(c, {
        lines: [
          {
            level: "error",
            timeMs: ago(4),
            message: "Litestream stopped and is started again.",
            detail: "code=1 restarts=2",
          },
          { level: "warn", timeMs: ago(44), message: "gone.example does not answer.", detail: "tries=14" },
        ],
      }),
  },
  "admin-settings": {
    as: "admin",
    path: "/admin/settings",
    page: (c) =>
      adminSettingsPage(c, {
        values: {
          allowedDomains: "",
          rules: "Be kind.\nNo names or pictures of children.",
          about: "",
          privacy: "",
          contact: "us@sunnyside.example",
          sourceUrl: "",
          groupCreation: "everyone",
        },
      }),
  },
};
