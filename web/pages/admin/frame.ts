/** The frame of the pages for the people who run the server. */
import { csrfField } from "../../components/act-form.ts";
import { type Chapter, chapters } from "../../components/chapters.ts";
import {
  ADMIN_INVITATIONS,
  ADMIN_JOBS,
  ADMIN_PEERS,
  ADMIN_PEOPLE,
  ADMIN_SETTINGS,
  PATHS,
} from "../../forms.ts";
import { ADMIN_RECORD, FEDERATION } from "../../forms-federation.ts";
import { ADMIN_RELAYS } from "../../forms-moving.ts";
import { ADMIN_REPORTS } from "../../forms-peace.ts";
import { ADMIN_MEDIA } from "../../forms-quotes.ts";
import { ADMIN_SIGN_IN } from "../../forms-sign-in.ts";
import { ADMIN_ANNOUNCEMENTS, ADMIN_EMOJI, ADMIN_TRENDS } from "../../forms-site.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import type { Words } from "../../words/en.ts";

/** `text` stands below the tabs, before the content. */
export function adminView(
  context: PageContext,
  props: { readonly title: string; readonly text?: string; readonly content: Html },
): PageView {
  const { admin } = context.words;
  return {
    title: `${props.title} · ${admin.title}`,
    width: "wide",
    isPrivate: true,
    main: html`
      <h1>${admin.title}</h1>
      ${chapters(admin.title, chaptersOf(context.words), context.path)}
      ${props.text && html`<p class="quiet">${props.text}</p>`}
      ${props.content}`,
  };
}

function chaptersOf(words: Words): readonly Chapter[] {
  const { admin } = words;
  const { chapters: named } = admin;
  return [
    { label: admin.overview, pages: [{ href: PATHS.admin, label: admin.overview }] },
    {
      label: named.people,
      pages: [
        { href: ADMIN_PEOPLE.path, label: admin.people },
        { href: ADMIN_INVITATIONS.path, label: admin.invitations },
        { href: ADMIN_SIGN_IN.path, label: words.adminSignIn.title },
      ],
    },
    {
      label: named.peace,
      pages: [
        { href: ADMIN_REPORTS.path, label: words.reports.title },
        { href: ADMIN_RECORD, label: words.record.title },
      ],
    },
    {
      label: named.servers,
      pages: [
        { href: ADMIN_PEERS.path, label: admin.peers },
        { href: FEDERATION.path, label: words.federation.tab },
        { href: ADMIN_RELAYS.path, label: words.relays.tab },
      ],
    },
    {
      label: named.content,
      pages: [
        { href: ADMIN_ANNOUNCEMENTS.path, label: words.news.title },
        { href: ADMIN_EMOJI.path, label: words.emojis.title },
        { href: ADMIN_TRENDS.path, label: words.trends.title },
        { href: ADMIN_MEDIA.path, label: words.adminMedia.title },
      ],
    },
    {
      label: named.machine,
      pages: [
        { href: ADMIN_JOBS.path, label: admin.jobs },
        { href: PATHS.adminBackup, label: admin.backup },
        { href: PATHS.adminLog, label: admin.log },
      ],
    },
    { label: admin.settings, pages: [{ href: ADMIN_SETTINGS.path, label: admin.settings }] },
  ];
}

/** A form with one button; `fields` are hidden. */
export const adminButton = (
  context: PageContext,
  props: {
    readonly path: string;
    readonly fields: Readonly<Record<string, string>>;
    readonly label: string;
    readonly class?: string;
  },
): Html => html`<form method="post" action=${props.path}>
  ${csrfField(context)}
  ${Object.entries(props.fields).map(([name, value]) => html`<input key=${name} type="hidden" name=${name} value=${value} />`)}
  <button class=${props.class ?? "button button-quiet"}>${props.label}</button>
</form>`;
