/** Is all well? One sentence, what needs attention, and a few figures. */
import { icon } from "../../components/icon.ts";
import { time } from "../../components/time.ts";
import { ADMIN_JOBS, ADMIN_PEERS, ADMIN_PEOPLE, PATHS } from "../../forms.ts";
import { ADMIN_REPORTS } from "../../forms-peace.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { sizeInWords, whole } from "../../words/number.ts";
import { adminView } from "./frame.ts";

export interface OverviewProps {
  /** Sentences that say what is wrong and what to do; none when all is well. */
  readonly troubles: readonly {
    readonly text: string;
    readonly href: string | null;
    readonly isBad: boolean;
  }[];
  /** Talks to test servers without encryption. */
  readonly isInsecure: boolean;
  readonly peopleWaiting: number;
  /** Nobody looks at them yet. */
  readonly reportsWaiting: number;
  readonly figures: {
    readonly people: number;
    readonly activePeople: number;
    readonly posts: number;
    readonly peers: number;
    readonly peersFailing: number;
    readonly jobsWaiting: number;
    readonly oldestJobMs: number | null;
    readonly databaseBytes: number | null;
    readonly freeDiskBytes: number | null;
    readonly lastBackupMs: number | null;
  };
  readonly version: string;
  readonly startedMs: number;
}

export function overviewPage(context: PageContext, props: OverviewProps): PageView {
  const { admin } = context.words;
  return adminView(context, {
    title: admin.overview,
    content: html`
      ${props.isInsecure && html`<div class="form-problem" role="alert">${icon("triangle-alert")}<p>${admin.insecure}</p></div>`}
      <section class="sheet">
        ${stateLine(context, props)}
        ${troubleList(props)}
        ${figureList(context, props)}
      </section>
      ${
        props.peopleWaiting > 0 &&
        html`<p class="sheet line">${icon("user-plus")}
          <a class="line-text" href=${`${ADMIN_PEOPLE.path}?${ADMIN_PEOPLE.fields.state}=waiting`}>
            ${admin.waitingPeople(props.peopleWaiting)}</a></p>`
      }
      ${
        props.reportsWaiting > 0 &&
        html`<p class="sheet line">${icon("flag")}
          <a class="line-text" href=${ADMIN_REPORTS.path}>${context.words.reports.waiting(props.reportsWaiting)}</a></p>`
      }
      <p class="small quiet">${admin.figureVersion} ${props.version}, ${admin.upSince} ${time(context, props.startedMs)}</p>`,
  });
}

function stateLine({ words: { admin } }: PageContext, { troubles }: OverviewProps): Html {
  if (troubles.length === 0) {
    return html`<p class="state-line state-good">${icon("circle-check")}${admin.allWell}</p>`;
  }
  const isBad = troubles.some((trouble) => trouble.isBad);
  return html`<p class=${`state-line ${isBad ? "state-bad" : "state-warn"}`}>
    ${icon(isBad ? "circle-alert" : "triangle-alert")}${admin.problems(troubles.length)}
  </p>`;
}

const troubleList = ({ troubles }: OverviewProps): Html =>
  troubles.length > 0 &&
  html`<ul class="troubles">
    ${troubles.map(
      ({ text, href, isBad }) => html`<li key=${text} class=${isBad ? "is-bad" : ""}>
        ${href ? html`<a href=${href}>${text}</a>` : text}</li>`,
    )}
  </ul>`;

function figureList(context: PageContext, { figures }: OverviewProps): Html {
  const { words, language } = context;
  const { admin } = words;
  const size = (bytes: number | null) => (bytes === null ? "–" : sizeInWords(language, bytes));
  const count = (n: number) => whole(language, n);
  const when = (ms: number | null) => (ms === null ? admin.never : time(context, ms));
  return html`<dl class="figures">
    ${figure(admin.figurePeople, count(figures.people), admin.figureActive(figures.activePeople), ADMIN_PEOPLE.path)}
    ${figure(admin.figurePosts, count(figures.posts))}
    ${figure(admin.figurePeers, count(figures.peers), figures.peersFailing > 0 && admin.figurePeersFailing(figures.peersFailing), ADMIN_PEERS.path)}
    ${figure(
      admin.figureQueue,
      count(figures.jobsWaiting),
      figures.oldestJobMs !== null && html`${admin.figureQueueOldest} ${time(context, figures.oldestJobMs)}`,
      ADMIN_JOBS.path,
    )}
    ${figure(admin.figureDatabase, size(figures.databaseBytes), figures.freeDiskBytes !== null && admin.figureDisk(size(figures.freeDiskBytes)))}
    ${figure(admin.figureBackup, when(figures.lastBackupMs), null, PATHS.adminBackup)}
  </dl>`;
}

const figure = (label: string, value: Html, note: Html = null, href: string | null = null): Html =>
  html`<div class="figure">
    <dt>${href ? html`<a href=${href}>${label}</a>` : label}</dt>
    <dd>${value}${note && html`<small>${note}</small>`}</dd>
  </div>`;
