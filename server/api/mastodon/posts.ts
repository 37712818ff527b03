/** What a client asks to be posted, checked: text, media, poll, quote, and for whom. */

import { preferencesOf } from "../../accounts/preferences.ts";
import { VISIBILITIES as ALL, type Entity, type VisibilityName } from "../../core/entity.ts";
import { type AsObject, embedded, text, typeOf, values } from "../../core/object.ts";
import { isJsonObject } from "../../lib/json.ts";
import { isLanguageTag } from "../../lib/language-tag.ts";
import { Problem } from "../../lib/problem.ts";
import { rowOf } from "../../lib/row-of.ts";
import { type QuoteChoice, verdict } from "../../vocab/quote/policy.ts";
import { languageOf } from "../../vocab/writing.ts";
import {
  MAX_CHARACTERS,
  MAX_MEDIA,
  MAX_POLL_CHARACTERS,
  MAX_POLL_OPTIONS,
  MAX_POLL_SECONDS,
  MIN_POLL_SECONDS,
  type PollRequest,
  type PostRequest,
  quotedIri,
} from "./compose.ts";
import type { Face } from "./face.ts";
import { keysOf, notHere } from "./ids.ts";
import { mediaOf } from "./media.ts";
import type { Params } from "./params.ts";

const VISIBILITIES: Readonly<Record<string, VisibilityName>> = {
  public: "public",
  unlisted: "quiet",
  private: "followers",
  direct: "direct",
};

const POLICIES: Readonly<Record<string, QuoteChoice>> = {
  public: "everyone",
  followers: "followers",
  nobody: "nobody",
};

/** @throws Problem `invalid` or `not-found` where it names what cannot be. */
export async function postRequestOf(face: Face, me: Entity, params: Params): Promise<PostRequest> {
  const spoilerText = (params.text("spoiler_text") ?? "").trim();
  const parent = await thingAt(face, me, params.text("in_reply_to_id"));
  const quoted = await thingAt(face, me, params.text("quoted_status_id") ?? params.text("quote_id"));
  if (
    quoted !== null &&
    quoted.visibility !== "public" &&
    quoted.visibility !== "quiet" &&
    quoted.owner !== me.key
  )
    throw new Problem("invalid", "Only what everybody may see can be quoted.", { field: "quoted_status_id" });
  const author = quoted?.owner == null ? null : await face.look.byKey(quoted.owner);
  if (quoted !== null && author !== null && (await verdict(face.look, quoted, author, me)) === "no")
    throw new Problem("forbidden", "Its author does not want this post quoted.", {
      field: "quoted_status_id",
    });
  const poll = pollOf(params);
  const usual = await preferencesOf(face.db, me.key);
  const files = await mediaOf(face, me.key, params);
  if (poll !== null && files.length > 0)
    throw new Problem("invalid", "Attach media or ask a question, not both.", { field: "media_ids" });
  return {
    status: statusOf(params),
    spoilerText,
    isSensitive: params.flag("sensitive") ?? (files.length > 0 && usual.isSensitive),
    visibility: visibilityOf(params.text("visibility"), usual.visibility, parent),
    language: languageIn(params) ?? usual.language,
    isPlain: params.text("content_type") === "text/plain",
    inReplyTo: parent,
    quoted,
    quotePolicy: quotePolicyOf(params, usual.quotableBy),
    files: checkedFiles(files),
    poll,
  };
}

/** Who may quote it; `usual` where nothing is said. */
export const quotePolicyOf = (params: Params, usual: QuoteChoice): QuoteChoice =>
  rowOf(POLICIES, params.text("quote_approval_policy") ?? "") ?? usual;

/**
 * What a post is to say from now on. Whatever clients cannot show (files, links) stays attached.
 * @throws Problem `invalid`.
 */
export async function editRequestOf(
  face: Face,
  me: Entity,
  object: Entity,
  params: Params,
): Promise<PostRequest> {
  const iri = quotedIri(object);
  const media = await mediaOf(face, me.key, params, object.document);
  const others = values(object.document ?? {}, "attachment")
    .filter(isJsonObject)
    .filter((one) => !MEDIA_TYPES.has(typeOf(one as AsObject))) as readonly AsObject[];
  const chosen = new Set(media.map(({ url }) => url));
  return {
    status: params.has("status") ? statusOf(params) : (sourceOf(object.document) ?? ""),
    spoilerText: (params.text("spoiler_text") ?? "").trim(),
    isSensitive: params.flag("sensitive") ?? false,
    visibility: object.visibility,
    language: languageIn(params) ?? languageOf(object.document ?? {}),
    isPlain: params.text("content_type") === "text/plain",
    inReplyTo: null,
    quoted: iri === null ? null : await face.look.find(iri),
    quotePolicy: params.has("quote_approval_policy") ? quotePolicyOf(params, "everyone") : null,
    files: checkedFiles([...media, ...others.filter(({ url }) => !chosen.has(url))]),
    poll: pollOf(params),
  };
}

/** Clients are shown these as media; everything else stands in the text. */
const MEDIA_TYPES: ReadonlySet<string> = new Set(["Image", "Video", "Audio"]);

const sourceOf = (document: AsObject | null): string | null => {
  const source = document && embedded(document, "source");
  return source && text(source, "content");
};

const statusOf = (params: Params): string => {
  const status = (params.text("status") ?? "").replace(/\r\n?/g, "\n").trim();
  if (status.length <= MAX_CHARACTERS * 2) return status;
  throw new Problem("invalid", `Make it shorter: at most ${MAX_CHARACTERS} characters.`, { field: "status" });
};

/** What a client names by id; null where it names nothing. What one may not see is not here. @throws Problem `not-found`. */
async function thingAt(face: Face, me: Entity, id: string | null): Promise<Entity | null> {
  if (id === null || id === "" || id === "null") return null;
  const [key] = keysOf([id]);
  const found = key === undefined ? null : await face.look.byKey(key);
  // A share is answered where what is shared is.
  const thing =
    found?.kind === "activity" && found.subject !== null ? await face.look.byKey(found.subject) : found;
  if (!thing?.document || thing.kind !== "object" || thing.deletedMs !== null) throw notHere();
  if (!(await face.look.maySee(me.key, thing.key))) throw notHere();
  return thing;
}

/** Where nothing is said an answer is for no more people than what it answers. */
function visibilityOf(given: string | null, usual: VisibilityName, parent: Entity | null): VisibilityName {
  if (given === null || given === "") {
    const narrowest = Math.max(...[usual, parent?.visibility ?? usual].map((each) => ALL.indexOf(each)));
    return ALL[narrowest] ?? usual;
  }
  const known = rowOf(VISIBILITIES, given);
  if (known !== undefined) return known;
  throw new Problem("invalid", "visibility is public, unlisted, private or direct.", { field: "visibility" });
}

/** A language tag in its usual parts; anything else is none. */
function languageIn(params: Params): string | null {
  const given = params.text("language");
  return given !== null && isLanguageTag(given) ? given : null;
}

function checkedFiles(files: readonly AsObject[]): readonly AsObject[] {
  if (files.length <= MAX_MEDIA) return files;
  throw new Problem("invalid", `Cannot attach more than ${MAX_MEDIA} files`, { field: "media_ids" });
}

/** @throws Problem `invalid` at `poll`. */
function pollOf(params: Params): PollRequest | null {
  const given = params.object("poll");
  const options = given
    .list("options")
    .map((option) => option.trim())
    .filter((option) => option !== "");
  if (options.length === 0) return null;
  const wrong = (sentence: string) => new Problem("invalid", sentence, { field: "poll" });
  if (options.length < 2) throw wrong("Give at least two answers.");
  if (options.length > MAX_POLL_OPTIONS) throw wrong(`Give at most ${MAX_POLL_OPTIONS} answers.`);
  if (options.some((option) => [...option].length > MAX_POLL_CHARACTERS))
    throw wrong(`An answer has at most ${MAX_POLL_CHARACTERS} characters.`);
  if (new Set(options).size < options.length) throw wrong("Give each answer once.");
  const seconds = given.integer("expires_in") ?? 0;
  if (seconds < MIN_POLL_SECONDS || seconds > MAX_POLL_SECONDS)
    throw wrong(`A poll lasts from ${MIN_POLL_SECONDS} to ${MAX_POLL_SECONDS} seconds.`);
  return { options, seconds, isMultiple: given.flag("multiple") ?? false };
}
