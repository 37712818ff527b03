/** What the pages of groups show. */

import { type AsObject, text, values } from "../../server/core/object.ts";
import { toPlainText } from "../../server/lib/html-clean.ts";
import { parseKey } from "../../server/lib/id.ts";
import { MAX_PAGE_SIZE, type PageRequest } from "../../server/lib/page.ts";
import { Problem } from "../../server/lib/problem.ts";
import type { ActorView, ObjectView, Relationship } from "../../server/queries/view.ts";
import type { GroupOrder, GroupView } from "../../server/queries/view-groups.ts";
import { isLocked, postingRefusal } from "../../server/vocab/groups/rules.ts";
import { mayKeep, mayRead } from "../components/group-head.ts";
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import type { FormState } from "../forms.ts";
import { GROUP_JOIN, GROUPS } from "../forms-groups.ts";
import type { PageView } from "../page.ts";
import { addressOf } from "../pages/actor.ts";
import { groupAboutPage, groupPage } from "../pages/group.ts";
import { type GroupAnswers, groupSettingsPage, newGroupPage } from "../pages/group-form.ts";
import { groupInvitePage, groupJoinPage } from "../pages/group-invite.ts";
import { groupPeoplePage } from "../pages/group-people.ts";
import { groupRecordPage } from "../pages/group-record.ts";
import { groupsPage } from "../pages/groups.ts";
import type { GroupGround } from "../pages/object.ts";
import { type Load, olderHref, pageRequest } from "./load.ts";

const FOUND_GROUPS = 20;
/** At the top of a group: what is longer hides what is new. */
const MAX_PINNED = 3;
export const groups: Load = async (deps, visit) => {
  const { queries, groups: own } = deps;
  const viewer = visit.viewer?.actorKey ?? null;
  const query = (visit.url.searchParams.get(GROUPS.fields.query) ?? "").trim();
  const mayCreate = visit.account !== null && own.mayCreate(visit.account);
  if (query !== "") {
    const here = await queries.searchGroups(query, viewer, FOUND_GROUPS);
    return groupsPage(visit.context, {
      mine: null,
      moreMineHref: null,
      here,
      query,
      olderHref: null,
      mayCreate,
    });
  }
  const mineBefore = parseKey(visit.url.searchParams.get("mine"));
  const request = pageRequest(visit);
  const isFirst = request.before === undefined;
  const [mine, here] = await Promise.all([
    viewer === null || !isFirst
      ? null
      : queries.joinedGroups(viewer, {
          limit: MAX_PAGE_SIZE,
          ...(mineBefore === null ? {} : { before: mineBefore }),
        }),
    mineBefore === null ? queries.groupsHere(viewer, request) : null,
  ]);
  return groupsPage(visit.context, {
    mine: mine?.items ?? null,
    moreMineHref: mine?.older == null ? null : `${GROUPS.path}?mine=${mine.older}`,
    here: here?.items ?? null,
    query,
    olderHref: here && olderHref(visit, here),
    mayCreate,
  });
};

export const newGroup: Load = async (deps, visit) => {
  const { account } = signedIn(visit);
  if (!deps.groups.mayCreate(account))
    throw new Problem("forbidden", "You cannot make groups here. Ask those who run this server.");
  return newGroupPage(visit.context, {});
};

/** What every part of the page of a group needs. */
async function headOf(deps: WebDeps, visit: Visit, group: GroupView, relationship: Relationship | null) {
  const waiting = mayKeep(group) ? await deps.queries.countRequests(group.actor.key) : 0;
  return { group, relationship, address: addressOf(visit.context, group.actor), waiting };
}

async function relationshipTo(deps: WebDeps, { viewer }: Visit, key: number): Promise<Relationship | null> {
  if (viewer === null) return null;
  return (await deps.queries.relationships(viewer.actorKey, [key])).get(key) ?? null;
}

/** @throws Problem `not-found` where there is no group of this name. */
async function groupIn(deps: WebDeps, visit: Visit): Promise<GroupView> {
  const actor = await deps.queries.actorByHandle((visit.params.name ?? "").replace(/^@/, ""));
  const group = actor && (await deps.queries.group(actor.key, visit.viewer?.actorKey ?? null));
  if (group === null) throw new Problem("not-found", "There is no group of this name.");
  return group;
}

async function partOf(deps: WebDeps, visit: Visit) {
  const group = await groupIn(deps, visit);
  return headOf(deps, visit, group, await relationshipTo(deps, visit, group.actor.key));
}

/** The same for those who keep the peace. @throws Problem `unauthenticated` or `forbidden`. */
export async function keptPart(deps: WebDeps, visit: Visit) {
  const { viewer } = signedIn(visit);
  const head = await partOf(deps, visit);
  await deps.groups.require(viewer.actorKey, head.group.actor.key, "admit");
  return { ...head, viewer };
}

const orderIn = ({ url }: Visit): GroupOrder => {
  const order = url.searchParams.get("order");
  return order === "active" || order === "replies" ? order : "newest";
};

/** The page of an actor that is a group. */
export async function groupPosts(
  deps: WebDeps,
  visit: Visit,
  actor: ActorView,
  form?: FormState,
): Promise<PageView | null> {
  const viewer = visit.viewer?.actorKey ?? null;
  const group = await deps.queries.group(actor.key, viewer);
  if (group === null) return null;
  const { key } = group.actor;
  const request = pageRequest(visit);
  const isFirst = request.before === undefined;
  const order = orderIn(visit);
  const isOpen = mayRead(group);
  const [head, page, pinned] = await Promise.all([
    relationshipTo(deps, visit, key).then((known) => headOf(deps, visit, group, known)),
    isOpen ? feedOf(deps, group, viewer, request, order) : null,
    isOpen && isFirst && order === "newest" ? deps.queries.pinned(key, viewer, MAX_PINNED) : [],
  ]);
  const shown = [...pinned, ...(page?.items ?? [])].map(({ object }) => object.key);
  return groupPage(visit.context, {
    ...head,
    order,
    pinned,
    marks: await deps.queries.groupMarks(key, shown),
    feed: page && {
      items: page.items,
      olderHref: olderHref(visit, page),
      newestHref: isFirst ? null : visit.url.pathname + (order === "newest" ? "" : `?order=${order}`),
    },
    ...(form ? { form } : {}),
  });
}

/** Of a group elsewhere that nobody here has joined yet only what it shared is known. */
async function feedOf(
  { queries }: WebDeps,
  { actor }: GroupView,
  viewer: number | null,
  request: PageRequest,
  order: GroupOrder,
) {
  const page = await queries.groupFeed(actor.key, viewer, request, order);
  if (actor.isLocal || page.items.length > 0) return page;
  return queries.profile(actor.key, viewer, request, { withReplies: order === "replies" });
}

export async function groupAbout(deps: WebDeps, visit: Visit, actor: ActorView): Promise<PageView | null> {
  const group = await deps.queries.group(actor.key, visit.viewer?.actorKey ?? null);
  if (group === null) return null;
  const known = await relationshipTo(deps, visit, actor.key);
  return groupAboutPage(visit.context, await headOf(deps, visit, group, known));
}

/** Where a post stands in its group; null where it was said in none, and for visitors. */
export async function groundOf(
  { look, groups, queries }: WebDeps,
  viewer: number | null,
  view: ObjectView,
): Promise<GroupGround | null> {
  if (viewer === null || view.group === null) return null;
  const [group, post, me] = await Promise.all([
    look.byKey(view.group.key),
    look.byKey(view.key),
    look.byKey(viewer),
  ]);
  if (group === null || me === null) return null;
  const [mayKeep, marks, isClosed, refusal] = await Promise.all([
    groups.mayActAs(viewer, group.key, "keep"),
    queries.groupMarks(group.key, [view.key]),
    isLocked(look, group, post),
    postingRefusal(look, group, me, true),
  ]);
  const silence = refusal !== null ? "members" : isClosed && !mayKeep ? "locked" : null;
  return { group: group.iri, mayKeep, marks, silence };
}

/** Who is in a private group is seen by those who are. */
export const members: Load = async (deps, visit) => {
  const head = await partOf(deps, visit);
  if (!mayRead(head.group)) throw new Problem("forbidden", "Only members see who is in this group.");
  const page = await deps.queries.groupPeople(head.group.actor.key, "members", pageRequest(visit));
  return groupPeoplePage(visit.context, {
    ...head,
    list: "members",
    people: page.items,
    olderHref: olderHref(visit, page),
  });
};

export const keptOut =
  (list: "banned" | "requests"): Load =>
  async (deps, visit) => {
    const { viewer: _, ...head } = await keptPart(deps, visit);
    const page = await deps.queries.groupPeople(head.group.actor.key, list, pageRequest(visit));
    return groupPeoplePage(visit.context, {
      ...head,
      list,
      people: page.items,
      olderHref: olderHref(visit, page),
    });
  };

export const record: Load = async (deps, visit) => {
  const head = await partOf(deps, visit);
  const { group } = head;
  if (!mayRead(group)) throw new Problem("forbidden", "Only members see what was done in this group.");
  const page = await deps.queries.groupRecord(
    group.actor.key,
    visit.viewer?.actorKey ?? null,
    pageRequest(visit),
    mayKeep(group),
  );
  return groupRecordPage(visit.context, {
    ...head,
    lines: page.items,
    marks: await deps.queries.groupMarks(
      group.actor.key,
      page.items.flatMap(({ object }) => object?.key ?? []),
    ),
    olderHref: olderHref(visit, page),
  });
};

export const invite: Load = (deps, visit) => inviteAgain(deps, visit);

/** With what was wrong in its forms. */
export async function inviteAgain(deps: WebDeps, visit: Visit, form?: FormState): Promise<PageView> {
  const { viewer, ...head } = await keptPart(deps, visit);
  const { key } = head.group.actor;
  const [links, invited] = await Promise.all([
    deps.groupLinks.list(viewer.actorKey, key),
    deps.queries.groupPeople(key, "invited", { ...pageRequest(visit), limit: MAX_PAGE_SIZE }),
  ]);
  const makers = await deps.queries.actors(links.map(({ creator }) => creator));
  return groupInvitePage(visit.context, {
    ...head,
    links: links.map((link) => ({
      key: link.key,
      href: `${deps.origin}${GROUP_JOIN.path}?${GROUP_JOIN.fields.code}=${link.code}`,
      usesLeft: link.usesLeft,
      expiresMs: link.expiresMs,
      by: makers.get(link.creator) ?? null,
    })),
    invited: invited.items,
    olderHref: olderHref(visit, invited),
    ...(form ? { form } : {}),
  });
}

export const joinByLink: Load = (deps, visit) =>
  joinAgain(deps, visit, visit.url.searchParams.get(GROUP_JOIN.fields.code) ?? "");

/** The page of a link, with what came of it. */
export async function joinAgain(
  deps: WebDeps,
  visit: Visit,
  code: string,
  more: { readonly isSent?: boolean; readonly form?: FormState } = {},
): Promise<PageView> {
  const link = await deps.groupLinks.find(code);
  const group = link && (await deps.queries.group(link.group, visit.viewer?.actorKey ?? null));
  const address = group === null ? "" : addressOf(visit.context, group.actor);
  return groupJoinPage(visit.context, { group, code, address, ...more });
}

export const settings: Load = (deps, visit) => settingsAgain(deps, visit);

/** With what was wrong in its form. @throws Problem for those who may not change the group. */
export async function settingsAgain(deps: WebDeps, visit: Visit, form?: FormState): Promise<PageView> {
  const { viewer } = signedIn(visit);
  const head = await partOf(deps, visit);
  await deps.groups.require(viewer.actorKey, head.group.actor.key, "edit");
  return groupSettingsPage(visit.context, {
    ...head,
    answers: await answersOf(deps, head.group),
    ...(form ? { form } : {}),
  });
}

async function answersOf(deps: WebDeps, group: GroupView): Promise<GroupAnswers> {
  const document = (await deps.look.byKey(group.actor.key))?.document ?? {};
  const source = document.source as AsObject | undefined;
  return {
    displayName: text(document, "name") ?? "",
    description: (source && text(source, "content")) ?? toPlainText(group.actor.summaryHtml),
    rules: values(document, "rules").join("\n"),
    access: group.access,
    joining: group.joining,
    posting: group.posting,
    iconUrl: group.actor.iconUrl,
    imageUrl: group.actor.imageUrl,
  };
}
