/** Forms of moving house: other accounts, the move itself and its undoing, and lists that are read in. */

import { isListName, type ListName } from "../../server/federation/belongings.ts";
import { Problem } from "../../server/lib/problem.ts";
import { rowOf } from "../../server/lib/row-of.ts";
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import type { FormState } from "../forms.ts";
import { CARRY, MOVING } from "../forms-moving.ts";
import { carryPage } from "../pages/settings/carry.ts";
import { movingPage, type OtherAccount } from "../pages/settings/moving.ts";
import { goTo, orAgain, type Post } from "./answer.ts";
import { isProven, proven, toConfirm } from "./proof.ts";

/** What the page of moving shows of whoever is signed in. */
export async function movingProps(deps: WebDeps, visit: Visit) {
  const actor = signedIn(visit).viewer.actorKey;
  const [{ aliases, movedTo, nextMs }, counts, waiting, archive] = await Promise.all([
    deps.moving.state(actor),
    deps.belongings.counts(actor),
    deps.belongings.waiting(actor),
    deps.archives.state(actor),
  ]);
  const known = await deps.look.findMany([...aliases, ...(movedTo === null ? [] : [movedTo])]);
  const views = await deps.queries.actors([...known.values()].map(({ key }) => key));
  const named = (iri: string): OtherAccount => {
    const view = views.get(known.get(iri)?.key ?? 0);
    return { iri, name: view ? `@${view.handle}` : iri };
  };
  return {
    aliases: aliases.map(named),
    movedTo: movedTo === null ? null : named(movedTo),
    nextMs,
    counts,
    waiting,
    archive,
    isUnlocked: isProven(deps, visit),
  };
}

const again = (deps: WebDeps, visit: Visit) => async (form: FormState) =>
  movingPage(visit.context, { ...(await movingProps(deps, visit)), form });

export const moving: Post = (deps, visit, fields) => {
  signedIn(visit);
  const { movingFlash: said } = visit.context.words;
  const isMove = fields.get(MOVING.fields.action) === MOVING.actions.move;
  if (isMove && !isProven(deps, visit)) return Promise.resolve(toConfirm(MOVING.path));
  return orAgain(visit, fields, again(deps, visit), async () => {
    const done = await rowOf(DEEDS, fields.get(MOVING.fields.action) ?? "")?.(deps, visit, fields);
    if (done === undefined) throw new Problem("invalid", "The form does not say what to do.");
    return goTo(MOVING.path, { kind: "good", text: said[done] });
  });
};

type Deed = (
  deps: WebDeps,
  visit: Visit,
  fields: URLSearchParams,
) => Promise<"aliasAdded" | "aliasRemoved" | "moved" | "back" | "archive">;

const DEEDS: Readonly<Record<string, Deed>> = {
  async [MOVING.actions.add](deps, visit, fields) {
    deps.limits.take(visit.request, "look-elsewhere", visit.viewer?.accountKey);
    await deps.moving.addAlias(signedIn(visit).viewer.actorKey, fields.get(MOVING.fields.alias) ?? "");
    return "aliasAdded";
  },
  async [MOVING.actions.remove](deps, visit, fields) {
    await deps.moving.removeAlias(signedIn(visit).viewer.actorKey, fields.get(MOVING.fields.alias) ?? "");
    return "aliasRemoved";
  },
  async [MOVING.actions.move](deps, visit, fields) {
    await deps.moving.moveTo(proven(deps, visit).key, fields.get(MOVING.fields.target) ?? "");
    return "moved";
  },
  async [MOVING.actions.archive](deps, visit) {
    await deps.archives.begin(signedIn(visit).viewer.actorKey);
    return "archive";
  },
  async [MOVING.actions.back](deps, visit) {
    await deps.moving.takeBack(signedIn(visit).viewer.actorKey);
    return "back";
  },
};

/** With a file shows what it comes to; with the lines of that begins to do it. */
export const carry: Post = (deps, visit, fields, files) => {
  const { viewer } = signedIn(visit);
  return orAgain(visit, fields, again(deps, visit), async () => {
    const list = listIn(fields);
    const values = fields.get(CARRY.fields.values);
    if (values !== null) {
      await deps.belongings.begin(
        viewer.actorKey,
        list,
        values
          .split("\n")
          .map((line) => line.trim())
          .filter(Boolean),
      );
      return goTo(MOVING.path, { kind: "good", text: visit.context.words.movingFlash.begun });
    }
    const file = files.get(CARRY.fields.file);
    if (!file) throw new Problem("invalid", visit.context.words.moving.noFile, { field: CARRY.fields.file });
    if (file.size > MAX_FILE_BYTES)
      throw new Problem("invalid", "This file is too large to be such a list.", { field: CARRY.fields.file });
    const draft = await deps.belongings.draft(viewer.actorKey, list, await file.text());
    return { page: carryPage(visit.context, { draft }), status: 200 };
  });
};

/** Twice as many lines as are read, at a hundred bytes each. */
const MAX_FILE_BYTES = 2_000_000;

function listIn(fields: URLSearchParams): ListName {
  const list = fields.get(CARRY.fields.list);
  if (isListName(list)) return list;
  throw new Problem("invalid", "Say which list it is.", { field: CARRY.fields.list });
}
