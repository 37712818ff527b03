/** POST /act: any form becomes an activity. The table of verbs is the whole difference between forms and activities. */

import type { Addresses } from "../server/core/addresses.ts";
import type { Look } from "../server/core/behaviour.ts";
import type { Entity } from "../server/core/entity.ts";
import { type AsObject, embeddedAll, id, PUBLIC } from "../server/core/object.ts";
import type { Now } from "../server/lib/clock.ts";
import type { Json } from "../server/lib/json.ts";
import { Problem } from "../server/lib/problem.ts";
import { rowOf } from "../server/lib/row-of.ts";
import { toSummary } from "../server/lib/summary.ts";
import type { Visibility } from "../server/queries/view.ts";
import { isPrivate } from "../server/vocab/groups/rules.ts";
import {
  audienceFor,
  audienceOfEdit,
  followersOf,
  inGroups,
  inLanguage,
  languageOf,
  writeText,
} from "../server/vocab/writing.ts";
import { attach, type GivenFiles, NO_FILES, planAttachments } from "./attach.ts";
import { ACT, MAX_POST_CHARACTERS, parseVerb } from "./forms.ts";
import { groupsFor, titleOf } from "./in-group.ts";
import { pollIn } from "./poll-draft.ts";
import { policyIn, quotedIn, reactionDraft, reactionUndone } from "./quoting.ts";

/** More people than that are not addressed by hand. */
const MAX_ADDRESSED = 30;

export interface ActDeps {
  readonly now: Now;
  readonly look: Look;
  readonly addresses: Addresses;
  /** The actor behind a handle, fetched when it is not known; null where there is none. */
  readonly findActor: (handle: string) => Promise<number | null>;
}

/** The fields of a form as they came; a field may come several times. */
export interface Fields {
  get(name: string): string | null;
  getAll(name: string): readonly string[];
}

type Draft = (
  deps: ActDeps,
  me: Entity,
  fields: Fields,
  of: string | null,
  files: GivenFiles,
) => Promise<AsObject>;

/** The activity that the form means. @throws Problem `invalid` or `not-found` with the field, or as `files.keep`. */
export function draftOf(
  deps: ActDeps,
  me: Entity,
  fields: Fields,
  files: GivenFiles = NO_FILES,
): Promise<AsObject> {
  const { type, of } = parseVerb(fields.get(ACT.fields.type) ?? "");
  if (!/^[A-Za-z][A-Za-z0-9]{0,60}$/.test(type))
    throw new Problem("invalid", "The form does not say what to do.");
  const draft =
    rowOf(VERBS, of === null ? type : `${type} ${of}`) ?? rowOf(VERBS, `${type} …`) ?? plain(type);
  return draft(deps, me, fields, of, files);
}

const VERBS: Readonly<Record<string, Draft>> = {
  Create: createPost,
  "Create Vote": vote,
  Update: editPost,
  Announce: async (deps, me, fields) => {
    const object = await target(deps, me, fields);
    const author = object.owner === null ? null : await deps.look.byKey(object.owner);
    return {
      type: "Announce",
      object: object.iri,
      to: [PUBLIC],
      cc: [followersOf(me), ...(author ? [author.iri] : [])],
    };
  },
  "Undo …": async (deps, me, fields, of) => {
    const object = await target(deps, me, fields);
    const [, reaction] = /^EmojiReact (.+)$/.exec(of ?? "") ?? [];
    if (reaction !== undefined) return reactionUndone(deps.look, me, object, reaction);
    const done = await deps.look.activityAbout(of ?? "", me.key, object.key);
    if (done === null) throw new Problem("not-found", "There is nothing to undo: it was undone already.");
    return { type: "Undo", object: done.iri };
  },
  "Add muted-threads": async (deps, me, fields) => ({ type: "Add", ...(await ownThread(deps, me, fields)) }),
  "Remove muted-threads": async (deps, me, fields) => ({
    type: "Remove",
    ...(await ownThread(deps, me, fields)),
  }),
  "Add …": async (deps, me, fields, of) => ({ type: "Add", ...(await ownList(deps, me, fields, of)) }),
  "Remove …": async (deps, me, fields, of) => ({ type: "Remove", ...(await ownList(deps, me, fields, of)) }),
  "Accept Follow": (deps, me, fields) => answer(deps, me, fields, "Accept", "requests"),
  "Reject Follow": (deps, me, fields) => answer(deps, me, fields, "Reject", "requests"),
  "Reject Follower": (deps, me, fields) => answer(deps, me, fields, "Reject", "followers"),
  EmojiReact: async (deps, me, fields) =>
    reactionDraft(await target(deps, me, fields), fields.get(ACT.fields.content) ?? ""),
  "EmojiReact …": async (deps, me, fields, of) => reactionDraft(await target(deps, me, fields), of ?? ""),
  Flag: async (deps, me, fields) => ({
    type: "Flag",
    object: (await target(deps, me, fields)).iri,
    content: fields.get(ACT.fields.content) ?? "",
  }),
};

/** Any other activity, of a vocabulary that nobody here has heard of too: about its object, to whom it concerns. */
const plain =
  (type: string): Draft =>
  async (deps, me, fields) => {
    const aim = fields.get(ACT.fields.target);
    return { type, object: (await target(deps, me, fields)).iri, ...(aim ? { target: aim } : {}) };
  };

/** What one may not see is not here either. */
async function target(deps: ActDeps, me: Entity, fields: Fields): Promise<Entity> {
  const iri = fields.get(ACT.fields.object);
  const entity = iri ? await deps.look.fetch(iri) : null;
  if (entity === null || (entity.document && !(await deps.look.maySee(me.key, entity.key))))
    throw new Problem("not-found", "This is not here any more.", { field: ACT.fields.object });
  return entity;
}

async function ownList(deps: ActDeps, me: Entity, fields: Fields, name: string | null) {
  const iri = fields.get(ACT.fields.object) ?? "";
  const isTag = deps.addresses.parse(iri)?.what === "tag";
  return {
    object: isTag ? iri : (await target(deps, me, fields)).iri,
    target: deps.addresses.collection(me.iri, name ?? ""),
  };
}

/** How far up a conversation its first word is looked for. */
const MAX_STEPS_UP = 40;

/** A conversation is known by its first word, as far as that is here and may be seen. */
async function ownThread(deps: ActDeps, me: Entity, fields: Fields) {
  let first = await target(deps, me, fields);
  for (let step = 0; step < MAX_STEPS_UP; step++) {
    const iri = id(first.document ?? {}, "inReplyTo");
    const above = iri === null ? null : await deps.look.find(iri);
    if (!above?.document || !(await deps.look.maySee(me.key, above.key))) break;
    first = above;
  }
  return { object: first.iri, target: deps.addresses.collection(me.iri, "muted-threads") };
}

/** The Follow by which they asked, answered. */
async function answer(
  deps: ActDeps,
  me: Entity,
  fields: Fields,
  type: string,
  list: string,
): Promise<AsObject> {
  const person = await target(deps, me, fields);
  const cause = await deps.look.causeOf(me.key, list, person.key);
  const asked = cause === null ? null : await deps.look.byKey(cause);
  if (asked === null) throw new Problem("not-found", "This request was answered or taken back already.");
  return { type, object: asked.iri, to: [person.iri] };
}

async function vote(deps: ActDeps, me: Entity, fields: Fields): Promise<AsObject> {
  const question = await target(deps, me, fields);
  const owner = question.owner === null ? null : await deps.look.byKey(question.owner);
  const choice = fields.getAll(ACT.fields.choice)[0];
  if (!choice) throw new Problem("invalid", "Choose an answer first.", { field: ACT.fields.choice });
  const to = owner ? [owner.iri] : [];
  return { type: "Create", to, object: { type: "Note", name: choice, inReplyTo: question.iri, to } };
}

async function createPost(
  deps: ActDeps,
  me: Entity,
  fields: Fields,
  _of: string | null,
  files: GivenFiles,
): Promise<AsObject> {
  const parentIri = fields.get(ACT.fields.inReplyTo);
  const parent = parentIri ? await deps.look.find(parentIri) : null;
  if (parentIri && (!parent?.document || !(await deps.look.maySee(me.key, parent.key))))
    throw new Problem("not-found", "The post that you answer is gone.");
  const quoted = await quotedIn(deps.look, me, (name) => fields.get(name));
  const plan = planAttachments(fields, files, null);
  const written = await writtenText(deps, fields, { mayBeEmpty: plan.added.length > 0, quoted });
  const author = parent?.owner ? await deps.look.byKey(parent.owner) : null;
  const handles = (fields.get(ACT.fields.to) ?? "")
    .split(/[\s,]+/)
    .filter(Boolean)
    .slice(0, MAX_ADDRESSED);
  const named = await Promise.all(handles.map((handle) => findPerson(deps, handle)));
  const groups = await groupsFor(deps.look, fields, parent);
  // In a private group whoever is answered reads it as long as they are in it.
  const answered = author && author.key !== me.key && !groups.some(isPrivate) ? [author.iri] : [];
  const people = [...new Set([...written.people, ...named, ...answered])];
  // Who says nothing means those who could read what is answered.
  const given = visibilityOf(fields.get(ACT.fields.visibility)) ?? parent?.visibility ?? "public";
  // What a private group says itself is for those who are in it, who follow it.
  const isItsOwn = groups.some(({ key }) => key === me.key);
  const visibility = groups.some(isPrivate) ? (isItsOwn ? "followers" : "direct") : given;
  const audience = inGroups(groups, audienceFor(me, visibility, people));
  const title = groups.length > 0 && parent === null ? titleOf(fields) : null;
  const poll = pollIn((name) => fields.get(name), deps.now());
  // The files last, so that none is kept for a post that cannot be.
  const attachment = await attach(plan, fields, files);
  return {
    type: "Create",
    ...audience,
    object: {
      type: "Note",
      ...(title === null ? {} : { name: title }),
      ...written.properties,
      ...poll,
      ...audience,
      ...(attachment.length > 0 ? { attachment } : {}),
      ...(quoted ? { quote: quoted.iri } : {}),
      interactionPolicy: policyIn((name) => fields.get(name), visibility, {
        iri: me.iri,
        followers: followersOf(me),
      }),
      ...(parent ? { inReplyTo: parent.iri } : {}),
    },
  };
}

async function editPost(
  deps: ActDeps,
  me: Entity,
  fields: Fields,
  _of: string | null,
  files: GivenFiles,
): Promise<AsObject> {
  const object = await target(deps, me, fields);
  const plan = planAttachments(fields, files, object.document);
  const mayBeEmpty = plan.left.length + plan.added.length > 0;
  const quotedIri = id(object.document ?? {}, "quote");
  const quoted = quotedIri === null ? null : await deps.look.find(quotedIri);
  const written = await writtenText(deps, fields, { mayBeEmpty, quoted });
  const isOpen = object.visibility === "public" || object.visibility === "quiet";
  const policy =
    isOpen && fields.get(ACT.fields.quotePolicy)
      ? policyIn((name) => fields.get(name), "public", { iri: me.iri, followers: followersOf(me) })
      : null;
  const kept = embeddedAll(object.document ?? {}, "tag").filter(
    ({ type }) => type !== "Hashtag" && type !== "Mention",
  );
  const attachment = plan.isChange ? await attach(plan, fields, files) : null;
  return {
    type: "Update",
    ...(await audienceOfEdit(deps.look, object, written.people)),
    object: {
      ...written.properties,
      ...inLanguage(written.properties.content, languageOf(object.document ?? {})),
      ...(attachment === null ? {} : { attachment: attachment.length > 0 ? attachment : null }),
      ...(policy === null ? {} : { interactionPolicy: policy }),
      id: object.iri,
      type: object.type ?? "Note",
      tag: [...(written.properties.tag as Json[]), ...kept],
    },
  };
}

/** Markdown → HTML with the people and hashtags in it; the Markdown is kept as `source` (AP §3.3). */
async function writtenText(
  deps: ActDeps,
  fields: Fields,
  options: { readonly mayBeEmpty: boolean; readonly quoted: Entity | null },
) {
  const content = (fields.get(ACT.fields.content) ?? "").trim();
  const summary = (fields.get(ACT.fields.summary) ?? "").trim();
  if (content === "" && !options.mayBeEmpty) {
    throw new Problem("invalid", "Write something first.", { field: ACT.fields.content });
  }
  if (content.length > MAX_POST_CHARACTERS) {
    throw new Problem("invalid", `Make it shorter: at most ${MAX_POST_CHARACTERS} characters.`, {
      field: ACT.fields.content,
    });
  }
  const written = await writeText(deps, content, { quoted: options.quoted });
  return {
    people: written.people,
    properties: {
      ...written.properties,
      summary: summary === "" ? null : toSummary(summary),
      sensitive: summary !== "",
    } as Record<string, Json>,
  };
}

async function findPerson(deps: ActDeps, handle: string): Promise<string> {
  const key = await deps.findActor(handle);
  const person = key === null ? null : await deps.look.byKey(key);
  if (person === null)
    throw new Problem("invalid", `Nobody called ${handle} was found.`, { field: ACT.fields.to });
  return person.iri;
}

function visibilityOf(text: string | null): Visibility | null {
  if (text === null || text === "") return null;
  if (text === "public" || text === "quiet" || text === "followers" || text === "direct") return text;
  throw new Problem("invalid", "Choose who can see it.", { field: ACT.fields.visibility });
}
