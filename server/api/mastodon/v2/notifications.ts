/** `/api/v2/notifications`: what happened to the viewer, in groups. */
import { type AnyElysia, Elysia } from "elysia";
import type { NoticeGroup } from "../../../queries/notice-groups.ts";
import { accountOf } from "../entities/account.ts";
import { groupOf, isTold, kindsOf, partialOf, subjectOf } from "../entities/notification.ts";
import { statusOf } from "../entities/status.ts";
import { type Face, paged, type SignedCall } from "../face.ts";
import { notHere } from "../ids.ts";
import { asked, extrasOf } from "../notices.ts";

const PAGE = { default: 40, max: 40 };
/** Groups that are counted. */
const COUNTED = { default: 100, max: 1_000 };
const READ = "read:notifications";
const WRITE = "write:notifications";
/** Bodies are read by `params.ts`. */
const RAW = { parse: "none" } as const;
/** Kinds that are put together where a client does not say which. */
const TOGETHER = ["follow", "like", "share", "sign-up", "reaction"] as const;

export const groupedNotificationsRoutes = (face: Face): AnyElysia => {
  /** `GroupedNotificationsResults`: everybody and everything that the groups name is in it. */
  async function resultsOf(call: SignedCall, given: readonly NoticeGroup[]): Promise<object> {
    const groups = given.filter(({ notice }) => isTold(notice));
    const extras = await extrasOf(
      face,
      call.viewerKey,
      groups.map(({ notice }) => notice),
    );
    const isPartial = call.params.text("expand_accounts") === "partial_avatars";
    const first = groups.flatMap(({ actors }) => actors[0] ?? []);
    const whole = isPartial ? first : groups.flatMap(({ actors }) => actors);
    const accounts = new Map(whole.map((actor) => [actor.key, accountOf(actor, face)]));
    const others = new Map(
      groups
        .flatMap(({ actors }) => actors)
        .filter(({ key }) => !accounts.has(key))
        .map((actor) => [actor.key, partialOf(accountOf(actor, face))]),
    );
    const statuses = new Map(
      groups.flatMap(({ notice }) => {
        const object = subjectOf(notice);
        const status = object === null || object.isDeleted ? null : statusOf(object, face);
        return status === null ? [] : [[status.id, status]];
      }),
    );
    return {
      accounts: [...accounts.values()],
      ...(isPartial ? { partial_accounts: [...others.values()] } : {}),
      statuses: [...statuses.values()],
      notification_groups: groups.flatMap((group) => {
        const extra = extras.get(group.notice.key);
        if (group.kind === "report" && extra === undefined) return [];
        return groupOf(group, face, extra) ?? [];
      }),
    };
  }

  const together = (call: SignedCall) => {
    const types = call.params.list("grouped_types");
    const wanted = types.length > 0 ? kindsOf(types) : TOGETHER;
    return TOGETHER.filter((kind) => wanted.some((each) => each === kind));
  };

  return new Elysia({ name: "mastodon grouped notifications" })
    .get(
      "/api/v2/notifications",
      face.endpoint(READ, async (call) => {
        const wanted = { ...asked(call), together: together(call) };
        const page = await call.queries.noticeGroups(call.viewerKey, call.page(PAGE), wanted);
        return paged(page, await resultsOf(call, page.items));
      }),
    )
    .get(
      "/api/v2/notifications/unread_count",
      face.endpoint(READ, async (call) => ({
        count: await call.queries.countNoticeGroups(
          call.viewerKey,
          { ...asked(call), together: together(call) },
          call.page(COUNTED).limit,
        ),
      })),
    )
    .get(
      "/api/v2/notifications/:group_key",
      face.endpoint(READ, async (call) => {
        const group = await call.queries.noticeGroup(call.viewerKey, call.part("group_key"));
        if (group === null) throw notHere();
        return resultsOf(call, [group]);
      }),
    )
    .get(
      "/api/v2/notifications/:group_key/accounts",
      face.endpoint(READ, async (call) => {
        const actors = await call.queries.noticeGroupActors(call.viewerKey, call.part("group_key"));
        if (actors.length === 0) throw notHere();
        return actors.map((actor) => accountOf(actor, face));
      }),
    )
    .post(
      "/api/v2/notifications/:group_key/dismiss",
      face.endpoint(WRITE, async (call) => {
        await call.queries.dismissNoticeGroup(call.viewerKey, call.part("group_key"));
        return {};
      }),
      RAW,
    ) as unknown as AnyElysia;
};
