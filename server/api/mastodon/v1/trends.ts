/** `/api/v1/trends`: tags, posts and links that many talk about these days. */
import { type AnyElysia, Elysia } from "elysia";
import type { Trend, TrendDay } from "../../../queries/trends.ts";
import type { Call, Face } from "../face.ts";
import { limitOf } from "../paging.ts";
import { statusesFrom } from "../statuses.ts";

const TAGS = { usual: 10, max: 20 };
const POSTS = { usual: 20, max: 40 };

export const trendsRoutes = (face: Face): AnyElysia => {
  const tags = face.open("read:statuses", async (call) =>
    part(call, TAGS, await call.queries.trendingTags()).map((trend) => tagOf(trend, face.origin)),
  );
  return (
    new Elysia({ name: "mastodon trends" })
      .get("/api/v1/trends/tags", tags)
      // An older name of the same.
      .get("/api/v1/trends", tags)
      .get(
        "/api/v1/trends/statuses",
        face.open("read:statuses", async (call) =>
          statusesFrom(face, call, part(call, POSTS, await call.queries.trendingPosts(call.viewerKey))),
        ),
      )
      .get(
        "/api/v1/trends/links",
        face.open("read:statuses", async (call) =>
          part(call, TAGS, await call.queries.trendingLinks()).map(linkOf),
        ),
      ) as unknown as AnyElysia
  );
};

/** The best are few: a page of them is a place in their list. */
function part<T>({ params }: Call, { usual, max }: typeof TAGS, all: readonly T[]): readonly T[] {
  const start = Math.max(0, params.integer("offset") ?? 0);
  return all.slice(start, start + limitOf(params, usual, max));
}

/** Figures are texts (clients.md §4.2). */
const dayOf = ({ dayMs, uses, people }: TrendDay): object => ({
  day: String(dayMs / 1000),
  uses: String(uses),
  accounts: String(people),
});

const tagOf = ({ name, days }: Trend, origin: string): object => ({
  id: name,
  name,
  url: `${origin}/tags/${encodeURIComponent(name)}`,
  history: days.map(dayOf),
  following: false,
  featuring: false,
});

const linkOf = ({ name, title, days }: Trend): object => ({
  url: name,
  title,
  description: "",
  language: null,
  type: "link",
  author_name: "",
  author_url: "",
  authors: [],
  provider_name: new URL(name).host,
  provider_url: new URL(name).origin,
  html: "",
  width: 0,
  height: 0,
  image: null,
  image_description: "",
  embed_url: "",
  blurhash: null,
  published_at: null,
  history: days.map(dayOf),
});
