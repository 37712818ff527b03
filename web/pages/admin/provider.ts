/** One place elsewhere whose accounts are good here: named for the first time, or changed. */
import type { Provider } from "../../../server/oauth/client/store.ts";
import { csrfField, hidden } from "../../components/act-form.ts";
import { choices } from "../../components/choices.ts";
import { field, formProblem } from "../../components/field.ts";
import { icon } from "../../components/icon.ts";
import { EMPTY_FORM, type FormState } from "../../forms.ts";
import { ADMIN_SIGN_IN } from "../../forms-sign-in.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { adminView } from "./frame.ts";

export interface ProviderProps {
  readonly provider: Omit<Provider, "clientSecret" | "createdMs" | "changedMs"> | null;
  /** What that place has to know of us; null until it is stored. */
  readonly redirectUri: string | null;
  readonly form?: FormState;
}

export function providerPage(context: PageContext, props: ProviderProps): PageView {
  const { adminSignIn: said, form: words } = context.words;
  const { provider, form = EMPTY_FORM } = props;
  const { path, fields, actions } = ADMIN_SIGN_IN;
  const text = (
    name: "name" | "issuer" | "clientId" | "scope" | "subjectName",
    more: { readonly help?: string; readonly isRequired?: boolean; readonly value?: string } = {},
  ) =>
    field({
      name: fields[name],
      label: said[name],
      form,
      value: provider?.[name] ?? "",
      isCode: name !== "name",
      autocomplete: "off",
      maxLength: 2_000,
      ...more,
    });
  return adminView(context, {
    title: provider?.name ?? said.add,
    content: html`
      <p><a href=${path}>${said.back}</a></p>
      <form class="form sheet sheet-body readable" method="post" action=${path}>
        ${csrfField(context)}${hidden(fields.action, actions.save)}
        ${provider && hidden(fields.provider, String(provider.key))}
        ${formProblem(form, words.somethingWrong)}
        ${text("name", { help: said.nameHelp, isRequired: true })}
        ${choices({
          name: fields.kind,
          label: said.kind,
          form,
          value: provider?.kind ?? "oidc",
          options: [
            { value: "oidc", label: said.oidc, help: said.oidcHelp },
            { value: "oauth", label: said.oauth, help: said.oauthHelp },
          ],
        })}
        ${text("issuer", { help: said.issuerHelp, value: provider?.kind === "oauth" ? "" : (provider?.issuer ?? "") })}
        <p class="field-help">
          ${props.redirectUri === null ? said.redirectLater : said.redirect}
          ${
            props.redirectUri !== null &&
            html`<br /><code data-island="copy" data-copy=${context.words.codes.copy}
            data-copied=${context.words.codes.copied}>${props.redirectUri}</code>`
          }
        </p>
        ${text("clientId", { isRequired: true })}
        ${field({
          name: fields.clientSecret,
          type: "password",
          label: said.clientSecret,
          help: provider === null ? said.clientSecretHelp : said.clientSecretKept,
          form,
          autocomplete: "off",
          maxLength: 2_000,
        })}
        ${text("scope", { help: said.scopeHelp })}
        ${endpointFields(context, provider, form)}
        ${text("subjectName", { help: said.subjectHelp })}
        ${choices({
          name: fields.admits,
          label: said.admits,
          form,
          value: provider?.admits ?? "mode",
          options: (["mode", "domains", "everyone"] as const).map((value) => ({
            value,
            label: said[`${value}Admits`],
            help: said[`${value}AdmitsHelp`],
          })),
        })}
        ${field({
          name: fields.domains,
          type: "textarea",
          label: said.domains,
          help: said.domainsHelp,
          form,
          value: (provider?.domains ?? []).join("\n"),
          isCode: true,
          rows: 2,
        })}
        <div><button class="button">${said.save}</button></div>
      </form>`,
  });
}

function endpointFields(context: PageContext, provider: ProviderProps["provider"], form: FormState): Html {
  const { adminSignIn: said } = context.words;
  const { fields } = ADMIN_SIGN_IN;
  const names = ["authorizationEndpoint", "tokenEndpoint", "userinfoEndpoint"] as const;
  const isOpen = provider?.kind === "oauth" || names.some((name) => form.problem?.field === name);
  return html`<details class="more" open=${isOpen}>
    <summary>${icon("server")}${said.endpoints}</summary>
    <div class="form">
      ${names.map((name) =>
        field({
          name: fields[name],
          type: "url",
          label: said[name],
          form,
          value: provider?.[name] ?? "",
          isCode: true,
          autocomplete: "off",
        }),
      )}
    </div>
  </details>`;
}
