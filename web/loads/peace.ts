/** What the pages show of reports and decisions. */
import type { Account } from "../../server/accounts/account.ts";
import { may, mayLookAfter, mayManage, mayUphold } from "../../server/accounts/permissions.ts";
import { cleanHtml } from "../../server/lib/html-clean.ts";
import { parseKey, timeOfKey } from "../../server/lib/id.ts";
import { Problem } from "../../server/lib/problem.ts";
import type { Evidence, ReportState } from "../../server/moderation/report.ts";
import type { Sanction } from "../../server/moderation/sanction.ts";
import type { SanctionLine } from "../components/sanctions.ts";
import { permitted, signedIn, type Visit, type WebDeps } from "../face.ts";
import type { FormState } from "../forms.ts";
import { ADMIN_REPORTS, REPORT } from "../forms-peace.ts";
import type { PageView } from "../page.ts";
import { adminPersonPage } from "../pages/admin/person.ts";
import { adminReportPage, type ShownEvidence } from "../pages/admin/report.ts";
import { reportsPage } from "../pages/admin/reports.ts";
import { groupReportsPage } from "../pages/group-reports.ts";
import { reportPage } from "../pages/report.ts";
import { recordLine } from "./federation.ts";
import { keptPart } from "./groups.ts";
import type { Load } from "./load.ts";

const REPORTS_ON_A_PAGE = 40;
const REPORTS_OF_ONE = 20;
const LINES_OF_ONE = 20;
const OPEN: readonly ReportState[] = ["open", "assigned"];
const CLOSED: readonly ReportState[] = ["resolved", "dismissed"];

export const report: Load = (deps, visit) =>
  reportForm(deps, visit, visit.url.searchParams.get(REPORT.fields.object) ?? "");

/** @throws Problem `not-found` for what is not here, or may not be seen. */
export async function reportForm(
  deps: WebDeps,
  visit: Visit,
  iri: string,
  form?: FormState,
): Promise<PageView> {
  const { viewer } = signedIn(visit);
  const entity = await deps.look.find(iri);
  if (entity === null) throw new Problem("not-found", "There is nothing at this address.");
  const view = entity.kind === "actor" ? null : await deps.queries.object(entity.key, viewer.actorKey);
  const about = view?.author ?? (await deps.queries.actor(entity.key));
  if (about === null) throw new Problem("not-found", "There is nothing at this address.");
  return reportPage(visit.context, {
    actor: about,
    object: view,
    rules: rulesOf(deps),
    ...(form ? { form } : {}),
  });
}

export const rulesOf = ({ accounts }: WebDeps): readonly string[] =>
  accounts.settings
    .get("rules")
    .split("\n")
    .map((rule) => rule.trim())
    .filter((rule) => rule !== "");

export const reports: Load = async (deps, visit) => {
  const { account } = permitted(visit, "handle-reports");
  const isClosed = visit.url.searchParams.get(ADMIN_REPORTS.fields.state) === "closed";
  const before = parseKey(visit.url.searchParams.get("before"));
  const [page, appeals] = await Promise.all([
    deps.reports.list({
      states: isClosed ? CLOSED : OPEN,
      limit: REPORTS_ON_A_PAGE,
      ...(mayLookAfter(account, { about: account.key }) ? {} : { notAbout: account.key }),
      ...(before === null ? {} : { before }),
    }),
    isClosed || before !== null ? [] : deps.sanctions.appeals(),
  ]);
  const people = await deps.queries.actorsForStaff([
    ...page.items.map(({ about }) => about),
    ...appeals.map(({ actor }) => actor),
  ]);
  const lines = await linesOf(deps, account, appeals);
  return reportsPage(visit.context, {
    isClosed,
    rows: page.items.map((row) => ({
      ...row,
      actor: people.get(row.about) ?? null,
      timeMs: timeOfKey(row.key),
    })),
    olderHref:
      page.older === null
        ? null
        : `${ADMIN_REPORTS.path}?${ADMIN_REPORTS.fields.state}=${isClosed ? "closed" : "open"}&before=${page.older}`,
    appeals: lines.map((line) => ({ ...line, actorView: people.get(line.actor) ?? null })),
  });
};

export const oneReport: Load = (deps, visit) => reportFile(deps, visit, parseKey(visit.params.key) ?? 0);

export async function reportFile(
  deps: WebDeps,
  visit: Visit,
  key: number,
  form?: FormState,
): Promise<PageView> {
  const { account } = permitted(visit, "handle-reports");
  const found = await deps.reports.get(key);
  if (!mayLookAfter(account, found)) throw new Problem("not-found", "There is no such report.");
  const people = await deps.queries.actorsForStaff([
    found.about,
    ...(found.assignee === null ? [] : [found.assignee]),
    ...found.voices.map(({ reporter }) => reporter),
    ...found.notes.map(({ author }) => author),
  ]);
  const about = people.get(found.about) ?? null;
  return adminReportPage(visit.context, {
    report: { ...found, evidence: found.evidence.map((post) => shown(post, about?.path ?? null)) },
    about,
    people,
    sanctions: await linesOf(deps, account, await deps.sanctions.of(found.about)),
    timeOf: timeOfKey,
    mayDecide: await mayDecide(deps, visit, found.about),
    isMine: found.assignee === account.key,
    ...(form ? { form } : {}),
  });
}

const shown = (post: Evidence, path: string | null): ShownEvidence => ({
  ...post,
  contentHtml: cleanHtml(post.content.content ?? ""),
  href: post.isDeleted || post.isHidden || path === null ? null : `${path}/${post.object}`,
});

/** Nobody decides about themselves, nor about those of their own rank or above. */
export async function mayDecide(deps: WebDeps, visit: Visit, actor: number): Promise<boolean> {
  const { account } = signedIn(visit);
  if (actor === account.key || !may(account.role, "act-on-people")) return false;
  const other = await deps.accounts.people.find(actor);
  return other === null || mayManage(account.role, other.role);
}

async function linesOf(
  deps: WebDeps,
  viewer: Account,
  sanctions: readonly Sanction[],
): Promise<readonly SanctionLine[]> {
  const people = await deps.queries.actorsForStaff(sanctions.flatMap(({ by }) => by ?? []));
  return sanctions.map((sanction) => ({
    ...sanction,
    timeMs: timeOfKey(sanction.key),
    byActor: people.get(sanction.by ?? 0) ?? null,
    mayUphold: mayUphold(viewer, sanction),
  }));
}

/** What is open about posts in a group, for those who keep its peace; of what is about themselves they see nothing. */
export const groupReports: Load = async (deps, visit) => {
  const { viewer, ...head } = await keptPart(deps, visit);
  const page = await deps.reports.list({
    states: OPEN,
    places: [head.group.actor.key],
    notAbout: viewer.actorKey,
    limit: REPORTS_OF_ONE,
  });
  const files = await Promise.all(page.items.map(({ key }) => deps.reports.get(key)));
  const people = await deps.queries.actors(files.map(({ about }) => about));
  return groupReportsPage(visit.context, {
    ...head,
    reports: files.map(({ voices, evidence, ...line }) => {
      const actor = people.get(line.about) ?? null;
      return {
        ...line,
        actor,
        timeMs: timeOfKey(line.key),
        comments: voices.map(({ comment }) => comment).filter((comment) => comment !== ""),
        evidence: evidence.map((post) => shown(post, actor?.path ?? null)),
      };
    }),
  });
};

export const person: Load = (deps, visit) => personFile(deps, visit, parseKey(visit.params.key) ?? 0);

export async function personFile(
  deps: WebDeps,
  visit: Visit,
  key: number,
  form?: FormState,
): Promise<PageView> {
  const { account: by } = permitted(visit, "manage-people");
  const actor = (await deps.queries.actorsForStaff([key])).get(key);
  if (!actor) throw new Problem("not-found", "There is no such person.");
  const [account, about, sanctions, record] = await Promise.all([
    deps.accounts.people.find(key),
    mayLookAfter(by, { about: key }) ? deps.reports.list({ about: key, limit: REPORTS_OF_ONE }) : null,
    deps.sanctions.of(key),
    deps.audit({ about: key, before: null, limit: LINES_OF_ONE }),
  ]);
  return adminPersonPage(visit.context, {
    actor,
    account,
    reports: (about?.items ?? []).map((row) => ({ ...row, actor, timeMs: timeOfKey(row.key) })),
    sanctions: await linesOf(deps, by, sanctions),
    record: record.items.map(recordLine),
    mayDecide: await mayDecide(deps, visit, key),
    ...(form ? { form } : {}),
  });
}
