/** The title of a page, a sentence below it, and at most one thing to do beside it. */
import { type Html, html } from "../html.ts";

export const pageHead = (props: {
  readonly title: string;
  readonly text?: Html;
  readonly action?: Html;
}): Html => html`<div class="page-head">
  <h1 dir="auto">${props.title}</h1>
  ${props.action}
  ${props.text && html`<p>${props.text}</p>`}
</div>`;
