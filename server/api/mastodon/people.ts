/** People whom a request is about, and what is answered of them. */
import type { Entity } from "../../core/entity.ts";
import { Problem } from "../../lib/problem.ts";
import { accountOf } from "./entities/account.ts";
import { relationshipOf } from "./entities/relationship.ts";
import { type Answer, type Call, type Face, paged, type SignedCall } from "./face.ts";
import { notHere } from "./ids.ts";
import type { PageSize } from "./paging.ts";

/** As many as Mastodon gives of people. */
export const PEOPLE: PageSize = { default: 40, max: 80 };

/** The person, group or program of this key. @throws Problem `not-found`. */
export async function personAt(face: Face, key: number): Promise<Entity> {
  const [entity, view] = await Promise.all([face.look.byKey(key), face.queries.actor(key)]);
  if (entity?.kind !== "actor" || entity.deletedMs !== null || view === null) throw notHere();
  return entity;
}

/** What the viewer and the person are to each other now. */
export async function relationshipWith(face: Face, { me }: SignedCall, key: number): Promise<Answer> {
  const relation = (await face.queries.relationships(me.actorKey, [key])).get(key);
  if (relation === undefined) throw notHere();
  return relationshipOf(key, relation);
}

/** One of the viewer's own lists of people. */
export async function peopleIn(
  face: Face,
  call: SignedCall,
  list: "blocked" | "requests" | "endorsements",
): Promise<Answer> {
  const page = await call.queries.people(call.me.actorKey, list, call.page(PEOPLE));
  return paged(
    page,
    page.items.map((view) => accountOf(view, face)),
  );
}

/** The activity that keeps somebody in a list of the viewer's, as its address; null where nothing does. */
export async function causeIn(
  face: Face,
  me: number,
  lists: readonly string[],
  other: number,
): Promise<string | null> {
  for (const list of lists) {
    const cause = await face.look.causeOf(me, list, other);
    const activity = cause === null ? null : await face.look.byKey(cause);
    if (activity !== null) return activity.iri;
  }
  return null;
}

/** Puts something into a list of the viewer's own, or takes it out; nothing where that is done already. */
export async function keepIn(
  face: Face,
  me: Entity,
  list: string,
  object: { readonly iri: string; readonly key: number | null },
  isIn: boolean,
): Promise<void> {
  const isThere = object.key !== null && (await face.look.isMember(me.key, list, object.key));
  if (isThere === isIn) return;
  const target = face.addresses.collection(me.iri, list);
  await face.core.act(me.key, { type: isIn ? "Add" : "Remove", object: object.iri, target });
}

/** Of what one may ask for by position: Mastodon's own offset. */
export function partOf(call: Call, usual: number, max: number): { skip: number; limit: number } {
  const limit = call.params.integer("limit") ?? usual;
  return {
    skip: Math.max(0, call.params.integer("offset") ?? 0),
    limit: limit < 1 ? usual : Math.min(limit, max),
  };
}

/** @throws Problem `invalid` where a parameter that must be there is not. */
export function needed(call: Call, name: string): string {
  const value = call.params.text(name)?.trim() ?? "";
  if (value === "") throw new Problem("invalid", `The parameter ${name} is missing.`, { field: name });
  return value;
}
