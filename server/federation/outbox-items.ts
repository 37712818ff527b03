/** Activities as an outbox lists them: as a whole, so that nobody has to come again for each of them. */
import type { Look } from "../core/behaviour.ts";
import type { Entity } from "../core/entity.ts";
import type { AsObject } from "../core/object.ts";
import type { Publisher } from "./publish.ts";

/** `items` are addresses and `keys` those of the same rows; the answer is in their order. */
export type OutboxItems = (
  owner: number,
  viewer: number | null,
  page: { readonly items: readonly string[]; readonly keys: readonly number[] },
) => Promise<readonly (AsObject | string)[]>;

/**
 * An activity stands for itself where everybody may read both it and what it carries, or where its own author asks;
 * what a group passes on stands with it (FEP-1b12). Of all others, and of those that speak of another activity (Undo),
 * the list has only the address.
 */
export function createOutboxItems(deps: { readonly look: Look; readonly publisher: Publisher }): OutboxItems {
  const { look, publisher } = deps;
  return async (owner, viewer, { items, keys }) => {
    const activities = await look.byKeys(keys);
    const about = [...activities.values()].flatMap(({ subject }) => (subject === null ? [] : [subject]));
    const subjects = await look.byKeys(about);
    const passedOn = [...subjects.values()].filter(({ kind }) => kind === "activity");
    const inner = await look.byKeys(passedOn.flatMap(({ subject }) => subject ?? []));
    return Promise.all(
      items.map((iri, i) => {
        const activity = activities.get(keys[i] ?? 0);
        if (activity === undefined) return iri;
        const subject = activity.subject === null ? null : (subjects.get(activity.subject) ?? null);
        const isOpen = viewer === owner || (isPublic(activity) && (subject === null || isPublic(subject)));
        if (isOpen && subject?.kind === "activity" && activity.type === "Announce") {
          const thing = inner.get(subject.subject ?? 0);
          return thing && isPublic(thing) ? publisher.passedOn(activity, subject, thing) : iri;
        }
        return isOpen && subject?.kind !== "activity" ? publisher.assembleWith(activity, subject) : iri;
      }),
    );
  };
}

const isPublic = ({ visibility }: Entity): boolean => visibility === "public" || visibility === "quiet";
