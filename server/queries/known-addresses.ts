/** What the addresses in documents mean here: pages of people and tags, and rows of what is answered. */
import type { Addresses } from "../core/addresses.ts";
import type { AsObject } from "../core/object.ts";
import { originOf } from "../lib/url.ts";
import type { Db } from "../storage/db.ts";
import { actorPath } from "./actor-parts.ts";
import { type Known, parentOf } from "./object-parts.ts";
import { webUrl } from "./plain.ts";
import { readTags } from "./rich.ts";
import { findNamed } from "./store.ts";
import type { MentionView } from "./view.ts";

/** People looked up for the texts of one page; links to the rest lead to their origin. */
const MAX_MENTIONS = 500;

/**
 * One look-up for all documents. People who are known here are linked to their page here, whichever of their
 * addresses the text uses; tags always are.
 */
export async function knownAddresses(
  db: Db,
  addresses: Addresses,
  documents: readonly AsObject[],
): Promise<(document: AsObject) => Known> {
  const links = new Map<string, string>();
  const people = new Map<string, MentionView>();
  const tags = documents.map(readTags);
  for (const { hashtags } of tags) {
    for (const [href, name] of hashtags) links.set(href, addresses.tag(name).slice(addresses.origin.length));
  }
  const mentions = [...new Set(tags.flatMap(({ mentions }) => mentions))].slice(0, MAX_MENTIONS);
  const parents = documents.flatMap((document) => parentOf(document) ?? []);
  const rows = await findNamed(db, [...new Set([...mentions, ...parents])]);
  for (const iri of mentions) {
    const row = rows.get(iri);
    const handle = row?.handle;
    if (!row || !handle) continue;
    const path = actorPath(row.key, handle);
    people.set(iri, { key: row.key, iri, handle, path });
    const page = `${originOf(iri)}/@${handle.split("@")[0]}`;
    for (const href of [webUrl(iri), webUrl(page)]) if (href !== null) links.set(href, path);
  }
  return (document) => ({
    links,
    mentions: [...new Set(readTags(document).mentions)].flatMap((iri) => people.get(iri) ?? []),
    parentKey: rows.get(parentOf(document) ?? "")?.key ?? null,
  });
}
