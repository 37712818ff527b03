/** From an actor's document to what is shown of it. */
import type { Addresses } from "../core/addresses.ts";
import { LOCAL_HOST } from "../core/entity.ts";
import { type AsObject, embeddedAll, id, text, typeOf, types } from "../core/object.ts";
import { hostOf, parseHttpUrl } from "../lib/url.ts";
import { publishedOf } from "./object-parts.ts";
import { type Pictures, shownActor, shownEmoji } from "./pictures.ts";
import { lineOf, linkedUrl, oneLine, pageUrl } from "./plain.ts";
import { emojiOf, readTags, richText } from "./rich.ts";
import type { PersonDocumentRow } from "./store.ts";
import type { ActorView } from "./view.ts";

/** A name is a line that fits a card. */
const MAX_NAME = 200;
/** More lines than any profile shows. */
const MAX_FIELDS = 20;
const MAX_FIELD_NAME = 200;
/** In characters of markup: as much as other servers take of a line, and of what somebody says of themselves. */
const MAX_FIELD_HTML = 2048;
const MAX_BIO_HTML = 20_000;
/** The part of a handle before the host. */
const MAX_USER = 200;

/** `/@alice`, `/@bob@there.example`; where the name was never confirmed, `/@~` and the key. */
export function actorPath(key: number, handle: string | null): string {
  if (handle === null) return `/@~${key}`;
  return `/@${handle.split("@").map(encodeURIComponent).join("@").replaceAll("%3A", ":")}`;
}

/** `handle` as confirmed, or null. Never throws, whatever the document holds. */
export function actorViewOf(
  deps: {
    readonly addresses: Addresses;
    readonly clean: (html: string) => string;
    readonly pictures: Pictures;
  },
  row: PersonDocumentRow,
  document: AsObject,
  handle: string | null,
): ActorView {
  const { addresses, clean, pictures } = deps;
  const isLocal = row.host === LOCAL_HOST;
  const host = isLocal ? null : (hostOf(row.iri) ?? "");
  const path = actorPath(row.key, handle);
  const tags = shownEmoji(pictures, readTags(document), host);
  const user =
    oneLine(document.preferredUsername, MAX_USER) || (row.iri.split("/").findLast((part) => part) ?? "");
  const shownHandle = handle ?? (host === null ? user : `${user}@${host}`);
  const name = lineOf(document, "name", MAX_NAME) ?? shownHandle.split("@")[0] ?? shownHandle;
  const fields = embeddedAll(document, "attachment")
    .filter((field) => types(field).includes("PropertyValue"))
    .slice(0, MAX_FIELDS)
    .map((field) => ({
      name: lineOf(field, "name", MAX_FIELD_NAME) ?? "",
      valueHtml: richText(typeof field.value === "string" ? field.value : null, tags, {
        clean,
        max: MAX_FIELD_HTML,
      }),
    }));
  return {
    key: row.key,
    iri: row.iri,
    type: oneLine(row.type ?? typeOf(document), MAX_NAME),
    handle: shownHandle,
    name,
    emoji: emojiOf(tags, [name, ...fields.map((field) => field.name)]),
    summaryHtml: richText(text(document, "summary"), tags, { clean, max: MAX_BIO_HTML }),
    ...shownActor(
      pictures,
      { key: row.key, iconUrl: linkedUrl(document.icon), imageUrl: linkedUrl(document.image) },
      host,
    ),
    url: isLocal ? `${addresses.origin}${path}` : (pageUrl(document) ?? row.iri),
    path,
    isLocal,
    host,
    movedTo: parseHttpUrl(id(document, "movedTo"))?.href ?? null,
    approvesFollowers: document.manuallyApprovesFollowers === true,
    isIndexable: document.indexable === true,
    isDiscoverable: document.discoverable !== false,
    fields,
    counts: { posts: 0, followers: 0, following: 0 },
    publishedMs: publishedOf(row.key, document),
  };
}
