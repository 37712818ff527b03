/** People and groups as an `Account`. */
import type { ActorView } from "../../../queries/view.ts";
import { idOf, timeOf } from "../ids.ts";
import { type Emoji, emojisOf, markupOf, wholeUrl } from "./markup.ts";

/** Where this server is: whole addresses are made with it. */
export interface Site {
  /** Scheme and host, without a slash at the end. */
  readonly origin: string;
  readonly host: string;
}

export interface Field {
  readonly name: string;
  readonly value: string;
  readonly verified_at: string | null;
}

export interface Account {
  readonly id: string;
  readonly username: string;
  readonly acct: string;
  readonly display_name: string;
  readonly locked: boolean;
  readonly bot: boolean;
  readonly group: boolean;
  readonly discoverable: boolean | null;
  readonly noindex: boolean;
  readonly indexable: boolean;
  readonly created_at: string;
  readonly note: string;
  readonly url: string;
  readonly uri: string;
  readonly avatar: string;
  readonly avatar_static: string;
  readonly avatar_description: string;
  readonly header: string;
  readonly header_static: string;
  readonly header_description: string;
  readonly followers_count: number;
  readonly following_count: number;
  readonly statuses_count: number;
  readonly last_status_at: string | null;
  readonly hide_collections: boolean | null;
  readonly emojis: readonly Emoji[];
  readonly fields: readonly Field[];
  readonly roles: readonly { readonly id: string; readonly name: string; readonly color: string }[];
}

/** Clients take a header of this name for none, and none of them takes null. */
export const MISSING_AVATAR = "/avatars/original/missing.png";
export const MISSING_HEADER = "/headers/original/missing.png";

/** What was made of a view, as long as the view is. */
const made = new WeakMap<ActorView, Account>();

export function accountOf(view: ActorView, site: Site): Account {
  const known = made.get(view);
  if (known !== undefined) return known;
  const account = newAccount(view, site);
  made.set(view, account);
  return account;
}

function newAccount(view: ActorView, { origin }: Site): Account {
  const note = markupOf(view.summaryHtml, origin);
  const values = view.fields.map(({ valueHtml }) => markupOf(valueHtml, origin));
  const avatar = wholeUrl(view.iconUrl ?? MISSING_AVATAR, origin);
  const header = wholeUrl(view.imageUrl ?? MISSING_HEADER, origin);
  return {
    id: idOf(view.key),
    username: usernameOf(view.handle),
    acct: view.handle,
    display_name: view.name,
    locked: view.approvesFollowers,
    bot: view.type === "Service" || view.type === "Application",
    group: view.type === "Group",
    discoverable: view.isDiscoverable,
    noindex: !view.isIndexable,
    indexable: view.isIndexable,
    created_at: timeOf(view.publishedMs),
    note: note.html,
    url: view.url,
    uri: view.iri,
    avatar,
    avatar_static: avatar,
    avatar_description: "",
    header,
    header_static: header,
    header_description: "",
    followers_count: view.counts.followers,
    following_count: view.counts.following,
    statuses_count: view.counts.posts,
    // The day alone.
    last_status_at: view.lastPostMs == null ? null : timeOf(view.lastPostMs).slice(0, 10),
    hide_collections: null,
    emojis: emojisOf([...view.emoji, ...note.emoji, ...values.flatMap(({ emoji }) => emoji)], origin),
    fields: view.fields.map(({ name }, i) => ({ name, value: values[i]?.html ?? "", verified_at: null })),
    roles: [],
  };
}

/** The part before the host. */
export const usernameOf = (handle: string): string => handle.split("@")[0] ?? handle;
