/** The frame of the pages for the people who run the server. */
import { csrfField } from "../../components/act-form.ts";
import { tabs } from "../../components/tabs.ts";
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

/** `text` stands below the tabs, before the content. */
export function adminView(
  context: PageContext,
  props: { readonly title: string; readonly text?: string; readonly content: Html },
): PageView {
  const { admin, federation, record } = context.words;
  const here = context.path.split(/[?#]/)[0];
  const items = [
    { href: PATHS.admin, label: admin.overview },
    { href: ADMIN_PEOPLE.path, label: admin.people },
    { href: ADMIN_REPORTS.path, label: context.words.reports.title },
    { href: ADMIN_INVITATIONS.path, label: admin.invitations },
    { href: ADMIN_PEERS.path, label: admin.peers },
    { href: FEDERATION.path, label: federation.tab },
    { href: ADMIN_RELAYS.path, label: context.words.relays.tab },
    { href: ADMIN_JOBS.path, label: admin.jobs },
    { href: ADMIN_MEDIA.path, label: context.words.adminMedia.title },
    { href: PATHS.adminBackup, label: admin.backup },
    { href: PATHS.adminLog, label: admin.log },
    { href: ADMIN_ANNOUNCEMENTS.path, label: context.words.news.title },
    { href: ADMIN_EMOJI.path, label: context.words.emojis.title },
    { href: ADMIN_TRENDS.path, label: context.words.trends.title },
    { href: ADMIN_RECORD, label: record.title },
    { href: ADMIN_SIGN_IN.path, label: context.words.adminSignIn.title },
    { href: ADMIN_SETTINGS.path, label: admin.settings },
  ];
  return {
    title: `${props.title} · ${admin.title}`,
    width: "wide",
    isPrivate: true,
    main: html`
      <h1>${admin.title}</h1>
      ${tabs(
        admin.title,
        items.map((item) => ({
          ...item,
          isHere:
            item.href === here || (item.href !== PATHS.admin && here?.startsWith(`${item.href}/`) === true),
        })),
      )}
      ${props.text && html`<p class="quiet">${props.text}</p>`}
      ${props.content}`,
  };
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
