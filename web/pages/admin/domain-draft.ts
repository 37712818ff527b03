/** What a list would change, before it changes anything. */
import { csrfField, hidden } from "../../components/act-form.ts";
import { icon } from "../../components/icon.ts";
import { DOMAIN_LISTS } from "../../forms-federation.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { type RuleRow, ruleInWords } from "./federation.ts";
import { adminView } from "./frame.ts";

type Rule = Pick<RuleRow, "domain" | "level" | "noMedia" | "noReports" | "publicComment">;

export interface DomainDraftProps {
  readonly list: string;
  readonly name: string;
  readonly added: readonly Rule[];
  readonly changed: readonly { readonly before: Rule; readonly after: Rule }[];
  readonly removed: readonly Rule[];
  readonly kept: readonly Rule[];
  readonly obfuscated: number;
  readonly cost: { readonly follows: number; readonly people: number; readonly servers: number };
}

/** More than that is not read line by line; their number is. */
const MAX_SHOWN = 200;

/** `props` is null where nothing of the list waits any more. */
export function domainDraftPage(context: PageContext, props: DomainDraftProps | null): PageView {
  const { domainDraft: said, federation } = context.words;
  if (props === null)
    return adminView(context, {
      title: said.title,
      content: html`<p class="sheet sheet-body">${said.gone} <a href=${DOMAIN_LISTS.path}>${federation.lists}</a></p>`,
    });
  const isEmpty = props.added.length + props.changed.length + props.removed.length === 0;
  return adminView(context, {
    title: said.title,
    content: html`
      <h2>${said.title}</h2>
      <p class="quiet">${said.from(props.name)}</p>
      ${costs(context, props)}
      ${decision(context, props.list)}
      ${isEmpty && html`<p class="sheet sheet-body">${said.nothing}</p>`}
      ${group(context, said.added, props.added, (rule) => line(context, rule.domain, ruleInWords(context, rule), rule.publicComment))}
      ${group(context, said.changed, props.changed, ({ before, after }) =>
        line(
          context,
          after.domain,
          html`${ruleInWords(context, before)} → ${ruleInWords(context, after)}`,
          after.publicComment,
        ),
      )}
      ${group(context, said.removed, props.removed, (rule) => line(context, rule.domain, ruleInWords(context, rule), ""))}
      ${group(
        context,
        said.kept,
        props.kept,
        (rule) => line(context, rule.domain, ruleInWords(context, rule), ""),
        said.keptText,
      )}`,
  });
}

function costs({ words }: PageContext, { cost, obfuscated }: DomainDraftProps): Html {
  const { domainDraft: said, domainRule } = words;
  return html`
    ${
      cost.follows > 0 &&
      html`<div class="form-problem" role="alert">${icon("triangle-alert")}
        <p>${domainRule.costFollows(cost.follows, cost.people)} ${domainRule.costNoWayBack}</p></div>`
    }
    ${cost.servers > 0 && html`<p>${said.servers(cost.servers)}</p>`}
    ${obfuscated > 0 && html`<p class="quiet">${said.obfuscated(obfuscated)}</p>`}`;
}

function decision(context: PageContext, list: string): Html {
  const { domainDraft: said } = context.words;
  const { fields, actions, path } = DOMAIN_LISTS;
  return html`<form class="button-row" method="post" action=${path}>
    ${csrfField(context)}${hidden(fields.list, list)}
    <button class="button" name=${fields.action} value=${actions.accept}>${said.accept}</button>
    <button class="button button-plain" name=${fields.action} value=${actions.discard}>${said.discard}</button>
  </form>`;
}

function group<T>(
  { words }: PageContext,
  title: string,
  items: readonly T[],
  show: (item: T) => Html,
  text?: string,
): Html {
  if (items.length === 0) return null;
  return html`<section class="section">
    <h3>${title} (${items.length})</h3>
    ${text && html`<p class="quiet">${text}</p>`}
    <ul class="sheet plain-list">${items.slice(0, MAX_SHOWN).map(show)}</ul>
    ${items.length > MAX_SHOWN && html`<p class="quiet">${words.domainDraft.more(items.length - MAX_SHOWN)}</p>`}
  </section>`;
}

const line = (_: PageContext, domain: string, what: Html, why: string): Html =>
  html`<li key=${domain} class="line"><bdi class="line-text">${domain}</bdi> ${what}${why && html`<small dir="auto"> ${why}</small>`}</li>`;
