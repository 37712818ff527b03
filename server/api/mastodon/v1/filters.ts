/** `/api/v1/filters`: each phrase of a filter as one of its own, as older clients know them. */
import { type AnyElysia, Elysia } from "elysia";
import { Problem } from "../../../lib/problem.ts";
import type { Filter } from "../../../moderation/filter.ts";
import { v1FilterOf } from "../entities/filter.ts";
import type { Face, SignedCall } from "../face.ts";
import { change, changing, contextsIn, expiryOf, filterWith } from "../filters.ts";
import { notHere } from "../ids.ts";

const READ = "read:filters";
const WRITE = "write:filters";
/** Bodies are read by `params.ts`. */
const RAW = { parse: "none" } as const;
/** A filter made here is called by its phrase, as far as a title goes. */
const MAX_TITLE = 80;

export const olderFiltersRoutes = (face: Face): AnyElysia => {
  const { tastes, now } = face;

  const withPhrase = (call: SignedCall) => {
    const key = call.key();
    return filterWith(face, call, ({ phrases }) => phrases.some((phrase) => phrase.key === key));
  };

  function shown(filter: Filter, key: number): object {
    const phrase = filter.phrases.find((each) => each.key === key);
    if (phrase === undefined) throw notHere();
    return v1FilterOf(filter, phrase);
  }

  const update = changing(face, async (call) => {
    const filter = await withPhrase(call);
    const { params } = call;
    const key = call.key();
    const isHidden = params.flag("irreversible");
    const changed = await change(face, call, filter, {
      contexts: contextsIn(params, filter.contexts),
      expiresMs: expiryOf(params, now(), filter.expiresMs),
      action: isHidden === null ? filter.action : isHidden ? "hide" : "warn",
      phrases: filter.phrases.map((phrase) =>
        phrase.key === key
          ? {
              key,
              text: params.text("phrase") ?? phrase.text,
              isWhole: params.flag("whole_word") ?? phrase.isWhole,
            }
          : phrase,
      ),
    });
    return shown(changed, key);
  });

  return new Elysia({ name: "mastodon filters v1" })
    .get(
      "/api/v1/filters",
      face.endpoint(READ, async (call) =>
        (await tastes.filters(call.viewerKey)).flatMap((filter) =>
          filter.phrases.map((phrase) => v1FilterOf(filter, phrase)),
        ),
      ),
    )
    .post(
      "/api/v1/filters",
      face.endpoint(WRITE, async (call) => {
        const { params } = call;
        const text = (params.text("phrase") ?? "").trim();
        if (text === "") throw new Problem("invalid", "Validation failed: Phrase can't be blank");
        const made = await tastes.saveFilter(call.viewerKey, {
          title: text.slice(0, MAX_TITLE),
          contexts: contextsIn(params, []),
          action: params.flag("irreversible") === true ? "hide" : "warn",
          expiresMs: expiryOf(params, now(), null),
          phrases: [{ text, isWhole: params.flag("whole_word") ?? false }],
        });
        return shown(made, made.phrases[0]?.key ?? 0);
      }),
      RAW,
    )
    .get(
      "/api/v1/filters/:id",
      face.endpoint(READ, async (call) => shown(await withPhrase(call), call.key())),
    )
    .put("/api/v1/filters/:id", update, RAW)
    .patch("/api/v1/filters/:id", update, RAW)
    .delete(
      "/api/v1/filters/:id",
      changing(face, async (call) => {
        const filter = await withPhrase(call);
        const key = call.key();
        const phrases = filter.phrases.filter((phrase) => phrase.key !== key);
        // The last of its words takes the filter with it.
        if (phrases.length + filter.objects.length === 0)
          await tastes.removeFilter(call.viewerKey, filter.key);
        else await change(face, call, filter, { phrases });
        return {};
      }),
      RAW,
    ) as unknown as AnyElysia;
};
