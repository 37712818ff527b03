/** Notices with everything that they are about, as answers; and which of them a request asks for. */

import type { NoticeKind } from "../../core/effects.ts";
import { isProblem } from "../../lib/problem.ts";
import type { NoticesAsked } from "../../queries/notices.ts";
import type { NoticeView } from "../../queries/view.ts";
import {
  kindsOf,
  type NoticeExtras,
  type Notification,
  notificationOf,
  TOLD,
} from "./entities/notification.ts";
import { reportOf, severanceOf, warningOf } from "./entities/report.ts";
import type { Call, Face, SignedCall } from "./face.ts";
import { keyOf } from "./ids.ts";

/** What a request asks for: `types[]`, `exclude_types[]`, `account_id`, `include_filtered`. */
export function asked(call: Pick<Call, "params">): NoticesAsked & { readonly kinds: readonly NoticeKind[] } {
  const { params } = call;
  const types = params.list("types");
  const excluded = new Set(kindsOf(params.list("exclude_types")));
  const kinds = (types.length > 0 ? kindsOf(types) : TOLD).filter((kind) => !excluded.has(kind));
  const account = params.text("account_id");
  return {
    kinds,
    filtered: params.flag("include_filtered") === true || account !== null ? "with" : "without",
    ...(account === null ? {} : { from: keyOf(account) }),
  };
}

/** What each of these notices is about, where that is no post. Few are: each is asked for by itself. */
export async function extrasOf(
  face: Face,
  viewer: number,
  views: readonly NoticeView[],
): Promise<ReadonlyMap<number, NoticeExtras>> {
  const found = new Map<number, NoticeExtras>();
  for (const view of views) {
    const extras = await extraOf(face, viewer, view);
    if (extras !== null) found.set(view.key, extras);
  }
  return found;
}

async function extraOf(face: Face, viewer: number, view: NoticeView): Promise<NoticeExtras | null> {
  const { kind, matter, actor } = view;
  if (kind === "severed") {
    const event = await face.domains.severedEvent(viewer, matter);
    return event && { event: severanceOf(matter, event) };
  }
  if (kind === "decision") {
    const sanction = await face.sanctions.find(matter);
    return sanction && { moderation_warning: warningOf(sanction, actor, face) };
  }
  if (kind !== "report") return null;
  try {
    const file = await face.reports.get(matter);
    const about = (await face.queries.actorsForStaff([file.about])).get(file.about);
    return about ? { report: reportOf(file, about, face) } : null;
  } catch (error) {
    // Matters that are long closed are thrown away; the notice stays.
    if (isProblem(error, "not-found")) return null;
    throw error;
  }
}

/** A report without its report is nothing that clients could show. */
const isWhole = (notification: Notification): boolean =>
  notification.type !== "admin.report" || notification.report !== undefined;

export async function notificationsOf(
  face: Face,
  call: SignedCall,
  views: readonly NoticeView[],
): Promise<Notification[]> {
  const extras = await extrasOf(face, call.viewerKey, views);
  return views.flatMap((view) => {
    const notification = notificationOf(view, face, extras.get(view.key));
    return notification !== null && isWhole(notification) ? notification : [];
  });
}
