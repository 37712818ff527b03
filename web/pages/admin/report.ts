/** One report with everything on one page: what was said, what it was about, what was done before, and what to do. */
import type { Complaint, Evidence, ReportFile } from "../../../server/moderation/report.ts";
import type { ActorView } from "../../../server/queries/view.ts";
import { csrfField, hidden } from "../../components/act-form.ts";
import { field, formProblem } from "../../components/field.ts";
import { nameOf, personChip } from "../../components/person-chip.ts";
import { richText } from "../../components/rich-text.ts";
import { type SanctionLine, sanctionForm, sanctionList } from "../../components/sanctions.ts";
import { time } from "../../components/time.ts";
import { ADMIN_PEOPLE, EMPTY_FORM, type FormState } from "../../forms.ts";
import { ADMIN_REPORTS } from "../../forms-peace.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { adminView } from "./frame.ts";
import { categoryIn, stateBadge } from "./reports.ts";

const { fields, actions, path } = ADMIN_REPORTS;

export interface ShownEvidence extends Evidence {
  /** Clean HTML of its text, possibly empty. */
  readonly contentHtml: string;
  /** Its page here, or null where it is gone. */
  readonly href: string | null;
}

export interface ReportProps {
  readonly report: Omit<ReportFile, "evidence"> & { readonly evidence: readonly ShownEvidence[] };
  readonly about: ActorView | null;
  /** Reporters, those who wrote notes, and who looks at it. */
  readonly people: ReadonlyMap<number, ActorView>;
  readonly sanctions: readonly SanctionLine[];
  readonly timeOf: (key: number) => number;
  /** Whoever is looking may decide about this person. */
  readonly mayDecide: boolean;
  readonly isMine: boolean;
  readonly form?: FormState;
}

export function adminReportPage(context: PageContext, props: ReportProps): PageView {
  const { reports: said, sanctions: decided, staffPerson } = context.words;
  const { report, about, form = EMPTY_FORM } = props;
  const isOpen = report.state === "open" || report.state === "assigned";
  const keeper = report.assignee === null ? null : (props.people.get(report.assignee) ?? null);
  return adminView(context, {
    title: said.one(about ? nameOf(about) : said.nobody),
    content: html`
      <p><a href=${path}>${said.back}</a></p>
      <div class="sheet sheet-body">
        <h2>${said.one(about ? nameOf(about) : said.nobody)}</h2>
        <p>${stateBadge(context, report)} <span class="badge">${categoryIn(context.words, report.category)}</span></p>
        ${
          about &&
          html`<div class="quoted">${personChip(about)}
          <p><a href=${`${ADMIN_PEOPLE.path}/${about.key}`}>${staffPerson.manage}</a></p></div>`
        }
        ${keeper && html`<p>${said.takenBy(nameOf(keeper))}</p>`}
        ${!isOpen && report.outcome && html`<h3>${said.toldAs}</h3><p dir="auto">${report.outcome}</p>`}
        <div class="button-row">
          ${isOpen && (props.isMine ? button(context, props, actions.giveBack, said.giveBack) : button(context, props, actions.take, said.take))}
          ${!isOpen && button(context, props, actions.reopen, said.reopen)}
        </div>
      </div>
      <section class="section">
        <h2>${said.said}</h2>
        <div class="sheet feed">${report.voices.map((voice) => voiceItem(context, props, voice))}</div>
      </section>
      <section class="section">
        <h2>${said.evidence}</h2>
        ${
          report.evidence.length === 0
            ? html`<p class="sheet sheet-body quiet">${said.evidenceEmpty}</p>`
            : html`<div class="sheet feed">${report.evidence.map((post) => evidenceItem(context, post))}</div>`
        }
      </section>
      <section class="section">
        <h2>${said.notes}</h2>
        <div class="sheet">
          ${report.notes.map(
            (note) => html`<div key=${note.key} class="sheet-body">
              <p class="small quiet">${nameIn(context, props, note.author)} ${time(context, props.timeOf(note.key))}</p>
              <p dir="auto">${note.text}</p>
            </div>`,
          )}
          <form class="form sheet-body" method="post" action=${path}>
            ${csrfField(context)}${hidden(fields.report, String(report.key))}${hidden(fields.action, actions.note)}
            ${form.problem?.field === fields.note && formProblem(form, context.words.form.somethingWrong)}
            ${field({ name: fields.note, type: "textarea", label: said.note, help: said.noteHelp, form, isRequired: true, rows: 2, maxLength: 5000 })}
            <button class="button button-quiet">${said.addNote}</button>
          </form>
        </div>
      </section>
      <section class="section">
        <h2>${decided.past}</h2>
        ${sanctionList(context, props.sanctions, props.form)}
      </section>
      ${
        props.mayDecide &&
        about &&
        html`<section class="section">
          <h2>${decided.title}</h2>
          ${sanctionForm(context, {
            actor: about,
            report: report.key,
            posts: report.evidence
              .filter(({ isDeleted, isHidden }) => !isDeleted && !isHidden)
              .map(labelled(context)),
            form,
          })}
        </section>`
      }
      ${isOpen && closeForm(context, props)}`,
  });
}

const MAX_LABEL = 80;

const labelled =
  ({ words }: PageContext) =>
  ({ object, content, contentHtml }: ShownEvidence) => {
    const text =
      content.name ??
      content.summary ??
      contentHtml
        .replace(/<[^<>]*>/g, " ")
        .replace(/\s+/g, " ")
        .trim();
    return { key: object, label: text.slice(0, MAX_LABEL) || words.reports.evidenceNoText };
  };

const nameIn = ({ words }: PageContext, { people }: ReportProps, key: number): string => {
  const person = people.get(key);
  return person ? nameOf(person) : words.reports.nobody;
};

const button = (context: PageContext, { report }: ReportProps, action: string, label: string): Html =>
  html`<form method="post" action=${path}>
    ${csrfField(context)}${hidden(fields.report, String(report.key))}
    <button class="button button-quiet" name=${fields.action} value=${action}>${label}</button>
  </form>`;

function voiceItem(context: PageContext, props: ReportProps, voice: Complaint): Html {
  const { reports: said } = context.words;
  const from = props.people.get(voice.reporter);
  const by = from?.host ? said.saidElsewhere(from.host) : said.saidBy(nameIn(context, props, voice.reporter));
  return html`<article key=${voice.activity} class="sheet-body">
    <p class="small quiet">${by} · ${time(context, props.timeOf(voice.activity))} ·
      ${categoryIn(context.words, voice.category)}</p>
    ${voice.rule && html`<p>${said.rule}: <q dir="auto">${voice.rule}</q></p>`}
    <p dir="auto">${voice.comment || html`<span class="quiet">${said.noWords}</span>`}</p>
    ${voice.wasForwarded && html`<p class="small quiet">${said.forwarded}</p>`}
  </article>`;
}

function evidenceItem(context: PageContext, post: ShownEvidence): Html {
  const { reports: said } = context.words;
  const { content } = post;
  return html`<article key=${post.object} class="sheet-body">
    <p class="small quiet">${time(context, post.takenMs)}
      ${post.isDeleted && html` <span class="badge">${said.evidenceDeleted}</span>`}
      ${post.isHidden && html` <span class="badge">${said.evidenceHidden}</span>`}</p>
    ${content.name && html`<h3 dir="auto">${content.name}</h3>`}
    ${content.summary && html`<p dir="auto"><strong>${content.summary}</strong></p>`}
    ${post.contentHtml ? richText({ cleanHtml: post.contentHtml }) : html`<p class="quiet">${said.evidenceNoText}</p>`}
    ${
      content.media.length > 0 &&
      html`<ul class="files">${content.media.map(
        ({ url, text }) =>
          html`<li key=${url}><a href=${url} rel="noopener nofollow ugc">${text || url}</a></li>`,
      )}</ul>`
    }
    ${post.href && html`<p><a href=${post.href}>${said.seePost}</a></p>`}
  </article>`;
}

function closeForm(context: PageContext, { report, form = EMPTY_FORM }: ReportProps): Html {
  const { reports: said } = context.words;
  return html`<section class="section">
    <h2>${said.close}</h2>
    <form class="form sheet sheet-body" method="post" action=${path}>
      ${csrfField(context)}${hidden(fields.report, String(report.key))}
      ${field({ name: fields.outcome, type: "textarea", label: said.outcome, help: said.outcomeHelp, form, rows: 2, maxLength: 2000 })}
      <div class="button-row">
        <button class="button" name=${fields.action} value=${actions.resolve}>${said.resolve}</button>
        <button class="button button-quiet" name=${fields.action} value=${actions.dismiss}>${said.dismiss}</button>
      </div>
    </form>
  </section>`;
}
