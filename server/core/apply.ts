/** Carries effects out: the only place where an effect becomes SQL, in the order that the foreign keys want. */
import type { Queue } from "../jobs/queue.ts";
import { toIso } from "../lib/clock.ts";
import { bareTag } from "../lib/hashtag.ts";
import { isJsonObject, wordOf } from "../lib/json.ts";
import { Problem } from "../lib/problem.ts";
import { expecting, type Sql } from "../lib/sql.ts";
import { hostOf, parseHttpUrl } from "../lib/url.ts";
import type { Db } from "../storage/db.ts";
import type { Addresses } from "./addresses.ts";
import { KNOWN_MEANWHILE } from "./anew.ts";
import type { Look } from "./behaviour.ts";
import type { Effect, Ref } from "./effects.ts";
import { type Entity, LOCAL_HOST } from "./entity.ts";
import { type AsObject, embeddedAll, idOf, text, values } from "./object.ts";
import type { Registry } from "./registry.ts";
import { hostKey } from "./store.ts";
import * as lanes from "./store-lanes.ts";
import { talkStatements } from "./store-talks.ts";
import { IN_GROUP } from "./store-visibility.ts";
import * as write from "./store-writes.ts";

/** No honest object points at more things under one property than this. */
const MAX_INDEXED_VALUES = 50;
/** A plain value longer than this is a text, not something one looks for. */
const MAX_FACT_LENGTH = 200;

export interface ApplyDeps {
  readonly db: Db;
  readonly findMany: Look["findMany"];
  readonly registry: Registry;
  readonly addresses: Addresses;
  readonly newKey: () => number;
  readonly enqueue: Queue["enqueue"];
  /** What else is promised with a notice (its key) for somebody here: their devices are told. */
  readonly noticed?: ((person: number, notice: number) => readonly Sql[]) | undefined;
}

/** One activity's effects, in the order in which they were said. */
export interface Consequence {
  /** The activity that caused them, or null for objects that were only fetched. */
  readonly cause: number | null;
  readonly effects: readonly Effect[];
}

/**
 * Statements for everything in `consequences`, to be run in one batch. Only reads. @throws Problem `conflict` where what is
 * put became known meanwhile: other effects name the key that it was to have. The batch fails with the same where another
 * has filled it.
 */
export async function toStatements(deps: ApplyDeps, consequences: readonly Consequence[]): Promise<Sql[]> {
  const effects = consequences.flatMap(({ effects }) => effects);
  const puts = effects.filter((effect) => effect.effect === "put");
  const newIris = new Set(puts.map((put) => put.iri));
  const indexes = new Map(puts.map((put) => [put.key, indexesOf(deps.registry, put.document)]));
  const changes = effects.filter((effect) => effect.effect === "change");
  for (const change of changes) indexes.set(change.key, indexesOf(deps.registry, change.document));

  const named = [
    ...effects.flatMap(refsOf),
    ...[...indexes.values()].flatMap(({ links }) => links.map(([, iri]) => ({ iri }))),
  ];
  const iris = [...new Set(named.flatMap((ref) => (typeof ref === "number" ? [] : [ref.iri])))];
  const known = await deps.findMany([...iris, ...newIris]);
  if (puts.some(({ iri, key }) => (known.get(iri)?.key ?? key) !== key)) throw knownMeanwhile();

  const statements: Sql[] = [];
  const host = async (iri: string) =>
    deps.addresses.isOurs(iri) ? LOCAL_HOST : hostKey(deps.db, hostOf(iri) ?? "");
  for (const iri of iris) {
    if (known.has(iri) || newIris.has(iri)) continue;
    statements.push(write.insertAddress(deps.newKey(), iri, await host(iri)));
  }
  // Actors before what they own, objects before the activities that carry them.
  const rank = { actor: 0, collection: 1, object: 1, activity: 2 };
  for (const put of [...puts].sort((a, b) => rank[a.kind] - rank[b.kind])) {
    statements.push(...putStatements(deps, put, await host(put.iri), known.get(put.iri) ?? null));
  }
  for (const [key, index] of indexes) {
    if (changes.some((change) => change.key === key)) statements.push(...write.clearIndex(key));
    for (const [property, iri] of index.links) statements.push(write.insertLink(key, property, { iri }));
    for (const [property, value] of index.facts) statements.push(write.insertFact(key, property, value));
  }
  const said = consequences.flatMap(({ cause, effects }) => effects.map((effect) => ({ cause, effect })));
  for (const isRow of [true, false]) {
    for (const { cause, effect } of said)
      if (isOfRow(effect) === isRow) statements.push(...statementsOf(deps, effect, cause));
  }
  return statements;
}

/**
 * Whether it changes a thing or its links, about which the index of words is told at once (triggers that write to one row
 * for each thing). In all batches that comes before the counted collections are held, as what is put does: else one who
 * likes and one who takes a like back would each hold what the other waits for, which PostgreSQL finds out after a second.
 */
const isOfRow = ({ effect }: Effect): boolean =>
  effect === "bury" || effect === "change" || effect === "enter" || effect === "exit" || effect === "address";

type Put = Extract<Effect, { effect: "put" }>;

function putStatements(deps: ApplyDeps, put: Put, host: number, known: Entity | null): readonly Sql[] {
  const row: write.NewObject = {
    key: put.key,
    iri: put.iri,
    host,
    kind: put.kind,
    type: deps.registry.knownType(put.document),
    owner: put.owner,
    ownerIri: put.ownerIri ?? null,
    subject: put.subject ?? null,
    visibility: put.visibility,
    document: put.document,
    updatedMs: null,
    fetchedMs: put.fetchedMs ?? null,
  };
  // What else is said here was worked out for a thing that nobody had seen: whoever comes second is told otherwise.
  return [known ? expecting(1, write.fillObject(row), knownMeanwhile) : write.insertObject(row)];
}

const knownMeanwhile = (): Problem =>
  new Problem("conflict", "This became known meanwhile. Try again.", { reason: KNOWN_MEANWHILE });

function statementsOf(deps: ApplyDeps, effect: Effect, cause: number | null): readonly Sql[] {
  switch (effect.effect) {
    case "put":
    case "emit":
      return []; // Puts are ordered above; emitted activities are consequences of their own.
    case "change":
      return [
        ...(effect.earlier ? write.keepVersion(deps.newKey(), effect.key, effect.earlier) : []),
        write.updateObject(effect.key, effect.document, {
          type: deps.registry.knownType(effect.document),
          visibility: effect.visibility ?? null,
          updatedMs: effect.updatedMs,
          fetchedMs: effect.fetchedMs ?? null,
          hasSubject: effect.hasSubject ?? false,
          ...(effect.asRead ? { asRead: effect.asRead } : {}),
        }),
      ];
    case "bury":
      return [
        write.buryObject(effect.key, effect.atMs),
        write.dropVersions(effect.key),
        ...write.clearIndex(effect.key),
      ];
    case "add":
      return [
        write.ensureCollection(effect.owner, effect.name),
        ...write.addMember(effect.owner, effect.name, effect.item, effect.cause, effect.elseRefused),
        ...(effect.room ? [write.requireRoom(effect.owner, effect.name, effect.room)] : []),
      ];
    case "drop":
      return write.dropMember(effect.owner, effect.name, effect.item);
    case "release":
      return [...write.releaseCause(effect.cause), write.dropNotices(effect.cause)];
    case "lane":
      return [write.addToLane(effect.owner, effect.lane, effect.item)];
    case "fan-out":
      return effect.lane === write.LANES.home
        ? lanes.fanOutHome(effect, effect.item, effect.line)
        : [write.fanOut(effect.owner, effect.name, effect.lane, effect.item)];
    case "recall":
      return [write.recall(effect.owner, effect.name, effect.lane, effect.item)];
    case "enter":
      return [write.insertLink(effect.item, IN_GROUP, effect.group)];
    case "exit-all":
      return cause === null ? [] : write.takeOutAll(effect.group, effect.owner, cause);
    case "exit":
      return [write.dropLink(effect.item, IN_GROUP, effect.group)];
    case "address":
      return effect.to.map((to) => write.insertLink(effect.key, "audience", to));
    case "notice": {
      if (cause === null) return [];
      const key = deps.newKey();
      return [
        write.insertNotice(key, effect.to, effect.kind, cause),
        ...(deps.noticed?.(effect.to, key) ?? []),
      ];
    }
    case "talk":
      return talkStatements(deps.newKey, effect);
    case "enqueue":
      return [deps.enqueue(effect)];
    case "statement":
      return [effect.statement];
    default:
      return effect satisfies never;
  }
}

function refsOf(effect: Effect): readonly Ref[] {
  switch (effect.effect) {
    case "put":
      return [effect.owner, effect.subject].filter((ref) => ref !== null && ref !== undefined);
    case "add":
      return [effect.owner, effect.item, ...(effect.cause === null ? [] : [effect.cause])];
    case "address":
      return effect.to;
    case "enter":
      return [effect.item];
    default:
      return [];
  }
}

interface Indexes {
  readonly links: readonly (readonly [property: string, iri: string])[];
  readonly facts: readonly (readonly [property: string, value: string])[];
}

/** What can be asked for later: the properties that the vocabularies name, and hashtags. */
function indexesOf(registry: Registry, document: AsObject): Indexes {
  const links: [string, string][] = [];
  const facts: [string, string][] = [];
  for (const property of registry.indexed) {
    const all = values(document, property);
    const given = all.length > 0 ? all : [text(document, property)];
    for (const value of given.slice(0, MAX_INDEXED_VALUES)) {
      const address = idOf(value ?? undefined);
      if (address !== null && parseHttpUrl(address) !== null) links.push([property, address]);
      else {
        const plain = isJsonObject(value) ? text(value as AsObject, "name") : value;
        const fact = wordOf(plain)?.trim() ?? "";
        if (isFact(fact)) facts.push([property, fact]);
      }
    }
  }
  for (const tag of embeddedAll(document, "tag").slice(0, MAX_INDEXED_VALUES)) {
    const name = tag.type === "Hashtag" ? text(tag, "name") : null;
    const bare = bareTag(name ?? "");
    if (isFact(bare)) facts.push(["hashtag", bare]);
  }
  return { links, facts };
}

/** Neither engine stores U+0000, and nobody looks for it. */
const isFact = (text: string): boolean =>
  text !== "" && text.length <= MAX_FACT_LENGTH && !text.includes("\0");

/** What stays of a thing that was deleted (AS2 Tombstone). */
export const tombstone = (entity: Entity): AsObject => ({
  id: entity.iri,
  type: "Tombstone",
  ...(entity.type === null ? {} : { formerType: entity.type }),
  ...(entity.deletedMs === null ? {} : { deleted: toIso(entity.deletedMs) }),
});
