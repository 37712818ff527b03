/** The shape of a vocabulary: types as data, and what each activity does to which collections. */
import { Problem } from "../lib/problem.ts";
import type { Effect } from "./effects.ts";
import type { Entity, Kind } from "./entity.ts";
import type { AsObject } from "./object.ts";

/** The parts of an activity that a membership can name. */
export type Role = "activity" | "actor" | "object" | "target";

/**
 * "When this happens, `item` is in the collection `name` of `owner`", with the activity as its cause.
 * A collection of an actor elsewhere is that actor's own business and is not written here.
 */
export interface Membership {
  readonly into: readonly [owner: Exclude<Role, "activity">, name: string];
  readonly item: Role;
  /** Refused where the item is in it already, also when both come at one moment; or only of people here. */
  readonly once?: "always" | "ours";
}

/** Why nothing is done of what may be done once, and was. */
export const DONE_ALREADY = "that was done already";

/** A reason not to do something, for whoever wanted to. */
export const refused = (reason: string): Problem =>
  new Problem("forbidden", `This cannot be done: ${reason}.`);

/** What a type looks like and offers, for every face. Property and type names as in `words`. */
export interface Display {
  readonly title?: string;
  readonly body?: string;
  /** Properties, or paths of them (`track.album`). */
  readonly facts?: readonly string[];
  /** Properties that lead to something else: shown as links by their own name. */
  readonly links?: readonly string[];
  readonly actions?: readonly string[];
}

export interface TypeDef {
  readonly iri: string;
  readonly kind: Kind;
  readonly extends?: string;
  readonly display?: Display;
  /**
   * Activities of this type are lines of their followers' home feeds (Create, Announce). False for things that a Create
   * makes without being one.
   */
  readonly feed?: boolean;
  /**
   * Whom an activity of ours reaches that names no audience: those whom it concerns (when not said), only those
   * `named`, or `nobody` whatever it names, because it is nobody else's business.
   */
  readonly reach?: "named" | "nobody";
  /** It names people to whom it is not told: no line for anybody here, and read by its author alone (Flag). */
  readonly isConfidential?: boolean;
}

/** What a behaviour sees: the activity and the rows it names, as they were before it. */
export interface Scene {
  readonly activity: AsObject;
  /** The key that the activity has, or will have once applied. */
  readonly key: number;
  readonly iri: string;
  readonly actor: Entity;
  readonly object: Entity | null;
  readonly target: Entity | null;
  /** The embedded object, trusted already to come from its owner's origin. */
  readonly embedded: AsObject | null;
  readonly isOurs: boolean;
  /** The group elsewhere that told of it (FEP-1b12); null for what came by itself. */
  readonly through: Entity | null;
  readonly nowMs: number;
  /** A key for a new row: of that time, or of now. */
  newKey(ms: number | null): number;
  /** What a document is, by its type or its shape. */
  kindOf(document: AsObject): Kind;
  /** What an activity of this type does (`Registry.actsAs`). */
  actsAs(type: string): string;
  /** The whole core's read side, for the uncommon case. */
  readonly look: Look;
}

/** Questions that a behaviour may ask. */
export interface Look {
  /** The row of this address: ours or known already, not fetched. */
  find(iri: string): Promise<Entity | null>;
  /** The same for many, in one question; what is not known is left out. */
  findMany(iris: readonly string[]): Promise<ReadonlyMap<string, Entity>>;
  /** The row of this address, fetched from its origin when it is not known. */
  fetch(iri: string): Promise<Entity | null>;
  /** The row as its origin says that it is now; null where it cannot be asked. What is ours is as it stands. */
  refresh(iri: string): Promise<Entity | null>;
  byKey(key: number): Promise<Entity | null>;
  /** The same for many, in one question; what is gone is left out. */
  byKeys(keys: readonly number[]): Promise<ReadonlyMap<number, Entity>>;
  isMember(owner: number, name: string, item: number): Promise<boolean>;
  /** The cause that keeps the item there, or null. */
  causeOf(owner: number, name: string, item: number): Promise<number | null>;
  /** Which of these lists of the owner the item is in. */
  listsWith(owner: number, names: readonly string[], item: number): Promise<ReadonlySet<string>>;
  /** The groups that the thing is in. */
  groupsOf(object: number): Promise<readonly Entity[]>;
  /** Whether anybody in the list lives elsewhere. */
  hasMembersElsewhere(owner: number, name: string): Promise<boolean>;
  /** How many are in the list. */
  totalOf(owner: number, name: string): Promise<number>;
  /** Whether the viewer (an actor's key) may see this row: the one predicate. */
  maySee(viewer: number | null, key: number): Promise<boolean>;
  /** Whether the rules limit this actor's server: nobody there follows unasked. */
  isLimited(actor: Entity): Promise<boolean>;
  /** Local actors among the members. */
  localMembers(owner: number, name: string): Promise<readonly Entity[]>;
  /** Whether somebody here wants nothing from that server (its number). */
  avoids?(person: number, host: number): Promise<boolean>;
  /** The newest living activity of this type, or one that acts as it, by this owner about this subject. */
  activityAbout(type: string, owner: number, subject: number): Promise<Entity | null>;
  /** People here who want to hear of every post of this actor. */
  watchers(actor: number): Promise<readonly number[]>;
  /** People here, by their keys, whose things point at this one under the property (`quote`). */
  pointing(object: number, property: string): Promise<readonly number[]>;
  /** What the thing said before it was edited, as far as that is kept: the newest first, as JSON. */
  versions(object: number): Promise<readonly string[]>;
  /** Names of the owner's lists that begin so and have somebody in them. */
  lists(owner: number, beginning: string): Promise<readonly string[]>;
  /** Whose collection an address of ours means (`…/users/alice/featured`), and its name. */
  collection(iri: string): Promise<{ owner: Entity; name: string } | null>;
}

/** The type of behaviours that take part in every activity, after those of its own type. */
export const ANY = "*";

export interface Behaviour {
  /** Of the activity, or `ANY`. */
  readonly type: string;
  /** Only for this type of object: Accept of a Follow. */
  readonly object?: string;
  readonly adds?: readonly Membership[];
  readonly removes?: readonly Membership[];
  /** The actor must own the object (Update, Delete) or have made it (Undo). */
  readonly ownerOnly?: boolean;
  /** Needs its object fetched and known before it can be judged. */
  readonly needsObject?: boolean;
  /** A reason not to take it, or null. */
  readonly refuse?: (scene: Scene) => Promise<string | null> | string | null;
  readonly also?: (scene: Scene) => Promise<readonly Effect[]> | readonly Effect[];
}

/** Words for types, properties and actions, by language and then by name. */
export type ExtensionWords = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The unit of vocabulary; ActivityStreams itself is one. */
export interface Extension {
  readonly name: string;
  /** The path of the file that it was read from; none where it is built in. */
  readonly file?: string;
  /** Terms published inline with documents that use them. */
  readonly context?: Readonly<Record<string, unknown>>;
  readonly types: Readonly<Record<string, TypeDef>>;
  readonly behaviours?: readonly Behaviour[];
  /**
   * The audience (`to`, `cc`, `audience`) of an activity of ours that names none, and of a Create besides what it names,
   * where this vocabulary knows better than the rule for all; else null. `deed` is what the activity does (`Registry.actsAs`).
   */
  readonly addressed?: (
    look: Look,
    actor: Entity,
    activity: AsObject,
    deed: string,
  ) => Promise<AsObject | null>;
  /** Facts and links that it adds to the look of types that others define, and of those that extend them. */
  readonly shows?: Readonly<Record<string, Pick<Display, "facts" | "links">>>;
  /** Properties written to `link` (addresses) and `fact` (plain values). */
  readonly indexed?: readonly string[];
  readonly words?: ExtensionWords;
}
