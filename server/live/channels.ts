/** What can be listened to, and what is told there: in our own words, which each face turns into its own. */

/** Where what is for everybody was said. */
export type Place = "everywhere" | "here" | "elsewhere";

export type Channel =
  /** Lines of somebody's home feed. */
  | { readonly of: "home"; readonly actor: number }
  /** What happened to somebody. */
  | { readonly of: "notices"; readonly actor: number }
  /** What somebody changed about their own account, and what the staff tell everybody. */
  | { readonly of: "self"; readonly actor: number }
  | { readonly of: "public"; readonly place: Place; readonly onlyMedia: boolean }
  /** In lower case, without `#`. */
  | { readonly of: "tag"; readonly tag: string; readonly place: "everywhere" | "here" }
  | { readonly of: "list"; readonly list: number }
  | { readonly of: "group"; readonly group: number }
  /** Whatever answers this thing, directly or not. */
  | { readonly of: "thread"; readonly root: number }
  /** Conversations of which somebody is part. */
  | { readonly of: "talks"; readonly actor: number };

/** What is told. One and the same event goes to all who see the same, so that faces write it once. */
export type LiveEvent<Item, Notice> =
  | { readonly what: "made"; readonly item: Item }
  | { readonly what: "changed"; readonly item: Item }
  /** A thing is gone, or a line about it: its key. */
  | { readonly what: "deleted"; readonly key: number }
  | { readonly what: "notice"; readonly notice: Notice }
  | { readonly what: "told"; readonly news: News };

/** What is neither a thing nor a notice. `about` is the key of what it is about, where there is one. */
export interface News {
  readonly name:
    | "filters-changed"
    | "notices-read"
    | "notices-merged"
    | "talk"
    | "announcement"
    | "announcement-reaction"
    | "announcement-deleted";
  readonly about: number | null;
  /** What there is to say besides, such as an emoji. */
  readonly detail: string | null;
}

/** The name under which listeners of a channel are kept. */
export function nameOf(channel: Channel): string {
  switch (channel.of) {
    case "home":
    case "notices":
    case "self":
    case "talks":
      return `${channel.of} ${channel.actor}`;
    case "public":
      return `public ${channel.place}${channel.onlyMedia ? " media" : ""}`;
    case "tag":
      return `tag ${channel.place} ${channel.tag}`;
    case "list":
      return `list ${channel.list}`;
    case "group":
      return `group ${channel.group}`;
    case "thread":
      return `thread ${channel.root}`;
    default:
      return channel satisfies never;
  }
}
