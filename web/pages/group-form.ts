/** The questions about a group: when it is made, and whenever its owners change something. */
import { csrfField, hidden } from "../components/act-form.ts";
import { choices } from "../components/choices.ts";
import { field, formProblem } from "../components/field.ts";
import { groupButton, groupForm } from "../components/group-act.ts";
import type { GroupHeadProps } from "../components/group-head.ts";
import { pageHead } from "../components/page-head.ts";
import { pictureField, removalId } from "../components/picture-field.ts";
import { EMPTY_FORM, type FormState, MAX_DISPLAY_NAME_CHARACTERS, MAX_SUMMARY_CHARACTERS } from "../forms.ts";
import { GROUP_ACT, GROUP_EDIT, GROUP_NEW } from "../forms-groups.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";
import { sizeInWords } from "../words/number.ts";
import { groupView } from "./group.ts";

/** As typed, not as HTML. */
export interface GroupAnswers {
  readonly displayName: string;
  readonly description: string;
  readonly rules: string;
  readonly access: string;
  readonly joining: string;
  readonly posting: string;
  readonly iconUrl: string | null;
  readonly imageUrl: string | null;
}

export const NEW_GROUP: GroupAnswers = {
  displayName: "",
  description: "",
  rules: "",
  access: "public",
  joining: "open",
  posting: "members",
  iconUrl: null,
  imageUrl: null,
};

export function newGroupPage(context: PageContext, props: { readonly form?: FormState }): PageView {
  const { words, site } = context;
  const { form = EMPTY_FORM } = props;
  const said = words.groupForm;
  return {
    title: said.newTitle,
    isPrivate: true,
    main: html`${pageHead({ title: said.newTitle, text: said.newText })}
      ${frame(context, {
        path: GROUP_NEW.path,
        form,
        submit: said.create,
        content: html`
          ${field({
            name: GROUP_NEW.fields.displayName,
            label: said.displayName,
            help: said.displayNameHelp,
            form,
            isRequired: true,
            maxLength: MAX_DISPLAY_NAME_CHARACTERS,
            hasFocus: true,
          })}
          ${field({
            name: GROUP_NEW.fields.name,
            label: said.name,
            help: said.nameHelp,
            form,
            isRequired: true,
            isCode: true,
            affix: `@${site.host}`,
            autocomplete: "off",
          })}
          ${questions(context, NEW_GROUP, form)}`,
      })}`,
  };
}

export interface GroupSettingsProps extends Omit<GroupHeadProps, "part"> {
  readonly answers: GroupAnswers;
  readonly form?: FormState;
}

export function groupSettingsPage(context: PageContext, props: GroupSettingsProps): PageView {
  const said = context.words.groupForm;
  const { answers, group, form = EMPTY_FORM } = props;
  const { actor } = group;
  return groupView(
    context,
    { ...props, part: "settings" },
    html`
      ${frame(context, {
        path: GROUP_EDIT.path,
        form,
        submit: said.save,
        content: html`${hidden(GROUP_EDIT.fields.group, actor.iri)}
          ${field({
            name: GROUP_EDIT.fields.displayName,
            label: said.displayName,
            help: said.displayNameHelp,
            form,
            value: answers.displayName,
            isRequired: true,
            maxLength: MAX_DISPLAY_NAME_CHARACTERS,
          })}
          ${questions(context, answers, form)}`,
      })}
      ${answers.iconUrl && removal(context, actor.iri, GROUP_EDIT.fields.icon)}
      ${answers.imageUrl && removal(context, actor.iri, GROUP_EDIT.fields.image)}
      ${deletion(context, actor.iri)}`,
    context.words.group.settings,
  );
}

function frame(
  context: PageContext,
  props: { readonly path: string; readonly form: FormState; readonly submit: string; readonly content: Html },
): Html {
  const { words, site } = context;
  const most = sizeInWords(context.language, site.maxUploadBytes);
  return html`<form class="form sheet sheet-body" method="post" action=${props.path} enctype="multipart/form-data"
    data-island="files" data-max-bytes=${site.maxUploadBytes} data-too-large=${words.files.tooLarge(most)}>
    ${csrfField(context)}${formProblem(props.form, words.form.somethingWrong)}
    ${props.form.hasLostFiles && html`<p class="small">${words.files.chooseAgain}</p>`}
    ${props.content}
    <div><button class="button">${props.submit}</button></div>
  </form>`;
}

function questions(context: PageContext, answers: GroupAnswers, form: FormState): Html {
  const { words, site } = context;
  const said = words.groupForm;
  const { fields } = GROUP_NEW;
  const most = sizeInWords(context.language, site.maxUploadBytes);
  const text = (name: "description" | "rules", maxLength: number) =>
    field({
      name: fields[name],
      type: "textarea",
      label: said[name],
      help: said[`${name}Help`],
      form,
      value: answers[name],
      maxLength,
    });
  const choice = <const N extends string>(
    name: "access" | "joining" | "posting",
    label: string,
    values: readonly N[],
  ) =>
    choices({
      name: fields[name],
      label,
      form,
      value: answers[name],
      options: values.map((value) => ({
        value,
        label: said[value as "open"],
        help: said[`${value}Help` as "openHelp"],
      })),
    });
  return html`
    ${text("description", MAX_SUMMARY_CHARACTERS)}
    ${choice("access", said.access, ["public", "private"])}
    ${answers !== NEW_GROUP && html`<p class="field-help">${said.accessStays}</p>`}
    ${choice("joining", said.joining, ["open", "request", "invitation"])}
    ${choice("posting", said.posting, ["anyone", "members", "moderators"])}
    ${text("rules", MAX_RULES_CHARACTERS)}
    ${pictureField(context, {
      name: fields.icon,
      label: said.icon,
      help: words.settings.iconHelp(most),
      form,
      now:
        answers.iconUrl &&
        html`<img class="avatar avatar-large" src=${answers.iconUrl} alt="" width="96" height="96" />`,
    })}
    ${pictureField(context, {
      name: fields.image,
      label: said.image,
      help: words.settings.imageHelp(most),
      form,
      now:
        answers.imageUrl &&
        html`<img class="profile-cover" src=${answers.imageUrl} alt="" width="640" height="176" />`,
    })}`;
}

/** A card on a screen; `accounts/group-request.ts` counts the same. */
const MAX_RULES_CHARACTERS = 4_000;

const removal = (context: PageContext, group: string, name: string): Html =>
  html`<form id=${removalId(name)} method="post" action=${GROUP_EDIT.path}>
    ${csrfField(context)}${hidden(GROUP_EDIT.fields.group, group)}${hidden(GROUP_EDIT.fields.remove, name)}
  </form>`;

/** Deleting asks, and asks for the address: nothing else here cannot be taken back. */
function deletion(context: PageContext, group: string): Html {
  const said = context.words.groupForm;
  return html`<details class="sheet sheet-body more">
    <summary>${said.remove}</summary>
    ${groupForm(context, {
      group,
      class: "form",
      children: html`<p>${said.removeText}</p>
        ${field({
          name: GROUP_ACT.fields.sure,
          label: said.removeSure,
          form: EMPTY_FORM,
          isCode: true,
          isRequired: true,
          autocomplete: "off",
        })}
        <div>${groupButton({ action: GROUP_ACT.actions.delete, label: said.removeNow, class: "button button-bad" })}</div>`,
    })}
  </details>`;
}
