/** The viewer's own settings: profile, appearance, password, devices, blocked people. */
import { csrfField, hidden } from "../components/act-form.ts";
import { choices, tick } from "../components/choices.ts";
import { field, formProblem } from "../components/field.ts";
import { icon } from "../components/icon.ts";
import { tabs } from "../components/tabs.ts";
import { time } from "../components/time.ts";
import {
  APPEARANCE,
  EMPTY_FORM,
  type FormState,
  MAX_PROFILE_FIELDS,
  PASSWORD,
  PATHS,
  PROFILE,
  SESSIONS,
} from "../forms.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";
import { LANGUAGES } from "../words/index.ts";

/** The page around each of them. */
export function settingsView(context: PageContext, title: string, content: Html): PageView {
  const { words } = context;
  const here = context.path.split(/[?#]/)[0];
  const items = [
    { href: PROFILE.path, label: words.settings.profile },
    { href: APPEARANCE.path, label: words.settings.appearance },
    { href: PASSWORD.path, label: words.settings.password },
    { href: SESSIONS.path, label: words.settings.sessions },
    { href: PATHS.blocked, label: words.settings.blocked },
  ];
  return {
    title: `${title} · ${words.settings.title}`,
    isPrivate: true,
    main: html`
      <h1>${words.settings.title}</h1>
      ${tabs(
        words.settings.title,
        items.map((item) => ({ ...item, isHere: item.href === here })),
      )}
      ${content}`,
  };
}

export interface ProfileSettingsProps {
  /** As the person typed them, not as HTML. */
  readonly profile: {
    readonly displayName: string;
    readonly summary: string;
    readonly iconUrl: string;
    readonly approvesFollowers: boolean;
    readonly fields: readonly { readonly name: string; readonly value: string }[];
  };
  readonly form?: FormState;
}

export function profileSettingsPage(context: PageContext, props: ProfileSettingsProps): PageView {
  const { words } = context;
  const { profile, form = EMPTY_FORM } = props;
  const { fields } = PROFILE;
  return settingsView(
    context,
    words.settings.profile,
    html`<form class="form sheet sheet-body" method="post" action=${PROFILE.path}>
      ${csrfField(context)}${formProblem(form, words.form.somethingWrong)}
      ${field({
        name: fields.displayName,
        label: words.form.displayName,
        form,
        value: profile.displayName,
        isRequired: true,
        maxLength: 80,
        autocomplete: "name",
      })}
      ${field({
        name: fields.summary,
        type: "textarea",
        label: words.settings.about,
        help: words.settings.aboutHelp,
        form,
        value: profile.summary,
        maxLength: 2000,
      })}
      ${field({
        name: fields.iconUrl,
        type: "url",
        label: words.settings.icon,
        help: words.settings.iconHelp,
        form,
        value: profile.iconUrl,
        isCode: true,
      })}
      ${fieldPairs(context, profile.fields, form)}
      ${tick({
        name: fields.approvesFollowers,
        label: words.settings.approves,
        help: words.settings.approvesHelp,
        form,
        isTicked: profile.approvesFollowers,
      })}
      <button class="button">${words.form.save}</button>
    </form>`,
  );
}

function fieldPairs(
  { words }: PageContext,
  list: ProfileSettingsProps["profile"]["fields"],
  form: FormState,
): Html {
  const numbers = Array.from({ length: MAX_PROFILE_FIELDS }, (_, index) => index + 1);
  const value = (name: string, old: string | undefined) => form.values[name] ?? old ?? "";
  return html`<fieldset class="choices">
    <legend>${words.settings.fields}</legend>
    ${numbers.map((n) => {
      const nameField = PROFILE.fields.fieldName(n);
      const valueField = PROFILE.fields.fieldValue(n);
      return html`<div key=${n} class="field-pair">
        <input class="input" name=${nameField} aria-label=${words.settings.fieldName(n)} maxlength="60" dir="auto"
          value=${value(nameField, list[n - 1]?.name)} />
        <input class="input" name=${valueField} aria-label=${words.settings.fieldValue(n)} maxlength="300" dir="auto"
          value=${value(valueField, list[n - 1]?.value)} />
      </div>`;
    })}
    <p class="field-help">${words.settings.fieldsHelp}</p>
  </fieldset>`;
}

export function appearancePage(context: PageContext, props: { readonly form?: FormState } = {}): PageView {
  const { words, theme, language } = context;
  const { form = EMPTY_FORM } = props;
  return settingsView(
    context,
    words.settings.appearance,
    html`<form class="form sheet sheet-body" method="post" action=${APPEARANCE.path}>
      ${csrfField(context)}
      ${choices({
        name: APPEARANCE.fields.theme,
        label: words.settings.theme,
        form,
        value: theme,
        isInline: true,
        options: [
          { value: "auto", label: words.settings.themeAuto },
          { value: "light", label: words.settings.themeLight },
          { value: "dark", label: words.settings.themeDark },
        ],
      })}
      <div class="field">
        ${choices({
          name: APPEARANCE.fields.language,
          label: words.settings.language,
          form,
          value: language,
          isInline: true,
          options: LANGUAGES.map(({ code, name }) => ({ value: code, label: name })),
        })}
        <p class="field-help">${words.settings.languageHelp}</p>
      </div>
      <button class="button">${words.form.save}</button>
    </form>`,
  );
}

export function passwordPage(context: PageContext, props: { readonly form?: FormState } = {}): PageView {
  const { words } = context;
  const { form = EMPTY_FORM } = props;
  return settingsView(
    context,
    words.settings.password,
    html`<form class="form sheet sheet-body" method="post" action=${PASSWORD.path}>
      ${csrfField(context)}${formProblem(form, words.form.somethingWrong)}
      ${field({
        name: PASSWORD.fields.current,
        type: "password",
        label: words.settings.current,
        form,
        isRequired: true,
        autocomplete: "current-password",
      })}
      ${field({
        name: PASSWORD.fields.next,
        type: "password",
        label: words.settings.next,
        help: words.form.passwordHelp,
        form,
        isRequired: true,
        minLength: 10,
        autocomplete: "new-password",
      })}
      <p class="small quiet">${words.settings.passwordNote}</p>
      <button class="button">${words.settings.changePassword}</button>
    </form>`,
  );
}

export interface SessionItem {
  readonly id: string;
  /** Browser and system in words, as far as known: `Firefox on Linux`. */
  readonly device: string | null;
  readonly createdMs: number;
  readonly lastUsedMs: number;
  readonly isThis: boolean;
}

export function sessionsPage(
  context: PageContext,
  props: { readonly sessions: readonly SessionItem[] },
): PageView {
  const { words } = context;
  const end = (session: string, label: string) => html`<form method="post" action=${SESSIONS.path}>
    ${csrfField(context)}${hidden(SESSIONS.fields.session, session)}
    <button class="button button-quiet">${label}</button>
  </form>`;
  return settingsView(
    context,
    words.settings.sessions,
    html`<section class="section">
      <h2>${words.settings.sessionsTitle}</h2>
      <p class="quiet">${words.settings.sessionsText}</p>
      <ul class="sheet feed">
        ${props.sessions.map(
          (session) => html`<li key=${session.id} class="line">
            ${icon("monitor-smartphone")}
            <div class="line-text">
              <strong>${session.device ?? words.settings.unknownDevice}</strong>
              <span class="small quiet">
                ${words.settings.lastUsed} ${time(context, session.lastUsedMs)} · ${words.settings.signedIn}
                ${" "}${time(context, session.createdMs)}
              </span>
            </div>
            ${session.isThis ? html`<span class="badge badge-good">${words.settings.thisSession}</span>` : end(session.id, words.settings.endSession)}
          </li>`,
        )}
      </ul>
      ${props.sessions.length > 1 && end("others", words.settings.endOthers)}
    </section>`,
  );
}
