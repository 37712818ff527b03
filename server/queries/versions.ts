/** What a thing said before it was edited, for whoever may see it as it is now. */
import type { AsObject } from "../core/object.ts";
import { isJsonObject, parseJson } from "../lib/json.ts";
import type { Db } from "../storage/db.ts";
import { knownAddresses } from "./known-addresses.ts";
import { objectPartsOf, type PartsDeps, publishedOf } from "./object-parts.ts";
import { findDocuments, findRows } from "./store.ts";
import { findVersions } from "./store-versions.ts";
import type { ObjectView } from "./view.ts";
import type { Views } from "./views.ts";

export interface VersionView {
  /** When this version was written. */
  readonly madeMs: number;
  /** The thing as it was; its counts and its reader's own marks are those of today. */
  readonly view: ObjectView;
  /** Of a question: what could be chosen. */
  readonly choices: readonly string[];
}

export interface VersionsView {
  readonly now: ObjectView;
  /** When it was written as it is now. */
  readonly madeMs: number;
  /** Newest first; at most `MAX_VERSIONS` (`core/versions.ts`). */
  readonly earlier: readonly VersionView[];
}

export interface Versions {
  /** Null where the viewer may not see the thing, or it was deleted. */
  versions(key: number, viewer: number | null, language: string): Promise<VersionsView | null>;
}

export function createVersions(deps: PartsDeps & { readonly db: Db; readonly views: Views }): Versions {
  const { db, views } = deps;
  return {
    async versions(key, viewer, language) {
      const [row] = await findRows(db, [key], viewer);
      if (!row || row.deleted !== null) return null;
      const now = (await views.objects([key], viewer, language, "whole")).get(key);
      const [stored] = await findDocuments(db, [key]);
      if (!now || !stored) return null;
      const rows = (await findVersions(db, key)).map(({ made, document }) => {
        const parsed = parseJson(document);
        const said = isJsonObject(parsed) ? (parsed as AsObject) : {};
        return { madeMs: made, document: { ...said, id: stored.iri } as AsObject };
      });
      const known = await knownAddresses(
        db,
        deps.addresses,
        rows.map(({ document }) => document),
      );
      return {
        now,
        madeMs: now.updatedMs ?? publishedOf(key, {}),
        earlier: rows.map(({ madeMs, document }) => {
          const { fixed, poll } = objectPartsOf(deps, stored, document, known(document), language);
          return {
            madeMs,
            view: { ...now, ...fixed, publishedMs: now.publishedMs, updatedMs: null, poll: null },
            choices: poll?.options.map(({ name }) => name) ?? [],
          };
        }),
      };
    },
  };
}
