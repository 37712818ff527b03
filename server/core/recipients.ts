/** From an audience to lanes here and inboxes elsewhere. */
import type { Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { isPublic } from "./audience.ts";
import type { Look } from "./behaviour.ts";
import { type Entity, LOCAL_HOST } from "./entity.ts";
import * as store from "./store.ts";

export interface Recipients {
  /** People here who are named. */
  readonly local: readonly Entity[];
  /** Actors elsewhere who are named and known. */
  readonly remote: readonly number[];
  /** Those of them who are named in `bto` or `bcc` only: a shared inbox could not tell whom it is for. */
  readonly hidden: readonly number[];
  /** Collections of the sender (followers, members) whose members are meant. */
  readonly groups: readonly { readonly owner: number; readonly name: string }[];
  /** Addresses that nobody here has seen yet. */
  readonly unknown: readonly string[];
}

/** Collections of an actor that may be written to as a whole. */
const ADDRESSABLE: ReadonlySet<string> = new Set(["followers", "members", "moderators"]);

/**
 * Who is meant by `audience`. A collection counts only where it belongs to the sender: nobody can write to
 * the followers of somebody else. `openly` are those of `audience` that the document names.
 */
export async function resolveAudience(
  look: Look,
  sender: Entity,
  audience: readonly string[],
  openly: readonly string[] = audience,
): Promise<Recipients> {
  const named = audience.filter((iri) => !isPublic(iri));
  const known = await look.findMany(named);
  const local: Entity[] = [];
  const remote: number[] = [];
  const hidden: number[] = [];
  const groups: { owner: number; name: string }[] = [];
  const unknown: string[] = [];
  for (const iri of named) {
    const followers = sender.document?.followers;
    const collection = await look.collection(iri);
    if (collection !== null) {
      if (collection.owner.key === sender.key && ADDRESSABLE.has(collection.name)) {
        groups.push({ owner: sender.key, name: collection.name });
      }
      continue;
    }
    if (iri === followers) {
      groups.push({ owner: sender.key, name: "followers" });
      continue;
    }
    const entity = known.get(iri);
    if (entity?.kind === "actor" && entity.deletedMs === null) {
      if (entity.host === LOCAL_HOST) local.push(entity);
      else if (openly.includes(iri)) remote.push(entity.key);
      else hidden.push(entity.key);
    } else if (!entity?.document) unknown.push(iri);
  }
  return { local, remote, hidden, groups, unknown };
}

/** A host that an activity goes to, by its key, and the inboxes there. */
export interface Destination {
  readonly host: number;
  readonly name: string;
  readonly inboxes: readonly string[];
}

/** Statements that carry an activity of ours to these hosts (jobs and states); what one author writes to one host goes in order. */
export type Deliver = (activity: number, to: readonly Destination[], author: number) => readonly Sql[];

/** Where an activity of ours goes elsewhere; to each of `also` where its host is not among them. */
export async function destinationsOf(
  db: Db,
  recipients: Recipients,
  also: readonly store.InboxRow[] = [],
): Promise<readonly Destination[]> {
  const rows = await store.findInboxes(db, recipients.remote, "shared");
  rows.push(...(await store.findInboxes(db, recipients.hidden, "personal")));
  for (const { owner, name } of recipients.groups)
    rows.push(...(await store.findMemberInboxes(db, owner, name)));
  const byHost = new Map<number, Destination & { readonly inboxes: string[] }>();
  const seen = new Set<string>();
  const add = ({ host, host_name: name, inbox }: store.InboxRow): void => {
    const known = byHost.get(host);
    if (known) known.inboxes.push(inbox);
    else byHost.set(host, { host, name, inboxes: [inbox] });
  };
  for (const row of rows) {
    if (seen.has(row.inbox)) continue;
    seen.add(row.inbox);
    add(row);
  }
  for (const row of also) if (!byHost.has(row.host)) add(row);
  return [...byHost.values()];
}
