/** POST /act: the activity is done, and the person comes back to where they were, with a way to undo it. */
import { isProblem, Problem } from "../../server/lib/problem.ts";
import { draftOf } from "../act.ts";
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import { ACT, type FormState, localReturn, parseVerb } from "../forms.ts";
import type { Flash } from "../page.ts";
import { editPage, writePage } from "../pages/write.ts";
import { type Answer, goTo, orAgain } from "./answer.ts";

export async function act(deps: WebDeps, visit: Visit, fields: URLSearchParams): Promise<Answer> {
  const { viewer } = signedIn(visit);
  const me = await deps.look.byKey(viewer.actorKey);
  if (me === null) throw new Problem("gone", "This account is closed.");
  const typed = fields.get(ACT.fields.type) ?? "";
  const back = localReturn(fields.get(ACT.fields.return), "/");
  const doIt = async (): Promise<Answer> => {
    const draft = await draftOf(deps, me, fields);
    const done = await deps.core.act(viewer.actorKey, draft);
    const made =
      typed === "Create" && done.object ? await deps.queries.object(done.object.key, viewer.actorKey) : null;
    const isReply = fields.has(ACT.fields.inReplyTo);
    const goneFrom = typed === "Delete" && back.includes(`/${String(done.object?.key ?? "none")}`);
    return goTo(
      goneFrom
        ? "/"
        : made && (isReply || back.startsWith("/write"))
          ? made.path
          : typed === "Update" && done.object
            ? back
            : back,
      flashFor(visit, fields, typed, done.object?.iri ?? null),
    );
  };
  if (typed === "Create") return orAgain(fields, (form) => writePage(visit.context, { form }), doIt);
  if (typed === "Update") return orAgain(fields, (form) => editAgain(deps, visit, fields, form), doIt);
  try {
    return await doIt();
  } catch (error) {
    if (!isProblem(error)) throw error;
    return goTo(back, { kind: "bad", text: sentence(error.message) });
  }
}

async function editAgain(deps: WebDeps, visit: Visit, fields: URLSearchParams, form: FormState) {
  const entity = await deps.look.find(fields.get(ACT.fields.object) ?? "");
  const view = entity && (await deps.queries.object(entity.key, visit.viewer?.actorKey ?? null));
  return view ? editPage(visit.context, { view, form }) : writePage(visit.context, { form });
}

/** Reasons of the core begin in lower case, being data; a person reads a sentence. */
const sentence = (reason: string): string => {
  const capital = reason.charAt(0).toUpperCase() + reason.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
};

/** What can be taken back with one click. Posting can too, but by deleting, which one does on purpose. */
const UNDOABLE: readonly string[] = ["Like", "Announce", "Follow", "Block"];

function flashFor(
  { context }: Visit,
  fields: URLSearchParams,
  typed: string,
  iri: string | null,
): Flash | null {
  const { flash } = context.words;
  const { type, of } = parseVerb(typed);
  const object = fields.get(ACT.fields.object) ?? iri ?? "";
  const undo = (verb: string) => ({ [ACT.fields.type]: verb, [ACT.fields.object]: object });
  if (UNDOABLE.includes(typed))
    return { kind: "good", text: flash.did[typed] ?? flash.done, undo: undo(`Undo ${type}`) };
  if (type === "Add" && of)
    return { kind: "good", text: flash.did[typed] ?? flash.done, undo: undo(`Remove ${of}`) };
  return { kind: "good", text: flash.did[typed] ?? flash.done };
}
