/** Lists of people: made, changed and deleted by their owner, and nobody else's business. */
import type { Behaviour, Scene } from "../../core/behaviour.ts";
import type { Effect } from "../../core/effects.ts";
import { type AsObject, audienceOf, text } from "../../core/object.ts";
import {
  emptyHome,
  insertList,
  type PersonList,
  refillHome,
  removeList,
  updateList,
} from "../../core/store-lanes.ts";
import type { Sql } from "../../lib/sql.ts";
import { create, remove, update } from "../activitystreams/create-update-delete.ts";
import { LIST, LISTS } from "./places.ts";

/** More lists than anybody looks through. */
const MAX_LISTS = 100;
const ROOM = { most: MAX_LISTS, elseRefused: `${MAX_LISTS} lists are the most; delete one first` };
const MAX_TITLE = 200;
const REPLIES = ["followed", "list", "none"] as const;

/** What its owner says of a list: its title (`name`), and whose answers it has. */
export const repliesOf = ({ repliesFrom }: AsObject): PersonList["replies"] =>
  REPLIES.find((each) => each === repliesFrom) ?? "list";

export const createList: Behaviour = {
  ...create,
  object: LIST,
  async refuse(scene) {
    if (!scene.isOurs || scene.embedded === null) return "lists of people are their owner's business";
    if (audienceOf(scene.activity).length > 0) return "a list of people is for nobody else";
    return titleRefusal(scene.embedded);
  },
  also(scene) {
    const { embedded, actor } = scene;
    const key = Number(/\/(\d+)$/.exec(embedded?.id ?? "")?.[1]);
    if (embedded === null || !Number.isSafeInteger(key)) return [];
    return [
      {
        effect: "put",
        key,
        iri: embedded.id ?? "",
        kind: "collection",
        document: embedded,
        owner: actor.key,
        ownerIri: actor.iri,
        visibility: "direct",
      },
      { effect: "add", owner: actor.key, name: LISTS, item: key, cause: scene.key, room: ROOM },
      ...insertList(listOf(scene, key, embedded)).map(statement),
    ];
  },
};

export const updateListOf: Behaviour = {
  ...update,
  object: LIST,
  async refuse(scene) {
    return (await update.refuse?.(scene)) ?? (scene.embedded && titleRefusal(scene.embedded));
  },
  async also(scene) {
    const { object, embedded } = scene;
    const effects = (await update.also?.(scene)) ?? [];
    if (object === null || embedded === null) return effects;
    const list = listOf(scene, object.key, embedded);
    const wasExclusive = object.document?.exclusive === true;
    return [
      ...effects,
      statement(updateList(list)),
      ...(list.isExclusive && !wasExclusive ? [statement(emptyHome(list))] : []),
      ...(!list.isExclusive && wasExclusive ? [statement(refillHome(list))] : []),
    ];
  },
};

export const deleteList: Behaviour = {
  ...remove,
  object: LIST,
  async also(scene) {
    const { object } = scene;
    const effects = (await remove.also?.(scene)) ?? [];
    if (object === null) return effects;
    const isBack = object.document?.exclusive === true;
    return [
      ...effects,
      ...(isBack ? [statement(refillHome(listOf(scene, object.key, object.document ?? {})))] : []),
      ...removeList(object.key).map(statement),
    ];
  },
};

const listOf = ({ actor }: Scene, key: number, document: AsObject): PersonList => ({
  key,
  owner: actor.key,
  isExclusive: document.exclusive === true,
  replies: repliesOf(document),
});

function titleRefusal(document: AsObject): string | null {
  const title = text(document, "name")?.trim() ?? "";
  if (title === "") return "a list needs a title";
  return title.length > MAX_TITLE ? `the title of a list has at most ${MAX_TITLE} characters` : null;
}

const statement = (of: Sql): Effect => ({ effect: "statement", statement: of });
