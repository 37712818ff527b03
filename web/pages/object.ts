/** One post with its conversation, and for its author where it has arrived. */
import type { ObjectView } from "../../server/queries/view.ts";
import type { GroupMarks } from "../../server/queries/view-groups.ts";
import { type ArrivalsShown, arrivals } from "../components/arrivals.ts";
import { composer } from "../components/composer.ts";
import { keeping } from "../components/group-post.ts";
import { icon } from "../components/icon.ts";
import { objectCard } from "../components/object-card.ts";
import { nameOf } from "../components/person-chip.ts";
import { postPreview } from "../components/preview-tags.ts";
import { replyTree, type ThreadNode } from "../components/thread.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface ObjectProps {
  readonly view: ObjectView;
  /** What it answers, the beginning of the conversation first. */
  readonly ancestors: readonly ObjectView[];
  readonly replies: readonly ThreadNode[];
  /** The next page of replies, or null. */
  readonly moreRepliesHref?: string | null;
  /** For the author only; null for everyone else. */
  readonly arrivals: ArrivalsShown | null;
  /** What the group in which it was said makes of it; null where it was said in none, and for visitors. */
  readonly inGroup?: GroupGround | null;
}

/** Where a post stands in its group, as the viewer may use it. */
export interface GroupGround {
  readonly group: string;
  readonly mayKeep: boolean;
  readonly marks: GroupMarks;
  /** Why the viewer cannot reply. */
  readonly silence: "locked" | "members" | null;
}

export function objectPage(context: PageContext, props: ObjectProps): PageView {
  const { view } = props;
  const { viewer } = context;
  const title = titleOf(context, view);
  return {
    title,
    isPrivate: !isListed(view),
    live: { on: "thread", key: view.key },
    head: view.isDeleted
      ? null
      : html`<link rel="alternate" type="application/activity+json" href=${view.iri} />
          ${postPreview(context, view, title)}`,
    main: html`
      <h1 class="visually-hidden">${title}</h1>
      ${ancestorList(context, props.ancestors)}
      <div class="sheet">${objectCard(context, { view, as: "whole", showsParent: props.ancestors.length === 0 })}
        ${props.inGroup?.mayKeep && keeping(context, { ...props.inGroup, view })}</div>
      ${props.arrivals && arrivals(context, { object: props.view.key, ...props.arrivals })}
      ${props.inGroup?.silence && silence(context, props.inGroup.silence)}
      ${
        viewer !== null &&
        !view.isDeleted &&
        !props.inGroup?.silence &&
        html`<div id="reply">${composer(context, { replyTo: view })}</div>`
      }
      ${replyList(context, props)}`,
  };
}

const silence = ({ words: { group: said } }: PageContext, why: "locked" | "members"): Html =>
  html`<p class="sheet sheet-body group-silence" id="reply">
    ${icon("lock")}${why === "locked" ? said.locked : said.onlyMembersPost}
  </p>`;

/** What people say is listed where they want it; materials are made to be found. */
const TALK: readonly string[] = ["Note", "Question"];

const isListed = (view: ObjectView): boolean =>
  view.isLocal &&
  !view.isDeleted &&
  view.visibility === "public" &&
  (view.author?.isIndexable === true || !view.ancestry.some((type) => TALK.includes(type)));

function titleOf({ words }: PageContext, view: ObjectView): string {
  if (view.isDeleted) return words.post.deleted;
  return view.name ?? words.object.title(view.author ? nameOf(view.author) : words.post.someone);
}

/** As many as leave the post itself in sight on a telephone; what stands before them is folded. */
const ANCESTORS_IN_SIGHT = 1;

function ancestorList(context: PageContext, ancestors: readonly ObjectView[]): Html {
  if (ancestors.length === 0) return null;
  const { object: said } = context.words;
  const cards = ancestors.map((view, index) =>
    objectCard(context, { view, as: "reply", showsParent: index === 0 }),
  );
  const before = cards.length - ANCESTORS_IN_SIGHT;
  const folded = before > 1 ? before : 0;
  return html`<section class="sheet feed ancestors" aria-label=${said.earlier}>
    ${
      folded > 0 &&
      html`<details class="earlier"><summary>${said.earlierPosts(folded)}</summary>${cards.slice(0, folded)}</details>`
    }
    ${cards.slice(folded)}
  </section>`;
}

function replyList(context: PageContext, { replies, moreRepliesHref }: ObjectProps): Html {
  if (replies.length === 0 && !moreRepliesHref) return null;
  const { words } = context;
  return html`<section class="sheet">
    <h2 class="thread-title">${words.post.thread}</h2>
    ${replyTree(context, replies)}
    ${moreRepliesHref && html`<p class="pager"><a class="button button-quiet" href=${moreRepliesHref} rel="next">${words.pager.more}</a></p>`}
  </section>`;
}
