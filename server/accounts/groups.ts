/** Groups that people here make and run together: every act of theirs goes down the core's road, as the group. */
import type { Addresses } from "../core/addresses.ts";
import type { Look } from "../core/behaviour.ts";
import type { Entity } from "../core/entity.ts";
import { farewellOf } from "../core/farewell.ts";
import { type AsObject, typeOf } from "../core/object.ts";
import type { Acted, Core } from "../core/process.ts";
import type { Registry } from "../core/registry.ts";
import { addMember, ensureCollection, hasRoom, RECORD, releaseCause } from "../core/store-writes.ts";
import type { Now } from "../lib/clock.ts";
import { isProblem, Problem } from "../lib/problem.ts";
import { expecting, type Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { Account } from "./account.ts";
import { type GroupWishes, propertiesFrom } from "./group-request.ts";
import { type GroupDeed, type GroupRole, type GroupRoles, LIST_OF } from "./group-roles.ts";
import { parseName } from "./names.ts";
import { may } from "./permissions.ts";
import type { Settings } from "./settings.ts";
import {
  countsFounded,
  FOUNDED,
  type GroupSummary,
  hasOwner,
  isNotIn,
  listGroups,
  revokeLinksOf,
} from "./store-groups.ts";

/** More than one person can look after; whoever wants more lets others make them. */
export const MAX_GROUPS_PER_PERSON = 50;
/** People who were asked in and have not come; whoever needs more makes a link. */
const MAX_INVITED = 1_000;
/** A reason is a line of the record. */
export const MAX_REASON_LENGTH = 500;

/** Makes the actor: its row, keys and collections. Its statements join the batch of the group. */
export type CreateGroupActor = (request: {
  readonly name: string;
  readonly displayName: string;
  readonly type: "Group";
  readonly properties: AsObject;
}) => Promise<{ readonly key: number; readonly iri: string; readonly statements: readonly Sql[] }>;

export interface NewGroup extends GroupWishes {
  readonly name: string;
  readonly displayName: string;
}

/** A person is an actor's key; what they do is done by the group, with them as `by`. */
export interface Groups extends GroupRoles {
  mayCreate(account: Account): boolean;
  /**
   * The maker is its owner and follows it. @throws Problem `invalid` or `conflict` at a field, `forbidden` where the
   * setting `groupCreation` does not let them, `too-many`.
   */
  create(account: Account, wishes: NewGroup): Promise<{ readonly key: number; readonly name: string }>;
  edit(by: number, group: number, wishes: GroupWishes): Promise<void>;
  /** Buries the group and what it wrote; its name is never given again. */
  remove(by: number, group: number): Promise<void>;
  /** Anything else, by whoever has the right for `deed`. */
  act(
    by: number,
    group: number,
    deed: GroupDeed,
    draft: AsObject,
    also?: Parameters<Core["act"]>[2],
  ): Promise<Acted>;
  /** @throws Problem `conflict` where nobody would own the group any more. */
  setRole(by: number, group: number, person: number, role: GroupRole): Promise<void>;
  invite(by: number, group: number, person: number, also?: readonly Sql[]): Promise<void>;
  /** Takes an invitation back. */
  uninvite(by: number, group: number, person: number): Promise<void>;
  letIn(by: number, group: number, person: number): Promise<void>;
  /** Sends a member away, or declines a request. */
  letGo(by: number, group: number, person: number): Promise<void>;
  ban(by: number, group: number, person: number, reason: string): Promise<void>;
  unban(by: number, group: number, person: number): Promise<void>;
  /** Groups that live here, the newest first. */
  list(before: number, limit: number): Promise<readonly GroupSummary[]>;
  /** For the command line, where no owner is left: the person owns the group (by its name) from now on, and is in it. */
  entrust(group: string, person: Account): Promise<void>;
  /** The person's own act; owners name another one first. @throws Problem `conflict`. */
  leave(person: number, group: number): Promise<void>;
}

/** All but `mayCreate` throw Problem `forbidden` where the role is not enough, `not-found` for what is not there. */
export function createGroups(deps: {
  readonly registry: Pick<Registry, "actsAs">;
  db: Db;
  now: Now;
  core: Pick<Core, "act">;
  look: Look;
  addresses: Addresses;
  settings: Settings;
  roles: GroupRoles;
  createActor: CreateGroupActor;
}): Groups {
  const { db, now, core, look, addresses, settings, roles, createActor } = deps;

  function mayCreate(account: Account): boolean {
    if (account.state !== "active") return false;
    if (may(account.role, "found-groups-always")) return true;
    const allowed = settings.get("groupCreation");
    return allowed === "everyone" || (allowed === "teachers" && may(account.role, "found-groups-as-teacher"));
  }

  async function create(account: Account, wishes: NewGroup) {
    if (!mayCreate(account)) {
      throw new Problem("forbidden", "You cannot make groups here. Ask those who run this server.", {
        reason: "may-not-create-group",
      });
    }
    const name = parseName(wishes.name, may(account.role, "take-kept-names"));
    const properties = propertiesFrom({
      description: "",
      rules: "",
      joining: "open",
      posting: "members",
      access: "public",
      ...wishes,
    });
    const lists = { attributedTo: addresses.collection(addresses.actor(name), "moderators") };
    const actor = await createActor({
      name,
      displayName: String(properties.name),
      type: "Group",
      properties: { ...properties, ...lists },
    });
    const [counted, isFew] = countsFounded(account.key, MAX_GROUPS_PER_PERSON);
    try {
      await db.batch([
        counted,
        expecting(1, isFew, tooMany),
        ...actor.statements,
        ensureCollection(actor.key, RECORD),
        // The group itself keeps its first owner: there is no activity before there is somebody to do it.
        ...["owners", "moderators", "invited"].flatMap((list) =>
          addingTo(actor.key, list, account.key, actor.key),
        ),
        ...addMember(account.key, FOUNDED, actor.key, actor.key),
      ]);
    } catch (error) {
      throw isProblem(error, "conflict") ? nameTaken() : error;
    }
    await join(account.key, actor.key, actor.iri);
    return { key: actor.key, name };
  }

  /** Somebody who is expected comes in, whatever the rules for joining are. */
  async function join(person: number, group: number, groupIri: string): Promise<void> {
    await core.act(person, { type: "Follow", object: groupIri });
    if (await look.isMember(group, "requests", person)) await letIn(person, group, person);
  }

  async function act(
    by: number,
    group: number,
    deed: GroupDeed,
    draft: AsObject,
    also: Parameters<Core["act"]>[2] = [],
  ): Promise<Acted> {
    await roles.require(by, group, deed);
    const guard = MAY_TAKE_OWNERS.has(deps.registry.actsAs(typeOf(draft))) ? [keepsAnOwner(group)] : [];
    const besides = (made: number | null) => [...guard, ...(typeof also === "function" ? also(made) : also)];
    return core.act(group, draft, besides, { by });
  }

  const actor = async (key: number): Promise<Entity> => {
    const entity = await look.byKey(key);
    if (entity?.kind === "actor" && entity.deletedMs === null) return entity;
    throw new Problem("not-found", "This person is not known here, or is gone.", { field: "person" });
  };

  /** Said before it is tried, in words; the batch has the last word. */
  async function requireAnother(group: number): Promise<void> {
    if ((await look.totalOf(group, LIST_OF.owner)) < 2) throw lastOwner();
  }

  const listOf = (group: Entity, role: GroupRole) => addresses.collection(group.iri, LIST_OF[role]);

  async function setRole(by: number, groupKey: number, personKey: number, role: GroupRole): Promise<void> {
    const [group, person] = await Promise.all([actor(groupKey), actor(personKey)]);
    const before = await roles.roleOf(personKey, groupKey);
    if (before === null)
      throw new Problem("conflict", "Only members of the group can be given a role.", { field: "person" });
    const wanted = role === "owner" ? ["owner", "moderator"] : role === "moderator" ? ["moderator"] : [];
    for (const each of ["owner", "moderator"] as const) {
      const has = await look.isMember(groupKey, LIST_OF[each], personKey);
      if (has === wanted.includes(each)) continue;
      if (has && each === "owner") await requireAnother(groupKey);
      const draft = { type: has ? "Remove" : "Add", object: person.iri, target: listOf(group, each) };
      await act(by, groupKey, "appoint", draft);
    }
  }

  async function invite(by: number, groupKey: number, personKey: number, also: readonly Sql[] = []) {
    const [group, person] = await Promise.all([actor(groupKey), actor(personKey)]);
    if (await look.isMember(groupKey, "members", personKey)) throw isInAlready();
    // Each invitation is a notice of its own.
    if (await look.isMember(groupKey, "invited", personKey))
      throw new Problem("conflict", "This person is invited already.", { field: "handle" });
    if (await look.isMember(groupKey, "banned", personKey))
      throw new Problem("conflict", "This person is banned from the group. Lift the ban first.", {
        field: "handle",
      });
    await act(
      by,
      groupKey,
      "admit",
      { type: "Invite", object: group.iri, target: person.iri, to: [person.iri] },
      [
        ensureCollection(groupKey, "invited"),
        expecting(1, isNotIn(groupKey, personKey), isInAlready),
        expecting(1, hasRoom(groupKey, "invited", MAX_INVITED), tooManyInvited),
        ...also,
      ],
    );
  }

  /** The activity that keeps the person in the list, for those who may answer it or take it back. */
  async function causeIn(by: number, deed: GroupDeed, groupKey: number, list: string, person: number) {
    // Who is in a list is nobody else's business, not even that nobody is.
    await roles.require(by, groupKey, deed);
    const cause = await look.causeOf(groupKey, list, person);
    const activity = cause === null ? null : await look.byKey(cause);
    if (activity?.kind === "activity") return activity;
    throw new Problem("not-found", "This was done already, or is not so any more.");
  }

  async function answer(by: number, groupKey: number, personKey: number, type: string, list: string) {
    const person = await actor(personKey);
    const asked = await causeIn(by, "admit", groupKey, list, personKey);
    await act(by, groupKey, "admit", { type, object: asked.iri, to: [person.iri] });
  }

  const letIn = (by: number, group: number, person: number) =>
    answer(by, group, person, "Accept", "requests");

  async function dismiss(by: number, groupKey: number, personKey: number): Promise<void> {
    const role = await roles.roleOf(personKey, groupKey);
    if (role === "owner" || role === "moderator") await setRole(by, groupKey, personKey, "member");
  }

  return {
    ...roles,
    mayCreate,
    create,
    act,
    setRole,
    invite,
    letIn,
    async edit(by, groupKey, wishes) {
      const group = await actor(groupKey);
      const object = { id: group.iri, type: "Group", ...propertiesFrom(wishes) };
      await act(by, groupKey, "edit", { type: "Update", object });
    },
    async remove(by, groupKey) {
      const group = await actor(groupKey);
      await roles.require(by, groupKey, "delete");
      const also = [revokeLinksOf(groupKey, now()), ...releaseCause(groupKey)];
      await core.act(groupKey, farewellOf(group), also, { by, mayLeave: true });
    },
    async uninvite(by, groupKey, personKey) {
      const person = await actor(personKey);
      const invited = await causeIn(by, "admit", groupKey, "invited", personKey);
      await act(by, groupKey, "admit", { type: "Undo", object: invited.iri, to: [person.iri] });
    },
    async letGo(by, groupKey, personKey) {
      if (await look.isMember(groupKey, "requests", personKey))
        return answer(by, groupKey, personKey, "Reject", "requests");
      await roles.requireOver(by, groupKey, "keep", personKey);
      await dismiss(by, groupKey, personKey);
      await answer(by, groupKey, personKey, "Reject", "members");
    },
    async ban(by, groupKey, personKey, reason) {
      const [group, person] = await Promise.all([actor(groupKey), actor(personKey)]);
      if (by === personKey)
        throw new Problem("invalid", "Nobody can ban themselves. Leave the group instead.");
      if (reason.length > MAX_REASON_LENGTH)
        throw new Problem("invalid", `Write at most ${MAX_REASON_LENGTH} characters.`, { field: "reason" });
      await roles.requireOver(by, groupKey, "keep", personKey);
      await dismiss(by, groupKey, personKey);
      const why = reason.trim() === "" ? {} : { content: reason.trim() };
      await act(by, groupKey, "keep", {
        type: "Block",
        object: person.iri,
        target: group.iri,
        to: [person.iri],
        ...why,
      });
    },
    async unban(by, groupKey, personKey) {
      const person = await actor(personKey);
      const banned = await causeIn(by, "keep", groupKey, "banned", personKey);
      await act(by, groupKey, "keep", { type: "Undo", object: banned.iri, to: [person.iri] });
    },
    list: (before, limit) => listGroups(db, before, limit),
    async entrust(name, account) {
      const group = await look.find(addresses.actor(name.trim().replace(/^@/, "").toLowerCase()));
      if (group?.type !== "Group" || group.deletedMs !== null)
        throw new Problem("not-found", `There is no group with the name “${name}” here.`, { field: "name" });
      const person = await actor(account.key);
      await core.act(group.key, { type: "Add", object: person.iri, target: listOf(group, "owner") });
      if (await look.isMember(group.key, "members", account.key)) return;
      if (!(await look.isMember(group.key, "invited", account.key)))
        await core.act(group.key, {
          type: "Invite",
          object: group.iri,
          target: person.iri,
          to: [person.iri],
        });
      await join(account.key, group.key, group.iri);
    },
    async leave(personKey, groupKey) {
      const group = await actor(groupKey);
      const role = await roles.roleOf(personKey, groupKey);
      if (role === "owner" || role === "moderator") await resign(personKey, groupKey, role);
      const joined =
        (await look.causeOf(groupKey, "members", personKey)) ??
        (await look.causeOf(personKey, "following", groupKey)) ??
        (await look.causeOf(groupKey, "requests", personKey));
      const activity = joined === null ? null : await look.byKey(joined);
      if (activity !== null)
        await core.act(personKey, { type: "Undo", object: activity.iri, to: [group.iri] });
    },
  };

  /** Out of their own will: no other role is needed for that. */
  async function resign(personKey: number, groupKey: number, role: GroupRole): Promise<void> {
    const [group, person] = await Promise.all([actor(groupKey), actor(personKey)]);
    if (!group.isLocal) return;
    if (role === "owner") await requireAnother(groupKey);
    const held = role === "owner" ? (["owner", "moderator"] as const) : (["moderator"] as const);
    for (const each of held) {
      const draft = { type: "Remove", object: person.iri, target: listOf(group, each) };
      await core.act(groupKey, draft, [keepsAnOwner(groupKey)], { by: personKey });
    }
  }
}

/** What may leave a group with nobody who owns it. */
const MAY_TAKE_OWNERS: ReadonlySet<string> = new Set(["Remove", "Block", "Undo", "Reject"]);

const addingTo = (owner: number, list: string, item: number, cause: number): readonly Sql[] => [
  ensureCollection(owner, list),
  ...addMember(owner, list, item, cause),
];

const keepsAnOwner = (group: number): Sql => expecting(1, hasOwner(group), lastOwner);

const lastOwner = (): Problem =>
  new Problem("conflict", "Somebody has to own the group. Name another owner first.", {
    reason: "last-owner",
  });

const tooMany = (): Problem =>
  new Problem(
    "too-many",
    `You have made ${MAX_GROUPS_PER_PERSON} groups, the most that one person may make.`,
    {
      reason: "too-many-groups",
    },
  );

const isInAlready = (): Problem =>
  new Problem("conflict", "This person is in the group already.", { field: "handle" });

const tooManyInvited = (): Problem =>
  new Problem("too-many", `${MAX_INVITED} people are invited already. Take some back first.`, {
    field: "handle",
    reason: "too-many-invited",
  });

const nameTaken = (): Problem =>
  new Problem("conflict", "A person or a group has this name already. Choose another.", {
    field: "name",
    reason: "name-taken",
  });
