/** With whom this server exchanges things: the switch, and the rules for domains. */
import type { FederationMode, Level } from "../../../server/moderation/rules.ts";
import { csrfField, hidden } from "../../components/act-form.ts";
import { choices, select } from "../../components/choices.ts";
import { emptyState } from "../../components/empty-state.ts";
import { field } from "../../components/field.ts";
import { icon } from "../../components/icon.ts";
import { pager } from "../../components/pager.ts";
import { table } from "../../components/table.ts";
import { time } from "../../components/time.ts";
import { EMPTY_FORM } from "../../forms.ts";
import { DOMAIN_EXPORT, DOMAIN_LISTS, DOMAIN_RULE, FEDERATION } from "../../forms-federation.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { adminButton, adminView } from "./frame.ts";

export interface RuleRow {
  readonly domain: string;
  readonly level: Level;
  readonly noMedia: boolean;
  readonly noReports: boolean;
  readonly publicComment: string;
  readonly privateComment: string;
  readonly isFromList: boolean;
  readonly changedMs: number;
}

export interface FederationProps {
  readonly mode: FederationMode;
  readonly rules: readonly RuleRow[];
  readonly query: string;
  readonly level: Level | "all";
  readonly olderHref: string | null;
  readonly counts: Readonly<Record<Level, number>>;
  /** The switch is for admins alone. */
  readonly maySwitch: boolean;
}

const MODES: readonly FederationMode[] = ["open", "partners", "closed"];
const LEVELS: readonly Level[] = ["block", "limit", "none", "allow"];
export const LEVEL_LOOKS: Readonly<Record<Level, string>> = {
  allow: "badge badge-good",
  none: "badge",
  limit: "badge badge-warn",
  block: "badge badge-bad",
};

export function federationPage(context: PageContext, props: FederationProps): PageView {
  const { federation: said } = context.words;
  return adminView(context, {
    title: said.title,
    content: html`
      ${props.maySwitch ? switchForm(context, props.mode) : html`<p class="sheet sheet-body">${said.switchTitle}: <strong>${said[props.mode]}</strong></p>`}
      <section class="section">
        <div class="page-head">
          <h2>${said.rules}</h2>
          <a class="button" href=${DOMAIN_RULE.path}>${said.add}</a>
        </div>
        <p class="quiet">${said.rulesText}</p>
        ${filter(context, props)}
        <div class="sheet">${ruleList(context, props)}</div>
      </section>
      <p class="button-row">
        <a class="button button-quiet" href=${DOMAIN_LISTS.path}>${said.lists}</a>
      </p>
      <section class="section">
        <h2>${said.exports}</h2>
        <p class="button-row">
          ${exportLink("mastodon-blocks", said.exportBlocks)}${exportLink("mastodon-allows", said.exportAllows)}
          ${exportLink("gotosocial-blocks", said.exportBlocksGts)}${exportLink("gotosocial-allows", said.exportAllowsGts)}
        </p>
      </section>`,
  });
}

function switchForm(context: PageContext, mode: FederationMode): Html {
  const { federation: said } = context.words;
  const { fields, actions, path } = FEDERATION;
  return html`<form class="form sheet sheet-body readable" method="post" action=${path}>
    ${csrfField(context)}${hidden(fields.action, actions.mode)}
    ${choices({
      name: fields.mode,
      label: said.switchTitle,
      form: EMPTY_FORM,
      value: mode,
      options: MODES.map((value) => ({ value, label: said[value], help: said[`${value}Help`] })),
    })}
    <div><button class="button button-quiet">${said.switchSubmit}</button></div>
  </form>`;
}

function filter(context: PageContext, props: FederationProps): Html {
  const { federation: said } = context.words;
  const { fields, path } = FEDERATION;
  return html`<form class="inline-form" role="search" aria-label=${said.find} action=${path}>
    ${field({ name: fields.query, type: "search", label: said.search, form: EMPTY_FORM, value: props.query, isCode: true })}
    ${select({
      name: fields.level,
      label: said.rule,
      value: props.level,
      options: [
        { value: "all", label: said.all },
        ...LEVELS.map((value) => ({ value, label: `${said[value]} (${props.counts[value]})` })),
      ],
    })}
    <button class="button button-quiet">${icon("search")}${said.find}</button>
  </form>`;
}

function ruleList(context: PageContext, props: FederationProps): Html {
  const { federation: said } = context.words;
  if (props.rules.length === 0) {
    const isSearch = props.query !== "" || props.level !== "all";
    return isSearch
      ? html`<p class="line quiet">${said.nothingFound}</p>`
      : emptyState({ icon: "server", title: said.emptyTitle, text: said.emptyText });
  }
  return html`${ruleTable(context, props)}${props.olderHref && pager(context, { olderHref: props.olderHref })}`;
}

function ruleTable(context: PageContext, { rules }: FederationProps): Html {
  const { federation: said } = context.words;
  const { fields, actions, path } = FEDERATION;
  return table<RuleRow>({
    caption: said.rules,
    rows: rules,
    keyOf: ({ domain }) => domain,
    columns: [
      {
        label: said.domain,
        as: "name",
        cell: ({ domain, isFromList }) =>
          html`<div><bdi>${domain}</bdi>${isFromList && html`<small>${said.fromList}</small>`}</div>`,
      },
      { label: said.rule, cell: (rule) => ruleInWords(context, rule) },
      {
        label: said.why,
        cell: ({ publicComment, privateComment }) => html`<div dir="auto">
          ${publicComment || "–"}${privateComment && html`<small>${privateComment}</small>`}</div>`,
      },
      { label: said.since, cell: ({ changedMs }) => time(context, changedMs) },
      {
        label: said.actions,
        as: "actions",
        cell: ({ domain }) =>
          html`<span class="button-row">
            <a class="button button-quiet" href=${`${DOMAIN_RULE.path}?${DOMAIN_RULE.fields.domain}=${encodeURIComponent(domain)}`}
              aria-label=${`${said.edit}: ${domain}`}>${said.edit}</a>
            ${adminButton(context, {
              path,
              fields: { [fields.action]: actions.remove, [fields.domain]: domain },
              label: said.remove,
            })}
          </span>`,
      },
    ],
  });
}

/** A badge, and what the rule says besides. */
export function ruleInWords(
  { words }: PageContext,
  rule: Pick<RuleRow, "level" | "noMedia" | "noReports">,
): Html {
  const { federation: said } = words;
  const more = [...(rule.noMedia ? [said.noMedia] : []), ...(rule.noReports ? [said.noReports] : [])];
  return html`<span><span class=${LEVEL_LOOKS[rule.level]}>${said[rule.level]}</span>${more.length > 0 && html`<small> ${more.join(", ")}</small>`}</span>`;
}

const exportLink = (form: string, label: string): Html =>
  html`<a class="button button-plain" href=${`${DOMAIN_EXPORT}/${form}`} download>${label}</a>`;
