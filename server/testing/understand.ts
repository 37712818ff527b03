/** Understands one document at a time, each in a house of its own with the other documents as the rest of the world. */
import { migrations } from "../../migrations/index.ts";
import { systemNow } from "../lib/clock.ts";
import type { JsonObject } from "../lib/json.ts";
import { migrate } from "../storage/migrate.ts";
import { openDb } from "../storage/open.ts";
import { originsOf } from "./origins.ts";
import { reader } from "./reader.ts";
import { cardOf, understood } from "./understood.ts";

export interface Understood {
  /** See `understood`. */
  readonly line: string;
  /** The markup of the thing's card, ampersands as they are; empty where there is none. */
  readonly card: string;
}

/** What `others` say stands at their addresses; the first that names one wins. */
export async function understand(
  document: JsonObject,
  others: readonly JsonObject[] = [],
): Promise<Understood> {
  const db = await openDb({ url: ":memory:" });
  try {
    await migrate({ db, migrations, now: systemNow });
    const house = await reader(db, originsOf([document, ...others]));
    return { line: await understood(house, document), card: await cardOf(house, document) };
  } finally {
    await db.stop();
  }
}
