/** Reactions with an emoji (FEP-c0e0): which list of the thing they are counted in. */
import { type Behaviour, DONE_ALREADY } from "../../core/behaviour.ts";
import { type AsObject, embedded, embeddedAll, id, text, typeOf } from "../../core/object.ts";
import { parseHttpUrl } from "../../lib/url.ts";
import { tellOwner } from "../activitystreams/react.ts";

/** How the lists of a thing begin that hold who reacted with one emoji: `react 🔥`, `react :blobcat: https://…`. */
export const REACTIONS = "react ";
/** Kinds of reactions to one thing; more is a wall, and each is a list. */
export const MAX_KINDS = 60;
/** The longest emoji in Unicode have ten code points, of which each takes at most two. */
const MAX_EMOJI_LENGTH = 32;
/** Its address is part of the list's name. */
const MAX_PICTURE_URL = 400;
const SHORTCODE = /^:([\p{L}\p{N}_+-]{1,64}):$/u;
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

export interface Reaction {
  /** One emoji, or `:blobcat:`. */
  readonly emoji: string;
  /** The picture of a custom emoji. */
  readonly url: string | null;
}

/** One emoji in the form that Unicode recommends (with VS16), whichever was typed; null for anything else. */
export function emojiOf(written: string): string | null {
  const one = written.trim();
  if (one === "" || one.length > MAX_EMOJI_LENGTH || [...graphemes.segment(one)].length !== 1) return null;
  const bare = one.replaceAll("\uFE0F", "");
  for (const form of [one, `${bare}\uFE0F`, bare]) if (/^\p{RGI_Emoji}$/v.test(form)) return form;
  return /^\p{Extended_Pictographic}/u.test(bare) ? bare : null;
}

/** What an EmojiReact says; null where it carries no emoji, or a custom one without its picture. */
export function reactionOf(activity: AsObject): Reaction | null {
  const content = text(activity, "content")?.trim() ?? "";
  const shortcode = SHORTCODE.exec(content)?.[1];
  if (shortcode === undefined) {
    const emoji = emojiOf(content);
    return emoji === null ? null : { emoji, url: null };
  }
  for (const tag of embeddedAll(activity, "tag").slice(0, MAX_KINDS)) {
    if (typeOf(tag) !== "Emoji" || text(tag, "name")?.replaceAll(":", "") !== shortcode) continue;
    const icon = embedded(tag, "icon");
    const url = parseHttpUrl(icon ? (id(icon, "url") ?? id(icon, "href")) : id(tag, "icon"))?.href ?? null;
    if (url?.startsWith("https:") && url.length <= MAX_PICTURE_URL) return { emoji: content, url };
  }
  return null;
}

export const listOf = ({ emoji, url }: Reaction): string =>
  REACTIONS + (url === null ? emoji : `${emoji} ${url}`);

/** What a list of that name holds; null for every other list. */
export function reactionIn(list: string): Reaction | null {
  if (!list.startsWith(REACTIONS)) return null;
  const [emoji = "", url = null] = list.slice(REACTIONS.length).split(" ");
  return { emoji, url };
}

/** An emoji is no “like”: 😡 means another thing. So it is counted by itself, and sent as EmojiReact. */
export const emojiReact: Behaviour = {
  type: "EmojiReact",
  needsObject: true,
  async refuse({ activity, object, actor, look }) {
    const reaction = reactionOf(activity);
    if (reaction === null) return "a reaction is one emoji";
    if (object === null) return null;
    if (object.deletedMs !== null) return "what it is about is gone";
    if (object.kind !== "object") return "only a post can be reacted to";
    const list = listOf(reaction);
    if (await look.isMember(object.key, list, actor.key)) return DONE_ALREADY;
    const lists = await look.lists(object.key, REACTIONS);
    return lists.length < MAX_KINDS || lists.includes(list)
      ? null
      : "it has too many kinds of reactions already";
  },
  async also(scene) {
    const reaction = reactionOf(scene.activity);
    if (scene.object === null || reaction === null) return [];
    return [
      {
        effect: "add",
        owner: scene.object.key,
        name: listOf(reaction),
        item: scene.actor.key,
        cause: scene.key,
        elseRefused: DONE_ALREADY,
      },
      ...(await tellOwner(scene, "reaction")),
    ];
  },
};
