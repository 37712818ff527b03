/** One rule for a domain: made, changed, and asked for once more where it ends followings. */
import { csrfField, hidden } from "../../components/act-form.ts";
import { choices, tick } from "../../components/choices.ts";
import { field, formProblem } from "../../components/field.ts";
import { icon } from "../../components/icon.ts";
import { EMPTY_FORM, type FormState } from "../../forms.ts";
import { DOMAIN_RULE, FEDERATION } from "../../forms-federation.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import type { RuleRow } from "./federation.ts";
import { adminView } from "./frame.ts";

/** Comments are a sentence or two; the server takes as much. */
const MAX_COMMENT = 1000;

export interface DomainRuleProps {
  /** The rule as it is; null for a new one. */
  readonly rule: RuleRow | null;
  /** Typed already, for a new one that is begun elsewhere. */
  readonly domain: string;
  /** What it would end, to be said yes to. */
  readonly cost?: { readonly follows: number; readonly people: number };
  readonly form?: FormState;
}

export function domainRulePage(context: PageContext, props: DomainRuleProps): PageView {
  const { words } = context;
  const { domainRule: said } = words;
  const { rule, form = EMPTY_FORM } = props;
  const title = rule === null ? said.addTitle : said.editTitle(rule.domain);
  return adminView(context, {
    title,
    content: html`<h2>${title}</h2>
      <form class="form sheet sheet-body readable" method="post" action=${DOMAIN_RULE.path}>
        ${csrfField(context)}${formProblem(form, words.form.somethingWrong)}
        ${props.cost && costNotice(context, props.cost)}
        ${ruleFields(context, props, form)}
        <p class="button-row">
          <button class="button" name=${DOMAIN_RULE.fields.confirmed} value=${props.cost ? "yes" : "no"}>
            ${props.cost ? said.confirm : said.submit}</button>
          <a class="button button-plain" href=${FEDERATION.path}>${said.cancel}</a>
        </p>
      </form>`,
  });
}

function costNotice({ words }: PageContext, cost: NonNullable<DomainRuleProps["cost"]>): Html {
  const { domainRule: said } = words;
  return html`<div class="form-problem" role="alert">
    ${icon("triangle-alert")}
    <div><p><strong>${said.cost}</strong></p>
      <p>${said.costFollows(cost.follows, cost.people)} ${said.costNoWayBack}</p></div>
  </div>`;
}

function ruleFields({ words }: PageContext, { rule, domain }: DomainRuleProps, form: FormState): Html {
  const { domainRule: said, federation } = words;
  const { fields } = DOMAIN_RULE;
  const level = rule?.level ?? "block";
  return html`
    ${
      rule === null
        ? field({
            name: fields.domain,
            label: said.domain,
            help: said.domainHelp,
            form,
            value: domain,
            isRequired: true,
            isCode: true,
          })
        : hidden(fields.domain, rule.domain)
    }
    ${choices({
      name: fields.level,
      label: said.level,
      form,
      value: level,
      options: (["block", "limit", "none", "allow"] as const).map((value) => ({
        value,
        label: federation[value],
        help: said[`${value}Help`],
      })),
    })}
    ${tick({
      name: fields.noMedia,
      label: said.noMedia,
      help: said.noMediaHelp,
      form,
      isTicked: form === EMPTY_FORM && (rule?.noMedia ?? false),
    })}
    ${tick({ name: fields.noReports, label: said.noReports, form, isTicked: form === EMPTY_FORM && (rule?.noReports ?? false) })}
    ${field({
      name: fields.publicComment,
      label: said.publicComment,
      help: said.publicCommentHelp,
      form,
      value: rule?.publicComment ?? "",
      maxLength: MAX_COMMENT,
    })}
    ${field({
      name: fields.privateComment,
      label: said.privateComment,
      form,
      value: rule?.privateComment ?? "",
      maxLength: MAX_COMMENT,
    })}`;
}
