/** What the pages about other servers show: the switch, rules, lists, drafts and the record. */

import { may } from "../../server/accounts/permissions.ts";
import { normaliseDomain } from "../../server/lib/domain.ts";
import { parseKey, timeOfKey } from "../../server/lib/id.ts";
import { isListForm, writeList } from "../../server/moderation/list-forms.ts";
import { type DomainRule, isLevel } from "../../server/moderation/rules.ts";
import type { AuditRow } from "../../server/moderation/store-audit.ts";
import { permitted, signedIn, staff, type Visit, type WebDeps } from "../face.ts";
import {
  ADMIN_RECORD,
  DOMAIN_EXPORT,
  DOMAIN_LISTS,
  DOMAIN_RULE,
  FEDERATION,
  PUBLIC_RECORD,
  PUBLIC_RULES,
  SEVERED,
} from "../forms-federation.ts";
import { domainDraftPage } from "../pages/admin/domain-draft.ts";
import { domainListsPage, type ListLine } from "../pages/admin/domain-lists.ts";
import { domainRulePage } from "../pages/admin/domain-rule.ts";
import { federationPage, type RuleRow } from "../pages/admin/federation.ts";
import { adminRecordPage, publicRecordPage, type RecordLine } from "../pages/record.ts";
import { serversPage } from "../pages/servers.ts";
import { severedPage } from "../pages/settings/severed.ts";
import type { Load } from "./load.ts";

const ON_A_PAGE = 50;

export const federation: Load = async (deps, visit) => {
  const { viewer } = permitted(visit, "decide-about-servers");
  const { fields, path } = FEDERATION;
  const query = visit.url.searchParams.get(fields.query)?.trim() ?? "";
  const asked = visit.url.searchParams.get(fields.level);
  const level = isLevel(asked) ? asked : null;
  const after = visit.url.searchParams.get(fields.after);
  const [{ rules, next }, counts] = await Promise.all([
    deps.domains.list({ part: query, level, after, limit: ON_A_PAGE }),
    deps.domains.counts(),
  ]);
  const older = new URLSearchParams({
    [fields.query]: query,
    [fields.level]: level ?? "all",
    [fields.after]: next ?? "",
  });
  return federationPage(visit.context, {
    mode: deps.gate.mode(),
    rules: rules.map(ruleRow),
    query,
    level: level ?? "all",
    olderHref: next === null ? null : `${path}?${older}`,
    counts,
    maySwitch: may(viewer.role, "change-settings"),
  });
};

export const ruleRow = (rule: DomainRule): RuleRow => ({
  domain: rule.domain,
  level: rule.level,
  noMedia: rule.noMedia,
  noReports: rule.noReports,
  publicComment: rule.publicComment,
  privateComment: rule.privateComment,
  isFromList: rule.list !== null,
  changedMs: rule.changedMs,
});

export const domainRule: Load = async (deps, visit) => {
  permitted(visit, "decide-about-servers");
  const asked = visit.url.searchParams.get(DOMAIN_RULE.fields.domain) ?? "";
  const domain = normaliseDomain(asked);
  const rule = domain === null ? null : await deps.domains.find(domain);
  return domainRulePage(visit.context, { rule: rule && ruleRow(rule), domain: domain ?? asked });
};

export const domainLists: Load = async (deps, visit) => {
  permitted(visit, "decide-about-servers");
  return domainListsPage(visit.context, { lists: await listLines(deps) });
};

export async function listLines(deps: WebDeps): Promise<readonly ListLine[]> {
  return (await deps.lists.all()).map((list) => ({
    id: String(list.key),
    name: list.name,
    isSubscription: list.url !== null,
    acceptsItself: list.acceptsItself === 1,
    rules: list.rules,
    waits: list.waits === 1,
    fetchedMs: list.fetchedMs,
    failed: list.failed,
  }));
}

/** What the first page of the administration says about other servers. */
export async function federationTroubles(
  deps: WebDeps,
  { context }: Visit,
): Promise<readonly { readonly text: string; readonly href: string; readonly isBad: boolean }[]> {
  const { federation: said } = context.words;
  const mode = deps.gate.mode();
  const lists = await deps.lists.all();
  const waiting = lists.filter(({ waits }) => waits === 1).length;
  const failed = lists.filter((list) => list.failed !== null).length;
  return [
    ...(mode === "open" ? [] : [{ text: said.isNotOpen(said[mode]), href: FEDERATION.path, isBad: false }]),
    ...(waiting === 0 ? [] : [{ text: said.listsWait(waiting), href: DOMAIN_LISTS.path, isBad: false }]),
    ...(failed === 0 ? [] : [{ text: said.listsFailed(failed), href: DOMAIN_LISTS.path, isBad: false }]),
  ];
}

export const domainDraft: Load = async (deps, visit) => {
  permitted(visit, "decide-about-servers");
  const key = parseKey(visit.url.searchParams.get(DOMAIN_LISTS.fields.list)) ?? 0;
  const draft = await deps.lists.draft(key);
  return domainDraftPage(visit.context, draft && { ...draft, list: String(key), name: draft.list.name });
};

export const adminRecord: Load = async (deps, visit) => {
  staff(visit);
  const { items, older } = await deps.audit({ before: before(visit), limit: ON_A_PAGE });
  return adminRecordPage(visit.context, {
    lines: items.map(recordLine),
    olderHref: olderHref(ADMIN_RECORD, older),
  });
};

/** Not who did it: the server answers for it as a whole. */
export const publicRecord: Load = async (deps, visit) => {
  const { items, older } = await deps.audit({ isPublic: true, before: before(visit), limit: ON_A_PAGE });
  return publicRecordPage(visit.context, {
    lines: items.map((row) => ({ ...recordLine(row), who: null })),
    olderHref: olderHref(PUBLIC_RECORD, older),
  });
};

/** Without private comments, and without what is only allowed: whom a school trusts is its own business. */
export const publicRules: Load = async (deps, visit) => {
  const after = visit.url.searchParams.get(FEDERATION.fields.after);
  const mode = deps.gate.mode();
  const { rules, next } = await deps.domains.list({ after, limit: ON_A_PAGE });
  return serversPage(visit.context, {
    mode,
    rules: rules.filter(({ level }) => level !== "allow").map(ruleRow),
    olderHref:
      next === null ? null : `${PUBLIC_RULES}?${FEDERATION.fields.after}=${encodeURIComponent(next)}`,
  });
};

export const recordLine = (row: AuditRow): RecordLine => ({
  id: row.key,
  timeMs: timeOfKey(row.key),
  who: row.who === null ? null : `@${row.who}`,
  act: row.act,
  detail: row.detail,
  about: row.aboutName ?? row.subject,
  reason: row.reason,
  isPublic: row.isPublic === 1,
});

export const severed: Load = async (deps, visit) => {
  const { viewer } = signedIn(visit);
  const { items, older } = await deps.domains.severed(
    viewer.actorKey,
    before(visit) ?? Number.MAX_SAFE_INTEGER,
    ON_A_PAGE,
  );
  return severedPage(visit.context, {
    lines: items.map(({ key, name, direction, domain }) => ({
      id: key,
      name,
      direction,
      domain,
      timeMs: timeOfKey(key),
    })),
    olderHref: olderHref(SEVERED, older),
  });
};

const before = (visit: Visit): number | null => parseKey(visit.url.searchParams.get("before"));

const olderHref = (path: string, older: number | null): string | null =>
  older === null ? null : `${path}?before=${older}`;

/** The rules as a file; null where there is no such form of file. */
export async function exportRules(deps: WebDeps, visit: Visit): Promise<Response | null> {
  permitted(visit, "decide-about-servers");
  const form = visit.url.pathname.slice(DOMAIN_EXPORT.length + 1);
  if (!isListForm(form)) return null;
  const file = writeList((await deps.domains.all()).values(), form);
  return new Response(file.text, {
    headers: {
      "content-type": file.mediaType,
      "content-disposition": `attachment; filename="${file.name}"`,
      "cache-control": "private, no-store",
    },
  });
}
