/** POST /act: the activity is done, and the person comes back to where they were, with a way to undo it. */
import { visibilityOf } from "../../server/core/audience.ts";
import type { Entity } from "../../server/core/entity.ts";
import type { AsObject } from "../../server/core/object.ts";
import type { Acted } from "../../server/core/process.ts";
import { isProblem, Problem } from "../../server/lib/problem.ts";
import { followersOf } from "../../server/vocab/writing.ts";
import { draftOf } from "../act.ts";
import type { GivenFiles } from "../attach.ts";
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import { type Files, keepFile } from "../files.ts";
import { ACT, localReturn, PATHS, parseVerb, verb } from "../forms.ts";
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
    const done = await doAll(deps, voice, fields, filesOf(deps, voice.me.key, files));
    const made =
      typed === "Create" && done.object ? await deps.queries.object(done.object.key, viewer.actorKey) : null;
    const isReply = fields.has(ACT.fields.inReplyTo);
    const goneFrom = typed === "Delete" && back.includes(`/${String(done.object?.key ?? "none")}`);
    const isNewPage =
      made !== null && !back.startsWith(INTENTS.done) && (isReply || back.startsWith(PATHS.write));
    const next = goneFrom ? PATHS.home : isNewPage ? made.path : back;
    return goTo(next, flashFor(visit, fields, typed, done.object?.iri ?? null));
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
  await deps.scheduled.add(me.key, { dueMs, draft, asked });
  return goTo(SCHEDULED.path, { kind: "good", text: visit.context.words.later.kept });
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
  readonly act: (draft: AsObject) => Promise<Acted>;
}

/** @throws Problem `forbidden` where the person may not speak for the group. */
async function voiceFor(deps: WebDeps, me: Entity, fields: URLSearchParams): Promise<Voice> {
  const isGroups = fields.get(ACT.fields.asGroup) === "yes" && fields.get(ACT.fields.type) === "Create";
  if (!isGroups) return { me, act: (draft) => deps.core.act(me.key, draft) };
  const group = await deps.look.find(fields.get(ACT.fields.group) ?? "");
  if (group === null) throw new Problem("not-found", "There is no such group here.");
  await deps.groups.require(me.key, group.key, "speak");
  return { me: group, act: (draft) => deps.groups.act(me.key, group.key, "speak", draft) };
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

function flashFor(
  { context }: Visit,
  fields: URLSearchParams,
  typed: string,
  iri: string | null,
): Flash | null {
  if (SEEN_ON_THE_BUTTON.has(typed) || /^(?:Undo )?EmojiReact\b/.test(typed)) return null;
  const { flash } = context.words;
  const { type, of } = parseVerb(typed);
  const said = { kind: "good", text: flash.did[typed] ?? flash.done } as const;
  const object = fields.get(ACT.fields.object) ?? iri ?? "";
  const undo = (back: string) => ({ [ACT.fields.type]: back, [ACT.fields.object]: object });
  if (UNDOABLE.has(typed)) return { ...said, undo: undo(verb("Undo", type)) };
  return type === "Add" && of ? { ...said, undo: undo(verb("Remove", of)) } : said;
}
