/** What one can do with a thing: a quiet row below it, and the rest in a menu. One form serves them all. */
import type { ObjectView } from "../../server/queries/view.ts";
import type { IconName } from "../assets/icon-names.ts";
import { ACT, PATHS, REMOTE_FOLLOW, verb } from "../forms.ts";
import { REPORT } from "../forms-peace.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { short } from "../words/number.ts";
import { actForm, verbButton } from "./act-form.ts";
import { icon } from "./icon.ts";
import { menu } from "./menu.ts";
import { nameOf } from "./person-chip.ts";
import { reactionRow, reactMenu } from "./reactions.ts";

export function objectActions(context: PageContext, view: ObjectView): Html {
  if (context.viewer === null) return visitorRow(context, view);
  const { words } = context;
  const { mine, counts } = view;
  return actForm(context, {
    object: view.iri,
    anchor: `p${view.key}`,
    class: "card-actions",
    children: html`
      ${ownActions(view)}${reactionRow(context, view)}
      <div class="card-row">
        <a class="action" href=${`${view.path}#reply`} title=${words.post.reply}>
          ${icon("message-circle")}<span class="visually-hidden">${words.post.reply}</span>${count(context, counts.replies)}
        </a>
        ${toggle(context, {
          icon: "repeat-2",
          isOn: mine.hasShared,
          on: { verb: verb("Announce"), label: words.post.boost },
          off: { verb: verb("Undo", "Announce"), label: words.post.unboost },
          count: counts.shares,
          whyNot: mine.mayShare ? null : words.post.cannotBoost,
        })}
        ${toggle(context, {
          icon: "heart",
          isOn: mine.hasLiked,
          on: { verb: verb("Like"), label: words.post.like },
          off: { verb: verb("Undo", "Like"), label: words.post.unlike },
          count: counts.likes,
        })}
        ${toggle(context, {
          icon: "bookmark",
          isOn: mine.hasBookmarked,
          on: { verb: verb("Add", "bookmarks"), label: words.post.bookmark },
          off: { verb: verb("Remove", "bookmarks"), label: words.post.unbookmark },
        })}
        ${reactMenu(context, view)}
        ${moreMenu(context, view)}
      </div>`,
  });
}

/** Activities that the vocabulary offers on this type, as buttons with their labels. */
const ownActions = ({ actions }: ObjectView): Html =>
  actions.length > 0 &&
  html`<p class="card-own-actions">${actions.map(
    ({
      type,
      label,
      count: n,
    }) => html`<button key=${type} class="button button-quiet" name=${ACT.fields.type}
      value=${verb(type)}>${label}${n > 0 && html` <span class="quiet">${n}</span>`}</button>`,
  )}</p>`;

interface Toggle {
  readonly icon: IconName;
  readonly isOn: boolean;
  readonly on: { readonly verb: string; readonly label: string };
  readonly off: { readonly verb: string; readonly label: string };
  readonly count?: number;
  readonly whyNot?: string | null;
}

function toggle(context: PageContext, props: Toggle): Html {
  const next = props.isOn ? props.off : props.on;
  return html`<button class=${`action ${props.isOn ? `is-on is-${props.icon}` : ""}`} name=${ACT.fields.type}
    value=${next.verb} title=${props.whyNot ?? next.label} disabled=${Boolean(props.whyNot)}>
    ${icon(props.icon)}<span class="visually-hidden">${next.label}</span>${count(context, props.count)}
  </button>`;
}

const count = ({ language }: PageContext, n: number | undefined): Html =>
  n ? html`<span class="action-count">${short(language, n)}</span>` : null;

function moreMenu({ words }: PageContext, view: ObjectView): Html {
  const { post, quote } = words;
  const items = html`
    <a class="menu-item" href=${view.path}>${icon("link")}${post.open}</a>
    ${
      view.mine.mayQuote &&
      html`<a class="menu-item" href=${`${PATHS.write}?quote=${encodeURIComponent(view.iri)}`}>${icon("quote")}${quote.button}</a>`
    }
    ${
      view.mine.isAuthor &&
      view.counts.quotes + view.counts.quoteRequests > 0 &&
      html`<a class="menu-item" href=${`${view.path}/quotes`}>${icon("quote")}${quote.listTitle}</a>`
    }
    ${!view.isLocal && html`<a class="menu-item" href=${view.url} rel="noopener">${icon("external-link")}${post.openOriginal}</a>`}
    ${
      view.mine.isAuthor
        ? html`${mayPin(view) && verbButton({ verb: verb("Add", "featured"), label: words.pins.pin, class: "menu-item", icon: "bookmark" })}
          <a class="menu-item" href=${`${view.path}/edit`}>${icon("pencil")}${post.edit}</a>
          <details class="menu-sure">
            <summary class="menu-item">${icon("trash-2")}${post.delete}</summary>
            <p>${post.deleteSure}</p>
            ${verbButton({ verb: verb("Delete"), label: post.deleteNow, class: "button button-bad" })}
          </details>`
        : html`${verbButton({ verb: verb("Add", "muted-threads"), label: words.mutes.muteThread, class: "menu-item", icon: "volume-x" })}
          <a class="menu-item" href=${`${REPORT.path}?object=${encodeURIComponent(view.iri)}`}>
            ${icon("flag")}${post.report}</a>`
    }`;
  const label = view.author ? post.moreAbout(nameOf(view.author)) : post.more;
  return menu({ label, children: items });
}

/** What only some may read cannot stand on a page that everybody opens. */
const mayPin = ({ visibility }: ObjectView): boolean => visibility !== "direct";

/** Visitors see the counts, and a way to answer from where they live. */
function visitorRow(context: PageContext, view: ObjectView): Html {
  const { words } = context;
  const { replies, shares, likes } = view.counts;
  return html`${reactionRow(context, view)}<p class="card-row card-counts">
    ${replies > 0 && html`<span>${words.post.replies(replies)}</span>`}
    ${shares > 0 && html`<span>${words.post.boosts(shares)}</span>`}
    ${likes > 0 && html`<span>${words.post.likes(likes)}</span>`}
    <a href=${`${REMOTE_FOLLOW.path}?${REMOTE_FOLLOW.fields.object}=${encodeURIComponent(view.iri)}`}>
      ${words.post.replyFromElsewhere}</a>
  </p>`;
}
