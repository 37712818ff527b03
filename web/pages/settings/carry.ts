/** What a list that was brought along comes to, before anything of it is done. */
import type { Draft } from "../../../server/federation/belongings.ts";
import { csrfField, hidden } from "../../components/act-form.ts";
import { idOf } from "../../components/field.ts";
import { CARRY, MOVING } from "../../forms-moving.ts";
import { html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { settingsView } from "./view.ts";

/** Lines that are seen at once; the rest is scrolled to. */
const ROWS = 12;

export function carryPage(context: PageContext, { draft }: { readonly draft: Draft }): PageView {
  const { moving: said } = context.words;
  const { list, values, present, unread } = draft;
  const id = idOf(CARRY.fields.values);
  return settingsView(
    context,
    said.draftTitle,
    html`<section class="section">
      <h2>${said.draftTitle}: ${said.lists[list]}</h2>
      <ul>
        <li>${said.draftNew(values.length)}</li>
        ${present > 0 && html`<li>${said.draftPresent(present)}</li>`}
        ${unread > 0 && html`<li>${said.draftUnread(unread)}</li>`}
      </ul>
      ${
        values.length === 0
          ? html`<p>${said.draftNothing}</p>
              <p><a class="button button-quiet" href=${MOVING.path}>${said.cancel}</a></p>`
          : html`<p class="quiet">${said.draftText}</p>
              <form class="form sheet sheet-body" method="post" action=${CARRY.path}>
                ${csrfField(context)}${hidden(CARRY.fields.list, list)}
                <div class="field">
                  <label class="field-label" for=${id}>${said.draftValues}</label>
                  <textarea class="input" id=${id} name=${CARRY.fields.values} rows=${Math.min(values.length, ROWS)} dir="ltr"
                    spellcheck="false" autocapitalize="none">${values.join("\n")}</textarea>
                </div>
                <div class="button-row">
                  <button class="button">${said.begin}</button>
                  <a class="button button-quiet" href=${MOVING.path}>${said.cancel}</a>
                </div>
              </form>`
      }
    </section>`,
  );
}
