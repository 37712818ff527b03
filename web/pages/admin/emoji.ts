/** Pictures of this server that stand for a word between colons. */
import type { CustomEmoji } from "../../../server/site/emoji.ts";
import { csrfField, hidden } from "../../components/act-form.ts";
import { emptyState } from "../../components/empty-state.ts";
import { field, formProblem } from "../../components/field.ts";
import { fileField, PICTURES } from "../../components/file-field.ts";
import { table } from "../../components/table.ts";
import { EMPTY_FORM, type FormState } from "../../forms.ts";
import { ADMIN_EMOJI } from "../../forms-site.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { adminButton, adminView } from "./frame.ts";

export interface AdminEmojiProps {
  readonly emoji: readonly CustomEmoji[];
  readonly form?: FormState;
}

const { path, fields, actions } = ADMIN_EMOJI;

export function adminEmojiPage(
  context: PageContext,
  { emoji, form = EMPTY_FORM }: AdminEmojiProps,
): PageView {
  const { emojis: said, form: words } = context.words;
  return adminView(context, {
    title: said.title,
    text: said.text,
    content: html`
      <form class="form sheet sheet-body readable" method="post" action=${path} enctype="multipart/form-data">
        ${csrfField(context)}${hidden(fields.action, actions.add)}${formProblem(form, words.somethingWrong)}
        ${fileField({ name: fields.picture, label: said.picture, help: said.pictureHelp, form, accept: PICTURES })}
        ${field({
          name: fields.shortcode,
          label: said.shortcode,
          help: said.shortcodeHelp,
          form,
          isRequired: true,
          isCode: true,
          pattern: "[a-zA-Z0-9_]{2,50}",
          maxLength: 50,
        })}
        ${field({ name: fields.category, label: said.category, hint: said.notNeeded, form, maxLength: 50 })}
        <button class="button">${said.add}</button>
      </form>
      <div class="sheet">
        ${
          emoji.length === 0
            ? emptyState({ icon: "smile", title: said.emptyTitle, text: said.emptyText })
            : emojiTable(context, emoji)
        }
      </div>`,
  });
}

function emojiTable(context: PageContext, emoji: readonly CustomEmoji[]): Html {
  const { emojis: said } = context.words;
  return table<CustomEmoji>({
    caption: said.title,
    rows: emoji,
    keyOf: ({ key }) => key,
    columns: [
      {
        label: said.shortcode,
        as: "name",
        cell: ({ shortcode, url }) =>
          html`<div><img class="emoji" src=${url} alt="" width="32" height="32" loading="lazy" /> <bdi>:${shortcode}:</bdi></div>`,
      },
      { label: said.category, cell: (row) => changeForm(context, row) },
      {
        label: said.actions,
        as: "actions",
        cell: ({ key }) =>
          adminButton(context, {
            path,
            fields: { [fields.action]: actions.remove, [fields.emoji]: String(key) },
            label: said.remove,
          }),
      },
    ],
  });
}

function changeForm(context: PageContext, { key, shortcode, category, isOffered }: CustomEmoji): Html {
  const { emojis: said, form: words } = context.words;
  return html`<form class="button-row" method="post" action=${path}>
    ${csrfField(context)}${hidden(fields.action, actions.change)}${hidden(fields.emoji, String(key))}
    <input class="input" name=${fields.category} value=${category} maxlength="50" dir="auto"
      aria-label=${`${said.category}: ${shortcode}`} />
    <label class="choice"><input type="checkbox" name=${fields.isOffered} value="yes" checked=${isOffered} /><span>${said.offered}</span></label>
    <button class="button button-quiet">${words.save}</button>
  </form>`;
}
