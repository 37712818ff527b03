/** `/api/v1/statuses`: posting, reading, changing and deleting. */

import { type AnyElysia, Elysia } from "elysia";
import { postOnce } from "../../../accounts/once.ts";
import { toPlainText } from "../../../lib/html-clean.ts";
import type { ObjectView, ReplyNode } from "../../../queries/view.ts";
import { createDraft, updateDraft } from "../compose.ts";
import { editsOf } from "../entities/edit.ts";
import type { Answer, Call, Face, SignedCall } from "../face.ts";
import { idOf, keysOf, notHere } from "../ids.ts";
import { editRequestOf, postRequestOf } from "../posts.ts";
import { withRefresh } from "../refreshes.ts";
import { schedule, scheduledAt } from "../scheduled.ts";
import {
  myself,
  ownStatus,
  statusByKey,
  statusesByKeys,
  statusesFrom,
  thingOf,
  viewByKey,
} from "../statuses.ts";

/** Statuses that one request names. */
const MAX_NAMED = 40;
/** Bodies are read by `params.ts`. */
const RAW = { parse: "none" } as const;

export const statusesRoutes = (face: Face): AnyElysia =>
  new Elysia({ name: "mastodon statuses" })
    .post(
      "/api/v1/statuses",
      face.endpoint("write:statuses", (call) => post(face, call)),
      RAW,
    )
    .get(
      "/api/v1/statuses",
      face.endpoint(null, async (call) => {
        const keys = keysOf([...call.params.list("id"), ...call.params.list("ids")]);
        return statusesByKeys(face, call, keys.slice(0, MAX_NAMED));
      }),
    )
    .get(
      "/api/v1/statuses/:id",
      face.endpoint(null, (call) => statusByKey(face, call, call.key())),
    )
    .put(
      "/api/v1/statuses/:id",
      face.endpoint("write:statuses", (call) => edit(face, call)),
      RAW,
    )
    .patch(
      "/api/v1/statuses/:id",
      face.endpoint("write:statuses", (call) => edit(face, call)),
      RAW,
    )
    .delete(
      "/api/v1/statuses/:id",
      face.endpoint("write:statuses", (call) => remove(face, call)),
      RAW,
    )
    .get(
      "/api/v1/statuses/:id/source",
      face.endpoint("read:statuses", async (call) => {
        const view = await viewByKey(face, call, call.key());
        return { id: idOf(view.key), text: sourceOf(view), spoiler_text: view.summary ?? "" };
      }),
    )
    .get(
      "/api/v1/statuses/:id/history",
      face.endpoint(null, async (call) => {
        const { key } = await viewByKey(face, call, call.key());
        const versions = await call.queries.versions(key, call.viewerKey);
        if (versions === null) throw notHere();
        return editsOf(versions, face);
      }),
    )
    .get(
      "/api/v1/statuses/:id/context",
      face.endpoint(null, (call) => context(face, call)),
    )
    // An older way to ask for what a status says itself.
    .get(
      "/api/v1/statuses/:id/card",
      face.endpoint(null, async (call) => (await statusByKey(face, call, call.key())).card ?? {}),
    ) as unknown as AnyElysia;

async function post(face: Face, call: SignedCall): Promise<Answer> {
  const dueMs = scheduledAt(call);
  if (dueMs !== null) return schedule(face, call, dueMs);
  const me = await myself(face, call);
  const key = await postOnce(face, me.key, call.request.headers.get("idempotency-key"), async (also) => {
    const draft = await createDraft(face, me, await postRequestOf(face, me, call.params));
    return (await face.core.act(me.key, draft, also)).object?.key ?? 0;
  });
  return ownStatus(face, call, key);
}

/** The one who asks has written it. @throws Problem `not-found`. */
async function ownThing(face: Face, call: SignedCall) {
  const thing = await thingOf(face, call, call.key());
  if (thing.owner !== call.viewerKey) throw notHere();
  return thing;
}

async function edit(face: Face, call: SignedCall): Promise<Answer> {
  const me = await myself(face, call);
  const object = await ownThing(face, call);
  const request = await editRequestOf(face, me, object, call.params);
  await face.core.act(me.key, await updateDraft(face, object, request));
  return statusByKey(face, call, object.key);
}

/** The source comes back, so that a client can write it anew. A share is taken back. */
async function remove(face: Face, call: SignedCall): Promise<Answer> {
  const key = call.key();
  const found = await face.look.byKey(key);
  if (found?.kind === "activity" && found.owner === call.viewerKey) {
    const status = await statusByKey(face, call, key);
    await face.core.act(call.viewerKey, { type: "Undo", object: found.iri });
    return status;
  }
  const object = await ownThing(face, call);
  const [status, view] = await Promise.all([
    statusByKey(face, call, object.key),
    viewByKey(face, call, object.key),
  ]);
  await face.core.act(call.viewerKey, { type: "Delete", object: object.iri });
  return { ...status, text: sourceOf(view) };
}

/** What was typed where we know it, else the text without markup. */
const sourceOf = (view: ObjectView): string => view.source ?? toPlainText(view.contentHtml);

async function context(face: Face, call: Call): Promise<Answer> {
  const { key, iri } = await thingOf(face, call, call.key());
  const isLookedFor = call.viewer !== null && !face.addresses.isOurs(iri);
  if (isLookedFor) await face.reading(key);
  const reach = call.viewerKey === null ? "page" : "whole";
  const thread = await call.queries.thread(key, call.viewerKey, { reach });
  const [ancestors, descendants] = await Promise.all([
    statusesFrom(face, call, thread.ancestors),
    statusesFrom(face, call, thread.replies.flatMap(flat)),
  ]);
  const answer = { ancestors, descendants };
  return isLookedFor ? withRefresh(face, key, answer) : answer;
}

/** Each reply before those to it. */
const flat = ({ view, replies }: ReplyNode): readonly ObjectView[] => [view, ...replies.flatMap(flat)];
