/** How people sign in here: places elsewhere whose accounts are good, and who needs a second factor. */
import type { Provider } from "../../../server/oauth/client/store.ts";
import { csrfField, hidden } from "../../components/act-form.ts";
import { choices } from "../../components/choices.ts";
import { emptyState } from "../../components/empty-state.ts";
import { formProblem } from "../../components/field.ts";
import { table } from "../../components/table.ts";
import { EMPTY_FORM, type FormState } from "../../forms.ts";
import { ADMIN_SIGN_IN } from "../../forms-sign-in.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { adminButton, adminView } from "./frame.ts";

export type ShownProvider = Pick<Provider, "key" | "name" | "issuer" | "kind" | "admits">;

export interface ProvidersProps {
  readonly providers: readonly ShownProvider[];
  readonly secondFactor: string;
  readonly fediverseSignIn: string;
  /** Of a private network; the operator named them. */
  readonly insideHosts: readonly string[];
  readonly form?: FormState;
}

const REACHES = ["nobody", "admins", "staff", "teachers", "everyone"] as const;

export function providersPage(context: PageContext, props: ProvidersProps): PageView {
  const { adminSignIn: said } = context.words;
  const { providers } = props;
  const add = { href: `${ADMIN_SIGN_IN.path}/new`, label: said.add };
  return adminView(context, {
    title: said.title,
    content: html`
      <section class="section">
        <h2>${said.places}</h2>
        <p class="quiet readable">${said.placesText}</p>
        ${
          props.insideHosts.length > 0 &&
          html`<p class="quiet readable">
            ${said.insideHosts}${props.insideHosts.map((host) => html` <code>${host}</code>`)}
          </p>`
        }
        <div class="sheet">
          ${
            providers.length === 0
              ? emptyState({ icon: "plug", title: said.emptyTitle, text: said.emptyText, step: add })
              : providerTable(context, providers)
          }
        </div>
        ${providers.length > 0 && html`<p><a class="button" href=${add.href}>${add.label}</a></p>`}
      </section>
      ${rulesForm(context, props)}`,
  });
}

function providerTable(context: PageContext, providers: readonly ShownProvider[]): Html {
  const { adminSignIn: said } = context.words;
  const { path, fields, actions } = ADMIN_SIGN_IN;
  return table<ShownProvider>({
    caption: said.places,
    rows: providers,
    keyOf: ({ key }) => key,
    columns: [
      {
        label: said.name,
        as: "name",
        cell: ({ key, name, issuer }) =>
          html`<div><a href=${`${path}/${key}`}><bdi>${name}</bdi></a><small><bdi>${issuer}</bdi></small></div>`,
      },
      { label: said.kind, cell: ({ kind }) => said[kind] },
      { label: said.admits, cell: ({ admits }) => said[`${admits}Admits`] },
      {
        label: said.actions,
        as: "actions",
        cell: ({ key }) =>
          adminButton(context, {
            path,
            fields: { [fields.action]: actions.remove, [fields.provider]: String(key) },
            label: said.remove,
          }),
      },
    ],
  });
}

function rulesForm(context: PageContext, props: ProvidersProps): Html {
  const { adminSignIn: said, form: words } = context.words;
  const { form = EMPTY_FORM } = props;
  const { path, fields, actions } = ADMIN_SIGN_IN;
  return html`<section class="section">
    <h2>${said.rules}</h2>
    <form class="form sheet sheet-body readable" method="post" action=${path}>
      ${csrfField(context)}${hidden(fields.action, actions.rules)}${formProblem(form, words.somethingWrong)}
      ${choices({
        name: fields.secondFactor,
        label: said.secondFactor,
        form,
        value: props.secondFactor,
        options: REACHES.map((value) => ({ value, label: said[`${value}Reach`] })),
      })}
      <p class="field-help">${said.secondFactorHelp}</p>
      ${choices({
        name: fields.fediverseSignIn,
        label: said.fediverse,
        form,
        value: props.fediverseSignIn,
        isInline: true,
        options: [
          { value: "on", label: said.fediverseOn },
          { value: "off", label: said.fediverseOff },
        ],
      })}
      <button class="button button-quiet">${words.save}</button>
    </form>
  </section>`;
}
