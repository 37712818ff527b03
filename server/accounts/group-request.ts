/** What somebody asks of a group of theirs: checked, and made into the properties of its actor. */
import type { AsObject } from "../core/object.ts";
import type { Json } from "../lib/json.ts";
import { Problem } from "../lib/problem.ts";
import { fromMarkdownText } from "../lib/text.ts";
import { parseDisplayName } from "./names.ts";

/** A card on a screen, as of people; what is longer is a post. */
export const MAX_DESCRIPTION_LENGTH = 2000;
/** Rules that somebody reads before they join. */
export const MAX_RULES = 20;
const MAX_RULES_LENGTH = 4000;

export const JOININGS = ["open", "request", "invitation"] as const;
export type Joining = (typeof JOININGS)[number];
export const POSTINGS = ["anyone", "members", "moderators"] as const;
export type Posting = (typeof POSTINGS)[number];
export const ACCESSES = ["public", "private"] as const;
export type Access = (typeof ACCESSES)[number];

/** As typed. What is left out stays as it is. */
export interface GroupWishes {
  readonly displayName?: string;
  /** Markdown. */
  readonly description?: string;
  /** One rule a line. */
  readonly rules?: string;
  readonly joining?: string;
  readonly posting?: string;
  readonly access?: string;
  /** Pictures as they stand in a document (`media/describe.ts`); null takes one away. */
  readonly icon?: Json;
  readonly image?: Json;
}

/** The properties that change by these wishes. @throws Problem `invalid` at a field. */
export function propertiesFrom(wishes: GroupWishes): AsObject {
  const { icon, image } = wishes;
  return {
    ...(wishes.displayName === undefined ? {} : { name: nameFrom(wishes.displayName) }),
    ...(wishes.description === undefined ? {} : describedAs(wishes.description)),
    ...(wishes.rules === undefined ? {} : { rules: [...rulesFrom(wishes.rules)] }),
    ...(wishes.joining === undefined ? {} : joinedBy(oneOf("joining", JOININGS, wishes.joining))),
    ...(wishes.posting === undefined ? {} : postedBy(oneOf("posting", POSTINGS, wishes.posting))),
    ...(wishes.access === undefined ? {} : { access: oneOf("access", ACCESSES, wishes.access) }),
    ...(icon === undefined ? {} : { icon }),
    ...(image === undefined ? {} : { image }),
  };
}

/** FEP-1b12 and Mastodon know only whether a request is answered by somebody. */
const joinedBy = (joining: Joining): AsObject => ({
  joining,
  manuallyApprovesFollowers: joining !== "open",
});

/** FEP-1b12 knows only whether moderators alone post. */
const postedBy = (posting: Posting): AsObject => ({
  posting,
  postingRestrictedToMods: posting === "moderators",
});

function nameFrom(text: string): string {
  const name = parseDisplayName(text);
  if (name === "") throw wrong("displayName", "Give the group a name.");
  return name;
}

function describedAs(text: string): AsObject {
  const description = text.trim();
  if ([...description].length > MAX_DESCRIPTION_LENGTH)
    throw wrong("description", `Write at most ${MAX_DESCRIPTION_LENGTH} characters.`);
  return {
    summary: fromMarkdownText(description),
    source: { content: description, mediaType: "text/markdown" },
  };
}

function rulesFrom(text: string): readonly string[] {
  if ([...text].length > MAX_RULES_LENGTH)
    throw wrong("rules", `Write at most ${MAX_RULES_LENGTH} characters.`);
  const rules = text.split(/\r?\n/).flatMap((line) => line.trim() || []);
  if (rules.length > MAX_RULES) throw wrong("rules", `Write at most ${MAX_RULES} rules, one a line.`);
  return rules;
}

function oneOf<const C extends readonly string[]>(field: string, choices: C, text: string): C[number] {
  const choice = choices.find((each) => each === text);
  if (choice === undefined) throw wrong(field, "Choose one of the answers.");
  return choice;
}

const wrong = (field: string, sentence: string): Problem =>
  new Problem("invalid", sentence, { field, reason: `group-${field}` });
