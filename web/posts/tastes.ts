/** Forms in which somebody says what they do not want to read, and answers what was decided about them. */

import { HOUR_MS } from "../../server/lib/durations.ts";
import { parseKey } from "../../server/lib/id.ts";
import { Problem } from "../../server/lib/problem.ts";
import { hostOf, normaliseHost } from "../../server/lib/url.ts";
import { FILTER_ACTIONS, FILTER_CONTEXTS } from "../../server/moderation/filter.ts";
import { signedIn, type WebDeps } from "../face.ts";
import { AVOIDED, DURATIONS, FILTERS, KEEP_DURATION, MUTES, STANDING } from "../forms-peace.ts";
import { filterList, serverList, standingOf } from "../loads/tastes.ts";
import { goTo, orAgain, type Post } from "./answer.ts";

/** From the answer to `durationChoice`; null for ever. */
function endOf(deps: WebDeps, text: string | null, field: string): number | null {
  const hours = DURATIONS.find((each) => each === (text ?? DURATIONS[0]));
  if (hours === undefined) throw new Problem("invalid", "Choose how long.", { field });
  return hours === "0" ? null : deps.now() + Number(hours) * HOUR_MS;
}

export const filters: Post = (deps, visit, fields) => {
  const { viewer } = signedIn(visit);
  const { fields: f, actions, path } = FILTERS;
  const key = parseKey(fields.get(f.filter));
  return orAgain(
    visit,
    fields,
    (form) => filterList(deps, visit, key, form),
    async () => {
      if (fields.get(f.action) === actions.remove) await deps.tastes.removeFilter(viewer.actorKey, key ?? 0);
      else {
        const isWhole = fields.get(f.isWhole) === "yes";
        const duration = fields.get(f.duration);
        const lines = (fields.get(f.phrases) ?? "").split(/\r?\n/).filter((line) => line.trim() !== "");
        const before = (await deps.tastes.filters(viewer.actorKey)).find((filter) => filter.key === key);
        const known = new Map(before?.phrases.map((phrase) => [phrase.text, { key: phrase.key }]));
        await deps.tastes.saveFilter(
          viewer.actorKey,
          {
            title: fields.get(f.title) ?? "",
            phrases: lines.map((line) => ({ ...known.get(line.trim()), text: line.trim(), isWhole })),
            // What programs named in it stays.
            objects: before?.objects ?? [],
            mayBeEmpty: (before?.objects.length ?? 0) > 0,
            contexts: FILTER_CONTEXTS.filter((name) => fields.get(f.context(name)) === "yes"),
            action: FILTER_ACTIONS.find((action) => action === fields.get(f.filterAction)) ?? "warn",
            expiresMs:
              duration === KEEP_DURATION ? (before?.expiresMs ?? null) : endOf(deps, duration, f.duration),
          },
          ...(key === null ? [] : [key]),
        );
      }
      return goTo(path, { kind: "good", text: visit.context.words.flash.saved });
    },
  );
};

export const mutes: Post = async (deps, visit, fields) => {
  const { viewer } = signedIn(visit);
  const { fields: f, path } = MUTES;
  const other = await deps.look.find(fields.get(f.object) ?? "");
  if (other?.kind !== "actor") throw new Problem("not-found", "There is no such person.");
  const before = (await deps.avoiding.terms(viewer.actorKey, [other.key])).get(other.key);
  const duration = fields.get(f.duration);
  await deps.avoiding.mute(viewer.actorKey, other, {
    endsMs: duration === KEEP_DURATION ? (before?.ends ?? null) : endOf(deps, duration, f.duration),
    notices: fields.get(f.notices) === "yes",
  });
  return goTo(path, { kind: "good", text: visit.context.words.flash.saved });
};

export const servers: Post = (deps, visit, fields) => {
  const { viewer } = signedIn(visit);
  const { fields: f, actions, path } = AVOIDED;
  return orAgain(
    visit,
    fields,
    (form) => serverList(deps, visit, form),
    async () => {
      if (fields.get(f.action) === actions.stop) {
        await deps.tastes.stopAvoiding(viewer.actorKey, parseKey(fields.get(f.host)) ?? 0);
        return goTo(path, { kind: "good", text: visit.context.words.flash.saved });
      }
      const { ended } = await deps.avoiding.avoidHost(viewer.actorKey, serverIn(deps, fields.get(f.domain)));
      return goTo(path, { kind: "good", text: visit.context.words.avoided.blocked(ended) });
    },
  );
};

/** As people write it: a name, a handle of somebody there, or an address. */
function serverIn(deps: WebDeps, text: string | null): string {
  const typed = (text ?? "").trim();
  const host = /^https?:\/\//i.test(typed) ? hostOf(typed) : normaliseHost(typed.replace(/^.*@/, ""));
  if (host === null || !/[.:]/.test(host))
    throw new Problem("invalid", "Write the name of a server, such as noisy.example.", {
      field: AVOIDED.fields.domain,
    });
  if (host === deps.host)
    throw new Problem("invalid", "This is the server that you are on.", { field: AVOIDED.fields.domain });
  return host;
}

export const standing: Post = (deps, visit, fields) => {
  const { viewer } = signedIn(visit);
  const { fields: f, path } = STANDING;
  const key = parseKey(fields.get(f.sanction)) ?? 0;
  return orAgain(
    visit,
    fields,
    (form) => standingOf(deps, visit, form),
    async () => {
      await deps.sanctions.appeal(viewer.actorKey, key, fields.get(f.appeal(key)) ?? "");
      return goTo(path, { kind: "good", text: visit.context.words.standing.sent });
    },
  );
};
