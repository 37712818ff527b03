/** The page around each page of settings: one heading, and the way to the others. */
import { type Chapter, chapters } from "../../components/chapters.ts";
import { APPEARANCE, APPS, OWN_INVITATIONS, PASSWORD, PATHS, PROFILE, SESSIONS } from "../../forms.ts";
import { ACCOUNT, MOVING } from "../../forms-moving.ts";
import { AVOIDED, FILTERS, MUTES, STANDING } from "../../forms-peace.ts";
import { FACTORS } from "../../forms-sign-in.ts";
import { NOTICE_POLICY } from "../../forms-site.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";

export function settingsView(context: PageContext, title: string, content: Html): PageView {
  const { words } = context;
  const { chapters: named } = words.settings;
  const all: readonly Chapter[] = [
    {
      label: named.you,
      pages: [
        { href: PROFILE.path, label: words.settings.profile },
        { href: APPEARANCE.path, label: words.settings.appearance },
        { href: NOTICE_POLICY.path, label: words.heard.tab },
        ...(context.viewer?.role === "teacher"
          ? [{ href: OWN_INVITATIONS.path, label: words.adminInvitations.title }]
          : []),
      ],
    },
    {
      label: named.access,
      pages: [
        { href: FACTORS.path, label: words.factors.tab },
        { href: PASSWORD.path, label: words.settings.password },
        { href: SESSIONS.path, label: words.settings.sessions },
        { href: APPS.path, label: words.settings.apps },
      ],
    },
    {
      label: named.seen,
      pages: [
        { href: FILTERS.path, label: words.filters.tab },
        { href: MUTES.path, label: words.mutes.tab },
        { href: PATHS.blocked, label: words.settings.blocked },
        { href: AVOIDED.path, label: words.avoided.tab },
      ],
    },
    {
      label: named.account,
      pages: [
        { href: ACCOUNT.path, label: words.leaving.tab },
        { href: STANDING.path, label: words.standing.tab },
        { href: MOVING.path, label: words.moving.title },
      ],
    },
  ];
  return {
    title: `${title} · ${words.settings.title}`,
    isPrivate: true,
    main: html`
      <h1>${words.settings.title}</h1>
      ${chapters(words.settings.title, all, context.path)}
      ${content}`,
  };
}
