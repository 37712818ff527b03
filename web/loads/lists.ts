/** Lists of people, for the pages where somebody reads and keeps them. */
import { parseKey } from "../../server/lib/id.ts";
import { MAX_PAGE_SIZE } from "../../server/lib/page.ts";
import { Problem } from "../../server/lib/problem.ts";
import type { ListView } from "../../server/queries/view.ts";
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import { type FormState, localReturn } from "../forms.ts";
import { LISTS_WITH } from "../forms-lists.ts";
import type { PageView } from "../page.ts";
import { listPage, listPeoplePage, listSettingsPage, listsPage, listsWithPage } from "../pages/lists.ts";
import { type Load, olderHref, pageRequest } from "./load.ts";
import { feedOf } from "./pages.ts";

export const lists: Load = (deps, visit) => allLists(deps, visit);

export async function allLists(deps: WebDeps, visit: Visit, form?: FormState): Promise<PageView> {
  const { viewer } = signedIn(visit);
  const [lists, tags] = await Promise.all([
    deps.queries.lists(viewer.actorKey),
    deps.queries.followedTags(viewer.actorKey, { ...pageRequest(visit), limit: MAX_PAGE_SIZE }),
  ]);
  return listsPage(visit.context, {
    lists,
    tags: tags.items,
    moreTagsHref: olderHref(visit, tags),
    ...(form ? { form } : {}),
  });
}

/** @throws Problem `not-found` for what is no list of the viewer's. */
export async function listAt(deps: WebDeps, visit: Visit, key: number | null): Promise<ListView> {
  const { viewer } = signedIn(visit);
  const list = key === null ? null : await deps.queries.list(key, viewer.actorKey);
  if (list === null) throw new Problem("not-found", "You have no such list.");
  return list;
}

export const list: Load = async (deps, visit) => {
  const { viewer } = signedIn(visit);
  const found = await listAt(deps, visit, parseKey(visit.params.key));
  const page = await deps.queries.ofList(found.key, viewer.actorKey, pageRequest(visit));
  return listPage(visit.context, { list: found, feed: feedOf(visit, page) });
};

export const listPeople: Load = async (deps, visit) =>
  peopleOfList(deps, visit, await listAt(deps, visit, parseKey(visit.params.key)));

export async function peopleOfList(
  deps: WebDeps,
  visit: Visit,
  list: ListView,
  form?: FormState,
): Promise<PageView> {
  const page = await deps.queries.listPeople(list.key, pageRequest(visit));
  return listPeoplePage(visit.context, {
    list,
    people: page.items,
    olderHref: olderHref(visit, page),
    ...(form ? { form } : {}),
  });
}

export const listSettings: Load = async (deps, visit) =>
  listSettingsPage(visit.context, { list: await listAt(deps, visit, parseKey(visit.params.key)) });

export const listsWith: Load = (deps, visit) => bondWith(deps, visit, visit.url.searchParams);

/** `asked` names the person and where to go back to: the query of the page, or the form. */
export async function bondWith(
  deps: WebDeps,
  visit: Visit,
  asked: URLSearchParams,
  form?: FormState,
): Promise<PageView> {
  const { viewer } = signedIn(visit);
  const entity = await deps.look.find(asked.get(LISTS_WITH.fields.person) ?? "");
  const person = entity?.kind === "actor" ? await deps.queries.actor(entity.key) : null;
  if (person === null) throw new Problem("not-found", "There is no such person.");
  const [lists, holding, relations] = await Promise.all([
    deps.queries.lists(viewer.actorKey),
    deps.queries.listsWith(viewer.actorKey, person.key),
    deps.queries.relationships(viewer.actorKey, [person.key]),
  ]);
  const relationship = relations.get(person.key);
  if (relationship === undefined) throw new Problem("not-found", "There is no such person.");
  return listsWithPage(visit.context, {
    person,
    lists,
    holding,
    relationship,
    returnTo: localReturn(asked.get(LISTS_WITH.fields.return), person.path),
    ...(form ? { form } : {}),
  });
}
