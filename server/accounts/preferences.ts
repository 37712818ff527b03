/** How somebody here writes when they do not say otherwise, and what of their circle others see. */
import { untilAsRead } from "../core/as-read.ts";
import { isJsonObject, parseJson } from "../lib/json.ts";
import { Problem } from "../lib/problem.ts";
import type { Db } from "../storage/db.ts";
import { changePreferences, findManyPreferences, findPreferences } from "./store-acquaintances.ts";

const VISIBILITIES = ["public", "quiet", "followers", "direct"] as const;
const QUOTABLE = ["everyone", "followers", "nobody"] as const;

export interface Preferences {
  /** Whom new posts are for. */
  readonly visibility: (typeof VISIBILITIES)[number];
  /** New pictures stand behind a cover. */
  readonly isSensitive: boolean;
  /** BCP 47; null for the language of the pages. */
  readonly language: string | null;
  readonly quotableBy: (typeof QUOTABLE)[number];
  /** Whom they follow, and who follows them, is told to nobody else. */
  readonly hidesCircle: boolean;
}

const USUAL: Preferences = {
  visibility: "public",
  isSensitive: false,
  language: null,
  quotableBy: "everyone",
  hidesCircle: false,
};

export async function preferencesOf(db: Db, account: number): Promise<Preferences> {
  return read((await findPreferences(db, account)) ?? "null");
}

/** Those of these who hide their circle. */
export async function findHiding(db: Db, accounts: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await findManyPreferences(db, accounts);
  return new Set(rows.flatMap(({ actor, preferences }) => (read(preferences).hidesCircle ? actor : [])));
}

function read(json: string): Preferences {
  const stored = parseJson(json);
  const said = isJsonObject(stored) ? stored : {};
  return {
    visibility: VISIBILITIES.find((each) => each === said.visibility) ?? USUAL.visibility,
    isSensitive: said.isSensitive === true,
    language: typeof said.language === "string" ? said.language : null,
    quotableBy: QUOTABLE.find((each) => each === said.quotableBy) ?? USUAL.quotableBy,
    hidesCircle: said.hidesCircle === true,
  };
}

/** What is not said stays. @throws Problem `invalid` with the field `language`. */
export async function savePreferences(db: Db, account: number, changes: Partial<Preferences>): Promise<void> {
  const { language } = changes;
  if (language != null && !/^[a-z]{2,8}(-[A-Za-z0-9]{1,8})*$/i.test(language))
    throw new Problem("invalid", "Name the language by its code, such as en or de.", { field: "language" });
  await untilAsRead(account, async () => {
    const before = await findPreferences(db, account);
    const next = { ...read(before ?? "null"), ...changes };
    await db.batch([changePreferences(account, before, JSON.stringify(next))]);
  });
}
