/** Where links to people and tags in remote texts lead here. */
import type { Addresses } from "../core/addresses.ts";
import type { AsObject } from "../core/object.ts";
import { originOf } from "../lib/url.ts";
import type { Db } from "../storage/db.ts";
import { actorPath } from "./actor-parts.ts";
import { webUrl } from "./plain.ts";
import { type LocalLinks, readTags } from "./rich.ts";
import { findHandles } from "./store.ts";

/** People looked up for the texts of one page; links to the rest lead to their origin. */
const MAX_MENTIONS = 500;

/** People who are known here are linked to their page here, whatever address the text uses; tags always are. */
export async function localLinksOf(
  db: Db,
  addresses: Addresses,
  documents: readonly AsObject[],
): Promise<LocalLinks> {
  const links = new Map<string, string>();
  const tags = documents.map(readTags);
  for (const { hashtags } of tags) {
    for (const [href, name] of hashtags) links.set(href, addresses.tag(name).slice(addresses.origin.length));
  }
  const iris = [...new Set(tags.flatMap(({ mentions }) => mentions.map(({ iri }) => iri)))];
  for (const [iri, handle] of await findHandles(db, iris.slice(0, MAX_MENTIONS))) {
    const path = actorPath(0, handle);
    const page = `${originOf(iri)}/@${handle.split("@")[0]}`;
    for (const href of [webUrl(iri), webUrl(page)]) if (href !== null) links.set(href, path);
  }
  return links;
}
