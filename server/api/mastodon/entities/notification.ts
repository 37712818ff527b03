/** What happened to somebody as a `Notification`, alone and in groups. */
import type { NoticeGroup } from "../../../queries/notice-groups.ts";
import type { NoticeView, ObjectView } from "../../../queries/view.ts";
import { idOf, timeOf } from "../ids.ts";
import { type Account, accountOf, type Site } from "./account.ts";
import { wholeUrl } from "./markup.ts";
import { type Status, statusOf } from "./status.ts";

type Kind = NoticeView["kind"];

/** Their names of our kinds; what has none is not told through this API. */
const TYPES: Readonly<Partial<Record<Kind, string>>> = {
  follow: "follow",
  "follow-request": "follow_request",
  mention: "mention",
  reply: "mention",
  like: "favourite",
  share: "reblog",
  poll: "poll",
  quote: "quote",
  "quoted-edit": "quoted_update",
  post: "status",
  edit: "update",
  severed: "severed_relationships",
  decision: "moderation_warning",
  "sign-up": "admin.sign_up",
  report: "admin.report",
  reaction: "pleroma:emoji_reaction",
};

export const typeOf = (kind: Kind): string | null => TYPES[kind] ?? null;

/** Kinds that this API tells of. */
export const TOLD = Object.keys(TYPES) as readonly Kind[];

/** Kinds behind these names of theirs. */
export const kindsOf = (types: readonly string[]): readonly Kind[] =>
  TOLD.filter(
    (kind) => types.includes(TYPES[kind] ?? "") || (kind === "reaction" && types.includes("reaction")),
  );

/** Without a post some clients lose the whole page. */
const NEEDS_STATUS: ReadonlySet<Kind> = new Set<Kind>([
  "mention",
  "reply",
  "like",
  "share",
  "poll",
  "quote",
  "quoted-edit",
  "post",
  "edit",
  "reaction",
]);

/** What the notice is about where that is no post: loaded beside it (`notices.ts`). */
export interface NoticeExtras {
  readonly report?: object;
  readonly event?: object;
  readonly moderation_warning?: object;
}

export interface Notification extends NoticeExtras {
  readonly id: string;
  readonly type: string;
  readonly created_at: string;
  readonly group_key: string;
  readonly account: Account;
  readonly status?: Status | null;
  readonly emoji?: string;
  readonly emoji_url?: string | null;
}

/** What a notification is about: of a quote the post that quotes, where that is here. */
export const subjectOf = ({ quoting, object }: NoticeView): ObjectView | null => quoting ?? object;

/** Whether the API can tell of it: it has a name there, and the post that belongs to it is to be seen. */
export const isTold = (view: NoticeView): boolean =>
  typeOf(view.kind) !== null && (!NEEDS_STATUS.has(view.kind) || isShown(subjectOf(view)));

const isShown = (view: ObjectView | null): boolean =>
  view !== null && !view.isDeleted && view.author !== null;

/** Null where the API has no such notification. */
export function notificationOf(view: NoticeView, site: Site, extras: NoticeExtras = {}): Notification | null {
  const type = typeOf(view.kind);
  if (type === null || !isTold(view)) return null;
  const subject = subjectOf(view);
  const status = NEEDS_STATUS.has(view.kind) && subject !== null ? statusOf(subject, site) : null;
  return {
    id: idOf(view.key),
    type,
    created_at: timeOf(view.timeMs),
    group_key: `ungrouped-${view.key}`,
    account: accountOf(view.actor, site),
    ...(status === null ? {} : { status }),
    ...emojiPart(view, site),
    ...extras,
  };
}

const emojiPart = ({ reaction }: NoticeView, site: Site): Pick<Notification, "emoji" | "emoji_url"> =>
  reaction === null
    ? {}
    : {
        emoji: reaction.emoji,
        emoji_url: reaction.url === null ? null : wholeUrl(reaction.url, site.origin),
      };

/** A `NotificationGroup`; its newest notification's id is a number. */
export function groupOf(group: NoticeGroup, site: Site, extras: NoticeExtras = {}): object | null {
  const type = typeOf(group.kind);
  if (type === null || !isTold(group.notice)) return null;
  const object = subjectOf(group.notice);
  const isAboutPost = NEEDS_STATUS.has(group.kind) && object !== null;
  return {
    group_key: group.id,
    notifications_count: group.count,
    type,
    most_recent_notification_id: group.newest,
    page_min_id: idOf(group.pageMin),
    page_max_id: idOf(group.pageMax),
    latest_page_notification_at: timeOf(group.latestMs),
    sample_account_ids: group.actors.map(({ key }) => idOf(key)),
    ...(isAboutPost ? { status_id: idOf(object.key) } : {}),
    ...emojiPart(group.notice, site),
    ...extras,
  };
}

/** `PartialAccountWithAvatar`. */
export const partialOf = (account: Account): object => ({
  id: account.id,
  acct: account.acct,
  url: account.url,
  avatar: account.avatar,
  avatar_static: account.avatar_static,
  avatar_description: account.avatar_description,
  locked: account.locked,
  bot: account.bot,
});
