/** Posts and lines of feeds with everything that hangs on who reads them, as answers. */
import type { Entity } from "../../core/entity.ts";
import type { Page, PageRequest } from "../../lib/page.ts";
import { Problem } from "../../lib/problem.ts";
import type { FeedItem, ObjectView } from "../../queries/view.ts";
import { type Marks, type Status, shareOf, statusOf } from "./entities/status.ts";
import { type Answer, type Call, type Face, paged, type SignedCall } from "./face.ts";
import { notHere } from "./ids.ts";
import type { PageSize } from "./paging.ts";

/** Who asks, as the core knows them. @throws Problem `gone`. */
export async function myself(face: Face, { me }: SignedCall): Promise<Entity> {
  const entity = await face.look.byKey(me.actorKey);
  if (entity === null) throw new Problem("gone", "This account is closed.");
  return entity;
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

export async function statusPage(face: Face, call: Call, page: Page<FeedItem>): Promise<Answer> {
  return paged(page, await statusesOf(face, call, page.items));
}

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

/** Of the viewer's own posts which stand at the top of their page, and whose threads they do not want to hear. */
export async function marksOf(
  _face: Face,
  _call: Call,
  _views: readonly ObjectView[],
): Promise<ReadonlyMap<number, Marks>> {
  return new Map();
}

/** @throws Problem `not-found` for what is not here, or not for the viewer. */
export async function statusByKey(face: Face, call: Call, key: number): Promise<Status> {
  const view = await call.queries.object(key, call.viewerKey);
  if (view === null || view.isDeleted) throw notHere();
  const marks = await marksOf(face, call, [view]);
  const status = statusOf(view, face, marks.get(key));
  if (status === null) throw notHere();
  return status;
}
