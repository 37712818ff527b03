/** A person's page: who they are, what they posted. */
import type { ActorView, FeedItem, Relationship } from "../../server/queries/view.ts";
import { actForm, verbButton } from "../components/act-form.ts";
import { actorHead } from "../components/actor-card.ts";
import { emptyState } from "../components/empty-state.ts";
import { type FeedProps, feed } from "../components/feed.ts";
import { icon } from "../components/icon.ts";
import { keptCard } from "../components/kept-card.ts";
import { movedNote } from "../components/moved-note.ts";
import { nameOf } from "../components/person-chip.ts";
import { profilePreview } from "../components/preview-tags.ts";
import { richText } from "../components/rich-text.ts";
import { tabs } from "../components/tabs.ts";
import { dateOf } from "../components/time.ts";
import { PATHS, verb } from "../forms.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export type ActorTab = "posts" | "replies" | "about";

export interface ActorProps {
  readonly actor: ActorView;
  /** Null for visitors. */
  readonly relationship: Relationship | null;
  readonly tab: ActorTab;
  /** What stands at the top of the page, on its first page alone. */
  readonly pinned?: readonly FeedItem[];
  /** Hashtags that they show there, without `#`. */
  readonly tags?: readonly string[];
  /** Only what carries this one is shown. */
  readonly tag?: string;
  /** Null on the tab `about`. */
  readonly feed: FeedProps | null;
}

export function actorPage(context: PageContext, props: ActorProps): PageView {
  const { actor, relationship } = props;
  const address = addressOf(context, actor);
  return {
    title: `${nameOf(actor)} (${address})`,
    isPrivate: !actor.isLocal || !actor.isIndexable || !actor.isDiscoverable,
    head: html`<link rel="alternate" type="application/activity+json" href=${actor.iri} />
      ${profilePreview(context, actor, address)}`,
    main: html`
      <div class="sheet">
        ${actorHead(context, { actor, relationship, address })}
        ${tabs(context.words.actor.tabs, tabList(context, props))}
      </div>
      ${movedNote(context, actor)}
      ${relationship?.remark && html`<p class="sheet sheet-body small" dir="auto">${context.words.circle.noted} ${relationship.remark}</p>`}
      ${relationship?.blocking ? blockedNote(context, actor) : below(context, props)}`,
  };
}

/** The address as it is everywhere: `@alice@school.example`. */
export const addressOf = ({ site }: PageContext, actor: ActorView): string =>
  actor.isLocal ? `@${actor.handle}@${site.host}` : `@${actor.handle}`;

function tabList({ words }: PageContext, { actor, tab }: ActorProps) {
  return [
    { href: actor.path, label: words.actor.posts, isHere: tab === "posts" },
    { href: `${actor.path}/replies`, label: words.actor.replies, isHere: tab === "replies" },
    { href: `${actor.path}/about`, label: words.actor.about, isHere: tab === "about" },
  ];
}

function below(context: PageContext, props: ActorProps): Html {
  const { actor } = props;
  const { words } = context;
  if (props.feed === null) return about(context, actor);
  const isSelf = props.relationship?.isSelf ?? false;
  const empty = emptyState({
    icon: "pencil",
    title: words.actor.emptyTitle,
    text: isSelf ? words.actor.emptyOwnText : words.actor.emptyText(nameOf(actor)),
    ...(isSelf ? { step: { href: PATHS.write, label: words.actor.emptyOwnStep } } : {}),
  });
  const { pinned = [] } = props;
  const top = new Set(pinned.map(({ object }) => object.key));
  const others = props.feed.items.filter(({ object }) => !top.has(object.key));
  const rest = { ...props.feed, items: others };
  return html`${props.tag && html`<h2 class="tag-title"><bdi>#${props.tag}</bdi></h2>`}
    ${shownTags(context, actor, props.tags ?? [])}
    ${pinnedPosts(context, pinned, isSelf)}
    ${(others.length > 0 || pinned.length === 0) && feed(context, rest, empty)}
    ${
      actor.host &&
      html`<p class="small quiet">${words.actor.elsewhere(actor.host)}
        ${" "}<a href=${actor.url} rel="noopener">${words.actor.seeAll}</a></p>`
    }`;
}

function shownTags({ words }: PageContext, { path }: ActorView, tags: readonly string[]): Html {
  if (tags.length === 0) return null;
  return html`<ul class="hashtags" aria-label=${words.tagFollow.shown}>
    ${tags.map(
      (tag) =>
        html`<li key=${tag}><a href=${`${path}/tagged/${encodeURIComponent(tag)}`} rel="tag" dir="auto">#${tag}</a></li>`,
    )}
  </ul>`;
}

function pinnedPosts(context: PageContext, pinned: readonly FeedItem[], isOwn: boolean): Html {
  const { title, unpin } = context.words.pins;
  if (pinned.length === 0) return null;
  return html`<section class="sheet feed" aria-label=${title}>
    ${pinned.map(
      ({ object }) => html`<div key=${object.key} class="group-post">
        <p class="group-marks"><span>${icon("bookmark")}${title}</span></p>
        ${keptCard(context, { view: object })}
        ${
          isOwn &&
          actForm(context, {
            object: object.iri,
            class: "pinned-unpin",
            children: verbButton({
              verb: verb("Remove", "featured"),
              label: unpin,
              class: "button button-plain",
            }),
          })
        }
      </div>`,
    )}
  </section>`;
}

function about(context: PageContext, actor: ActorView): Html {
  const { words } = context;
  return html`<section class="sheet sheet-body">
    <h2>${words.actor.about}</h2>
    ${actor.summaryHtml ? richText({ cleanHtml: actor.summaryHtml }) : html`<p class="quiet">${words.actor.noSummary}</p>`}
    <p class="quiet">${words.actor.joined} ${dateOf(context, actor.publishedMs)}</p>
  </section>`;
}

const blockedNote = (context: PageContext, actor: ActorView): Html => {
  const { words } = context;
  return html`<div class="sheet empty">
    <h2>${words.actor.blockedTitle}</h2>
    <p>${words.actor.blockedText}</p>
    ${actForm(context, {
      object: actor.iri,
      children: verbButton({
        verb: verb("Undo", "Block"),
        label: words.people.unblock,
        class: "button button-quiet",
      }),
    })}
  </div>`;
};
