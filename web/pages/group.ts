/** A group's page: what is said in it, a place to say something, and who looks after it. */
import type { FeedItem } from "../../server/queries/view.ts";
import type { GroupMarks, GroupOrder, GroupView } from "../../server/queries/view-groups.ts";
import { composer } from "../components/composer.ts";
import { emptyState } from "../components/empty-state.ts";
import { type GroupHeadProps, groupHead, mayKeep } from "../components/group-head.ts";
import { groupPost } from "../components/group-post.ts";
import { pager } from "../components/pager.ts";
import { nameOf, personChip } from "../components/person-chip.ts";
import { profilePreview } from "../components/preview-tags.ts";
import { richText } from "../components/rich-text.ts";
import { tabs } from "../components/tabs.ts";
import { dateOf } from "../components/time.ts";
import type { FormState } from "../forms.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface GroupProps extends Omit<GroupHeadProps, "part"> {
  readonly order: GroupOrder;
  /** Null where the viewer may not read it. */
  readonly feed: {
    readonly items: readonly FeedItem[];
    readonly olderHref: string | null;
    readonly newestHref: string | null;
  } | null;
  /** At the top of the first page. */
  readonly pinned: readonly FeedItem[];
  readonly marks: GroupMarks;
  readonly form?: FormState;
}

export function groupPage(context: PageContext, props: GroupProps): PageView {
  return groupView(
    context,
    { ...props, part: "posts" },
    html`${props.feed === null ? closed(context) : posts(context, props, props.feed)}`,
  );
}

/** Frame of every part of a group's page. */
export function groupView(
  context: PageContext,
  props: GroupHeadProps,
  below: Html,
  title: string | null = null,
): PageView {
  const { group, address } = props;
  const { actor } = group;
  const name = `${nameOf(actor)} (${address})`;
  return {
    title: title === null ? name : `${title} · ${name}`,
    isPrivate: !actor.isLocal || !actor.isIndexable || group.access === "private" || title !== null,
    head: html`<link rel="alternate" type="application/activity+json" href=${actor.iri} />
      ${profilePreview(context, actor, address)}`,
    main: html`${groupHead(context, props)}${below}`,
    ...(props.part === "posts"
      ? { aside: beside(context, group), live: { on: "group", key: actor.key } }
      : {}),
  };
}

export function groupAboutPage(context: PageContext, props: Omit<GroupHeadProps, "part">): PageView {
  const { actor, rules, moderators } = props.group;
  const { group: said } = context.words;
  return groupView(
    context,
    { ...props, part: "about" },
    html`<section class="sheet sheet-body">
        <h2>${said.about}</h2>
        ${actor.summaryHtml ? richText({ cleanHtml: actor.summaryHtml }) : html`<p class="quiet">${said.noSummary}</p>`}
        <p class="quiet">${said.since} ${dateOf(context, actor.publishedMs)}</p>
      </section>
      ${rules.length > 0 && html`<section class="sheet sheet-body"><h2>${said.rules}</h2>${ruleList(rules)}</section>`}
      ${
        moderators.length > 0 &&
        html`<section class="sheet sheet-body"><h2>${said.lookedAfterBy}</h2>${keepers(props.group)}</section>`
      }`,
    said.about,
  );
}

function posts(context: PageContext, props: GroupProps, feed: NonNullable<GroupProps["feed"]>): Html {
  const { group: said } = context.words;
  const { group, marks } = props;
  const { actor } = group;
  const isFirst = feed.newestHref === null;
  const seen = new Set(props.pinned.map(({ object }) => object.key));
  const items = feed.items.filter(({ object }) => !seen.has(object.key));
  return html`
    ${isFirst && writing(context, props)}
    ${orders(context, props)}
    ${
      props.pinned.length > 0 &&
      html`<section class="sheet feed" aria-label=${said.pinnedTitle}>
        ${props.pinned.map((item) => groupPost(context, { group, item, marks }))}
      </section>`
    }
    ${
      items.length === 0 && props.pinned.length === 0
        ? html`<div class="sheet">${emptyState({ icon: "message-circle", title: said.emptyTitle, text: said.emptyText })}</div>`
        : html`<div class="sheet feed">
            ${items.map((item) => groupPost(context, { group, item, marks }))}
            ${pager(context, feed)}
          </div>`
    }
    ${
      actor.host &&
      html`<p class="small quiet">${said.elsewhere(actor.host)} <a href=${actor.url} rel="noopener">${said.seeAll}</a></p>`
    }`;
}

/** Where one may post, a composer; else the reason why not. */
function writing(context: PageContext, { group, form }: GroupProps): Html {
  const { group: said } = context.words;
  const { mine, posting, actor } = group;
  if (context.viewer === null || mine === null || mine.isBanned) return null;
  const isKeeper = mine.role === "owner" || mine.role === "moderator";
  if (posting === "moderators" && !isKeeper)
    return html`<p class="sheet sheet-body quiet">${said.onlyModeratorsPost}</p>`;
  const isOpen = posting === "anyone" && group.access === "public";
  if (mine.role === null && !isOpen)
    return html`<p class="sheet sheet-body quiet">${said.onlyMembersPost}</p>`;
  return composer(context, {
    group: {
      iri: actor.iri,
      name: nameOf(actor),
      isPrivate: group.access === "private",
      maySpeak: mayKeep(group),
    },
    ...(form ? { form } : {}),
  });
}

const ORDERS = ["newest", "active", "replies"] as const satisfies readonly GroupOrder[];

function orders({ words }: PageContext, { group, order }: GroupProps): Html {
  const labels = { newest: words.group.posts, active: words.group.active, replies: words.group.replies };
  return tabs(
    words.group.order,
    ORDERS.map((each) => ({
      href: each === "newest" ? group.actor.path : `${group.actor.path}?order=${each}`,
      label: labels[each],
      isHere: each === order,
    })),
  );
}

const closed = ({ words }: PageContext): Html =>
  html`<div class="sheet">
    ${emptyState({ icon: "lock", title: words.group.closedTitle, text: words.group.closedText })}
  </div>`;

function beside({ words }: PageContext, group: GroupView): Html {
  if (group.rules.length === 0 && group.moderators.length === 0) return null;
  return html`
    ${group.rules.length > 0 && html`<section class="aside-note"><h2>${words.group.rules}</h2>${ruleList(group.rules)}</section>`}
    ${
      group.moderators.length > 0 &&
      html`<section class="aside-note"><h2>${words.group.lookedAfterBy}</h2>${keepers(group)}</section>`
    }`;
}

const ruleList = (rules: readonly string[]): Html =>
  html`<ol class="group-rules">${rules.map((rule) => html`<li key=${rule}><span dir="auto">${rule}</span></li>`)}</ol>`;

const keepers = ({ moderators }: GroupView): Html =>
  html`<ul class="group-keepers">
    ${moderators.map((actor) => html`<li key=${actor.key}>${personChip(actor)}</li>`)}
  </ul>`;
