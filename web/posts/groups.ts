/** What somebody does with a group: joins and leaves it, and looks after it. */

import type { Entity } from "../../server/core/entity.ts";
import type { AsObject } from "../../server/core/object.ts";
import { parseKey } from "../../server/lib/id.ts";
import { isProblem, Problem } from "../../server/lib/problem.ts";
import { rowOf } from "../../server/lib/row-of.ts";
import { isGroup } from "../../server/vocab/groups/rules.ts";
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import { type FormState, localReturn } from "../forms.ts";
import { GROUP_ACT, GROUP_JOIN, GROUP_PARTS, GROUPS } from "../forms-groups.ts";
import { inviteAgain, joinAgain } from "../loads/groups.ts";
import type { Words } from "../words/en.ts";
import { type Answer, goTo, orAgain, type Post } from "./answer.ts";

/** What an action is given: who does it, in which group, and the fields of the form. */
interface Doing {
  readonly deps: WebDeps;
  readonly me: number;
  readonly group: Entity;
  readonly fields: URLSearchParams;
}

type FlashWord = keyof Words["groupFlash"];

/** Does it, and says what is to be said of it. */
type Deed = (doing: Doing) => Promise<FlashWord>;

const { actions: A, fields: F } = GROUP_ACT;

const DEEDS: Readonly<Record<string, Deed>> = {
  async [A.join]({ deps, me, group }) {
    await deps.core.act(me, { type: "Follow", object: group.iri });
    return (await deps.look.isMember(group.key, "members", me)) ? "joined" : "asked";
  },
  async [A.leave]({ deps, me, group }) {
    await deps.groups.leave(me, group.key);
    return "left";
  },
  [A.letIn]: withPerson("letIn", ({ deps, me, group }, person) => deps.groups.letIn(me, group.key, person)),
  [A.decline]: withPerson("declined", ({ deps, me, group }, person) =>
    deps.groups.letGo(me, group.key, person),
  ),
  [A.remove]: withPerson("removed", ({ deps, me, group }, person) =>
    deps.groups.letGo(me, group.key, person),
  ),
  [A.ban]: withPerson("banned", ({ deps, me, group, fields }, person) =>
    deps.groups.ban(me, group.key, person, fields.get(F.reason) ?? ""),
  ),
  [A.unban]: withPerson("unbanned", ({ deps, me, group }, person) =>
    deps.groups.unban(me, group.key, person),
  ),
  [A.makeModerator]: role("appointed", "moderator"),
  [A.makeOwner]: role("appointed", "owner"),
  [A.noModerator]: role("dismissed", "member"),
  [A.noOwner]: role("dismissed", "moderator"),
  [A.withdraw]: withPerson("withdrawn", ({ deps, me, group }, person) =>
    deps.groups.uninvite(me, group.key, person),
  ),
  async [A.invite]({ deps, me, group, fields }) {
    const handle = (fields.get(F.handle) ?? "").trim();
    const person = handle === "" ? null : await deps.findActor(handle);
    if (person === null)
      throw new Problem("invalid", `Nobody called ${handle || "so"} was found.`, { field: F.handle });
    await deps.groups.invite(me, group.key, person);
    return "invited";
  },
  async [A.makeLink]({ deps, me, group, fields }) {
    const [uses, days] = [Number(fields.get(F.uses)), Number(fields.get(F.days))];
    await deps.groupLinks.make(me, group.key, { uses, days });
    return "linkMade";
  },
  async [A.endLink]({ deps, me, group, fields }) {
    await deps.groupLinks.end(me, group.key, parseKey(fields.get(F.link)) ?? 0);
    return "linkEnded";
  },
  [A.removePost]: withPost("postRemoved", ({ iri }) => ({ type: "Delete", object: iri })),
  [A.lock]: withPost("locked", ({ iri }) => ({ type: "Lock", object: iri })),
  [A.unlock]: undoing("unlocked", "locked"),
  [A.restorePost]: undoing("postRestored", "removed"),
  [A.pin]: withPost("pinned", ({ iri }, group) => ({ type: "Add", object: iri, target: featuredOf(group) })),
  [A.unpin]: withPost("unpinned", ({ iri }, group) => ({
    type: "Remove",
    object: iri,
    target: featuredOf(group),
  })),
  async [A.delete]({ deps, me, group, fields }) {
    const name = group.iri.split("/").at(-1);
    if ((fields.get(F.sure) ?? "").trim().replace(/^@/, "").toLowerCase() !== name)
      throw new Problem("invalid", `Type ${name}, the address of the group, to delete it.`, {
        field: F.sure,
      });
    await deps.groups.remove(me, group.key);
    return "deleted";
  },
};

export const groupAct: Post = async (deps, visit, fields) => {
  const { viewer } = signedIn(visit);
  deps.limits.take(visit.request, "act", viewer.accountKey);
  const group = await deps.look.find(fields.get(F.group) ?? "");
  const action = fields.get(F.action) ?? "";
  const deed = rowOf(DEEDS, action);
  if (!isGroup(group) || deed === undefined) throw new Problem("not-found", "There is no such group here.");
  const view = await deps.queries.actor(group.key);
  const back = localReturn(fields.get(F.return), view?.path ?? "/");
  const doIt = async (): Promise<Answer> => {
    const done = await deed({ deps, me: viewer.actorKey, group, fields });
    const flash = { kind: "good", text: visit.context.words.groupFlash[done] } as const;
    return goTo(done === "deleted" ? GROUPS.path : back, flash);
  };
  if (action === A.invite || action === A.makeLink) {
    const named = { ...visit, params: { ...visit.params, name: view?.handle ?? "" } };
    const shown = { ...named, context: { ...visit.context, path: `${view?.path}/${GROUP_PARTS.invite}` } };
    return orAgain(visit, fields, (form: FormState) => inviteAgain(deps, shown, form), doIt);
  }
  try {
    return await doIt();
  } catch (error) {
    if (!isProblem(error)) throw error;
    return goTo(back, { kind: "bad", text: visit.context.words.problem.said(error.message) });
  }
};

/** A link that was opened: somebody here joins, and somebody from elsewhere is invited at home. */
export const joinByLink: Post = async (deps, visit, fields) => {
  const code = fields.get(GROUP_JOIN.fields.code) ?? "";
  const path = `${GROUP_JOIN.path}?${GROUP_JOIN.fields.code}=${encodeURIComponent(code)}`;
  const shown: Visit = { ...visit, context: { ...visit.context, path } };
  return orAgain(
    visit,
    fields,
    (form) => joinAgain(deps, shown, code, { form }),
    async () => {
      if (visit.viewer !== null) {
        const link = await deps.groupLinks.take(code, visit.viewer.actorKey);
        const group = await deps.queries.actor(link.group);
        return goTo(group?.path ?? "/", { kind: "good", text: visit.context.words.groupFlash.joined });
      }
      deps.limits.take(visit.request, "remote-follow");
      // Nobody else's server is asked for a code that is no good.
      if ((await deps.groupLinks.find(code)) !== null)
        await deps.groupLinks.take(code, await strangerIn(deps, fields));
      return { page: await joinAgain(deps, shown, code, { isSent: true }), status: 200 };
    },
  );
};

/** Somebody from elsewhere, by what they typed. Only who opened the link is asked for: nobody here by their name. */
async function strangerIn(deps: WebDeps, fields: URLSearchParams): Promise<number> {
  const { handle: field } = GROUP_JOIN.fields;
  const handle = (fields.get(field) ?? "").trim();
  const key = /^@?[^@\s]+@[^@\s]+$/.test(handle) ? await deps.findActor(handle) : null;
  const person = key === null ? null : await deps.look.byKey(key);
  if (person?.kind === "actor" && !person.isLocal && person.type !== "Group") return person.key;
  throw new Problem("invalid", "Nobody with this address was found. It looks like name@server.example.", {
    field,
  });
}

function withPerson(word: FlashWord, deed: (doing: Doing, person: number) => Promise<void>): Deed {
  return async (doing) => {
    const person = await doing.deps.look.find(doing.fields.get(F.person) ?? "");
    if (person?.kind !== "actor") throw new Problem("not-found", "This person is not known here.");
    await deed(doing, person.key);
    return word;
  };
}

function role(word: FlashWord, given: "owner" | "moderator" | "member"): Deed {
  return withPerson(word, ({ deps, me, group }, person) => deps.groups.setRole(me, group.key, person, given));
}

function withPost(word: FlashWord, draft: (post: Entity, group: Entity) => AsObject): Deed {
  return async ({ deps, me, group, fields }) => {
    const post = await deps.look.find(fields.get(F.object) ?? "");
    const isIn = post !== null && (await deps.look.groupsOf(post.key)).some(({ key }) => key === group.key);
    if (!isIn) throw new Problem("not-found", "This post is not in the group.");
    await deps.groups.act(me, group.key, "keep", { ...draft(post, group), ...toAll(group) });
    return word;
  };
}

/** Takes back what keeps a post in a list of the group. */
function undoing(word: FlashWord, list: "locked" | "removed"): Deed {
  return async ({ deps, me, group, fields }) => {
    const post = await deps.look.find(fields.get(F.object) ?? "");
    const cause = post && (await deps.look.causeOf(group.key, list, post.key));
    const done = cause === null ? null : await deps.look.byKey(cause);
    if (done === null) throw new Problem("not-found", "This was taken back already.");
    await deps.groups.act(me, group.key, "keep", { type: "Undo", object: done.iri, ...toAll(group) });
    return word;
  };
}

const featuredOf = ({ iri }: Entity): string => `${iri}/featured`;

/** Everybody in the group has to know, or their servers would show what is gone. */
const toAll = ({ iri }: Entity): AsObject => ({ to: [`${iri}/followers`], audience: [iri] });
