/** What the staff see of people, reports and rules for other servers, as clients read it. */
import { createHash } from "node:crypto";
import type { Account as HomeAccount } from "../../../accounts/account.ts";
import { HELD } from "../../../core/entity.ts";
import { timeOfKey } from "../../../lib/id.ts";
import type { ReportFile } from "../../../moderation/report.ts";
import type { DomainRule } from "../../../moderation/rules.ts";
import type { ActorView } from "../../../queries/view.ts";
import { roleOf } from "../credentials.ts";
import { idOf, timeOf } from "../ids.ts";
import { accountOf, type Site, usernameOf } from "./account.ts";
import { isClosed, reportOf } from "./report.ts";
import type { Status } from "./status.ts";

/** Everything that is known of one person. */
export interface PersonFile {
  readonly view: ActorView;
  /** Null for people elsewhere. */
  readonly home: HomeAccount | null;
  /** What the staff decided: a sum of `HELD`. */
  readonly held: number;
}

/** `Admin::Account`. No addresses of networks are kept. */
export function adminAccountOf({ view, home, held }: PersonFile, site: Site): object {
  return {
    id: idOf(view.key),
    username: usernameOf(view.handle),
    domain: view.host,
    created_at: timeOf(view.publishedMs),
    email: home?.email ?? "",
    ip: null,
    ips: [],
    locale: home?.locale ?? null,
    invite_request: home?.reason ?? null,
    role: home === null ? null : roleOf(home.role),
    confirmed: true,
    approved: home === null || home.state !== "pending",
    disabled: home?.state === "disabled",
    sensitized: (held & HELD.covered) > 0,
    silenced: (held & HELD.limited) > 0,
    suspended: (held & HELD.suspended) > 0,
    created_by_application_id: null,
    invited_by_account_id: home?.invitedBy == null ? null : idOf(home.invitedBy),
    account: accountOf(view, site),
  };
}

export interface AdminReportParts {
  readonly file: ReportFile;
  readonly reporter: PersonFile;
  readonly about: PersonFile;
  readonly assignee: PersonFile | null;
  readonly statuses: readonly Status[];
}

/** `Admin::Report`. */
export function adminReportOf(parts: AdminReportParts, site: Site): object {
  const { file, reporter, about, assignee } = parts;
  const {
    status_ids: _,
    rule_ids: __,
    collection_ids: ___,
    ...report
  } = reportOf(file, about.view, site) as {
    status_ids: unknown;
    rule_ids: unknown;
    collection_ids: unknown;
  };
  const rules = [...new Set(file.voices.flatMap(({ rule }) => rule ?? []))];
  const assigned = assignee && adminAccountOf(assignee, site);
  return {
    ...report,
    created_at: timeOf(timeOfKey(file.key)),
    updated_at: timeOf(file.changedMs),
    account: adminAccountOf(reporter, site),
    target_account: adminAccountOf(about, site),
    assigned_account: assigned,
    action_taken_by_account: isClosed(file) ? assigned : null,
    statuses: parts.statuses,
    rules: rules.map((text, i) => ({ id: String(i + 1), text, hint: "", translations: {} })),
  };
}

/** `Admin::DomainBlock`. A rule is known by its domain. */
export const domainBlockOf = (rule: DomainRule): object => ({
  id: rule.domain,
  domain: rule.domain,
  digest: digestOf(rule.domain),
  created_at: timeOf(rule.changedMs),
  severity: rule.level === "block" ? "suspend" : rule.level === "limit" ? "silence" : "noop",
  reject_media: rule.noMedia,
  reject_reports: rule.noReports,
  private_comment: rule.privateComment || null,
  public_comment: rule.publicComment || null,
  obfuscate: false,
});

const digestOf = (domain: string): string => createHash("sha256").update(domain).digest("hex");

/** `Admin::DomainAllow`. */
export const domainAllowOf = ({ domain, changedMs }: DomainRule): object => ({
  id: domain,
  domain,
  created_at: timeOf(changedMs),
});
