/** `/api/v1/notifications`: what happened to the viewer, one by one; and those whose notices are kept back. */
import { type AnyElysia, Elysia } from "elysia";
import { MAX_KEY, timeOfKey } from "../../../lib/id.ts";
import type { NoticeSender } from "../../../queries/personal.ts";
import { accountOf } from "../entities/account.ts";
import { statusOf } from "../entities/status.ts";
import { type Face, paged, type SignedCall } from "../face.ts";
import { idOf, keysOf, notHere, timeOf } from "../ids.ts";
import { asked, notificationsOf } from "../notices.ts";

/** As Mastodon's: a page of 40, at most 80, of which ours holds 40. */
const PAGE = { default: 40, max: 80 };
const READ = "read:notifications";
const WRITE = "write:notifications";
/** Bodies are read by `params.ts`. */
const RAW = { parse: "none" } as const;

export const notificationsRoutes = (face: Face): AnyElysia => {
  const { tastes } = face;

  async function senders(call: SignedCall): Promise<readonly NoticeSender[]> {
    return call.queries.noticeSenders(call.viewerKey);
  }

  const requestOf = ({ actor, count, oldest, newest, object }: NoticeSender): object => ({
    id: idOf(actor.key),
    created_at: timeOf(timeOfKey(oldest)),
    updated_at: timeOf(timeOfKey(newest)),
    notifications_count: String(count),
    account: accountOf(actor, face),
    last_status: object && !object.isDeleted ? statusOf(object, face) : null,
  });

  async function one(call: SignedCall): Promise<NoticeSender> {
    const key = call.key();
    const sender = (await senders(call)).find(({ actor }) => actor.key === key);
    if (sender === undefined) throw notHere();
    return sender;
  }

  /** One by its id, or several by `id[]`. */
  const decide = (state: "accepted" | "dismissed", isOne: boolean) =>
    face.endpoint(WRITE, async (call) => {
      const named = new Set(isOne ? [] : keysOf(call.params.list("id")));
      const meant = isOne
        ? [await one(call)]
        : (await senders(call)).filter(({ actor }) => named.has(actor.key));
      await tastes.decide(
        call.viewerKey,
        meant.map(({ actor }) => actor.key),
        state,
        // Whatever they do after what is there now asks again.
        Math.max(0, ...meant.map(({ newest }) => newest)),
      );
      if (state === "accepted")
        face.live.tell(call.viewerKey, { name: "notices-merged", about: null, detail: null });
      return {};
    });

  return (
    new Elysia({ name: "mastodon notifications" })
      .get(
        "/api/v1/notifications",
        face.endpoint(READ, async (call) => {
          const page = await call.queries.noticesAsked(call.viewerKey, call.page(PAGE), asked(call));
          return paged(page, await notificationsOf(face, call, page.items));
        }),
      )
      .get(
        "/api/v1/notifications/unread_count",
        face.endpoint(READ, async (call) => ({
          count: await call.queries.countNotices(call.viewerKey, { kinds: asked(call).kinds }),
        })),
      )
      .post(
        "/api/v1/notifications/clear",
        face.endpoint(WRITE, async (call) => {
          await call.queries.clearNotices(call.viewerKey);
          return {};
        }),
        RAW,
      )
      // Older clients name it in the body.
      .post(
        "/api/v1/notifications/dismiss",
        face.endpoint(WRITE, async (call) => {
          const [key] = keysOf([call.params.text("id") ?? ""]);
          if (key === undefined) throw notHere();
          await call.queries.dismissNotice(call.viewerKey, key);
          return {};
        }),
        RAW,
      )
      .get(
        "/api/v1/notifications/requests",
        face.endpoint(READ, async (call) => {
          const page = call.page(PAGE);
          const all = (await senders(call)).filter(
            ({ newest }) =>
              newest < (page.before ?? MAX_KEY) && newest > Math.max(page.after ?? -1, page.from ?? -1),
          );
          const items = page.from === undefined ? all.slice(0, page.limit) : all.slice(-page.limit);
          const last = items.at(-1)?.newest ?? null;
          return paged(
            { older: all.length > items.length ? last : null, newer: items[0]?.newest ?? null },
            items.map(requestOf),
          );
        }),
      )
      // What is accepted is there at once.
      .get(
        "/api/v1/notifications/requests/merged",
        face.endpoint(READ, async () => ({ merged: true })),
      )
      .post("/api/v1/notifications/requests/accept", decide("accepted", false), RAW)
      .post("/api/v1/notifications/requests/dismiss", decide("dismissed", false), RAW)
      .get(
        "/api/v1/notifications/requests/:id",
        face.endpoint(READ, async (call) => requestOf(await one(call))),
      )
      .post("/api/v1/notifications/requests/:id/accept", decide("accepted", true), RAW)
      .post("/api/v1/notifications/requests/:id/dismiss", decide("dismissed", true), RAW)
      .get(
        "/api/v1/notifications/:id",
        face.endpoint(READ, async (call) => {
          const views = await call.queries.noticesByKey(call.viewerKey, [call.key()]);
          const [notification] = await notificationsOf(face, call, views);
          if (notification === undefined) throw notHere();
          return notification;
        }),
      )
      .post(
        "/api/v1/notifications/:id/dismiss",
        face.endpoint(WRITE, async (call) => {
          await call.queries.dismissNotice(call.viewerKey, call.key());
          return {};
        }),
        RAW,
      ) as unknown as AnyElysia
  );
};
