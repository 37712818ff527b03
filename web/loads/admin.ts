/** What the administration pages show. */

import type { Account } from "../../server/accounts/account.ts";
import { HOUR_MS } from "../../server/lib/durations.ts";
import { parseKey } from "../../server/lib/id.ts";
import { Problem } from "../../server/lib/problem.ts";
import { signedIn, staff, type Visit, type WebDeps } from "../face.ts";
import { ADMIN_PEOPLE } from "../forms.ts";
import { ADMIN_MEDIA } from "../forms-quotes.ts";
import { adminBackupPage } from "../pages/admin/backup.ts";
import { adminInvitationsPage, type InvitationRow } from "../pages/admin/invitations.ts";
import { adminJobsPage } from "../pages/admin/jobs.ts";
import { adminLogPage } from "../pages/admin/log.ts";
import { adminMediaPage, isDiskTooSmall, type MediaFigures } from "../pages/admin/media.ts";
import { type OverviewProps, overviewPage } from "../pages/admin/overview.ts";
import { type AccountRow, type AdminPeopleProps, adminPeoplePage } from "../pages/admin/people.ts";
import { adminSettingsPage } from "../pages/admin/settings.ts";
import { federationTroubles } from "./federation.ts";
import type { Load } from "./load.ts";
import { olderHref } from "./load.ts";

const PEOPLE_ON_A_PAGE = 50;
/** With this little left the next big upload, or the next migration's copy, fails. */
const LITTLE_DISK_BYTES = 1_000_000_000;

export const overview: Load = async (deps, visit) => {
  staff(visit);
  const [figures, media] = await Promise.all([deps.operations.figures(), deps.operations.media()]);
  const counts = await deps.accounts.people.count();
  const reports = await deps.reports.count();
  return overviewPage(visit.context, {
    troubles: [...troublesOf(visit, figures, media), ...(await federationTroubles(deps, visit))],
    isInsecure: deps.isInsecure,
    peopleWaiting: counts.pending,
    reportsWaiting: reports.open,
    figures,
    version: deps.version,
    startedMs: deps.operations.startedMs,
  });
};

function troublesOf(
  { context }: Visit,
  figures: OverviewProps["figures"],
  media: MediaFigures,
): OverviewProps["troubles"] {
  const { troubles, adminMedia } = context.words;
  const found: { text: string; href: string | null; isBad: boolean }[] = [];
  if (figures.freeDiskBytes !== null && figures.freeDiskBytes < LITTLE_DISK_BYTES) {
    found.push({ text: troubles.littleDisk, href: null, isBad: true });
  } else if (isDiskTooSmall(media)) {
    found.push({ text: adminMedia.diskTooSmall, href: ADMIN_MEDIA.path, isBad: false });
  }
  if (figures.lastBackupMs === null)
    found.push({ text: troubles.noBackup, href: "/admin/backup", isBad: false });
  if (figures.oldestJobMs !== null && context.nowMs - figures.oldestJobMs > HOUR_MS) {
    found.push({ text: troubles.lateJobs, href: "/admin/jobs", isBad: false });
  }
  return found;
}

export const people: Load = async (deps, visit) =>
  adminPeoplePage(visit.context, await peopleRows(deps, visit));

export async function peopleRows(deps: WebDeps, visit: Visit) {
  const { account: self } = staff(visit);
  const { fields } = ADMIN_PEOPLE;
  const query = (visit.url.searchParams.get(fields.query) ?? "").trim().toLowerCase().replace(/^@/, "");
  const state = stateFrom(visit.url.searchParams.get(fields.state));
  const before = parseKey(visit.url.searchParams.get("before"));
  const listed = await deps.accounts.people.list({
    limit: PEOPLE_ON_A_PAGE,
    part: query,
    ...(state === "all" ? {} : { state: state === "waiting" ? ("pending" as const) : state }),
    ...(before === null ? {} : { before }),
  });
  const actors = await deps.queries.actors(listed.items.map(({ key }) => key));
  const rows = listed.items.map(
    (account): AccountRow => ({
      id: String(account.key),
      name: account.name,
      displayName: actors.get(account.key)?.name ?? account.name,
      path: `/@${account.name}`,
      email: account.email,
      role: account.role,
      state: account.isGone ? "gone" : account.state === "pending" ? "waiting" : account.state,
      joinedMs: account.createdMs,
      lastSeenMs: account.seenMs,
      reason: account.reason,
      isSelf: account.key === self.key,
    }),
  );
  const older = new URLSearchParams({
    [fields.query]: query,
    [fields.state]: state,
    before: String(listed.older),
  });
  return { rows, query, state, olderHref: listed.older === null ? null : `${ADMIN_PEOPLE.path}?${older}` };
}

function stateFrom(text: string | null): AdminPeopleProps["state"] {
  return text === "waiting" || text === "active" || text === "disabled" ? text : "all";
}

export const invitations: Load = async (deps, visit) => {
  const { account } = staff(visit);
  return adminInvitationsPage(visit.context, await invitationsOf(deps, visit, account));
};

/** One's own, of whoever may invite. @throws Problem `forbidden`. */
export const ownInvitations: Load = async (deps, visit) => {
  const { account } = signedIn(visit);
  requireInviting(deps, account);
  return adminInvitationsPage(visit.context, {
    ...(await invitationsOf(deps, visit, account)),
    areOwn: true,
  });
};

export function requireInviting(deps: WebDeps, account: Account): void {
  if (deps.accounts.invitations.mayInvite(account)) return;
  throw new Problem("forbidden", "You cannot invite people here. Ask those who run this server.");
}

export async function invitationsOf(deps: WebDeps, visit: Visit, by: Account) {
  const before = parseKey(visit.url.searchParams.get("before"));
  const page = await deps.accounts.invitations.list(by, {
    everybody: true,
    ...(before === null ? {} : { before }),
  });
  const rows = page.items.map(
    (invitation): InvitationRow => ({
      id: String(invitation.key),
      note: invitation.note,
      url: `${deps.origin}/sign-up?invitation=${invitation.code}`,
      used: invitation.used,
      uses: invitation.used + invitation.usesLeft,
      expiresMs: invitation.expiresMs,
      isOpen:
        invitation.revokedMs === null &&
        invitation.usesLeft > 0 &&
        (invitation.expiresMs === null || invitation.expiresMs > deps.now()),
    }),
  );
  return { rows, olderHref: olderHref(visit, page) };
}

export const jobs: Load = async (deps, visit) => {
  staff(visit);
  return adminJobsPage(visit.context, await deps.operations.jobs());
};

export const backup: Load = async (deps, visit) => {
  staff(visit);
  return adminBackupPage(visit.context, await deps.operations.backup());
};

export const log: Load = async (deps, visit) => {
  staff(visit);
  return adminLogPage(visit.context, { lines: deps.operations.warnings() });
};

export const media: Load = async (deps, visit) => {
  staff(visit);
  return adminMediaPage(visit.context, await mediaProps(deps));
};

export async function mediaProps({ accounts, operations }: WebDeps) {
  return {
    figures: await operations.media(),
    isShown: accounts.settings.get("remoteMedia") === "shown",
    megabytes: accounts.settings.get("remoteMediaMegabytes"),
  };
}

export const settings: Load = async (deps, visit) => {
  staff(visit);
  return adminSettingsPage(visit.context, { values: settingValues(deps) });
};

export function settingValues({ accounts }: WebDeps) {
  const { get } = accounts.settings;
  return {
    allowedDomains: get("allowedDomains").join("\n"),
    rules: get("rules"),
    about: get("about"),
    privacy: get("privacy"),
    contact: get("contact"),
    sourceUrl: get("sourceUrl"),
    groupCreation: get("groupCreation"),
  };
}
