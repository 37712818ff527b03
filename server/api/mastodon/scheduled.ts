/** Posts for later, as clients write and read them. */
import { postOnce } from "../../accounts/once.ts";
import type { ScheduledPost } from "../../accounts/scheduled.ts";
import type { Entity } from "../../core/entity.ts";
import { type AsObject, embedded } from "../../core/object.ts";
import { fromIso } from "../../lib/clock.ts";
import { isJsonObject, type JsonObject } from "../../lib/json.ts";
import { Problem } from "../../lib/problem.ts";
import type { Sql } from "../../lib/sql.ts";
import { attachmentsOf } from "../../queries/attachments.ts";
import type { Visibility } from "../../queries/view.ts";
import { createDraft } from "./compose.ts";
import { attachmentOf } from "./entities/attachment.ts";
import { visibilityOf } from "./entities/status.ts";
import type { Face, SignedCall } from "./face.ts";
import { idOf, timeOf } from "./ids.ts";
import { postRequestOf } from "./posts.ts";
import { myself } from "./statuses.ts";

/** When it is to be published; null where the request says nothing of it. @throws Problem `invalid`. */
export function scheduledAt(call: SignedCall): number | null {
  const given = call.params.text("scheduled_at");
  if (given === null || given === "") return null;
  const ms = fromIso(given);
  if (ms !== null) return ms;
  throw new Problem("invalid", "Validation failed: Scheduled at is no time", { field: "scheduled_at" });
}

/** Keeps the post for later, once under its `Idempotency-Key`: a `ScheduledStatus`. @throws Problem as posting does. */
export async function schedule(face: Face, call: SignedCall, dueMs: number): Promise<object> {
  const me = await myself(face, call);
  const once = call.request.headers.get("idempotency-key");
  const make = async (also: (made: number) => readonly Sql[]): Promise<number> => {
    const post = await draftFor(face, me, call, once);
    return (await face.scheduled.add(me.key, { dueMs, ...post }, also)).key;
  };
  const key = await postOnce(face, me.key, once, make, "later");
  return scheduledOf(await face.scheduled.get(me.key, key), face);
}

/** What will be done, and what was asked for. */
async function draftFor(face: Face, me: Entity, call: SignedCall, once: string | null) {
  const post = await postRequestOf(face, me, call.params);
  const draft = await createDraft(face, me, post);
  const asked: JsonObject = {
    text: post.status,
    summary: post.spoilerText,
    visibility: post.visibility,
    language: post.language,
    isSensitive: post.isSensitive,
    inReplyTo: post.inReplyTo?.key ?? null,
    quotes: post.quoted?.key ?? null,
    quotePolicy: call.params.text("quote_approval_policy"),
    poll:
      post.poll === null
        ? null
        : { options: post.poll.options, expires_in: post.poll.seconds, multiple: post.poll.isMultiple },
    idempotency: once,
  };
  return { draft, asked };
}

/** `ScheduledStatus`. */
export function scheduledOf(post: ScheduledPost, face: Face): object {
  const { asked, draft } = post;
  const text = (name: string): string | null => {
    const value = asked[name];
    return typeof value === "string" ? value : null;
  };
  const key = (name: string): number | null => {
    const value = asked[name];
    return typeof value === "number" ? value : null;
  };
  const media = mediaIn(embedded(draft, "object") ?? {}, face);
  const quoted = key("quotes");
  return {
    id: idOf(post.key),
    scheduled_at: timeOf(post.dueMs),
    params: {
      text: text("text") ?? "",
      poll: isJsonObject(asked.poll) ? { ...asked.poll, hide_totals: false } : null,
      media_ids: media.length === 0 ? null : media.map(({ id }) => id),
      sensitive: asked.isSensitive === true,
      spoiler_text: text("summary"),
      visibility: visibilityOf((text("visibility") ?? "public") as Visibility),
      language: text("language"),
      in_reply_to_id: key("inReplyTo"),
      quoted_status_id: quoted === null ? null : idOf(quoted),
      quote_approval_policy: text("quotePolicy") ?? "public",
      idempotency: text("idempotency"),
      scheduled_at: null,
      application_id: 0,
      with_rate_limit: false,
    },
    media_attachments: media,
  };
}

const mediaIn = (object: AsObject, face: Face) =>
  attachmentsOf(object, { iri: "", ancestry: ["Note"], links: [] }).map((view) => attachmentOf(view, face));
