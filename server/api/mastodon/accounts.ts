/** People and groups, and lists of them, as answers. */

import type { Page } from "../../lib/page.ts";
import { Problem } from "../../lib/problem.ts";
import type { ActorView } from "../../queries/view.ts";
import { type Account, accountOf } from "./entities/account.ts";
import { relationshipOf } from "./entities/relationship.ts";
import { type Answer, type Call, type Face, paged, type SignedCall } from "./face.ts";
import { notHere } from "./ids.ts";

/** @throws Problem `not-found`. */
export async function actorByKey(call: Call, key: number): Promise<ActorView> {
  const view = await call.queries.actor(key);
  if (view === null) throw notHere();
  return view;
}

export const accountsOf = (face: Face, views: readonly ActorView[]): readonly Account[] =>
  views.map((view) => accountOf(view, face));

export const accountPage = (face: Face, page: Page<ActorView>): Answer =>
  paged(page, accountsOf(face, page.items));

/** Without those of whom the viewer wants to see nothing, and who have blocked the viewer. */
export async function unavoided(call: Call, views: readonly ActorView[]): Promise<readonly ActorView[]> {
  if (call.viewerKey === null || views.length === 0) return views;
  const known = await call.queries.relationships(
    call.viewerKey,
    views.map(({ key }) => key),
  );
  return views.filter(({ key }) => {
    const to = known.get(key);
    return !(to?.blocking || to?.blockedBy || to?.muting || to?.avoidsHost);
  });
}

/** One for each of `keys`, in their order. */
export async function relationshipsWith(call: SignedCall, keys: readonly number[]): Promise<Answer> {
  const found = await call.queries.relationships(call.viewerKey, keys);
  return keys.flatMap((key) => {
    const view = found.get(key);
    return view ? relationshipOf(key, view) : [];
  });
}

/** Lists of what everybody wrote are for members alone, unless the people who run the server open them. */
export function requireListsOpen(face: Face, call: Call): void {
  if (call.viewer !== null || face.accounts.settings.get("publicLists") === "everyone") return;
  throw new Problem("unauthenticated", "This method requires an authenticated user", {});
}
