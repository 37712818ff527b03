/** From the parameters of a new or changed post to the activity that makes it. */
import type { Entity, VisibilityName } from "../../core/entity.ts";
import { type AsObject, embeddedAll, id, values } from "../../core/object.ts";
import { toIso } from "../../lib/clock.ts";
import type { Json } from "../../lib/json.ts";
import { Problem } from "../../lib/problem.ts";
import { toSummary } from "../../lib/summary.ts";
import { isGroup, isPrivate } from "../../vocab/groups/rules.ts";
import { policyFor, type QuoteChoice } from "../../vocab/quote/policy.ts";
import {
  audienceFor,
  audienceOfEdit,
  followersOf,
  inGroups,
  inLanguage,
  type WritingDeps,
  writeText,
} from "../../vocab/writing.ts";

/** As our own pages take it. */
export const MAX_CHARACTERS = 20_000;
/** As many as Mastodon shows with a post. */
export const MAX_MEDIA = 4;
export const MAX_POLL_OPTIONS = 12;
export const MAX_POLL_CHARACTERS = 200;
/** Seconds; a poll that lasts longer is forgotten. */
export const MIN_POLL_SECONDS = 5 * 60;
export const MAX_POLL_SECONDS = 366 * 24 * 60 * 60;

/** What is posted, read from a request; scheduled posts keep it. */
export interface PostRequest {
  readonly status: string;
  readonly spoilerText: string;
  readonly isSensitive: boolean;
  readonly visibility: VisibilityName;
  readonly language: string | null;
  readonly isPlain: boolean;
  readonly inReplyTo: Entity | null;
  readonly quoted: Entity | null;
  /** Null where it stays as it is. */
  readonly quotePolicy: QuoteChoice | null;
  readonly files: readonly AsObject[];
  readonly poll: PollRequest | null;
}

export interface PollRequest {
  readonly options: readonly string[];
  readonly seconds: number;
  readonly isMultiple: boolean;
}

export interface ComposeDeps extends WritingDeps {
  readonly now: () => number;
}

/** @throws Problem `invalid` with the field where it cannot be posted. */
export async function createDraft(deps: ComposeDeps, me: Entity, asked: PostRequest): Promise<AsObject> {
  const post = withText(asked);
  const written = await writeText(deps, post.status, { quoted: post.quoted, isPlain: post.isPlain });
  const parent = post.inReplyTo;
  const author = parent?.owner == null ? null : await deps.look.byKey(parent.owner);
  const named = [...(await deps.look.findMany(written.people)).values()].filter(isGroup);
  const inherited = parent === null ? [] : (await deps.look.groupsOf(parent.key)).filter(isGroup);
  const groups = [...new Map([...named, ...inherited].map((group) => [group.key, group])).values()];
  const isClosed = groups.some(isPrivate);
  // In a private group whoever is answered reads it as long as they are in it.
  const answered = author && author.key !== me.key && !isClosed ? [author.iri] : [];
  const people = [...new Set([...written.people, ...answered])];
  const visibility = isClosed ? "direct" : post.visibility;
  const audience = inGroups(groups, audienceFor(me, visibility, people));
  const isOpen = visibility === "public" || visibility === "quiet";
  const own = { iri: me.iri, followers: followersOf(me) };
  return {
    type: "Create",
    ...audience,
    object: {
      type: "Note",
      ...written.properties,
      ...wordsOf(post),
      ...inLanguage(written.properties.content, post.language),
      ...(post.poll === null ? {} : questionOf(post.poll, deps.now())),
      ...audience,
      ...(post.files.length > 0 ? { attachment: post.files } : {}),
      ...(post.quoted ? { quote: post.quoted.iri } : {}),
      interactionPolicy: policyFor(isOpen ? (post.quotePolicy ?? "everyone") : "nobody", own),
      ...(parent ? { inReplyTo: parent.iri } : {}),
    },
  };
}

/** `object` as it is; what the request leaves out of media stays only where `files` has it. */
export async function updateDraft(deps: ComposeDeps, object: Entity, asked: PostRequest): Promise<AsObject> {
  const post = withText(asked);
  const document = object.document ?? {};
  const written = await writeText(deps, post.status, { quoted: post.quoted, isPlain: post.isPlain });
  const kept = embeddedAll(document, "tag").filter(({ type }) => type !== "Mention" && type !== "Hashtag");
  // Votes are counted by the place of their answer.
  if (post.poll !== null && !isSamePoll(document, post.poll))
    throw new Problem("invalid", "What was asked cannot be changed any more. Ask anew.", { field: "poll" });
  const author = object.owner === null ? null : await deps.look.byKey(object.owner);
  const isOpen = object.visibility === "public" || object.visibility === "quiet";
  const policy =
    post.quotePolicy !== null && author !== null && isOpen
      ? policyFor(post.quotePolicy, { iri: author.iri, followers: followersOf(author) })
      : null;
  // A warning covers what is below it; the abstract of an article does not.
  const isTitled = document.name !== undefined;
  return {
    type: "Update",
    ...(await audienceOfEdit(deps.look, object, written.people)),
    object: {
      ...written.properties,
      ...wordsOf(post, isTitled),
      ...inLanguage(written.properties.content, post.language),
      attachment: post.files.length > 0 ? post.files : null,
      id: object.iri,
      type: object.type ?? "Note",
      ...(policy === null ? {} : { interactionPolicy: policy }),
      tag: [...values(written.properties as AsObject, "tag"), ...kept],
    },
  };
}

/** A warning with nothing below it is the text, as at Mastodon. @throws Problem `invalid` without any, or with too much. */
function withText(post: PostRequest): PostRequest {
  const { status, files, poll, quoted, spoilerText } = post;
  const length = [...status].length + [...spoilerText].length;
  if (length > MAX_CHARACTERS)
    throw new Problem("invalid", `Make it shorter: at most ${MAX_CHARACTERS} characters.`, {
      field: "status",
    });
  if (status.trim() !== "" || files.length > 0 || quoted !== null) return post;
  if (spoilerText !== "") return { ...post, status: spoilerText, spoilerText: "" };
  const what = poll === null ? "Write something first." : "Write what you ask.";
  throw new Problem("invalid", `Validation failed: Text can't be blank. ${what}`, { field: "status" });
}

const wordsOf = ({ spoilerText, isSensitive }: PostRequest, isTitled = false): Record<string, Json> => ({
  summary: spoilerText === "" ? null : toSummary(spoilerText),
  sensitive: isSensitive || (spoilerText !== "" && !isTitled),
});

function questionOf({ options, seconds, isMultiple }: PollRequest, nowMs: number): AsObject {
  return {
    type: "Question",
    [isMultiple ? "anyOf" : "oneOf"]: options.map((name) => ({ type: "Note", name })),
    endTime: toIso(nowMs + seconds * 1000),
  };
}

const isSamePoll = (document: AsObject, { options, isMultiple }: PollRequest): boolean => {
  const before = embeddedAll(document, isMultiple ? "anyOf" : "oneOf").map(({ name }) => name);
  return before.length === options.length && before.every((name, i) => name === options[i]);
};

/** What the document of a post names as quoted. */
export const quotedIri = (object: Entity): string | null => id(object.document ?? {}, "quote");
