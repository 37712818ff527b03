/** Tags with what they are to the viewer, and tags on somebody's page. */

import { SECOND_MS } from "../../../lib/durations.ts";
import { sha256 } from "../../../lib/secret.ts";
import type { FeaturedTag } from "../../../queries/tags.ts";
import type { TagView } from "../../../queries/view.ts";
import { idOf } from "../ids.ts";
import type { Site } from "./account.ts";

/** Bytes of a number that every client can read. */
const ID_BYTES = 6;

/** `following` and `featuring` are left out for strangers: null is not read by all. */
export const tagOf = (tag: TagView, site: Site, isSignedIn: boolean): object => ({
  id: tagId(tag.name),
  name: tag.name,
  url: tagUrl(tag.name, site),
  history: tag.history.map(({ dayMs, uses, people }) => ({
    day: String(Math.floor(dayMs / SECOND_MS)),
    uses: String(uses),
    accounts: String(people),
  })),
  ...(isSignedIn ? { following: tag.isFollowed, featuring: tag.isFeatured } : {}),
});

export const featuredTagOf = (tag: FeaturedTag, site: Site, path: string): object => ({
  id: idOf(tag.key),
  name: tag.name,
  url: `${site.origin}${path}/tagged/${encodeURIComponent(tag.name)}`,
  statuses_count: String(tag.posts),
  last_status_at: tag.lastMs === null ? null : new Date(tag.lastMs).toISOString().slice(0, 10),
});

/** Tags have no rows: their ids follow from their names, and stay. */
const tagId = (name: string): string =>
  String(Buffer.from(sha256(name), "base64url").readUIntBE(0, ID_BYTES));

const tagUrl = (name: string, { origin }: Site): string => `${origin}/tags/${encodeURIComponent(name)}`;
