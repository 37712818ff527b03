/** What the road writes for each kind of activity, without walking it: `rows.test.ts` holds the two together. */
import { lean } from "../../server/core/lean.ts";
import type { AsObject } from "../../server/core/object.ts";
import { id } from "../../server/core/object.ts";
import * as write from "../../server/core/store-writes.ts";
import * as federation from "../../server/federation/store.ts";
import type { JsonObject } from "../../server/lib/json.ts";
import type { Sql } from "../../server/lib/sql.ts";

/** Somebody who does something. */
export interface Doer {
  readonly key: number;
  readonly iri: string;
  readonly host: number;
  readonly isLocal: boolean;
}

/** Somebody who is named: whether the doer is followed by them decides the lane. */
export interface Named {
  readonly key: number;
  readonly host: number;
  readonly isLocal: boolean;
  readonly followsDoer: boolean;
}

export interface Parent {
  readonly key: number;
  readonly author: Named;
}

export interface Time {
  readonly nowMs: number;
  /** Gives keys to notices. */
  readonly newKey: () => number;
}

/** A Create for everybody, `document` as it came over the wire or as the core completed it. */
export function createRows(
  by: Doer,
  keys: { readonly object: number; readonly activity: number },
  document: JsonObject,
  about: { readonly parent: Parent | null; readonly hashtag: string | null },
  time: Time,
): readonly Sql[] {
  const { "@context": _, ...given } = document as AsObject & JsonObject;
  const activity = by.isLocal ? given : lean(given);
  const object = activity.object as AsObject;
  const { parent, hashtag } = about;
  const statements: Sql[] = [
    write.insertObject({
      ...row(by, keys.object, object),
      kind: "object",
      fetchedMs: by.isLocal ? null : time.nowMs,
    }),
    write.insertObject({ ...row(by, keys.activity, activity), kind: "activity", subject: keys.object }),
    ...(hashtag === null ? [] : [write.insertFact(keys.object, "hashtag", hashtag)]),
    write.ensureCollection(by.key, "posts"),
    ...write.addMember(by.key, "posts", keys.activity, null),
  ];
  if (parent !== null) {
    statements.push(
      write.ensureCollection(parent.key, "replies"),
      ...write.addMember(parent.key, "replies", keys.object, keys.activity),
    );
    if (parent.author.isLocal && parent.author.key !== by.key)
      statements.push(write.insertNotice(time.newKey(), parent.author.key, "reply", keys.activity));
    if (by.isLocal) {
      for (const key of [keys.object, keys.activity])
        statements.push(write.insertLink(key, "audience", parent.author.key));
    }
  }
  statements.push(write.fanOut(by.key, "followers", write.LANES.home, keys.activity));
  if (by.isLocal) statements.push(write.addToLane(by.key, write.LANES.home, keys.activity));
  if (parent !== null) statements.push(...laneOf(by, parent.author, keys.activity, true));
  if (parent !== null && by.isLocal && !parent.author.isLocal) {
    statements.push(
      ...federation.insertDeliveries(
        keys.activity,
        [{ host: parent.author.host, givenUp: null }],
        time.nowMs,
      ),
      federation.updateDelivery(keys.activity, parent.author.host, "arrived", 1, null, time.nowMs),
    );
  }
  return statements;
}

/** A Like that came to the personal inbox of the object's author. */
export function likeRows(
  by: Doer,
  key: number,
  document: JsonObject,
  about: { readonly key: number; readonly author: Named },
  time: Time,
): readonly Sql[] {
  const { author } = about;
  return [
    write.insertObject({
      ...row(by, key, document as AsObject),
      kind: "activity",
      subject: about.key,
      visibility: "direct",
    }),
    write.ensureCollection(about.key, "likes"),
    ...write.addMember(about.key, "likes", by.key, key),
    ...(author.isLocal
      ? [
          write.insertNotice(time.newKey(), author.key, "like", key),
          write.insertLink(key, "audience", author.key),
          ...laneOf(by, author, key, false),
        ]
      : []),
  ];
}

export function announceRows(
  by: Doer,
  key: number,
  document: JsonObject,
  about: { readonly key: number; readonly author: Named },
  time: Time,
): readonly Sql[] {
  const { author } = about;
  return [
    write.insertObject({ ...row(by, key, document as AsObject), kind: "activity", subject: about.key }),
    write.ensureCollection(about.key, "shares"),
    ...write.addMember(about.key, "shares", by.key, key),
    write.ensureCollection(by.key, "posts"),
    ...write.addMember(by.key, "posts", key, key),
    ...(author.isLocal ? [write.insertNotice(time.newKey(), author.key, "share", key)] : []),
    write.fanOut(by.key, "followers", write.LANES.home, key),
    ...laneOf(by, author, key, true),
  ];
}

const row = (by: Doer, key: number, document: AsObject) =>
  ({
    key,
    iri: document.id ?? "",
    host: by.host,
    type: id(document, "type") ?? "Object",
    owner: by.key,
    ownerIri: by.iri,
    subject: null,
    visibility: "public",
    document,
    updatedMs: null,
    fetchedMs: null,
  }) as const;

function laneOf(by: Doer, named: Named, item: number, isFeed: boolean): readonly Sql[] {
  if (!named.isLocal || named.key === by.key) return [];
  const lane = isFeed && named.followsDoer ? write.LANES.home : write.LANES.inbox;
  return [write.addToLane(named.key, lane, item)];
}
