/** What the pages of posts for later show, and those of what is offered to everybody. */

import type { ScheduledPost } from "../../server/accounts/scheduled.ts";
import { embedded, values } from "../../server/core/object.ts";
import { parseKey } from "../../server/lib/id.ts";
import { DEFAULT_PAGE_SIZE } from "../../server/lib/page.ts";
import type { TrendKind } from "../../server/queries/trends.ts";
import { permitted, signedIn, type Visit, type WebDeps } from "../face.ts";
import type { FormState } from "../forms.ts";
import { ADMIN_ANNOUNCEMENTS, SCHEDULED } from "../forms-site.ts";
import { adminAnnouncementsPage } from "../pages/admin/announcements.ts";
import { adminEmojiPage } from "../pages/admin/emoji.ts";
import { adminTrendsPage, type TrendLine } from "../pages/admin/trends.ts";
import { emojiPage } from "../pages/emoji.ts";
import { scheduledPage, type WaitingPost } from "../pages/scheduled.ts";
import { noticePolicyPage } from "../pages/settings/notice-policy.ts";
import type { Load } from "./load.ts";

/** Parameter of the page: the time and the key of the last post on the page before. */
const AFTER = "after";
/** One remembers a post by its beginning. */
const MAX_SHOWN = 300;

export const scheduled: Load = (deps, visit) => scheduledPosts(deps, visit);

export async function scheduledPosts(
  deps: WebDeps,
  visit: Visit,
  wrong: { readonly form: FormState; readonly key: number | null } | null = null,
) {
  const { viewer } = signedIn(visit);
  const after = dueOf(visit.url.searchParams.get(AFTER) ?? "");
  const { items, next } = await deps.scheduled.due(viewer.actorKey, after, DEFAULT_PAGE_SIZE);
  return scheduledPage(visit.context, {
    posts: items.map(waitingOf),
    moreHref: next && `${SCHEDULED.path}?${AFTER}=${next.dueMs}-${next.key}`,
    isFirst: after === null,
    ...(wrong === null ? {} : { form: wrong.form, wrong: wrong.key }),
  });
}

function dueOf(text: string): { readonly dueMs: number; readonly key: number } | null {
  const [dueMs, key] = text.split("-").map(parseKey);
  return dueMs == null || key == null ? null : { dueMs, key };
}

function waitingOf({ key, dueMs, asked, draft, failed }: ScheduledPost): WaitingPost {
  const text = typeof asked.text === "string" ? asked.text : "";
  return {
    key,
    dueMs,
    text: text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN).toWellFormed()}…` : text,
    summary: typeof asked.summary === "string" ? asked.summary : "",
    files: values(embedded(draft, "object") ?? {}, "attachment").length,
    failed,
  };
}

export const announcements: Load = (deps, visit) => announcementList(deps, visit);

export async function announcementList(deps: WebDeps, visit: Visit, form?: FormState) {
  permitted(visit, "offer-to-all");
  const all = await deps.announcements.all();
  const asked = form?.values[ADMIN_ANNOUNCEMENTS.fields.announcement];
  const key = parseKey(asked ?? visit.url.searchParams.get(ADMIN_ANNOUNCEMENTS.fields.announcement));
  return adminAnnouncementsPage(visit.context, {
    announcements: all,
    edited: all.find((each) => each.key === key) ?? null,
    ...(form ? { form } : {}),
  });
}

export const emoji: Load = async (deps, visit) => emojiList(deps, visit);

export function emojiList(deps: WebDeps, visit: Visit, form?: FormState) {
  permitted(visit, "offer-to-all");
  return adminEmojiPage(visit.context, { emoji: deps.emoji.all(), ...(form ? { form } : {}) });
}

export const trends: Load = async (deps, visit) => {
  permitted(visit, "offer-to-all");
  const [tag, link, post] = await Promise.all([
    linesOf(deps, visit, "tag"),
    linesOf(deps, visit, "link"),
    linesOf(deps, visit, "post"),
  ]);
  return adminTrendsPage(visit.context, { tag, link, post });
};

async function linesOf(deps: WebDeps, visit: Visit, kind: TrendKind): Promise<readonly TrendLine[]> {
  const all = await deps.queries.trendsForStaff(kind);
  if (kind !== "post") {
    return all.map(({ trend, isHidden }) => ({
      trend,
      isHidden,
      label: kind === "tag" ? `#${trend.name}` : trend.title,
      href: kind === "tag" ? deps.addresses.tag(trend.name) : trend.name,
    }));
  }
  const viewer = signedIn(visit).viewer.actorKey;
  const views = await Promise.all(all.map(({ trend }) => deps.queries.object(Number(trend.name), viewer)));
  return all.flatMap(({ trend, isHidden }, i) => {
    const view = views[i];
    if (!view) return [];
    const label = `${view.author?.handle ?? ""}: ${view.name ?? view.summary ?? view.source ?? ""}`;
    return [{ trend, isHidden, label: label.slice(0, MAX_SHOWN), href: view.path }];
  });
}

export const noticePolicy: Load = async (deps, visit) => {
  const { viewer } = signedIn(visit);
  const [policy, senders] = await Promise.all([
    deps.tastes.policy(viewer.actorKey),
    deps.queries.noticeSenders(viewer.actorKey),
  ]);
  return noticePolicyPage(visit.context, { policy, senders });
};

export const emojiOffered: Load = async (deps, visit) => {
  signedIn(visit);
  return emojiPage(
    visit.context,
    deps.emoji.all().filter(({ isOffered }) => isOffered),
  );
};
