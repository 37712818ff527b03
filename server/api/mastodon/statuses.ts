/** Posts and lines of feeds with everything that hangs on who reads them, as answers. */
import type { Entity } from "../../core/entity.ts";
import type { AsObject } from "../../core/object.ts";
import type { Page, PageRequest } from "../../lib/page.ts";
import { isProblem, Problem } from "../../lib/problem.ts";
import type { FeedItem, ObjectView } from "../../queries/view.ts";
import { cardsOf } from "./cards.ts";
import { bytesOf, type Marks, type Status, shareOf, statusOf } from "./entities/status.ts";
import { type Answer, type Call, type Face, jsonBytes, paged, type SignedCall } from "./face.ts";
import { notHere } from "./ids.ts";
import type { PageSize } from "./paging.ts";

/** Who asks, as the core knows them. @throws Problem `gone`. */
export async function myself(face: Face, { me }: SignedCall): Promise<Entity> {
  const entity = await face.look.byKey(me.actorKey);
  if (entity === null) throw new Problem("gone", "This account is closed.");
  return entity;
}

/** Does what is drafted, unless it is so already (null), or becomes so at this moment: tapped twice, or sent again. */
export async function doOnce(
  { core }: Pick<Face, "core">,
  actor: number,
  draft: () => Promise<AsObject | null>,
): Promise<void> {
  const activity = await draft();
  try {
    if (activity !== null) await core.act(actor, activity);
  } catch (error) {
    if (!isProblem(error, "forbidden") || (await draft()) !== null) throw error;
  }
}

/**
 * The page that is asked for, in the cursors of feeds of activities: clients give the id of the post at the edge, and the
 * line of the feed is its Create's.
 */
export async function pageWith(face: Face, call: Call, size?: PageSize): Promise<PageRequest> {
  const page = call.page(size);
  const cursors = [page.before, page.after, page.from].filter((key) => key !== undefined);
  if (cursors.length === 0) return page;
  const [before, after, from] = await Promise.all(
    [page.before, page.after, page.from].map((key) => (key === undefined ? undefined : cursorOf(face, key))),
  );
  return {
    limit: page.limit,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(from === undefined ? {} : { from }),
  };
}

async function cursorOf(face: Face, key: number): Promise<number> {
  const thing = await face.look.byKey(key);
  if (thing?.kind !== "object" || thing.owner === null) return key;
  return (await face.look.activityAbout("Create", thing.owner, key))?.key ?? key;
}

/** What was made of a page, which is another one as soon as anything is written. */
const made = new WeakMap<Page<FeedItem>, Answer>();

export async function statusPage(face: Face, call: Call, page: Page<FeedItem>): Promise<Answer> {
  const known = made.get(page);
  if (known !== undefined) return known;
  const statuses = await statusesOf(face, call, page.items);
  const answer = paged(page, jsonBytes(listOf(statuses.map(bytesOf))));
  made.set(page, answer);
  return answer;
}

/** The JSON list of these. */
function listOf(items: readonly Uint8Array[]): Uint8Array {
  const length = items.reduce((sum, item) => sum + item.length + 1, 1);
  const list = new Uint8Array(Math.max(2, length));
  list[0] = OPEN;
  let at = 1;
  for (const item of items) {
    list.set(item, at);
    at += item.length;
    list[at++] = COMMA;
  }
  list[list.length - 1] = CLOSE;
  return list;
}

const [OPEN = 0, COMMA = 0, CLOSE = 0] = Buffer.from("[,]");

export async function statusesOf(face: Face, call: Call, items: readonly FeedItem[]): Promise<Status[]> {
  const marks = await marksOf(
    face,
    call,
    items.map(({ object }) => object),
  );
  return items.flatMap(({ key, object, sharedBy }) => {
    const status = statusOf(object, face, marks.get(object.key));
    if (status === null) return [];
    return sharedBy === null ? status : shareOf(status, key, sharedBy, face);
  });
}

/** What of these the viewer has pinned or wants to hear no more of, and where they lead; the rest is left out. */
async function marksOf(
  face: Face,
  { queries, viewerKey }: Call,
  views: readonly ObjectView[],
): Promise<ReadonlyMap<number, Marks>> {
  if (views.length === 0) return NO_MARKS;
  const keys = views.map(({ key }) => key);
  const [kept, cards] = await Promise.all([
    viewerKey === null ? NO_MARKS : queries.marks(viewerKey, keys),
    cardsOf(face, views, viewerKey !== null),
  ]);
  if (cards.size === 0) return kept;
  return new Map(keys.map((key) => [key, { ...kept.get(key), card: cards.get(key) ?? null }]));
}

const NO_MARKS: ReadonlyMap<number, Marks> = new Map();

const isShareOf = ({ registry }: Face, entity: Entity | null): boolean =>
  entity?.kind === "activity" && entity.deletedMs === null && registry.isA(entity.type ?? "", "Announce");

/** The post itself that an id means: of a share what is shared. @throws Problem `not-found`. */
export async function thingOf(face: Face, call: Call, key: number): Promise<Entity> {
  const thing = await thingAt(face, call, key);
  if (!(await face.look.maySee(call.viewerKey, thing.key))) throw notHere();
  return thing;
}

/** The same where the viewer need not see it any more, who may have something to take back. @throws Problem `not-found`. */
export async function thingAt(face: Face, call: Call, key: number): Promise<Entity> {
  const found = await face.look.byKey(key);
  const isShare = isShareOf(face, found);
  if (isShare && !(await face.look.maySee(call.viewerKey, key))) throw notHere();
  const thing = isShare ? await face.look.byKey(found?.subject ?? 0) : found;
  if (
    !thing?.document ||
    thing.deletedMs !== null ||
    (thing.kind !== "object" && thing.kind !== "collection")
  )
    throw notHere();
  return thing;
}

/** The same as a view. */
export const viewByKey = async (face: Face, call: Call, key: number): Promise<ObjectView> =>
  viewOfThing(call, (await thingOf(face, call, key)).key);

async function viewOfThing(
  call: Call,
  key: number,
  viewer: number | null = call.viewerKey,
): Promise<ObjectView> {
  const view = await call.queries.object(key, viewer);
  if (view === null || view.isDeleted) throw notHere();
  return view;
}

async function statusOfView(face: Face, call: Call, view: ObjectView): Promise<Status> {
  const marks = await marksOf(face, call, [view]);
  const status = statusOf(view, face, marks.get(view.key));
  if (status === null) throw notHere();
  return status;
}

/** What the viewer has just written: known to be no share. @throws Problem `not-found` where it is gone again. */
export const ownStatus = async (face: Face, call: SignedCall, key: number): Promise<Status> =>
  statusOfView(face, call, await viewOfThing(call, key));

/** What everybody may see of a post that is hidden from the viewer. @throws Problem `not-found` where that is nothing. */
export const statusForAll = async (face: Face, call: SignedCall, key: number): Promise<Status> =>
  statusOfView(face, call, await viewOfThing(call, key, null));

/** The post, or the share around it where the id is a share's. @throws Problem `not-found`. */
export async function statusByKey(face: Face, call: Call, key: number): Promise<Status> {
  const view = await viewByKey(face, call, key);
  const status = await statusOfView(face, call, view);
  if (view.key === key) return status;
  const owner = (await face.look.byKey(key))?.owner ?? null;
  const sharer = owner === null ? null : await call.queries.actor(owner);
  return sharer === null ? status : shareOf(status, key, sharer, face);
}

/** Those of `keys` that are here and may be seen, in their order. */
export async function statusesByKeys(face: Face, call: Call, keys: readonly number[]): Promise<Status[]> {
  const views = await call.queries.objects(keys, call.viewerKey);
  return statusesFrom(
    face,
    call,
    keys.flatMap((key) => views.get(key) ?? []),
  );
}

/** Of views that were found visible; without what is deleted. */
export async function statusesFrom(face: Face, call: Call, views: readonly ObjectView[]): Promise<Status[]> {
  const marks = await marksOf(face, call, views);
  // Pages show a gap where something was deleted; clients have no word for one, and get 404 for its id.
  return views.flatMap((view) => (view.isDeleted ? [] : (statusOf(view, face, marks.get(view.key)) ?? [])));
}
