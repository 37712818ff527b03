/** Forms of reports and decisions, and the messages by the server that come of them. */

import { mayLookAfter, mayUphold } from "../../server/accounts/permissions.ts";
import { parseKey } from "../../server/lib/id.ts";
import { Problem } from "../../server/lib/problem.ts";
import { isCategory } from "../../server/moderation/report.ts";
import { isSanctionKind } from "../../server/moderation/sanction.ts";
import { permitted, signedIn, type Visit, type WebDeps } from "../face.ts";
import { ADMIN_PEOPLE, type FormState, localReturn, PATHS } from "../forms.ts";
import { ADMIN_REPORTS, ADMIN_SANCTIONS, GROUP_REPORTS, REPORT } from "../forms-peace.ts";
import { mayDecide, personFile, reportFile, reportForm, rulesOf } from "../loads/peace.ts";
import { messagesTo } from "../messages.ts";
import type { PageView } from "../page.ts";
import { goTo, orAgain, type Post } from "./answer.ts";

export const report: Post = (deps, visit, fields) => {
  const { viewer } = signedIn(visit);
  const { fields: f } = REPORT;
  const iri = fields.get(f.object) ?? "";
  deps.limits.take(visit.request, "act", viewer.accountKey);
  return orAgain(
    visit,
    fields,
    (form) => reportForm(deps, visit, iri, form),
    async () => {
      const category = fields.get(f.category);
      if (!isCategory(category))
        throw new Problem("invalid", "Choose what it is about.", { field: f.category });
      const rule = rulesOf(deps).find((each) => each === fields.get(f.rule)) ?? null;
      const entity = await deps.look.find(iri);
      if (entity === null || !(await deps.look.maySee(viewer.actorKey, entity.key)))
        throw new Problem("not-found", "There is nothing at this address.");
      await deps.core.act(viewer.actorKey, {
        type: "Flag",
        object: entity.iri,
        content: fields.get(f.content) ?? "",
        report: { category, rule, forward: fields.get(f.forward) === "yes" },
      });
      const back = localReturn(fields.get(f.return), PATHS.home);
      return goTo(back, { kind: "good", text: visit.context.words.reporting.sent });
    },
  );
};

export const reports: Post = (deps, visit, fields) => {
  const { account } = permitted(visit, "handle-reports");
  const { fields: f, actions, path } = ADMIN_REPORTS;
  const key = parseKey(fields.get(f.report)) ?? 0;
  const action = fields.get(f.action);
  return orAgain(
    visit,
    fields,
    (form) => reportFile(deps, visit, key, form),
    async () => {
      if (!mayLookAfter(account, await deps.reports.get(key)))
        throw new Problem("not-found", "There is no such report.");
      if (action === actions.take) await deps.reports.assign(account.key, key, account.key);
      else if (action === actions.giveBack) await deps.reports.assign(account.key, key, null);
      else if (action === actions.note) await deps.reports.note(account.key, key, fields.get(f.note) ?? "");
      else if (action === actions.reopen) await deps.reports.reopen(account.key, key);
      else if (action === actions.resolve || action === actions.dismiss)
        await close(deps, account.key, key, action === actions.resolve, fields.get(f.outcome) ?? "");
      else throw new Problem("invalid", "The form does not say what to do.");
      return goTo(`${path}/${key}`, { kind: "good", text: visit.context.words.reports.changed });
    },
  );
};

/** Those who keep the peace in a group close what was reported there, but for what is about themselves. */
export const groupReports: Post = async (deps, visit, fields) => {
  const { viewer } = signedIn(visit);
  const { fields: f, actions } = GROUP_REPORTS;
  const group = await deps.look.find(fields.get(f.group) ?? "");
  if (group === null) throw new Problem("not-found", "There is no such group.");
  await deps.groups.require(viewer.actorKey, group.key, "keep");
  const key = parseKey(fields.get(f.report)) ?? 0;
  const found = await deps.reports.get(key);
  if (found.place !== group.key || found.about === viewer.actorKey)
    throw new Problem("not-found", "There is no such report.");
  const isResolved = fields.get(f.action) === actions.resolve;
  await close(deps, viewer.actorKey, key, isResolved, fields.get(f.outcome(key)) ?? "");
  const view = await deps.queries.actor(group.key);
  return goTo(`${view?.path ?? ""}/reports`, { kind: "good", text: visit.context.words.reports.changed });
};

/** Everybody here who reported it is told, each once and in their own language. */
async function close(deps: WebDeps, by: number, key: number, isResolved: boolean, outcome: string) {
  const found = await deps.reports.get(key);
  const about = (await deps.queries.actorsForStaff([found.about])).get(found.about);
  const reporters = [...new Set(found.voices.map(({ reporter }) => reporter))];
  const tell = await messagesTo(deps, reporters, ({ sanctions: said }) => [
    said.tellReport(about ? `@${about.handle}` : ""),
    isResolved ? said.tellReportDone : said.tellReportNothing,
    outcome,
  ]);
  await deps.reports.close(by, key, {
    state: isResolved ? "resolved" : "dismissed",
    outcome,
    tell: [...tell.values()],
  });
}

export const sanctions: Post = (deps, visit, fields) => {
  permitted(visit, "act-on-people");
  const { fields: f, actions } = ADMIN_SANCTIONS;
  const back = localReturn(fields.get(f.return), ADMIN_PEOPLE.path);
  const again = (form: FormState) => pageAgain(deps, visit, back, fields, form);
  return orAgain(visit, fields, again, async () => {
    const action = fields.get(f.action);
    const { sanctions: said } = visit.context.words;
    if (action === actions.impose) await impose(deps, visit, fields);
    else await answer(deps, visit, fields, action ?? "");
    return goTo(back, { kind: "good", text: action === actions.lift ? said.undone : said.done });
  });
};

/** The report on which the form stood, or else the page of the person, with what is wrong. */
async function pageAgain(
  deps: WebDeps,
  visit: Visit,
  back: string,
  fields: URLSearchParams,
  form: FormState,
): Promise<PageView> {
  const onReport = new RegExp(`^${ADMIN_REPORTS.path}/(\\d+)`).exec(back)?.[1];
  if (onReport !== undefined) return reportFile(deps, visit, parseKey(onReport) ?? 0, form);
  const { fields: f } = ADMIN_SANCTIONS;
  const answered = await deps.sanctions.find(parseKey(fields.get(f.sanction)) ?? 0);
  return personFile(deps, visit, answered?.actor ?? parseKey(fields.get(f.actor)) ?? 0, form);
}

async function requireDecide(deps: WebDeps, visit: Visit, actor: number): Promise<void> {
  if (await mayDecide(deps, visit, actor)) return;
  throw new Problem("forbidden", "You may not do this to this person. Ask an admin.");
}

async function impose(deps: WebDeps, visit: Visit, fields: URLSearchParams): Promise<void> {
  const { account } = permitted(visit, "act-on-people");
  const { fields: f } = ADMIN_SANCTIONS;
  const actor = parseKey(fields.get(f.actor)) ?? 0;
  await requireDecide(deps, visit, actor);
  const kind = fields.get(f.kind);
  if (!isSanctionKind(kind)) throw new Problem("invalid", "Choose what to do.", { field: f.kind });
  const text = fields.get(f.text) ?? "";
  const lead = {
    warn: "tellWarn",
    hide: "tellHide",
    cover: "tellCover",
    limit: "tellLimit",
    suspend: "tellSuspend",
  } as const;
  const messages = await messagesTo(deps, [actor], ({ sanctions: said }) => [
    said[lead[kind]],
    text,
    said.tellHow,
  ]);
  const tell = messages.get(actor);
  const object = parseKey(fields.get(f.object));
  const report = parseKey(fields.get(f.report));
  await deps.sanctions.impose(account.key, {
    kind,
    actor,
    text,
    ...(kind === "hide" && object !== null ? { object } : {}),
    ...(report !== null ? { report } : {}),
    ...(tell ? { tell } : {}),
  });
}

async function answer(deps: WebDeps, visit: Visit, fields: URLSearchParams, action: string): Promise<void> {
  const { account } = permitted(visit, "act-on-people");
  const { fields: f, actions } = ADMIN_SANCTIONS;
  const key = parseKey(fields.get(f.sanction)) ?? 0;
  const sanction = await deps.sanctions.find(key);
  if (sanction === null) throw new Problem("not-found", "There is no such decision.");
  await requireDecide(deps, visit, sanction.actor);
  if (action === actions.lift) return deps.sanctions.lift(account.key, key);
  if (action !== actions.grant && action !== actions.refuse)
    throw new Problem("invalid", "The form does not say what to do.");
  const isGranted = action === actions.grant;
  if (!isGranted && !mayUphold(account, sanction))
    throw new Problem(
      "forbidden",
      "You decided this yourself. Let somebody else of the staff say that it stays so.",
    );
  const text = fields.get(f.answer(key)) ?? "";
  const messages = await messagesTo(deps, [sanction.actor], ({ sanctions: said }) => [
    isGranted ? said.tellGranted : said.tellRefused,
    text,
  ]);
  const tell = messages.get(sanction.actor);
  await deps.sanctions.answer(account.key, key, { isGranted, text, ...(tell ? { tell } : {}) });
}
