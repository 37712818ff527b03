/** `/api/v2/filters`: what the viewer does not want to read, with words and posts. */
import { type AnyElysia, Elysia } from "elysia";
import { Problem } from "../../../lib/problem.ts";
import type { Filter } from "../../../moderation/filter.ts";
import type { NewFilter } from "../../../moderation/tastes.ts";
import { filterOf, keywordOf, namedOf } from "../entities/filter.ts";
import type { Face, SignedCall } from "../face.ts";
import { actionIn, change, changing, contextsIn, expiryOf, filterWith } from "../filters.ts";
import { keyOf, keysOf, notHere } from "../ids.ts";
import type { Params } from "../params.ts";

const READ = "read:filters";
const WRITE = "write:filters";
/** Bodies are read by `params.ts`. */
const RAW = { parse: "none" } as const;

type NewPhrase = NewFilter["phrases"][number];

export const filtersRoutes = (face: Face): AnyElysia => {
  const { tastes, now } = face;

  const byKey = (call: SignedCall, name = "id") => {
    const key = call.key(name);
    return filterWith(face, call, (filter) => filter.key === key);
  };
  const withPhrase = (call: SignedCall) => {
    const key = call.key();
    return filterWith(face, call, ({ phrases }) => phrases.some((phrase) => phrase.key === key));
  };
  const withObject = (call: SignedCall) => {
    const key = call.key();
    return filterWith(face, call, ({ objects }) => objects.some((each) => each.key === key));
  };

  const update = changing(face, async (call) => {
    const filter = await byKey(call);
    const { params } = call;
    const changed = await change(face, call, filter, {
      title: params.text("title") ?? filter.title,
      contexts: contextsIn(params, filter.contexts),
      action: actionIn(params, filter.action),
      expiresMs: expiryOf(params, now(), filter.expiresMs),
      phrases: phrasesIn(params, filter.phrases),
    });
    return filterOf(changed);
  });

  const updatePhrase = changing(face, async (call) => {
    const filter = await withPhrase(call);
    const key = call.key();
    const phrases = filter.phrases.map((phrase) =>
      phrase.key === key
        ? {
            key,
            text: call.params.text("keyword") ?? phrase.text,
            isWhole: call.params.flag("whole_word") ?? phrase.isWhole,
          }
        : phrase,
    );
    return keywordOf(phraseOf(await change(face, call, filter, { phrases }), key));
  });

  return new Elysia({ name: "mastodon filters v2" })
    .get(
      "/api/v2/filters",
      face.endpoint(READ, async (call) => (await tastes.filters(call.viewerKey)).map(filterOf)),
    )
    .post(
      "/api/v2/filters",
      face.endpoint(WRITE, async (call) => {
        const { params } = call;
        const made = await tastes.saveFilter(call.viewerKey, {
          title: params.text("title") ?? "",
          contexts: contextsIn(params, []),
          action: actionIn(params, "warn"),
          expiresMs: expiryOf(params, now(), null),
          phrases: phrasesIn(params, []),
          mayBeEmpty: true,
        });
        return filterOf(made);
      }),
      RAW,
    )
    .get(
      "/api/v2/filters/keywords/:id",
      face.endpoint(READ, async (call) => keywordOf(phraseOf(await withPhrase(call), call.key()))),
    )
    .put("/api/v2/filters/keywords/:id", updatePhrase, RAW)
    .patch("/api/v2/filters/keywords/:id", updatePhrase, RAW)
    .delete(
      "/api/v2/filters/keywords/:id",
      changing(face, async (call) => {
        const filter = await withPhrase(call);
        const key = call.key();
        await change(face, call, filter, { phrases: filter.phrases.filter((each) => each.key !== key) });
        return {};
      }),
      RAW,
    )
    .get(
      "/api/v2/filters/statuses/:id",
      face.endpoint(READ, async (call) => {
        const { objects } = await withObject(call);
        return namedOf(objectOf(objects, call.key()));
      }),
    )
    .delete(
      "/api/v2/filters/statuses/:id",
      changing(face, async (call) => {
        const filter = await withObject(call);
        const key = call.key();
        await change(face, call, filter, { objects: filter.objects.filter((each) => each.key !== key) });
        return namedOf(objectOf(filter.objects, key));
      }),
      RAW,
    )
    .get(
      "/api/v2/filters/:id",
      face.endpoint(READ, async (call) => filterOf(await byKey(call))),
    )
    .put("/api/v2/filters/:id", update, RAW)
    .patch("/api/v2/filters/:id", update, RAW)
    .delete(
      "/api/v2/filters/:id",
      face.endpoint(WRITE, async (call) => {
        await tastes.removeFilter(call.viewerKey, call.key());
        return {};
      }),
      RAW,
    )
    .get(
      "/api/v2/filters/:id/keywords",
      face.endpoint(READ, async (call) => (await byKey(call)).phrases.map(keywordOf)),
    )
    .post(
      "/api/v2/filters/:id/keywords",
      changing(face, async (call) => {
        const filter = await byKey(call);
        const phrase = {
          text: call.params.text("keyword") ?? "",
          isWhole: call.params.flag("whole_word") ?? false,
        };
        if (phrase.text.trim() === "")
          throw new Problem("invalid", "Validation failed: Keyword can't be blank");
        const changed = await change(face, call, filter, { phrases: [...filter.phrases, phrase] });
        const added = changed.phrases.at(-1);
        if (added === undefined) throw notHere();
        return keywordOf(added);
      }),
      RAW,
    )
    .get(
      "/api/v2/filters/:id/statuses",
      face.endpoint(READ, async (call) => (await byKey(call)).objects.map(namedOf)),
    )
    .post(
      "/api/v2/filters/:id/statuses",
      changing(face, async (call) => {
        const filter = await byKey(call);
        const object = keyOf(call.params.text("status_id"));
        if (!(await face.look.maySee(call.viewerKey, object))) throw notHere();
        const known = filter.objects.find((each) => each.object === object);
        if (known) return namedOf(known);
        const changed = await change(face, call, filter, { objects: [...filter.objects, { object }] });
        const added = changed.objects.at(-1);
        if (added === undefined) throw notHere();
        return namedOf(added);
      }),
      RAW,
    ) as unknown as AnyElysia;
};

/** `keywords_attributes`: new ones, others for those with an `id`, and those that go (`_destroy`). */
function phrasesIn(params: Params, before: Filter["phrases"]): readonly NewPhrase[] {
  const phrases: NewPhrase[] = [...before];
  for (const given of params.objects("keywords_attributes")) {
    const [key] = keysOf([given.text("id") ?? ""]);
    const at = phrases.findIndex((phrase) => key !== undefined && phrase.key === key);
    const known = phrases[at];
    if (known !== undefined && given.flag("_destroy") === true) phrases.splice(at, 1);
    else {
      const phrase = {
        ...(known?.key === undefined ? {} : { key: known.key }),
        text: given.text("keyword") ?? known?.text ?? "",
        isWhole: given.flag("whole_word") ?? known?.isWhole ?? false,
      };
      if (known === undefined) phrases.push(phrase);
      else phrases[at] = phrase;
    }
  }
  return phrases;
}

function phraseOf({ phrases }: Filter, key: number): Filter["phrases"][number] {
  const phrase = phrases.find((each) => each.key === key);
  if (phrase === undefined) throw notHere();
  return phrase;
}

function objectOf(objects: Filter["objects"], key: number): Filter["objects"][number] {
  const object = objects.find((each) => each.key === key);
  if (object === undefined) throw notHere();
  return object;
}
