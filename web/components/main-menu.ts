/** The main menu: a rail at the side where there is room, a bar of five at the bottom elsewhere. */
import { may } from "../../server/accounts/permissions.ts";
import type { IconName } from "../assets/icon-names.ts";
import { NOTICES, PATHS, PROFILE, SEARCH } from "../forms.ts";
import { GROUPS } from "../forms-groups.ts";
import { LISTS } from "../forms-lists.ts";
import { PUBLIC_LISTS } from "../forms-moving.ts";
import { type Html, html } from "../html.ts";
import { createKeptOf } from "../kept.ts";
import type { PageContext, Viewer } from "../page.ts";
import { icon } from "./icon.ts";

interface Item {
  readonly href: string;
  readonly icon: IconName;
  readonly label: string;
  /** In the bar of five, in the rail, or in both. */
  readonly where: "both" | "bar" | "rail";
  readonly count?: number;
  readonly countLabel?: string;
  /** The island `live` keeps its number true. */
  readonly isLive?: boolean;
}

/** Where the items lead, besides the page of whoever looks: all other pages show one and the same menu. */
const PLACES: readonly string[] = [
  ...[PATHS.home, PATHS.write, PATHS.bookmarks, PATHS.requests, PATHS.admin],
  ...[SEARCH.path, NOTICES.path, GROUPS.path, PUBLIC_LISTS.here, LISTS.path, PROFILE.path],
];

const kept = createKeptOf<Viewer["actor"]>();

export function mainMenu(context: PageContext, viewer: Viewer): Html {
  const { actor, role, unreadNotices, followRequests } = viewer;
  const here = context.path.split(/[?#]/)[0] ?? "";
  const open = here === actor.path ? here : PLACES.find((place) => isHere(place, here));
  const form = `${context.language} ${role} ${unreadNotices} ${followRequests} ${open}`;
  return kept(
    actor,
    form,
    context,
    (anyContext) => html`<nav class="main-menu" aria-label=${anyContext.words.shell.menu}>
    ${itemsFor(anyContext, viewer).map((item) => menuLink(item, item.href === open))}
  </nav>`,
  );
}

/**
 * What has no place in the bar of five, for the menu of the account: there it is within reach on a telephone, or where
 * the page is magnified.
 */
export const menuOfRail = (context: PageContext, viewer: Viewer): Html =>
  itemsFor(context, viewer)
    .filter(({ where }) => where === "rail")
    .map(
      ({ href, icon: name, label, count }) => html`<a key=${href} class="menu-item" href=${href}>
        ${icon(name)}${label}${count && html`<span class="menu-count">${count}</span>`}</a>`,
    );

function itemsFor(
  { words: { shell, groups, lists, publicLists } }: PageContext,
  viewer: Viewer,
): readonly Item[] {
  const { unreadNotices, followRequests } = viewer;
  const items: (Item | false)[] = [
    { href: PATHS.home, icon: "house", label: shell.home, where: "both" },
    { href: SEARCH.path, icon: "search", label: shell.search, where: "bar" },
    { href: PATHS.write, icon: "pencil", label: shell.write, where: "both" },
    {
      href: NOTICES.path,
      icon: "bell",
      label: shell.notices,
      where: "both",
      count: unreadNotices,
      countLabel: shell.newNotices(unreadNotices),
      isLive: true,
    },
    { href: viewer.actor.path, icon: "user-round", label: shell.you, where: "both" },
    { href: GROUPS.path, icon: "users-round", label: groups.menu, where: "rail" },
    { href: PUBLIC_LISTS.here, icon: "globe", label: publicLists.title, where: "rail" },
    { href: LISTS.path, icon: "list-checks", label: lists.menu, where: "rail" },
    { href: PATHS.bookmarks, icon: "bookmark", label: shell.bookmarks, where: "rail" },
    followRequests > 0 && {
      href: PATHS.requests,
      icon: "user-plus",
      label: shell.requests,
      where: "rail",
      count: followRequests,
    },
    { href: PROFILE.path, icon: "settings", label: shell.settings, where: "rail" },
    may(viewer.role, "see-staff-pages") && {
      href: PATHS.admin,
      icon: "shield",
      label: shell.admin,
      where: "rail",
    },
  ];
  return items.filter((item) => item !== false);
}

function menuLink(item: Item, isCurrent: boolean): Html {
  return html`<a key=${item.href} class=${`main-menu-item in-${item.where}`} href=${item.href}
    aria-current=${isCurrent ? "page" : undefined} data-unread=${item.isLive}>
    ${icon(item.icon)}<span class="main-menu-label">${item.label}</span>
    ${(item.count || item.isLive) && counter(item)}
  </a>`;
}

function counter({ count = 0, countLabel, isLive }: Item): Html {
  const isHidden = count === 0;
  return html`<span class="main-menu-count" aria-hidden=${countLabel ? "true" : undefined} hidden=${isHidden}
      data-unread-part=${isLive}>${count}</span>
    ${countLabel && html`<span class="visually-hidden" hidden=${isHidden} data-unread-part=${isLive}>, ${countLabel}</span>`}`;
}

/** Settings and administration light up on the pages below them too. */
function isHere(href: string, here: string): boolean {
  if (href === here) return true;
  return (
    (href === PROFILE.path || href === PATHS.admin || href === LISTS.path) && here.startsWith(`${href}/`)
  );
}
