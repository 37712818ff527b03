/** The forms that make a group and change one. */
import type { GroupWishes } from "../../server/accounts/group-request.ts";
import { isProblem, Problem } from "../../server/lib/problem.ts";
import { signedIn, type WebDeps } from "../face.ts";
import type { FormState } from "../forms.ts";
import { GROUP_EDIT, GROUP_NEW, GROUP_PARTS } from "../forms-groups.ts";
import { settingsAgain } from "../loads/groups.ts";
import { newGroupPage } from "../pages/group-form.ts";
import { actorPictures, isActorPicture } from "./actor-pictures.ts";
import { goTo, orAgain, type Post } from "./answer.ts";

export const makeGroup: Post = (deps, visit, fields, files) => {
  const { account, viewer } = signedIn(visit);
  const again = (form: FormState) =>
    newGroupPage(visit.context, { form: { ...form, hasLostFiles: files.size > 0 } });
  return orAgain(visit, fields, again, async () => {
    deps.limits.take(visit.request, "act", viewer.accountKey);
    const { fields: f } = GROUP_NEW;
    const wanted = {
      ...wishesFrom(fields),
      name: fields.get(f.name) ?? "",
      displayName: fields.get(f.displayName) ?? "",
    };
    const there = (path: string) =>
      goTo(path, { kind: "good", text: visit.context.words.groupFlash.created });
    try {
      const { key, name } = await deps.groups.create(account, wanted);
      // The pictures are the group's own: they stay when whoever made it goes.
      const pictures = await actorPictures(deps, key, files);
      if (Object.keys(pictures).length > 0) await deps.groups.edit(viewer.actorKey, key, pictures);
      return there(`/@${name}`);
    } catch (error) {
      const made = await ownGroup(deps, viewer.actorKey, wanted);
      if (!isProblem(error, "conflict") || made === null) throw error;
      return there(made);
    }
  });
};

/** A second tap on a slow line asks for what the first has made. The path of that group, or null. */
async function ownGroup(
  deps: WebDeps,
  person: number,
  { name, displayName }: { readonly name: string; readonly displayName: string },
): Promise<string | null> {
  const actor = await deps.queries.actorByHandle(name.trim().replace(/^@/, "").toLowerCase());
  if (actor?.isLocal !== true || actor.name !== displayName.trim()) return null;
  return (await deps.groups.roleOf(person, actor.key)) === "owner" ? actor.path : null;
}

export const saveGroup: Post = async (deps, visit, fields, files) => {
  const { viewer } = signedIn(visit);
  const group = await deps.look.find(fields.get(GROUP_EDIT.fields.group) ?? "");
  const view = group && (await deps.queries.group(group.key, viewer.actorKey));
  if (!view) throw new Problem("not-found", "There is no such group here.");
  await deps.groups.require(viewer.actorKey, view.actor.key, "edit");
  const named = { ...visit, params: { ...visit.params, name: view.actor.handle } };
  const again = (form: FormState) => settingsAgain(deps, named, { ...form, hasLostFiles: files.size > 0 });
  return orAgain(visit, fields, again, async () => {
    const gone = fields.get(GROUP_EDIT.fields.remove);
    const wishes = isActorPicture(gone)
      ? { [gone]: null }
      : { ...wishesFrom(fields), ...(await actorPictures(deps, view.actor.key, files)) };
    await deps.groups.edit(viewer.actorKey, view.actor.key, wishes);
    const { path } = view.actor;
    return goTo(`${path}/${GROUP_PARTS.settings}`, {
      kind: "good",
      text: visit.context.words.groupFlash.saved,
    });
  });
};

function wishesFrom(fields: URLSearchParams): GroupWishes {
  const names = ["displayName", "description", "rules", "access", "joining", "posting"] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = fields.get(GROUP_EDIT.fields[name]);
      return value === null ? [] : [[name, value]];
    }),
  );
}
