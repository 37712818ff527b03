/** Forms of lists of people: made, changed, deleted; and who is in them. */
import { parseKey } from "../../server/lib/id.ts";
import { Problem } from "../../server/lib/problem.ts";
import { nameOf } from "../components/person-chip.ts";
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import { localReturn } from "../forms.ts";
import { LIST_REPLIES, LISTS, LISTS_WITH, MAX_LIST_TITLE } from "../forms-lists.ts";
import { allLists, bondWith, listAt, peopleOfList } from "../loads/lists.ts";
import { listSettingsPage } from "../pages/lists.ts";
import { type Answer, goTo, orAgain, type Post } from "./answer.ts";

const { fields: F, actions: A, path: PATH } = LISTS;

export const lists: Post = async (deps, visit, fields) => {
  const { viewer } = signedIn(visit);
  deps.limits.take(visit.request, "act", viewer.accountKey);
  const action = fields.get(F.action);
  if (action === A.make) return make(deps, visit, fields);
  const list = await listAt(deps, visit, parseKey(fields.get(F.list)));
  const path = `${PATH}/${list.key}`;
  const { lists: said } = visit.context.words;
  const good = (text: string) => ({ kind: "good", text }) as const;
  switch (action) {
    case A.save:
      return orAgain(
        visit,
        fields,
        (form) => listSettingsPage(visit.context, { list, form }),
        async () => {
          const object = { id: list.iri, ...listIn(fields) };
          await deps.core.act(viewer.actorKey, { type: "Update", object });
          return goTo(path, good(said.saved));
        },
      );
    case A.remove:
      await deps.core.act(viewer.actorKey, { type: "Delete", object: list.iri });
      return goTo(PATH, good(said.deleted));
    case A.add:
      return orAgain(
        visit,
        fields,
        (form) => peopleOfList(deps, visit, list, form),
        async () => {
          const person = await personIn(deps, visit, fields);
          await keep(deps, viewer.actorKey, list.iri, person.iri, true);
          return goTo(`${path}/people`, good(said.added(nameOf(person))));
        },
      );
    case A.take: {
      const person = await deps.look.find(fields.get(F.person) ?? "");
      const view = person?.kind === "actor" ? await deps.queries.actor(person.key) : null;
      if (view === null) throw new Problem("not-found", "There is no such person.");
      await keep(deps, viewer.actorKey, list.iri, view.iri, false);
      return goTo(`${path}/people`, good(said.taken(nameOf(view))));
    }
    default:
      throw new Problem("invalid", "The form does not say what to do.");
  }
};

/** Puts somebody into the lists that are ticked, takes them out of the others, and keeps terms and note. */
export const listsWith: Post = async (deps, visit, fields) => {
  const { viewer } = signedIn(visit);
  deps.limits.take(visit.request, "act", viewer.accountKey);
  const { fields: f } = LISTS_WITH;
  const person = await deps.look.find(fields.get(f.person) ?? "");
  if (person?.kind !== "actor") throw new Problem("not-found", "There is no such person.");
  return orAgain(
    visit,
    fields,
    (form) => bondWith(deps, visit, fields, form),
    async () => {
      const me = viewer.actorKey;
      await deps.acquaintances.note(me, person.key, fields.get(f.note) ?? "");
      const relation = (await deps.queries.relationships(me, [person.key])).get(person.key);
      if (relation && relation.following !== "no")
        await deps.acquaintances.follow(me, person, {
          shares: fields.get(f.shares) === "yes",
          tells: fields.get(f.tells) === "yes",
          languages: relation.languages,
        });
      const [all, holding] = await Promise.all([
        deps.queries.lists(me),
        deps.queries.listsWith(me, person.key),
      ]);
      for (const { key, iri } of all) {
        const isWanted = fields.get(f.list(key)) === "yes";
        if (isWanted !== holding.has(key)) await keep(deps, me, iri, person.iri, isWanted);
      }
      const back = localReturn(fields.get(f.return), PATH);
      return goTo(back, { kind: "good", text: visit.context.words.lists.saved });
    },
  );
};

const make = (deps: WebDeps, visit: Visit, fields: URLSearchParams): Promise<Answer> =>
  orAgain(
    visit,
    fields,
    (form) => allLists(deps, visit, form),
    async () => {
      const { viewer } = signedIn(visit);
      const { object } = await deps.core.act(viewer.actorKey, {
        type: "Create",
        object: { type: "List", ...listIn(fields) },
      });
      const text = visit.context.words.lists.made;
      return goTo(object === null ? PATH : `${PATH}/${object.key}/people`, { kind: "good", text });
    },
  );

/** @throws Problem `invalid` with the field. */
function listIn(fields: URLSearchParams) {
  const name = (fields.get(F.title) ?? "").trim();
  if (name === "") throw new Problem("invalid", "Give the list a name.", { field: F.title });
  if (name.length > MAX_LIST_TITLE)
    throw new Problem("invalid", `Make it shorter: at most ${MAX_LIST_TITLE} characters.`, {
      field: F.title,
    });
  const repliesFrom = LIST_REPLIES.find((each) => each === fields.get(F.replies)) ?? "list";
  return { name, repliesFrom, exclusive: fields.get(F.isExclusive) === "yes" };
}

async function personIn(deps: WebDeps, visit: Visit, fields: URLSearchParams) {
  const handle = (fields.get(F.handle) ?? "").trim();
  // Whoever is in a list is followed, and so known here: nobody elsewhere is asked.
  const person = handle === "" ? null : await deps.queries.actorByHandle(handle);
  if (person !== null) return person;
  throw new Problem("invalid", visit.context.words.lists.nobody(handle), { field: F.handle });
}

async function keep(deps: WebDeps, me: number, list: string, person: string, isIn: boolean): Promise<void> {
  await deps.core.act(me, { type: isIn ? "Add" : "Remove", object: person, target: list });
}
