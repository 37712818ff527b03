/** A post within another that quotes it; or a word on why it is not shown, and where it is. */
import type { ObjectView } from "../../server/queries/view.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { safeHref } from "../safe-href.ts";
import { avatar } from "./avatar.ts";
import { bodyOf } from "./by-type.ts";
import { icon } from "./icon.ts";
import { shownName } from "./person-chip.ts";
import { time } from "./time.ts";

/** What the post quotes; null where it quotes nothing. */
export function quoteCard(context: PageContext, { quote }: ObjectView): Html {
  if (quote === null) return null;
  if (quote.view !== null) return quotedPost(context, quote.view);
  const { quote: said, post } = context.words;
  if (quote.state === "deleted")
    return html`<p class="quoted-missing">${icon("quote")}<span>${post.deleted}</span></p>`;
  return html`<p class="quoted-missing">${icon("quote")}
    <span>${said[quote.refusal ?? (quote.state === "withheld" ? "withheld" : "unseen")]}${" "}
      <a href=${safeHref(quote.iri)} rel="noopener nofollow ugc">${said.seeLink}</a></span></p>`;
}

/** As somebody reads it before they quote it, too. */
export function quotedPost(context: PageContext, view: ObjectView): Html {
  const { words } = context;
  const { author, quote } = view;
  if (view.isDeleted)
    return html`<p class="quoted-missing">${icon("quote")}<span>${words.post.deleted}</span></p>`;
  return html`<blockquote class="quoted">
    <h2 class="quoted-head"><span class="visually-hidden">${words.quote.quoted}: </span>
      ${author && avatar(author, "small")}
      ${
        author
          ? html`<a class="card-name" href=${author.path}><bdi>${shownName(author)}</bdi></a>
              <span class="handle">@${author.handle}</span>`
          : html`<span class="card-name">${words.post.someone}</span>`
      }
      <a class="quoted-when" href=${view.path}>${time(context, view.publishedMs)}</a>
    </h2>
    ${bodyOf(context, view, "reply")}
    ${
      quote !== null &&
      html`<p class="small quiet"><a href=${safeHref(quote.iri)} rel="noopener nofollow ugc">${words.quote.within}</a></p>`
    }
  </blockquote>`;
}
