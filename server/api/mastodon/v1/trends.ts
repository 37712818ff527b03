/** `/api/v1/trends`: tags, posts and links that many talk about these days. */
import { type AnyElysia, Elysia } from "elysia";
import type { Preview } from "../../../federation/preview-page.ts";
import type { Trend, TrendDay } from "../../../queries/trends.ts";
import { requireListsOpen } from "../accounts.ts";
import { newCard } from "../entities/card.ts";
import { tagOf } from "../entities/tag.ts";
import type { Answer, Call, Face } from "../face.ts";
import { limitOf } from "../paging.ts";
import { statusesFrom } from "../statuses.ts";

const TAGS = { usual: 10, max: 20 };
const POSTS = { usual: 20, max: 40 };

export const trendsRoutes = (face: Face): AnyElysia => {
  /** What most talk about is told to strangers where the public lists are. */
  const reading = (answer: (call: Call) => Promise<Answer>) =>
    face.open("read:statuses", async (call) => {
      requireListsOpen(face, call);
      return answer(call);
    });

  const tags = reading(async (call) => {
    const trends = part(call, TAGS, await call.queries.trendingTags());
    const views = await call.queries.tags(
      trends.map(({ name }) => name),
      call.viewerKey,
    );
    // The figures are those by which they were counted.
    return views.map((view, i) =>
      tagOf({ ...view, history: trends[i]?.days ?? [] }, face, call.viewer !== null),
    );
  });
  const links = reading(async (call) => {
    const trends = part(call, TAGS, await call.queries.trendingLinks());
    const previews = await face.previews.of(
      trends.map(({ name }) => name),
      call.viewer !== null,
    );
    return trends.map((trend) => linkOf(trend, previews.get(trend.name), face));
  });
  return (
    new Elysia({ name: "mastodon trends" })
      .get("/api/v1/trends/tags", tags)
      // An older name of the same.
      .get("/api/v1/trends", tags)
      .get(
        "/api/v1/trends/statuses",
        reading(async (call) =>
          statusesFrom(face, call, part(call, POSTS, await call.queries.trendingPosts(call.viewerKey))),
        ),
      )
      .get("/api/v1/trends/links", links) as unknown as AnyElysia
  );
};

/** The best are few: a page of them is a place in their list. */
function part<T>({ params }: Call, { usual, max }: typeof TAGS, all: readonly T[]): readonly T[] {
  const start = Math.max(0, params.integer("offset") ?? 0);
  return all.slice(start, start + limitOf(params, usual, max));
}

/** Figures are texts. */
const dayOf = ({ dayMs, uses, people }: TrendDay): object => ({
  day: String(dayMs / 1000),
  uses: String(uses),
  accounts: String(people),
});

/** With its preview where somebody has looked what lies there; else what is known of any address. */
const linkOf = ({ name, title, days }: Trend, preview: Preview | undefined, face: Face): object => ({
  ...newCard(name, preview ?? { ...NOTHING, title }, face),
  history: days.map(dayOf),
});

const NOTHING: Omit<Preview, "title"> = {
  description: "",
  language: null,
  author: "",
  authorUrl: "",
  provider: "",
  imageUrl: null,
  width: 0,
  height: 0,
  imageText: "",
};
