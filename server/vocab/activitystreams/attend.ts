/** Join, Leave, Invite, Offer and their answers: being part of something that belongs to somebody. */
import type { Behaviour, Scene } from "../../core/behaviour.ts";
import type { Effect } from "../../core/effects.ts";
import type { Entity } from "../../core/entity.ts";
import { id, ids } from "../../core/object.ts";
import { tellOwner } from "./react.ts";

export const joinIn: Behaviour = {
  type: "Join",
  needsObject: true,
  async also(scene) {
    const { object, actor, key } = scene;
    if (object === null) return [];
    const mode = object.document?.joinMode ?? "free";
    const name = mode === "restricted" || mode === "invite" ? "joining" : "members";
    const told = await tellOwner(scene, "other");
    return [
      { effect: "add", owner: object.key, name, item: actor.key, cause: key },
      ...told,
      ...(mode === "free" ? welcome(scene, object) : []),
    ];
  },
};

/** Mobilizon shows whoever joins what is open as waiting, until its owner's server has said yes. */
const welcome = ({ actor, iri }: Scene, { isLocal, owner }: Entity): readonly Effect[] =>
  isLocal && owner !== null && !actor.isLocal
    ? [{ effect: "emit", actor: owner, activity: { type: "Accept", object: iri, to: [actor.iri] } }]
    : [];

export const leave: Behaviour = {
  type: "Leave",
  needsObject: true,
  removes: [
    { into: ["object", "members"], item: "actor" },
    { into: ["object", "joining"], item: "actor" },
  ],
};

/** The person who is invited or offered something hears of it. */
async function tellTarget(scene: Scene): Promise<readonly Effect[]> {
  const person = scene.target ?? (scene.object?.kind === "actor" ? scene.object : null);
  return person?.isLocal && person.key !== scene.actor.key
    ? [{ effect: "notice", to: person.key, kind: "other" }]
    : [];
}

export const invite: Behaviour = { type: "Invite", also: tellTarget };
export const offer: Behaviour = { type: "Offer", also: tellTarget };

export const acceptJoin: Behaviour = {
  type: "Accept",
  object: "Join",
  refuse: onlyTheOwner,
  async also(scene) {
    const joined = await subjectOf(scene);
    const person = scene.object?.owner ?? null;
    if (joined === null || person === null || scene.object === null) return [];
    return [
      { effect: "drop", owner: joined.key, name: "joining", item: person },
      { effect: "add", owner: joined.key, name: "members", item: person, cause: scene.object.key },
    ];
  },
};

export const rejectJoin: Behaviour = {
  type: "Reject",
  object: "Join",
  refuse: onlyTheOwner,
  also: (scene) => (scene.object === null ? [] : [{ effect: "release", cause: scene.object.key }]),
};

/** Whoever was invited and accepts is a member; "maybe" is remembered beside them. */
const answerInvite = (type: string, name: string): Behaviour => ({
  type,
  object: "Invite",
  refuse: onlyTheInvited,
  async also(scene) {
    const about = await subjectOf(scene);
    return about === null
      ? []
      : [{ effect: "add", owner: about.key, name, item: scene.actor.key, cause: scene.key }];
  },
});

export const answers: readonly Behaviour[] = [
  answerInvite("Accept", "members"),
  answerInvite("TentativeAccept", "tentative"),
  answerInvite("TentativeReject", "tentative"),
  {
    type: "TentativeAccept",
    object: "Join",
    refuse: onlyTheOwner,
    also: (scene) => tellOwner(scene, "other"),
  },
  {
    type: "TentativeReject",
    object: "Join",
    refuse: onlyTheOwner,
    also: (scene) => tellOwner(scene, "other"),
  },
];

/** Whoever could answer an invitation by anybody to anybody would be a member of everything. */
async function onlyTheInvited(scene: Scene): Promise<string | null> {
  const invitation = scene.object;
  if (invitation?.kind !== "activity" || invitation.document === null)
    return "what it answers is unknown here";
  const about = await subjectOf(scene);
  if (about === null || (invitation.owner !== about.owner && invitation.owner !== about.key))
    return "only its owner may invite to it";
  const invited = [...ids(invitation.document, "target"), ...ids(invitation.document, "to")];
  return invited.includes(scene.actor.iri) ? null : "only those who were invited may answer";
}

async function subjectOf(scene: Scene) {
  return scene.object?.document ? scene.look.find(id(scene.object.document, "object") ?? "") : null;
}

async function onlyTheOwner(scene: Scene): Promise<string | null> {
  const joined = await subjectOf(scene);
  const mayAnswer = joined !== null && (joined.owner === scene.actor.key || joined.key === scene.actor.key);
  return mayAnswer ? null : "only the one who was asked may answer";
}
