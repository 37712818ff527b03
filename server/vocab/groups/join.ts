/** Coming into groups and leaving them: Follow and Join are one thing there, and so are Undo and Leave. */
import { type Behaviour, DONE_ALREADY, type Scene } from "../../core/behaviour.ts";
import type { Effect } from "../../core/effects.ts";
import type { Entity } from "../../core/entity.ts";
import { id } from "../../core/object.ts";
import { invite as tell } from "../activitystreams/attend.ts";
import { undo } from "../activitystreams/create-update-delete.ts";
import { anew, follow, requestSettled } from "../activitystreams/follow.ts";
import { isGroup, isLastOwner, LAST_OWNER, moderates, rulesOf } from "./rules.ts";

/** A group with more moderators than this asks the first of them. */
const MAX_ASKED = 50;

/** Whoever is in one of these lists need not wait when they come. */
const EXPECTED = ["invited", "members", "moderators", "owners"] as const;

/** Asking to come in (FEP-1b12: a Follow; AS2: a Join). */
const ask = (type: "Follow" | "Join"): Behaviour => ({
  type,
  object: "Group",
  needsObject: true,
  async refuse(scene) {
    const reason = (await follow.refuse?.(scene)) ?? null;
    if (reason !== null || scene.object === null || !scene.object.isLocal) return reason;
    const { look, actor, object } = scene;
    // Somebody elsewhere gets a Reject instead, or their server would wait for ever.
    if (!scene.isOurs) return null;
    if (await look.isMember(object.key, "banned", actor.key)) return "you are banned from this group";
    if (rulesOf(object).joining !== "invitation") return null;
    return (await look.listsWith(object.key, EXPECTED, actor.key)).size === 0
      ? "only those who were invited can join this group"
      : null;
  },
  async also(scene) {
    const { actor, object: group, key, look } = scene;
    if (group === null) return [];
    const lists = await look.listsWith(group.key, [...EXPECTED, "followers", "banned"], actor.key);
    if (lists.has("followers")) {
      // Asked again, as servers do that have lost the answer: it is given again.
      return [...inside(group.key, actor, key), ...(group.isLocal ? [answer("Accept", scene, group)] : [])];
    }
    const asked: Effect[] = [
      { effect: "address", key, to: [group.key] },
      ...anew(group.key, "requests", actor.key, key),
      ...(actor.isLocal ? anew(actor.key, "requested", group.key, key) : []),
    ];
    if (!group.isLocal) return asked;
    const { joining } = rulesOf(group);
    if (lists.has("banned")) return [...asked, answer("Reject", scene, group)];
    if (joining === "open" || lists.size > 0) return [...asked, answer("Accept", scene, group)];
    if (joining === "invitation") return [...asked, answer("Reject", scene, group)];
    const moderators = (await look.localMembers(group.key, "moderators")).slice(0, MAX_ASKED);
    return [
      ...asked,
      { effect: "address", key, to: moderators.map((moderator) => moderator.key) },
      ...moderators.map(
        (moderator): Effect => ({ effect: "notice", to: moderator.key, kind: "follow-request" }),
      ),
    ];
  },
});

const answer = (type: "Accept" | "Reject", scene: Scene, group: Entity): Effect => ({
  effect: "emit",
  actor: group.key,
  activity: { type, object: scene.iri, to: [scene.actor.iri] },
});

/** In the group because of this activity: undoing it ends all. */
const inside = (group: number, person: Entity, cause: number): readonly Effect[] => [
  { effect: "drop", owner: group, name: "requests", item: person.key },
  { effect: "drop", owner: group, name: "invited", item: person.key },
  ...anew(group, "followers", person.key, cause),
  ...anew(group, "members", person.key, cause),
  ...(person.isLocal
    ? [
        { effect: "drop", owner: person.key, name: "requested", item: group } as const,
        ...anew(person.key, "following", group, cause),
      ]
    : []),
];

/** What somebody was in the group ends with being in it. */
const withoutRoles = (group: number, person: number): readonly Effect[] =>
  ["moderators", "owners"].map((name) => ({ effect: "drop", owner: group, name, item: person }));

/** Besides what an Accept does for any Follow or Join. */
const letIn = (object: "Follow" | "Join"): Behaviour => ({
  type: "Accept",
  object,
  async also(scene) {
    const { actor: group, object: asked, look } = scene;
    if (!isGroup(group) || asked?.owner == null || asked.deletedMs !== null) return [];
    const person = await look.byKey(asked.owner);
    if (person === null) return [];
    const waited =
      person.isLocal &&
      (group.isLocal || object === "Join") &&
      (await look.isMember(person.key, "requested", group.key));
    const isElsewhere = person.isLocal && !group.isLocal;
    return [
      ...inside(group.key, person, asked.key),
      ...requestSettled(group, asked.key),
      ...(isElsewhere
        ? [
            {
              effect: "enqueue",
              kind: "moderators",
              payload: { group: group.key },
              once: `moderators ${group.key}`,
            } as const,
          ]
        : []),
      ...(waited ? [{ effect: "notice", to: person.key, kind: "follow-accepted" } as const] : []),
    ];
  },
});

const sendAway = (object: "Follow" | "Join"): Behaviour => ({
  type: "Reject",
  object,
  also: ({ actor, object: asked }) =>
    isGroup(actor) && asked?.owner != null ? withoutRoles(actor.key, asked.owner) : [],
});

const takeBack = (object: "Follow" | "Join"): Behaviour => ({
  ...undo,
  object,
  async refuse(scene) {
    const reason = (await undo.refuse?.(scene)) ?? null;
    if (reason !== null || scene.object?.subject == null) return reason;
    const joined = await scene.look.byKey(scene.object.subject);
    return isGroup(joined) && (await isLastOwner(scene.look, joined, scene.actor.key)) ? LAST_OWNER : null;
  },
  async also(scene) {
    const joined = scene.object?.subject == null ? null : await scene.look.byKey(scene.object.subject);
    return [
      ...((await undo.also?.(scene)) ?? []),
      ...(isGroup(joined) ? withoutRoles(joined.key, scene.actor.key) : []),
    ];
  },
});

const leave: Behaviour = {
  type: "Leave",
  object: "Group",
  needsObject: true,
  refuse: async ({ actor, object: group, look }) =>
    group !== null && (await isLastOwner(look, group, actor.key)) ? LAST_OWNER : null,
  async also({ actor, object: group, look }) {
    if (group === null) return [];
    const causes = new Set<number>();
    for (const list of ["members", "followers", "requests"]) {
      const cause = await look.causeOf(group.key, list, actor.key);
      if (cause !== null) causes.add(cause);
    }
    return [
      ...[...causes].map((cause): Effect => ({ effect: "release", cause })),
      ...withoutRoles(group.key, actor.key),
    ];
  },
};

/**
 * A moderator, or the group, asks somebody in: they need not wait when they come. Of a group elsewhere it is noted of
 * those who live here, who accept on its page.
 */
const invite: Behaviour = {
  type: "Invite",
  object: "Group",
  async refuse({ actor, object: group, look, activity }) {
    if (group === null || id(activity, "target") === null) return "it does not say whom it invites to what";
    if (group.isLocal)
      return (await moderates(look, group, actor.key)) ? null : "only moderators invite to this group";
    return actor.host === group.host ? null : "only the group's own server invites to it";
  },
  async also(scene) {
    const { object: group, target, key, look } = scene;
    const told = (await tell.also?.(scene)) ?? [];
    if (group === null || target?.kind !== "actor") return told;
    if (!group.isLocal && !target.isLocal) return told;
    if (await look.isMember(group.key, "members", target.key)) return told;
    const listed = { owner: group.key, name: "invited", item: target.key, cause: key };
    return scene.isOurs
      ? [...told, { effect: "add", ...listed, elseRefused: DONE_ALREADY }]
      : [...told, ...anew(listed.owner, listed.name, listed.item, key)];
  },
};

/** The invited may answer with an Accept as well as with a Follow. */
const acceptInvite: Behaviour = {
  type: "Accept",
  object: "Invite",
  async also({ actor, object: invitation, key, look }) {
    const group = invitation?.document ? await look.find(id(invitation.document, "object") ?? "") : null;
    return isGroup(group) && group.isLocal && !(await look.isMember(group.key, "banned", actor.key))
      ? inside(group.key, actor, key)
      : [];
  },
};

export const joining: readonly Behaviour[] = [
  ...(["Follow", "Join"] as const).flatMap((type) => [
    ask(type),
    letIn(type),
    sendAway(type),
    takeBack(type),
  ]),
  leave,
  invite,
  acceptInvite,
];
