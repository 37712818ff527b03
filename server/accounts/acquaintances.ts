/** What somebody here is to others besides following them: on what terms they follow, and what they note about them. */
import type { Look } from "../core/behaviour.ts";
import type { Entity } from "../core/entity.ts";
import type { Core } from "../core/process.ts";
import { setTerms } from "../core/store-lanes.ts";
import { Problem } from "../lib/problem.ts";
import type { Db } from "../storage/db.ts";
import { setRemark } from "./store-acquaintances.ts";

/** As many characters as Mastodon takes. */
export const MAX_REMARK = 2_000;
/** Nobody reads more languages than that. */
const MAX_LANGUAGES = 20;

export interface FollowTerms {
  /** What they share is shown. */
  readonly shares: boolean;
  /** Each of their posts is told. */
  readonly tells: boolean;
  /** BCP 47; empty for all. */
  readonly languages: readonly string[];
}

export interface Acquaintances {
  /**
   * Follows, or asks to, on these terms; whoever is followed already is followed on them from now on.
   * @throws Problem `forbidden` or `not-found` as `core.act`, `invalid` with the field `languages`.
   */
  follow(actor: number, other: Entity, terms: FollowTerms): Promise<void>;
  /** Empty takes it away. @throws Problem `invalid` with the field `note` where it is too long. */
  note(actor: number, about: number, text: string): Promise<void>;
}

export function createAcquaintances(deps: {
  db: Db;
  core: Pick<Core, "act">;
  look: Pick<Look, "isMember">;
}): Acquaintances {
  const { db, core, look } = deps;
  return {
    async follow(actor, other, terms) {
      const languages = languagesIn(terms.languages);
      const statement = setTerms(actor, other.key, { ...terms, languages });
      const isFollowed =
        (await look.isMember(actor, "following", other.key)) ||
        (await look.isMember(actor, "requested", other.key));
      if (isFollowed) await db.batch([statement]);
      else await core.act(actor, { type: "Follow", object: other.iri, to: [other.iri] }, [statement]);
    },
    async note(actor, about, text) {
      const remark = text.trim();
      if ([...remark].length > MAX_REMARK)
        throw new Problem("invalid", `Write at most ${MAX_REMARK} characters.`, { field: "note" });
      await db.batch([setRemark(actor, about, remark)]);
    },
  };
}

/** `de-AT` is read by whoever reads `de`. */
function languagesIn(given: readonly string[]): readonly string[] {
  const languages = [...new Set(given.map((text) => text.trim().split("-")[0]?.toLowerCase() ?? ""))];
  const wrong = languages.find((language) => !/^[a-z]{2,8}$/.test(language));
  if (wrong === undefined && languages.length <= MAX_LANGUAGES) return languages;
  throw new Problem("invalid", "Name languages by their codes, such as en or de.", { field: "languages" });
}
