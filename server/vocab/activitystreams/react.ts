/** Like, Announce, Dislike and the quieter things one does with a text. */
import { type Behaviour, DONE_ALREADY, type Scene } from "../../core/behaviour.ts";
import type { Effect, NoticeKind } from "../../core/effects.ts";
import type { Entity } from "../../core/entity.ts";
import { isGroup } from "../groups/rules.ts";

export const like: Behaviour = {
  type: "Like",
  needsObject: true,
  adds: [
    { into: ["object", "likes"], item: "actor", once: "always" },
    { into: ["actor", "liked"], item: "object" },
  ],
  refuse: async (scene) => (await notTwice(scene, "likes")) ?? goneAlready(scene),
  also: (scene) => tellOwner(scene, "like"),
};

export const dislike: Behaviour = {
  type: "Dislike",
  needsObject: true,
  adds: [{ into: ["object", "dislikes"], item: "actor", once: "always" }],
  refuse: (scene) => notTwice(scene, "dislikes"),
};

export const announce: Behaviour = {
  type: "Announce",
  needsObject: true,
  adds: [
    { into: ["object", "shares"], item: "actor", once: "ours" },
    { into: ["actor", "posts"], item: "activity" },
  ],
  async refuse(scene) {
    const { object, actor } = scene;
    if (object === null) return null;
    if (object.kind === "activity") return "only a group passes on what others did";
    const isOwn = object.owner === actor.key;
    if (object.visibility === "direct" || (object.visibility === "followers" && !isOwn)) {
      return "only what everybody may see can be shared";
    }
    if (scene.isOurs) return notTwice(scene, "shares");
    return isGroup(actor) ? ((await notTwice(scene, "shares")) ?? toldAlready(scene, actor)) : null;
  },
  async also(scene) {
    const { actor, object } = scene;
    const entered: Effect[] =
      object !== null && isGroup(actor) ? [{ effect: "enter", item: object.key, group: actor.key }] : [];
    // An actor elsewhere keeps its own lists, but what it shares is shown on its page here.
    const shown: Effect[] = scene.actor.isLocal
      ? []
      : [{ effect: "add", owner: scene.actor.key, name: "posts", item: scene.key, cause: scene.key }];
    // Shared again without an Undo between, which Mastodon and others take for the same share.
    const isNews = (await notTwice(scene, "shares")) === null;
    return [...entered, ...shown, ...(isNews ? await tellOwner(scene, "share") : [])];
  },
};

/** What one does for oneself: kept in a list of one's own, shown to nobody else. */
const PRIVATE_LISTS = { Read: "read", View: "viewed", Listen: "listened", Ignore: "ignored" } as const;

export const quietActivities: readonly Behaviour[] = Object.entries(PRIVATE_LISTS).map(([type, name]) => ({
  type,
  adds: [{ into: ["actor", name], item: "object" }],
}));

/** A group told of it by passing on its Create (FEP-1b12): that is the line for its members here. */
async function toldAlready({ object, look }: Scene, group: Entity): Promise<string | null> {
  const made = object?.owner == null ? null : await look.activityAbout("Create", object.owner, object.key);
  return made !== null && (await look.isMember(group.key, "posts", made.key))
    ? "the group told of it already"
    : null;
}

async function notTwice(scene: Scene, collection: string): Promise<string | null> {
  if (scene.object === null) return null;
  return (await scene.look.isMember(scene.object.key, collection, scene.actor.key)) ? DONE_ALREADY : null;
}

function goneAlready(scene: Scene): string | null {
  return scene.object?.deletedMs != null ? "what it is about is gone" : null;
}

/** The author hears of it, when at home here and not the one who did it. */
export async function tellOwner(scene: Scene, kind: NoticeKind): Promise<readonly Effect[]> {
  const owner = scene.object?.owner ? await scene.look.byKey(scene.object.owner) : null;
  if (!owner?.isLocal || owner.key === scene.actor.key) return [];
  return [{ effect: "notice", to: owner.key, kind }];
}
