/** The composer once more: with everything that was typed, and with what it answers, quotes or changes, or where it goes. */
import type { ObjectView } from "../../server/queries/view.ts";
import type { ComposerProps } from "../components/composer.ts";
import { mayKeep } from "../components/group-head.ts";
import { nameOf } from "../components/person-chip.ts";
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import { ACT, type FormState, localReturn, PATHS, verb } from "../forms.ts";
import type { PageView } from "../page.ts";
import { editPage, writePage } from "../pages/write.ts";

/**
 * The page for the fields of a `Create` or `Update`. What they name and the viewer cannot see (any more) is left out;
 * what was for those around it alone is then for the people in it, until its author says otherwise.
 * @throws Problem `unauthenticated`.
 */
export async function writtenAgain(
  deps: WebDeps,
  visit: Visit,
  fields: URLSearchParams,
  form: FormState,
): Promise<PageView> {
  const viewer = signedIn(visit).viewer.actorKey;
  const { fields: f } = ACT;
  const seen = (name: string) => postAt(deps, viewer, fields.get(name));
  const isEdit = fields.get(f.type) === verb("Update");
  const edits = isEdit ? await seen(f.object) : null;
  if (edits !== null) return editPage(visit.context, { view: edits, form });
  const [replyTo, quotes, group] = await Promise.all([
    seen(f.inReplyTo),
    seen(f.quote),
    groupAt(deps, viewer, fields.get(f.group)),
  ]);
  const isAlone = isEdit || isMissing(fields, f.inReplyTo, replyTo) || isMissing(fields, f.group, group);
  return writePage(visit.context, {
    form,
    replyTo,
    quotes: quotes?.mine.mayQuote ? quotes : null,
    group,
    returnTo: localReturn(fields.get(f.return), PATHS.home),
    ...(isAlone ? { visibility: "direct" as const } : {}),
  });
}

const isMissing = (fields: URLSearchParams, name: string, found: object | null): boolean =>
  Boolean(fields.get(name)) && found === null;

async function postAt(deps: WebDeps, viewer: number, iri: string | null): Promise<ObjectView | null> {
  const entity = iri ? await deps.look.find(iri) : null;
  const view = entity && (await deps.queries.object(entity.key, viewer));
  return view?.isDeleted ? null : view;
}

async function groupAt(
  deps: WebDeps,
  viewer: number,
  iri: string | null,
): Promise<NonNullable<ComposerProps["group"]> | null> {
  const entity = iri ? await deps.look.find(iri) : null;
  const view = entity && (await deps.queries.group(entity.key, viewer));
  return (
    view && {
      iri: view.actor.iri,
      name: nameOf(view.actor),
      isPrivate: view.access === "private",
      maySpeak: mayKeep(view),
    }
  );
}
