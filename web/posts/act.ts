/** POST /act: the activity is done, and the person comes back to where they were, with a way to undo it. */
import type { Once } from "../../server/accounts/once.ts";
import { visibilityOf } from "../../server/core/audience.ts";
import type { Entity } from "../../server/core/entity.ts";
import type { AsObject } from "../../server/core/object.ts";
import type { Acted } from "../../server/core/process.ts";
import { isProblem, Problem } from "../../server/lib/problem.ts";
import { sha256 } from "../../server/lib/secret.ts";
import type { Sql } from "../../server/lib/sql.ts";
import { followersOf } from "../../server/vocab/writing.ts";
import { draftOf } from "../act.ts";
import type { GivenFiles } from "../attach.ts";
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import { type Files, keepFile } from "../files.ts";
import { ACT, CSRF_FIELD, localReturn, PATHS, parseVerb, verb } from "../forms.ts";
import { INTENTS } from "../forms-quotes.ts";
import { PUBLISH_AT, SCHEDULED } from "../forms-site.ts";
import { timeIn } from "../local-time.ts";
import type { Flash } from "../page.ts";
import { type Answer, goTo, orAgain, type Post } from "./answer.ts";
import { writtenAgain } from "./write-again.ts";

/** Answers that one form gives to one poll. */
const MAX_VOTES = 50;

export const act: Post = async (deps, visit, fields, files) => {
  const { viewer } = signedIn(visit);
  deps.limits.take(visit.request, "act", viewer.accountKey);
  const me = await deps.look.byKey(viewer.actorKey);
  if (me === null) throw new Problem("gone", "This account is closed.");
  const typed = fields.get(ACT.fields.type) ?? "";
  const back = localReturn(fields.get(ACT.fields.return), "/");
  const doIt = async (): Promise<Answer> => {
    const dueMs = typed === "Create" ? timeIn(fields, PUBLISH_AT) : null;
    if (dueMs !== null) return keepForLater(deps, visit, me, fields, files, dueMs);
    const voice = await voiceFor(deps, me, fields);
    const done =
      typed === verb("Create")
        ? await post(deps, voice, viewer.actorKey, fields, files)
        : ((await doAll(deps, voice, fields, filesOf(deps, voice.me.key, files))).object?.key ?? null);
    const made =
      typed === "Create" && done !== null ? await deps.queries.object(done, viewer.actorKey) : null;
    const isReply = fields.has(ACT.fields.inReplyTo);
    const goneFrom = typed === "Delete" && back.includes(`/${String(done ?? "none")}`);
    const isNewPage =
      made !== null && !back.startsWith(INTENTS.done) && (isReply || back.startsWith(PATHS.write));
    const next = goneFrom ? PATHS.home : isNewPage ? made.path : back;
    return goTo(next, flashFor(visit, fields, typed));
  };
  if (typed === verb("Create") || typed === verb("Update")) {
    const lost = files.size > 0 ? { hasLostFiles: true } : {};
    return orAgain(visit, fields, (form) => writtenAgain(deps, visit, fields, { ...form, ...lost }), doIt);
  }
  try {
    return await doIt();
  } catch (error) {
    if (!isProblem(error)) throw error;
    return goTo(back, { kind: "bad", text: visit.context.words.problem.said(sentence(error.message)) });
  }
};

/** The draft waits; what it would do is judged when its time comes. */
async function keepForLater(
  deps: WebDeps,
  visit: Visit,
  me: Entity,
  fields: URLSearchParams,
  files: Files,
  dueMs: number,
): Promise<Answer> {
  if (fields.get(ACT.fields.asGroup) === "yes")
    throw new Problem("invalid", "What a group says cannot be put off.", { field: PUBLISH_AT });
  deps.scheduled.check(dueMs);
  const draft = await draftOf(deps, me, fields, filesOf(deps, me.key, files));
  const answered = await deps.look.find(fields.get(ACT.fields.inReplyTo) ?? "");
  const asked = {
    text: fields.get(ACT.fields.content) ?? "",
    summary: fields.get(ACT.fields.summary) ?? "",
    visibility: visibilityOf(draft, followersOf(me)),
    inReplyTo: answered?.key ?? null,
  };
  const work: Work = async (also) => (await deps.scheduled.add(me.key, { dueMs, draft, asked }, also)).key;
  const isThere = (key: number) => deps.scheduled.get(me.key, key).then(Boolean, () => false);
  await once(deps, me.key, nameOf(fields, files), work, isThere);
  return goTo(SCHEDULED.path, { kind: "good", text: visit.context.words.later.kept });
}

/** The key of the post. A second tap on a slow line sends the form again, and the first has made it. */
function post(
  deps: WebDeps,
  { me, act }: Voice,
  person: number,
  fields: URLSearchParams,
  files: Files,
): Promise<number> {
  const work: Work = async (also) => {
    const draft = await draftOf(deps, me, fields, filesOf(deps, me.key, files));
    return (await act(draft, also)).object?.key ?? 0;
  };
  const isThere = async (key: number) => (await deps.look.byKey(key))?.deletedMs === null;
  return once(deps, person, nameOf(fields, files), work, isThere);
}

type Work = Parameters<Once>[2];

/** What was deleted since can be said again. */
async function once(
  deps: WebDeps,
  person: number,
  name: string | null,
  work: Work,
  isThere: (key: number) => Promise<boolean>,
): Promise<number> {
  const key = await deps.once(person, name, work);
  return (await isThere(key)) ? key : work(() => []);
}

/**
 * What one page sends twice has one name. Whoever comes back to it (browsers keep the page as it was) and says something
 * else says it under another; null for forms that do not say which page they are from.
 */
function nameOf(fields: URLSearchParams, files: Files): string | null {
  if (!fields.has(ACT.fields.once)) return null;
  const said = [...fields].filter(([name]) => name !== CSRF_FIELD);
  const sent = [...files].map(([field, { name, size }]) => [field, name, size]);
  return sha256(JSON.stringify([said, sent]));
}

/** Of a poll with several answers each chosen one is a vote of its own, as its server counts them. */
async function doAll(
  deps: WebDeps,
  { me, act }: Voice,
  fields: URLSearchParams,
  files: GivenFiles,
): Promise<Acted> {
  const [first, ...others] = votesIn(fields);
  const done = await act(await draftOf(deps, me, first ?? fields, files));
  for (const other of others) await act(await draftOf(deps, me, other, files));
  return done;
}

/** Who says it: the person, or the group that they look after. */
interface Voice {
  readonly me: Entity;
  readonly act: (draft: AsObject, also?: (made: number | null) => readonly Sql[]) => Promise<Acted>;
}

/** @throws Problem `forbidden` where the person may not speak for the group. */
async function voiceFor(deps: WebDeps, me: Entity, fields: URLSearchParams): Promise<Voice> {
  const isGroups = fields.get(ACT.fields.asGroup) === "yes" && fields.get(ACT.fields.type) === "Create";
  if (!isGroups) return { me, act: (draft, also) => deps.core.act(me.key, draft, also) };
  const group = await deps.look.find(fields.get(ACT.fields.group) ?? "");
  if (group === null) throw new Problem("not-found", "There is no such group here.");
  await deps.groups.require(me.key, group.key, "speak");
  return { me: group, act: (draft, also) => deps.groups.act(me.key, group.key, "speak", draft, also) };
}

function votesIn(fields: URLSearchParams): readonly URLSearchParams[] {
  if (fields.get(ACT.fields.type) !== verb("Create", "Vote")) return [];
  return [...new Set(fields.getAll(ACT.fields.choice))].slice(0, MAX_VOTES).map((choice) => {
    const one = new URLSearchParams(fields);
    one.set(ACT.fields.choice, choice);
    return one;
  });
}

const filesOf = (deps: WebDeps, owner: number, files: Files): GivenFiles => ({
  has: (field) => files.has(field),
  keep(field) {
    const file = files.get(field);
    if (file === undefined) throw new Error(`No file came in the field ${field}`);
    return keepFile(deps, owner, field, file);
  },
});

/** Reasons of the core begin in lower case, being data; a person reads a sentence. */
const sentence = (reason: string): string => {
  const capital = reason.charAt(0).toUpperCase() + reason.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
};

/** The button shows it, and takes it back: a sentence besides would only be in the way. */
const SEEN_ON_THE_BUTTON: ReadonlySet<string> = new Set([
  "Like",
  "Undo Like",
  "Announce",
  "Undo Announce",
  "Add bookmarks",
  "Remove bookmarks",
  "Add followed-tags",
  "Remove followed-tags",
  "Add featured-tags",
  "Remove featured-tags",
]);
/** What can be taken back with one click. Posting can too, but by deleting, which one does on purpose. */
const UNDOABLE: ReadonlySet<string> = new Set(["Follow", "Block"]);

function flashFor({ context }: Visit, fields: URLSearchParams, typed: string): Flash | null {
  if (SEEN_ON_THE_BUTTON.has(typed) || /^(?:Undo )?EmojiReact\b/.test(typed)) return null;
  const { flash } = context.words;
  const { type, of } = parseVerb(typed);
  const said = { kind: "good", text: flash.did[typed] ?? flash.done } as const;
  const object = fields.get(ACT.fields.object) ?? "";
  const undo = (back: string) => ({ [ACT.fields.type]: back, [ACT.fields.object]: object });
  if (UNDOABLE.has(typed)) return { ...said, undo: undo(verb("Undo", type)) };
  return type === "Add" && of ? { ...said, undo: undo(verb("Remove", of)) } : said;
}
