/** What the people who run the server decide while it runs: name, words, colour, who can join. */
import { csrfField } from "../../components/act-form.ts";
import { choices } from "../../components/choices.ts";
import { field, formProblem } from "../../components/field.ts";
import { ADMIN_SETTINGS, EMPTY_FORM, type FormState } from "../../forms.ts";
import { type Html, html } from "../../html.ts";
import { ACCENTS, type PageContext, type PageView, type Registration } from "../../page.ts";
import { adminView } from "./frame.ts";

export interface AdminSettingsProps {
  /** As typed: Markdown, one rule in each line. Name, description, colour and registration come from `site`. */
  readonly values: {
    readonly allowedDomains: string;
    readonly rules: string;
    readonly about: string;
    readonly privacy: string;
    readonly contact: string;
    readonly sourceUrl: string;
    readonly groupCreation: string;
  };
  readonly form?: FormState;
}

const REGISTRATIONS: readonly Registration[] = ["invitation", "approval", "domain", "open", "closed"];

export function adminSettingsPage(context: PageContext, props: AdminSettingsProps): PageView {
  const { words, site } = context;
  const { adminSettings: said } = words;
  const { values, form = EMPTY_FORM } = props;
  const { fields, path } = ADMIN_SETTINGS;
  const text = (name: "about" | "privacy" | "rules", help: string) =>
    field({
      name: fields[name],
      type: "textarea",
      label: said[name],
      help,
      form,
      value: values[name],
      rows: 6,
    });
  return adminView(context, {
    title: said.title,
    content: html`<form class="form sheet sheet-body readable" method="post" action=${path}>
      ${csrfField(context)}${formProblem(form, words.form.somethingWrong)}
      ${field({ name: fields.siteName, label: said.siteName, form, value: site.name, isRequired: true, maxLength: 80 })}
      ${field({
        name: fields.description,
        type: "textarea",
        label: said.description,
        help: said.descriptionHelp,
        form,
        value: site.description,
        maxLength: 300,
        rows: 2,
      })}
      ${registrationFields(context, values.allowedDomains, form)}
      ${groupField(context, values.groupCreation, form)}
      ${choices({
        name: fields.accent,
        label: said.accent,
        form,
        value: site.accent,
        isInline: true,
        options: ACCENTS.map((accent) => ({
          value: accent,
          label: said[accent],
          sample: html`<span class="swatch" data-accent=${accent} aria-hidden="true"></span>`,
        })),
      })}
      ${field({ name: fields.contact, label: said.contact, help: said.contactHelp, form, value: values.contact })}
      ${text("rules", said.rulesHelp)}${text("about", said.aboutHelp)}${text("privacy", said.privacyHelp)}
      ${field({
        name: fields.sourceUrl,
        label: said.sourceUrl,
        help: said.sourceUrlHelp,
        type: "url",
        form,
        value: values.sourceUrl,
      })}
      <div><button class="button">${said.submit}</button></div>
    </form>`,
  });
}

const MAKERS = ["everyone", "teachers", "staff"] as const;

const groupField = ({ words: { groupForm: said } }: PageContext, value: string, form: FormState): Html =>
  choices({
    name: ADMIN_SETTINGS.fields.groupCreation,
    label: said.whoMakes,
    form,
    value,
    isInline: true,
    options: MAKERS.map((maker) => ({ value: maker, label: said[`${maker}Make`] })),
  });

function registrationFields({ words, site }: PageContext, domains: string, form: FormState): Html {
  const { adminSettings: said } = words;
  const { fields } = ADMIN_SETTINGS;
  return html`
    ${choices({
      name: fields.registration,
      label: said.registration,
      form,
      value: site.registration,
      options: REGISTRATIONS.map((value) => ({ value, label: said[value], help: said[`${value}Help`] })),
    })}
    ${field({
      name: fields.allowedDomains,
      label: said.domains,
      help: said.domainsHelp,
      form,
      value: domains,
      isCode: true,
    })}`;
}
