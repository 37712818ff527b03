/** Words of entries that no text says: who wrote it, who finds it, what it has and is. */
import { SIGNS } from "../storage/db.ts";
import { fold, tagWordOf } from "./words.ts";

/** What can be asked for with `has:`. */
export const HAS = ["media", "poll", "link", "embed", "image", "video", "audio", "file"] as const;
export type Has = (typeof HAS)[number];

/** What can be asked for with `is:`. */
export const IS = ["reply", "sensitive", "quote", "local"] as const;
export type Is = (typeof IS)[number];

const mark = (letter: string, of: string | number): string =>
  `${SIGNS.mark}${letter}${typeof of === "number" ? of.toString(36) : of}`;

/** Everybody here may find it by its words: it is for everybody, and its author agrees where asking is due. */
export const OPEN = mark("o", "");
/** It is an actor. */
export const ACTOR = mark("k", "actor");
/** It is a group. */
export const GROUP = mark("k", "group");
export const byAuthor = (actor: number): string => mark("a", actor);
/** Somebody here who finds it whatever its author says: it names them, was sent to them, or they did something with it. */
export const forPerson = (actor: number): string => mark("w", actor);
export const inGroup = (group: number): string => mark("g", group);
/** Whom it names. */
export const naming = (actor: number): string => mark("m", actor);
export const having = (what: Has): string => mark("h", what);
export const being = (what: Is): string => mark("i", what);
/** By the main part of its tag: `de` for `de-AT`. Empty tags give null. */
export function inLanguage(tag: string): string | null {
  const main = fold(tag).split(/[-_]/)[0] ?? "";
  return /^[a-z]{2,3}$/.test(main) ? mark("l", main) : null;
}
/** By its hashtag; null where the tag has no letter. */
export function tagged(tag: string): string | null {
  const word = tagWordOf(tag);
  return word === "" ? null : `${SIGNS.tag}${word}`;
}
/** By its type, of those that are no plain posts. */
export function ofType(type: string): string | null {
  const word = tagWordOf(type);
  return word === "" ? null : mark("t", word);
}
/** A word of a title, or of somebody's name. */
export const titleWord = (word: string): string => `${SIGNS.title}${word}`;
export const nameWord = (word: string): string => `${SIGNS.name}${word}`;
